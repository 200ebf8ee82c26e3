// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "util/byte_stream.h"

namespace eclair::test {

/// Hands out bytes in pieces of a given size.
class Pieces final : public ByteStream {
 public:
  Pieces(std::string bytes, std::size_t size) : bytes_(std::move(bytes)), size_(size) {}
  Result<std::string_view> next() override {
    const std::string_view piece = std::string_view(bytes_).substr(at_, size_);
    at_ += piece.size();
    return piece;
  }

 private:
  std::string bytes_;
  std::size_t size_, at_ = 0;
};

}  // namespace eclair::test
