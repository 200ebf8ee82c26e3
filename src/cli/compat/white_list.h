// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>

#include "cli/suppressions.h"
#include "report/report.h"
#include "util/result.h"

namespace eclair::cli::compat {

/// What does not count: a white list of the originals, or any other ignore file, and what sets findings aside for a scan, too.
class WhiteList {
 public:
  /// file: "" = none of its own. errors: those of Suppressions::load.
  static Result<WhiteList> read(const Invocation& call, const std::string& file);
  /// The report without what is set aside. target: as typed.
  Result<report::Report> applied(const Invocation& call, const std::string& target, report::Report report);

 private:
  explicit WhiteList(Suppressions suppressions) : suppressions_(std::move(suppressions)) {}
  Suppressions suppressions_;
};

}  // namespace eclair::cli::compat
