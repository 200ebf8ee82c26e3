// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "report/image_names.h"

#include <algorithm>

#include "util/text.h"

namespace eclair::report {
namespace image_names_detail {

constexpr std::string_view kHub = "docker.io", kLibrary = "library/";

bool is_domain(std::string_view first) {
  return first == "localhost" || std::any_of(first.begin(), first.end(), [](char c) { return c == '.' || c == ':' || (c >= 'A' && c <= 'Z'); });
}

void add(std::vector<std::string>& names, std::string name) {
  if (!name.empty() && std::find(names.begin(), names.end(), name) == names.end()) names.push_back(std::move(name));
}

}  // namespace image_names_detail
using namespace image_names_detail;

NameParts name_parts(std::string_view name) {
  NameParts out;
  name = name.substr(0, name.find('@'));
  const std::size_t slash = name.rfind('/');
  const std::size_t colon = name.rfind(':');
  if (colon != std::string_view::npos && (slash == std::string_view::npos || colon > slash)) {
    out.tag = name.substr(colon + 1);
    name = name.substr(0, colon);
  }
  const auto [first, rest] = text::cut(name, '/');
  const bool has_domain = !rest.empty() && is_domain(first);
  out.domain = has_domain ? first : kHub;
  out.path = has_domain ? rest : name;
  if (out.domain == "index.docker.io") out.domain = kHub;
  if (out.domain == kHub && out.path.find('/') == std::string::npos) out.path.insert(0, kLibrary);
  return out;
}

std::vector<std::string> image_names(const Report& report) {
  std::vector<std::string> out;
  add(out, report.image.name);
  // A path of a file is no name of an image.
  if (report.image.name.empty() || report.image.name[0] == '/' || report.image.name[0] == '.') return out;
  const NameParts parts = name_parts(report.image.name);
  std::string_view familiar = parts.path;
  if (familiar.substr(0, kLibrary.size()) == kLibrary) familiar.remove_prefix(kLibrary.size());
  const std::string tag = ":" + (parts.tag.empty() ? "latest" : parts.tag);
  const bool tagged = !parts.tag.empty() || report.image.name.find('@') == std::string::npos;
  std::vector<std::string> bare = {parts.repository()};
  if (parts.domain == kHub) bare.emplace_back(familiar);
  for (const std::string& one : bare) {
    if (tagged) add(out, one + tag);
    add(out, one);
  }
  return out;
}

bool is_named(const Report& report, std::string_view pattern) {
  const std::vector<std::string> names = image_names(report);
  return std::any_of(names.begin(), names.end(), [&](const std::string& name) { return text::glob(pattern, name); });
}

}  // namespace eclair::report
