// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "util/byte_source.h"
#include "util/cancel.h"
#include "util/json.h"
#include "util/limits.h"
#include "util/result.h"

namespace eclair::feeds {

/// Cuts a JSON document of any size at the members of its outer containers, through one window; each member then goes to json::Document.
/// Only as much is understood as cutting needs: strings, brackets, commas, colons. What is skipped is not looked into further.
///
///     MemberReader reader(in, limits);
///     ECLAIR_CHECK_OK(reader.enter('{'));
///     while (true) {
///       ECLAIR_TRY(const bool more, reader.next());
///       if (!more) break;
///       ... reader.key() ... and one of: reader.value(), reader.enter(), or nothing, which skips it
///     }
///     ECLAIR_CHECK_OK(reader.finish());
///
/// Memory: 512 KiB, or twice the largest value taken. Errors name the byte.
/// errors of all: invalid_input (not JSON as far as looked at, ends early), limit (json_depth, feed_member_bytes), those of the source.
class MemberReader {
 public:
  MemberReader(const ByteSource& in, const Limits& limits);

  /// First character of the value that comes: '{', '[', '"', or of a number or word; '\0' at the end of the document.
  Result<char> peek();
  /// Steps into the value that comes, which must be an object ('{') or array ('[').
  Result<> enter(char bracket);
  /// The next member or element of the innermost container entered; what is left of the one before is skipped.
  /// false: the container ended, and its parent is the innermost again.
  Result<bool> next();
  std::string_view key() const { return key_; }  ///< of the last next() in an object; good until the following one
  /// The text of the value, to be parsed. Good until the next call.
  Result<std::string_view> value();
  /// Checks that nothing but blanks follows the outermost value.
  Result<> finish();
  std::uint64_t offset() const { return window_offset_ + at_; }  ///< in the document

 private:
  Result<bool> fill(std::size_t keep_from);
  Result<bool> blanks();
  Result<std::size_t> scan(bool keep);
  Result<> read_key();
  Error damaged(std::string_view what) const;

  const ByteSource& in_;
  const std::size_t max_depth_;
  const std::uint64_t max_bytes_;
  std::string window_;
  std::size_t at_ = 0;               ///< cursor in the window
  std::uint64_t window_offset_ = 0;  ///< of the window in the document
  bool ended_ = false;
  bool value_pending_ = true;
  struct Level {
    char bracket;
    bool first;
  };
  std::vector<Level> levels_;
  std::string key_;
  json::Document key_document_;
};

/// Gives `each` the elements, parsed one by one, of the list that was entered; the list has ended then.
/// what: one of them, for messages ("a notice").
/// errors: those of `each` and of the reader, cancelled, invalid_input (an element that is no JSON: "a notice near byte 4711: ...").
Result<> for_each_record(MemberReader& reader, std::string_view what, const Limits& limits, const Cancel& stop,
                         const std::function<Result<>(json::Value)>& each);

}  // namespace eclair::feeds
