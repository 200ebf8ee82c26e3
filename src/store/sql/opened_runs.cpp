// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "store/sql/opened_runs.h"

#include <algorithm>

#include "util/bytes.h"

namespace eclair::store::sql {

std::string packed_times(const std::vector<UnixTime>& times) {
  Encoder out;
  for (std::size_t i = 0; i < times.size();) {
    std::size_t end = i;
    while (end < times.size() && times[end] == times[i]) ++end;
    out.number(end - i);
    out.number(static_cast<std::uint64_t>(times[i]));
    i = end;
  }
  return out.take();
}

std::vector<UnixTime> unpacked_times(std::string_view bytes, std::size_t rows) {
  std::vector<UnixTime> out;
  Decoder in(bytes);
  while (in.ok() && !in.done() && out.size() < rows) {
    const std::uint64_t n = in.number();
    const auto time = static_cast<UnixTime>(in.number());
    out.insert(out.end(), std::min<std::uint64_t>(n, rows - out.size()), time);
  }
  out.resize(rows, 0);
  return out;
}

}  // namespace eclair::store::sql
