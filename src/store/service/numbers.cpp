// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "store/service/numbers.h"

#include <algorithm>
#include <map>

#include "store/service/roles.h"
#include "util/bytes.h"

namespace eclair::store::service {
namespace numbers_detail {

constexpr std::size_t kMost = 50'000;  // remembered; about 8 MiB

}  // namespace numbers_detail

Result<std::vector<std::uint64_t>> PackageNumbers::of(const std::vector<PackageVersion>& packages) {
  std::vector<std::uint64_t> out(packages.size(), 0);
  // By key, so that nodes that keep the same versions at once meet them in the same order.
  std::map<std::string, std::vector<std::size_t>> open;
  {
    const std::lock_guard lock(mutex_);
    Encoder encoder;
    for (std::size_t i = 0; i < packages.size(); ++i) {
      encoder.clear();
      encode(packages[i], encoder);
      if (const auto found = known_.find(encoder.bytes()); found != known_.end()) {
        out[i] = found->second;
      } else {
        open[encoder.bytes()].push_back(i);
      }
    }
  }
  if (open.empty()) return out;
  std::vector<std::string_view> keys;
  std::vector<const PackageVersion*> versions;
  for (const auto& [key, places] : open) {
    keys.push_back(key);
    versions.push_back(&packages[places.front()]);
  }
  ECLAIR_TRY(std::vector<std::uint64_t> numbers, readers_.with([&](Session& session) { return numbers_of(session, keys); }));
  if (std::find(numbers.begin(), numbers.end(), 0u) != numbers.end()) {
    ECLAIR_CHECK_OK(writer_.run([&](Session& session) -> Result<> {
      ECLAIR_TRY(numbers, intern(session, versions, keys));
      return {};
    }));
  }
  std::size_t at = 0;
  for (const auto& [key, places] : open) {
    for (const std::size_t i : places) out[i] = numbers[at];
    ++at;
  }
  const std::lock_guard lock(mutex_);
  if (known_.size() + open.size() > numbers_detail::kMost) known_.clear();
  for (const auto& [key, places] : open) known_[key] = out[places.front()];
  return out;
}

}  // namespace eclair::store::service
