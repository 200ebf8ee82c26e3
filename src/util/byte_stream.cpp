// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "util/byte_stream.h"

namespace eclair {

Result<std::string_view> SourceStream::next() {
  ECLAIR_TRY(const std::size_t n, in_.read_at(offset_, chunk_));
  offset_ += n;
  return std::string_view(chunk_).substr(0, n);
}

}  // namespace eclair
