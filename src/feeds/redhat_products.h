// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "util/json.h"

namespace eclair::feeds {

/// A component of a Red Hat product, taken from its package URL.
struct RedhatComponent {
  enum class Kind : unsigned char {
    other,    ///< not an rpm: a container, a jar, a whole product; says nothing of packages
    package,  ///< an rpm
    module,   ///< a whole module stream
  };
  Kind kind = Kind::other;
  std::string name;
  std::string version;  ///< "[epoch:]version-release", an epoch of 0 left out; "" = the component whatever its version
  std::string arch;     ///< "x86_64", "noarch", "src"; "" = not said
  std::string module;   ///< "name:stream"; "" = none
  std::string fault;    ///< why it cannot be understood; "" = it can
};
/// Reads a package URL ("pkg:rpm/redhat/redis@6.2.17-1.module%2Bel8?arch=src&epoch=1&rpmmod=redis:6:8100:489197e6").
/// source: package-url/purl-spec, types rpm and rpmmod as Red Hat writes them (2025-11)
RedhatComponent redhat_component(std::string_view purl);

/// The releases of Enterprise Linux ("8") that a product can be installed on: those its CPE names, else that of the build, else all
/// that are published for. cpe: "cpe:/a:redhat:openshift:4.16::el9"; version: of a component, may be empty.
std::vector<std::string_view> redhat_releases(std::string_view cpe, std::string_view version);

/// The product tree of a CSAF document: which id means which component of which product. Views point into the document.
class RedhatProducts {
 public:
  /// tree: the member product_tree. depth: branches nested deeper are not read.
  explicit RedhatProducts(json::Value tree, std::uint32_t depth = 32);

  struct Target {
    std::string_view cpe;       ///< of the product
    RedhatComponent component;  ///< kind other: nothing of interest
  };
  /// What a product id of a status means. nullopt: the tree does not say.
  std::optional<Target> find(std::string_view id) const;

 private:
  struct Product {
    std::string_view cpe, purl, name;
  };
  struct Relation {
    std::string_view component, product;
  };
  void read_branches(json::Value branches, std::uint32_t depth);
  void add(json::Value product, bool replace);
  RedhatComponent component(std::string_view id, std::string_view cpe) const;

  std::unordered_map<std::string_view, Product> products_;
  std::unordered_map<std::string_view, Relation> relations_;
};

}  // namespace eclair::feeds
