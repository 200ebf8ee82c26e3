// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "suppress/statement.h"
#include "util/json.h"
#include "util/result.h"

/// VEX documents: what a vendor, or a team, says of vulnerabilities in its products.
namespace eclair::suppress {

inline constexpr std::uint64_t kMaxVexBytes = 256u << 20;
inline constexpr std::size_t kMaxVexProducts = 2'000'000;  ///< of all statements of a document together

/// Reads OpenVEX 0.2.0 (also 0.0.x), CSAF 2.0 (its VEX profile) or the analyses in a CycloneDX BOM (1.4 and later, JSON), told apart by their
/// content; also an in-toto statement that has one of the first and the last as its predicate (signatures are not looked at).
/// "not_affected" and "fixed" set aside, "affected" confirms, "under_investigation" is a remark. What names no package URL and no image cannot be
/// held against anything here; how much of that there was becomes a warning. file: for messages and reports.
/// errors: invalid_input (not JSON, none of these; a statement without a status), unsupported (a version that is not known), limit.
Result<Source> read_vex(std::string_view document, const std::string& file);

/// The readers of each form, for read_vex() alone.
Result<Source> read_openvex(json::Value root, const std::string& file);
Result<Source> read_csaf(json::Value root, const std::string& file);
Result<Source> read_cyclonedx_vex(json::Value root, const std::string& file);

/// One of OpenVEX's statuses as a statement about these vulnerabilities; nothing where the word is none of them.
std::optional<Statement> vex_statement(std::string_view status, const std::string& file);

}  // namespace eclair::suppress
