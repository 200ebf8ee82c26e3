// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// One document a repository: {"distroversion", "reponame", "packages": [{"pkg": {"name", "secfixes": {VERSION: [ID...]}}}]}.
// source: https://secdb.alpinelinux.org/ (2025-01), https://packages.wolfi.dev/os/security.json (2023-01)
#include "feeds/secdb.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "feeds/json_members.h"
#include "util/text.h"
#include "version/scheme.h"

namespace eclair::feeds {
namespace secdb_detail {

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
  Reader(const SecdbPublisher& publisher, std::string_view part, const ByteSource& in, const Limits& limits, const Cancel& stop, AdvisorySink& out)
      : publisher_(publisher), part_(part), in_(in), limits_(limits), stop_(stop), out_(out), apk_(version::find_scheme("apk")) {}

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
    out_.complete(space_, publisher_.name_space.empty() ? std::string_view(repository_) : std::string_view());
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
      if (key != "distroversion" && key != "reponame" && key != "urlprefix") continue;
      ECLAIR_TRY(const std::string_view text, reader.value());
      ECLAIR_TRY(const json::Value value, document_.parse(text, limits_.json_depth));
      (key == "reponame" ? repository_ : key == "urlprefix" ? packages_at_ : release) = value.string();
    }
    ECLAIR_CHECK_OK(reader.finish());
    if (!known) return fail(Errc::invalid_input, "not a secdb document: neither packages nor distroversion nor reponame in it");
    if (!publisher_.name_space.empty()) return rolling(release);
    std::string_view name = part_;
    if (name.size() > 5 && name.substr(name.size() - 5) == ".json") name.remove_suffix(5);
    // The nearest name counts: a folder far above may be called "main" too.
    std::string_view folder_release, named_repository;
    for (const std::string_view component : text::split(name, '/')) {
      if (is_secdb_release(component)) folder_release = component;
      if (component == "main" || component == "community") named_repository = component;
    }
    if (release.empty()) release = folder_release;
    if (repository_.empty()) repository_ = named_repository;
    if (is_secdb_release(release)) space_ = std::string(publisher_.feed) + ':' + release;
    return {};
  }

  /// Documents look alike; only where packages are downloaded tells whose a rolling distribution's is. Rows under the wrong distribution
  /// would be silently wrong.
  Result<> rolling(std::string_view release) {
    space_ = publisher_.name_space;
    if (!release.empty()) {
      return fail(Errc::invalid_input, "not the secdb document of " + space_ + ": it speaks of release " + text::quoted(release));
    }
    constexpr std::array<std::string_view, 4> kDomains = {"alpinelinux.org", "wolfi.dev", "cgr.dev", "mini.dev"};
    for (const std::string_view domain : kDomains) {
      if (domain == publisher_.domain || packages_at_.find(domain) == std::string::npos) continue;
      return fail(Errc::invalid_input, "not the secdb document of " + space_ + ": its packages are those of " + text::quoted(packages_at_));
    }
    return {};
  }

  Result<> packages(MemberReader& reader) {
    return for_each_record(reader, "a package", limits_, stop_, [this](json::Value one) { return package(one["pkg"]); });
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
    out_.bad_record(std::string(publisher_.feed) + ": " + (space_.empty() || space_ == publisher_.feed ? std::string() : space_ + " ") + (package.empty() ? "" : text::quoted(package) + ": ") + std::string(why));
  }

  const SecdbPublisher& publisher_;
  const std::string_view part_;
  const ByteSource& in_;
  const Limits& limits_;
  const Cancel& stop_;
  AdvisorySink& out_;
  const version::Scheme* const apk_;
  json::Document document_;
  std::string space_, repository_, packages_at_;
};

}  // namespace secdb_detail

bool is_secdb_release(std::string_view word) {
  if (word == "edge") return true;
  if (word.size() < 4 || word.front() != 'v') return false;
  const auto [major, minor] = text::cut(word.substr(1), '.');
  return text::parse_number(major).has_value() && text::parse_number(minor).has_value();
}

Result<> parse_secdb(const SecdbPublisher& publisher, std::string_view part, const ByteSource& in, const Limits& limits, const Cancel& stop,
                     AdvisorySink& out) {
  auto done = secdb_detail::Reader(publisher, part, in, limits, stop, out).run();
  if (!done && !part.empty()) return fail(std::move(done).error().within(text::quoted(part)));
  return done;
}

}  // namespace eclair::feeds
