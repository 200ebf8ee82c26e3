// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "report/spdx_document.h"
#include "util/json_writer.h"

/// SPDX 2.3 or 2.2 in JSON. source: spdx-schema.json of spdx/spdx-spec. What 2.2 demands is written in both.
namespace eclair::report {
namespace spdx_json_detail {

constexpr std::size_t kPiece = 64;

void member_if(json::Writer& w, std::string_view name, std::string_view value) {
  if (!value.empty()) w.member(name, value);
}

void write_package(json::Writer& w, const spdx::Document& document, const spdx::Package& package) {
  w.begin_object().member("name", package.name).member("SPDXID", package.id);
  member_if(w, "versionInfo", package.version);
  w.member("supplier", "NOASSERTION").member("downloadLocation", "NOASSERTION").member("filesAnalyzed", false);
  if (!package.sha256.empty()) {
    w.key("checksums").begin_array().begin_object().member("algorithm", "SHA256").member("checksumValue", package.sha256).end_object().end_array();
  }
  member_if(w, "sourceInfo", package.source_info);
  w.member("licenseConcluded", "NOASSERTION").member("licenseDeclared", "NOASSERTION").member("copyrightText", "NOASSERTION");
  member_if(w, "summary", package.summary);
  if (!package.refs.empty()) {
    w.key("externalRefs").begin_array();
    for (const spdx::ExternalRef& one : package.refs) {
      w.begin_object().member("referenceCategory", spdx::category_in(document, one)).member("referenceType", one.type).member("referenceLocator", one.locator).end_object();
    }
    w.end_array();
  }
  if (!package.attributions.empty()) {
    w.key("attributionTexts").begin_array();
    for (const std::string& one : package.attributions) w.string(one);
    w.end_array();
  }
  if (document.version != "2.2") member_if(w, "primaryPackagePurpose", package.purpose);
  w.end_object();
}

Result<> render(const Document& reports, const View& view, const Sink& out) {
  const spdx::Document document = spdx::document_of(reports, view);
  json::Writer w(true);
  w.begin_object().member("spdxVersion", "SPDX-" + document.version).member("dataLicense", "CC0-1.0").member("SPDXID", "SPDXRef-DOCUMENT");
  w.member("name", document.name).member("documentNamespace", document.name_space);
  w.key("creationInfo").begin_object().key("creators").begin_array().string(document.creator).end_array().member("created", document.created).end_object();
  member_if(w, "comment", document.comment);
  w.key("packages").begin_array();
  for (std::size_t i = 0; i < document.packages.size(); ++i) {
    write_package(w, document, document.packages[i]);
    if (i % kPiece == kPiece - 1) ECLAIR_CHECK_OK(out(w.take()));
  }
  w.end_array().key("relationships").begin_array();
  for (const spdx::Relationship& one : document.relationships) {
    w.begin_object().member("spdxElementId", one.from).member("relationshipType", one.type).member("relatedSpdxElement", one.to).end_object();
  }
  w.end_array().end_object();
  return out(w.take() + "\n");
}

}  // namespace spdx_json_detail

namespace format {
const Format& spdx_json() {
  static constexpr Format kOne = {.id = "spdx-json", .title = "a bill of materials, SPDX in JSON", .render = &spdx_json_detail::render, .aliases = {}, .versions = spdx::kVersions};
  return kOne;
}
}  // namespace format
}  // namespace eclair::report
