// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "util/result.h"

/// The pieces of a tar archive, for files whose names and sizes are known. Nothing of the machine or the time is in it.
/// source: POSIX.1-2001 ustar
namespace eclair::tar {

/// The header of a regular file; its bytes and padding() follow. name: at most 100 bytes. errors: invalid_input (a longer name, 8 GiB or more).
Result<std::string> file_header(std::string_view name, std::uint64_t size);
std::string padding(std::uint64_t size);  ///< after the bytes of a file of that size
std::string end();                        ///< of the archive

}  // namespace eclair::tar
