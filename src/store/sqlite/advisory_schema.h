// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

/// SQLite's schema of the advisories (docs/design/advisory-store.md), as steps. A released step is never edited: add one.
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
-- The open rows of a package.
CREATE TABLE chunk (
  feed INTEGER NOT NULL, namespace INTEGER NOT NULL, package TEXT NOT NULL, seq INTEGER NOT NULL,
  content BLOB,                    -- seq 0: hash of all rows of the package
  opened BLOB,                     -- seq 0: runs of (rows, since when)
  rows BLOB NOT NULL,              -- an advisory chunk; last, so that what stands before it is read without it
  PRIMARY KEY (feed, namespace, package, seq)
) WITHOUT ROWID;
-- Rows that were true in [opened, closed). The id counts up: a cursor for whoever follows changes.
CREATE TABLE history (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  feed INTEGER NOT NULL, namespace INTEGER NOT NULL, package TEXT NOT NULL,
  opened INTEGER NOT NULL, closed INTEGER NOT NULL,
  row BLOB NOT NULL                -- an advisory chunk of one row
);
-- Every name (id, alias, record, notice) that open rows have, and what is known of it as a vulnerability.
CREATE TABLE name (
  id TEXT NOT NULL, feed INTEGER NOT NULL,
  places BLOB NOT NULL,            -- (package text, list(namespace number))..., by package: where it is spoken of
  rows INTEGER NOT NULL,           -- open rows that have it as their first id
  text BLOB,                       -- only where rows > 0
  PRIMARY KEY (id, feed)
) WITHOUT ROWID;
)",
    // 2: 2026-11: updates from the network
    R"(
ALTER TABLE feed ADD COLUMN changed_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE feed_namespace ADD COLUMN fetched_at INTEGER NOT NULL DEFAULT 0;
UPDATE feed SET changed_at = fetched_at;
UPDATE feed_namespace SET fetched_at = (SELECT fetched_at FROM feed WHERE id = feed_namespace.feed);
-- What is kept of documents that are fetched together.
CREATE TABLE portion (
  feed INTEGER NOT NULL, name TEXT NOT NULL,
  state BLOB NOT NULL,             -- portion_state.h
  PRIMARY KEY (feed, name)
) WITHOUT ROWID;
)",
    // 3: 2026-11: states of the past
    R"(
CREATE TABLE snapshot (              -- a state of a feed, until that of the next `at`
  feed INTEGER NOT NULL, at INTEGER NOT NULL,
  id TEXT NOT NULL,
  seen_until INTEGER NOT NULL,       -- when the source was asked last while it held
  rows INTEGER NOT NULL, vulnerabilities INTEGER NOT NULL,
  PRIMARY KEY (feed, at)
) WITHOUT ROWID;
INSERT INTO snapshot SELECT id, changed_at, snapshot, fetched_at, rows, vulnerabilities FROM feed;
-- Nothing is known of the feed's states before this time; 0: of all.
ALTER TABLE feed ADD COLUMN history_from INTEGER NOT NULL DEFAULT 0;
UPDATE feed SET history_from = changed_at;
ALTER TABLE feed_namespace ADD COLUMN since INTEGER NOT NULL DEFAULT 0;
CREATE INDEX history_of_package ON history(feed, namespace, package);
CREATE INDEX history_by_end ON history(closed);
-- The names of closed rows.
CREATE TABLE past_name (name TEXT NOT NULL, history INTEGER NOT NULL, PRIMARY KEY (name, history)) WITHOUT ROWID;
-- A text holds since text_since; those before it, but for scores that change daily:
ALTER TABLE name ADD COLUMN text_since INTEGER NOT NULL DEFAULT 0;
CREATE TABLE past_text (
  id TEXT NOT NULL, feed INTEGER NOT NULL, closed INTEGER NOT NULL, opened INTEGER NOT NULL,
  text BLOB NOT NULL,
  PRIMARY KEY (id, feed, closed)
) WITHOUT ROWID;
)",
    // 4: 2026-11: readers that stay see that something changed
    R"(
CREATE TABLE state (                 -- one row
  id INTEGER PRIMARY KEY CHECK (id = 1),
  generation INTEGER NOT NULL,       -- raised by every import that changed rows or texts
  history INTEGER NOT NULL           -- the last id of the history
);
INSERT INTO state SELECT 1, 1, coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'history'), 0);
)",
    // 5: 2026-11: what changed, for whoever follows it
    R"(
ALTER TABLE state ADD COLUMN changes INTEGER NOT NULL DEFAULT 0;  -- the last id of change
CREATE TABLE change (
  id INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  feed INTEGER NOT NULL, namespace INTEGER NOT NULL,
  vulnerability TEXT NOT NULL,
  package TEXT NOT NULL,             -- '': the text says another severity
  undo BLOB NOT NULL                 -- the rows that went and came; or how the text rated it before (docs/design/encodings.md)
);
CREATE INDEX change_by_time ON change(at);
)",
};

}  // namespace eclair::store::sqlite
