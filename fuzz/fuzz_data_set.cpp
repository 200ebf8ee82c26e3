// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "store/data_set.h"
#include "support/empty_advisories.h"

using namespace eclair;

namespace {

class Bytes final : public ByteStream {
 public:
  explicit Bytes(std::string_view bytes) : bytes_(bytes) {}
  Result<std::string_view> next() override {
    const std::string_view piece = bytes_.substr(0, 777);
    bytes_.remove_prefix(piece.size());
    return piece;
  }

 private:
  std::string_view bytes_;
};

/// Takes everything and keeps nothing.
class Sink final : public test::EmptyAdvisories {
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

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  Sink sink;
  const auto done = store::import_data_set(sink, std::make_unique<Bytes>(std::string_view(reinterpret_cast<const char*>(data), size)), {}, Limits{}, Cancel{});
  if (!done && done.error().text.empty()) __builtin_trap();
  return 0;
}
