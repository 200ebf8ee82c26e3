// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/advisory_import.h"

#include "store/sqlite/advisory_commit.h"
#include "store/sqlite/advisory_schema.h"
#include "store/sqlite/connection.h"
#include "util/text.h"

namespace eclair::store::sqlite {
namespace advisory_import_detail {

constexpr int kCacheKibibytes = 32768;        // more than Debian's whole tracker fills
constexpr std::size_t kShownBad = 10;

class SqliteImport final : public AdvisoryStore::Import {
 public:
  SqliteImport(std::string folder, std::string feed, std::string origin, UnixTime at, std::function<void()> committed)
      : folder_(std::move(folder)), in_(std::move(feed), std::move(origin), at), committed_(std::move(committed)) {}

  Result<> advisory(std::string_view name_space, std::string_view package, Advisory row) override {
    if (name_space.empty() || package.empty() || row.vulnerability.empty()) {
      bad_record(in_.feed + ": a row without namespace, package or vulnerability");
      return {};
    }
    // Staging on another thread was tried: handing over costs as much as it saves.
    encoder_.clear();
    encode(row, encoder_);
    if (encoder_.bytes().size() > kMaxRowBytes) {
      bad_record(in_.feed + ": " + text::quoted(package) + " " + text::quoted(row.vulnerability) + ": takes " + std::to_string(encoder_.bytes().size()) +
                 " bytes, more than the limit of " + std::to_string(kMaxRowBytes));
      return {};
    }
    return in_.staging.row(name_space, package, row, encoder_.bytes());
  }
  Result<> vulnerability(VulnerabilityText text) override { return text.id.empty() ? Result<>{} : in_.staging.text(text); }
  void complete(std::string_view name_space) override { in_.completed.emplace(name_space); }
  Result<> remove(std::string_view record) override {
    in_.records.emplace(record);
    return {};
  }
  void keep(PortionState state) override { in_.portions.push_back(std::move(state)); }
  void bad_record(std::string message) override {
    ++bad_;
    if (shown_.size() < kShownBad) shown_.push_back(std::move(message));
  }

  Result<ImportSummary> commit(bool allow_shrink) override {
    if (std::exchange(done_, true)) return fail(Errc::internal, "an import is committed twice");
    ECLAIR_CHECK_OK(in_.staging.finish());
    ECLAIR_TRY(auto connection, open_database(folder_, "advisories.db", kAdvisoryMigrations));
    // Pages that spill before the commit are written twice, and the log's checksums after them are worked out again.
    // The log is moved into the file once, below.
    ECLAIR_CHECK_OK(connection.execute("PRAGMA wal_autocheckpoint = 0; PRAGMA cache_size = -" + std::to_string(kCacheKibibytes)));
    ImportSummary summary;
    {
      ECLAIR_TRY(auto transaction, Transaction::begin(connection));
      ECLAIR_TRY(summary, sqlite::commit(connection, in_, allow_shrink));
      ECLAIR_CHECK_OK(transaction.commit());
    }
    committed_();
    connection.checkpoint();
    summary.bad_records = bad_;
    summary.bad = shown_;
    return summary;
  }

 private:
  const std::string folder_;
  Collected in_;
  std::function<void()> committed_;
  Encoder encoder_;
  std::uint64_t bad_ = 0;
  std::vector<std::string> shown_;
  bool done_ = false;
};

}  // namespace advisory_import_detail

std::unique_ptr<AdvisoryStore::Import> make_import(std::string folder, std::string feed, std::string origin, UnixTime at,
                                                   std::function<void()> committed) {
  return std::make_unique<advisory_import_detail::SqliteImport>(std::move(folder), std::move(feed), std::move(origin), at, std::move(committed));
}

}  // namespace eclair::store::sqlite
