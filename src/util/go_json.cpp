// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "util/go_json.h"

#include <array>
#include <cstddef>

namespace eclair::go_json {
namespace go_json_detail {

constexpr char kHex[] = "0123456789abcdef";

/// Bytes that are written as they stand.
constexpr std::array<bool, 256> kPlain = [] {
  std::array<bool, 256> plain{};
  for (std::size_t c = 0x20; c < 0x80; ++c) plain[c] = true;
  for (const char c : {'"', '\\', '<', '>', '&'}) plain[static_cast<unsigned char>(c)] = false;
  return plain;
}();

/// Length of the UTF-8 sequence at the start of s, not of one that is too long for what it means; 0 = broken.
std::size_t sequence(std::string_view s) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(s[i]); };
  const unsigned char first = byte(0);
  const std::size_t size = first >= 0xc2 && first <= 0xdf ? 2 : first >= 0xe0 && first <= 0xef ? 3 : first >= 0xf0 && first <= 0xf4 ? 4 : 0;
  if (size == 0 || size > s.size()) return 0;
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return 0;
  }
  if (first == 0xe0 && byte(1) < 0xa0) return 0;
  if (first == 0xed && byte(1) >= 0xa0) return 0;
  if (first == 0xf0 && byte(1) < 0x90) return 0;
  if (first == 0xf4 && byte(1) >= 0x90) return 0;
  return size;
}

}  // namespace go_json_detail

void append_string(std::string& out, std::string_view value) {
  using namespace go_json_detail;
  out += '"';
  std::size_t from = 0;
  for (std::size_t i = 0; i < value.size();) {
    const unsigned char c = static_cast<unsigned char>(value[i]);
    if (kPlain[c]) {
      ++i;
      continue;
    }
    const std::size_t size = c < 0x80 ? 1 : sequence(value.substr(i));
    const std::string_view piece = value.substr(i, size);
    if (size > 1 && piece != "\xe2\x80\xa8" && piece != "\xe2\x80\xa9") {
      i += size;
      continue;
    }
    out.append(value.substr(from, i - from));
    if (size == 0) {
      out += "\\ufffd";
    } else if (size > 1) {
      out += piece.back() == '\xa8' ? "\\u2028" : "\\u2029";
    } else if (c == '"' || c == '\\') {
      out += '\\';
      out += static_cast<char>(c);
    } else if (c == '\n' || c == '\r' || c == '\t') {
      out += c == '\n' ? "\\n" : c == '\r' ? "\\r" : "\\t";
    } else {
      out += "\\u00";
      out += kHex[c >> 4];
      out += kHex[c & 15];
    }
    i += size == 0 ? 1 : size;
    from = i;
  }
  out.append(value.substr(from));
  out += '"';
}

std::string repaired(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t size = static_cast<unsigned char>(text[i]) < 0x80 ? 1 : go_json_detail::sequence(text.substr(i));
    if (size == 0) {
      out += "\xef\xbf\xbd";
      ++i;
    } else {
      out.append(text.substr(i, size));
      i += size;
    }
  }
  return out;
}

std::string& Object::key(std::string_view key) {
  if (!first_) out_ += ',';
  first_ = false;
  append_string(out_, key);
  out_ += ':';
  return out_;
}

Object& Object::string(std::string_view key, std::string_view value) {
  append_string(this->key(key), value);
  return *this;
}

Object& Object::number(std::string_view key, std::int64_t value) {
  this->key(key) += std::to_string(value);
  return *this;
}

Object& Object::boolean(std::string_view key, bool value) {
  this->key(key) += value ? "true" : "false";
  return *this;
}

Object& Object::raw(std::string_view key, std::string_view json) {
  this->key(key) += json;
  return *this;
}

}  // namespace eclair::go_json
