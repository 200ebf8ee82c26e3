// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "report/report.h"

/// Why an image is said to be affected by one vulnerability, or not. It only prints evidence that is there. Pure.
namespace eclair::report {

/// A row that speaks of a package of the image and did not make a finding.
struct Considered {
  std::uint32_t package = 0;  ///< index into Inventory::packages
  store::AdvisoryRow row;
};

struct Explanation {
  std::string id;                        ///< as asked for
  std::vector<std::uint32_t> findings;   ///< indexes into Report::findings: affected
  std::vector<std::uint32_t> suppressed; ///< indexes into Report::suppressed: affected, and set aside
  std::vector<Considered> considered;    ///< known for packages of the image, which are not affected
  std::uint64_t rows_elsewhere = 0;      ///< rows of other packages or distributions
};

/// All that the report and the rows found under this id or alias say of it.
/// rows: AdvisoryStore::find(id).
Explanation explain(const Report& report, std::string_view id, const std::vector<store::AdvisoryRow>& rows);

/// "known to be exploited since 2021-12-10, also by ransomware (CISA)"
std::string exploited_words(const Exploited& listed);
/// "a chance of 94 % to be exploited within 30 days, more than 99.9 % of all (EPSS of 2026-08-16)"
std::string epss_words(const Epss& epss);

std::string render_explanation(const Report& report, const Explanation& explanation, const View& view);
std::string render_explanation_json(const Report& report, const Explanation& explanation);

}  // namespace eclair::report
