// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/settings.h"
#include "util/result.h"

/// Where reports go.
namespace eclair::cli {

/// A format that a command has.
struct FormatWord {
  FormatWord(const char* word) : name(word) {}
  FormatWord(std::string_view word, std::string_view others, std::string_view of) : name(word), aliases(others), versions(of) {}
  std::string_view name, aliases;  ///< aliases: by blanks
  std::string_view versions;       ///< what may follow "@", by blanks
};

struct Output {
  std::string format;     ///< FormatWord::name, by whatever word it was asked for
  std::string file;       ///< "" = standard output
  std::string version{};  ///< "1.5" of "cyclonedx@1.5"; "" = the format's default
  bool operator==(const Output&) const = default;
};

/// Reads -f and -o together. An argument of -o that is a format, or "format=FILE", means that format; else it is the file of the last
/// format without one ("./json" for a file of that name). When every file was named by "-f FORMAT=FILE", the first of `formats` still goes
/// to standard output.
/// formats: those that the command has, the default first.
/// The folder of each file must be there, or is made where --mkdirs is set.
/// errors: invalid_input (no such format, with the flag that was meant; two reports for one place), not_found (no folder), unavailable.
Result<std::vector<Output>> plan_outputs(const Settings& settings, const std::vector<FormatWord>& formats);

/// A file that is whole or not there: what is written goes to a temporary file beside it, which takes its name in the end.
/// Without commit() nothing has happened. A device or pipe is written to directly.
class NewFile {
 public:
  /// errors: not_found (no such folder), unavailable: "cannot write r.json: No space left on device (nothing was written)".
  static Result<NewFile> create(const std::string& file);
  NewFile(NewFile&& other) noexcept;
  NewFile& operator=(NewFile&&) = delete;
  ~NewFile();
  Result<> write(std::string_view bytes);
  Result<> commit();

 private:
  NewFile() = default;
  std::string file_, temporary_;  // no temporary: a device
  int descriptor_ = -1;
  unsigned mode_ = 0;
};

/// The three in one.
Result<> write_file(const std::string& file, std::string_view bytes);

}  // namespace eclair::cli
