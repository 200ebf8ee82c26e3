// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// What every feed's parser promises of any bytes: it ends, names what it refuses, and gives no row without a name.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <string>

#include "feeds/feed.h"

namespace feed_target_detail {

class Checked final : public eclair::feeds::AdvisorySink {
 public:
  eclair::Result<> advisory(std::string_view name_space, std::string_view package, eclair::Advisory row) override {
    if (name_space.empty() || package.empty() || row.vulnerability.empty()) std::abort();
    if (row.status == eclair::Status::fixed && row.fixed_in.empty() && row.ranges.empty() && row.versions.empty()) std::abort();
    eclair::Encoder stored;
    encode(row, stored);
    eclair::Decoder back(stored.bytes());
    if (!(decode_advisory(back) == row) || !back.ok() || !back.done()) std::abort();
    ++rows;
    return {};
  }
  eclair::Result<> vulnerability(eclair::VulnerabilityText text) override {
    eclair::Encoder stored;
    encode(text, stored);
    eclair::Decoder back(stored.bytes());
    if (!(decode_vulnerability(back) == text)) std::abort();
    return {};
  }
  void complete(std::string_view, std::string_view) override {}
  eclair::Result<> remove(std::string_view) override { return {}; }
  void bad_record(std::string message) override {
    // It is shown on terminals and in logs.
    if (message.empty() || message.find('\n') != std::string::npos || message.find('\x1b') != std::string::npos) std::abort();
    ++bad;
  }
  std::uint64_t rows = 0, bad = 0;
};

}  // namespace feed_target_detail

inline int fuzz_feed(const char* feed, const std::uint8_t* data, std::size_t size, const char* part = "v3.19/main.json") {
  const eclair::MemorySource bytes(std::string(reinterpret_cast<const char*>(data), size));
  feed_target_detail::Checked sink;
  const auto done = eclair::feeds::find_feed(feed)->parse(part, bytes, eclair::Limits{}, eclair::Cancel{}, sink);
  if (!done && done.error().text.empty()) std::abort();
  return 0;
}
