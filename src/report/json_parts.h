// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "report/report.h"
#include "util/json_writer.h"

/// Pieces of JSON that the report and the answers of other commands have in common. Each writes one value.
namespace eclair::report {

inline constexpr std::string_view kSchemaVersion = "1.0";

/// "p1" is Inventory::packages[0].
std::string package_key(std::uint32_t index);
/// schema, schema_version, tool, generated_at: members of an object that is open.
void write_preamble(json::Writer& w, const Report& report);
void write_target(json::Writer& w, const Report& report);
/// One step of the history. The object is left open when `leave_open`.
void write_layer(json::Writer& w, const Report& report, const LayerInfo& layer, bool leave_open = false);
void write_package(json::Writer& w, const Report& report, const Occurrence& one);  ///< an object
void write_package_version(json::Writer& w, const PackageVersion& package);  ///< members of an open object: name ... vendor
void write_finding(json::Writer& w, const Report& report, const Finding& finding);
void write_suppression(json::Writer& w, const Suppression& by);  ///< an object
void write_exploited(json::Writer& w, const Exploited& listed);  ///< member "known_exploited" of an open object
void write_epss(json::Writer& w, const Epss& epss);              ///< member "epss" of an open object
void write_judgement(json::Writer& w, const Judgement& judgement);
void write_data(json::Writer& w, const Report& report);
void write_notes(json::Writer& w, const Report& report);
void write_named_file(json::Writer& w, const NamedFileState& file);
/// A whole report, handed out in pieces; what is left in the writer belongs to it, too. errors: those of the sink.
Result<> write_report(json::Writer& w, const Report& report, const View& view, const Sink& out);

}  // namespace eclair::report
