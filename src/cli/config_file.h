// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/settings.h"
#include "util/result.h"

/// The configuration file: YAML, sections with keys that are named like the flags.
namespace eclair::cli {

/// What was read but is to be told.
struct ConfigNotes {
  std::vector<std::string> refused;   ///< options that a scanned project may not set for its user, passed over
  std::vector<std::string> warnings;  ///< keys of the original that mean nothing here
  bool clair = false;                 ///< the document has sections of the original
};

/// Reads one document. file: for messages.
/// A key that no option has is an error with its line, column and the nearest key: a slip must not turn a policy off unnoticed.
/// Options that a scanned project may not set for its user (Option::in_project) are passed over in a project's file.
/// The original's files work as they are: everything below `clair:`, and the sections database, api, updater and notifier without that root
/// (of December 2015), are looked up by Option::clair, in any case; unknown keys there are warnings. `updater:` and `notifier:` without
/// anything below are off.
/// errors: invalid_input.
Result<> read_config(std::string_view yaml, const std::string& file, Origin origin, Settings& settings, ConfigNotes& notes);

/// Reads the files that count: the one of --config alone; else /etc/eclair/config.yaml, $XDG_CONFIG_HOME/eclair/config.yaml and, unless
/// --no-project-config, ./.eclair.yaml; a later one wins. Files that do not exist are no error, except that of --config.
/// "$NAME" in the path of --config is looked up, as the original did; an empty path is no file.
/// notes.warnings: what is to be told on stderr (refused keys, keys of the original that mean nothing here).
/// errors: invalid_input, unavailable, not_found.
Result<> load_config_files(const char* (*look_up)(const char* name), Settings& settings, ConfigNotes& notes);

}  // namespace eclair::cli
