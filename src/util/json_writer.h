// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace eclair::json {

/// The only door to RapidJSON: writes a document piece by piece, deterministic bytes. Broken UTF-8 becomes U+FFFD.
/// Commas and colons come by themselves; calls must nest properly.
class Writer {
 public:
  explicit Writer(bool pretty = false);
  ~Writer();
  Writer& begin_object();
  Writer& end_object();
  Writer& begin_array();
  Writer& end_array();
  Writer& key(std::string_view name);
  Writer& string(std::string_view value);
  Writer& number(std::int64_t value);
  Writer& number(double value);
  Writer& boolean(bool value);
  Writer& null();
  Writer& member(std::string_view name, std::string_view value) { return key(name).string(value); }
  Writer& member(std::string_view name, const char* value) { return key(name).string(value); }
  Writer& member(std::string_view name, std::int64_t value) { return key(name).number(value); }
  Writer& member(std::string_view name, bool value) { return key(name).boolean(value); }
  const std::string& text() const;  ///< what was written so far
  std::string take();               ///< hands it out and starts empty, for writing large documents in pieces

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace eclair::json
