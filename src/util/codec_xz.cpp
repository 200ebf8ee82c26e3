// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include <lzma.h>

#include <optional>

#include "util/codecs.h"

namespace eclair::codecs {
namespace codec_xz_detail {

class Xz final : public ByteStream {
 public:
  Xz(ByteStream& in, const Limits& limits) : input_(in), memory_bytes_(limits.zstd_window_bytes), out_(kOutputBytes, '\0') {
    open_ = lzma_stream_decoder(&stream_, memory_bytes_, LZMA_CONCATENATED) == LZMA_OK;
  }
  ~Xz() override { lzma_end(&stream_); }
  Xz(const Xz&) = delete;
  Xz& operator=(const Xz&) = delete;

  Result<std::string_view> next() override {
    if (failed_) return fail(*failed_);
    auto piece = decode();
    if (!piece) failed_ = piece.error();
    return piece;
  }

 private:
  Result<std::string_view> decode() {
    if (!open_) return fail(Errc::unavailable, "xz: out of memory");
    if (ended_) return std::string_view{};
    stream_.next_out = reinterpret_cast<std::uint8_t*>(out_.data());
    stream_.avail_out = out_.size();
    while (stream_.avail_out > 0) {
      ECLAIR_TRY(const bool more, input_.refill());
      const std::size_t given = input_.rest().size();
      stream_.next_in = reinterpret_cast<const std::uint8_t*>(input_.rest().data());
      stream_.avail_in = given;
      const lzma_ret result = lzma_code(&stream_, more ? LZMA_RUN : LZMA_FINISH);
      input_.consume(given - stream_.avail_in);
      if (result == LZMA_STREAM_END) {
        ended_ = true;
        break;
      }
      const std::string where = " at byte " + std::to_string(input_.offset());
      if (result == LZMA_MEMLIMIT_ERROR) {
        return fail(Errc::limit, "xz: dictionary is larger than the limit zstd_window_bytes of " + std::to_string(memory_bytes_));
      }
      if (result == LZMA_BUF_ERROR) return fail(Errc::invalid_input, "xz: ends early, after " + std::to_string(input_.offset()) + " bytes");
      if (result != LZMA_OK) return fail(Errc::invalid_input, "xz: damaged block" + where);
    }
    return std::string_view(out_).substr(0, out_.size() - stream_.avail_out);
  }

  Input input_;
  lzma_stream stream_ = LZMA_STREAM_INIT;
  std::uint64_t memory_bytes_;
  std::string out_;
  std::optional<Error> failed_;
  bool open_ = false, ended_ = false;
};

}  // namespace codec_xz_detail

std::unique_ptr<ByteStream> xz(ByteStream& in, const Limits& limits) { return std::make_unique<codec_xz_detail::Xz>(in, limits); }

}  // namespace eclair::codecs
