// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdio>
#include <string>
#include <string_view>

#include "util/result.h"
#include "version/scheme.h"

// Comparing in batch, one question a line: what `eclair debug version-compare SCHEME -` does, and what oracles are held against.
namespace eclair::version {

inline constexpr std::size_t kMaxCompareLineBytes = 64u << 10;  ///< of one line, without its end

/// The answer to "A<TAB>B", without a line end: "<", "=", ">" for A against B, as the scheme's own tool has it; "?" when one of them is not a version of the scheme,
/// or the line does not have exactly one tab, or is longer than kMaxCompareLineBytes.
std::string_view answer(const Scheme& scheme, std::string_view line) noexcept;

/// Cuts a stream into lines and answers each, wherever the pieces of the stream were cut. Holds at most one line.
class LineAnswers {
 public:
  explicit LineAnswers(const Scheme& scheme) : scheme_(scheme) {}
  /// Appends an answer and a line end to `out` for every line that `bytes` completes.
  void feed(std::string_view bytes, std::string& out);
  /// The same for a last line without an end. An empty stream has no lines.
  void finish(std::string& out);

 private:
  void keep(std::string_view bytes);
  void give(std::string_view line, std::string& out) const;

  const Scheme& scheme_;  // a table entry, lives as long as the program
  std::string pending_;   // the beginning of a line; one byte over the limit stands for all that follow
};

/// Answers the lines of `in` until its end, flushing whenever the input pauses, so that a program can ask and wait.
/// Reads below stdio's buffer: nothing may have been read from `in` before.
/// errors: unavailable (reading or writing failed).
[[nodiscard]] Result<> compare_lines(const Scheme& scheme, std::FILE* in, std::FILE* out);

}  // namespace eclair::version
