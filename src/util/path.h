// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace eclair::path {

/// Makes a name of an image safe and comparable: no leading slash, no empty, "." or ".." components (".." climbs, but never above the
/// root, as a chroot would have it); "" for the root itself. Other bytes stay as they are. Writes into `out`.
void clean(std::string_view raw, std::string& out);
std::string clean(std::string_view raw);

inline std::string_view base_name(std::string_view path) { return path.substr(path.rfind('/') + 1); }
/// "" for a name at the root.
inline std::string_view parent(std::string_view path) {
  const std::size_t at = path.rfind('/');
  return at == std::string_view::npos ? std::string_view{} : path.substr(0, at);
}
inline std::string join(std::string_view folder, std::string_view name) {
  return folder.empty() ? std::string(name) : std::string(folder) + "/" + std::string(name);
}
/// Whether `path` is `folder` or lies below it; everything lies below "".
inline bool is_below(std::string_view path, std::string_view folder) {
  return folder.empty() || (path.substr(0, folder.size()) == folder && (path.size() == folder.size() || path[folder.size()] == '/'));
}
/// Whether a path ends with these whole components: "usr/lib/apk/db/installed" ends with "apk/db/installed".
inline bool ends_with(std::string_view path, std::string_view suffix) {
  return path.size() >= suffix.size() && path.substr(path.size() - suffix.size()) == suffix &&
         (path.size() == suffix.size() || path[path.size() - suffix.size() - 1] == '/');
}

}  // namespace eclair::path
