// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "match/match.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <tuple>
#include <unordered_map>

#include "match/coverage.h"
#include "match/families.h"
#include "match/judge.h"
#include "util/digest.h"
#include "util/text.h"

namespace eclair::match {
namespace match_detail {

/// Asks the store once for each (namespace, name) and each text.
class Reader {
 public:
  Reader(store::AdvisoryStore& advisories, const std::vector<store::FeedState>& feeds) : advisories_(advisories), feeds_(feeds) {}

  bool has(std::string_view feed) const {
    return std::any_of(feeds_.begin(), feeds_.end(), [&](const store::FeedState& one) { return one.name == feed; });
  }
  /// Whether a client wrote anything for a namespace.
  bool is_given(std::string_view name_space) const {
    return std::any_of(feeds_.begin(), feeds_.end(), [&](const store::FeedState& one) {
      return one.name == kGivenFeed && std::find(one.namespaces.begin(), one.namespaces.end(), name_space) != one.namespaces.end();
    });
  }

  Result<const std::vector<store::AdvisoryRow>*> rows(std::string_view name_space, std::string_view name) {
    std::string key = std::string(name_space) + '\0' + std::string(name);
    auto known = rows_.find(key);
    if (known == rows_.end()) {
      ECLAIR_TRY(auto found, advisories_.rows(name_space, name));
      known = rows_.emplace(std::move(key), std::move(found)).first;
    }
    return &known->second;
  }

  Result<std::vector<std::string>> names(const std::string& id) {
    auto known = names_.find(id);
    if (known == names_.end()) {
      ECLAIR_TRY(auto found, known_names(advisories_, id));
      known = names_.emplace(id, std::move(found)).first;
    }
    return known->second;
  }

  Result<const std::optional<VulnerabilityText>*> text(const std::string& feed, const std::string& id) {
    std::pair<std::string, std::string> key(feed, id);
    auto known = texts_.find(key);
    if (known == texts_.end()) {
      ECLAIR_TRY(auto found, advisories_.text(feed, id));
      known = texts_.emplace(std::move(key), std::move(found)).first;
    }
    return &known->second;
  }

 private:
  store::AdvisoryStore& advisories_;
  const std::vector<store::FeedState>& feeds_;
  std::unordered_map<std::string, std::vector<store::AdvisoryRow>> rows_;
  std::map<std::pair<std::string, std::string>, std::optional<VulnerabilityText>> texts_;
  std::map<std::string, std::vector<std::string>> names_;
};

/// The CPEs of the products that a package's repositories belong to; none where no repository is known.
Result<std::vector<std::string>> cpes_of(const std::vector<std::string>& repositories, Reader& reader) {
  std::vector<std::string> out;
  for (const std::string& repository : repositories) {
    // Some build systems add the release to the id: "rhel-8-for-x86_64-baseos-rpms__8".
    const std::string plain = repository.substr(0, repository.find("__"));
    for (const std::string* id : {&repository, &plain}) {
      ECLAIR_TRY(const auto* rows, reader.rows(kRedhatRepositories, *id));
      for (const store::AdvisoryRow& row : *rows) out.insert(out.end(), row.advisory.cpes.begin(), row.advisory.cpes.end());
      if (!rows->empty()) break;
    }
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

Severity from_score(double score, std::string_view cvss) {
  if (score < 0) return Severity::unknown;
  if (cvss.substr(0, 1) == "2") return score >= 7 ? Severity::high : score >= 4 ? Severity::medium : Severity::low;
  if (score >= 9) return Severity::critical;
  if (score >= 7) return Severity::high;
  if (score >= 4) return Severity::medium;
  return score > 0 ? Severity::low : Severity::negligible;
}

/// Feeds that speak of vulnerabilities, not of packages, in the order in which they are asked.
constexpr std::array<std::string_view, 3> kEnrichment = {"nvd", "kev", "epss"};

/// The first teller's text, completed by the others where it says nothing.
/// Scores are kept of all, once each, and say who made them.
void complete(VulnerabilityText& text, const VulnerabilityText& other, std::string_view feed) {
  if (text.title.empty()) text.title = other.title;
  if (text.description.empty()) text.description = other.description;
  if (text.urls.empty()) text.urls = other.urls;
  for (const VulnerabilityText::Cvss& one : other.cvss) {
    const auto same = [&](const VulnerabilityText::Cvss& each) { return each.vector == one.vector && each.score == one.score; };
    if (std::any_of(text.cvss.begin(), text.cvss.end(), same)) continue;
    text.cvss.push_back(one);
    if (one.source.empty()) text.cvss.back().source = feed;
  }
  if (text.cwes.empty()) text.cwes = other.cwes;
  if (text.severity == Severity::unknown) text.severity = other.severity;
  if (text.published == 0) text.published = other.published;
  if (text.modified == 0) text.modified = other.modified;
  if (!text.exploited || (other.exploited && other.exploited->ransomware)) {  // NVD repeats the list without that
    if (other.exploited) text.exploited = other.exploited;
  }
  if (!text.epss) text.epss = other.epss;
}

/// Adds the text, as the feeds of the evidence tell it, in the order of the evidence; then what NVD, KEV and EPSS say of its CVEs. And a
/// severity where no row gave one, from the first that has one: the words of a text go before its CVSS. Never the largest.
Result<> add_text(Finding& finding, Reader& reader) {
  std::vector<std::string> ids = {finding.vulnerability};
  ids.insert(ids.end(), finding.aliases.begin(), finding.aliases.end());
  for (const Judgement& one : finding.evidence) {
    for (const std::string& id : ids) {
      ECLAIR_TRY(const auto* text, reader.text(one.feed, id));
      if (!text->has_value()) continue;
      if (finding.severity == Severity::unknown && severity_of(**text) != Severity::unknown) {
        finding.severity = severity_of(**text);
        finding.severity_source = one.feed;
      }
      complete(finding.text, **text, one.feed);
    }
  }
  // A client who gives a fix need not know the rest, which the distribution's feed may tell of.
  const bool given = !finding.evidence.empty() && finding.evidence.front().feed == kGivenFeed;
  const Family* family = given ? find_family(finding.evidence.front().name_space) : nullptr;
  std::vector<std::string_view> tellers = family == nullptr ? std::vector<std::string_view>{} : text::words(family->feeds);
  tellers.insert(tellers.end(), kEnrichment.begin(), kEnrichment.end());
  for (const std::string_view feed : tellers) {
    if (!reader.has(feed)) continue;
    for (const std::string& id : ids) {
      if (id.substr(0, 4) != "CVE-") continue;
      ECLAIR_TRY(const auto* text, reader.text(std::string(feed), id));
      if (!text->has_value()) continue;
      if (finding.severity == Severity::unknown && severity_of(**text) != Severity::unknown) {
        finding.severity = severity_of(**text);
        finding.severity_source = feed;
      }
      complete(finding.text, **text, feed);
    }
  }
  finding.text.id = finding.vulnerability;
  return {};
}

/// Texts of all who speak of it; what a client wrote of it in this namespace stands in place of theirs. A severity that it left open is
/// still taken from others, but not from the rows, which it meant to replace.
Result<> add_texts(Finding& finding, Reader& reader) {
  const std::string name_space = finding.evidence.empty() ? std::string() : finding.evidence.front().name_space;
  std::optional<VulnerabilityText> given;
  if (reader.is_given(name_space)) {
    ECLAIR_TRY(const auto* text, reader.text(std::string(kGivenFeed), given_record(name_space, finding.vulnerability)));
    given = *text;
  }
  if (given) {
    finding.severity = given->severity;
    finding.severity_source = given->severity == Severity::unknown ? std::string_view{} : kGivenFeed;
  }
  ECLAIR_CHECK_OK(add_text(finding, reader));
  if (given) {
    finding.text.title.clear();
    finding.text.description = std::move(given->description);
    finding.text.urls = std::move(given->urls);
    finding.text.given = std::move(given->given);
  }
  return {};
}

/// The same after a rebuild that changed nothing of interest: neither version nor architecture is in it. Two packages of one name in one
/// database (two architectures, two kernels) would share it; then they, and only they, get the whole package URL.
void add_ids(std::vector<Finding>& findings, const Inventory& inventory) {
  const auto url = [&](const Finding& finding) {
    const Occurrence& occurrence = inventory.packages[finding.package];
    return purl(occurrence.package, occurrence.os < inventory.systems.size() ? inventory.systems[occurrence.os] : Os{});
  };
  const auto path = [&](const Finding& finding) {
    const Occurrence& occurrence = inventory.packages[finding.package];
    return occurrence.paths.empty() ? std::string() : occurrence.paths.front();
  };
  const auto hash = [](const std::string& a, const std::string& b, const std::string& c) {
    return std::string(sha256(a + '\0' + b + '\0' + c).hex().substr(0, 16));
  };
  std::map<std::string, std::uint32_t> uses;
  for (Finding& finding : findings) {
    const std::string whole = url(finding);
    // '@' and '?' are encoded everywhere but before the version and the qualifiers.
    finding.id = hash(finding.vulnerability, whole.substr(0, whole.find_first_of("@?")), path(finding));
    ++uses[finding.id];
  }
  std::map<std::string, std::uint32_t> again;
  for (Finding& finding : findings) {
    if (uses[finding.id] == 1) continue;
    const std::string whole = hash(finding.vulnerability, url(finding), path(finding));
    const std::uint32_t nth = again[whole]++;
    finding.id = nth == 0 ? whole : hash(whole, std::to_string(nth), path(finding));
  }
}

void sort(std::vector<Finding>& findings, const Inventory& inventory) {
  std::stable_sort(findings.begin(), findings.end(), [&](const Finding& a, const Finding& b) {
    if (a.severity != b.severity) return a.severity > b.severity;
    if (a.vulnerability != b.vulnerability) return a.vulnerability < b.vulnerability;
    const Occurrence& x = inventory.packages[a.package];
    const Occurrence& y = inventory.packages[b.package];
    return std::tie(x.package.name, x.paths, x.package.version, x.package.arch, a.package) <
           std::tie(y.package.name, y.paths, y.package.version, y.package.arch, b.package);
  });
}

}  // namespace match_detail

const VulnerabilityText::Cvss* cvss_of(const VulnerabilityText& text) {
  const VulnerabilityText::Cvss* out = nullptr;
  for (const VulnerabilityText::Cvss& one : text.cvss) {
    if (one.score >= 0 && (out == nullptr || one.version > out->version)) out = &one;
  }
  return out;
}

Severity severity_of(const VulnerabilityText& text) {
  if (text.severity != Severity::unknown) return text.severity;
  // The newest scoring that has a number; names of versions order as the versions do.
  std::string_view version;
  Severity severity = Severity::unknown;
  for (const VulnerabilityText::Cvss& cvss : text.cvss) {
    const Severity one = match_detail::from_score(cvss.score, cvss.version);
    if (one == Severity::unknown || cvss.version < version) continue;
    version = cvss.version;
    severity = one;
  }
  return severity;
}

Result<MatchResult> match_image(const Inventory& inventory, store::AdvisoryStore& advisories, const MatchOptions& options,
                                const Cancel& stop) {
  using namespace match_detail;
  MatchResult result;
  if (!inventory.systems.empty()) result.eol = end_of_life(inventory.systems.front(), options.now);
  ECLAIR_TRY(const auto feeds, advisories.feeds());
  CoverageBook book(inventory, feeds, options);
  Reader reader(advisories, feeds);
  std::map<std::vector<std::string>, std::optional<std::vector<std::string>>> cpes_of_repositories;
  std::vector<const store::AdvisoryRow*> rows;
  for (std::size_t i = 0; i < inventory.packages.size(); ++i) {
    if (stop.requested()) return fail(Errc::cancelled, "matching was cancelled");
    const Occurrence& occurrence = inventory.packages[i];
    const Os os = occurrence.os < inventory.systems.size() ? inventory.systems[occurrence.os] : Os{};
    std::string where = name_space(occurrence.package, os);
    if (where.empty()) {
      std::string given = client_name_space(os);
      if (reader.is_given(given)) where = std::move(given);
    }
    if (!book.judged(occurrence, os, where)) continue;
    rows.clear();
    for (const std::string& name : lookup_names(occurrence.package)) {
      ECLAIR_TRY(const auto* found, reader.rows(where, name));
      for (const store::AdvisoryRow& row : *found) rows.push_back(&row);
      for (const std::string& channel : channels_of(occurrence, where)) {
        ECLAIR_TRY(const auto* more, reader.rows(channel, name));
        for (const store::AdvisoryRow& row : *more) rows.push_back(&row);
      }
    }
    const std::vector<std::string>* cpes = nullptr;
    if (!occurrence.repositories.empty() && where.substr(0, 5) == "rhel:") {
      auto& known = cpes_of_repositories[occurrence.repositories];
      if (!known) {
        ECLAIR_TRY(known, cpes_of(occurrence.repositories, reader));
      }
      if (known->empty()) book.unknown_repository(occurrence);
      cpes = &*known;
    }
    if (rows.empty()) continue;
    Occurrence placed;
    if (cpes != nullptr) {
      placed = occurrence;
      placed.cpes = *cpes;
    }
    const Occurrence& judged = cpes == nullptr ? occurrence : placed;
    ECLAIR_TRY(Verdict verdict, judge_all(judged, where, rows, [&](const std::string& id) { return reader.names(id); }));
    for (const Unjudged& open : verdict.unjudged) book.unjudged(occurrence, open);
    for (Finding& finding : verdict.findings) {
      finding.package = static_cast<std::uint32_t>(i);
      finding.layer = occurrence.layer;
      ECLAIR_CHECK_OK(add_texts(finding, reader));
      result.findings.push_back(std::move(finding));
    }
  }
  sort(result.findings, inventory);
  add_ids(result.findings, inventory);
  result.coverage = book.pages(result.eol);
  return result;
}

}  // namespace eclair::match
