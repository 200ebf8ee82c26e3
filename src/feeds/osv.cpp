// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// Records in the Open Source Vulnerability format, one a document (or a list of them).
// source: ossf/osv-schema: docs/schema.md, validation/schema.json (1.7)
#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "feeds/cvss.h"
#include "feeds/feed.h"
#include "feeds/json_members.h"
#include "feeds/osv_ecosystems.h"
#include "feeds/osv_ranges.h"
#include "feeds/rpm_notice.h"
#include "util/text.h"

namespace eclair::feeds {
namespace osv_detail {

bool starts_with(std::string_view s, std::string_view prefix) { return s.substr(0, prefix.size()) == prefix; }
bool is_cve(std::string_view id) { return starts_with(id, "CVE-"); }

void sort_unique(std::vector<std::string>& list) {
  std::sort(list.begin(), list.end());
  list.erase(std::unique(list.begin(), list.end()), list.end());
}

std::vector<std::string> strings(json::Value list) {
  std::vector<std::string> out;
  list.each([&](json::Value one) {
    if (!one.string().empty()) out.emplace_back(one.string());
    return true;
  });
  return out;
}

/// Notices of distributions that name their CVEs as merely related.
bool is_notice(std::string_view id) {
  for (const std::string_view prefix : {"ALSA-", "ALBA-", "ALEA-", "RLSA-", "RLBA-", "RLEA-", "RXSA-", "SUSE-", "openSUSE-", "USN-", "LSN-", "UBUNTU-CVE-",
                                        "DSA-", "DLA-", "DTSA-", "RHSA-", "RHBA-", "RHEA-", "ELSA-", "MGASA-", "OESA-"}) {
    if (starts_with(id, prefix)) return true;
  }
  return false;
}

/// Words of the sources that are not severities of ours.
Severity severity_of(std::string_view word) {
  Severity out = Severity::unknown;
  word = text::trim(word);
  while (!word.empty() && word.back() == '*') word.remove_suffix(1);
  if (text::iequals(word, "unimportant")) return Severity::negligible;
  return parse(word, out) ? out : Severity::unknown;
}

/// One affected package of a record; entries of the same package are joined.
struct Affected {
  OsvEcosystem ecosystem;
  std::string package;
  std::vector<Range> ranges;
  std::set<std::string> versions;
  bool has_ranges = false;  ///< said something in ranges that we can evaluate, be it nothing in the end
  Severity severity = Severity::unknown;
  std::string severity_word;
};

struct Severities {
  std::string word;
  Severity severity = Severity::unknown;
  std::vector<VulnerabilityText::Cvss> cvss;
};

Severities read_severity(json::Value list) {
  Severities out;
  list.each([&](json::Value one) {
    const std::string_view type = one["type"].string(), score = one["score"].string();
    if (score.empty()) return true;
    if (!starts_with(type, "CVSS")) {  // "Ubuntu": a word
      out.word = score;
      out.severity = severity_of(score);
      return true;
    }
    const auto number = cvss_base_score(score);
    if (!starts_with(score, "CVSS:") && (type != "CVSS_V2" || !number)) return true;  // no vector
    out.cvss.push_back({std::string(cvss_version(score)), std::string(score), number.value_or(-1)});
    return true;
  });
  if (out.severity != Severity::unknown) return out;
  for (const auto& cvss : out.cvss) {  // the newest version whose score we can work out
    const Severity severity = severity_of_score(cvss.score, cvss.version);
    if (severity != Severity::unknown && (out.severity == Severity::unknown || cvss.version != "2.0")) out.severity = severity;
  }
  return out;
}

/// "<= 1.2.3" or ">= 1, < 1.3", as GHSA writes the end where the events have only a beginning.
bool read_last_known(std::string_view text, Range& to) {
  for (std::string_view clause : text::split(text, ',')) {
    clause = text::trim(clause);
    if (clause.empty() || clause.front() != '<') continue;
    const bool inclusive = clause.size() > 1 && clause[1] == '=';
    const std::string_view version = text::trim(clause.substr(inclusive ? 2 : 1));
    if (version.empty()) return false;
    to.upper = version;
    to.upper_inclusive = inclusive;
    return true;
  }
  return false;
}

/// Rocky's records have lost all but the last digit of an epoch: "2:9.11.36-8.el8" may be bind's 32:9.11.36-8.el8, and an installed 32:9.11.36-1
/// would be above it. So the same fix is put beside it for every epoch that ends so.
void add_cut_epochs(std::vector<Range>& ranges) {
  const std::size_t told = ranges.size();
  for (std::size_t i = 0; i < told; ++i) {
    const Range range = ranges[i];
    if (!range.introduced.empty() || range.upper.size() < 3 || range.upper[1] != ':' || !text::is_digit(range.upper[0]) || range.upper[0] == '0') continue;
    for (char tens = '1'; tens <= '9'; ++tens) {
      Range whole = range;
      whole.introduced = std::string(1, tens) + range.upper[0] + ":0";
      whole.upper = tens + range.upper;
      ranges.push_back(std::move(whole));
    }
  }
}

class Record {
 public:
  Record(json::Value record, AdvisorySink& out) : record_(record), out_(out), id_(record["id"].string()) {}

  Result<> emit() {
    ECLAIR_CHECK_OK(out_.remove(id_));  // told anew: where it no longer applies, it goes
    if (record_["withdrawn"] && record_["withdrawn"].kind() != json::Kind::null) return {};
    if (const json::Value affected = record_["affected"]; affected && !affected.is_array()) {
      bad("affected is not a list");
      return {};
    }
    name_it();
    whole_ = read_severity(record_["severity"]);
    record_["affected"].each([&](json::Value entry) {
      read_affected(entry);
      return true;
    });
    for (const auto& [name_space, base] : spaces_) out_.complete(name_space, base);
    bool any = false;
    for (auto& [key, affected] : affected_) {
      if (affected.ranges.empty() && affected.versions.empty() && (affected.has_ranges || !starts_with(id_, "MAL-"))) continue;
      any = true;
      ECLAIR_CHECK_OK(emit_rows(affected));
    }
    return any ? emit_texts() : Result<>{};
  }

 private:
  /// Which flaws the record speaks of. A record that names one flaw under several names makes one row; a notice that
  /// gathers several makes one for each, and stays as the reference.
  void name_it() {
    std::vector<std::string> aliases = strings(record_["aliases"]);
    const std::vector<std::string> upstream = strings(record_["upstream"]), related = strings(record_["related"]);
    const auto cves_of = [](const std::vector<std::string>& list) {
      std::vector<std::string> out;
      std::copy_if(list.begin(), list.end(), std::back_inserter(out), is_cve);
      sort_unique(out);
      return out;
    };
    if (is_cve(id_)) {
      flaws_ = {id_};
    } else if (flaws_ = cves_of(aliases); !flaws_.empty()) {
      flaws_.resize(1);  // the others are aliases of it
    } else if (flaws_ = cves_of(upstream); flaws_.empty() && is_notice(id_)) {
      flaws_ = cves_of(related);
    }
    if (flaws_.empty() && !upstream.empty()) flaws_ = {upstream.front()};
    // A record about one CVE and one advisory of GitHub's is about one flaw (Chainguard's).
    if (flaws_.size() == 1 && !is_notice(id_) && is_cve(flaws_.front())) {
      const auto is_ghsa = [](const std::string& id) { return starts_with(id, "GHSA-"); };
      if (std::count_if(upstream.begin(), upstream.end(), is_ghsa) == 1) aliases.push_back(*std::find_if(upstream.begin(), upstream.end(), is_ghsa));
    }
    if (flaws_.empty()) flaws_ = {id_};
    const bool of_notice = flaws_.size() > 1 || is_notice(id_);
    if (of_notice) {
      if (flaws_.front() != id_) references_ = {id_};
    } else {
      aliases.push_back(id_);
    }
    if (flaws_.size() == 1) {
      aliases_ = std::move(aliases);
      sort_unique(aliases_);
      aliases_.erase(std::remove(aliases_.begin(), aliases_.end(), flaws_.front()), aliases_.end());
      aliases_.erase(std::remove_if(aliases_.begin(), aliases_.end(), [&](const std::string& a) { return of_notice && a == id_; }), aliases_.end());
    }
  }

  void read_affected(json::Value entry) {
    const json::Value package = entry["package"];
    if (package.kind() == json::Kind::null) return;  // of a git repository only
    const std::string_view ecosystem_name = package["ecosystem"].string(), name = package["name"].string();
    if (ecosystem_name.empty() || name.empty()) {
      bad("a package without ecosystem or name");
      return;
    }
    OsvEcosystem ecosystem = osv_ecosystem(ecosystem_name);
    if (ecosystem.base.empty()) return;
    spaces_.emplace(ecosystem.name_space, ecosystem.base);
    for (const char* where : {"database_specific", "ecosystem_specific"}) {
      // Unmaintained, unsound, notice: advice, not a vulnerability.
      if (!entry[where]["informational"].string().empty()) return;
    }
    if (!record_["database_specific"]["informational"].string().empty()) return;

    Affected read;
    read.ecosystem = ecosystem;
    read.package = osv_package_name(ecosystem, name);
    if (!read_ranges(entry, read)) return;
    // Distributions list the versions that the range covers; those of language ecosystems may say more than it.
    if (!ecosystem.distribution || read.ranges.empty()) {
      entry["versions"].each([&](json::Value version) {
        if (!version.string().empty()) read.versions.emplace(version.string());
        return true;
      });
    }
    read_entry_severity(entry, read);
    const auto [at, is_new] = affected_.emplace(std::pair(read.ecosystem.name_space, read.package), read);
    if (is_new) return;
    Affected& joined = at->second;
    joined.ranges.insert(joined.ranges.end(), read.ranges.begin(), read.ranges.end());
    joined.versions.insert(read.versions.begin(), read.versions.end());
    joined.has_ranges = joined.has_ranges || read.has_ranges;
    if (read.severity > joined.severity) {
      joined.severity = read.severity;
      joined.severity_word = read.severity_word;
    }
  }

  /// false: not understood; the entry was noted as bad.
  bool read_ranges(json::Value entry, Affected& to) {
    bool good = true, has_end = false;
    entry["ranges"].each([&](json::Value range) {
      const std::string_view type = range["type"].string();
      if (type == "GIT") return true;  // needs the repository; what `versions` says still counts
      if (type != "SEMVER" && type != "ECOSYSTEM") {
        bad("range of unknown type " + text::quoted(type));
        return good = false;
      }
      std::vector<OsvEvent> events;
      range["events"].each([&](json::Value event) {
        event.each_member([&](std::string_view key, json::Value version) {
          constexpr std::pair<std::string_view, Bound> kBounds[] = {
              {"introduced", Bound::introduced}, {"fixed", Bound::fixed}, {"last_affected", Bound::last_affected}, {"limit", Bound::limit}};
          for (const auto& [word, bound] : kBounds) {
            if (key != word) continue;
            if (!version.is_string()) good = false;
            has_end = has_end || bound == Bound::fixed || bound == Bound::last_affected;
            events.push_back({bound, std::string(version.string())});
          }
          return true;
        });
        return true;
      });
      if (!good || events.empty()) {
        bad(good ? "range without events" : "an event is not a string");
        return good = false;
      }
      to.has_ranges = true;
      for (Range& one : fold_osv_events(std::move(events), to.ecosystem.scheme, type == "SEMVER")) to.ranges.push_back(std::move(one));
      return true;
    });
    if (good && !has_end && to.ranges.size() == 1) {
      read_last_known(entry["database_specific"]["last_known_affected_version_range"].string(), to.ranges.front());
    }
    return good;
  }

  void read_entry_severity(json::Value entry, Affected& to) {
    const Severities own = read_severity(entry["severity"]);
    to.severity = own.severity;
    to.severity_word = own.word;
    more_cvss_.insert(more_cvss_.end(), own.cvss.begin(), own.cvss.end());
    const json::Value specific = entry["ecosystem_specific"];
    for (const std::string_view word : {entry["database_specific"]["severity"].string(), specific["severity"].string(), specific["urgency"].string(),
                                        specific["ubuntu_priority"].string(), record_["database_specific"]["severity"].string()}) {
      if (!to.severity_word.empty() || word.empty()) continue;
      to.severity_word = word;
      if (to.severity == Severity::unknown) to.severity = severity_of(word);
    }
    if (to.severity_word.empty() && is_notice(id_)) {  // "Moderate: podman security update"
      const auto [word, rest] = text::cut(record_["summary"].string(), ':');
      if (!rest.empty() && severity_of(word) != Severity::unknown) {
        to.severity_word = word;
        if (to.severity == Severity::unknown) to.severity = severity_of(word);
      }
    }
    if (to.severity_word.empty()) to.severity_word = whole_.word;
    if (to.severity == Severity::unknown) to.severity = whole_.severity;
    if (starts_with(id_, "MAL-")) to.severity = Severity::critical;
  }

  Result<> emit_rows(Affected& affected) {
    const auto as_tuple = [](const Range& r) { return std::tie(r.introduced, r.upper, r.upper_inclusive, r.semver); };
    // Ranges of one event list are in order already; those of several are only put side by side, each once.
    std::vector<Range> ranges;
    for (Range& range : affected.ranges) {
      const auto same = [&](const Range& other) { return as_tuple(other) == as_tuple(range); };
      if (std::none_of(ranges.begin(), ranges.end(), same)) ranges.push_back(std::move(range));
    }
    Advisory row;
    row.name_kind = affected.ecosystem.name_kind;
    row.record = id_;
    row.aliases = aliases_;
    row.references = references_;
    row.severity = affected.severity;
    row.severity_word = affected.severity_word;
    row.versions.assign(affected.versions.begin(), affected.versions.end());
    const bool open_end = std::any_of(ranges.begin(), ranges.end(), [](const Range& r) { return r.upper.empty(); });
    for (const Range& range : ranges) {
      if (open_end || range.upper.empty() || range.upper_inclusive) continue;
      const auto& scheme = affected.ecosystem.scheme;
      const bool higher = row.fixed_in.empty() || (scheme != nullptr ? scheme->compare(row.fixed_in, range.upper) < 0 : loose_before(row.fixed_in, range.upper));
      if (higher) row.fixed_in = range.upper;
    }
    row.status = row.fixed_in.empty() ? Status::affected : Status::fixed;
    if (affected.ecosystem.base == "rocky linux") add_cut_epochs(ranges);
    row.ranges = std::move(ranges);
    // Of the module only the title says; a package outside modules must not meet its rows.
    std::vector<std::string> modules = {""};
    if (is_notice(id_) && is_module_build(row.fixed_in)) modules = modules_of_title(record_["summary"].string());
    if (modules.empty()) bad(text::quoted(affected.package) + " " + text::quoted(row.fixed_in) + " is of a module that is not named");
    for (const std::string& module : modules) {
      row.module = module;
      for (const std::string& flaw : flaws_) {
        Advisory one = row;
        one.vulnerability = flaw;
        if (one.record == flaw) one.record.clear();
        ECLAIR_CHECK_OK(out_.advisory(affected.ecosystem.name_space, affected.package, std::move(one)));
      }
    }
    return {};
  }

  Result<> emit_texts() {
    VulnerabilityText text;
    text.title = record_["summary"].string();
    // The words of a notice on dozens of flaws would be kept dozens of times, and say little of each.
    if (flaws_.size() == 1) text.description = record_["details"].string();
    record_["references"].each([&](json::Value one) {
      if (!one["url"].string().empty()) text.urls.emplace_back(one["url"].string());
      return true;
    });
    sort_unique(text.urls);
    text.cvss = whole_.cvss;
    if (text.cvss.empty()) text.cvss = more_cvss_;
    const auto as_tuple = [](const VulnerabilityText::Cvss& c) { return std::tie(c.version, c.vector); };
    std::sort(text.cvss.begin(), text.cvss.end(), [&](const auto& a, const auto& b) { return as_tuple(a) < as_tuple(b); });
    text.cvss.erase(std::unique(text.cvss.begin(), text.cvss.end()), text.cvss.end());
    const std::string_view word = record_["database_specific"]["severity"].string();
    text.severity = word.empty() ? whole_.severity : severity_of(word);
    if (starts_with(id_, "MAL-")) text.severity = Severity::critical;
    text.cwes = strings(record_["database_specific"]["cwe_ids"]);
    sort_unique(text.cwes);
    for (const auto& [key, time] : {std::pair("published", &text.published), std::pair("modified", &text.modified)}) {
      if (const auto parsed = parse_time(record_[key].string()); parsed) *time = *parsed;
    }
    for (const std::string& flaw : flaws_) {
      VulnerabilityText one = text;
      one.id = flaw;
      ECLAIR_CHECK_OK(out_.vulnerability(std::move(one)));
    }
    return {};
  }

  void bad(const std::string& why) { out_.bad_record("osv: " + text::quoted(id_) + ": " + why); }

  json::Value record_;
  AdvisorySink& out_;
  const std::string id_;
  std::vector<std::string> flaws_, aliases_, references_;
  Severities whole_;
  std::vector<VulnerabilityText::Cvss> more_cvss_;
  std::set<std::pair<std::string, std::string>> spaces_;
  std::map<std::pair<std::string, std::string>, Affected> affected_;
};

/// The ecosystems that we can judge, as the bucket calls them; in lower case they are our namespaces.
/// Distributions are left out: their own feeds say more.
constexpr std::string_view kEcosystems[] = {"Go", "Hex", "Maven", "NuGet", "Packagist", "Pub", "PyPI", "RubyGems", "crates.io", "npm"};
constexpr std::string_view kFamilies[] = {"go", "hex", "maven", "nuget", "packagist", "pub", "pypi", "rubygems", "crates.io", "npm"};

// A record that is deleted, rather than withdrawn, is announced nowhere: the whole is read again from time to time.
constexpr UnixTime kWholeEvery = 7 * 86400;
// The whole is some hundred thousand records of some kilobytes, packed to a fifth: beyond so many, single ones cost more.
constexpr std::size_t kMostChanges = 1000;

/// What is kept of an ecosystem: "TIME OF THE NEWEST CHANGE, TIME OF THE LAST WHOLE" ("2026-08-04T10:00:00.123Z 1785830400").
struct Cursor {
  std::string newest;
  UnixTime whole_at = 0;
};

Cursor parse_cursor(std::string_view text) {
  const auto [newest, whole] = text::cut(text, ' ');
  const auto at = text::parse_number(whole);
  return at && !newest.empty() ? Cursor{std::string(newest), static_cast<UnixTime>(*at)} : Cursor{};
}

/// Times of the list as they sort: "2026-08-04T10:00:00.123Z" without the zone, which is always Z.
std::string_view sortable(std::string_view time) { return time.substr(0, time.find('Z')); }

/// What modified_id.csv says, newest first.
struct Changes {
  std::string newest;
  std::vector<std::string> ids;  ///< since the time asked for; at most kMostChanges + 1
};

Result<Changes> changes_since(const ByteSource& csv, std::string_view since) {
  Changes out;
  LineReader lines(csv, 4096);
  std::string_view line;
  while (true) {
    ECLAIR_TRY(const bool more, lines.next(line));
    if (!more) break;
    const auto [time, id] = text::cut(text::trim(line), ',');
    if (time.empty()) continue;
    const bool is_id = !id.empty() && id.find_first_of("/\\ \"") == std::string_view::npos;
    if (!parse_time(time) || !is_id) {
      return fail(Errc::invalid_input, "modified_id.csv, line " + std::to_string(lines.line_number()) + ": not a time and an id: " + text::quoted(line));
    }
    if (out.newest.empty()) out.newest = time;
    if (sortable(time) <= sortable(since)) break;
    out.ids.emplace_back(id);
    if (out.ids.size() > kMostChanges) break;
  }
  return out;
}

class OsvFeed final : public Feed {
 public:
  std::string_view id() const override { return "osv"; }
  std::string_view title() const override { return "OSV"; }
  std::string_view url() const override { return "https://osv-vulnerabilities.storage.googleapis.com/"; }
  std::uint32_t revision() const override { return 4; }
  bool lists_unfixed() const override { return true; }
  bool document_is_record() const override { return true; }
  std::vector<std::string_view> families() const override { return {std::begin(kFamilies), std::end(kFamilies)}; }
  Result<std::vector<Portion>> portions(Lookup& look) const override {
    std::vector<Portion> out;
    for (const std::string_view ecosystem : kEcosystems) {
      if (!look.wants(text::lower(ecosystem))) continue;
      ECLAIR_TRY(Portion one, portion(look, ecosystem));
      out.push_back(std::move(one));
    }
    return out;
  }
  Result<> parse(std::string_view part, const ByteSource& in, const Limits& limits, const Cancel& stop, AdvisorySink& out) const override {
    auto done = read(in, limits, stop, out);
    if (!done && !part.empty()) return fail(std::move(done).error().within(text::quoted(part)));
    return done;
  }

 private:
  Result<Portion> portion(Lookup& look, std::string_view ecosystem) const {
    const std::string base = std::string(url()) + text::percent_encode(ecosystem) + "/";
    Portion out;
    out.name = ecosystem;
    const Cursor before = parse_cursor(look.cursor(ecosystem));
    const bool whole = before.newest.empty() || look.at() - before.whole_at >= kWholeEvery;
    // Read before the archive, so that nothing falls between the two.
    auto csv = look.read_if_changed(ecosystem, base + "modified_id.csv");
    if (!csv && csv.error().code != Errc::not_found) return fail(std::move(csv).error());
    Changes changes;
    if (csv && *csv != nullptr) {
      ECLAIR_TRY(changes, changes_since(**csv, before.newest));
    }
    if (csv && *csv == nullptr) changes.newest = before.newest;
    const bool known = !changes.newest.empty();
    if (whole || !known || changes.ids.size() > kMostChanges) {
      out.documents.push_back({.url = base + "all.zip"});
      if (known) out.cursor = changes.newest + " " + std::to_string(look.at());
      return out;
    }
    for (const std::string& id : changes.ids) {
      const std::string file = id + ".json";
      out.documents.push_back({.url = base + text::percent_encode(file, ":"), .name = file, .optional = true, .once = true});
    }
    out.cursor = changes.newest + " " + std::to_string(before.whole_at);
    return out;
  }

  static Result<> read(const ByteSource& in, const Limits& limits, const Cancel& stop, AdvisorySink& out) {
    MemberReader reader(in, limits);
    json::Document document;
    const auto one = [&]() -> Result<> {
      if (stop.requested()) return fail(Errc::cancelled, "cancelled");
      ECLAIR_TRY(const std::string_view text, reader.value());
      ECLAIR_TRY(const json::Value record, document.parse(text, limits.json_depth));
      if (record["id"].string().empty() || (!record["affected"] && !record["withdrawn"] && !record["modified"])) {
        return fail(Errc::invalid_input, "not an OSV record: no id, or neither affected nor modified nor withdrawn");
      }
      return Record(record, out).emit();
    };
    ECLAIR_TRY(const char kind, reader.peek());
    if (kind == '[') {
      ECLAIR_CHECK_OK(reader.enter('['));
      while (true) {
        ECLAIR_TRY(const bool more, reader.next());
        if (!more) break;
        ECLAIR_CHECK_OK(one());
      }
    } else {
      ECLAIR_CHECK_OK(one());
    }
    return reader.finish();
  }
};

}  // namespace osv_detail

const Feed& osv() {
  static const osv_detail::OsvFeed one;
  return one;
}

}  // namespace eclair::feeds
