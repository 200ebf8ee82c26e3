// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

/// JSON as Go's encoding/json writes it: the old APIs were Go, and some of their clients compare bytes.
namespace eclair::go_json {

/// Appends a string with its quotes. `<`, `>`, `&`, U+2028 and U+2029 become escapes, as do control characters (\n, \r and \t in their short
/// form); broken UTF-8 becomes U+FFFD.
void append_string(std::string& out, std::string_view value);

/// Text with U+FFFD in place of each byte that is no UTF-8.
std::string repaired(std::string_view text);

/// Writes an object member by member; what goes in between is the caller's. An object of an object: begin(key), then end().
class Object {
 public:
  explicit Object(std::string& out) : out_(out) { out_ += '{'; }
  Object& string(std::string_view key, std::string_view value);
  Object& string_if(std::string_view key, std::string_view value) { return value.empty() ? *this : string(key, value); }
  Object& number(std::string_view key, std::int64_t value);
  Object& boolean(std::string_view key, bool value);
  Object& raw(std::string_view key, std::string_view json);
  std::string& key(std::string_view key);  ///< what is appended to the string returned is the member's value
  void end() { out_ += '}'; }

 private:
  std::string& out_;
  bool first_ = true;
};

}  // namespace eclair::go_json
