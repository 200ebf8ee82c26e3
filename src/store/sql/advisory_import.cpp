// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "store/sql/advisory_import.h"

#include <optional>
#include <utility>

#include "store/sql/advisory_commit.h"
#include "store/sql/advisory_schema.h"
#include "store/sql/connection.h"
#include "util/text.h"

namespace eclair::store::sql {
namespace advisory_import_detail {

constexpr std::size_t kShownBad = 10;

/// The write transaction that imports are committed in.
class Writing {
 public:
  static Result<Writing> begin(const std::string& url) {
    ECLAIR_TRY(auto connection, open(url, kAdvisories));
    ECLAIR_CHECK_OK(connection.expect_import());
    Writing out;
    out.connection_ = std::make_unique<Connection>(std::move(connection));
    ECLAIR_TRY(auto transaction, Transaction::begin(*out.connection_));
    out.transaction_.emplace(std::move(transaction));
    return out;
  }
  Connection& connection() { return *connection_; }
  Result<> commit() { return transaction_->commit(); }
  void checkpoint() { connection_->checkpoint(); }

 private:
  std::unique_ptr<Connection> connection_;  // stays where it is: the transaction points to it
  std::optional<Transaction> transaction_;  // goes first
};

class SqlBatch final : public AdvisoryStore::Batch {
 public:
  SqlBatch(std::string url, std::function<void()> committed) : url_(std::move(url)), committed_(std::move(committed)) {}
  std::unique_ptr<AdvisoryStore::Import> begin_import(std::string_view feed, std::string_view origin, UnixTime at) override;

  Result<> commit() override {
    if (failed_) return fail(Errc::internal, "imports are committed of which one failed");
    if (!writing_) return {};  // nothing was imported
    ECLAIR_CHECK_OK(writing_->commit());
    committed_();
    writing_->checkpoint();
    writing_.reset();
    return {};
  }

  /// Nobody waits for a lock that nothing will come of.
  void roll_back() {
    failed_ = true;
    writing_.reset();
  }

  Result<Connection*> connection() {
    if (!writing_) {
      ECLAIR_TRY(auto writing, Writing::begin(url_));
      writing_.emplace(std::move(writing));
    }
    return &writing_->connection();
  }

 private:
  const std::string url_;
  std::function<void()> committed_;
  std::optional<Writing> writing_;
  bool failed_ = false;
};

class SqlImport final : public AdvisoryStore::Import {
 public:
  /// batch: whose transaction it is part of; owned: it is the only part.
  SqlImport(SqlBatch& batch, std::unique_ptr<SqlBatch> owned, std::string feed, std::string origin, UnixTime at)
      : owned_(std::move(owned)), batch_(batch), in_(std::move(feed), std::move(origin), at) {}

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
  void fetched(std::string_view name_space, UnixTime at) override { in_.fetched[std::string(name_space)] = at; }
  void keep(PortionState state) override { in_.portions.push_back(std::move(state)); }
  void bad_record(std::string message) override {
    ++bad_;
    if (shown_.size() < kShownBad) shown_.push_back(std::move(message));
  }

  Result<ImportSummary> commit(bool allow_shrink) override {
    if (std::exchange(done_, true)) return fail(Errc::internal, "an import is committed twice");
    ECLAIR_CHECK_OK(in_.staging.finish());
    ECLAIR_TRY(Connection* const connection, batch_.connection());
    auto summary = sql::commit(*connection, in_, allow_shrink);
    auto through = summary && owned_ ? owned_->commit() : Result<>{};
    if (!summary || !through) {
      batch_.roll_back();
      return fail(summary ? std::move(through).error() : std::move(summary).error());
    }
    summary->bad_records = bad_;
    summary->bad = shown_;
    return summary;
  }

 private:
  std::unique_ptr<SqlBatch> owned_;
  SqlBatch& batch_;
  Collected in_;
  Encoder encoder_;
  std::uint64_t bad_ = 0;
  std::vector<std::string> shown_;
  bool done_ = false;
};

std::unique_ptr<AdvisoryStore::Import> SqlBatch::begin_import(std::string_view feed, std::string_view origin, UnixTime at) {
  return std::make_unique<SqlImport>(*this, nullptr, std::string(feed), std::string(origin), at);
}

}  // namespace advisory_import_detail

std::unique_ptr<AdvisoryStore::Import> make_import(std::string url, std::string feed, std::string origin, UnixTime at,
                                                   std::function<void()> committed) {
  auto alone = std::make_unique<advisory_import_detail::SqlBatch>(std::move(url), std::move(committed));
  advisory_import_detail::SqlBatch& batch = *alone;
  return std::make_unique<advisory_import_detail::SqlImport>(batch, std::move(alone), std::move(feed), std::move(origin), at);
}

std::unique_ptr<AdvisoryStore::Batch> make_batch(std::string url, std::function<void()> committed) {
  return std::make_unique<advisory_import_detail::SqlBatch>(std::move(url), std::move(committed));
}

}  // namespace eclair::store::sql
