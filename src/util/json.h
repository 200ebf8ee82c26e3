// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "util/result.h"

/// The only door to simdjson. A Document owns what its Values point into.
namespace eclair::json {

enum class Kind : unsigned char { null, boolean, number, string, array, object };

class Value {
 public:
  Value() = default;
  Kind kind() const;  ///< null also for "no such member"
  explicit operator bool() const { return data_ != nullptr; }  ///< whether the member exists at all
  bool is_object() const { return kind() == Kind::object; }
  bool is_array() const { return kind() == Kind::array; }
  bool is_string() const { return kind() == Kind::string; }

  Value operator[](std::string_view key) const;  ///< no such member, or not an object: an absent Value
  std::string_view string(std::string_view otherwise = {}) const;  ///< otherwise, when it is not a string
  std::optional<std::int64_t> integer() const;
  std::optional<double> number() const;
  bool boolean(bool otherwise = false) const;
  /// Members or elements in document order. Nothing happens for other kinds. Return false to stop.
  void each_member(const std::function<bool(std::string_view key, Value value)>& fn) const;
  void each(const std::function<bool(Value value)>& fn) const;
  std::size_t size() const;  ///< of an array or object; else 0

 private:
  friend class Document;
  friend struct Access;
  const void* data_ = nullptr;
  std::size_t index_ = 0;
};

/// One parsed document.
class Document {
 public:
  Document();
  ~Document();
  Document(Document&&) noexcept;
  Document& operator=(Document&&) noexcept;
  /// Parses, or parses anew: buffers are kept, so one Document for many small texts is fast; earlier Values are void then.
  /// errors: invalid_input with the reason ("json: unexpected end", "nested deeper than 64").
  Result<Value> parse(std::string_view text, std::uint32_t max_depth = 64);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace eclair::json
