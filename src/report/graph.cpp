// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "report/graph.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>

namespace eclair::report {
namespace graph_detail {

using Kind = GraphNode::Kind;
using Edge = GraphEdge::Kind;

using NameKey = std::tuple<std::string, std::string, std::string>;  // type, name, architecture
NameKey name_of(const PackageVersion& p) { return {p.type, p.name, p.arch}; }
using PackageKey = std::tuple<std::string, std::string, std::string, std::string>;
PackageKey key_of(const PackageVersion& p) { return {p.type, p.name, p.version, p.arch}; }

class Builder {
 public:
  Builder(const Report& report, const View& view) : report_(report), view_(view) {}

  Graph build() {
    add_layers();
    for (const LayerDelta& delta : report_.inventory.deltas) add_changes(delta);
    add_findings();
    if (view_.list_packages) {
      for (const Occurrence& one : report_.inventory.packages) place(one);
    }
    return std::move(out_);
  }

 private:
  std::uint32_t add(GraphNode node, char letter) {
    node.id = letter + std::to_string(++numbers_[letter]);
    out_.nodes.push_back(std::move(node));
    return static_cast<std::uint32_t>(out_.nodes.size() - 1);
  }
  void connect(std::uint32_t from, std::uint32_t to, Edge kind) {
    if (edges_.insert({from, to, kind}).second) out_.edges.push_back({kind, from, to});
  }

  void add_layers() {
    std::uint32_t before = 0;
    bool first = true;
    for (const LayerInfo& layer : report_.image.history) {
      if (layer.empty) continue;
      GraphNode node;
      node.layer = layer.index;
      const std::uint32_t at = add(std::move(node), 'l');
      layers_[layer.index] = at;
      if (!first) connect(at, before, Edge::parent);
      before = at;
      first = false;
    }
  }

  std::uint32_t package(const PackageVersion& p) {
    const auto [at, fresh] = packages_.try_emplace(key_of(p), 0);
    if (!fresh) return at->second;
    GraphNode node;
    node.kind = Kind::package;
    node.package = p;
    return at->second = add(std::move(node), 'p');
  }

  /// What a layer removed, and what took its place. What it merely added comes with the findings.
  void add_changes(const LayerDelta& delta) {
    const auto wanted = [&](const PackageVersion& p) {
      const auto is = [&](std::string_view name) { return std::find(view_.packages.begin(), view_.packages.end(), name) != view_.packages.end(); };
      return view_.packages.empty() || is(p.name) || is(p.source());
    };
    const auto layer = layers_.find(delta.index);
    if (layer == layers_.end()) return;
    std::map<NameKey, const PackageVersion*> added;
    for (const PackageVersion& p : delta.added) added.emplace(name_of(p), &p);
    for (const PackageVersion& p : delta.removed) {
      if (!wanted(p)) continue;
      const std::uint32_t old = package(p);
      out_.nodes[old].gone = true;
      const auto next = added.find(name_of(p));
      if (next == added.end()) {
        connect(layer->second, old, Edge::removes);
        continue;
      }
      const std::uint32_t fresh = package(*next->second);
      out_.nodes[fresh].gone = false;
      connect(layer->second, fresh, Edge::adds);
      connect(old, fresh, Edge::upgraded);
    }
    for (const PackageVersion& p : delta.added) {  // one that went and comes back, or goes later
      origin_[key_of(p)] = layer->second;
      const auto known = packages_.find(key_of(p));
      if (known == packages_.end()) continue;
      out_.nodes[known->second].gone = false;
      connect(layer->second, known->second, Edge::adds);
    }
    for (const PackageVersion& p : delta.removed) {
      if (!wanted(p)) continue;
      if (const auto from = origin_.find(key_of(p)); from != origin_.end()) connect(from->second, package(p), Edge::adds);
    }
  }

  /// A package with the layer that it came with.
  std::uint32_t place(const Occurrence& one) {
    const std::uint32_t at = package(one.package);
    if (const auto layer = layers_.find(one.layer); layer != layers_.end()) connect(layer->second, at, Edge::adds);
    if (const auto layer = layers_.find(one.removed_in); layer != layers_.end() && report_.inventory.deltas.empty()) {
      out_.nodes[at].gone = true;
      connect(layer->second, at, Edge::removes);
    }
    return at;
  }

  void add_findings() {
    for (const std::uint32_t index : shown_findings(report_, view_)) {
      const Finding& finding = report_.findings[index];
      const Occurrence& one = report_.inventory.packages[finding.package];
      const std::uint32_t package = place(one);
      const auto [at, fresh] = vulnerabilities_.try_emplace(finding.vulnerability, 0);
      if (fresh) {
        GraphNode node;
        node.kind = Kind::vulnerability;
        node.vulnerability = finding.vulnerability;
        at->second = add(std::move(node), 'v');
      }
      Severity& worst = out_.nodes[at->second].severity;
      worst = std::max(worst, finding.severity);
      connect(at->second, package, Edge::affects);
      if (!finding.fixed_in.empty()) connect(at->second, fix(one.package, finding.fixed_in), Edge::fixed_in);
    }
  }

  std::uint32_t fix(const PackageVersion& of, const std::string& version) {
    const auto [at, fresh] = fixes_.try_emplace({of.type, std::string(of.source()), version}, 0);
    if (!fresh) return at->second;
    GraphNode node;
    node.kind = Kind::fix;
    node.package.type = of.type;
    node.package.name = of.source();
    node.package.version = version;
    return at->second = add(std::move(node), 'f');
  }

  const Report& report_;
  const View& view_;
  Graph out_;
  std::map<char, std::uint32_t> numbers_;
  std::map<std::uint32_t, std::uint32_t> layers_;  // by index
  std::map<PackageKey, std::uint32_t> packages_, origin_;
  std::map<std::string, std::uint32_t> vulnerabilities_;
  std::map<NameKey, std::uint32_t> fixes_;
  std::set<std::tuple<std::uint32_t, std::uint32_t, Edge>> edges_;
};

}  // namespace graph_detail

Graph graph_of(const Report& report, const View& view) { return graph_detail::Builder(report, view).build(); }

}  // namespace eclair::report
