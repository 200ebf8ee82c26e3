// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include <bzlib.h>

#include <optional>

#include "util/codecs.h"

namespace eclair::codecs {
namespace codec_bzip2_detail {

class Bzip2 final : public ByteStream {
 public:
  explicit Bzip2(ByteStream& in) : input_(in), out_(kOutputBytes, '\0') { open_ = BZ2_bzDecompressInit(&stream_, 0, 0) == BZ_OK; }
  ~Bzip2() override {
    if (open_) BZ2_bzDecompressEnd(&stream_);
  }
  Bzip2(const Bzip2&) = delete;
  Bzip2& operator=(const Bzip2&) = delete;

  Result<std::string_view> next() override {
    if (failed_) return fail(*failed_);
    auto piece = decode();
    if (!piece) failed_ = piece.error();
    return piece;
  }

 private:
  Result<std::string_view> decode() {
    if (!open_) return ended_ ? Result<std::string_view>(std::string_view{}) : fail(Errc::unavailable, "bzip2: out of memory");
    stream_.next_out = out_.data();
    stream_.avail_out = static_cast<unsigned>(out_.size());
    while (stream_.avail_out > 0) {
      ECLAIR_TRY(const bool more, input_.refill());
      if (!more) return fail(Errc::invalid_input, "bzip2: ends early, after " + std::to_string(input_.offset()) + " bytes");
      const auto given = static_cast<unsigned>(input_.rest().size());
      stream_.next_in = const_cast<char*>(input_.rest().data());
      stream_.avail_in = given;
      const int result = BZ2_bzDecompress(&stream_);
      input_.consume(given - stream_.avail_in);
      if (result == BZ_STREAM_END) {
        BZ2_bzDecompressEnd(&stream_);
        open_ = false;
        ECLAIR_TRY(const bool another, input_.refill());
        ended_ = !another || input_.rest()[0] != 'B';
        if (ended_) break;
        bz_stream fresh{};
        fresh.next_out = stream_.next_out;
        fresh.avail_out = stream_.avail_out;
        stream_ = fresh;
        open_ = BZ2_bzDecompressInit(&stream_, 0, 0) == BZ_OK;
        if (!open_) return fail(Errc::unavailable, "bzip2: out of memory");
      } else if (result != BZ_OK) {
        return fail(Errc::invalid_input, "bzip2: damaged block at byte " + std::to_string(input_.offset()));
      }
    }
    return std::string_view(out_).substr(0, out_.size() - stream_.avail_out);
  }

  Input input_;
  bz_stream stream_{};
  std::string out_;
  std::optional<Error> failed_;
  bool open_ = false, ended_ = false;
};

}  // namespace codec_bzip2_detail

std::unique_ptr<ByteStream> bzip2(ByteStream& in) { return std::make_unique<codec_bzip2_detail::Bzip2>(in); }

}  // namespace eclair::codecs
