// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "extract/ownable.h"

#include <algorithm>
#include <array>

#include "util/text.h"

namespace eclair::extract {
namespace ownable_detail {

constexpr std::array<std::string_view, 15> kArchives = {".jar", ".war", ".ear", ".par", ".sar", ".nar", ".kar", ".rar",
                                                        ".jpi", ".hpi", ".jmod", ".egg", ".whl", ".gemspec", ".egg-info"};

/// The last component of `path`, which is shortened by it.
std::string_view take_last(std::string_view& path) {
  const std::size_t slash = path.rfind('/');
  const std::string_view last = slash == std::string_view::npos ? path : path.substr(slash + 1);
  path = slash == std::string_view::npos ? std::string_view{} : path.substr(0, slash);
  return last;
}

/// Whether some component of `folder` is `name`.
bool has_component(std::string_view folder, std::string_view name) {
  for (std::size_t at = folder.find(name); at != std::string_view::npos; at = folder.find(name, at + 1)) {
    const std::size_t end = at + name.size();
    if ((at == 0 || folder[at - 1] == '/') && (end == folder.size() || folder[end] == '/')) return true;
  }
  return false;
}

bool ends_with_caseless(std::string_view s, std::string_view tail) {
  return s.size() >= tail.size() && text::iequals(s.substr(s.size() - tail.size()), tail);
}

}  // namespace ownable_detail

bool is_language_evidence(std::string_view path) {
  using namespace ownable_detail;
  std::string_view folder = path;
  const std::string_view base = take_last(folder);
  if (base.size() < 4) return false;
  switch (base.back()) {
    case 'A':  // METADATA
      if (base != "METADATA") return false;
      return ends_with_caseless(folder, ".dist-info") || folder.ends_with(".egg-info");
    case 'O':  // PKG-INFO
      return base == "PKG-INFO" && (folder.ends_with(".egg-info") || folder.ends_with("EGG-INFO"));
    case 'n':
      // Debian puts node modules below share/nodejs and lib/nodejs as well.
      if (base == "package.json") return has_component(folder, "node_modules") || has_component(folder, "nodejs");
      if (base == "installed.json") return take_last(folder) == "composer";
      if (base.ends_with(".deps.json")) return true;
      if (base.ends_with(".json")) return take_last(folder) == "conda-meta";
      return false;
    case 'k':
      return base == "Cargo.lock";
    default:
      return std::any_of(kArchives.begin(), kArchives.end(), [base](std::string_view end) { return base.size() > end.size() && base.ends_with(end); });
  }
}

}  // namespace eclair::extract
