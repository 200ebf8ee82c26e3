// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// Oracle Linux: one OVAL document of all errata, or one a year. Binary packages by architecture and module. Nothing unfixed.
// source: https://linux.oracle.com/security/oval/ (com.oracle.elsa-all.xml, 2022-04 to 2025)
#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "feeds/feed.h"
#include "feeds/oval.h"
#include "util/text.h"
#include "util/time.h"
#include "version/scheme.h"

namespace eclair::feeds {
namespace oracle_detail {

/// "9" of "Oracle Linux 9"; "" of other products.
std::string_view major_of(std::string_view product) {
  constexpr std::string_view kName = "Oracle Linux ";
  if (product.substr(0, kName.size()) != kName) return {};
  const std::string_view number = text::trim(product.substr(kName.size()));
  return text::parse_number(number) ? number : std::string_view{};
}

/// The versions that a row speaks of start here; "" = with the first one.
/// The Unbreakable Enterprise Kernel comes in several releases at once, each with an upstream version of its own and errata of its own:
/// 5.4.17 that has its fix is not below that of 5.15.0.
std::string stream_of(std::string_view package, std::string_view evr) {
  if (package.substr(0, 10) != "kernel-uek") return {};
  return std::string(evr.substr(0, evr.find('-')));
}

/// "ELSA-2024-9999" of a definition: its reference, else the first word of its title; "" when there is neither.
std::string erratum_of(const oval::Definition& definition) {
  std::string_view words = definition.title;
  for (const auto& reference : definition.references) {
    if (text::iequals(reference.source, "elsa") && !reference.id.empty()) words = reference.id;
  }
  const auto in_id = [](char c) { return text::is_alpha(c) || text::is_digit(c) || c == '-' || c == '_' || c == '.'; };
  return std::string(words.begin(), std::find_if_not(words.begin(), words.end(), in_id));
}

class Reader {
 public:
  Reader(std::string_view part, const Limits& limits, AdvisorySink& out)
      : whole_(!is_of_a_year(part)), limits_(limits), out_(out), rpm_(version::find_scheme("rpm")) {}

  Result<> definition(const oval::Definition& one) {
    const std::string erratum = erratum_of(one);
    if (erratum.empty()) {
      bad(one.id, "neither an erratum's number nor a title");
      return {};
    }
    std::set<std::string> ids;
    for (const auto& reference : one.references) {
      if (oval::is_cve(reference.id)) ids.insert(reference.id);
    }
    for (const auto& cve : one.cves) {
      if (oval::is_cve(cve.text)) ids.insert(cve.text);
    }
    const bool has_cves = !ids.empty();
    if (!has_cves) ids.insert(erratum);
    if (!one.faults.empty()) bad(erratum, one.faults.front() + ": not understood");
    const auto fixes = fixes_of(one, erratum);
    if (fixes.size() > limits_.feed_record_rows / ids.size()) {
      const std::string bound = "feed_record_rows (" + std::to_string(limits_.feed_record_rows) + ")";
      return fail(Errc::limit, text::quoted(erratum) + " makes more rows than " + bound);
    }
    Advisory row;
    row.record = erratum;
    row.status = Status::fixed;
    row.name_kind = NameKind::binary;
    row.severity_word = one.severity;
    static_cast<void>(parse(row.severity_word, row.severity));  // "N/A" is unknown
    for (const auto& [fix, arches] : fixes) {
      row.fixed_in = fix.version;
      row.ranges = {Range{.introduced = stream_of(fix.package, fix.version), .upper = fix.version}};
      row.module = fix.module;
      row.arches.assign(arches.begin(), arches.end());
      if (arches.count("") > 0) row.arches.clear();
      for (const std::string& id : ids) {
        row.vulnerability = id;
        row.references = {};
        if (has_cves) row.references = {erratum};
        ECLAIR_CHECK_OK(out_.advisory("ol:" + fix.major, fix.package, row));
      }
    }
    return texts(one, erratum, has_cves);
  }

  Result<> finish() {
    if (majors_.empty()) return fail(Errc::invalid_input, "not a document of Oracle Linux: no definition for any of its releases");
    if (whole_) {
      for (const std::string& major : majors_) out_.complete("ol:" + major);
    }
    return {};
  }

 private:
  struct Fix {
    std::string major, package, version, module;
    bool operator<(const Fix& other) const {
      return std::tie(major, package, version, module) < std::tie(other.major, other.package, other.version, other.module);
    }
  };
  using Fixes = std::map<Fix, std::set<std::string>>;  ///< with the architectures; "" = any

  /// "…elsa-2024.xml" has the errata of one year.
  static bool is_of_a_year(std::string_view part) {
    const std::size_t at = part.rfind("elsa-");
    return at != std::string_view::npos && at + 5 < part.size() && text::is_digit(part[at + 5]);
  }

  Fixes fixes_of(const oval::Definition& one, std::string_view erratum) {
    Fixes fixes;
    for (const oval::Claim& claim : one.claims) {
      const oval::Context& context = one.contexts[claim.context];
      if (claim.below.empty() || claim.below_inclusive || !rpm_->is_valid(claim.below)) {
        bad(erratum, text::quoted(claim.package) + ": no version that it is older than");
        continue;
      }
      bool known = false;
      for (const std::string& product : context.products.empty() ? one.platforms : context.products) {
        const std::string_view major = major_of(product);
        if (major.empty()) continue;
        known = true;
        majors_.emplace(major);
        std::set<std::string>& arches = fixes[{std::string(major), claim.package, claim.below, context.module}];
        const std::vector<std::string>& said = claim.arches.empty() ? context.arches : claim.arches;
        if (said.empty()) arches.emplace();
        arches.insert(said.begin(), said.end());
      }
      if (!known) bad(erratum, text::quoted(claim.package) + ": no release of Oracle Linux");
    }
    return fixes;
  }

  Result<> texts(const oval::Definition& one, const std::string& erratum, bool has_cves) {
    if (!has_cves) {
      VulnerabilityText text;
      text.id = erratum;
      text.title = one.title;
      text.description = one.description;
      static_cast<void>(parse(one.severity, text.severity));
      if (const auto time = parse_time(one.issued)) text.published = *time;
      return out_.vulnerability(std::move(text));
    }
    for (const auto& cve : one.cves) {
      if (!oval::is_cve(cve.text)) continue;
      VulnerabilityText text;
      text.id = cve.text;
      if (cve.href.rfind("https://", 0) == 0 || cve.href.rfind("http://", 0) == 0) text.urls = {cve.href};
      VulnerabilityText::Cvss score;
      if (oval::split_cvss(cve.cvss3, score.score, score.vector)) {
        score.version = text::cut(score.vector, '/').first.substr(0, 9) == "CVSS:3.0" ? "3.0" : "3.1";
        text.cvss.push_back(score);
      }
      if (oval::split_cvss(cve.cvss2, score.score, score.vector)) {
        score.version = "2.0";
        text.cvss.push_back(score);
      }
      ECLAIR_CHECK_OK(out_.vulnerability(std::move(text)));
    }
    return {};
  }

  void bad(std::string_view record, std::string_view why) {
    out_.bad_record("oracle: " + text::quoted(record) + ": " + text::clean(why, 300));
  }

  const bool whole_;
  const Limits& limits_;
  AdvisorySink& out_;
  const version::Scheme* rpm_;
  std::set<std::string> majors_;
};

class OracleFeed final : public Feed {
 public:
  std::string_view id() const override { return "oracle"; }
  std::string_view title() const override { return "Oracle Linux errata"; }
  std::string_view url() const override { return "https://linux.oracle.com/security/oval/com.oracle.elsa-all.xml.bz2"; }
  std::uint32_t revision() const override { return 1; }
  bool lists_unfixed() const override { return false; }
  std::vector<std::string_view> families() const override { return {"ol"}; }
  bool is_document(std::string_view name) const override {
    return name.find("elsa") != std::string_view::npos && name.size() > 4 && name.substr(name.size() - 4) == ".xml";
  }
  Result<> parse(std::string_view part, const ByteSource& in, const Limits& limits, const Cancel& stop, AdvisorySink& out) const override {
    Reader reader(part, limits, out);
    auto done = oval::read(in, limits, stop, [&](oval::Definition& one) { return reader.definition(one); });
    if (done) done = reader.finish();
    if (!done && !part.empty()) return fail(std::move(done).error().within(text::quoted(part)));
    return done;
  }
};

}  // namespace oracle_detail

const Feed& oracle() {
  static const oracle_detail::OracleFeed one;
  return one;
}

}  // namespace eclair::feeds
