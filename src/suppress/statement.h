// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "report/report.h"
#include "suppress/purl_pattern.h"
#include "util/time.h"

/// What people say about findings in advance, whatever the file that they say it in.
namespace eclair::suppress {

/// A thing that a VEX document speaks of. All that is set must hold.
struct Product {
  std::optional<PurlPattern> whole;     ///< the image, or a package in it
  std::vector<PurlPattern> parts;       ///< packages of that; none: all of the image, or the package itself
  std::vector<std::string> names;       ///< other names of the image that are as good as `whole`
  std::string platform;                 ///< CPE of the distribution; "" = any
};

/// One entry of an ignore file, one statement of a VEX document. All criteria must hold; an empty list is none.
struct Statement {
  enum class Effect : std::uint8_t {
    suppress,     ///< the finding is set aside
    confirm,      ///< it is one: nothing that is said with less priority sets it aside
    remark,       ///< nothing is known yet
  };
  Effect effect = Effect::suppress;
  std::vector<std::string> ids;         ///< of the vulnerability and its other names, in lower case; empty = any (presets)
  std::vector<PurlPattern> packages;
  std::vector<std::string> names;       ///< of binary or source packages, with "*"
  bool binaries = false;                ///< `names` are those of binary packages alone
  std::vector<std::string> types;       ///< of packages: "deb"
  std::vector<std::string> paths;       ///< patterns: every place of the package must match one
  std::vector<std::string> images;      ///< patterns of names of images
  std::vector<std::string> distributions;  ///< ids; as good as `images`
  std::vector<Product> products;        ///< any of them
  report::LayerChoice layer;
  UnixTime expires = 0;                 ///< the first second in which it no longer holds; 0 = never
  UnixTime said_at = 0;                 ///< within a document the last one counts
  report::Suppression by;               ///< what is told of it
};

/// What one file says.
struct Source {
  std::string file;
  std::vector<Statement> statements;
  std::vector<std::string> warnings;    ///< what was read and means nothing
};

}  // namespace eclair::suppress
