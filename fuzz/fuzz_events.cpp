// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// A server's events: the same whatever pieces they come in, and never more than they were made of.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "cli/event_reader.h"

namespace {

struct Seen {
  std::string events;
  std::string last_id;
  bool fine = true;
  bool operator==(const Seen&) const = default;
};

Seen read(std::string_view bytes, std::size_t piece) {
  Seen out;
  eclair::cli::EventReader reader;
  const auto take = [&](std::string_view kind, std::string_view data) -> eclair::Result<> {
    out.events += std::string(kind) + "\n" + std::string(data) + "\n";
    return {};
  };
  for (std::size_t at = 0; at < bytes.size() && out.fine; at += piece) out.fine = reader.take(bytes.substr(at, piece), take).has_value();
  out.last_id = reader.last_id();
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // The first byte says how the rest is cut.
  if (size < 2) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const Seen whole = read(bytes, bytes.size());
  if (read(bytes, data[0] % 16u + 1) != whole) std::abort();
  // "message" stands for a kind that was not said, and comes with a line of data.
  if (whole.events.size() > bytes.size() * 3 || whole.last_id.size() > bytes.size()) std::abort();
  return 0;
}
