// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// Photon's CVE metadata: a list for each branch, of what one package is told of one vulnerability. Names of source packages; newer lists
// have sub-packages as records of their own too.
// source: https://packages.broadcom.com/photon/photon_cve_metadata/ (2025)
#include <algorithm>
#include <array>
#include <cstdio>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "feeds/feed.h"
#include "feeds/json_members.h"
#include "util/text.h"
#include "version/scheme.h"

namespace eclair::feeds {
namespace photon_detail {

constexpr std::string_view kListPrefix = "cve_data_photon";
constexpr std::string_view kBranches = "photon_versions.json";
constexpr std::uint64_t kBranchesBytes = 1u << 20;

std::string_view last_component(std::string_view path) { return path.substr(path.find_last_of('/') + 1); }

bool is_branch(std::string_view word) {
  const auto [major, minor] = text::cut(word, '.');
  return text::parse_number(major).has_value() && text::parse_number(minor).has_value();
}

/// "4.0" of ".../cve_data_photon4.0.json"; "" when the name says no branch.
std::string_view branch_of(std::string_view part) {
  std::string_view name = last_component(part);
  if (name.substr(0, kListPrefix.size()) != kListPrefix) return {};
  name.remove_prefix(kListPrefix.size());
  if (name.size() > 5 && name.substr(name.size() - 5) == ".json") name.remove_suffix(5);
  return is_branch(name) ? name : std::string_view{};
}

/// CVE-..., BDSA-..., UNK-...; not "Re".
bool is_id(std::string_view id) {
  const std::size_t hyphen = id.find('-');
  return hyphen != 0 && hyphen != std::string_view::npos && std::any_of(id.begin(), id.end(), text::is_digit) &&
         std::all_of(id.begin(), id.end(), [](char c) { return c > ' ' && c <= '~'; });
}

Severity severity_of(double score) {
  if (score >= 9) return Severity::critical;
  if (score >= 7) return Severity::high;
  if (score >= 4) return Severity::medium;
  return score > 0 ? Severity::low : Severity::unknown;
}

class Reader {
 public:
  Reader(std::string_view part, const ByteSource& in, const Limits& limits, const Cancel& stop, AdvisorySink& out)
      : reader_(in, limits), limits_(limits), stop_(stop), out_(out), rpm_(version::find_scheme("rpm")), branch_(branch_of(part)),
        is_index_(last_component(part) == kBranches) {}

  Result<> run() {
    if (is_index_) return {};  // lies beside the lists, and holds no record
    if (branch_.empty()) return fail(Errc::invalid_input, "the file's name says no branch of Photon (cve_data_photon4.0.json)");
    space_ = "photon:" + branch_;
    ECLAIR_CHECK_OK(reader_.enter('['));
    ECLAIR_CHECK_OK(for_each_record(reader_, "a record", limits_, stop_, [this](json::Value entry) {
      ++elements_;
      return record(entry);
    }));
    ECLAIR_CHECK_OK(reader_.finish());
    if (elements_ > 0 && records_ == 0) return fail(Errc::invalid_input, "not Photon's CVE metadata: no record has cve_id and pkg");
    out_.complete(space_);
    return {};
  }

 private:
  Result<> record(json::Value entry) {
    id_ = text::trim(entry["cve_id"].string());
    package_ = text::trim(entry["pkg"].string());
    if (package_.empty()) return bad("no package");
    if (id_.empty()) return bad("no cve_id");
    ++records_;
    if (!is_id(id_)) return bad("not the id of a vulnerability");
    if (text::iequals(std::string_view(id_).substr(0, 4), "CVE-")) id_.replace(0, 3, "CVE");
    Advisory row;
    row.vulnerability = id_;
    row.name_kind = NameKind::both;
    if (const auto score = entry["cve_score"].number(); score && *score > 0 && *score <= 10) {
      row.severity = severity_of(*score);
      std::array<char, 16> word{};
      const int length = std::snprintf(word.data(), word.size(), "%.1f", *score);
      row.severity_word.assign(word.data(), static_cast<std::size_t>(std::max(length, 0)));
    }
    if (const std::string_view why = read_status(entry, row); !why.empty()) return bad(why);
    return out_.advisory(space_, package_, std::move(row));
  }

  /// "" when status and version were understood, else why not.
  std::string_view read_status(json::Value entry, Advisory& row) const {
    const json::Value status = entry["status"];
    const std::string_view word = text::trim(status.string("Fixed"));  // older lists have no status
    if (status.kind() != json::Kind::null && !status.is_string()) return "status is not a string";
    if (text::iequals(word, "Not Affected")) {
      row.status = Status::not_affected;
      return {};
    }
    if (!text::iequals(word, "Fixed")) return "unknown status";
    const std::string_view fixed = text::trim(entry["res_ver"].string());
    if (fixed.empty() || text::iequals(fixed, "NA")) {  // no fix, whatever the status says
      row.status = Status::affected;
      return {};
    }
    if (!rpm_->is_valid(fixed)) return "res_ver is not an rpm version";
    row.status = Status::fixed;
    row.fixed_in = fixed;
    row.ranges = {Range{.upper = row.fixed_in}};
    return {};
  }

  Result<> bad(std::string_view why) {
    out_.bad_record("photon: " + branch_ + (package_.empty() ? "" : " " + text::quoted(package_)) + (id_.empty() ? "" : " " + text::quoted(id_)) + ": " +
                    std::string(why));
    return {};
  }

  MemberReader reader_;
  const Limits& limits_;
  const Cancel& stop_;
  AdvisorySink& out_;
  const version::Scheme* const rpm_;
  const std::string branch_;
  const bool is_index_;
  std::string space_, id_, package_;
  std::uint64_t elements_ = 0, records_ = 0;
};

class PhotonFeed final : public Feed {
 public:
  std::string_view id() const override { return "photon"; }
  std::string_view title() const override { return "Photon OS CVE metadata"; }
  std::string_view url() const override { return "https://packages.broadcom.com/photon/photon_cve_metadata/"; }
  std::uint32_t revision() const override { return 1; }
  bool lists_unfixed() const override { return true; }
  std::vector<std::string_view> families() const override { return {"photon"}; }
  /// The list of branches, and a list of records for each.
  Result<std::vector<Portion>> portions(Lookup& look) const override {
    const std::string base(url());
    ECLAIR_TRY(const auto index, look.read(base + std::string(kBranches)));
    ECLAIR_TRY(const std::string text, read_all(*index, kBranchesBytes));
    json::Document document;
    auto parsed = document.parse(text);
    if (!parsed || !(*parsed)["branches"].is_array()) return fail(Errc::invalid_input, "no list of branches at " + base + std::string(kBranches));
    std::set<std::string> branches;
    (*parsed)["branches"].each([&](json::Value branch) {
      if (is_branch(branch.string())) branches.emplace(branch.string());
      return true;
    });
    std::vector<Portion> out;
    for (const std::string& branch : branches) {
      if (!look.wants("photon:" + branch)) continue;
      Portion one;
      one.name = branch;
      one.documents.push_back({.url = base + std::string(kListPrefix) + branch + ".json"});
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

}  // namespace photon_detail

const Feed& photon() {
  static const photon_detail::PhotonFeed one;
  return one;
}

}  // namespace eclair::feeds
