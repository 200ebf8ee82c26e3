// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "suppress/statement.h"
#include "util/result.h"
#include "util/time.h"

/// Files that say which findings somebody has looked at and accepts.
namespace eclair::suppress {

/// The ways of writing them that are known, told apart by their content.
enum class Shape : std::uint8_t {
  own,       ///< .eclairignore.yaml: docs/user/policy.md
  plain,     ///< lines "CVE-2023-45853 exp:2026-12-31 # reason": .eclairignore, Trivy's .trivyignore
  trivy,     ///< Trivy's .trivyignore.yaml: vulnerabilities: [{id, paths, purls, expired_at, statement}]
  clairctl,  ///< clairctl's and clair-scanner's white list: generalwhitelist: {CVE: reason}, images: {NAME: {CVE: reason}}
  klar,      ///< klar's white list: general: [CVE], images: {NAME: [CVE]}
  config,    ///< a configuration file with the entries of our own form under `ignore`
};
std::string_view name(Shape shape);

inline constexpr std::uint64_t kMaxIgnoreBytes = 4u << 20;
inline constexpr std::size_t kMaxIgnoreEntries = 100'000;

struct IgnoreFile {
  Source source;
  Shape shape = Shape::own;
  bool require_reason = true;  ///< of Shape::own
};

/// Reads one document. file: for messages and reports.
/// A key that is not known is an error with its line, column and the nearest one: a slip must not widen what is set aside.
/// In the keys of `images` of clairctl's form both a name of an image (the tag may be left out) and a distribution are understood: its two
/// readers disagreed.
/// errors: invalid_input, unsupported (made for a newer version), limit.
Result<IgnoreFile> read_ignore_file(std::string_view document, const std::string& file);

/// The list under `ignore` of a configuration file; nothing where there is none.
Result<IgnoreFile> read_ignores_of_config(std::string_view document, const std::string& file);

/// The first second after a day: "2026-12-31" holds until the end of that day, UTC; a time holds until then. errors: invalid_input.
Result<UnixTime> end_of(std::string_view day);

}  // namespace eclair::suppress
