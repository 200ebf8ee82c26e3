// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
//
// What Clair 1 and 2 answered to GET /v1/layers/TOP?features&vulnerabilities, with the words and the order of our own service. Layers are called by
// their digests, as most clients call them.
#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "match/classic_names.h"
#include "match/match.h"
#include "report/classic/feature_vulnerability.h"
#include "report/classic/v1_vulnerabilities.h"
#include "report/report.h"
#include "report/told.h"
#include "util/go_json.h"

namespace eclair::report {
namespace clair_v1_detail {

constexpr int kEngineVersion = 3;  // Clair's last: clients that ask for one take no smaller number

std::string layer_name(const LayerInfo& layer) {
  return !layer.digest.empty() ? layer.digest.text : !layer.diff_id.empty() ? layer.diff_id.text : "layer-" + std::to_string(layer.index);
}

std::string space_of(const Os& os) {
  const std::string ours = match::name_space(os);
  return match::classic_name_space(ours.empty() ? match::client_name_space(os) : ours);
}

struct Feature {
  std::string_view type;
  std::vector<FeatureVulnerability> vulnerabilities;
};
using Key = std::tuple<std::string_view, std::string_view, std::string, std::uint32_t>;  // name, version, namespace, layer

/// dpkg's by source, as Clair lists them.
Key key_of(const Report& report, const Occurrence& occurrence) {
  const PackageVersion& package = occurrence.package;
  const Os& os = os_of(report, occurrence);
  const std::string ours = match::name_space(package, os);
  std::string space = match::classic_name_space(ours.empty() ? match::client_name_space(os) : ours);
  const bool by_source = package.type == "deb" || package.type == "opkg";
  return {by_source ? package.source() : std::string_view(package.name), by_source ? package.source_ver() : std::string_view(package.version), std::move(space), occurrence.layer};
}

/// One of each name. Binary packages of one source may be judged differently: then the worse severity counts, and no fix where one has none.
void add(std::vector<FeatureVulnerability>& to, FeatureVulnerability one) {
  for (FeatureVulnerability& known : to) {
    if (known.name != one.name) continue;
    known.severity = std::max(known.severity, one.severity);
    if (one.fixed_by.empty()) known.fixed_by.clear();
    return;
  }
  to.push_back(std::move(one));
}

std::map<Key, Feature> features_of(const Report& report, const View& view) {
  std::map<Key, Feature> out;
  for (const Occurrence& one : report.inventory.packages) {
    if (one.removed_in == 0) out[key_of(report, one)].type = one.package.type;
  }
  for (const std::uint32_t i : shown_findings(report, view)) {
    const Finding& finding = report.findings[i];
    const auto at = out.find(key_of(report, occurrence_of(report, finding)));
    if (at != out.end()) add(at->second.vulnerabilities, feature_vulnerability(finding));
  }
  return out;
}

std::string envelope(const Report& report, const View& view) {
  std::map<std::uint32_t, std::string> names;  // of layers, by index
  for (const LayerInfo& layer : report.image.history) {
    if (!layer.empty) names[layer.index] = layer_name(layer);
  }
  const auto name_of = [&](std::uint32_t index) { return names.count(index) > 0 ? names[index] : std::string(); };
  const std::uint32_t top = names.empty() ? 0 : names.rbegin()->first;
  std::string out;
  go_json::Object outer(out);
  go_json::Object layer(outer.key("Layer"));
  layer.string("Name", names.empty() ? report.image.name : name_of(top));
  layer.string_if("NamespaceName", report.inventory.systems.empty() ? std::string() : space_of(report.inventory.systems[0]));
  layer.string_if("ParentName", top > 1 ? name_of(top - 1) : std::string());
  layer.number("IndexedByVersion", kEngineVersion);
  auto features = features_of(report, view);
  if (!features.empty()) {
    std::string& list = layer.key("Features");
    list += '[';
    bool first = true;
    for (auto& [key, feature] : features) {
      if (!std::exchange(first, false)) list += ',';
      go_json::Object object(list);
      object.string("Name", std::get<0>(key)).string("NamespaceName", std::get<2>(key)).string("VersionFormat", feature.type == "rpm" ? "rpm" : "dpkg");
      object.string("Version", std::get<1>(key));
      std::sort(feature.vulnerabilities.begin(), feature.vulnerabilities.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
      if (!feature.vulnerabilities.empty()) object.raw("Vulnerabilities", encode_v1_vulnerabilities(feature.vulnerabilities));
      object.string("AddedBy", name_of(std::get<3>(key))).end();
    }
    list += ']';
  }
  layer.end();
  outer.end();
  return out;
}

std::string envelope(const Failure& failure) {
  std::string out;
  go_json::Object outer(out);
  go_json::Object error(outer.key("Error"));
  error.string("Message", failure.target + ": " + failure.message).end();
  outer.end();
  return out;
}

Result<> render(const Document& document, const View& view, const Sink& out) {
  const bool several = document.reports.size() + document.failures.size() != 1;
  std::string text = several ? "[" : "";
  bool first = true;
  for (const Report& report : document.reports) {
    ECLAIR_CHECK_OK(out(std::exchange(text, {}) + (std::exchange(first, false) ? "" : ",") + envelope(report, view)));
  }
  for (const Failure& failure : document.failures) text += (std::exchange(first, false) ? "" : ",") + envelope(failure);
  return out(text + (several ? "]\n" : "\n"));
}

}  // namespace clair_v1_detail

namespace format {
const Format& clair_v1() {
  static constexpr Format kOne = {"clair-v1", "Clair 1 and 2: the top layer with its features", &clair_v1_detail::render};
  return kOne;
}
}  // namespace format
}  // namespace eclair::report
