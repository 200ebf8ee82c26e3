// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "suppress/purl_pattern.h"

#include <algorithm>

#include "match/match.h"
#include "report/image_names.h"
#include "util/text.h"

namespace eclair::suppress {
namespace purl_pattern_detail {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char low = text::lower(c);
  return low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
}

/// A "%" that no two hex digits follow stands for itself.
std::string decoded(std::string_view s) {
  std::string out;
  for (std::size_t i = 0; i < s.size(); ++i) {
    const int high = s[i] == '%' && i + 2 < s.size() ? hex_digit(s[i + 1]) : -1;
    const int low = high >= 0 ? hex_digit(s[i + 2]) : -1;
    if (low >= 0) {
      out += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      out += s[i];
    }
  }
  return out;
}

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

std::string_view PurlPattern::qualifier(std::string_view key) const {
  const auto at = std::find_if(qualifiers.begin(), qualifiers.end(), [&](const auto& one) { return one.first == key; });
  return at == qualifiers.end() ? std::string_view{} : std::string_view(at->second);
}

Result<PurlPattern> parse_purl(std::string_view text) {
  const auto bad = [&] { return fail(Errc::invalid_input, text::quoted(text, 100) + " is no package URL"); };
  if (text.size() > kMaxPurlBytes || !text::iequals(text.substr(0, 4), "pkg:")) return bad();
  std::string_view rest = text.substr(4);
  while (!rest.empty() && rest[0] == '/') rest.remove_prefix(1);
  rest = rest.substr(0, rest.find('#'));
  PurlPattern out;
  if (const std::size_t question = rest.find('?'); question != std::string_view::npos) {
    for (const std::string_view one : text::split(rest.substr(question + 1), '&')) {
      const auto [key, value] = text::cut(one, '=');
      if (!key.empty() && !value.empty()) out.qualifiers.emplace_back(text::lower(key), decoded(value));
    }
    rest = rest.substr(0, question);
  }
  const std::size_t type_end = rest.find('/');
  if (type_end == std::string_view::npos || type_end == 0) return bad();
  out.type = text::lower(rest.substr(0, type_end));
  rest.remove_prefix(type_end + 1);
  // "@scope/name" of npm begins with what else begins a version: the last one counts, and none that comes before a slash.
  const std::size_t at = rest.rfind('@');
  if (at != std::string_view::npos && at > 0 && rest.find('/', at) == std::string_view::npos) {
    out.version = decoded(rest.substr(at + 1));
    rest = rest.substr(0, at);
  }
  std::vector<std::string> parts;
  for (const std::string_view one : text::split(rest, '/')) {
    if (!one.empty()) parts.push_back(decoded(one));
  }
  if (parts.empty()) return bad();
  out.name = std::move(parts.back());
  parts.pop_back();
  out.name_space = text::join(parts, "/");
  return out;
}

bool names_package(const PurlPattern& pattern, const Occurrence& package, const Os& os) {
  // What the package is called is asked of the one place that knows the rules of each type.
  const auto own = parse_purl(match::purl(package.package, os));
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
