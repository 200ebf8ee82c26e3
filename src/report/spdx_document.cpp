// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "report/spdx_document.h"

#include <algorithm>
#include <map>
#include <set>

#include "match/families.h"
#include "match/match.h"
#include "report/bom.h"
#include "report/describe.h"
#include "util/digest.h"
#include "util/text.h"
#include "util/uuid.h"

namespace eclair::report::spdx {
namespace spdx_document_detail {

constexpr std::string_view kDocument = "SPDXRef-DOCUMENT";

/// Letters, digits, "." and "-" are all that an id may have.
std::string id_part(std::string_view text) {
  std::string out;
  for (const char c : text.substr(0, 60)) out += text::is_alpha(c) || text::is_digit(c) || c == '.' ? c : '-';
  return out;
}

class Ids {
 public:
  /// By the content, so that a package keeps its id where others come and go.
  std::string add(std::string_view kind, std::string_view name, std::string_view content) {
    const std::string stem = "SPDXRef-" + std::string(kind) + '-' + id_part(name) + '-' + std::string(sha256(content).hex().substr(0, 12));
    std::string out = stem;
    for (unsigned n = 2; !taken_.insert(out).second; ++n) out = stem + '-' + std::to_string(n);
    return out;
  }

 private:
  std::set<std::string> taken_;
};

void add_lines(Package& to, const Properties& properties) {
  for (const auto& [name, value] : properties) to.attributions.push_back(name + ": " + value);
}

Package image_package(const Report& report, Ids& ids, std::size_t number) {
  const Image& image = report.image;
  Package out;
  out.name = text::clean(image.name, 1000);
  const std::string path = name_parts(image).path;
  out.id = ids.add("Image", path.substr(path.rfind('/') + 1), image.digest.text + image.name + '\0' + std::to_string(number));
  out.version = image.digest.text;
  out.purpose = "CONTAINER";
  if (image.digest.algorithm() == "sha256") out.sha256 = image.digest.hex();
  if (std::string purl = match::oci_purl(image); !purl.empty()) out.refs.push_back({"PACKAGE-MANAGER", "purl", std::move(purl)});
  add_lines(out, image_properties(report));
  return out;
}

Package system_package(const Os& os, Ids& ids, std::string_view image) {
  Package out;
  out.name = text::clean(os.id, 200);
  out.version = text::clean(os.version.empty() ? os.codename : os.version, 200);
  out.id = ids.add("OperatingSystem", os.id, std::string(image) + '\0' + os.id + '\0' + out.version);
  out.summary = text::clean(os.pretty, 400);
  out.purpose = "OPERATING-SYSTEM";
  add_lines(out, system_properties(os));
  return out;
}

Package library_package(const Report& report, const Occurrence& one, Ids& ids, std::string_view image) {
  const PackageVersion& package = one.package;
  std::string purl = purl_of(report, one);
  Package out;
  out.name = text::clean(package.name, 1000);
  out.version = text::clean(package.version, 1000);
  out.id = ids.add("Package", package.type + '-' + package.name, std::string(image) + '\0' + purl + '\0' + (one.paths.empty() ? "" : one.paths.front()));
  out.purpose = "LIBRARY";
  // The form that Trivy writes: matching of an SBOM needs the source package.
  if (match::is_system_type(package.type)) {
    out.source_info = "built package from: " + text::clean(package.source(), 400) + ' ' + text::clean(package.source_ver(), 400);
  }
  out.refs.push_back({"PACKAGE-MANAGER", "purl", std::move(purl)});
  add_lines(out, package_properties(report, one));
  return out;
}

void add_image(Document& to, const Report& report, Ids& ids, std::size_t number) {
  to.packages.push_back(image_package(report, ids, number));
  const std::string root = to.packages.back().id;
  to.relationships.push_back({std::string(kDocument), "DESCRIBES", root});
  std::map<std::uint32_t, std::string> systems;
  for (std::uint32_t i = 0; i < report.inventory.systems.size(); ++i) {
    if (!report.inventory.systems[i]) continue;
    to.packages.push_back(system_package(report.inventory.systems[i], ids, root));
    systems[i] = to.packages.back().id;
    to.relationships.push_back({root, "CONTAINS", systems[i]});
  }
  for (const Occurrence& one : report.inventory.packages) {
    if (one.removed_in > 0) continue;  // by a later layer: a bill says what the image holds
    to.packages.push_back(library_package(report, one, ids, root));
    const auto system = match::is_system_type(one.package.type) ? systems.find(one.os) : systems.end();
    to.relationships.push_back({system == systems.end() ? root : system->second, "CONTAINS", to.packages.back().id});
  }
}

}  // namespace spdx_document_detail

Document document_of(const report::Document& reports, const View& view) {
  Document out;
  out.version = view.format_version.empty() ? "2.3" : view.format_version;
  UnixTime when = 0;
  std::string identity = "spdx " + out.version;
  for (const Report& one : reports.reports) {
    when = std::max(when, one.generated_at);
    identity += ' ' + document_uuid(one, "spdx") + ' ' + rfc3339(one.generated_at);
    out.creator = "Tool: eclair-" + one.tool_version;
    out.name += (out.name.empty() ? "" : ", ") + text::clean(one.image.name, 300);
    for (const auto& [name, value] : document_properties(one)) out.comment += (out.comment.empty() ? "" : "; ") + name + ": " + value;
  }
  for (const Failure& one : reports.failures) out.comment += (out.comment.empty() ? "" : "; ") + std::string("eclair:failure: ") + text::clean(one.target + ": " + one.message, 1000);
  if (out.name.empty()) out.name = "nothing";
  if (out.creator.empty()) out.creator = "Tool: eclair";
  out.created = rfc3339(when);
  // Each document has an address of its own; there need be nothing at it.
  out.name_space = "https://spdx.org/spdxdocs/eclair-" + spdx_document_detail::id_part(out.name) + '-' + uuid5(identity);
  spdx_document_detail::Ids ids;
  for (std::size_t i = 0; i < reports.reports.size(); ++i) spdx_document_detail::add_image(out, reports.reports[i], ids, i);
  return out;
}

std::string category_in(const Document& document, const ExternalRef& ref) {
  std::string out = ref.category;
  if (document.version == "2.2") std::replace(out.begin(), out.end(), '-', '_');
  return out;
}

}  // namespace eclair::report::spdx
