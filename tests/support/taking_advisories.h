// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "support/empty_advisories.h"
#include "util/byte_stream.h"

namespace eclair::test {

/// An AdvisoryStore that takes every import and keeps nothing.
class TakingAdvisories final : public EmptyAdvisories {
 public:
  class TakingImport final : public Import {
   public:
    Result<> advisory(std::string_view, std::string_view, Advisory) override { return {}; }
    Result<> vulnerability(VulnerabilityText) override { return {}; }
    void complete(std::string_view) override {}
    Result<> remove(std::string_view) override { return {}; }
    void bad_record(std::string) override {}
    void keep(store::PortionState) override {}
    void fetched(std::string_view, UnixTime) override {}
    Result<store::ImportSummary> commit(bool) override { return store::ImportSummary{}; }
  };
  class TakingBatch final : public Batch {
   public:
    std::unique_ptr<Import> begin_import(std::string_view, std::string_view, UnixTime) override { return std::make_unique<TakingImport>(); }
    Result<> commit() override { return {}; }
  };
  Result<std::unique_ptr<Batch>> begin_batch() override { return std::make_unique<TakingBatch>(); }
};

/// Bytes that come in small pieces. They must outlive it.
class Pieces final : public ByteStream {
 public:
  explicit Pieces(std::string_view bytes) : bytes_(bytes) {}
  Result<std::string_view> next() override {
    const std::string_view piece = bytes_.substr(0, 777);
    bytes_.remove_prefix(piece.size());
    return piece;
  }

 private:
  std::string_view bytes_;
};

}  // namespace eclair::test
