// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace eclair::service {

/// What a request line asks for, taken apart.
struct Target {
  std::string_view path;   ///< as sent, not decoded, begins with "/"
  std::string_view query;  ///< what follows the first "?"
};
/// "/path?query", or the same after "http://host" (as proxies send it); a fragment is cut off. nullopt: anything else.
/// The views point into `target`.
std::optional<Target> take_target_apart(std::string_view target);

/// "%41" is "A". nullopt: a "%" without two hex digits, or a NUL byte. plus: whether "+" is a blank (in queries).
std::optional<std::string> percent_decode(std::string_view text, bool plus);

/// Pairs by "&", in order, decoded; a pair that cannot be decoded is left out, as Go's servers did.
std::vector<std::pair<std::string, std::string>> parse_query(std::string_view query);

}  // namespace eclair::service
