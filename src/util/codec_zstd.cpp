// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#define ZSTD_STATIC_LINKING_ONLY  // ZSTD_getFrameHeader
#include <zstd.h>
#include <zstd_errors.h>

#include <bit>
#include <optional>

#include "util/codecs.h"
#include "util/decompress.h"

namespace eclair::codecs {
namespace codec_zstd_detail {

class Zstd final : public ByteStream {
 public:
  Zstd(ByteStream& in, const Limits& limits) : input_(in), context_(ZSTD_createDCtx()), window_bytes_(limits.zstd_window_bytes), out_(kOutputBytes, '\0') {
    ZSTD_DCtx_setParameter(context_, ZSTD_d_windowLogMax, static_cast<int>(std::bit_width(window_bytes_)) - 1);
  }
  ~Zstd() override { ZSTD_freeDCtx(context_); }
  Zstd(const Zstd&) = delete;
  Zstd& operator=(const Zstd&) = delete;

  Result<std::string_view> next() override {
    if (failed_) return fail(*failed_);
    auto piece = decode();
    if (!piece) failed_ = piece.error();
    return piece;
  }

 private:
  Result<std::string_view> decode() {
    ZSTD_outBuffer out{out_.data(), out_.size(), 0};
    while (out.pos < out.size) {
      ECLAIR_TRY(const bool more, input_.refill());
      if (!more && !flushing_) {
        if (in_frame_) return fail(Errc::invalid_input, "zstd: ends early, after " + std::to_string(input_.offset()) + " bytes");
        break;
      }
      ZSTD_inBuffer in{input_.rest().data(), input_.rest().size(), 0};
      const std::size_t hint = ZSTD_decompressStream(context_, &out, &in);
      input_.consume(in.pos);
      if (ZSTD_isError(hint) != 0) {
        if (ZSTD_getErrorCode(hint) == ZSTD_error_frameParameter_windowTooLarge) {
          return fail(Errc::limit, "zstd: window is larger than the limit zstd_window_bytes of " + std::to_string(window_bytes_));
        }
        return fail(Errc::invalid_input, std::string("zstd: ") + ZSTD_getErrorName(hint) + " at byte " + std::to_string(input_.offset()));
      }
      in_frame_ = hint != 0;
      flushing_ = in_frame_ && out.pos == out.size;  // output may be waiting although the input is used up
    }
    return std::string_view(out_).substr(0, out.pos);
  }

  Input input_;
  ZSTD_DCtx* context_;
  std::uint64_t window_bytes_;
  std::string out_;
  std::optional<Error> failed_;
  bool in_frame_ = false, flushing_ = false;
};

}  // namespace codec_zstd_detail

std::unique_ptr<ByteStream> zstd(ByteStream& in, const Limits& limits) { return std::make_unique<codec_zstd_detail::Zstd>(in, limits); }

}  // namespace eclair::codecs

namespace eclair {

std::uint64_t zstd_window_bytes(std::string_view first_bytes) {
  if (sniff_compression(first_bytes) != Compression::zstd) return 0;
  ZSTD_frameHeader header;
  if (ZSTD_getFrameHeader(&header, first_bytes.data(), first_bytes.size()) != 0) return 0;
  return header.windowSize;
}

}  // namespace eclair
