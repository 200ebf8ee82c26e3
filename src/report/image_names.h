// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "report/report.h"

/// What an image is called, for rules and ignore files that speak of images by name.
namespace eclair::report {

/// A name taken apart as Docker does. Every text is one: what is no reference is a strange path. Digests are cut off.
struct NameParts {
  std::string domain;  ///< "docker.io", "localhost:5000"
  std::string path;    ///< "library/debian"
  std::string tag;     ///< "12-slim"; "" = none was written
  std::string repository() const { return domain + "/" + path; }
};
/// source: the rules of distribution/reference, normalize.go
NameParts name_parts(std::string_view name);

/// All that an image is called, without repeats: the name as shown, in full ("docker.io/library/debian:12-slim") and as people write it
/// ("debian:12-slim"), each with its tag and without.
std::vector<std::string> image_names(const Report& report);

/// Whether a pattern (text::glob: "*" stays within one part of a path) is one of the image's names.
bool is_named(const Report& report, std::string_view pattern);

}  // namespace eclair::report
