// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/whole_reports.h"

#include <utility>

#include "cli/analysis.h"
#include "cli/base_layers.h"
#include "cli/fetching.h"
#include "cli/saved_report.h"
#include "util/text.h"

namespace eclair::cli {

Result<WholeReports> WholeReports::open(const Invocation& call) {
  ECLAIR_TRY(Suppressions suppressions, Suppressions::load(call));
  WholeReports out(call, std::move(suppressions));
  ECLAIR_TRY(out.open_, open_options(call));
  ECLAIR_TRY(out.base_, given_base(call, out.open_));
  return out;
}

Result<report::Report> WholeReports::saved(const std::string& place, const Wish& wish) const {
  const std::string name = text::quoted(place, 300);
  if (call_.settings.is_set(wish.as_of)) {
    return fail(Error{Errc::invalid_input, "--" + std::string(wish.as_of) + ": " + name + " is a saved report, which is that of its own day", "name the image instead"});
  }
  ECLAIR_TRY(report::SavedReports all, read_saved_reports(call_, place));
  if (all.document.reports.size() != 1) {
    return fail(Errc::invalid_input, name + " holds " + std::to_string(all.document.reports.size()) + " reports, wanted is one");
  }
  return std::move(all.document.reports.front());
}

Result<report::Report> WholeReports::of(const std::string& place, const Wish& wish) {
  if (is_saved_report(place)) return saved(place, wish);
  if (!known_) known_ = open_known_layers(call_);
  ECLAIR_TRY(const KnownAdvisories advisories, open_known_advisories(call_, wish.as_of));
  std::optional<NeededAdvisories> needed;
  if (!advisories.as_of) needed.emplace(call_, *advisories);  // the past is fetched from nowhere
  auto read = read_image(call_, place, open_, known_.get(), wish.deltas, needed ? needed->foreseer() : std::function<void(const LayerInfo&, const LayerRecord&)>{});
  if (!read) {
    if (needed) needed->give_up();
    return fail(std::move(read).error());
  }
  if (needed) needed->fetch(read->inventory);
  ECLAIR_TRY(report::Report report, judge_image(call_, *std::move(read), advisories));
  ECLAIR_CHECK_OK(find_base(call_, known_.get(), base_, report));
  ECLAIR_CHECK_OK(suppressions_.apply(call_, place, report));
  warn_of_gaps(call_, report);
  return report;
}

}  // namespace eclair::cli
