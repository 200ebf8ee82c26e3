// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "store/interface.h"

namespace eclair::test {

/// An AdvisoryStore that knows nothing and takes nothing: what a test's own store begins with.
class EmptyAdvisories : public store::AdvisoryStore {
 public:
  Result<std::unique_ptr<Import>> begin_import(std::string_view, std::string_view, UnixTime) override { return refused(); }
  Result<std::unique_ptr<Batch>> begin_batch() override { return refused(); }
  Result<std::vector<store::FeedState>> feeds() override { return std::vector<store::FeedState>(); }
  Result<std::vector<store::PortionState>> portions(std::string_view) override { return std::vector<store::PortionState>(); }
  Result<> confirm(std::string_view, const std::vector<store::PortionState>&, UnixTime) override { return {}; }
  Result<std::vector<store::AdvisoryRow>> rows(std::string_view, std::string_view) override { return std::vector<store::AdvisoryRow>(); }
  Result<std::vector<store::AdvisoryRow>> search(const store::AdvisoryQuery&) override { return std::vector<store::AdvisoryRow>(); }
  Result<std::optional<VulnerabilityText>> text(std::string_view, std::string_view) override { return std::optional<VulnerabilityText>(); }
  Result<std::vector<store::Snapshot>> snapshots() override { return std::vector<store::Snapshot>(); }
  Result<std::uint64_t> generation() override { return std::uint64_t{1}; }
  Result<std::vector<store::Change>> changes(std::int64_t, std::size_t) override { return std::vector<store::Change>(); }
  Result<std::int64_t> last_change() override { return std::int64_t{0}; }
  void release() override {}
  Result<store::PruneSummary> prune(UnixTime) override { return store::PruneSummary{}; }
  Result<> each(std::string_view, const GroupFn&, const TextFn&) override { return {}; }

 private:
  static tl::unexpected<Error> refused() { return fail(Errc::unsupported, "the test's store takes no imports"); }
};

}  // namespace eclair::test
