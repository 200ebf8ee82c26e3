// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "image/source.h"
#include "model/inventory.h"
#include "store/interface.h"
#include "util/cancel.h"
#include "util/limits.h"
#include "util/result.h"

namespace eclair::index {

struct IndexOptions {
  Limits limits;
  std::vector<std::string> fact_patterns;  ///< named files to record: "usr/bin/nc", "**/id_rsa"
  bool verify_diff_ids = false;
  bool deltas = false;                     ///< also what each layer added and removed (Inventory::deltas)
  bool all_layers = false;                 ///< also packages that a later layer removed or replaced (Occurrence::removed_in)
  unsigned parallel = 0;                   ///< layers at once; 0 = one per processor
  /// Told while layers are read, from several threads, but never two calls at once. May be empty.
  struct Progress {
    std::uint32_t layers_done = 0, layers = 0;
    std::uint64_t bytes = 0, bytes_total = 0;
    std::uint64_t packages = 0;
  };
  std::function<void(const Progress&)> progress;
  /// Told the record of each layer (of equal ones, the first) as soon as it is there, known or read, while others are still being read. From
  /// several threads, but never two calls at once, nor one beside `progress`. May be empty.
  std::function<void(const LayerInfo&, const LayerRecord&)> layer_ready;
};

struct IndexedImage {
  Image image;          ///< with diff ids and sizes that were computed filled in
  Inventory inventory;
};

/// Reads every layer of an image once (those that `known` has, not at all), and merges them.
/// known: may be null.  errors: as Source, plus invalid_input (damaged layer, digest differs), limit; the text names the layer.
Result<IndexedImage> index_image(const image::Source& source, store::LayerStore* known, const IndexOptions& options, const Cancel& stop);

/// The image that records of its layers, base first, make: merged, with sizes and diff ids that the records know filled in, and notes on layers
/// that were not analysed (whose records are empty).
/// patterns, deltas, all_layers: as merge() takes them.  errors: limit (image_bytes), invalid_input (not one record for each layer that has a blob).
Result<IndexedImage> assemble(Image image, const std::vector<const LayerRecord*>& records, const Limits& limits,
                              const std::vector<std::string>& patterns = {}, bool deltas = false, bool all_layers = false);

/// The distribution that a layer's own files name, an empty Os when none do. A guess at the image's: layers above it may say otherwise. Pure.
Os os_of(const LayerRecord& record);

/// Folds records, bottom first, into what the image holds. Pure.
/// patterns: fact patterns, for those that match nothing.  deltas: also what each layer added and removed; costs a copy of it.
/// all_layers: also packages that are gone from the image, with the layer that they went in. Whose they are is said by the image's final files.
Inventory merge(const std::vector<LayerRecord>& records, const Limits& limits, const std::vector<std::string>& patterns = {}, bool deltas = false,
                bool all_layers = false);
/// The same for records that others keep.
Inventory merge(const std::vector<const LayerRecord*>& records, const Limits& limits, const std::vector<std::string>& patterns = {}, bool deltas = false,
                bool all_layers = false);

}  // namespace eclair::index
