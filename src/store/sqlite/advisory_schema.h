// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

/// The schema of advisories.db (docs/design/advisory-store.md), as steps. A released step is never edited: add one.
namespace eclair::store::sqlite {

inline constexpr std::string_view kAdvisoryMigrations[] = {
    // 1: 2026-08
    R"(
CREATE TABLE feed (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  origin TEXT NOT NULL,
  fetched_at INTEGER NOT NULL,
  published_at INTEGER NOT NULL,
  snapshot TEXT NOT NULL,          -- id of the content, made of content_sum
  content_sum BLOB NOT NULL,
  rows INTEGER NOT NULL,           -- open ones
  vulnerabilities INTEGER NOT NULL
);
CREATE TABLE namespace (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE feed_namespace (
  feed INTEGER NOT NULL, namespace INTEGER NOT NULL, rows INTEGER NOT NULL,
  PRIMARY KEY (feed, namespace)
) WITHOUT ROWID;
-- Packages that have open rows.
CREATE TABLE package (
  feed INTEGER NOT NULL, namespace INTEGER NOT NULL, name TEXT NOT NULL,
  content BLOB NOT NULL,           -- hash of all its rows
  opened BLOB NOT NULL,            -- runs of (rows, since when)
  PRIMARY KEY (feed, namespace, name)
) WITHOUT ROWID;
-- Their rows.
CREATE TABLE chunk (
  feed INTEGER NOT NULL, namespace INTEGER NOT NULL, package TEXT NOT NULL, seq INTEGER NOT NULL,
  rows BLOB NOT NULL,              -- an advisory chunk
  PRIMARY KEY (feed, namespace, package, seq)
) WITHOUT ROWID;
-- Rows that were true in [opened, closed). The id counts up: a cursor for whoever follows changes.
CREATE TABLE history (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  feed INTEGER NOT NULL, namespace INTEGER NOT NULL, package TEXT NOT NULL,
  opened INTEGER NOT NULL, closed INTEGER NOT NULL,
  row BLOB NOT NULL                -- an advisory chunk of one row
);
CREATE TABLE vulnerability (
  feed INTEGER NOT NULL, id TEXT NOT NULL,
  rows INTEGER NOT NULL,           -- open rows that have it as their first id
  text BLOB,
  PRIMARY KEY (feed, id)
) WITHOUT ROWID;
-- Where a name (id, alias, record, notice) is spoken of.
CREATE TABLE mention (
  id TEXT NOT NULL, feed INTEGER NOT NULL, package TEXT NOT NULL,
  namespaces BLOB NOT NULL,        -- sorted numbers
  PRIMARY KEY (id, feed, package)
) WITHOUT ROWID;
)",
};

}  // namespace eclair::store::sqlite
