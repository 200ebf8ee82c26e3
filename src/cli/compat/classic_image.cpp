// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/compat/classic_image.h"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <optional>
#include <tuple>
#include <utility>

#include "cli/analysis.h"
#include "cli/base_layers.h"
#include "cli/fetching.h"
#include "cli/remote_images.h"
#include "cli/server_scan.h"
#include "cli/server_settings.h"
#include "image/reference.h"
#include "match/classic_names.h"
#include "match/match.h"
#include "report/classic/feature_vulnerability.h"
#include "report/classic/v1_vulnerabilities.h"

namespace eclair::cli::compat {
namespace classic_image_detail {

Result<report::Report> by_server(const Invocation& call, const std::string& target, const std::string& url,
                                 const image::OpenOptions& open) {
  ECLAIR_TRY(const std::string token, secret_of(call.settings, "token"));
  const auto server = remote_images(call, url, token);
  const auto known = call.settings.flag("server-fetch") ? nullptr : open_known_layers(call);
  ECLAIR_TRY(report::Report report, scan_by_server(call, target, open, *server, known.get()));
  ECLAIR_CHECK_OK(find_base(call, known.get(), std::nullopt, report));
  return report;
}

Result<report::Report> here(const Invocation& call, const std::string& target, const image::OpenOptions& open) {
  ECLAIR_TRY(const KnownAdvisories advisories, open_known_advisories(call));
  NeededAdvisories needed(call, *advisories);
  const auto known = open_known_layers(call);
  ECLAIR_TRY(index::IndexedImage read, read_image(call, target, open, known.get(), false, needed.foreseer()));
  needed.fetch(read.inventory);
  ECLAIR_TRY(report::Report report, judge_image(call, std::move(read), advisories));
  ECLAIR_CHECK_OK(find_base(call, known.get(), std::nullopt, report));
  return report;
}

bool before(const ClassicFeature& a, const ClassicFeature& b) {
  return std::tie(a.name, a.version, a.name_space, a.layer) < std::tie(b.name, b.version, b.name_space, b.layer);
}

}  // namespace classic_image_detail

Result<report::Report> scanned(const Invocation& call, const std::string& target) {
  ECLAIR_TRY(const image::OpenOptions open, open_options(call));
  ECLAIR_TRY(const std::string url, server_of(call));
  ECLAIR_TRY(report::Report report,
             url.empty() ? classic_image_detail::here(call, target, open) : classic_image_detail::by_server(call, target, url, open));
  // The originals could not answer without a server's data. Nobody's pipeline passes because there is none here.
  for (const Coverage& one : report.coverage) {
    if (one.code == "no_data") return fail(Error{Errc::unavailable, "not judged: " + one.message, "eclair db update, or eclair db import"});
  }
  warn_of_gaps(call, report);
  return report;
}

std::vector<ClassicFeature> classic_features(const report::Report& report) {
  const Inventory& inventory = report.inventory;
  std::vector<ClassicFeature> all;
  std::vector<std::size_t> place(inventory.packages.size(), SIZE_MAX);  // of a package, in `all`
  const Os none;
  for (std::size_t i = 0; i < inventory.packages.size(); ++i) {
    const Occurrence& one = inventory.packages[i];
    if (one.removed_in != 0) continue;
    const Os& os = one.os < inventory.systems.size() ? inventory.systems[one.os] : none;
    const bool by_source = one.package.type == "deb" || one.package.type == "opkg";
    std::string space = match::name_space(one.package, os);
    if (space.empty()) space = match::client_name_space(os);
    place[i] = all.size();
    ClassicFeature feature;
    feature.name = by_source ? one.package.source() : one.package.name;
    feature.version = by_source ? one.package.source_ver() : one.package.version;
    feature.name_space = match::classic_name_space(space);
    feature.layer = one.layer;
    all.push_back(std::move(feature));
  }
  for (const Finding& finding : report.findings) {
    if (finding.package >= place.size() || place[finding.package] == SIZE_MAX) continue;
    all[place[finding.package]].vulnerabilities.push_back(report::feature_vulnerability(finding));
  }
  std::stable_sort(all.begin(), all.end(), classic_image_detail::before);
  std::vector<ClassicFeature> out;
  for (ClassicFeature& one : all) {
    if (out.empty() || classic_image_detail::before(out.back(), one)) {
      out.push_back(std::move(one));
    } else {
      auto& to = out.back().vulnerabilities;
      to.insert(to.end(), std::make_move_iterator(one.vulnerabilities.begin()), std::make_move_iterator(one.vulnerabilities.end()));
    }
  }
  for (ClassicFeature& one : out) {
    auto& list = one.vulnerabilities;
    std::stable_sort(list.begin(), list.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
    list.erase(std::unique(list.begin(), list.end(), [](const auto& a, const auto& b) { return a.name == b.name; }), list.end());
  }
  return out;
}

std::size_t count(const std::vector<ClassicFeature>& features) {
  std::size_t out = 0;
  for (const ClassicFeature& one : features) out += one.vulnerabilities.size();
  return out;
}

std::string_view priority_of(const report::FeatureVulnerability& vulnerability) {
  return report::classic_severity(vulnerability.severity, vulnerability.severity_word);
}

ClassicName classic_name(const report::Report& report, const std::string& target) {
  const std::string& source = report.image.source;
  const bool local = source == "docker" || source == "podman" || source == "containers-storage";
  if (source != "registry" && !local) return {"", report.image.name, "", false};
  std::string_view bare = target;
  for (const std::string_view scheme : {"registry://", "registry:", "docker://", "docker-daemon:", "docker:", "local://", "podman:", "containers-storage:"}) {
    if (bare.starts_with(scheme)) {
      bare.remove_prefix(scheme.size());
      break;
    }
  }
  const auto reference = image::parse_reference(bare);
  if (!reference) return {"", report.image.name, "", false};
  ClassicName out{reference->domain, reference->path, reference->tag, true};
  if (out.registry != "docker.io") {
    out.name = out.registry + "/" + out.name;
  } else if (out.name.starts_with("library/")) {
    out.name.erase(0, std::string_view("library/").size());
  }
  if (local) out.registry.clear();
  return out;
}

}  // namespace eclair::cli::compat
