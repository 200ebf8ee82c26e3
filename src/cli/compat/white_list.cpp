// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/compat/white_list.h"

namespace eclair::cli::compat {

Result<WhiteList> WhiteList::read(const Invocation& call, const std::string& file) {
  Settings settings = call.settings;
  if (!file.empty()) ECLAIR_CHECK_OK(settings.put(find_option("ignorefile"), file, Origin::flag, file));
  ECLAIR_TRY(Suppressions suppressions, Suppressions::load({settings, call.arguments, call.console, call.stop, call.version}));
  return WhiteList(std::move(suppressions));
}

Result<report::Report> WhiteList::applied(const Invocation& call, const std::string& target, report::Report report) {
  ECLAIR_CHECK_OK(suppressions_.apply(call, target, report));
  return report;
}

}  // namespace eclair::cli::compat
