// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// Azure Linux and CBL-Mariner: one OVAL document a release. Source packages; what is not fixed is there too.
// source: microsoft/AzureLinuxVulnerabilityData: azurelinux-3.0-oval.xml, cbl-mariner-1.0-oval.xml, cbl-mariner-2.0-oval.xml (2024-10)
#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "feeds/feed.h"
#include "feeds/oval.h"
#include "util/text.h"
#include "util/time.h"
#include "version/scheme.h"

namespace eclair::feeds {
namespace azure_detail {

/// "azurelinux:3.0" of "…/azurelinux-3.0-oval.xml", "mariner:2.0" of "…/cbl-mariner-2.0-oval.xml"; "" of other names.
std::string space_of_file(std::string_view part) {
  const std::string_view file = part.substr(part.rfind('/') + 1);
  using Named = std::pair<std::string_view, std::string_view>;
  for (const auto& [prefix, family] : {Named{"azurelinux-", "azurelinux:"}, {"cbl-mariner-", "mariner:"}}) {
    if (file.substr(0, prefix.size()) != prefix) continue;
    const std::string_view rest = file.substr(prefix.size());
    std::size_t end = 0;
    while (end < rest.size() && (text::is_digit(rest[end]) || rest[end] == '.')) ++end;
    const auto [major, minor] = text::cut(rest.substr(0, end), '.');
    if (text::parse_number(major) && text::parse_number(minor)) return std::string(family) + std::string(rest.substr(0, end));
  }
  return {};
}

/// The same by a package's build: "…azl3" and "…cm2".
std::string space_of_build(std::string_view evr) {
  const std::string_view tag = evr.substr(evr.rfind('.') + 1);
  for (const auto& [prefix, family] : {std::pair<std::string_view, std::string_view>{"azl", "azurelinux:"}, {"cm", "mariner:"}}) {
    if (tag.substr(0, prefix.size()) == prefix && text::parse_number(tag.substr(prefix.size()))) {
      return std::string(family) + std::string(tag.substr(prefix.size())) + ".0";
    }
  }
  return {};
}

class Reader {
 public:
  Reader(std::string_view part, const Limits& limits, AdvisorySink& out) : limits_(limits), out_(out), rpm_(version::find_scheme("rpm")), space_(space_of_file(part)) {}

  Result<> definition(const oval::Definition& one) {
    std::string id;
    for (const auto& reference : one.references) {
      if (id.empty() && reference.source == "CVE" && oval::is_cve(reference.id)) id = reference.id;
    }
    if (id.empty()) {
      bad(one.id, "no CVE");
      return {};
    }
    if (!one.faults.empty()) bad(one.id, one.faults.front() + ": not understood");
    for (const oval::Claim& claim : one.claims) {
      if (claim.never || (claim.below.empty() && claim.above.empty())) {
        bad(one.id, text::quoted(claim.package) + ": no version that it is older or newer than");
        continue;
      }
      if ((!claim.below.empty() && !rpm_->is_valid(claim.below)) || (!claim.above.empty() && !rpm_->is_valid(claim.above))) {
        bad(one.id, text::quoted(claim.package) + ": not a version: " + text::quoted(claim.below + claim.above));
        continue;
      }
      if (space_.empty()) space_ = space_of_build(claim.below);
      if (space_.empty()) {
        return fail(Errc::invalid_input, "neither the file's name nor a build tells the release of Azure Linux or CBL-Mariner");
      }
      ECLAIR_CHECK_OK(tell(one, id, claim));
    }
    VulnerabilityText text;
    text.id = id;
    static_cast<void>(parse(one.severity, text.severity));
    if (const auto time = parse_time(one.advisory_date)) text.modified = *time;
    return out_.vulnerability(std::move(text));
  }

  Result<> finish() {
    if (!any_) return fail(Errc::invalid_input, "not a document of Azure Linux or CBL-Mariner: no definition of a package in it");
    // A flaw was "not applicable" at one version, and is there in a later one: the later word counts.
    for (auto& [package, row] : not_affected_) {
      if (affected_.count(row.vulnerability + ' ' + package) > 0) continue;
      ECLAIR_CHECK_OK(out_.advisory(space_, package, std::move(row)));
    }
    out_.complete(space_);
    return {};
  }

 private:
  Result<> tell(const oval::Definition& one, const std::string& id, const oval::Claim& claim) {
    any_ = true;
    held_ += one.id.size() + id.size() + claim.package.size() + sizeof(Advisory);
    if (held_ > limits_.feed_index_bytes) {
      return fail(Errc::limit, "its definitions name more than feed_index_bytes (" + std::to_string(limits_.feed_index_bytes) + ")");
    }
    Advisory row;
    row.vulnerability = id;
    row.record = one.id;
    row.name_kind = NameKind::source;
    row.severity_word = one.severity;
    static_cast<void>(parse(row.severity_word, row.severity));
    if (text::iequals(one.patchable, "not applicable")) {
      row.status = Status::not_affected;
      row.reason = one.patchable;
      not_affected_.emplace_back(claim.package, std::move(row));
      return {};
    }
    Range range;
    range.upper = claim.below;
    range.upper_inclusive = claim.below_inclusive;
    if (!claim.above.empty()) {
      // Ranges begin with what has the flaw; no version lies between V and "V^" but builds that add to V.
      range.introduced = claim.above_inclusive ? claim.above : claim.above + "^";
    }
    row.ranges = {range};
    row.status = claim.below.empty() || claim.below_inclusive ? Status::affected : Status::fixed;
    if (row.status == Status::fixed) row.fixed_in = claim.below;
    affected_.insert(id + ' ' + claim.package);
    return out_.advisory(space_, claim.package, std::move(row));
  }

  void bad(std::string_view record, std::string_view why) {
    out_.bad_record("azure: " + text::quoted(record) + ": " + text::clean(why, 300));
  }

  const Limits& limits_;
  AdvisorySink& out_;
  const version::Scheme* rpm_;
  std::string space_;
  std::uint64_t held_ = 0;
  bool any_ = false;
  std::set<std::string> affected_;                               ///< "CVE package"
  std::vector<std::pair<std::string, Advisory>> not_affected_;
};

class AzureFeed final : public Feed {
 public:
  std::string_view id() const override { return "azure"; }
  std::string_view title() const override { return "Azure Linux OVAL"; }
  std::string_view url() const override { return "https://raw.githubusercontent.com/microsoft/AzureLinuxVulnerabilityData/main/"; }
  std::uint32_t revision() const override { return 1; }
  bool lists_unfixed() const override { return true; }
  std::vector<std::string_view> families() const override { return {"azurelinux", "mariner"}; }
  bool is_document(std::string_view name) const override {
    constexpr std::string_view kEnd = "-oval.xml";
    return name.size() > kEnd.size() && name.substr(name.size() - kEnd.size()) == kEnd;
  }
  Result<std::vector<Portion>> portions(Lookup& look) const override {
    std::vector<Portion> out;
    for (const auto& [name_space, file] : {std::pair<std::string_view, std::string_view>{"azurelinux:3.0", "azurelinux-3.0-oval.xml"},
                                           {"mariner:1.0", "cbl-mariner-1.0-oval.xml"},
                                           {"mariner:2.0", "cbl-mariner-2.0-oval.xml"}}) {
      if (!look.wants(name_space)) continue;
      Portion one;
      one.name = name_space;
      one.documents.push_back({.url = std::string(url()) + std::string(file)});
      out.push_back(std::move(one));
    }
    return out;
  }
  Result<> parse(std::string_view part, const ByteSource& in, const Limits& limits, const Cancel& stop, AdvisorySink& out) const override {
    Reader reader(part, limits, out);
    auto done = oval::read(in, limits, stop, [&](oval::Definition& one) { return reader.definition(one); });
    if (done) done = reader.finish();
    if (!done && !part.empty()) return fail(std::move(done).error().within(text::quoted(part)));
    return done;
  }
};

}  // namespace azure_detail

const Feed& azure() {
  static const azure_detail::AzureFeed one;
  return one;
}

}  // namespace eclair::feeds
