// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// Ubuntu: records in OSV form (osv-all.tar.xz) and what they leave out in OpenVEX form (vex-all.tar.xz); or the tracker's own text files.
// OSV tells fixes and what is affected without one, and is silent on what is not affected; VEX says that, and why something gets no fix.
// source: https://security-metadata.canonical.com/ (2026-05), anchore/vunnel: ubuntu
#include "feeds/ubuntu.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "feeds/cvss.h"
#include "feeds/json_members.h"
#include "feeds/osv_ranges.h"
#include "model/codenames.h"
#include "util/text.h"
#include "version/scheme.h"

namespace eclair::feeds {
namespace ubuntu_detail {

constexpr std::string_view kPro[] = {"esm-infra", "esm-apps", "esm-infra-legacy", "pro"};  // the release itself, maintained for longer

const version::Scheme& dpkg() {
  static const version::Scheme& one = *version::find_scheme("dpkg");
  return one;
}

bool starts_with(std::string_view s, std::string_view prefix) { return s.substr(0, prefix.size()) == prefix; }

bool is_codename(std::string_view s) {
  return s.size() >= 3 && std::all_of(s.begin(), s.end(), [](char c) { return c >= 'a' && c <= 'z'; }) && s != "upstream" && s != "devel" && s != "snap" &&
         s != "product";
}

std::string release_of(std::string_view codename) {
  const std::string_view number = release_of_codename("ubuntu", codename);
  return std::string(number.empty() ? codename : number);
}

bool is_pro(std::string_view channel) { return std::find(std::begin(kPro), std::end(kPro), channel) != std::end(kPro); }

std::string_view distro_of(std::string_view purl) {
  const std::size_t question = purl.find('?');
  if (question == std::string_view::npos) return {};
  for (const std::string_view qualifier : text::split(purl.substr(question + 1), '&')) {
    const auto [key, value] = text::cut(qualifier, '=');
    if (key == "distro") return value;
  }
  return {};
}

std::vector<std::string> strings(json::Value list, std::string_view prefix) {
  std::vector<std::string> out;
  list.each([&](json::Value one) {
    if (!one.string().empty() && starts_with(one.string(), prefix)) out.emplace_back(one.string());
    return true;
  });
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

/// A record of osv/cve/. Those of notices (USN) repeat them, and those of kernel live patches (LSN) are not about packages.
class OsvRecord {
 public:
  OsvRecord(json::Value record, AdvisorySink& out) : record_(record), out_(out), id_(record["id"].string()) {}

  Result<> emit() {
    constexpr std::string_view kPrefix = "UBUNTU-";
    if (starts_with(id_, "USN-") || starts_with(id_, "LSN-")) return {};
    if (!starts_with(id_, "UBUNTU-CVE-")) return fail(Errc::invalid_input, "not one of Ubuntu's records: " + text::quoted(id_));
    flaw_ = id_.substr(kPrefix.size());
    ECLAIR_CHECK_OK(out_.remove(flaw_));  // told anew: where it no longer applies, it goes
    if (const json::Value withdrawn = record_["withdrawn"]; withdrawn && withdrawn.kind() != json::Kind::null) return {};
    read_severity();
    if (const json::Value affected = record_["affected"]; affected && !affected.is_array()) bad("affected is not a list");
    record_["affected"].each([&](json::Value entry) {
      read_affected(entry);
      return true;
    });
    for (const std::string& name_space : spaces_) out_.complete(name_space, "osv");
    if (entries_.empty()) return {};
    std::vector<std::string> aliases = strings(record_["aliases"], "");
    aliases.erase(std::remove(aliases.begin(), aliases.end(), flaw_), aliases.end());
    ECLAIR_CHECK_OK(emit_ubuntu(flaw_, aliases, strings(record_["related"], "USN-"), std::move(entries_), out_));
    return emit_text();
  }

 private:
  void read_severity() {
    record_["severity"].each([&](json::Value one) {
      const std::string_view type = one["type"].string(), score = one["score"].string();
      if (type == "Ubuntu") {
        word_ = score;
      } else if (starts_with(score, "CVSS:")) {
        cvss_.push_back({std::string(cvss_version(score)), std::string(score), cvss_base_score(score).value_or(-1)});
      }
      return true;
    });
    std::sort(cvss_.begin(), cvss_.end(), [](const auto& a, const auto& b) { return std::tie(a.version, a.vector) < std::tie(b.version, b.vector); });
  }

  void read_affected(json::Value in) {
    const json::Value package = in["package"];
    UbuntuEntry entry;
    entry.package = package["name"].string();
    if (entry.package.empty() || !ubuntu_place_of_ecosystem(package["ecosystem"].string(), entry.place)) {
      bad("a package without name or ecosystem: " + text::quoted(entry.package) + " " + text::quoted(package["ecosystem"].string()));
      return;
    }
    // The suite says more of what Pro offers than the ecosystem does.
    if (UbuntuPlace finer; entry.place.channel == "pro" && ubuntu_place_of_suite(distro_of(package["purl"].string()), finer) && !finer.channel.empty()) {
      entry.place = std::move(finer);
    }
    if (!read_ranges(in, entry)) return;
    entry.severity_word = word_;
    if (entry.severity_word.empty()) entry.severity_word = in["ecosystem_specific"]["ubuntu_priority"].string();
    if (!parse(entry.severity_word, entry.severity)) entry.severity = Severity::unknown;
    if (word_of_text_.empty()) word_of_text_ = entry.severity_word;
    spaces_.insert(entry.place.name_space());
    if (entry.status != Status::unknown) entries_.push_back(std::move(entry));
  }

  bool read_ranges(json::Value in, UbuntuEntry& to) {
    bool good = true, told = false;
    in["ranges"].each([&](json::Value range) {
      std::vector<OsvEvent> events;
      if (range["type"].string() != "ECOSYSTEM") {
        bad("range of unknown type " + text::quoted(range["type"].string()));
        return good = false;
      }
      range["events"].each([&](json::Value event) {
        event.each_member([&](std::string_view key, json::Value version) {
          constexpr std::pair<std::string_view, Bound> kBounds[] = {
              {"introduced", Bound::introduced}, {"fixed", Bound::fixed}, {"last_affected", Bound::last_affected}, {"limit", Bound::limit}};
          for (const auto& [word, bound] : kBounds) {
            if (key != word) continue;
            good = good && version.is_string() && (version.string() == "0" || dpkg().is_valid(version.string()));
            events.push_back({bound, std::string(version.string())});
          }
          return true;
        });
        return true;
      });
      if (!good || events.empty()) {
        bad(text::quoted(to.package) + (good ? ": a range without events" : ": an event is no version"));
        return good = false;
      }
      told = true;
      for (Range& one : fold_osv_events(std::move(events), &dpkg(), false)) to.ranges.push_back(std::move(one));
      return true;
    });
    if (!good) return false;
    // The list of versions is that of the archive's history; it says more only where there is no range.
    if (!told) {
      in["versions"].each([&](json::Value version) {
        if (!version.string().empty()) to.versions.emplace_back(version.string());
        return true;
      });
    }
    if (to.ranges.empty() && to.versions.empty()) return true;  // affects nothing
    const bool open = std::any_of(to.ranges.begin(), to.ranges.end(), [](const Range& r) { return r.upper.empty(); });
    for (const Range& range : to.ranges) {
      if (open || range.upper_inclusive) continue;
      if (to.fixed_in.empty() || dpkg().compare(to.fixed_in, range.upper) < 0) to.fixed_in = range.upper;
    }
    to.status = to.fixed_in.empty() ? Status::affected : Status::fixed;
    if (to.ranges.size() == 1 && to.ranges[0].introduced.empty() && (to.ranges[0].upper.empty() || !to.ranges[0].upper_inclusive)) to.ranges.clear();
    return true;
  }

  Result<> emit_text() {
    VulnerabilityText text;
    text.id = flaw_;
    text.description = record_["details"].string();
    record_["references"].each([&](json::Value one) {
      if (!one["url"].string().empty()) text.urls.emplace_back(one["url"].string());
      return true;
    });
    std::sort(text.urls.begin(), text.urls.end());
    text.urls.erase(std::unique(text.urls.begin(), text.urls.end()), text.urls.end());
    text.cvss = cvss_;
    if (!parse(word_of_text_, text.severity)) text.severity = Severity::unknown;
    for (const auto& [key, time] : {std::pair("published", &text.published), std::pair("modified", &text.modified)}) {
      if (const auto parsed = parse_time(record_[key].string()); parsed) *time = *parsed;
    }
    return out_.vulnerability(std::move(text));
  }

  void bad(const std::string& why) { out_.bad_record("ubuntu: " + text::quoted(id_) + ": " + why); }

  const json::Value record_;
  AdvisorySink& out_;
  const std::string id_;
  std::string flaw_, word_, word_of_text_;
  std::vector<VulnerabilityText::Cvss> cvss_;
  std::vector<UbuntuEntry> entries_;
  std::set<std::string> spaces_;
};

Result<> read_json(const ByteSource& in, const Limits& limits, const Cancel& stop, AdvisorySink& out) {
  {
    MemberReader reader(in, limits);
    ECLAIR_CHECK_OK(reader.enter('{'));
    bool vex = false;
    while (true) {
      ECLAIR_TRY(const bool more, reader.next());
      if (!more) break;
      vex = vex || reader.key() == "statements";
    }
    ECLAIR_CHECK_OK(reader.finish());
    if (vex) return read_ubuntu_vex(in, limits, stop, out);
  }
  MemberReader reader(in, limits);
  json::Document document;
  ECLAIR_TRY(const std::string_view text, reader.value());
  ECLAIR_TRY(const json::Value record, document.parse(text, limits.json_depth));
  if (record["id"].string().empty()) return fail(Errc::invalid_input, "neither a record in OSV form nor a VEX document: no id, no statements");
  return OsvRecord(record, out).emit();
}

class UbuntuFeed final : public Feed {
 public:
  std::string_view id() const override { return "ubuntu"; }
  std::string_view title() const override { return "Ubuntu security metadata"; }
  std::string_view url() const override { return "https://security-metadata.canonical.com/"; }
  std::uint32_t revision() const override { return 1; }
  bool lists_unfixed() const override { return true; }
  bool document_is_record() const override { return true; }
  std::vector<std::string_view> pieces(std::string_view) const override { return {"osv", "vex"}; }
  bool is_document(std::string_view name) const override {
    return (starts_with(name, "CVE-") && name.find('.') == std::string_view::npos) || Feed::is_document(name);
  }
  std::vector<std::string_view> families() const override { return {"ubuntu"}; }
  Result<std::vector<Portion>> portions(Lookup&) const override {
    const std::string base(url());
    Portion all;
    all.documents.push_back({.url = base + "osv/osv-all.tar.xz"});
    all.documents.push_back({.url = base + "vex/vex-all.tar.xz"});
    std::vector<Portion> out;
    out.push_back(std::move(all));
    return out;
  }
  Result<> parse(std::string_view part, const ByteSource& in, const Limits& limits, const Cancel& stop, AdvisorySink& out) const override {
    const auto read = [&]() -> Result<> {
      char first = 0;
      ECLAIR_TRY(const std::size_t n, in.read_at(0, {&first, 1}));
      if (n == 0) return fail(Errc::invalid_input, "an empty file");
      if (stop.requested()) return fail(Errc::cancelled, "cancelled");
      // A line of text begins the tracker's files; JSON never begins with a letter.
      return text::is_alpha(first) || first == '#' ? read_ubuntu_tracker(part, in, limits, stop, out) : read_json(in, limits, stop, out);
    };
    auto done = read();
    if (!done && !part.empty()) return fail(std::move(done).error().within(text::quoted(part)));
    return done;
  }
};

}  // namespace ubuntu_detail

bool ubuntu_place_of_suite(std::string_view suite, UbuntuPlace& to) {
  using namespace ubuntu_detail;
  const auto [first, second] = text::cut(suite, '/');
  if (second.empty()) {
    if (!is_codename(first)) return false;
    to = {release_of(first), {}};
    return true;
  }
  // "esm-infra/bionic" and, older, "trusty/esm", "vivid/ubuntu-core".
  const bool release_first = !release_of_codename("ubuntu", first).empty();
  const std::string_view codename = release_first ? first : second, channel = release_first ? second : first;
  if (!is_codename(codename) || channel.find('/') != std::string_view::npos) return false;
  to = {release_of(codename), channel == "esm" ? "esm-infra" : std::string(channel)};
  return true;
}

bool ubuntu_place_of_ecosystem(std::string_view ecosystem, UbuntuPlace& to) {
  using namespace ubuntu_detail;
  const auto parts = text::split(ecosystem, ':');
  if (parts.size() < 2 || parts[0] != "Ubuntu") return false;
  to = {};
  bool pro = false;
  for (std::size_t i = 1; i < parts.size(); ++i) {
    if (parts[i].empty()) return false;
    if (text::is_digit(parts[i].front())) {
      if (!to.release.empty()) return false;
      to.release = parts[i];
    } else if (parts[i] == "Pro") {
      pro = true;
    } else if (parts[i] != "LTS") {
      to.channel += (to.channel.empty() ? "" : ":") + text::lower(parts[i]);
    }
  }
  if (pro && to.channel.empty()) to.channel = "pro";
  return !to.release.empty();
}

Result<> emit_ubuntu(const std::string& flaw, const std::vector<std::string>& aliases, const std::vector<std::string>& notices,
                     std::vector<UbuntuEntry> entries, AdvisorySink& out) {
  using namespace ubuntu_detail;
  std::map<std::pair<std::string, std::string>, const UbuntuEntry*> bases, maintained;  // by release and package
  for (const UbuntuEntry& entry : entries) {
    const std::pair key(entry.place.release, entry.package);
    if (entry.place.channel.empty()) bases.emplace(key, &entry);
    if (entry.fixed_in.empty() || !is_pro(entry.place.channel)) continue;
    const UbuntuEntry*& lowest = maintained[key];
    if (lowest == nullptr || dpkg().compare(entry.fixed_in, lowest->fixed_in) < 0) lowest = &entry;
  }
  std::vector<UbuntuEntry> more;
  std::map<const UbuntuEntry*, const UbuntuEntry*> only_in;
  for (const auto& [key, fix] : maintained) {
    if (const auto base = bases.find(key); base != bases.end()) {
      only_in.emplace(base->second, fix);
    } else {
      UbuntuEntry added;
      added.place.release = fix->place.release;
      added.package = fix->package;
      added.status = Status::will_not_fix;
      added.ranges = {Range{.upper = fix->fixed_in}};
      added.reason = "fixed for Ubuntu Pro (" + fix->place.channel + ") in " + fix->fixed_in;
      added.severity = fix->severity;
      added.severity_word = fix->severity_word;
      more.push_back(std::move(added));
    }
  }
  const auto give = [&](const UbuntuEntry& entry, const UbuntuEntry* only) -> Result<> {
    Advisory row;
    row.vulnerability = flaw;
    row.aliases = aliases;
    row.name_kind = NameKind::source;
    row.status = entry.status;
    row.severity = entry.severity;
    row.severity_word = entry.severity_word;
    row.fixed_in = entry.fixed_in;
    row.ranges = entry.ranges;
    row.versions = entry.versions;
    row.reason = entry.reason;
    if (only != nullptr && entry.fixed_in.empty() && entry.status != Status::not_affected && entry.ranges.empty() && entry.versions.empty()) {
      if (row.status != Status::end_of_life) row.status = Status::will_not_fix;
      row.ranges = {Range{.upper = only->fixed_in}};
      row.reason += (row.reason.empty() ? "" : "; ") + ("fixed for Ubuntu Pro (" + only->place.channel + ") in " + only->fixed_in);
    }
    if (!entry.fixed_in.empty() || !row.ranges.empty()) row.references = notices;
    return out.advisory(entry.place.name_space(), entry.package, std::move(row));
  };
  for (const UbuntuEntry& entry : entries) {
    if (entry.status == Status::unknown) continue;
    const auto only = only_in.find(&entry);
    ECLAIR_CHECK_OK(give(entry, only == only_in.end() ? nullptr : only->second));
  }
  for (const UbuntuEntry& entry : more) ECLAIR_CHECK_OK(give(entry, nullptr));
  return {};
}

const Feed& ubuntu() {
  static const ubuntu_detail::UbuntuFeed one;
  return one;
}

}  // namespace eclair::feeds
