// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// What the program remembers for the comfort of the next call: small files in the data folder that nothing depends on. What cannot be read
/// counts as empty, what cannot be written is not remembered.
namespace eclair::cli {

/// Images that were scanned, as they were typed; the last one first, each once, at most kMostRecent.
inline constexpr std::size_t kMostRecent = 50;
std::vector<std::string> recent_images(const std::string& folder);
/// Words of more than 300 bytes or with control characters are not kept, nor "-".
void remember_image(const std::string& folder, std::string_view image);

/// How often a suggestion was made already; and that it was made once more.
std::uint64_t suggestions_made(const std::string& folder);
void count_suggestion(const std::string& folder);

}  // namespace eclair::cli
