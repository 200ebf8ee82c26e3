// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace eclair::extract {

/// Whether a path is one that proves a language package: dist-info, package.json, jars, gemspecs and so on, whether or not an
/// extractor for it exists yet. A record keeps such paths where a system package owns them, so that who the language package
/// belongs to can be settled later without reading the layer again. Programs are not among them: a name does not tell which
/// of them hold build information, and all of usr/bin would be too much to keep.
/// path: cleaned or with a leading slash.  cost: one look at the end of the path for nearly all paths.
bool is_language_evidence(std::string_view path);

}  // namespace eclair::extract
