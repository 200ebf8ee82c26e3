// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "store/data_set.h"
#include "store/interface.h"
#include "util/byte_stream.h"
#include "util/cancel.h"
#include "util/decompress.h"
#include "util/limits.h"
#include "util/result.h"
#include "util/zstd_writer.h"

/// Advisories in the form of Clair v4's offline updates (clairctl export-updaters): JSON, one record a line, of which each names the update
/// operation that it belongs to. What of our records it can say, and what of its records we take: docs/user/feeds.md.
/// source: quay/claircore: libvuln/jsonblob/jsonblob.go, vulnerability.go (2026)
namespace eclair::feeds {

struct ClairSummary {
  std::uint64_t operations = 0, records = 0, bytes = 0;  ///< records: lines; bytes: of the file
  std::string sha256;                                    ///< "sha256:..." of the file
  std::vector<std::string> notes;                        ///< what was left out, and why, with how many
};

/// Writes what the store knows of these feeds (none named: all), operation by operation. The same content with the same times gives the
/// same bytes. packed: none, gzip or zstd. errors: not_found (a feed that is not here; an empty store; nothing that the form can say),
/// those of the store and of `to`, cancelled.
Result<ClairSummary> export_clair(store::AdvisoryStore& store, const std::vector<std::string>& feeds, Compression packed, const WriteFn& to,
                                  const Cancel& stop);

/// How much of a file is_clair_updates() may need: fingerprints stand before what tells the form.
inline constexpr std::size_t kClairHeadBytes = 64u << 10;

/// Whether a file begins as one of this form does; `first_bytes`: uncompressed, kClairHeadBytes or all there are.
bool is_clair_updates(std::string_view first_bytes);

struct ClairImport {
  std::vector<std::pair<std::string, store::ImportSummary>> feeds;  ///< by name
  std::vector<std::string> notes;  ///< what was passed over, and why: updaters that we do not know, feeds that are older than what is here
};

/// Takes such a file in as one transaction: all of it becomes visible, or nothing. A line that is not understood is dropped and told, and
/// the others count. Each operation speaks for the namespaces of its rows: what is not told again there is closed. A feed of which an
/// operation is older than what is here is passed over, unless `allow_older`. in: the file as it is, in any compression. Memory: one line
/// (Limits::feed_member_bytes) and what an import takes. errors: invalid_input (not such a file; it ends early; an updater has two
/// operations), conflict (everything in it is older; the guard against shrinking), limit, cancelled, those of the store.
Result<ClairImport> import_clair(store::AdvisoryStore& store, std::unique_ptr<ByteStream> in, const store::DataSetOptions& options,
                                 const Limits& limits, const Cancel& stop, const store::DataSetProgress& progress = {});

}  // namespace eclair::feeds
