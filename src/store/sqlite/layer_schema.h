// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

/// SQLite's schema of the layers, as steps. A released step is never edited: add one.
namespace eclair::store::sqlite {

// The path list is a row of its own: it is larger than the record, and most readers of a record do not want it in their cache.
inline constexpr std::string_view kLayerMigrations[] = {
    // 1: 2026-08
    R"(
CREATE TABLE layer (id INTEGER PRIMARY KEY, digest BLOB NOT NULL UNIQUE, record BLOB NOT NULL);
CREATE TABLE layer_paths (layer INTEGER PRIMARY KEY, paths BLOB NOT NULL);
)",
};

}  // namespace eclair::store::sqlite
