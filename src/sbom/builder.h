// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "model/os.h"
#include "sbom/sbom.h"
#include "util/limits.h"
#include "util/result.h"

namespace eclair::sbom {

/// What a document says of one package, whatever its form. Empty: not said.
struct Part {
  std::string purl;
  std::string type, group, name, version;   ///< where there is no purl; type as purl has it ("deb")
  std::string arch;
  std::string source_name, source_version, source_release, source_epoch;
  std::string source_rpm;                   ///< "bash-5.1.8-4.el9.src.rpm"
  std::string module, builder;              ///< builder: vendor or maintainer, "Name <address>" or "Name (address)"
  std::string vendor;                       ///< our own short id of it
  std::vector<std::string> layers;          ///< digests or diff ids of layers that have something of it
  std::uint32_t layer_index = 0;            ///< the same by number
  std::vector<std::string> paths, repositories, cpes;

  /// Takes a named property that Eclair, Trivy or Syft gives to packages; others are passed over.
  void take_property(std::string_view name, std::string_view value);
  /// The same of a line "Name: value", as Trivy writes them in SPDX.
  void take_line(std::string_view line);
};

/// Puts together what a document says, in any order, and makes an image and its inventory of it.
class Builder {
 public:
  explicit Builder(const Limits& limits) : limits_(limits) {}

  void form(std::string name) { bom_.image.source = std::move(name); }
  /// What the document is about. digest: of the image's manifest; taken if it is one.
  void subject(std::string_view name, std::string_view digest);
  void config_digest(std::string_view digest);
  void platform(Platform platform) { bom_.image.platform = std::move(platform); }
  /// A property of the subject that Eclair or Trivy writes: its layers, and what they are called.
  void subject_property(std::string_view name, std::string_view value);
  /// The next layer, from the base up. Both may be empty, or no digests.
  void layer(std::string_view digest, std::string_view diff_id, std::string_view command = {}, std::uint64_t size = 0);
  /// By os-release's words, or those of other scanners. pretty: "" = not said.
  void distribution(std::string_view id, std::string_view version, std::string_view pretty = {});
  /// errors: limit (packages).
  Result<> add(Part part);
  /// A component that should be a package, but of which only a name is known.
  void nameless(std::string_view name);
  Result<Bom> finish();

 private:
  struct Pending {
    Occurrence occurrence;
    Os os;                            ///< by the package URL; unknown where it says none
    std::vector<std::string> layers;
    std::uint32_t layer_index = 0;
  };
  std::uint32_t layer_of(const Pending& one);
  std::uint32_t layer_named(const std::string& id);
  std::uint32_t system_of(const Os& os);
  void note_gaps();

  const Limits& limits_;
  Bom bom_;
  std::vector<Pending> pending_;
  std::map<std::string, std::uint32_t, std::less<>> layers_;  ///< by digest and diff id
  std::set<std::string> bad_urls_;
  std::vector<std::string> nameless_;                         ///< the first few
  std::uint64_t nameless_count_ = 0, bad_url_count_ = 0;
};

}  // namespace eclair::sbom
