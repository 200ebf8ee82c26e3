// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace eclair::cli {

/// What values an option takes. All are checked while reading, so that accessors of Settings cannot fail.
enum class Kind : std::uint8_t {
  flag,        ///< --x, --no-x, --x=false; true, yes, on, 1 and their opposites
  text,
  list,        ///< comma or repetition
  rules,       ///< repetition only: a comma is part of the value
  number,
  size,        ///< "10MB", "2GiB", bytes
  duration,    ///< "90s", "5m", "120h", "7d", seconds
  decimal,     ///< "0.1", from 0 to `most`
  choice,      ///< one of `choices`
  choices,     ///< comma or repetition, each one of `choices`
  columns,     ///< the same, each perhaps with "+" or "-" before it
  severities,  ///< words by comma, ">=word", "all"
  layer,       ///< "base", "own", a number, a digest or its beginning
};

/// Whether an option may be given a list of values.
constexpr bool takes_many(Kind kind) {
  return kind == Kind::list || kind == Kind::rules || kind == Kind::severities || kind == Kind::choices || kind == Kind::columns;
}

enum class Group : std::uint8_t { target, filter, policy, output, data, network, bounds, server, run };
std::string_view title(Group group);

/// One row: everything that parsing, --help, the environment, the configuration file and the documentation know of an option.
/// To add one, add a row; nothing else.
struct Option {
  std::string_view name;       ///< without dashes
  std::string_view letters;    ///< short forms, the first is shown
  std::string_view synonyms;   ///< further long names, by blanks; accepted silently
  Kind kind;
  std::string_view value;      ///< how the value is called in help: "FILE"; "" for flags
  std::string_view fallback;   ///< the value when nobody sets it, as it would be typed; "" = none
  std::string_view choices;    ///< for Kind::choice, choices and columns, by blanks
  Group group;
  std::string_view commands;   ///< by comma; "*" = all
  std::string_view config;     ///< "section.key" in the configuration file, further spellings by blanks; "" = not there
  std::string_view help;
  std::string_view shown = {}; ///< how help shows it, when not "--name VALUE"
  std::string_view negative = {};  ///< value that --no-NAME gives, for kinds other than flag; "" = no such form
  bool hidden = false;         ///< not in help
  bool in_project = true;      ///< may come from the scanned project's own ./.eclair.yaml
  bool secret = false;         ///< its value is never printed
  bool environment = true;     ///< ECLAIR_<NAME> sets it
  double most = 0;             ///< for Kind::decimal
  std::string_view clair = {};     ///< the original's keys below `clair:`, in lower case: "api.port"; several by blanks
};

std::span<const Option> options();
inline constexpr std::size_t kNone = static_cast<std::size_t>(-1);
/// Row of a long name or synonym; kNone.
std::size_t find_option(std::string_view name);
/// Row of a letter; kNone.
std::size_t find_letter(char letter);
bool applies(const Option& option, std::string_view command);
std::string environment_name(const Option& option);  ///< "ECLAIR_FAIL_ON"

/// Flags of other scanners that we do not have, and flags that are yet to come: what to say instead of "unknown flag".
struct ForeignFlag {
  std::string_view name;
  std::string_view text;  ///< completes "--name: ..."
  std::string_view hint;
};
const ForeignFlag* find_foreign(std::string_view name);

/// The visible long name that is nearest to a mistyped one; "" when none is near.
std::string_view nearest_option(std::string_view name, std::string_view command);

}  // namespace eclair::cli
