// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "util/byte_source.h"
#include "util/cancel.h"
#include "util/limits.h"
#include "util/result.h"

namespace eclair::extract {

/// Where a walker puts what it found. An error of either function ends the walk and is returned by it.
class RpmRecords {
 public:
  virtual ~RpmRecords() = default;
  /// The header blob of record `number` (0: unknown). The view is good during the call.
  virtual Result<> header(std::uint64_t number, std::string_view blob) = 0;
  /// Something that cost one record ("bad_record") or an unknown number of them ("incomplete"); the walk goes on.
  virtual Result<> damage(std::string_view code, std::string message) = 0;
};

/// The records of an honest database do not overlap: together they are not larger than its files. Twice that is allowed, so that
/// a damaged pointer into a neighbour costs one record and not the rest, and hostile ones cost a walk of bounded length.
class RpmByteBudget {
 public:
  explicit RpmByteBudget(std::uint64_t file_bytes) : left_(2 * file_bytes) {}
  Result<> take(std::uint64_t bytes) {
    if (bytes > left_) return fail(Errc::limit, "the records of the package database overlap: together they are more than twice its size");
    left_ -= bytes;
    return {};
  }

 private:
  std::uint64_t left_;
};

/// Walkers of the three forms that rpm's database takes. Each holds one record and one page at a time; a record larger than
/// Limits::rpm_header_bytes is damage. Damaged pages and records cost themselves and are told to `out`.
/// errors: invalid_input (not such a database, or nothing of it can be read), unsupported (named variants), limit, cancelled,
/// unavailable (the source), and what `out` returns.
/// threads: pure functions of the bytes.

/// "Packages": Berkeley DB, hash (rpm 4.0 to 4.16) or B-tree (older), of either byte order.
Result<> walk_rpm_bdb(const ByteSource& in, const Limits& limits, const Cancel& stop, RpmRecords& out);
/// "Packages.db": rpm's own format (SUSE).
Result<> walk_rpm_ndb(const ByteSource& in, const Limits& limits, const Cancel& stop, RpmRecords& out);
/// "rpmdb.sqlite", with the transactions that are only in its write-ahead log (`wal`, null where there is none).
Result<> walk_rpm_sqlite(const ByteSource& in, const ByteSource* wal, const Limits& limits, const Cancel& stop, RpmRecords& out);

}  // namespace eclair::extract
