// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

/// SQLite's schema of the layers and of what a service keeps (docs/design/service-store.md), as steps. A released step is never edited: add one.
namespace eclair::store::sqlite {

// The path list is a row of its own: it is larger than the record, and most readers of a record do not want it in their cache.
inline constexpr std::string_view kLayerMigrations[] = {
    // 1: 2026-08
    R"(
CREATE TABLE layer (id INTEGER PRIMARY KEY, digest BLOB NOT NULL UNIQUE, record BLOB NOT NULL);
CREATE TABLE layer_paths (layer INTEGER PRIMARY KEY, paths BLOB NOT NULL);
)",
    // 2: 2026-11: what a service keeps
    R"(
CREATE TABLE namespace (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE os (id INTEGER PRIMARY KEY, content BLOB NOT NULL UNIQUE);
-- Package versions, once each. The numbers are never used twice.
CREATE TABLE package (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  key BLOB NOT NULL UNIQUE,        -- the version, encoded
  name TEXT NOT NULL,
  source TEXT                      -- where it is another name
);
CREATE INDEX package_by_name ON package(name);
CREATE INDEX package_by_source ON package(source) WHERE source IS NOT NULL;
-- Layers with a name and a parent.
CREATE TABLE node (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  scope INTEGER NOT NULL, name TEXT NOT NULL,
  parent INTEGER, layer INTEGER,   -- NULL = none
  api INTEGER NOT NULL,
  os INTEGER, namespace INTEGER,
  revision INTEGER NOT NULL,       -- of the extractors that it was read with
  version INTEGER NOT NULL,        -- grows when it, or a layer below it, is read anew
  created INTEGER NOT NULL,
  delta BLOB NOT NULL
);
CREATE UNIQUE INDEX node_by_name ON node(scope, name);
CREATE INDEX node_by_parent ON node(parent) WHERE parent IS NOT NULL;
CREATE INDEX node_by_layer ON node(layer) WHERE layer IS NOT NULL;
-- Who adds a package version, in which namespace.
CREATE TABLE node_package (package INTEGER NOT NULL, namespace INTEGER NOT NULL, node INTEGER NOT NULL, PRIMARY KEY (package, namespace, node)) WITHOUT ROWID;
CREATE TABLE image (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  digest BLOB NOT NULL UNIQUE,
  nodes BLOB NOT NULL,             -- base first
  created INTEGER NOT NULL, seen INTEGER NOT NULL,
  document BLOB NOT NULL
);
CREATE INDEX image_by_age ON image(seen);
CREATE TABLE image_name (name TEXT PRIMARY KEY, image INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX image_name_of ON image_name(image);
CREATE TABLE image_node (node INTEGER NOT NULL, image INTEGER NOT NULL, PRIMARY KEY (node, image)) WITHOUT ROWID;
CREATE TABLE notification (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,
  created INTEGER NOT NULL, notified INTEGER NOT NULL, seen INTEGER NOT NULL,  -- 0 = not yet
  content BLOB NOT NULL
);
CREATE INDEX notification_to_send ON notification(notified) WHERE seen=0;
CREATE TABLE lease (name TEXT PRIMARY KEY, owner TEXT NOT NULL, until INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE keyvalue (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
)",
    // 3: 2026-11: who was told of a notification
    R"(
-- A notification that a target is, or may be, told of (again).
CREATE TABLE delivery (
  notification INTEGER NOT NULL, target TEXT NOT NULL,
  owner TEXT NOT NULL, until INTEGER NOT NULL,     -- who is at it, and how long; 0 = nobody
  attempts INTEGER NOT NULL,                       -- that failed in a row
  due INTEGER NOT NULL,                            -- not before that time
  PRIMARY KEY (notification, target)
) WITHOUT ROWID;
CREATE INDEX delivery_by_time ON delivery(target, due);
)",
    // 4: 2026-11: images that were seen, by their layers
    R"(
CREATE TABLE known_image (
  id INTEGER PRIMARY KEY AUTOINCREMENT,            -- the order in which they were last seen
  chain BLOB NOT NULL,                             -- chain id of all layers
  name TEXT NOT NULL, digest TEXT NOT NULL,        -- '' = no manifest
  layers INTEGER NOT NULL, first INTEGER NOT NULL, seen INTEGER NOT NULL
);
CREATE UNIQUE INDEX known_image_by_chain ON known_image(chain, name);
)",
};

}  // namespace eclair::store::sqlite
