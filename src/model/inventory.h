// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/layer_record.h"
#include "model/os.h"
#include "model/package.h"

namespace eclair {

/// A package in an image: what, where, since when.
struct Occurrence {
  PackageVersion package;
  std::uint32_t layer = 0;          ///< index (from 1) of the layer that introduced it
  std::uint32_t removed_in = 0;     ///< index of the layer that removed or replaced it; 0 = it is in the image. Others are looked for on demand only
  std::vector<std::string> paths;   ///< evidence, canonical, sorted
  std::string extractor;
  std::uint32_t os = 0;             ///< index into Inventory::systems: whose package it is
  std::string owned_by;             ///< key of the OS package that owns the evidence; "" = nobody
  bool locked = false;              ///< known from a lock file only
  std::vector<std::string> repositories;  ///< ids of those it came from, where the image says so (Red Hat), or may have come from beside
                                          ///< the release's own (Ubuntu Pro: "esm-infra"); sorted
  std::vector<std::string> cpes;    ///< the products that those belong to; a constraint when matching, where it is worked out
};

struct NamedFileState {
  std::string pattern;
  bool present = false;
  NamedFile file;           ///< when present
  std::uint32_t layer = 0;
};

struct LayerDelta {
  std::uint32_t index = 0;
  std::vector<PackageVersion> added, removed;  ///< sorted
};

/// The packages of an image: the fold of its layers.
struct Inventory {
  std::vector<Os> systems;             ///< [0] is the image's own (perhaps unknown); others belong to root folders within it
  std::vector<Occurrence> packages;    ///< sorted by type, name, version, arch, first path
  std::vector<LayerDelta> deltas;      ///< one per layer that has a blob
  std::vector<NamedFileState> files;
  std::vector<Note> notes;
  bool had_package_database = false;   ///< some database was found, even an empty one
};

}  // namespace eclair
