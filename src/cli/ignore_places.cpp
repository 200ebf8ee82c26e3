// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/ignore_places.h"

#include <memory>
#include <utility>

#include "util/byte_source.h"
#include "util/text.h"

namespace eclair::cli {
namespace ignore_places_detail {

bool is_there(const std::string& file) { return FileSource::open(file).has_value(); }

}  // namespace ignore_places_detail

Result<std::vector<PlacedIgnores>> placed_ignores(const Invocation& call) {
  std::vector<std::string> files = call.settings.list("ignorefile");
  if (files.empty()) {
    for (const char* const one : {".eclairignore.yaml", ".eclairignore"}) {
      if (ignore_places_detail::is_there(one)) files.emplace_back(one);
    }
  }
  if (files.empty()) return fail(Error{Errc::not_found, "no .eclairignore.yaml here", "eclair ignore add CVE-2024-3094 --reason \"why\" makes one; --ignorefile names another"});
  std::vector<PlacedIgnores> out;
  for (const std::string& file : files) {
    PlacedIgnores one;
    one.file = file;
    ECLAIR_TRY(const std::unique_ptr<FileSource> opened, FileSource::open(file));
    ECLAIR_TRY(one.bytes, read_all(*opened, suppress::kMaxIgnoreBytes));
    ECLAIR_TRY(one.read, suppress::read_ignore_file(one.bytes, file));
    for (const std::string& warning : one.read.source.warnings) call.console.warning(warning);
    out.push_back(std::move(one));
  }
  return out;
}

std::string file_for_entries(const Invocation& call) {
  const std::vector<std::string> named = call.settings.list("ignorefile");
  if (!named.empty()) return named[0];
  const bool lines = !ignore_places_detail::is_there(".eclairignore.yaml") && ignore_places_detail::is_there(".eclairignore");
  return lines ? ".eclairignore" : ".eclairignore.yaml";
}

}  // namespace eclair::cli
