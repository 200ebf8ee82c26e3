// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "service/layers/stored_layers.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <set>

#include "extract/extractor.h"
#include "index/layer_pass.h"
#include "match/classic_names.h"
#include "service/layers/affected_layers.h"
#include "service/layers/folded_layer.h"
#include "service/layers/judged_features.h"
#include "service/layers/layer_place.h"
#include "util/memory_budget.h"
#include "util/text.h"

namespace eclair::service {
namespace stored_layers_detail {

/// One at a time for each name: two clients that post a layer at once cost one download.
class NameLocks {
 public:
  class Lock {
   public:
    Lock(NameLocks& in, std::string name) : in_(in), name_(std::move(name)) {
      std::unique_lock lock(in_.mutex_);
      in_.freed_.wait(lock, [&] { return in_.busy_.insert(name_).second; });
    }
    ~Lock() {
      {
        const std::lock_guard lock(in_.mutex_);
        in_.busy_.erase(name_);
      }
      in_.freed_.notify_all();
    }
    Lock(const Lock&) = delete;
    Lock& operator=(const Lock&) = delete;

   private:
    NameLocks& in_;
    const std::string name_;
  };

 private:
  std::mutex mutex_;
  std::condition_variable freed_;
  std::set<std::string> busy_;  // guarded by mutex_
};

PostFailure failure(PostProblem problem, const Error& error) { return {problem, error.text}; }

/// Why the bytes could not be had, or were not a layer.
PostFailure failure_of_reading(const Error& error) {
  switch (error.code) {
    case Errc::invalid_input: return failure(PostProblem::broken_archive, error);
    case Errc::limit: return failure(PostProblem::too_large, error);
    case Errc::cancelled: return failure(PostProblem::cancelled, error);
    case Errc::unsupported: return failure(PostProblem::broken_archive, error);
    case Errc::internal:
    case Errc::conflict: return failure(PostProblem::internal, error);
    case Errc::not_found:
    case Errc::unavailable: return failure(PostProblem::unreachable, error);
  }
  return failure(PostProblem::internal, error);
}

PostFailure failure_of_store(const Error& error) {
  return failure(error.code == Errc::unavailable || error.code == Errc::conflict ? PostProblem::unavailable : PostProblem::internal, error);
}

class StoredLayers final : public Layers {
 public:
  StoredLayers(store::ServiceStore& store, Advisories& advisories, LayerSettings settings)
      : store_(store),
        settings_(std::move(settings)),
        fetch_(settings_.fetch),
        folded_(store, settings_.cache_bytes / 4 * 3),
        judged_(advisories),
        places_(store, settings_.limits, settings_.cache_bytes / 4),
        affected_(store, advisories),
        budget_(settings_.limits.memory_bytes) {}

  std::optional<PostFailure> post(const LayerPost& layer, const Cancel& stop) override {
    const NameLocks::Lock one_at_a_time(names_, layer.name);
    auto known = store_.node(store::Scope::v1, layer.name);
    if (!known) return failure_of_store(known.error());
    if (*known && (*known)->revision >= LayerPlaces::revision()) return std::nullopt;

    std::shared_ptr<const FoldedLayer> parent;
    // A layer that is read anew stays where it is.
    auto below = *known ? ((*known)->parent == 0 ? Result<std::shared_ptr<const FoldedLayer>>(nullptr) : folded_.find((*known)->parent))
                        : (layer.parent.empty() ? Result<std::shared_ptr<const FoldedLayer>>(nullptr) : folded_.find(store::Scope::v1, layer.parent));
    if (!below) return failure_of_store(below.error());
    parent = std::move(*below);
    if (!*known && !layer.parent.empty() && !parent) return PostFailure{PostProblem::unknown_parent, "parent layer " + text::quoted(layer.parent) + " is not known"};

    const std::string format = text::lower(layer.format.empty() ? "docker" : layer.format);
    bool stored = false;
    auto record = read(layer, format == "aci", stop, stored);
    if (!record.has_value()) return record.error();
    if (format != "docker" && format != "aci") return PostFailure{PostProblem::unsupported_format, "unsupported image format " + text::quoted(layer.format)};

    auto node = places_.place(*record, parent.get());
    if (!node && node.error().code == Errc::unsupported) return failure(PostProblem::no_distribution, node.error());
    if (!node) return failure_of_store(node.error());
    node->scope = store::Scope::v1;
    node->name = layer.name;
    node->api = layer.api;
    const LayerRecord* const fresh = stored ? nullptr : &*record;
    if (*known) {
      const auto done = store_.replace_node((*known)->id, *node, fresh);
      return done ? std::nullopt : std::optional(failure_of_store(done.error()));
    }
    const auto id = store_.put_node(*node, fresh);
    if (id) return std::nullopt;
    // The parent was removed while this was being read.
    if (id.error().code == Errc::not_found) return failure(PostProblem::unknown_parent, id.error());
    return failure_of_store(id.error());
  }

  Result<std::optional<LayerView>> find(std::string_view name, Detail detail) override {
    ECLAIR_TRY(const auto layer, folded_.find(store::Scope::v1, name));
    if (!layer) return std::nullopt;
    LayerView out;
    out.name = layer->node.name;
    out.parent = layer->layers.size() > 1 ? layer->layers[layer->layers.size() - 2].name : "";
    out.name_space = match::classic_name_space(layer->node.name_space);
    out.version_format = match::classic_version_format(out.name_space);
    out.api = layer->node.api;
    out.index = layer->node.id;
    if (detail == Detail::none) return std::optional(std::move(out));
    ECLAIR_TRY(out.features, features(*layer, detail));
    return std::optional(std::move(out));
  }

  Result<std::optional<LayerChange>> change(std::string_view name, Detail detail) override {
    ECLAIR_TRY(const auto layer, folded_.find(store::Scope::v1, name));
    if (!layer) return std::nullopt;
    // Only what the layer itself changes, as a layer of its own.
    const auto of = [&](const std::vector<store::PackageGroup>& groups) -> Result<std::vector<Feature>> {
      ECLAIR_TRY(const FoldedLayer alone, folded_.alone(layer->node, groups));
      return features(alone, detail);
    };
    LayerChange out;
    ECLAIR_TRY(out.added, of(layer->added));
    ECLAIR_TRY(out.removed, of(layer->removed));
    return std::optional(std::move(out));
  }

  Result<std::optional<int>> generation(std::string_view name) override {
    ECLAIR_TRY(const auto mark, store_.mark(store::Scope::v1, name));
    if (!mark) return std::nullopt;
    return std::optional(mark->api);
  }

  Result<bool> remove(std::string_view name) override {
    ECLAIR_TRY(const auto mark, store_.mark(store::Scope::v1, name));
    if (!mark) return false;
    return store_.remove_node(mark->id);
  }

  Result<std::vector<Introduced>> introducing(std::string_view name_space, std::string_view vulnerability, std::int64_t after, std::size_t limit) override {
    ECLAIR_TRY(const auto nodes, affected_.now(match::our_name_space(name_space), vulnerability, after, limit));
    std::vector<Introduced> out;
    for (const auto& node : nodes) out.push_back({node.id, node.name});
    return out;
  }

  Result<std::vector<std::string>> namespaces() override {
    ECLAIR_TRY(const auto known, store_.namespaces());
    std::set<std::string> out;
    for (const std::string& one : known) {
      if (!one.empty()) out.insert(match::classic_name_space(one));
    }
    return std::vector<std::string>(out.begin(), out.end());
  }

 private:
  Result<std::vector<Feature>> features(const FoldedLayer& layer, Detail detail) {
    std::vector<Feature> out;
    out.reserve(layer.features.size());
    for (std::size_t i = 0; i < layer.features.size(); ++i) {
      out.push_back(layer.features[i]->feature);
      out.back().added_by = layer.layers[layer.added_by[i]].name;
    }
    if (detail != Detail::vulnerabilities) return out;
    ECLAIR_TRY(auto found, judged_.find(layer.features));
    for (std::size_t i = 0; i < out.size(); ++i) out[i].findings = std::move(found[i]);
    return out;
  }

  /// The layer's record: that of the store where the path names its digest and its origin would give it to this client; else by reading it.
  /// stored: whether the store has it already.
  tl::expected<LayerRecord, PostFailure> read(const LayerPost& layer, bool is_aci, const Cancel& stop, bool& stored) {
    if (auto refused = fetch_.refuse(layer)) return tl::unexpected(std::move(*refused));
    if (const Digest named = LayerFetch::named_digest(layer.path); !is_aci && !named.empty()) {
      auto known = store_.layer_record(named);
      if (known && *known && (*known)->revisions == extract::current_revisions() && fetch_.may_have(layer, stop)) {
        stored = true;
        return std::move(**known);
      }
    }
    const auto began = std::chrono::steady_clock::now();
    index::PassOptions options;
    options.limits = settings_.limits;
    if (is_aci) options.path_prefix = "rootfs";
    index::PassCounters counters;
    const StreamOpener open = [&] { return fetch_.open(layer, stop); };
    auto first = open();
    if (!first) {
      const bool refused = first.error().code == Errc::unsupported;
      return tl::unexpected(refused ? failure(PostProblem::refused, first.error()) : failure(PostProblem::unreachable, first.error()));
    }
    bool opened = false;
    const StreamOpener reopen = [&]() -> Result<std::unique_ptr<ByteStream>> {
      if (opened) return open();
      opened = true;
      return std::move(*first);
    };
    auto record = index::read_layer(reopen, {}, 0, options, budget_, counters, stop);
    if (!record) return tl::unexpected(failure_of_reading(record.error()));
    if (settings_.read) settings_.read(std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count(), record->blob_bytes);
    return std::move(*record);
  }

  store::ServiceStore& store_;
  const LayerSettings settings_;
  LayerFetch fetch_;
  FoldedLayers folded_;
  JudgedFeatures judged_;
  LayerPlaces places_;
  AffectedLayers affected_;
  MemoryBudget budget_;
  NameLocks names_;
};

}  // namespace stored_layers_detail

std::unique_ptr<Layers> make_layers(store::ServiceStore& store, Advisories& advisories, LayerSettings settings) {
  return std::make_unique<stored_layers_detail::StoredLayers>(store, advisories, std::move(settings));
}

}  // namespace eclair::service
