// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "report/report.h"

/// An SPDX 2 document about one image or several, in no notation yet. source: SPDX 2.3 and 2.2, spdx.github.io/spdx-spec
namespace eclair::report::spdx {

struct ExternalRef {
  std::string category;  ///< as 2.3 has it: "PACKAGE-MANAGER", "SECURITY"
  std::string type, locator;
};

/// Texts are cleaned and in one line; "" = not said.
struct Package {
  std::string id;       ///< "SPDXRef-..."
  std::string name, version, summary, source_info;
  std::string purpose;  ///< "CONTAINER", "OPERATING-SYSTEM", "LIBRARY"; no field of 2.2
  std::string sha256;   ///< 64 hex digits
  std::vector<ExternalRef> refs;
  std::vector<std::string> attributions;  ///< "eclair:layer:index: 2"
};

struct Relationship {
  std::string from, type, to;
};

struct Document {
  std::string version;    ///< "2.3", "2.2"
  std::string name, name_space, created, creator, comment;
  std::vector<Package> packages;
  std::vector<Relationship> relationships;
};

inline constexpr std::string_view kVersions = "2.3 2.2";

/// The images contain distributions, these contain their packages; packages of languages are contained in the image itself.
/// Names neither licences nor files: those were not looked at.
Document document_of(const report::Document& reports, const View& view);

/// "PACKAGE_MANAGER" where the version spells it so.
std::string category_in(const Document& document, const ExternalRef& ref);

}  // namespace eclair::report::spdx
