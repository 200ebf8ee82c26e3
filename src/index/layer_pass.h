// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "util/entry_reader.h"
#include "model/layer_record.h"
#include "util/byte_stream.h"
#include "util/cancel.h"
#include "util/limits.h"
#include "util/memory_budget.h"
#include "util/result.h"

namespace eclair::index {

/// What a layer is read with, apart from its bytes. Equal options and equal bytes give equal records.
struct PassOptions {
  Limits limits;
  std::vector<std::string> fact_patterns;  ///< sorted, distinct
  bool compute_diff_id = false;
  std::string_view path_prefix;            ///< entries count only below it; whiteouts have no meaning then (ACI)
};

/// What is told while a layer is read. May be updated from several layers at once.
struct PassCounters {
  std::atomic<std::uint64_t> bytes{0}, packages{0};
  std::function<void()> changed;  ///< after each; may be empty
};

/// The digest of the patterns of named files, an attribute of the records made with them; "" for none.
std::string facts_digest(const std::vector<std::string>& patterns);

/// Reads a blob once, from the stream to the layer record: digest, inflate, tar, extract. A pure function of bytes and options.
/// open: gives the blob's bytes; called a second time only when a wanted file is a hard link to a name that was not kept.
/// expected: the digest the bytes must have; empty = any.  size: the bytes there must be; 0 = any.
/// budget: memory for decoders and held evidence; waits for it.
/// errors: those of the stream; invalid_input (damaged, digest or size differs), limit, cancelled.
Result<LayerRecord> read_layer(const StreamOpener& open, const Digest& expected, std::uint64_t size, const PassOptions& options,
                               MemoryBudget& budget, PassCounters& counters, const Cancel& stop);

using WalkOpener = std::function<Result<std::unique_ptr<EntryReader>>()>;

/// The same for a form that has entries but no blob (a folder). The record's digest is that of the facts themselves.
Result<LayerRecord> read_entries(const WalkOpener& open, const PassOptions& options, MemoryBudget& budget, PassCounters& counters,
                                 const Cancel& stop);

}  // namespace eclair::index
