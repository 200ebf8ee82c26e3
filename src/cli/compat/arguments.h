// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "util/result.h"

/// Command lines of others, by a small table instead of ours.
namespace eclair::cli::compat {

struct Flag {
  std::string_view names;  ///< long ones without dashes, by blanks; the first is what Arguments is asked by
  char letter = '\0';
  bool value = true;  ///< takes one; else it is true, or what follows "="
};

class Arguments {
 public:
  /// --x v, --x=v, -x v, -xv, -x=v, letters in a bundle, flags behind words, "--" ends flags. A long name may have one dash, where the word
  /// is no letter with its value: Go's own flags are so. The last of several counts. errors: invalid_input (unknown flag, missing value,
  /// neither true nor false), in the words of the originals' libraries.
  static Result<Arguments> read(std::span<const std::string> words, std::span<const Flag> flags);

  bool given(std::string_view name) const { return values_.count(std::string(name)) > 0; }
  std::string text(std::string_view name, std::string_view otherwise = {}) const;
  bool flag(std::string_view name, bool otherwise = false) const;
  const std::vector<std::string>& rest() const { return rest_; }  ///< what is no flag

 private:
  std::map<std::string, std::string> values_;
  std::vector<std::string> rest_;
};

/// true, false as Go's strconv.ParseBool reads them: 1, t, T, TRUE, true, True and their opposites. nullopt: neither.
std::optional<bool> go_bool(std::string_view word);

}  // namespace eclair::cli::compat
