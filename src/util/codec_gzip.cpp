// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
//
// ISA-L decodes deflate and sums it; headers and trailers of members (RFC 1952) are read here. Its own reader of trailers steps back over
// bytes that it was given in an earlier piece, which then are somewhere else: wrong or foreign bytes, where pieces are small and something
// follows the member.
#include <isa-l/crc.h>
#include <isa-l/igzip_lib.h>

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "util/codecs.h"

namespace eclair::codecs {
namespace codec_gzip_detail {

constexpr unsigned char kFlagHeaderCrc = 2, kFlagExtra = 4, kFlagName = 8, kFlagComment = 16;

class Gzip final : public ByteStream {
 public:
  explicit Gzip(ByteStream& in) : input_(in), state_(std::make_unique<inflate_state>()), out_(kOutputBytes) {}

  Result<std::string_view> next() override {
    if (failed_) return fail(*failed_);
    auto piece = decode();
    if (!piece) failed_ = piece.error();
    return piece;
  }

 private:
  Result<std::string_view> decode() {
    state_->next_out = out_.data();
    state_->avail_out = static_cast<std::uint32_t>(out_.size());
    while (state_->avail_out > 0 && !ended_) {
      if (in_member_) {
        ECLAIR_CHECK_OK(inflate());
      } else {
        ECLAIR_CHECK_OK(begin_member());
      }
    }
    return std::string_view(reinterpret_cast<const char*>(out_.data()), out_.size() - state_->avail_out);
  }

  Result<> inflate() {
    ECLAIR_TRY(const bool more, refill());
    // ISA-L holds input bits of its own: at the end of the stream it may still have output to give, so it is asked once more.
    const std::string_view rest = this->rest();
    const std::size_t given = std::min<std::size_t>(rest.size(), UINT32_MAX);
    state_->next_in = reinterpret_cast<std::uint8_t*>(const_cast<char*>(rest.data()));
    state_->avail_in = static_cast<std::uint32_t>(given);
    const std::uint32_t room = state_->avail_out;
    const int result = isal_inflate(state_.get());
    // After an error ISA-L's count of what is left means nothing: it may be -1.
    if (result < 0 || state_->avail_in > given) return fail(Errc::invalid_input, "gzip: damaged deflate block" + where());
    consume(given - state_->avail_in);
    if (state_->block_state == ISAL_BLOCK_FINISH) return end_member();
    if (!more && state_->avail_out == room) return ends_early();
    return {};
  }

  /// Reads the header of the next member. Padding or garbage after the last member ends the stream quietly, as gzip itself does.
  Result<> begin_member() {
    header_crc_ = 0;
    std::array<unsigned char, 10> head{};
    for (std::size_t i = 0; i < head.size(); ++i) {
      ECLAIR_TRY(const bool more, refill());
      if (!more && i == 0 && members_ > 0) {
        ended_ = true;
        return {};
      }
      if (!more) return ends_early();
      head[i] = take();
      constexpr std::array<unsigned char, 3> kMagic = {0x1f, 0x8b, 8};  // 8: deflate, the only method there is
      if (i >= kMagic.size() || head[i] == kMagic[i]) continue;
      if (members_ == 0) return fail(Errc::invalid_input, (i == 2 ? "gzip: unknown compression method" : "gzip: damaged header") + where());
      ended_ = true;
      return {};
    }
    const unsigned flags = head[3];
    if ((flags & kFlagExtra) != 0) {
      ECLAIR_TRY(const std::uint32_t length, little_endian(2));
      for (std::uint32_t i = 0; i < length; ++i) ECLAIR_CHECK_OK(next_byte());
    }
    for (const unsigned flag : {kFlagName, kFlagComment}) {
      if ((flags & flag) == 0) continue;
      ECLAIR_TRY(unsigned char c, next_byte());
      while (c != 0) {
        ECLAIR_TRY(c, next_byte());
      }
    }
    if ((flags & kFlagHeaderCrc) != 0) {
      const std::uint32_t expected = header_crc_ & 0xffff;
      ECLAIR_TRY(const std::uint32_t said, little_endian(2));
      if (said != expected) return fail(Errc::invalid_input, "gzip: checksum of a header differs" + where());
    }
    auto* const out = state_->next_out;
    const std::uint32_t left = state_->avail_out;
    isal_inflate_init(state_.get());
    state_->crc_flag = ISAL_GZIP_NO_HDR;
    state_->next_out = out;
    state_->avail_out = left;
    in_member_ = true;
    return {};
  }

  /// Takes back what ISA-L read ahead, and holds the trailer against the data.
  Result<> end_member() {
    std::string ahead;
    std::uint64_t bits = state_->read_in >> (state_->read_in_length % 8);
    for (std::int32_t left = state_->read_in_length; left >= 8; left -= 8, bits >>= 8) ahead += static_cast<char>(bits & 0xff);
    ahead.append(reinterpret_cast<const char*>(state_->tmp_in_buffer), static_cast<std::size_t>(std::max<int>(state_->tmp_in_size, 0)));
    ahead.append(ahead_, ahead_at_);
    ahead_ = std::move(ahead);
    ahead_at_ = 0;
    in_member_ = false;
    ++members_;
    const std::uint32_t crc = state_->crc, size = state_->total_out;
    ECLAIR_TRY(const std::uint32_t crc_said, little_endian(4));
    ECLAIR_TRY(const std::uint32_t size_said, little_endian(4));
    if (crc_said != crc || size_said != size) return fail(Errc::invalid_input, "gzip: checksum differs" + where());
    return {};
  }

  // What was read ahead of a member's end comes before the rest of the input.
  Result<bool> refill() {
    if (ahead_at_ < ahead_.size()) return true;
    return input_.refill();
  }
  std::string_view rest() const { return ahead_at_ < ahead_.size() ? std::string_view(ahead_).substr(ahead_at_) : input_.rest(); }
  void consume(std::size_t n) {
    if (ahead_at_ < ahead_.size()) {
      ahead_at_ += n;
    } else {
      input_.consume(n);
    }
  }

  unsigned char take() {
    const auto c = static_cast<unsigned char>(rest()[0]);
    header_crc_ = crc32_gzip_refl(header_crc_, &c, 1);
    consume(1);
    return c;
  }
  Result<unsigned char> next_byte() {
    ECLAIR_TRY(const bool more, refill());
    if (!more) return ends_early();
    return take();
  }
  Result<std::uint32_t> little_endian(unsigned bytes) {
    std::uint32_t value = 0;
    for (unsigned i = 0; i < bytes; ++i) {
      ECLAIR_TRY(const unsigned char c, next_byte());
      value |= static_cast<std::uint32_t>(c) << (8 * i);
    }
    return value;
  }

  std::string where() const { return " at byte " + std::to_string(input_.offset()); }
  tl::unexpected<Error> ends_early() const {
    return fail(Errc::invalid_input, "gzip: ends early, after " + std::to_string(input_.offset()) + " bytes");
  }

  Input input_;
  std::unique_ptr<inflate_state> state_;
  std::vector<std::uint8_t> out_;
  std::string ahead_;
  std::size_t ahead_at_ = 0;
  std::uint32_t header_crc_ = 0;
  std::optional<Error> failed_;
  std::uint64_t members_ = 0;
  bool in_member_ = false, ended_ = false;
};

}  // namespace codec_gzip_detail

std::unique_ptr<ByteStream> gzip(ByteStream& in) { return std::make_unique<codec_gzip_detail::Gzip>(in); }

}  // namespace eclair::codecs
