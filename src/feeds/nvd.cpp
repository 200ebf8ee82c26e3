// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// NVD: scores, weaknesses, words and dates of CVEs, as pages of its API 2.0 or as the files of its feeds 2.0, which have one form.
// Not kept: references, and the products that a CVE applies to (CPE).
// source: https://nvd.nist.gov/developers/vulnerabilities, https://nvd.nist.gov/vuln/data-feeds (2026-03)
#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "feeds/cvss.h"
#include "feeds/enrichment.h"
#include "feeds/json_members.h"
#include "util/text.h"

namespace eclair::feeds {
namespace nvd_detail {

/// In the order in which a severity is taken from them: NVD's own score, then others' that it passes on, and version 2 last.
struct Metric {
  std::string_view member, version;
  bool primary;
};
constexpr std::array<Metric, 8> kMetrics = {{{"cvssMetricV40", "4.0", true},
                                             {"cvssMetricV31", "3.1", true},
                                             {"cvssMetricV30", "3.0", true},
                                             {"cvssMetricV31", "3.1", false},
                                             {"cvssMetricV30", "3.0", false},
                                             {"cvssMetricV40", "4.0", false},
                                             {"cvssMetricV2", "2.0", true},
                                             {"cvssMetricV2", "2.0", false}}};
constexpr std::size_t kMostScores = 32;

void read_scores(json::Value metrics, VulnerabilityText& to) {
  for (const Metric& metric : kMetrics) {
    metrics[metric.member].each([&](json::Value one) {
      if ((one["type"].string("Primary") == "Primary") != metric.primary) return true;
      VulnerabilityText::Cvss score;
      score.version = metric.version;
      score.vector = one["cvssData"]["vectorString"].string();
      score.source = one["source"].string();
      const double value = one["cvssData"]["baseScore"].number().value_or(-1);
      if (value >= 0 && value <= 10) score.score = value;
      if (score.vector.empty() && score.score < 0) return true;
      if (to.severity == Severity::unknown && score.score >= 0) to.severity = severity_of_score(score.score, score.version);
      to.cvss.push_back(std::move(score));
      return to.cvss.size() < kMostScores;
    });
  }
}

UnixTime time_of(json::Value value) {
  const auto time = parse_time(value.string());
  return time ? *time : 0;
}

class Reader {
 public:
  Reader(const ByteSource& in, const Limits& limits, const Cancel& stop, AdvisorySink& out)
      : reader_(in, limits), limits_(limits), stop_(stop), out_(out) {}

  Result<> run() {
    ECLAIR_CHECK_OK(reader_.enter('{'));
    bool listed = false;
    while (true) {
      ECLAIR_TRY(const bool more, reader_.next());
      if (!more) break;
      if (reader_.key() == "CVE_Items") return fail(Errc::invalid_input, "a document of NVD's old form 1.1; this reads 2.0");
      if (reader_.key() != "vulnerabilities") continue;
      ECLAIR_TRY(const char kind, reader_.peek());
      if (kind != '[') return fail(Errc::invalid_input, "not a document of NVD: vulnerabilities is not a list");
      ECLAIR_CHECK_OK(reader_.enter('['));
      ECLAIR_CHECK_OK(entries());
      listed = true;
    }
    ECLAIR_CHECK_OK(reader_.finish());
    if (!listed) return fail(Errc::invalid_input, "not a document of NVD: no vulnerabilities in it");
    // A page, a year or the changes of a week: none speaks for all. What NVD gives up it keeps, as rejected.
    if (entries_ > 0 && cves_ == 0) return fail(Errc::invalid_input, "not a document of NVD: no entry has the id of a CVE");
    return {};
  }

 private:
  Result<> entries() {
    return for_each_record(reader_, "an entry", limits_, stop_, [this](json::Value entry) {
      ++entries_;
      return one(entry["cve"]);
    });
  }

  Result<> one(json::Value cve) {
    VulnerabilityText out;
    out.id = text::trim(cve["id"].string());
    if (!is_cve_id(out.id)) {
      out_.bad_record("nvd: entry " + std::to_string(entries_) + ": " + (out.id.empty() ? "no id" : text::quoted(out.id) + " is no CVE id"));
      return {};
    }
    ++cves_;
    if (text::iequals(text::trim(cve["vulnStatus"].string()), "Rejected")) return out_.remove(out.id);
    cve["descriptions"].each([&](json::Value one) {
      if (one["lang"].string() == "en") out.description = one["value"].string();
      return out.description.empty();
    });
    read_scores(cve["metrics"], out);
    cve["weaknesses"].each([&](json::Value weakness) {
      weakness["description"].each([&](json::Value one) {
        std::string id(one["value"].string());
        const bool known = id.substr(0, 4) == "CWE-" && std::find(out.cwes.begin(), out.cwes.end(), id) == out.cwes.end();
        if (known) out.cwes.push_back(std::move(id));  // not "NVD-CWE-noinfo"
        return true;
      });
      return true;
    });
    out.published = time_of(cve["published"]);
    out.modified = time_of(cve["lastModified"]);
    if (const UnixTime added = time_of(cve["cisaExploitAdd"]); added != 0) {
      out.exploited = Exploited{added, time_of(cve["cisaActionDue"]), false};
    }
    return enrich(out_, std::move(out));
  }

  MemberReader reader_;
  const Limits& limits_;
  const Cancel& stop_;
  AdvisorySink& out_;
  std::uint64_t entries_ = 0, cves_ = 0;
};

constexpr int kFirstYear = 2002;                // with all before
constexpr UnixTime kChangesReach = 7 * 86400;   // the file of changes has those of eight days
constexpr std::string_view kChanges = "modified";
constexpr std::uint64_t kMetaBytes = 1u << 16;

/// "sha256:..." of a .meta file; "" when it says none.
std::string digest_of(std::string_view meta) {
  for (const std::string_view line : text::split(meta, '\n')) {
    const auto [name, value] = text::cut(text::trim(line), ':');
    if (name == "sha256" && value.size() == 64) return "sha256:" + text::lower(value);
  }
  return {};
}

/// What is kept of a file: "DIGEST TIME", when it was last known to be the newest.
struct Known {
  std::string digest;
  UnixTime at = 0;
};
Known known(const std::string& cursor) {
  const auto [digest, when] = text::cut(cursor, ' ');
  const auto at = parse_time(when);
  return at && !digest.empty() ? Known{std::string(digest), *at} : Known{};
}

class NvdFeed final : public Feed {
 public:
  std::string_view id() const override { return "nvd"; }
  std::string_view title() const override { return "NVD"; }
  std::string_view url() const override { return "https://nvd.nist.gov/feeds/json/cve/2.0/"; }
  std::uint32_t revision() const override { return 1; }
  bool lists_unfixed() const override { return true; }
  /// The files of all years once, and always that of the changes, which is enough as long as it reaches back to the last time.
  Result<std::vector<Portion>> portions(Lookup& look) const override {
    const auto this_year = text::parse_number(std::string_view(rfc3339(look.at())).substr(0, 4));
    if (!this_year) return fail(Errc::internal, "no year in the time of the update");
    UnixTime years_at = 0;  // of the year that was asked for longest ago
    for (int year = kFirstYear; year <= static_cast<int>(*this_year); ++year) {
      const Known before = known(look.cursor(std::to_string(year)));
      if (!before.digest.empty()) years_at = years_at == 0 ? before.at : std::min(years_at, before.at);
    }
    const UnixTime last = std::max(years_at, known(look.cursor(kChanges)).at);
    const bool follow = last <= look.at() && look.at() - last < kChangesReach;
    std::vector<Portion> out;
    for (int year = kFirstYear; year <= static_cast<int>(*this_year); ++year) {
      Portion one;
      one.name = std::to_string(year);
      one.cursor = look.cursor(one.name);
      if (!follow || known(one.cursor).digest.empty()) ECLAIR_CHECK_OK(ask(look, one));
      out.push_back(std::move(one));
    }
    Portion changes;
    changes.name = kChanges;
    changes.cursor = look.cursor(kChanges);
    changes.alone = true;
    // Years are put together once a day, the changes every two hours.
    ECLAIR_CHECK_OK(ask(look, changes));
    out.push_back(std::move(changes));
    return out;
  }
  Result<> parse(std::string_view part, const ByteSource& in, const Limits& limits, const Cancel& stop, AdvisorySink& out) const override {
    auto done = Reader(in, limits, stop, out).run();
    if (!done && !part.empty()) return fail(std::move(done).error().within(text::quoted(part)));
    return done;
  }

 private:
  /// Adds the file, where its .meta says that it is another than the cursor's.
  Result<> ask(Lookup& look, Portion& to) const {
    const std::string file = std::string(url()) + "nvdcve-2.0-" + to.name;
    const auto meta = look.read(file + ".meta");
    if (!meta && meta.error().code == Errc::not_found) return {};  // a year that has not begun there
    if (!meta) return fail(meta.error());
    ECLAIR_TRY(const std::string text, read_all(**meta, kMetaBytes));
    const std::string digest = digest_of(text);
    if (digest.empty()) return fail(Errc::invalid_input, "no sha256 in " + file + ".meta");
    const bool same = digest == known(to.cursor).digest;
    to.cursor = digest + ' ' + rfc3339(look.at());
    if (same) return {};
    Document one;
    one.url = file + ".json.gz";
    one.content_digest = digest;
    to.documents.push_back(std::move(one));
    return {};
  }
};

}  // namespace nvd_detail

const Feed& nvd() {
  static const nvd_detail::NvdFeed one;
  return one;
}

}  // namespace eclair::feeds
