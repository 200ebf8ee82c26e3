// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "store/sql/connection.h"
#include "store/sql/open.h"
#include "util/result.h"

/// The only door to SQLite for the stores.
namespace eclair::store::sqlite {

enum class Mode { create, read_only };

/// create: read and write, the file is made where missing, WAL. read_only: the file is never written; without anything in a WAL file beside it
/// it is taken as immutable.
/// durable: every commit reaches the disk before it returns; else a power cut loses at worst the newest transactions, never the file.
Result<sql::Connection> open_file(const std::string& path, Mode mode, bool durable = false);

/// sql::exists() in a folder.
bool exists(const std::string& folder, const sql::Schema& schema);

/// The tables that the steps of a schema make, in the order that they are made in: one that refers to another comes after it. In PostgreSQL they are the same.
Result<std::vector<sql::Table>> tables_of(const sql::Schema& schema);

/// sql::open() in a folder.
Result<sql::Connection> open_database(const std::string& folder, const sql::Schema& schema);

}  // namespace eclair::store::sqlite
