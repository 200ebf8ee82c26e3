// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "util/byte_source.h"
#include "util/result.h"

namespace eclair {

/// Bytes that come once, in order: a blob being fetched, a layer being inflated.
class ByteStream {
 public:
  virtual ~ByteStream() = default;
  /// The next bytes, good until the next call; empty at the end (and then always). A stream that failed keeps failing.
  virtual Result<std::string_view> next() = 0;
};

/// Reads a source from front to back. The source must outlive it.
class SourceStream final : public ByteStream {
 public:
  explicit SourceStream(const ByteSource& in, std::size_t chunk_bytes = 256u << 10) : in_(in), chunk_(chunk_bytes, '\0') {}
  Result<std::string_view> next() override;

 private:
  const ByteSource& in_;
  std::string chunk_;
  std::uint64_t offset_ = 0;
};

/// Opens the same bytes again, for the one case that needs a second pass (a hard link to a name that was not kept).
using StreamOpener = std::function<Result<std::unique_ptr<ByteStream>>()>;

}  // namespace eclair
