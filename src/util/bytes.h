// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "util/result.h"

namespace eclair {

/// Writes our stored formats: LEB128 numbers, length-prefixed strings.
class Encoder {
 public:
  void number(std::uint64_t value);
  void text(std::string_view value);  ///< length, bytes
  void raw(std::string_view value) { out_.append(value); }
  const std::string& bytes() const { return out_; }
  std::string take() { return std::move(out_); }
  void clear() { out_.clear(); }  ///< keeps its memory, for encoding many small things one after the other

 private:
  std::string out_;
};

/// Reads them. After the first fault every read gives 0 or "" and `ok()` is false: check once, at the end of a loop body at the latest.
/// The bytes must outlive it, and the views it gives.
class Decoder {
 public:
  explicit Decoder(std::string_view in) : in_(in) {}
  std::uint64_t number();
  /// A number that something is about to be reserved or repeated by: fails unless at least `min_bytes_each` a piece are left.
  std::uint64_t count(std::size_t min_bytes_each = 1);
  std::string_view text();
  std::string_view raw(std::size_t size);
  bool ok() const { return ok_; }
  bool done() const { return at_ == in_.size(); }
  std::size_t offset() const { return at_; }
  void fail() { ok_ = false; at_ = in_.size(); }

 private:
  std::string_view in_;
  std::size_t at_ = 0;
  bool ok_ = true;
};

/// One zstd frame, with the content size in its header; level 3. Deterministic for one libzstd.
std::string zstd_pack(std::string_view bytes);
/// errors: invalid_input; limit (says it is larger than `max_bytes`).
Result<std::string> zstd_unpack(std::string_view packed, std::size_t max_bytes);

}  // namespace eclair
