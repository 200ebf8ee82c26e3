// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

namespace eclair::test {

/// Writes ustar archives in memory, for tests. Names above 100 bytes get a GNU long name.
class TarWriter {
 public:
  TarWriter& file(std::string_view name, std::string_view body = {}) { return entry(name, '0', {}, body); }
  TarWriter& directory(std::string_view name) { return entry(name, '5', {}, {}); }
  TarWriter& symlink(std::string_view name, std::string_view target) { return entry(name, '2', target, {}); }
  TarWriter& hardlink(std::string_view name, std::string_view target) { return entry(name, '1', target, {}); }
  TarWriter& entry(std::string_view name, char type, std::string_view link, std::string_view body) {
    if (name.size() > 100) {
      header("././@LongLink", 'L', {}, name.size() + 1);
      padded(std::string(name) + '\0');
      name = name.substr(0, 100);
    }
    header(name, type, link, body.size());
    padded(body);
    return *this;
  }
  /// A header with its checksum; the body is the caller's.
  TarWriter& header(std::string_view name, char type, std::string_view link, std::uint64_t size) {
    std::string block(512, '\0');
    name.copy(block.data(), 100);
    block.replace(100, 7, "0000644");
    block.replace(108, 7, "0000000");
    block.replace(116, 7, "0000000");
    char digits[24];
    std::snprintf(digits, sizeof digits, "%011llo", static_cast<unsigned long long>(size & 077777777777));
    block.replace(124, 11, digits);
    block.replace(136, 11, "00000000000");
    block.replace(148, 8, "        ");
    block[156] = type;
    link.copy(block.data() + 157, 100);
    block.replace(257, 5, "ustar");
    block.replace(263, 2, "00");
    unsigned sum = 0;
    for (const char c : block) sum += static_cast<unsigned char>(c);
    std::snprintf(digits, sizeof digits, "%06o", sum);
    block.replace(148, 6, digits);
    block[154] = '\0';
    bytes_ += block;
    return *this;
  }
  TarWriter& padded(std::string_view body) {
    bytes_ += body;
    bytes_.resize((bytes_.size() + 511) / 512 * 512, '\0');
    return *this;
  }
  TarWriter& raw(std::string_view bytes) {
    bytes_ += bytes;
    return *this;
  }
  /// The archive so far, with its two closing blocks.
  std::string finish() const { return bytes_ + std::string(1024, '\0'); }
  const std::string& bytes() const { return bytes_; }  ///< without them

 private:
  std::string bytes_;
};

}  // namespace eclair::test
