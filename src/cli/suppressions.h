// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "cli/command.h"
#include "report/report.h"
#include "suppress/apply.h"
#include "suppress/statement.h"
#include "util/result.h"

namespace eclair::cli {

/// What is set aside: by --vex, --ignorefile, the ignore files of the working folder and those beside a scanned file, the entries of
/// ./.eclair.yaml, and presets; in this order of priority. Every command that makes a report sends it through apply().
class Suppressions {
 public:
  /// Reads all that does not depend on the target, and says on standard error what a project's own files set aside ("policy from
  /// ./.eclairignore.yaml: 4 ignores"). errors: invalid_input, unsupported, not_found, limit: a file that cannot be understood suppresses nothing.
  static Result<Suppressions> load(const Invocation& call);

  /// Moves findings to report.suppressed, before any rule is evaluated. target: as typed; where it is a file, ignore files beside it count.
  /// errors: those of load().
  Result<> apply(const Invocation& call, const std::string& target, report::Report& report);

  /// With -v: the entries that no report had a finding for.
  void tell_unused(const Invocation& call) const;

 private:
  Result<> add_project(const Invocation& call, const std::string& file, std::vector<suppress::Source>& to);

  std::vector<suppress::Source> first_, project_, last_;  ///< before and after the files beside a target
  std::map<std::string, std::vector<suppress::Source>> beside_;  ///< by folder
  std::vector<std::pair<std::string, std::string>> announced_;   ///< file, what it sets: recorded in every report
  std::map<std::string, std::pair<std::string, bool>> used_;     ///< by place: id, whether it was of use
};

}  // namespace eclair::cli
