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

/// Reads one document. file: for messages.
/// A key that no option has is an error with its line, column and the nearest key: a slip must not turn a policy off unnoticed.
/// Options that a scanned project may not set for its user (Option::in_project) are passed over in a project's file; `refused` names them.
/// Sections of the server (server, store, notify) are left alone.
/// errors: invalid_input.
Result<> read_config(std::string_view yaml, const std::string& file, Origin origin, Settings& settings, std::vector<std::string>& refused);

/// Reads the files that count: the one of --config alone; else /etc/eclair/config.yaml, $XDG_CONFIG_HOME/eclair/config.yaml and, unless
/// --no-project-config, ./.eclair.yaml; a later one wins. Files that do not exist are no error, except that of --config.
/// warnings: what is to be told on stderr (a project's policy, refused keys).
/// errors: invalid_input, unavailable, not_found.
Result<> load_config_files(const char* (*look_up)(const char* name), Settings& settings, std::vector<std::string>& warnings);

}  // namespace eclair::cli
