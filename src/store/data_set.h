// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "store/interface.h"
#include "util/byte_stream.h"
#include "util/cancel.h"
#include "util/limits.h"
#include "util/result.h"
#include "util/zstd_writer.h"

/// Advisories as one file, to be carried to where there is no network: docs/design/data-set.md says what is in it.
namespace eclair::store {

inline constexpr std::string_view kDataSetArtifact = "application/vnd.eclair.data.v1";            ///< as an OCI artifact
inline constexpr std::string_view kDataSetMediaType = "application/vnd.eclair.data.v1.tar+zstd";  ///< of the file in it

struct DataSetSummary {
  std::uint64_t feeds = 0, records = 0, bytes = 0;  ///< bytes: of the file
  std::string sha256;                               ///< "sha256:..." of the file
};

/// Writes what the store knows of these feeds (none named: all), piece by piece. The same content with the same times gives the same bytes.
/// errors: not_found (a feed that is not here; an empty store), those of the store and of `to`, cancelled.
Result<DataSetSummary> export_data_set(AdvisoryStore& store, const std::vector<std::string>& feeds, const WriteFn& to, const Cancel& stop);

struct DataSetOptions {
  std::string origin;         ///< kept with the feeds: file or address
  UnixTime at = 0;            ///< the import's time
  bool allow_shrink = false;  ///< as AdvisoryStore::Import::commit
  bool allow_older = false;   ///< take a feed even if what is here is newer
};
using DataSetProgress = std::function<void(std::string_view feed, std::uint64_t rows)>;

/// Whether a file begins as a data set does; `first_bytes`: uncompressed, 512 of them.
bool is_data_set(std::string_view first_bytes);

/// Takes a data set in, as one transaction: all of it becomes visible, or nothing. Feeds that are not in it stay as they are, and so do
/// namespaces of its feeds that it does not speak for. Counts, checksums and snapshot ids are checked before anything becomes visible.
/// in: the file as it is. Returns what was done with each feed, by name.
/// errors: invalid_input (not a data set, damaged: where), unsupported (a newer form), conflict (older than what is here: which feed; the guard
/// against shrinking), limit, cancelled, those of the store.
Result<std::vector<std::pair<std::string, ImportSummary>>> import_data_set(AdvisoryStore& store, std::unique_ptr<ByteStream> in, const DataSetOptions& options,
                                                                           const Limits& limits, const Cancel& stop, const DataSetProgress& progress = {});

}  // namespace eclair::store
