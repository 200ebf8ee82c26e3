// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/finding.h"
#include "model/package.h"
#include "report/classic/feature_vulnerability.h"
#include "util/cancel.h"
#include "util/result.h"

/// Layers that clients name: posted once, with a parent; asked for ever. The APIs of generations 0 and 1 are views onto this.
namespace eclair::service {

using report::FeatureVulnerability;

/// What is known of one feature, shared by all layers that have it.
struct FeatureFindings {
  std::vector<FeatureVulnerability> vulnerabilities;  ///< sorted by name; one of each name
  std::string v1;  ///< the same, as API v1 writes the list: "[{...},...]"; "" where there are none
};

/// A package as the old APIs show it: distribution packages of dpkg under their source's name and version, others under their own.
struct Feature {
  std::string name, name_space, version_format, version;  ///< name_space and version_format in v1's spelling ("centos:7", "rpm")
  std::string added_by;                                   ///< name of the layer
  std::shared_ptr<const FeatureFindings> findings;        ///< null unless asked for
};

struct LayerView {
  std::string name, parent;       ///< parent "" = none
  std::string name_space;         ///< of the layer, else of the nearest ancestor that has one; "" = none known
  std::string version_format;
  int api = 1;                    ///< generation that posted it: 0 or 1
  std::int64_t index = 0;         ///< stable number, grows with each new layer
  std::vector<Feature> features;  ///< sorted by name, version, namespace
};

/// A layer as a client posts it.
struct LayerPost {
  std::string name, path, parent, format;  ///< format "" = "Docker"; any case
  std::vector<std::pair<std::string, std::string>> headers;  ///< for fetching `path`
  int api = 1;
};

/// Why a post failed, as far as the APIs answer differently.
enum class PostProblem : std::uint8_t {
  unknown_parent,
  unreachable,         ///< path: a bad URL, a download that failed, a status that is not 2xx, a file that cannot be read
  unsupported_format,  ///< neither docker nor aci
  broken_archive,
  too_large,           ///< a wanted file, or the layer, is beyond a limit
  no_distribution,     ///< packages, but no distribution known
  refused,             ///< by configuration: a repository that is not analysed, a host that is not fetched from
  unavailable,         ///< the store cannot be written
  cancelled,
  internal,
};
struct PostFailure {
  PostProblem problem = PostProblem::internal;
  std::string text;  ///< for the log, and for APIs that pass it on
};

/// What changed between a layer and its parent.
struct LayerChange {
  std::vector<Feature> added, removed;  ///< sorted as LayerView::features; with findings where asked for
};

enum class Detail : std::uint8_t { none, features, vulnerabilities };

/// threads: all functions may be called from several threads at once.
class Layers {
 public:
  virtual ~Layers() = default;
  /// Fetches, reads and stores a layer; returns when it is durable. A layer that is known, read by today's extractors or newer, is left as it
  /// is: nothing is fetched. nullopt: it went well; then find(name) gives it.
  virtual std::optional<PostFailure> post(const LayerPost& layer, const Cancel& stop) = 0;
  /// errors: unavailable, internal.
  virtual Result<std::optional<LayerView>> find(std::string_view name, Detail detail) = 0;
  virtual Result<std::optional<LayerChange>> change(std::string_view name, Detail detail) = 0;
  /// Generation that posted a layer; nullopt: not known. Cheap.
  virtual Result<std::optional<int>> generation(std::string_view name) = 0;
  /// With all its descendants. false: not known.
  virtual Result<bool> remove(std::string_view name) = 0;
  /// The layers that add a package that the vulnerability affects in that namespace now, by index, after `after`; at most limit.
  struct Introduced {
    std::int64_t index = 0;
    std::string name;
  };
  virtual Result<std::vector<Introduced>> introducing(std::string_view name_space, std::string_view vulnerability, std::int64_t after,
                                                      std::size_t limit) = 0;
  /// Namespaces of the layers that are known, in v1's spelling, sorted.
  virtual Result<std::vector<std::string>> namespaces() = 0;
};

}  // namespace eclair::service
