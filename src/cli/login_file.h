// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "cli/command.h"
#include "util/result.h"

/// What login and logout have in common.
namespace eclair::cli {

/// The registry that was named ("ghcr.io", "https://ghcr.io/v2/"), its host; docker.io when none was.
/// errors: invalid_input (several; no host).
Result<std::string> registry_of(const Invocation& call);
/// The whole file, "" when there is none yet.  errors: unavailable, limit (4 MiB).
Result<std::string> read_login_file(const std::string& path);
/// Replaces it, or makes it with its folder; readable by its owner alone, also where it was not. Behind a link, what it leads to.
/// errors: unavailable.
Result<> write_login_file(const std::string& path, std::string_view bytes);

}  // namespace eclair::cli
