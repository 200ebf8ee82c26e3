// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/option_table.h"
#include "model/advisory.h"
#include "util/result.h"

namespace eclair::cli {

/// Who said a value; a later one in this list wins.
enum class Origin : std::uint8_t { fallback, system_file, user_file, project_file, named_file, environment, flag };

/// The values of all options, each with where it came from. Values were checked when they were put in: accessors cannot fail.
/// Accessors take the long name of a row of the table; a name that is in no row is a bug and ends the program in tests and debug builds.
class Settings {
 public:
  struct Word {
    std::string text;
    std::uint32_t order = 0;  ///< among all words given, so that -f and -o can be read together
  };

  Settings();

  /// Puts a value. A stronger origin replaces what weaker ones said; the same one adds (lists) or replaces; a weaker one is ignored.
  /// where: "./.eclair.yaml:3:5", "ECLAIR_OFFLINE", "--offline": for messages and `config show`.
  /// errors: invalid_input (not a value that the option takes).
  Result<> put(std::size_t option, std::string_view value, Origin origin, std::string_view where);

  bool is_set(std::string_view name) const;  ///< by anybody, not only by the table
  bool flag(std::string_view name) const;
  std::string text(std::string_view name) const;  ///< "" = not set
  std::vector<std::string> list(std::string_view name) const;
  std::optional<std::uint64_t> number(std::string_view name) const;  ///< number, size (bytes), duration (seconds)
  std::optional<double> decimal(std::string_view name) const;
  std::vector<Severity> severities(std::string_view name) const;     ///< empty = not set
  const std::vector<Word>& words(std::string_view name) const;
  Origin origin(std::string_view name) const;
  const std::string& where(std::string_view name) const;
  unsigned count(std::string_view name) const;  ///< how often a flag was given ("-vv")

  /// What the command line alone says: the start of reading all else anew.
  Settings flags_alone() const;
  /// The value of one option, as `other` has it.
  void take(std::string_view name, const Settings& other);
  /// Names of the options that have other values than in `other`, by whomever.
  std::vector<std::string_view> differences(const Settings& other) const;

 private:
  struct Held {
    std::vector<Word> words;
    Origin origin = Origin::fallback;
    std::string where;
  };
  const Held& held(std::string_view name) const;
  std::vector<Held> held_;  // by row of the table
  std::uint32_t next_order_ = 0;
};

}  // namespace eclair::cli
