// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace eclair::text {

// ASCII only, on purpose: package data is not in the user's locale.
constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_alpha(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
constexpr bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

std::string lower(std::string_view s);
bool iequals(std::string_view a, std::string_view b);
std::string_view trim(std::string_view s);  ///< blanks, tabs, line ends at both sides
std::vector<std::string_view> split(std::string_view s, char by);  ///< "" gives one empty piece
std::vector<std::string_view> words(std::string_view s);           ///< by runs of blanks; no empty pieces
/// What is before / after the first `by`; {s, ""} when there is none.
std::pair<std::string_view, std::string_view> cut(std::string_view s, char by);
std::optional<std::uint64_t> parse_number(std::string_view s);  ///< decimal, all of it, fits; else none
std::string join(const std::vector<std::string>& parts, std::string_view by);

/// For terminals, HTML and messages: control characters, bidirectional overrides and broken UTF-8 become visible escapes (\x1b),
/// line ends become blanks. Never longer than `max_bytes` plus an ellipsis.
std::string clean(std::string_view untrusted, std::size_t max_bytes = 4096);
/// clean() in double quotes where it has blanks or is empty.
std::string quoted(std::string_view untrusted, std::size_t max_bytes = 120);

/// Whether a path matches a pattern: "**" = any number of components, "*" and "?" within one, "[abc]". No backtracking beyond n*m.
bool glob(std::string_view pattern, std::string_view path);
/// Edit distance, cut at `limit`. For "did you mean".
std::size_t distance(std::string_view a, std::string_view b, std::size_t limit = 3);

/// For a word that is none of the choices (by blanks): "; did you mean high?" where one is near, else "".
std::string did_you_mean(std::string_view word, std::string_view choices);

std::string percent_encode(std::string_view s, std::string_view also_keep = "");  ///< all but [A-Za-z0-9-._~] and `also_keep`

}  // namespace eclair::text
