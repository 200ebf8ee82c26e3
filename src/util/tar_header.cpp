// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "util/tar_header.h"

#include <algorithm>

#include "util/text.h"

namespace eclair::tar {
namespace tar_header_detail {

std::string_view text_field(std::string_view block, std::size_t offset, std::size_t size) {
  const std::string_view field = block.substr(offset, size);
  return field.substr(0, field.find('\0'));
}

/// Octal padded with blanks or NULs, or base 256 where the first byte's top bit is set.
Result<std::uint64_t> number_field(std::string_view block, std::size_t offset, std::size_t size, const char* what) {
  const std::string_view field = block.substr(offset, size);
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(field[i]); };
  std::uint64_t value = 0;
  if ((byte(0) & 0x80) != 0) {
    if ((byte(0) & 0x40) != 0) return fail(Errc::invalid_input, std::string("tar: negative ") + what);
    value = byte(0) & 0x3f;
    for (std::size_t i = 1; i < size; ++i) {
      if (value >> 55 != 0) return fail(Errc::invalid_input, std::string("tar: ") + what + " does not fit in 63 bits");
      value = value << 8 | byte(i);
    }
    return value;
  }
  std::size_t i = 0;
  while (i < size && field[i] == ' ') ++i;
  for (; i < size && field[i] != ' ' && field[i] != '\0'; ++i) {
    if (field[i] < '0' || field[i] > '7') return fail(Errc::invalid_input, std::string("tar: ") + what + " field is not an octal number");
    value = value << 3 | static_cast<std::uint64_t>(field[i] - '0');
  }
  return value;
}

/// Some old writers summed signed chars; both sums are right.
bool checksum_is_right(std::string_view block) {
  constexpr std::size_t kAt = 148, kSize = 8;
  const auto stored = number_field(block, kAt, kSize, "checksum");
  if (!stored) return false;
  std::uint64_t plain = 0;
  std::int64_t as_signed = 0;
  for (std::size_t i = 0; i < kBlockBytes; ++i) {
    plain += static_cast<unsigned char>(block[i]);
    as_signed += static_cast<signed char>(block[i]);
  }
  for (std::size_t i = kAt; i < kAt + kSize; ++i) {
    plain += static_cast<std::uint64_t>(' ') - static_cast<unsigned char>(block[i]);
    as_signed += ' ' - static_cast<signed char>(block[i]);
  }
  return *stored == plain || static_cast<std::int64_t>(*stored) == as_signed;
}

}  // namespace tar_header_detail

using namespace tar_header_detail;

bool is_zero_block(std::string_view block) {
  return std::all_of(block.begin(), block.end(), [](char c) { return c == '\0'; });
}

Result<Header> parse_header(std::string_view block) {
  if (!checksum_is_right(block)) return fail(Errc::invalid_input, "tar: header checksum differs");
  Header out;
  out.type = block[156] == '\0' ? '0' : block[156];
  out.name = text_field(block, 0, 100);
  out.link = text_field(block, 157, 100);
  const std::string_view magic = block.substr(257, 8);
  const bool posix = magic.substr(0, 6) == std::string_view("ustar\0", 6);
  out.is_gnu = magic == std::string_view("ustar  \0", 8);
  if (posix) out.prefix = text_field(block, 345, 155);
  ECLAIR_TRY(out.size, number_field(block, 124, 12, "size"));
  if (const auto mode = number_field(block, 100, 8, "mode")) out.mode = static_cast<std::uint32_t>(*mode & 07777);
  if (out.type == '3' || out.type == '4') {
    out.device_major = number_field(block, 329, 8, "device").value_or(1);
    out.device_minor = number_field(block, 337, 8, "device").value_or(1);
  }
  return out;
}

bool Pax::parse(std::string_view body) {
  while (!body.empty()) {
    const std::size_t blank = body.find(' ');
    if (blank == std::string_view::npos || blank > 10) return body.find_first_not_of('\0') == std::string_view::npos;
    const auto length = text::parse_number(body.substr(0, blank));
    if (!length || *length > body.size() || *length < blank + 3 || body[*length - 1] != '\n') return false;
    const std::string_view record = body.substr(blank + 1, *length - blank - 2);
    body.remove_prefix(*length);
    const std::size_t equals = record.find('=');
    if (equals == std::string_view::npos) return false;
    const std::string_view key = record.substr(0, equals), value = record.substr(equals + 1);
    if (key == "path") {
      path = value.empty() ? std::nullopt : std::optional<std::string>(value);
    } else if (key == "linkpath") {
      link = value.empty() ? std::nullopt : std::optional<std::string>(value);
    } else if (key == "size") {
      size = text::parse_number(value);
      if (!size && !value.empty()) return false;
    } else if (key == "SCHILY.xattr.trusted.overlay.opaque" || key == "SCHILY.xattr.user.overlay.opaque") {
      opaque = value == "y";
    } else if (key.substr(0, 11) == "GNU.sparse.") {
      sparse = true;
      const std::string_view what = key.substr(11);
      if (what == "name") {
        sparse_name = std::string(value);
      } else if (what == "major") {
        sparse_major = static_cast<int>(text::parse_number(value).value_or(0) & 0xff);
      } else if (what == "minor") {
        sparse_minor = static_cast<int>(text::parse_number(value).value_or(0) & 0xff);
      } else if (what == "realsize" || what == "size") {
        sparse_size = text::parse_number(value);
      } else if (what == "offset") {
        sparse_map.push_back({text::parse_number(value).value_or(0), 0});
      } else if (what == "numbytes" && !sparse_map.empty()) {
        sparse_map.back().size = text::parse_number(value).value_or(0);
      } else if (what == "map") {
        sparse_map.clear();
        const auto numbers = text::split(value, ',');
        for (std::size_t i = 0; i + 1 < numbers.size(); i += 2) {
          sparse_map.push_back({text::parse_number(numbers[i]).value_or(0), text::parse_number(numbers[i + 1]).value_or(0)});
        }
      }
    }
  }
  return true;
}

Result<bool> parse_gnu_extents(std::string_view block, bool extension, std::vector<Extent>& into) {
  const std::size_t first = extension ? 0 : 386, count = extension ? 21 : 4;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t at = first + i * 24;
    if (block[at] == '\0') break;
    Extent extent;
    ECLAIR_TRY(extent.offset, number_field(block, at, 12, "sparse offset"));
    ECLAIR_TRY(extent.size, number_field(block, at + 12, 12, "sparse size"));
    into.push_back(extent);
  }
  return block[extension ? 504 : 482] != '\0';
}

Result<std::uint64_t> gnu_real_size(std::string_view block) { return number_field(block, 483, 12, "real size"); }

}  // namespace eclair::tar
