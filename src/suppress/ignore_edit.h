// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "util/result.h"

/// Changes of an ignore file that leave its comments, its order and everything else as they are. What comes out was read again: it has the
/// entries that it should have.
namespace eclair::suppress {

/// An entry to be written; "" and empty lists are left out.
struct NewEntry {
  std::string id, reason, expires, justification, owner, ticket;  ///< justification: with it the status is not_affected
  std::vector<std::string> packages, paths, images;
};

/// The document with one entry more, at the end of its list; an empty one gets a list. A file of lines gets a line.
/// errors: invalid_input (not understood; an entry that is none; a list that is written on one line), unsupported (a form of another program).
Result<std::string> with_entry(std::string_view document, const std::string& file, const NewEntry& entry);

/// The document without the entries that begin on these lines, and without the comments right above them.
/// errors: as with_entry().
Result<std::string> without_entries(std::string_view document, const std::string& file, const std::vector<std::uint32_t>& lines);

}  // namespace eclair::suppress
