// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace eclair::test {

/// Writes zip archives byte by byte, so that every fault can be made. Members are stored, or given deflated by the caller.
class ZipWriter {
 public:
  struct Member {
    std::string name, bytes;      ///< as they lie in the archive
    std::uint32_t crc = 0;        ///< 0 = worked out, of `bytes`
    std::uint64_t size = 0;       ///< 0 = that of `bytes`
    std::uint16_t method = 0, flags = 0;
    bool zip64 = false;           ///< sizes in the extra field
  };
  void add(std::string name, std::string bytes) {
    Member m;
    m.name = std::move(name);
    m.bytes = std::move(bytes);
    add(std::move(m));
  }
  void add(Member m) {
    if (m.crc == 0) m.crc = crc32(m.bytes);
    if (m.size == 0) m.size = m.bytes.size();
    const std::uint64_t offset = out_.size();
    out_ += "PK\3\4";
    fields(out_, m, m.zip64);
    number(out_, m.name.size(), 2);
    number(out_, 0, 2);
    out_ += m.name + m.bytes;
    directory_ += "PK\1\2";
    number(directory_, 20, 2);
    fields(directory_, m, m.zip64);
    number(directory_, m.name.size(), 2);
    number(directory_, m.zip64 ? 28 : 0, 2);
    number(directory_, 0, 2);
    number(directory_, 0, 2 + 2 + 4);
    number(directory_, m.zip64 ? 0xffffffff : offset, 4);
    directory_ += m.name;
    if (m.zip64) {
      number(directory_, 1, 2);
      number(directory_, 24, 2);
      number(directory_, m.size, 8);
      number(directory_, m.bytes.size(), 8);
      number(directory_, offset, 8);
    }
    ++count_;
  }
  std::string finish(std::string_view comment = {}, bool zip64_end = false) const {
    std::string out = out_ + directory_;
    if (zip64_end) {
      const std::uint64_t end64 = out.size();
      out += "PK\6\6";
      number(out, 44, 8);
      number(out, 45, 2);
      number(out, 45, 2);
      number(out, 0, 8);
      number(out, count_, 8);
      number(out, count_, 8);
      number(out, directory_.size(), 8);
      number(out, out_.size(), 8);
      out += "PK\6\7";
      number(out, 0, 4);
      number(out, end64, 8);
      number(out, 1, 4);
    }
    out += "PK\5\6";
    number(out, 0, 4);
    number(out, zip64_end ? 0xffff : count_, 2);
    number(out, zip64_end ? 0xffff : count_, 2);
    number(out, zip64_end ? 0xffffffff : directory_.size(), 4);
    number(out, zip64_end ? 0xffffffff : out_.size(), 4);
    number(out, comment.size(), 2);
    out += comment;
    return out;
  }

  static std::uint32_t crc32(std::string_view bytes) {
    std::uint32_t crc = 0xffffffff;
    for (const char c : bytes) {
      crc ^= static_cast<unsigned char>(c);
      for (int k = 0; k < 8; ++k) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0xedb88320u : 0u);
    }
    return ~crc;
  }

 private:
  static void number(std::string& to, std::uint64_t value, std::size_t bytes) {
    for (std::size_t i = 0; i < bytes; ++i) to += static_cast<char>((value >> (8 * i)) & 0xff);
  }
  static void fields(std::string& to, const Member& m, bool large) {
    number(to, 20, 2);
    number(to, m.flags, 2);
    number(to, m.method, 2);
    number(to, 0, 4);
    number(to, m.crc, 4);
    number(to, large ? 0xffffffff : m.bytes.size(), 4);
    number(to, large ? 0xffffffff : m.size, 4);
  }
  std::string out_, directory_;
  std::uint64_t count_ = 0;
};

}  // namespace eclair::test
