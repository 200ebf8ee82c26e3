// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "store/sql/connection.h"
#include "util/result.h"

namespace eclair::store::sql {

/// A database of ours: what it is called in each engine, and how its tables come to be.
struct Schema {
  // SQLite
  std::string_view file;                          ///< within the folder
  std::span<const std::string_view> sqlite;       ///< steps: SQL, the first leads to schema 1; never edited once released, only added to
  bool durable = false;                           ///< what was committed survives a power cut (a killed process loses nothing either way)
  // PostgreSQL
  std::string_view schema{};                      ///< the database schema that the tables are in
  int lock = 0;                                   ///< of Writers::one, not 0 and of this schema alone; stored: never renumber
  std::span<const std::string_view> postgres{};   ///< steps
};

/// Opens (or makes) a database and brings its schema up to date; steps run under a lock, so that several processes may do it at once.
/// url: docs of open_service_store (service_store.h). A folder is made with its parents (0700). In SQLite a folder or file that cannot be written,
/// also because the disk is full, is opened read-only, if its schema is the newest.
/// A busy database is waited for (ten minutes), so that "one writer, others wait" needs no loop elsewhere.
/// errors: unavailable; unsupported: "made by a newer eclair (schema 3, this one knows 1)".
Result<Connection> open(const std::string& url, const Schema& schema);

/// Whether there is something to open. Makes nothing.
Result<bool> exists(const std::string& url, const Schema& schema);

/// A table of a schema: the same in all engines.
struct Table {
  enum class Kind { number, text, bytes };
  struct Column {
    std::string name;
    Kind kind;
  };
  std::string name;
  std::vector<Column> columns;
};

}  // namespace eclair::store::sql
