// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "util/gzip.h"

#include <isa-l/igzip_lib.h>

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <memory>
#include <vector>

namespace eclair {
namespace gzip_detail {

constexpr std::size_t kBlockBytes = 64u << 10;

struct State {
  isal_zstream stream;
  std::string block;
  std::vector<std::uint8_t> level = std::vector<std::uint8_t>(ISAL_DEF_LVL1_DEFAULT);
};

/// The state is large and making it costs more than a small reply: one a thread, kept.
State& state() {
  thread_local const std::unique_ptr<State> one = std::make_unique<State>();
  return *one;
}

}  // namespace gzip_detail

std::string gzip(std::span<const std::string_view> parts) {
  gzip_detail::State& state = gzip_detail::state();
  isal_zstream& z = state.stream;
  isal_deflate_init(&z);
  z.level = 1;
  z.level_buf = state.level.data();
  z.level_buf_size = static_cast<std::uint32_t>(state.level.size());
  z.gzip_flag = IGZIP_GZIP;
  z.flush = NO_FLUSH;

  std::size_t all = 0;
  for (const std::string_view part : parts) all += part.size();
  std::string out(all / 4 + 256, '\0');
  std::size_t used = 0;
  const auto put = [&](std::string_view bytes, bool last) {
    z.end_of_stream = last ? 1 : 0;
    z.next_in = reinterpret_cast<std::uint8_t*>(const_cast<char*>(bytes.data()));
    z.avail_in = static_cast<std::uint32_t>(bytes.size());
    do {
      if (out.size() - used < 256) out.resize(out.size() * 2);
      const std::size_t room = std::min<std::size_t>(out.size() - used, 1u << 30);
      z.next_out = reinterpret_cast<std::uint8_t*>(out.data() + used);
      z.avail_out = static_cast<std::uint32_t>(room);
      isal_deflate(&z);
      used += room - z.avail_out;
    } while (z.avail_in > 0 || z.avail_out == 0 || (last && z.internal_state.state != ZSTATE_END));
  };
  // Each call has its price: small parts are put together first.
  std::string& block = state.block;
  block.clear();
  for (std::string_view part : parts) {
    while (!part.empty()) {
      const std::size_t taken = std::min(part.size(), gzip_detail::kBlockBytes - block.size());
      block.append(part.substr(0, taken));
      part.remove_prefix(taken);
      if (block.size() < gzip_detail::kBlockBytes) break;
      put(block, false);
      block.clear();
    }
  }
  put(block, true);
  out.resize(used);
  return out;
}

}  // namespace eclair
