// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "feeds/zip.h"

#include <zlib.h>

#include <algorithm>
#include <array>

#include "util/text.h"

namespace eclair::feeds {
namespace zip_detail {

constexpr std::size_t kEndBytes = 22, kEnd64Bytes = 56, kLocatorBytes = 20, kDirectoryBytes = 46, kHeaderBytes = 30;
constexpr std::size_t kBufferBytes = 64u << 10;
constexpr std::uint64_t kMaxDeflateRatio = 1040;  // deflate cannot do better than 1032 : 1

/// A little-endian number; 0 past the end.
std::uint64_t number(std::string_view bytes, std::size_t at, std::size_t size) {
  std::uint64_t out = 0;
  for (std::size_t i = 0; i < size && at + i < bytes.size(); ++i) {
    out |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[at + i])) << (8 * i);
  }
  return out;
}

Result<std::string> read_at(const ByteSource& in, std::uint64_t offset, std::size_t size) {
  std::string out(size, '\0');
  ECLAIR_CHECK_OK(read_exact(in, offset, out));
  return out;
}

/// Replaces what the 32-bit fields could not hold by the numbers of the zip64 extra field, in the order the format gives.
void read_zip64(std::string_view extra, ZipMember& member) {
  while (extra.size() >= 4) {
    const std::size_t size = std::min<std::size_t>(number(extra, 2, 2), extra.size() - 4);
    std::string_view field = extra.substr(4, size);
    if (number(extra, 0, 2) == 1) {
      for (std::uint64_t* value : {&member.size, &member.packed_size, &member.header_offset}) {
        if (*value != 0xffffffff || field.size() < 8) continue;
        *value = number(field, 0, 8);
        field.remove_prefix(8);
      }
      return;
    }
    extra.remove_prefix(4 + size);
  }
}

/// Takes a member's bytes as they come out, and notices when they are not what the directory says.
class Output {
 public:
  Output(const ZipMember& member, const Limits& limits) : member_(member), spill_(limits.spill_bytes) {}
  Result<> append(std::string_view bytes) {
    if (spill_.size() + bytes.size() > member_.size) return fail(Errc::invalid_input, "zip: " + text::quoted(member_.name) + " is larger than it says");
    crc_ = ::crc32(crc_, reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uInt>(bytes.size()));
    return spill_.append(bytes);
  }
  Result<std::unique_ptr<ByteSource>> finish() {
    if (spill_.size() != member_.size) return fail(Errc::invalid_input, "zip: " + text::quoted(member_.name) + " is shorter than it says");
    if (crc_ != member_.crc) return fail(Errc::invalid_input, "zip: checksum of " + text::quoted(member_.name) + " differs");
    return spill_.take();
  }

 private:
  const ZipMember& member_;
  SpillBuffer spill_;
  uLong crc_ = ::crc32(0, nullptr, 0);
};

/// A raw deflate decoder that ends itself.
struct Inflate {
  z_stream z{};
  bool good = inflateInit2(&z, -MAX_WBITS) == Z_OK;
  Inflate() = default;
  Inflate(const Inflate&) = delete;
  Inflate& operator=(const Inflate&) = delete;
  ~Inflate() {
    if (good) inflateEnd(&z);
  }
};

Result<> inflate_all(const ByteSource& in, std::uint64_t offset, const ZipMember& member, const Cancel& stop, Output& out) {
  Inflate inflate_state;
  z_stream& z = inflate_state.z;
  if (!inflate_state.good) return fail(Errc::internal, "zip: no memory for a decoder");
  std::string packed(kBufferBytes, '\0'), plain(kBufferBytes, '\0');
  std::uint64_t left = member.packed_size;
  int code = Z_OK;
  while (code != Z_STREAM_END) {
    if (stop.requested()) return fail(Errc::cancelled, "cancelled");
    if (z.avail_in == 0) {
      const auto n = static_cast<std::size_t>(std::min<std::uint64_t>(left, packed.size()));
      if (n == 0) return fail(Errc::invalid_input, "zip: " + text::quoted(member.name) + " ends early");
      ECLAIR_CHECK_OK(read_exact(in, offset, std::span<char>(packed).first(n)));
      offset += n;
      left -= n;
      z.next_in = reinterpret_cast<Bytef*>(packed.data());
      z.avail_in = static_cast<uInt>(n);
    }
    z.next_out = reinterpret_cast<Bytef*>(plain.data());
    z.avail_out = static_cast<uInt>(plain.size());
    code = ::inflate(&z, Z_NO_FLUSH);
    if (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR) return fail(Errc::invalid_input, "zip: " + text::quoted(member.name) + " is damaged");
    ECLAIR_CHECK_OK(out.append(std::string_view(plain).substr(0, plain.size() - z.avail_out)));
  }
  return {};
}

}  // namespace zip_detail

bool is_zip(std::string_view first_bytes) {
  const std::string_view magic = first_bytes.substr(0, 4);
  return magic == std::string_view("PK\3\4", 4) || magic == std::string_view("PK\5\6", 4);
}

Result<ZipReader> ZipReader::open(const ByteSource& in, const Limits& limits) {
  using namespace zip_detail;
  ZipReader out(in, limits);
  const auto tail_bytes = static_cast<std::size_t>(std::min<std::uint64_t>(in.size(), kEndBytes + 0xffff));
  const std::uint64_t tail_offset = in.size() - tail_bytes;
  ECLAIR_TRY(const std::string tail, read_at(in, tail_offset, tail_bytes));
  std::size_t end = std::string::npos;
  for (std::size_t i = tail.size() + 1; i-- > kEndBytes;) {
    const std::size_t at = i - kEndBytes;
    if (tail.compare(at, 4, std::string_view("PK\5\6", 4)) == 0 && at + kEndBytes + number(tail, at + 20, 2) == tail.size()) {
      end = at;
      break;
    }
  }
  if (end == std::string::npos) return fail(Errc::invalid_input, "zip: no end of the directory: not an archive, or cut");
  std::uint64_t before = tail_offset + end;  // the directory must lie before this
  out.count_ = number(tail, end + 10, 2);
  std::uint64_t size = number(tail, end + 12, 4), offset = number(tail, end + 16, 4);
  if (before >= kLocatorBytes && (out.count_ == 0xffff || size == 0xffffffff || offset == 0xffffffff)) {
    ECLAIR_TRY(const std::string locator, read_at(in, before - kLocatorBytes, kLocatorBytes));
    if (locator.compare(0, 4, std::string_view("PK\6\7", 4)) == 0) {
      const std::uint64_t end64_offset = number(locator, 8, 8);
      if (before - kLocatorBytes < kEnd64Bytes || end64_offset > before - kLocatorBytes - kEnd64Bytes) return fail(Errc::invalid_input, "zip: the zip64 end lies outside");
      ECLAIR_TRY(const std::string end64, read_at(in, end64_offset, kEnd64Bytes));
      if (end64.compare(0, 4, std::string_view("PK\6\6", 4)) != 0) return fail(Errc::invalid_input, "zip: no zip64 end where the locator says");
      out.count_ = number(end64, 32, 8);
      size = number(end64, 40, 8);
      offset = number(end64, 48, 8);
      before = end64_offset;
    }
  }
  if (offset > before || size > before - offset || out.count_ > size / kDirectoryBytes) return fail(Errc::invalid_input, "zip: the directory lies outside the archive");
  if (out.count_ > limits.feed_documents) {
    return fail(Errc::limit, "zip: " + std::to_string(out.count_) + " members, more than feed_documents (" + std::to_string(limits.feed_documents) + ")");
  }
  out.at_ = offset;
  out.end_ = offset + size;
  return out;
}

Result<bool> ZipReader::next(ZipMember& member) {
  using namespace zip_detail;
  const auto cut = [] { return fail(Errc::invalid_input, "zip: the directory is damaged"); };
  if (seen_ == count_) return at_ == end_ ? Result<bool>(false) : cut();
  if (end_ - at_ < kDirectoryBytes) return cut();
  ECLAIR_TRY(const std::string fixed, read_at(*in_, at_, kDirectoryBytes));
  if (fixed.compare(0, 4, std::string_view("PK\1\2", 4)) != 0) return cut();
  const std::uint64_t name_bytes = number(fixed, 28, 2), extra_bytes = number(fixed, 30, 2), comment_bytes = number(fixed, 32, 2);
  if (end_ - at_ - kDirectoryBytes < name_bytes + extra_bytes + comment_bytes) return cut();
  ECLAIR_TRY(const std::string names, read_at(*in_, at_ + kDirectoryBytes, name_bytes + extra_bytes));
  member = {};
  member.name = names.substr(0, name_bytes);
  member.encrypted = (number(fixed, 8, 2) & 1) != 0;
  member.method = static_cast<std::uint16_t>(number(fixed, 10, 2));
  member.crc = static_cast<std::uint32_t>(number(fixed, 16, 4));
  member.packed_size = number(fixed, 20, 4);
  member.size = number(fixed, 24, 4);
  member.header_offset = number(fixed, 42, 4);
  read_zip64(std::string_view(names).substr(name_bytes), member);
  at_ += kDirectoryBytes + name_bytes + extra_bytes + comment_bytes;
  ++seen_;
  return true;
}

Result<std::unique_ptr<ByteSource>> ZipReader::read(const ZipMember& member, const Cancel& stop) const {
  using namespace zip_detail;
  const std::string shown = text::quoted(member.name);
  if (member.encrypted) return fail(Errc::unsupported, "zip: " + shown + " is encrypted");
  if (member.method != 0 && member.method != 8) return fail(Errc::unsupported, "zip: " + shown + " is packed by method " + std::to_string(member.method));
  if (member.size > limits_.feed_bytes) {
    return fail(Errc::limit, "zip: " + shown + " has " + std::to_string(member.size) + " bytes, more than feed_bytes (" + std::to_string(limits_.feed_bytes) + ")");
  }
  const std::uint64_t whole = in_->size();
  if (member.header_offset > whole || whole - member.header_offset < kHeaderBytes) return fail(Errc::invalid_input, "zip: " + shown + " lies outside the archive");
  ECLAIR_TRY(const std::string header, read_at(*in_, member.header_offset, kHeaderBytes));
  if (header.compare(0, 4, std::string_view("PK\3\4", 4)) != 0) return fail(Errc::invalid_input, "zip: no header of " + shown + " where the directory says");
  const std::uint64_t offset = member.header_offset + kHeaderBytes + number(header, 26, 2) + number(header, 28, 2);
  if (offset > whole || member.packed_size > whole - offset) return fail(Errc::invalid_input, "zip: " + shown + " ends outside the archive");
  if (member.method == 0 ? member.size != member.packed_size : member.size / kMaxDeflateRatio > member.packed_size) {
    return fail(Errc::invalid_input, "zip: " + shown + " cannot have the size that it says");
  }
  Output out(member, limits_);
  if (member.method == 8) {
    ECLAIR_CHECK_OK(inflate_all(*in_, offset, member, stop, out));
    return out.finish();
  }
  std::string buffer(static_cast<std::size_t>(std::min<std::uint64_t>(kBufferBytes, member.size)), '\0');
  for (std::uint64_t done = 0; done < member.size;) {
    if (stop.requested()) return fail(Errc::cancelled, "cancelled");
    const auto n = static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), member.size - done));
    ECLAIR_CHECK_OK(read_exact(*in_, offset + done, std::span<char>(buffer).first(n)));
    ECLAIR_CHECK_OK(out.append(std::string_view(buffer).substr(0, n)));
    done += n;
  }
  return out.finish();
}

}  // namespace eclair::feeds
