// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "report/layers.h"

#include <algorithm>
#include <cstdio>

#include "report/columns.h"
#include "report/finding_columns.h"
#include "report/json_parts.h"
#include "util/text.h"

namespace eclair::report {
namespace layers_detail {

const LayerDelta* delta_of(const Report& report, const LayerInfo& layer) {
  if (layer.empty) return nullptr;
  const auto at = std::find_if(report.inventory.deltas.begin(), report.inventory.deltas.end(), [&](const LayerDelta& d) { return d.index == layer.index; });
  return at == report.inventory.deltas.end() ? nullptr : &*at;
}

/// "29.1 MB"; sizes of layers are advertised in decimal units.
std::string size_of(std::uint64_t bytes) {
  if (bytes == 0) return "";
  constexpr const char* kUnits[] = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};
  double value = static_cast<double>(bytes);
  std::size_t unit = 0;
  while (value >= 999.5 && unit + 1 < std::size(kUnits)) {
    value /= 1000;
    ++unit;
  }
  char out[32];
  (void)std::snprintf(out, sizeof out, unit == 0 || value >= 99.95 ? "%.0f %s" : "%.1f %s", value, kUnits[unit]);
  return out;
}

std::string changed(const PackageVersion& package, char sign) {
  return std::string(1, sign) + " " + text::clean(package.name, 200) + " " + text::clean(package.version, 200) +
         (package.arch.empty() ? "" : " " + text::clean(package.arch, 40));
}

std::vector<Cell> row_of(const Report& report, const LayerInfo& layer) {
  const std::string command = text::clean(layer.created_by, 1000);
  if (layer.empty) return {{"-", Color::dim}, {""}, {""}, {""}, {""}, {command, Color::dim}};
  const LayerDelta* const delta = delta_of(report, layer);
  const Digest& shown = layer.digest.empty() ? layer.diff_id : layer.digest;
  const std::string added = delta == nullptr ? "?" : std::to_string(delta->added.size());
  const std::string removed = delta == nullptr ? "?" : std::to_string(delta->removed.size());
  return {{layer_words(report, layer.index)}, {std::string(shown.brief())}, {size_of(layer.size)}, {added}, {removed},
          {layer.not_analysed.empty() ? command : "(not read: " + text::clean(layer.not_analysed, 200) + ") " + command}};
}

void write_packages(json::Writer& w, std::string_view name, const std::vector<PackageVersion>& packages) {
  w.key(name).begin_array();
  for (const PackageVersion& one : packages) {
    w.begin_object();
    write_package_version(w, one);
    w.end_object();
  }
  w.end_array();
}

}  // namespace layers_detail

std::string base_words(const Report& report) {
  if (!report.base) return {};
  return " (" + std::to_string(report.base->layers) + " of " + (report.base->name.empty() ? "its base image" : "base image " + text::clean(report.base->name, 200)) + ")";
}

std::string render_layers_table(const Report& report, const View& view) {
  std::string out = text::clean(report.image.name, 300);
  if (!report.image.digest.empty()) out += "   sha256:" + std::string(report.image.digest.brief());
  if (!report.image.platform.os.empty()) out += "   " + text::clean(report.image.platform.text(), 60);
  out += "\n";
  if (report.base) {
    const auto layers = std::count_if(report.image.history.begin(), report.image.history.end(), [](const LayerInfo& l) { return !l.empty; });
    out += std::to_string(layers) + (layers == 1 ? " layer" : " layers") + base_words(report) + "\n";
  }
  out += "\n";

  std::vector<std::vector<Cell>> rows;
  for (const LayerInfo& layer : report.image.history) {
    rows.push_back(layers_detail::row_of(report, layer));
    const LayerDelta* const delta = layers_detail::delta_of(report, layer);
    if (!view.list_packages || delta == nullptr) continue;
    for (const PackageVersion& one : delta->added) rows.push_back({{""}, {""}, {""}, {""}, {""}, {layers_detail::changed(one, '+')}});
    for (const PackageVersion& one : delta->removed) rows.push_back({{""}, {""}, {""}, {""}, {""}, {layers_detail::changed(one, '-')}});
  }
  out += lay_out({{"LAYER"}, {"DIGEST"}, {"SIZE"}, {"ADDED"}, {"REMOVED"}, {"COMMAND", 0, true}}, rows, view);

  bool first = true;
  for (const NamedFileState& file : report.inventory.files) {
    if (first) out += "\n";
    first = false;
    out += file.present ? "layer " + std::to_string(file.layer) + ": " + text::clean(file.file.path, 300) + " (" + text::clean(file.pattern, 120) + ")\n"
                        : "no layer: " + text::clean(file.pattern, 120) + "\n";
  }
  return out;
}

std::string render_layers_json(const Report& report) {
  json::Writer w(true);
  w.begin_object();
  write_preamble(w, report);
  w.key("target");
  write_target(w, report);
  w.key("layers").begin_array();
  for (const LayerInfo& layer : report.image.history) {
    write_layer(w, report, layer, /*leave_open=*/true);
    if (!layer.empty) {
      const LayerDelta* const delta = layers_detail::delta_of(report, layer);
      if (delta != nullptr) {
        layers_detail::write_packages(w, "added", delta->added);
        layers_detail::write_packages(w, "removed", delta->removed);
      }
      w.key("files").begin_array();
      for (const NamedFileState& file : report.inventory.files) {
        if (file.present && file.layer == layer.index) write_named_file(w, file);
      }
      w.end_array();
    }
    w.end_object();
  }
  w.end_array().key("notes");
  write_notes(w, report);
  w.end_object();
  return w.take() + "\n";
}

}  // namespace eclair::report
