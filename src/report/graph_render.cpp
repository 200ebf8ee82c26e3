// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <string_view>
#include <vector>

#include "report/graph.h"
#include "report/json_parts.h"
#include "util/text.h"

namespace eclair::report {
namespace graph_render_detail {

using Kind = GraphNode::Kind;
using Edge = GraphEdge::Kind;

constexpr std::size_t kMostCommand = 60;  // bytes of a command in a drawing

std::string_view word(Kind kind) {
  constexpr std::string_view kWords[] = {"layer", "package", "vulnerability", "fix"};
  return kWords[static_cast<std::size_t>(kind)];
}
std::string_view word(Edge kind) {
  constexpr std::string_view kWords[] = {"parent", "adds", "removes", "upgraded", "affects", "fixed_in"};
  return kWords[static_cast<std::size_t>(kind)];
}
/// As drawn.
std::string_view label(Edge kind) {
  constexpr std::string_view kWords[] = {"on", "adds", "removes", "upgraded to", "affects", "fixed in"};
  return kWords[static_cast<std::size_t>(kind)];
}

const LayerInfo* layer_of(const Report& report, std::uint32_t index) {
  for (const LayerInfo& layer : report.image.history) {
    if (!layer.empty && layer.index == index) return &layer;
  }
  return nullptr;
}

/// Lines of a node's label.
std::vector<std::string> lines_of(const Report& report, const GraphNode& node) {
  switch (node.kind) {
    case Kind::layer: {
      const LayerInfo* const layer = layer_of(report, node.layer);
      const Digest digest = layer == nullptr ? Digest{} : layer->digest.empty() ? layer->diff_id : layer->digest;
      std::vector<std::string> out = {"layer " + std::to_string(node.layer) + (!report.base ? "" : in_base(report, node.layer) ? " (base)" : " (own)")};
      if (!digest.empty()) out.emplace_back(digest.brief());
      if (layer != nullptr && !layer->created_by.empty()) out.push_back(text::clean(layer->created_by, kMostCommand));
      return out;
    }
    case Kind::package:
    case Kind::fix: return {text::clean(node.package.name, 200), text::clean(node.package.version, 200)};
    case Kind::vulnerability: return {text::clean(node.vulnerability, 100), std::string(name(node.severity))};
  }
  return {};
}

// ---- dot

/// What stands between double quotes.
std::string dot_text(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

std::string_view dot_color(Severity severity) {
  switch (severity) {
    case Severity::critical: return "#c00000";
    case Severity::high: return "#e06000";
    case Severity::medium: return "#c0a000";
    case Severity::low: return "#3080c0";
    case Severity::negligible: return "#909090";
    case Severity::unknown: break;
  }
  return "#606060";
}

std::string dot_style(const GraphNode& node) {
  switch (node.kind) {
    case Kind::layer: return "shape=box3d";
    case Kind::package: return node.gone ? "shape=box, style=\"rounded,dashed\", fontcolor=\"#808080\"" : "shape=box, style=rounded";
    case Kind::vulnerability: return "shape=octagon, color=\"" + std::string(dot_color(node.severity)) + "\"";
    case Kind::fix: return "shape=box, style=\"rounded,filled\", fillcolor=\"#e0f0e0\"";
  }
  return {};
}

// ---- mermaid

/// What stands between double quotes; entities are written with "#". source: mermaid.js.org/syntax/flowchart.html, "Entity codes to escape characters"
std::string mermaid_text(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool plain = text::is_digit(c) || text::is_alpha(c) || static_cast<unsigned char>(c) >= 0x80 || std::string_view(" .,:+-_/~@()=$'!?").find(c) != std::string_view::npos;
    out += plain ? std::string(1, c) : "#" + std::to_string(static_cast<unsigned char>(c)) + ";";
  }
  return out;
}

std::pair<std::string_view, std::string_view> mermaid_shape(Kind kind) {
  switch (kind) {
    case Kind::layer: return {"[[\"", "\"]]"};
    case Kind::package: return {"(\"", "\")"};
    case Kind::vulnerability: return {"{{\"", "\"}}"};
    case Kind::fix: return {"([\"", "\"])"};
  }
  return {"[\"", "\"]"};
}

void write_node(json::Writer& w, const Report& report, const GraphNode& node) {
  w.begin_object().member("id", node.id).member("kind", word(node.kind));
  switch (node.kind) {
    case Kind::layer:
      w.key("layer");
      if (const LayerInfo* const layer = layer_of(report, node.layer)) write_layer(w, report, *layer);
      else w.null();
      break;
    case Kind::package:
      w.key("package").begin_object();
      write_package_version(w, node.package);
      w.end_object().member("gone", node.gone);
      break;
    case Kind::vulnerability: w.member("vulnerability", node.vulnerability).member("severity", name(node.severity)); break;
    case Kind::fix: w.member("type", node.package.type).member("source", node.package.name).member("version", node.package.version); break;
  }
  w.end_object();
}

}  // namespace graph_render_detail
using namespace graph_render_detail;

std::string render_graph_dot(const Report& report, const View& view) {
  const Graph graph = graph_of(report, view);
  std::string out = "digraph \"" + dot_text(text::clean(report.image.name, 300)) + "\" {\n  rankdir=LR;\n  node [fontname=\"sans-serif\", fontsize=10];\n"
                    "  edge [fontname=\"sans-serif\", fontsize=8];\n";
  for (const GraphNode& node : graph.nodes) {
    std::string lines;
    for (const std::string& one : lines_of(report, node)) lines += (lines.empty() ? "" : "\\n") + dot_text(one);
    out += "  " + node.id + " [label=\"" + lines + "\", " + dot_style(node) + "];\n";
  }
  for (const GraphEdge& edge : graph.edges) {
    out += "  " + graph.nodes[edge.from].id + " -> " + graph.nodes[edge.to].id + " [label=\"" + std::string(label(edge.kind)) + "\"";
    out += edge.kind == Edge::parent ? ", style=bold];\n" : edge.kind == Edge::removes ? ", style=dashed];\n" : "];\n";
  }
  return out + "}\n";
}

std::string render_graph_mermaid(const Report& report, const View& view) {
  const Graph graph = graph_of(report, view);
  std::string out = "flowchart LR\n";
  for (const GraphNode& node : graph.nodes) {
    std::string lines;
    for (const std::string& one : lines_of(report, node)) lines += (lines.empty() ? "" : "<br/>") + mermaid_text(one);
    const auto [open, close] = mermaid_shape(node.kind);
    out += "  " + node.id + std::string(open) + lines + std::string(close) + "\n";
  }
  for (const GraphEdge& edge : graph.edges) {
    const std::string_view arrow = edge.kind == Edge::removes ? "-.->" : edge.kind == Edge::parent ? "==>" : "-->";
    out += "  " + graph.nodes[edge.from].id + " " + std::string(arrow) + "|" + std::string(label(edge.kind)) + "| " + graph.nodes[edge.to].id + "\n";
  }
  std::string gone;
  for (const GraphNode& node : graph.nodes) {
    if (node.gone) gone += (gone.empty() ? "" : ",") + node.id;
  }
  return gone.empty() ? out : out + "  classDef gone stroke-dasharray: 4 4,color:#808080\n  class " + gone + " gone\n";
}

std::string render_graph_json(const Report& report, const View& view) {
  const Graph graph = graph_of(report, view);
  json::Writer w(view.pretty);
  w.begin_object();
  write_preamble(w, report);
  w.key("target");
  write_target(w, report);
  w.key("nodes").begin_array();
  for (const GraphNode& node : graph.nodes) write_node(w, report, node);
  w.end_array().key("edges").begin_array();
  for (const GraphEdge& edge : graph.edges) {
    w.begin_object().member("from", graph.nodes[edge.from].id).member("to", graph.nodes[edge.to].id).member("kind", word(edge.kind)).end_object();
  }
  w.end_array().key("notes");
  write_notes(w, report);
  w.end_object();
  return w.take() + "\n";
}

}  // namespace eclair::report
