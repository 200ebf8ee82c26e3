// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "report/report.h"

/// An image as a graph, as the original kept and drew it: layers stand on their parents, install and remove packages; a package is followed by
/// its next version; a vulnerability is fixed in a version. Pure.
namespace eclair::report {

struct GraphNode {
  enum class Kind : std::uint8_t { layer, package, vulnerability, fix };
  Kind kind = Kind::layer;
  std::string id;                      ///< "l1", "p1", "v1", "f1": safe in any language
  std::uint32_t layer = 0;             ///< of a layer: its index
  PackageVersion package;              ///< of a package; of a fix: source name and the version that has it
  bool gone = false;                   ///< of a package: a later layer removed or replaced it
  std::string vulnerability;
  Severity severity = Severity::unknown;  ///< of a vulnerability: the worst of its findings
};

struct GraphEdge {
  enum class Kind : std::uint8_t { parent, adds, removes, upgraded, affects, fixed_in };
  Kind kind = Kind::parent;
  std::uint32_t from = 0, to = 0;      ///< indexes into Graph::nodes
};

struct Graph {
  std::vector<GraphNode> nodes;
  std::vector<GraphEdge> edges;
};

/// Findings that the view shows, with their packages and fixes; and packages that a layer upgraded or removed, where the report has what
/// each layer changed (Inventory::deltas), of the packages that the view names if it does. view.list_packages: all packages.
Graph graph_of(const Report& report, const View& view);

/// For Graphviz. source: graphviz.org/doc/info/lang.html
std::string render_graph_dot(const Report& report, const View& view);
/// A flowchart of Mermaid, as GitHub and GitLab show it in Markdown. source: mermaid.js.org/syntax/flowchart.html
std::string render_graph_mermaid(const Report& report, const View& view);
/// {"schema_version", "tool", "generated_at", "target", "nodes": [{"id", "kind", ...}], "edges": [{"from", "to", "kind"}]}: docs/user/layers.md
std::string render_graph_json(const Report& report, const View& view);

}  // namespace eclair::report
