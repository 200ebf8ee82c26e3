// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/compat/white_list.h"

namespace eclair::cli::compat {

Result<WhiteList> WhiteList::read(const std::string& file) {
  if (!file.empty()) return fail(Errc::unsupported, "white lists are not read yet");
  return WhiteList{};
}

bool WhiteList::has(const report::Report&, const report::FeatureVulnerability&) const { return false; }

}  // namespace eclair::cli::compat
