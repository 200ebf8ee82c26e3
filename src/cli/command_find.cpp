// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// Where a vulnerability is, among all images and layers that are kept.
#include <utility>
#include <vector>

#include "cli/analysis.h"
#include "cli/command.h"
#include "cli/db_words.h"
#include "cli/output.h"
#include "cli/remote_images.h"
#include "report/columns.h"
#include "report/json_parts.h"
#include "util/json_writer.h"
#include "util/text.h"

namespace eclair::cli {
namespace command_find_detail {

constexpr std::size_t kPage = 500;
using report::Cell;

void write_packages(json::Writer& w, const std::vector<PackageVersion>& packages) {
  w.key("packages").begin_array();
  for (const PackageVersion& one : packages) {
    w.begin_object().member("type", one.type).member("name", one.name).member("version", one.version).member("source", one.source()).end_object();
  }
  w.end_array();
}

Cell cell(std::string text) { return {std::move(text), report::Color::none}; }

std::string name_of(const service::ImageHit& hit) { return hit.names.empty() ? hit.id : hit.names.front(); }

/// All pages of a search, one after the other.
template <class Ask, class Each>
Result<> every(const Invocation& call, Ask ask, Each each) {
  std::string after;
  do {
    if (call.stop.requested()) return fail(Errc::cancelled, "interrupted");
    ECLAIR_TRY(const auto page, ask(after));
    for (const auto& item : page.items) each(item);
    after = page.next;
  } while (!after.empty());
  return {};
}

Result<int> run(const Invocation& call) {
  ECLAIR_TRY(const std::vector<Output> outputs, plan_outputs(call.settings, {"table", "json"}));
  if (call.arguments.size() != 1) return fail(Error{Errc::invalid_input, "find takes one vulnerability", "eclair find CVE-2024-3094"});
  std::string id = call.arguments.front();
  if (text::lower(id).starts_with("cve-")) {
    for (char& c : id) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  }
  const std::string space = call.settings.text("namespace");
  ECLAIR_TRY(const KeptImages images, KeptImages::open(call));

  json::Writer w(true);
  w.begin_object().member("schema_version", report::kSchemaVersion).member("vulnerability", id).key("images").begin_array();
  std::vector<std::vector<Cell>> image_rows, layer_rows;
  ECLAIR_CHECK_OK(every(
      call, [&](const std::string& after) { return images->images_with(id, space, after, kPage, images.who()); },
      [&](const service::ImageHit& hit) {
        w.begin_object().member("id", hit.id);
        write_or_null(w, "digest", hit.digest.text);
        write_strings(w, "names", hit.names);
        w.member("namespace", hit.name_space).key("layer").begin_object().member("index", std::int64_t{hit.layer.index});
        write_or_null(w, "digest", hit.layer.digest.text);
        write_or_null(w, "created_by", hit.layer.created_by);
        w.end_object();
        write_packages(w, hit.packages);
        w.end_object();
        for (const PackageVersion& package : hit.packages) {
          image_rows.push_back({cell(text::clean(name_of(hit), 300)), cell(text::clean(package.name, 200)), cell(text::clean(package.version, 100)),
                                cell(std::to_string(hit.layer.index) + (hit.layer.digest.empty() ? "" : " " + std::string(hit.layer.digest.brief()))),
                                cell(text::clean(hit.layer.created_by, 300))});
        }
      }));
  w.end_array().key("layers").begin_array();
  ECLAIR_CHECK_OK(every(
      call, [&](const std::string& after) { return images->layers_with(id, space, after, kPage, images.who()); },
      [&](const service::LayerHit& hit) {
        if (hit.scope != store::Scope::v1) return;  // told with their images
        w.begin_object().member("layer", hit.layer).member("namespace", hit.name_space);
        write_packages(w, hit.packages);
        w.end_object();
        for (const PackageVersion& package : hit.packages) {
          layer_rows.push_back({cell(text::clean(hit.layer, 300)), cell(text::clean(package.name, 200)), cell(text::clean(package.version, 100)), cell(text::clean(hit.name_space, 100))});
        }
      }));
  w.end_array().end_object();

  std::string table;
  if (!image_rows.empty()) {
    table += report::lay_out({{"IMAGE", 0, true}, {"PACKAGE", 0, true}, {"INSTALLED", 0, true}, {"LAYER"}, {"COMMAND", 0, true, true}}, image_rows, view_of(call));
  }
  if (!layer_rows.empty()) {
    table += (table.empty() ? "" : "\n") + report::lay_out({{"LAYER", 0, true}, {"PACKAGE", 0, true}, {"INSTALLED", 0, true}, {"NAMESPACE"}}, layer_rows, view_of(call));
  }
  if (table.empty()) table = text::clean(id, 100) + " is in no image and no layer that is kept, by what is known there now\n";
  ECLAIR_CHECK_OK(write_outputs(call, outputs, table, w.take() + "\n"));
  return int{kOk};
}

}  // namespace command_find_detail

namespace command {
const Command& find() {
  static constexpr Command kOne = {
      .name = "find",
      .aliases = "",
      .section = Section::inspect,
      .purpose = "Tells which of the images that are kept have a vulnerability, and in which layer.",
      .usage = "VULNERABILITY [--server URL]",
      .examples = "eclair find CVE-2024-3094 --server https://eclair:6060\n"
                  "eclair find CVE-2024-3094 --namespace debian:12   # in the store of this machine\n"
                  "eclair find CVE-2024-3094 -f json                 # for programs\n"
                  "ECLAIR_SERVER=https://eclair:6060 ECLAIR_TOKEN=... eclair find GHSA-h5c8-rqwp-cp95",
      .notes = "No layer is read: what is looked up grows with what is found. Layers that were posted by the old APIs are listed by their names.",
      .run = &command_find_detail::run,
  };
  return kOne;
}
}  // namespace command
}  // namespace eclair::cli
