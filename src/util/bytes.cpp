// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "util/bytes.h"

#include <zstd.h>

namespace eclair {

void Encoder::number(std::uint64_t value) {
  while (value >= 0x80) {
    out_ += static_cast<char>(value | 0x80);
    value >>= 7;
  }
  out_ += static_cast<char>(value);
}

void Encoder::text(std::string_view value) {
  number(value.size());
  out_.append(value);
}

std::uint64_t Decoder::number() {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    if (at_ >= in_.size()) break;
    const auto byte = static_cast<unsigned char>(in_[at_++]);
    if (shift == 63 && byte > 1) break;  // does not fit
    value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
    if ((byte & 0x80) == 0) return value;
  }
  fail();
  return 0;
}

std::uint64_t Decoder::count(std::size_t min_bytes_each) {
  const std::uint64_t n = number();
  if (min_bytes_each > 0 && n > (in_.size() - at_) / min_bytes_each) {
    fail();
    return 0;
  }
  return n;
}

std::string_view Decoder::text() { return raw(number()); }

std::string_view Decoder::raw(std::size_t size) {
  if (size > in_.size() - at_) {
    fail();
    return {};
  }
  const std::string_view out = in_.substr(at_, size);
  at_ += size;
  return out;
}

std::string zstd_pack(std::string_view bytes) {
  std::string out(ZSTD_compressBound(bytes.size()), '\0');
  out.resize(ZSTD_compress(out.data(), out.size(), bytes.data(), bytes.size(), 3));
  return out;
}

Result<std::string> zstd_unpack(std::string_view packed, std::size_t max_bytes) {
  const unsigned long long size = ZSTD_getFrameContentSize(packed.data(), packed.size());
  if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN) return fail(Errc::invalid_input, "not a zstd frame of known size");
  if (size > max_bytes) return fail(Errc::limit, std::to_string(size) + " bytes unpacked, more than the limit of " + std::to_string(max_bytes));
  // A block says its length in three bytes and holds at most 128 KiB (RFC 8878, 3.1.1.2): room is made only for what the frame can hold.
  constexpr std::size_t kBlockBytes = 128u << 10, kBlockHeaderBytes = 3;
  if (size > (packed.size() / kBlockHeaderBytes + 1) * kBlockBytes) return fail(Errc::invalid_input, "damaged zstd frame: says it is larger than its blocks can be");
  std::string out(size, '\0');
  const std::size_t n = ZSTD_decompress(out.data(), out.size(), packed.data(), packed.size());
  if (ZSTD_isError(n) != 0) return fail(Errc::invalid_input, std::string("damaged zstd frame: ") + ZSTD_getErrorName(n));
  if (n != size) return fail(Errc::invalid_input, "zstd frame is shorter than it says");
  return out;
}

}  // namespace eclair
