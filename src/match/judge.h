// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "match/match.h"

namespace eclair::match {

/// Whether a package can be judged in a namespace at all; judge() finds nothing for the others.
enum class Judgeable : unsigned char {
  yes,
  no_namespace,     ///< unknown distribution, or a type that no source speaks of
  wrong_family,     ///< a deb package in an image of an rpm distribution
  no_scheme,        ///< we cannot order its versions yet
  third_party,      ///< not built by the distribution, whose advisories do not speak of it
  virtual_package,  ///< apk's ".build-deps": a name for a set of dependencies
  owned,            ///< part of an operating system package, which is judged instead
};
Judgeable judgeable(const Occurrence& occurrence, std::string_view name_space);

/// Whether a row speaks of images that name no repositories: it is bound to no product, or to one of the main stream.
bool is_of_main_stream(const Advisory& advisory, std::string_view name_space);
/// Whether a row is about that name as a whole: the CVE that it names or is an alias of, else its own id.
std::string_view main_name(const Advisory& advisory);

/// A row that speaks of the package, but whose versions could not be compared, and that no other row answered for.
struct Unjudged {
  std::string vulnerability, feed, why;
  bool installed_at_fault = false;
};

struct Verdict {
  std::vector<Finding> findings;   ///< as judge() gives them
  std::vector<Unjudged> unjudged;  ///< sorted
};

/// judge(), with what it had to leave open, and without copying rows. The order of the rows does not matter.
Verdict judge_all(const Occurrence& occurrence, std::string_view name_space, const std::vector<const store::AdvisoryRow*>& rows);
Result<Verdict> judge_all(const Occurrence& occurrence, std::string_view name_space, const std::vector<const store::AdvisoryRow*>& rows,
                          const NamesOf& names);

}  // namespace eclair::match
