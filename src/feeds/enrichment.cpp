// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "feeds/enrichment.h"

#include <algorithm>
#include <string>
#include <utility>

#include "util/text.h"

namespace eclair::feeds {

bool is_cve_id(std::string_view word) {
  if (word.size() < 13 || word.size() > 28 || word.substr(0, 4) != "CVE-" || word[8] != '-') return false;
  const auto digits = [](std::string_view s) { return std::all_of(s.begin(), s.end(), text::is_digit); };
  return digits(word.substr(4, 4)) && digits(word.substr(9));
}

Result<> enrich(AdvisorySink& out, VulnerabilityText text) {
  Advisory row;
  row.vulnerability = text.id;
  row.name_kind = NameKind::both;
  // Rows of one "package" are stored, and searched, together: a thousand ids, as the CVE list keeps them ("CVE-2024-3xxx").
  const std::string block = text.id.substr(0, text.id.size() - 3) + "xxx";
  ECLAIR_CHECK_OK(out.advisory(kVulnerabilitySpace, block, std::move(row)));
  return out.vulnerability(std::move(text));
}

}  // namespace eclair::feeds
