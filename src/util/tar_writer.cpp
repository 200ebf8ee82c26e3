// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "util/tar_writer.h"

#include <algorithm>
#include <cstdio>

namespace eclair::tar {
namespace tar_writer_detail {

constexpr std::size_t kBlock = 512;
constexpr std::size_t kNameBytes = 100;
constexpr std::uint64_t kMaxSize = 1ull << 33;  // eleven octal digits

void put(std::string& block, std::size_t at, std::string_view text) { std::copy(text.begin(), text.end(), block.begin() + static_cast<std::ptrdiff_t>(at)); }

std::string octal(std::uint64_t value, int digits) {
  std::string out(static_cast<std::size_t>(digits), '0');
  for (auto at = out.rbegin(); at != out.rend() && value > 0; ++at, value /= 8) *at = static_cast<char>('0' + value % 8);
  return out;
}

}  // namespace tar_writer_detail

Result<std::string> file_header(std::string_view name, std::uint64_t size) {
  using namespace tar_writer_detail;
  if (name.empty() || name.size() > kNameBytes) return fail(Errc::invalid_input, "tar: a name of " + std::to_string(name.size()) + " bytes");
  if (size >= kMaxSize) return fail(Errc::invalid_input, "tar: a file of " + std::to_string(size) + " bytes");
  std::string block(kBlock, '\0');
  put(block, 0, name);
  put(block, 100, "0000644");
  put(block, 108, "0000000");  // of nobody in particular
  put(block, 116, "0000000");
  put(block, 124, octal(size, 11));
  put(block, 136, "00000000000");
  put(block, 148, "        ");  // the checksum counts as blanks
  block[156] = '0';
  put(block, 257, std::string_view("ustar\0" "00", 8));
  std::uint64_t sum = 0;
  for (const char c : block) sum += static_cast<unsigned char>(c);
  put(block, 148, octal(sum, 6));
  block[154] = '\0';
  return block;
}

std::string padding(std::uint64_t size) {
  const auto over = static_cast<std::size_t>(size % tar_writer_detail::kBlock);
  return std::string(over == 0 ? 0 : tar_writer_detail::kBlock - over, '\0');
}

std::string end() { return std::string(2 * tar_writer_detail::kBlock, '\0'); }

}  // namespace eclair::tar
