// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "extract/extractor.h"

namespace eclair::extract {

/// Whose files a list names: "libc6:amd64" is split at the colon.
struct ListOwner {
  std::string name, arch;
};
/// base: the file's base name.  ending: ".list" or ".md5sums", which it has.
ListOwner list_owner(std::string_view base, std::string_view ending);

enum class ListForm : std::uint8_t {
  paths,    ///< one path a line, with a leading slash
  md5sums,  ///< digest, two blanks, a path without leading slash
};

/// Puts those paths of a list that are worth keeping into the sink, as one Ownership; nothing when none is.
/// errors: cancelled. Longer than Limits::owned_path_bytes: cut, with a note.
Result<> read_file_list(const ByteSource& in, ListForm form, ListOwner owner, const Limits& limits, const Cancel& stop, Sink& out);

}  // namespace eclair::extract
