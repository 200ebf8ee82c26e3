// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "util/byte_source.h"
#include "util/limits.h"
#include "util/result.h"

/// The only door to expat.
namespace eclair::xml {

/// Reads a document from front to back, a tag at a time, in bounded memory whatever its size. Made for walks of this form, at each level:
///
///   const auto level = reader.depth();
///   while (true) {
///     ECLAIR_TRY(const bool more, reader.child(level));
///     if (!more) break;
///     if (reader.name() == "id") { ECLAIR_TRY(id, reader.text()); }
///   }
///
/// What the walk does not look at is passed over. Names and text come as UTF-8. A document is read as UTF-8, whatever
/// encoding it declares, or as UTF-16 where its first bytes are that. There are no document types, so no entities but the five
/// of XML itself, and nothing is ever fetched: a document with a DOCTYPE is refused.
/// errors of every function, with the line: invalid_input (not well-formed, another encoding, a DOCTYPE, ends early), limit (a bound
/// xml_... of Limits, named), and those of the source. A reader that failed keeps failing.
class Reader {
 public:
  /// Both must outlive the reader.
  Reader(const ByteSource& in, const Limits& limits);
  ~Reader();
  Reader(Reader&&) noexcept;
  Reader& operator=(Reader&&) noexcept;

  /// Moves to the next element whose parent is the open element of depth `level` (0: to the root element). false: that element has
  /// ended, or for level 0 the document has, and nothing follows it.
  Result<bool> child(std::uint32_t level);
  /// Elements that are open: 1 in the root element. After child(level) was true: level + 1.
  std::uint32_t depth() const;
  /// Of the element that child() moved to, without prefix ("name" of linux-def:name). Good until the next child() or text().
  std::string_view name() const;
  /// An attribute by its name without prefix; "" when there is none. Good as long as name().
  std::string_view attribute(std::string_view name) const;
  /// All text in the element that child() moved to, with that in elements within it, and leaves it.
  Result<std::string> text();
  /// Of the element that child() moved to, from 1. For messages.
  std::uint64_t line() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace eclair::xml
