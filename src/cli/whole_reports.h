// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "cli/command.h"
#include "cli/suppressions.h"
#include "image/source.h"
#include "model/image.h"
#include "report/report.h"
#include "store/interface.h"
#include "util/result.h"

namespace eclair::cli {

/// Reports for commands that work on them: of images, read and judged now, or of files that eclair scan -f json wrote.
class WholeReports {
 public:
  struct Wish {
    bool deltas = false;               ///< with what each layer added and removed; a file does not tell
    std::string_view as_of = "as-of";  ///< the option that says by which day's advisories
  };
  /// errors: those of open_options(), given_base() and Suppressions::load().
  static Result<WholeReports> open(const Invocation& call);
  /// place: an image, as targets are named, or a report file. Gaps are told on standard error.
  /// errors: those of read_image(), judge_image() and read_saved_reports(); invalid_input: a file with several reports, or a file and a day.
  Result<report::Report> of(const std::string& place, const Wish& wish);
  Result<report::Report> of(const std::string& place) { return of(place, Wish{}); }

 private:
  WholeReports(const Invocation& call, Suppressions suppressions) : call_(call), suppressions_(std::move(suppressions)) {}
  Result<report::Report> saved(const std::string& place, const Wish& wish) const;

  const Invocation& call_;
  Suppressions suppressions_;
  image::OpenOptions open_;
  std::optional<Image> base_;
  std::unique_ptr<store::LayerStore> known_;
};

}  // namespace eclair::cli
