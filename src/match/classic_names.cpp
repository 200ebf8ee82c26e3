// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "match/classic_names.h"

#include <algorithm>
#include <array>
#include <iterator>

#include "match/families.h"
#include "match/match.h"
#include "model/advisory.h"

namespace eclair::match {
namespace classic_names_detail {

struct Spelling {
  std::string_view ours, classic;  ///< ends with ':': stands for all releases
};
// Clair takes images of CentOS and of Red Hat for "centos", and knew Amazon Linux 1 by the month of its last release.
constexpr Spelling kSpellings[] = {{"rhel:", "centos:"}, {"ol:", "oracle:"}, {"amzn:1", "amzn:2018.03"}};

constexpr std::string_view kClient = "client:";

/// Namespaces of ours that hold no packages.
constexpr std::array<std::string_view, 2> kInner = {kVulnerabilitySpace, kRedhatRepositories};

bool is_inner(std::string_view name) { return std::find(kInner.begin(), kInner.end(), name) != kInner.end(); }

bool starts_with(std::string_view s, std::string_view prefix) { return s.substr(0, prefix.size()) == prefix; }

/// Of Clair 2's migration, which guessed the formats of namespaces that had none.
constexpr std::string_view kRpm[] = {"rhel", "centos", "fedora", "amzn", "scientific", "ol", "oracle"};

std::string respelled(std::string_view name, std::string_view Spelling::*from, std::string_view Spelling::*to) {
  for (const Spelling& one : kSpellings) {
    const std::string_view prefix = one.*from;
    const bool all_releases = prefix.back() == ':';
    if (all_releases ? name.size() > prefix.size() && starts_with(name, prefix) : name == prefix) {
      return std::string(one.*to) + std::string(name.substr(prefix.size()));
    }
  }
  return std::string(name);
}

}  // namespace classic_names_detail

std::string classic_name_space(std::string_view ours) {
  using namespace classic_names_detail;
  if (starts_with(ours, kClient) && is_inner(ours.substr(kClient.size()))) return std::string(ours.substr(kClient.size()));
  return respelled(ours, &Spelling::ours, &Spelling::classic);
}

std::string our_name_space(std::string_view classic) {
  using namespace classic_names_detail;
  if (is_inner(classic)) return std::string(kClient) + std::string(classic);
  return respelled(classic, &Spelling::classic, &Spelling::ours);
}

bool has_classic_name(std::string_view ours) { return !ours.empty() && !classic_names_detail::is_inner(ours); }

std::string_view classic_version_format(std::string_view classic) {
  const std::string_view scheme = scheme_of(our_name_space(classic));
  if (scheme == "apk") return "dpkg";
  if (!scheme.empty()) return scheme;
  const auto is_prefix = [&](std::string_view prefix) { return classic_names_detail::starts_with(classic, prefix); };
  return std::any_of(std::begin(classic_names_detail::kRpm), std::end(classic_names_detail::kRpm), is_prefix) ? "rpm" : "dpkg";
}

}  // namespace eclair::match
