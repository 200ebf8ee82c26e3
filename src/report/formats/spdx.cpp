// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <string_view>

#include "report/spdx_document.h"

/// SPDX 2.3 or 2.2 as tags and values: a line a fact. source: SPDX 2.3, annexes and examples of spdx/spdx-spec
namespace eclair::report {
namespace spdx_detail {

constexpr std::size_t kPieceBytes = 64u << 10;

/// Values are in one line: what they say cannot become a tag of its own.
void line(std::string& to, std::string_view tag, std::string_view value) {
  if (!value.empty()) to += std::string(tag) + ": " + std::string(value) + '\n';
}

/// For free text. Whoever writes the end of the bracket into a name does not get out of it.
std::string bracketed(std::string text) {
  for (std::size_t at = 0; (at = text.find("</text>", at)) != std::string::npos;) text.replace(at, 7, "</ text>");
  return text.empty() ? text : "<text>" + text + "</text>";
}

void write_package(std::string& to, const spdx::Document& document, const spdx::Package& package) {
  to += '\n';
  line(to, "PackageName", package.name);
  line(to, "SPDXID", package.id);
  line(to, "PackageVersion", package.version);
  line(to, "PackageSupplier", "NOASSERTION");
  line(to, "PackageDownloadLocation", "NOASSERTION");
  line(to, "FilesAnalyzed", "false");
  if (!package.sha256.empty()) line(to, "PackageChecksum", "SHA256: " + package.sha256);
  line(to, "PackageSourceInfo", bracketed(package.source_info));
  line(to, "PackageLicenseConcluded", "NOASSERTION");
  line(to, "PackageLicenseDeclared", "NOASSERTION");
  line(to, "PackageCopyrightText", "NOASSERTION");
  line(to, "PackageSummary", bracketed(package.summary));
  for (const spdx::ExternalRef& one : package.refs) {
    line(to, "ExternalRef", spdx::category_in(document, one) + ' ' + one.type + ' ' + one.locator);
  }
  for (const std::string& one : package.attributions) line(to, "PackageAttributionText", bracketed(one));
  if (document.version != "2.2") line(to, "PrimaryPackagePurpose", package.purpose);
}

Result<> render(const Document& reports, const View& view, const Sink& out) {
  const spdx::Document document = spdx::document_of(reports, view);
  std::string text;
  line(text, "SPDXVersion", "SPDX-" + document.version);
  line(text, "DataLicense", "CC0-1.0");
  line(text, "SPDXID", "SPDXRef-DOCUMENT");
  line(text, "DocumentName", document.name);
  line(text, "DocumentNamespace", document.name_space);
  line(text, "Creator", document.creator);
  line(text, "Created", document.created);
  line(text, "DocumentComment", bracketed(document.comment));
  for (const spdx::Package& one : document.packages) {
    write_package(text, document, one);
    if (text.size() < kPieceBytes) continue;
    ECLAIR_CHECK_OK(out(text));
    text.clear();
  }
  text += '\n';
  for (const spdx::Relationship& one : document.relationships) line(text, "Relationship", one.from + ' ' + one.type + ' ' + one.to);
  return out(text);
}

}  // namespace spdx_detail

namespace format {
const Format& spdx() {
  static constexpr Format kOne = {.id = "spdx", .title = "a bill of materials, SPDX as tags and values", .render = &spdx_detail::render,
                                  .aliases = "spdx-tag-value spdx-tv", .versions = spdx::kVersions};
  return kOne;
}
}  // namespace format
}  // namespace eclair::report
