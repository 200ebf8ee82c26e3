// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "util/digest.h"
#include "util/result.h"

namespace eclair::image {

/// Which image of a layout or archive that holds several: "PATH:name", "PATH@digest". Both empty: the only one.
struct Selection {
  std::string name;
  Digest digest;
  bool empty() const { return name.empty() && digest.empty(); }
};

/// Whether an image that a layout or archive calls `have` is the one asked for: the same words, the same reference when written out
/// ("alpine" and "docker.io/library/alpine:latest"), or only its tag.
bool name_matches(std::string_view asked, std::string_view have);

/// What a target without its scheme names: an existing path, perhaps with a selection after it. Colons in existing names are part of the path.
struct PathTarget {
  std::string path;
  Selection selection;
};
/// exists: asks whether there is such a file or folder.  errors: invalid_input (a malformed digest after a path that exists).
template <class Exists>
Result<PathTarget> split_selection(std::string_view target, Exists exists) {
  const std::string whole(target);
  if (exists(whole)) return PathTarget{whole, {}};
  for (std::size_t at = target.find_last_of(":@"); at != std::string_view::npos && at > 0; at = target.find_last_of(":@", at - 1)) {
    const std::string path(target.substr(0, at));
    if (!exists(path)) continue;
    PathTarget out{path, {}};
    const std::string_view rest = target.substr(at + 1);
    if (target[at] == '@') {
      ECLAIR_TRY(out.selection.digest, Digest::parse(rest));
    } else {
      out.selection.name = rest;
    }
    return out;
  }
  return PathTarget{whole, {}};
}

}  // namespace eclair::image
