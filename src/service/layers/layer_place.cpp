// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "service/layers/layer_place.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "extract/extractor.h"
#include "index/index.h"
#include "match/match.h"
#include "util/bytes.h"

namespace eclair::service {
namespace layer_place_detail {

std::uint64_t cost_of(const LayerRecord& record) {
  std::uint64_t cost = 1000 + record.paths.stored().size() + record.packages.size() * 300;
  for (const Evidence& one : record.evidence) {
    cost += 200 + one.packages.size() * 40 + one.ownership.size() * 100;
    for (const PackageEntry& entry : one.packages) {
      for (const std::string& path : entry.owned_paths) cost += 32 + path.size();
    }
  }
  return cost;
}

bool is_system(const PackageVersion& package) {
  for (const std::string_view type : {"deb", "rpm", "apk", "opkg", "alpm"}) {
    if (package.type == type) return true;
  }
  return false;
}

/// A package version in a layer.
struct Here {
  std::uint64_t number = 0;
  std::uint32_t context = 0;  ///< that it is judged in, apart from the namespace that it was added in
  std::uint32_t group = 0;    ///< index into Groups
  bool anew = false;          ///< introduced by this layer, whatever was there before
  auto position() const { return std::tie(number, context); }
};

/// The groups that packages of a layer are in: few, and mostly the one of the package before.
class Groups {
 public:
  Groups(const Inventory& inventory, const Os& os) : inventory_(inventory), os_(os) {}

  std::uint32_t of(const Occurrence& one) {
    const bool own = one.os == 0 || one.os >= inventory_.systems.size();
    for (std::size_t i = 0; i < sources_.size(); ++i) {
      const Source& known = sources_[i];
      if (known.os == one.os && known.owned == !one.owned_by.empty() && known.type == one.package.type && known.repositories == one.repositories) return known.group;
    }
    store::PackageGroup group;
    if (!own) group.os = inventory_.systems[one.os];
    group.repositories = one.repositories;
    group.owned = !one.owned_by.empty();
    group.name_space = match::name_space(one.package, own ? os_ : group.os);
    auto same = std::find(all_.begin(), all_.end(), group);
    const auto index = static_cast<std::uint32_t>(same - all_.begin());
    if (same == all_.end()) {
      contexts_.push_back(number_of(key_of(group)));
      all_.push_back(std::move(group));
    }
    sources_.push_back({one.os, !one.owned_by.empty(), one.package.type, one.repositories, index});
    return index;
  }
  std::uint32_t context(std::uint32_t group) const { return contexts_[group]; }
  const store::PackageGroup& operator[](std::uint32_t group) const { return all_[group]; }
  std::size_t size() const { return all_.size(); }

  std::vector<Here> of_parent(const FoldedLayer& parent) {
    std::vector<std::uint32_t> contexts;
    for (const store::PackageGroup& group : parent.groups) contexts.push_back(number_of(key_of(group)));
    std::vector<Here> out;
    out.reserve(parent.packages.size());
    for (const FoldedLayer::Package& package : parent.packages) out.push_back({package.number, contexts[package.group], 0, false});
    return out;
  }

 private:
  struct Source {
    std::uint32_t os;
    bool owned;
    std::string type;
    std::vector<std::string> repositories;
    std::uint32_t group;
  };
  std::uint32_t number_of(const std::string& key) { return numbers_.emplace(key, static_cast<std::uint32_t>(numbers_.size())).first->second; }

  const Inventory& inventory_;
  const Os& os_;
  std::vector<Source> sources_;
  std::vector<store::PackageGroup> all_;
  std::vector<std::uint32_t> contexts_;  // of each group
  std::map<std::string, std::uint32_t> numbers_;
};

/// What came and what went. A version that is there in the same contexts as before, and was not installed anew, keeps the namespace that it was
/// added in.
store::Delta difference(std::vector<Here> now, std::vector<Here> before, const Groups& groups) {
  const auto by_position = [](const Here& a, const Here& b) { return a.position() < b.position(); };
  std::sort(now.begin(), now.end(), by_position);
  std::sort(before.begin(), before.end(), by_position);
  const auto contexts = [](const std::vector<Here>& in, std::size_t begin, std::size_t end) {
    std::vector<std::uint32_t> out;
    for (std::size_t i = begin; i < end; ++i) {
      if (out.empty() || out.back() != in[i].context) out.push_back(in[i].context);
    }
    return out;
  };
  store::Delta out;
  std::vector<std::vector<std::uint64_t>> added(groups.size());
  std::size_t n = 0, b = 0;
  while (n < now.size() || b < before.size()) {
    const std::uint64_t number = n == now.size() ? before[b].number : b == before.size() ? now[n].number : std::min(now[n].number, before[b].number);
    std::size_t n_end = n, b_end = b;
    bool anew = false;
    for (; n_end < now.size() && now[n_end].number == number; ++n_end) anew = anew || now[n_end].anew;
    while (b_end < before.size() && before[b_end].number == number) ++b_end;
    const bool single = n_end - n == 1 && b_end - b == 1;
    const bool stays = !anew && n_end > n && b_end > b && (single ? now[n].context == before[b].context : contexts(now, n, n_end) == contexts(before, b, b_end));
    if (!stays) {
      for (std::size_t i = n; i < n_end; ++i) added[now[i].group].push_back(number);
      if (b_end > b) out.removed.push_back(number);
    }
    n = n_end;
    b = b_end;
  }
  for (std::uint32_t i = 0; i < groups.size(); ++i) {
    if (added[i].empty()) continue;
    added[i].erase(std::unique(added[i].begin(), added[i].end()), added[i].end());
    store::PackageGroup group = groups[i];
    group.packages = std::move(added[i]);
    out.added.push_back(std::move(group));
  }
  std::sort(out.added.begin(), out.added.end(), [](const store::PackageGroup& a, const store::PackageGroup& c) { return a.packages.front() < c.packages.front(); });
  return out;
}

}  // namespace layer_place_detail
using namespace layer_place_detail;

std::uint32_t LayerPlaces::revision() {
  std::uint32_t sum = 0;
  for (const auto& [id, revision] : extract::current_revisions()) sum += revision;
  return sum;
}

Result<std::shared_ptr<const LayerRecord>> LayerPlaces::record(const Digest& digest) {
  if (digest.empty()) return std::make_shared<const LayerRecord>();
  if (auto known = records_.find(digest.text)) return known;
  ECLAIR_TRY(auto read, store_.layer_record(digest));
  if (!read) return fail(Errc::not_found, "the record of a layer below (" + std::string(digest.brief()) + ") is no longer in the store");
  auto out = std::make_shared<const LayerRecord>(std::move(*read));
  records_.put(digest.text, out, cost_of(*out));
  return out;
}

Result<store::Node> LayerPlaces::place(const LayerRecord& record, const FoldedLayer* parent, bool any_distribution) {
  std::vector<std::shared_ptr<const LayerRecord>> held;
  std::vector<const LayerRecord*> stack;
  if (parent != nullptr) {
    for (const FoldedLayer::Layer& layer : parent->layers) {
      ECLAIR_TRY(auto one, this->record(layer.record));
      held.push_back(std::move(one));
    }
  }
  for (const auto& one : held) stack.push_back(one.get());
  stack.push_back(&record);
  Inventory inventory = index::merge(stack, limits_);

  store::Node out;
  out.parent = parent == nullptr ? 0 : parent->node.id;
  out.record = record.digest;
  out.revision = revision();
  if (!inventory.systems.empty()) out.os = inventory.systems.front();
  out.name_space = match::name_space(out.os);
  const bool has_packages = std::any_of(inventory.packages.begin(), inventory.packages.end(), [](const Occurrence& o) { return is_system(o.package); });
  if (has_packages && out.name_space.empty() && !any_distribution) {
    return fail(Errc::unsupported, out.os.id.empty() ? "packages, but nothing says of which distribution" : "packages of a distribution that is not known: " + out.os.id + " " + out.os.version);
  }

  Groups groups(inventory, out.os);
  std::vector<Here> here;
  std::vector<PackageVersion> versions;
  here.reserve(inventory.packages.size());
  versions.reserve(inventory.packages.size());
  const auto top = static_cast<std::uint32_t>(stack.size());
  for (Occurrence& one : inventory.packages) {
    const std::uint32_t group = groups.of(one);
    here.push_back({0, groups.context(group), group, one.layer == top});
    versions.push_back(std::move(one.package));
  }
  ECLAIR_TRY(const std::vector<std::uint64_t> numbers, store_.intern(versions));
  for (std::size_t i = 0; i < here.size(); ++i) here[i].number = numbers[i];
  out.delta = difference(here, parent == nullptr ? std::vector<Here>() : groups.of_parent(*parent), groups);
  return out;
}

}  // namespace eclair::service
