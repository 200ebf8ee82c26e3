// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "suppress/purl_pattern.h"

#include <cstddef>
#include <string>
#include <string_view>

#include "match/match.h"
#include "report/image_names.h"
#include "util/text.h"

namespace eclair::suppress {
namespace purl_pattern_detail {

/// "*" stands for any characters, a slash too: what is compared is one field, not a path.
bool like(std::string_view pattern, std::string_view text) {
  std::size_t p = 0, t = 0, star = std::string_view::npos, mark = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      mark = t;
    } else if (p < pattern.size() && pattern[p] == text[t]) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++mark;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

/// The two spellings of one version of an rpm: the epoch before it, or apart.
bool same_version(std::string_view pattern, std::string_view version, bool apart) {
  if (like(pattern, version)) return true;
  const std::size_t colon = version.find(':');
  return apart && colon != std::string_view::npos && like(pattern, version.substr(colon + 1));
}

bool is_source(std::string_view arch) { return arch == "source" || arch == "src"; }

}  // namespace purl_pattern_detail
using namespace purl_pattern_detail;

bool names_package(const PurlPattern& pattern, const Occurrence& package, const Os& os) {
  // What the package is called is asked of the one place that knows the rules of each type.
  const auto own = match::parse_purl(match::purl(package.package, os));
  if (!own || own->type != pattern.type) return false;
  if (!text::iequals(pattern.name_space, own->name_space) && !like(pattern.name_space, own->name_space)) return false;
  if (const std::string_view distro = pattern.qualifier("distro"); !distro.empty() && !like(distro, own->qualifier("distro"))) {
    // Some write the code name: "distro=bookworm".
    if (!text::iequals(distro, os.codename) && !text::iequals(distro, os.id + "-" + os.codename)) return false;
  }
  const std::string_view epoch = pattern.qualifier("epoch"), arch = pattern.qualifier("arch");
  const bool rpm = pattern.type == "rpm";
  if (is_source(arch)) {
    return like(pattern.name, package.package.source()) && (pattern.version.empty() || same_version(pattern.version, package.package.source_ver(), rpm));
  }
  if (!arch.empty() && arch != package.package.arch) return false;
  if (rpm && !epoch.empty()) {
    const std::string_view installed = own->qualifier("epoch");
    if (epoch != (installed.empty() ? std::string_view("0") : installed)) return false;
  }
  if (!like(pattern.name, own->name) && !text::iequals(pattern.name, own->name)) return false;
  return pattern.version.empty() || same_version(pattern.version, package.package.version, rpm);
}

bool names_image(const PurlPattern& pattern, const report::Report& report) {
  const report::NameParts parts = report::name_parts(report.image.name);
  if (pattern.type == "docker") {
    const std::string path = pattern.name_space.empty() ? "library/" + pattern.name : pattern.name_space + "/" + pattern.name;
    if (!like(path, parts.path)) return false;
    return pattern.version.empty() || pattern.version == parts.tag || pattern.version == report.image.digest.text;
  }
  if (pattern.type != "oci") return false;
  const std::string repository = parts.repository();
  const std::string last = text::lower(std::string_view(repository).substr(repository.rfind('/') + 1));
  if (!like(text::lower(pattern.name), last)) return false;
  if (!pattern.version.empty() && pattern.version != report.image.digest.text) return false;
  if (const std::string_view tag = pattern.qualifier("tag"); !tag.empty() && !like(tag, parts.tag.empty() ? "latest" : parts.tag)) return false;
  if (const std::string_view url = pattern.qualifier("repository_url"); !url.empty()) {
    // By the specification with the image's own name at the end; many leave that out, or write only the registry.
    std::string_view place = url;
    for (const std::string_view scheme : {"https://", "http://"}) {
      if (place.substr(0, scheme.size()) == scheme) place.remove_prefix(scheme.size());
    }
    while (!place.empty() && place.back() == '/') place.remove_suffix(1);
    const report::NameParts named = report::name_parts(place);
    const std::string folder = repository.substr(0, repository.rfind('/'));
    if (place != repository && place != folder && named.repository() != repository) return false;
  }
  return true;
}

}  // namespace eclair::suppress
