// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "extract/deb822.h"
#include "extract/extractor.h"
#include "util/byte_source.h"
#include "util/cancel.h"
#include "util/limits.h"
#include "util/result.h"

namespace eclair::extract {

/// Whether a package with this Status has files in the image: any state but "not-installed" and "config-files" says so.
/// The first word (what somebody wants) and the second (an error flag) do not matter, and a database without Status fields
/// lists what is there.
/// source: guillemj/dpkg: lib/dpkg/pkg-namevalue.c
bool is_present(std::string_view status);

/// "name (version)" of a Source field. Both may be empty.
struct SourceField {
  std::string_view name, version;
};
SourceField parse_source(std::string_view field);

enum class DebDialect : std::uint8_t {
  dpkg,  ///< Source names a source package
  opkg,  ///< Source is the path of a feed
};

/// Reads a file of package paragraphs into the sink, whose packages get the dialect's type ("deb", "opkg"). A paragraph without a
/// usable name or version costs a note.
/// errors: invalid_input (no paragraph of a package in a file that is not empty), unsupported (the file is vcpkg's, whose
/// paragraphs look the same), cancelled.
Result<> read_deb_stanzas(const ByteSource& in, DebDialect dialect, const Limits& limits, const Cancel& stop, Sink& out);

}  // namespace eclair::extract
