// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "report/graph.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "support/report_sample.h"
#include "util/json.h"

namespace eclair::report {
namespace graph_test_detail {

/// "l2 removes p3" for each edge, a line each, sorted.
std::string edges_of(const Graph& graph) {
  constexpr const char* kWords[] = {" on ", " adds ", " removes ", " becomes ", " affects ", " fixed in "};
  const auto name = [&](std::uint32_t i) {
    const GraphNode& node = graph.nodes[i];
    switch (node.kind) {
      case GraphNode::Kind::layer: return "layer" + std::to_string(node.layer);
      case GraphNode::Kind::vulnerability: return node.vulnerability;
      default: return node.package.name + "@" + node.package.version + (node.gone ? "(gone)" : "");
    }
  };
  std::vector<std::string> lines;
  for (const GraphEdge& edge : graph.edges) lines.push_back(name(edge.from) + kWords[static_cast<std::size_t>(edge.kind)] + name(edge.to) + "\n");
  std::sort(lines.begin(), lines.end());
  std::string out;
  for (const std::string& line : lines) out += line;
  return out;
}

}  // namespace graph_test_detail

TEST_CASE("a graph has layers on their parents, packages that come, go and are upgraded, and what affects and fixes them") {
  Report report = test::sample();
  const PackageVersion old = test::occurrence("requests", "2.30.0", 2, "", "pypi").package, gone = test::occurrence("vim", "9", 1).package;
  report.inventory.deltas[0].added.push_back(gone);
  report.inventory.deltas[1].added = {old};
  report.inventory.deltas[2].removed = {old, gone};
  report.findings.erase(report.findings.begin() + 3, report.findings.end());
  report.findings.erase(report.findings.begin() + 1);
  CHECK(graph_test_detail::edges_of(graph_of(report, {})) ==
        "CVE-2024-37371 affects libkrb5-3@1.20.1-2+deb12u1\n"
        "CVE-2024-37371 fixed in krb5@1.20.1-2+deb12u2\n"
        "GHSA-9wx4-h78v-vm56 affects requests@2.31.0\n"
        "GHSA-9wx4-h78v-vm56 fixed in requests@2.32.0\n"
        "layer1 adds libkrb5-3@1.20.1-2+deb12u1\n"
        "layer1 adds vim@9(gone)\n"
        "layer2 adds requests@2.30.0(gone)\n"
        "layer2 on layer1\n"
        "layer3 adds requests@2.31.0\n"
        "layer3 on layer2\n"
        "layer3 removes vim@9(gone)\n"
        "requests@2.30.0(gone) becomes requests@2.31.0\n");
  View only;
  only.packages = {"requests"};
  CHECK(graph_test_detail::edges_of(graph_of(report, only)).find("vim") == std::string::npos);
  CHECK(graph_test_detail::edges_of(graph_of(report, only)).find("becomes") != std::string::npos);
  View view;
  view.severities = {Severity::critical};
  view.list_packages = true;
  const std::string all = graph_test_detail::edges_of(graph_of(report, view));
  CHECK(all.find("GHSA") == std::string::npos);
  CHECK(all.find("layer1 adds zlib1g@1:1.2.13.dfsg-1\n") != std::string::npos);
}

TEST_CASE("names from an image do not break out of a drawing") {
  Report report = test::sample();
  report.image.name = "a\"b\\";
  report.inventory.packages[1].package.name = "x\"]; evil [label=\"\\";
  report.image.history[0].created_by = "RUN echo \"<b>\" `x` #1; \x1b[31m";
  const std::string dot = render_graph_dot(report, {});
  CHECK(dot.starts_with("digraph \"a\\\"b\\\\\" {"));
  CHECK(dot.find("x\\\"]; evil [label=\\\"\\\\") != std::string::npos);
  CHECK(dot.find('\x1b') == std::string::npos);
  const std::string mermaid = render_graph_mermaid(report, {});
  CHECK(mermaid.find("x#34;#93;#59; evil #91;label=#34;#92;") != std::string::npos);
  CHECK(mermaid.find('\x1b') == std::string::npos);
  CHECK(mermaid.find('`') == std::string::npos);
}

TEST_CASE("edges of the JSON connect nodes that are there") {
  json::Document document;
  const auto root = document.parse(render_graph_json(test::sample(), {}));
  REQUIRE(root);
  std::string ids = " ";
  (*root)["nodes"].each([&](json::Value node) {
    ids += std::string(node["id"].string()) + " ";
    return true;
  });
  CHECK((*root)["edges"].size() > 0);
  (*root)["edges"].each([&](json::Value edge) {
    CHECK(ids.find(" " + std::string(edge["from"].string()) + " ") != std::string::npos);
    CHECK(ids.find(" " + std::string(edge["to"].string()) + " ") != std::string::npos);
    return true;
  });
}

}  // namespace eclair::report
