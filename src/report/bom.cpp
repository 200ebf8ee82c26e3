// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "report/bom.h"

#include <algorithm>

#include "report/describe.h"
#include "util/text.h"

namespace eclair::report {
namespace bom_detail {

/// Values that are not known are left out.
void add(Properties& to, std::string_view name, std::string_view value) {
  if (!value.empty()) to.emplace_back("eclair:" + std::string(name), text::clean(value, 4096));
}

}  // namespace bom_detail

Properties package_properties(const Report& report, const Occurrence& occurrence) {
  using bom_detail::add;
  Properties out;
  const PackageVersion& package = occurrence.package;
  add(out, "type", package.type);
  if (occurrence.layer > 0) add(out, "layer:index", std::to_string(occurrence.layer));
  if (const LayerInfo* const layer = layer_of(report, occurrence.layer); layer != nullptr) {
    add(out, "layer:digest", layer->digest.text);
    add(out, "layer:diff_id", layer->diff_id.text);
  }
  add(out, "source:name", package.source());
  add(out, "source:version", package.source_ver());
  add(out, "vendor", package.vendor);
  add(out, "module", package.module);
  for (const std::string& one : occurrence.paths) add(out, "path", one);
  for (const std::string& one : occurrence.repositories) add(out, "repository", one);
  for (const std::string& one : occurrence.cpes) add(out, "cpe", one);
  return out;
}

Properties image_properties(const Report& report) {
  Properties out;
  bom_detail::add(out, "image:config_digest", report.image.config_digest.text);
  for (const LayerInfo& layer : report.image.history) {
    if (!layer.empty) bom_detail::add(out, "image:diff_id", layer.diff_id.text);
  }
  return out;
}

Properties system_properties(const Os& os) {
  Properties out;
  bom_detail::add(out, "distribution:id", os.id);
  bom_detail::add(out, "distribution:version", os.version.empty() ? os.codename : os.version);
  return out;
}

Properties document_properties(const Report& report) {
  Properties out;
  bom_detail::add(out, "data:snapshot", report.snapshot);
  if (const UnixTime at = data_time(report); at != 0) bom_detail::add(out, "data:as_of", rfc3339(at));
  for (const Coverage& one : report.coverage) bom_detail::add(out, "note", one.message);
  return out;
}

bool was_judged(const Report& report) { return !report.feeds.empty() || !report.findings.empty() || !report.suppressed.empty(); }

}  // namespace eclair::report
