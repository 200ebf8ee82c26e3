// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include <cstdio>

#include "cli/command.h"
#include "util/text.h"
#include "version/compare_lines.h"
#include "version/scheme.h"

namespace eclair::cli {
namespace command_debug_detail {

std::string schemes() {
  std::string out;
  for (const version::Scheme& scheme : version::schemes()) out += (out.empty() ? "" : ", ") + std::string(scheme.id);
  return out;
}

Result<int> run(const Invocation& call) {
  if (call.arguments.size() != 2 || call.arguments[1] != "-") {
    return fail(Error{Errc::invalid_input, "needs a scheme and \"-\"", "printf '1.0\\t1.1\\n' | eclair debug version-compare dpkg -"});
  }
  const version::Scheme* const scheme = version::find_scheme(call.arguments[0]);
  if (scheme == nullptr) return fail(Errc::not_found, "no such version scheme: " + text::quoted(call.arguments[0]) + " (" + schemes() + ")");
  ECLAIR_CHECK_OK(version::compare_lines(*scheme, stdin, stdout));
  return int{kOk};
}

}  // namespace command_debug_detail

namespace command {
const Command& debug_version_compare() {
  static constexpr Command kOne = {
      .name = "debug version-compare",
      .aliases = "",
      .section = Section::settings,
      .purpose = "Compares versions, a pair a line: <, =, > or ?.",
      .usage = "SCHEME -",
      .examples = "eclair debug version-compare dpkg - <pairs\neclair debug version-compare rpm - <pairs\n"
                  "eclair debug version-compare apk - <pairs\nprintf '1.0\\t1.1\\n' | eclair debug version-compare dpkg -",
      .notes = "Each line is two versions with a tab between; each answer is a line.",
      .run = &command_debug_detail::run,
      .hidden = true,
  };
  return kOne;
}
}  // namespace command
}  // namespace eclair::cli
