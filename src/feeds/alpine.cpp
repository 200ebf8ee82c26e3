// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// Alpine's secdb: one document a release and repository; fixes by origin package, version and ids. Nothing unfixed, no severities.
// source: https://secdb.alpinelinux.org/ (2025-01)
#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "feeds/feed.h"
#include "feeds/json_members.h"
#include "util/text.h"
#include "version/scheme.h"

namespace eclair::feeds {
namespace alpine_detail {

bool is_release(std::string_view s) {
  if (s == "edge") return true;
  if (s.size() < 4 || s.front() != 'v') return false;
  const auto [major, minor] = text::cut(s.substr(1), '.');
  return text::parse_number(major).has_value() && text::parse_number(minor).has_value();
}

/// "CVE-2019-2426" of "CVE_2019-2426", "CVE-2017-17434-1" and "CVE-2021-35940.patch"; "" when it is no CVE id.
std::string cve_of(std::string_view token) {
  if (token.size() < 9 || !text::iequals(token.substr(0, 3), "CVE") || (token[3] != '-' && token[3] != '_')) return {};
  if (token[8] != '-' && token[8] != '_') return {};
  const std::string_view year = token.substr(4, 4);
  std::size_t end = 9;
  while (end < token.size() && text::is_digit(token[end])) ++end;
  if (!std::all_of(year.begin(), year.end(), text::is_digit) || end < 13) return {};
  return "CVE-" + std::string(year) + "-" + std::string(token.substr(9, end - 9));
}

/// Whether a word names something: XSA-204, GHSA-..., VSV00010, wnpa-sec-2017-18. Not: N/A, XPTI, CVE-????-?????, "+".
bool is_id(std::string_view token) {
  const auto part_of_id = [](char c) { return text::is_alpha(c) || text::is_digit(c) || c == '-' || c == '_' || c == '.'; };
  return token.size() >= 5 && text::is_alpha(token.front()) && std::all_of(token.begin(), token.end(), part_of_id) &&
         std::any_of(token.begin(), token.end(), text::is_digit);
}

/// What one string of secdb names.
struct Ids {
  std::vector<std::string> cves, others;
};

Ids ids_of(std::string_view entry) {
  Ids out;
  const std::string_view before_remark = entry.substr(0, entry.find('('));  // "CVE-2017-2616 (+ regression fix)"
  const auto add = [](std::vector<std::string>& list, std::string id) {
    if (std::find(list.begin(), list.end(), id) == list.end()) list.push_back(std::move(id));
  };
  for (std::string_view token : text::words(before_remark)) {
    while (!token.empty() && (token.back() == ',' || token.back() == ';' || token.back() == ':')) token.remove_suffix(1);
    if (std::string cve = cve_of(token); !cve.empty()) {
      add(out.cves, std::move(cve));
    } else if (is_id(token)) {
      add(out.others, std::string(token));
    }
  }
  return out;
}

/// What a package's entries say of one id, all versions together.
struct Fix {
  std::string version;  ///< "0": never affected
  std::set<std::string> aliases, references;
};

class Reader {
 public:
  Reader(std::string_view part, const ByteSource& in, const Limits& limits, const Cancel& stop, AdvisorySink& out)
      : part_(part), in_(in), limits_(limits), stop_(stop), out_(out), apk_(version::find_scheme("apk")) {}

  Result<> run() {
    // The release may stand after the packages: two passes, of which the first skips them.
    ECLAIR_CHECK_OK(read_head());
    if (space_.empty()) return fail(Errc::invalid_input, "not a secdb document: neither distroversion nor the file's name says the release");
    MemberReader reader(in_, limits_);
    ECLAIR_CHECK_OK(reader.enter('{'));
    while (true) {
      ECLAIR_TRY(const bool more, reader.next());
      if (!more) break;
      if (reader.key() != "packages") continue;
      ECLAIR_TRY(const char kind, reader.peek());
      if (kind != '[') {
        if (kind != 'n') bad("", "packages is not a list");
        continue;
      }
      ECLAIR_CHECK_OK(reader.enter('['));
      ECLAIR_CHECK_OK(packages(reader));
    }
    ECLAIR_CHECK_OK(reader.finish());
    out_.complete(space_, repository_);
    return {};
  }

 private:
  Result<> read_head() {
    MemberReader reader(in_, limits_);
    std::string release;
    bool known = false;
    ECLAIR_CHECK_OK(reader.enter('{'));
    while (true) {
      ECLAIR_TRY(const bool more, reader.next());
      if (!more) break;
      const std::string key(reader.key());
      known = known || key == "packages" || key == "distroversion" || key == "reponame";
      if (key != "distroversion" && key != "reponame") continue;
      ECLAIR_TRY(const std::string_view text, reader.value());
      ECLAIR_TRY(const json::Value value, document_.parse(text, limits_.json_depth));
      (key == "reponame" ? repository_ : release) = value.string();
    }
    ECLAIR_CHECK_OK(reader.finish());
    if (!known) return fail(Errc::invalid_input, "not a secdb document: neither packages nor distroversion nor reponame in it");
    std::string_view name = part_;
    if (name.size() > 5 && name.substr(name.size() - 5) == ".json") name.remove_suffix(5);
    // The nearest name counts: a folder far above may be called "main" too.
    std::string_view folder_release, named_repository;
    for (const std::string_view component : text::split(name, '/')) {
      if (is_release(component)) folder_release = component;
      if (component == "main" || component == "community") named_repository = component;
    }
    if (release.empty()) release = folder_release;
    if (repository_.empty()) repository_ = named_repository;
    if (is_release(release)) space_ = "alpine:" + release;
    return {};
  }

  Result<> packages(MemberReader& reader) {
    while (true) {
      if (stop_.requested()) return fail(Errc::cancelled, "cancelled");
      ECLAIR_TRY(const bool more, reader.next());
      if (!more) return {};
      ECLAIR_TRY(const std::string_view text, reader.value());
      auto entry = document_.parse(text, limits_.json_depth);
      if (!entry) return fail(Errc::invalid_input, "a package near byte " + std::to_string(reader.offset()) + ": " + entry.error().text);
      ECLAIR_CHECK_OK(package((*entry)["pkg"]));
    }
  }

  Result<> package(json::Value pkg) {
    const std::string name(pkg["name"].string());
    if (name.empty()) {
      bad("", "a package without a name");
      return {};
    }
    const json::Value fixes = pkg["secfixes"];
    if (!fixes.is_object()) {
      if (fixes.kind() != json::Kind::null) bad(name, "secfixes is not an object");
      return {};
    }
    std::map<std::string, Fix> by_id;
    fixes.each_member([&](std::string_view version, json::Value ids) {
      version = text::trim(version);
      if (version != "0" && !apk_->is_valid(version)) {
        bad(name, text::quoted(version) + " is not an apk version");
        return true;
      }
      if (ids.is_string()) {  // a scalar where a list is meant
        note(name, version, ids.string(), by_id);
      } else if (ids.is_array()) {
        ids.each([&](json::Value id) {
          if (id.is_string()) {
            note(name, version, id.string(), by_id);
          } else if (id.kind() != json::Kind::null) {
            bad(name, text::quoted(version) + ": an id is not a string");
          }
          return true;
        });
      } else if (ids.kind() != json::Kind::null) {
        bad(name, text::quoted(version) + ": ids are not a list");
      }
      return true;
    });
    for (auto& [id, fix] : by_id) {
      Advisory row;
      row.vulnerability = id;
      row.name_kind = NameKind::source;
      row.aliases.assign(fix.aliases.begin(), fix.aliases.end());
      row.references.assign(fix.references.begin(), fix.references.end());
      if (fix.version == "0") {
        row.status = Status::not_affected;
      } else {
        row.status = Status::fixed;
        row.fixed_in = fix.version;
        row.ranges = {Range{.upper = fix.version}};
      }
      ECLAIR_CHECK_OK(out_.advisory(space_, name, std::move(row)));
    }
    return {};
  }

  void note(std::string_view package, std::string_view version, std::string_view entry, std::map<std::string, Fix>& by_id) {
    const Ids ids = ids_of(entry);
    const std::vector<std::string>& named = ids.cves.empty() ? ids.others : ids.cves;
    if (named.empty()) bad(package, text::quoted(version) + ": " + text::quoted(entry) + " names no vulnerability");
    for (const std::string& id : named) {
      Fix& fix = by_id[id];
      // One id under several versions: earlier fixes were incomplete, the highest counts. "0" is lower than any.
      if (fix.version.empty() || fix.version == "0" || (version != "0" && apk_->compare(version, fix.version) > 0)) fix.version = version;
      if (ids.cves.empty()) continue;
      for (const std::string& other : ids.others) {
        const bool same_flaw = ids.cves.size() == 1 && other.rfind("GHSA-", 0) == 0;
        (same_flaw ? fix.aliases : fix.references).insert(other);
      }
    }
  }

  void bad(std::string_view package, std::string_view why) {
    out_.bad_record("alpine: " + (space_.empty() ? std::string() : space_ + " ") + (package.empty() ? "" : text::quoted(package) + ": ") + std::string(why));
  }

  const std::string_view part_;
  const ByteSource& in_;
  const Limits& limits_;
  const Cancel& stop_;
  AdvisorySink& out_;
  const version::Scheme* const apk_;
  json::Document document_;
  std::string space_, repository_;
};

constexpr std::uint64_t kListingBytes = 1u << 20;

/// The releases that the listing links to: href="v3.19/".
std::vector<std::string> releases_of(std::string_view listing) {
  std::vector<std::string> out;
  constexpr std::string_view kLink = "href=\"";
  for (std::size_t at = listing.find(kLink); at != std::string_view::npos; at = listing.find(kLink, at + 1)) {
    std::string_view target = listing.substr(at + kLink.size());
    target = target.substr(0, target.find_first_of("\"/"));
    if (is_release(target)) out.emplace_back(target);
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

class AlpineFeed final : public Feed {
 public:
  std::string_view id() const override { return "alpine"; }
  std::string_view title() const override { return "Alpine secdb"; }
  std::string_view url() const override { return "https://secdb.alpinelinux.org/"; }
  std::uint32_t revision() const override { return 1; }
  bool lists_unfixed() const override { return false; }
  std::vector<std::string_view> pieces(std::string_view name_space) const override {
    if (name_space == "alpine:v3.0" || name_space == "alpine:v3.1" || name_space == "alpine:v3.2") return {"main"};  // community came with 3.3
    return {"main", "community"};
  }
  std::vector<std::string_view> families() const override { return {"alpine"}; }
  /// Two files a release; `last-update` changes with every rebuild of any.
  Result<std::vector<Portion>> portions(Lookup& look) const override {
    const std::string base(url());
    std::string last_update;
    if (const auto told = look.read(base + "last-update"); told) {
      ECLAIR_TRY(const std::string text, read_all(**told, kListingBytes));
      last_update = text::trim(text).substr(0, 100);
    } else if (told.error().code != Errc::not_found) {
      return fail(told.error());
    }
    std::vector<std::string> releases;
    for (const std::string& name_space : look.wanted()) releases.emplace_back(text::cut(name_space, ':').second);
    if (releases.empty()) {
      ECLAIR_TRY(const auto listing, look.read(base));
      ECLAIR_TRY(const std::string text, read_all(*listing, kListingBytes));
      releases = releases_of(text);
      if (releases.empty()) return fail(Errc::invalid_input, "no release in the listing of " + base);
    }
    std::vector<Portion> out;
    for (const std::string& release : releases) {
      if (!is_release(release)) continue;
      Portion one;
      one.name = release;
      one.cursor = last_update;
      if (last_update.empty() || look.cursor(release) != last_update) {
        for (const std::string_view repository : pieces("alpine:" + release)) {
          one.documents.push_back({.url = base + release + "/" + std::string(repository) + ".json"});
        }
      }
      out.push_back(std::move(one));
    }
    return out;
  }
  Result<> parse(std::string_view part, const ByteSource& in, const Limits& limits, const Cancel& stop, AdvisorySink& out) const override {
    auto done = Reader(part, in, limits, stop, out).run();
    if (!done && !part.empty()) return fail(std::move(done).error().within(text::quoted(part)));
    return done;
  }
};

}  // namespace alpine_detail

const Feed& alpine() {
  static const alpine_detail::AlpineFeed one;
  return one;
}

}  // namespace eclair::feeds
