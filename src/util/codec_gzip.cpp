// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include <isa-l/igzip_lib.h>

#include <optional>
#include <vector>

#include "util/codecs.h"

namespace eclair::codecs {
namespace codec_gzip_detail {

class Gzip final : public ByteStream {
 public:
  explicit Gzip(ByteStream& in) : input_(in), state_(std::make_unique<inflate_state>()), out_(kOutputBytes) { start_member(); }

  Result<std::string_view> next() override {
    if (failed_) return fail(*failed_);
    auto piece = decode();
    if (!piece) failed_ = piece.error();
    return piece;
  }

 private:
  void start_member() {
    isal_inflate_init(state_.get());
    state_->crc_flag = ISAL_GZIP;
  }

  Result<std::string_view> decode() {
    if (ended_) return std::string_view{};
    state_->next_out = out_.data();
    state_->avail_out = static_cast<std::uint32_t>(out_.size());
    while (state_->avail_out > 0) {
      ECLAIR_TRY(const bool more, input_.refill());
      // ISA-L holds input bits of its own: at the end of the stream it may still have output to give, so it is asked once more.
      const std::string_view rest = input_.rest();
      const auto given = static_cast<std::uint32_t>(rest.size());
      state_->next_in = reinterpret_cast<std::uint8_t*>(const_cast<char*>(rest.data()));
      state_->avail_in = given;
      const std::uint32_t room = state_->avail_out;
      const int result = isal_inflate(state_.get());
      input_.consume(given - state_->avail_in);
      if (result < 0) {
        // Padding or garbage after the last member ends the stream quietly; it shows by its header only.
        if (members_ > 0 && member_is_empty() && (result == ISAL_INVALID_WRAPPER || result == ISAL_UNSUPPORTED_METHOD)) {
          ended_ = true;
          break;
        }
        return broken(result);
      }
      if (state_->block_state == ISAL_BLOCK_FINISH) {
        ++members_;
        ECLAIR_TRY(const bool more_input, input_.refill());
        if (!more_input || static_cast<unsigned char>(input_.rest()[0]) != 0x1f) {
          ended_ = true;
          break;
        }
        auto* const out = state_->next_out;
        const std::uint32_t left = state_->avail_out;
        start_member();
        state_->next_out = out;
        state_->avail_out = left;
        continue;
      }
      if (!more && state_->avail_out == room) {
        return fail(Errc::invalid_input, "gzip: ends early, after " + std::to_string(input_.offset()) + " bytes");
      }
    }
    return std::string_view(reinterpret_cast<const char*>(out_.data()), out_.size() - state_->avail_out);
  }

  bool member_is_empty() const { return state_->total_out == 0; }

  Result<std::string_view> broken(int result) const {
    const std::string where = " at byte " + std::to_string(input_.offset());
    switch (result) {
      case ISAL_INCORRECT_CHECKSUM: return fail(Errc::invalid_input, "gzip: checksum differs" + where);
      case ISAL_INVALID_WRAPPER: return fail(Errc::invalid_input, "gzip: damaged header" + where);
      case ISAL_UNSUPPORTED_METHOD: return fail(Errc::invalid_input, "gzip: unknown compression method" + where);
      default: return fail(Errc::invalid_input, "gzip: damaged deflate block" + where);
    }
  }

  Input input_;
  std::unique_ptr<inflate_state> state_;
  std::vector<std::uint8_t> out_;
  std::optional<Error> failed_;
  std::uint64_t members_ = 0;
  bool ended_ = false;
};

}  // namespace codec_gzip_detail

std::unique_ptr<ByteStream> gzip(ByteStream& in) { return std::make_unique<codec_gzip_detail::Gzip>(in); }

}  // namespace eclair::codecs
