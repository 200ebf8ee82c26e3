// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <atomic>
#include <exception>
#include <map>
#include <mutex>
#include <optional>
#include <thread>

#include "extract/extractor.h"
#include "index/index.h"
#include "index/layer_pass.h"
#include "util/memory_budget.h"

namespace eclair::index {
namespace index_image_detail {

/// Whether a stored record says all that this program would find now.
bool is_current(const LayerRecord& record, const IndexOptions& options, const std::string& facts) {
  return record.revisions == extract::current_revisions() && record.facts_digest == facts && (!options.verify_diff_ids || !record.diff_id.empty());
}

class Indexer {
 public:
  Indexer(const image::Source& source, store::LayerStore* known, const IndexOptions& options, const Cancel& stop)
      : source_(source), known_(known), options_(options), stop_(stop), budget_(options.limits.memory_bytes) {
    pass_.limits = options.limits;
    pass_.fact_patterns = options.fact_patterns;
    std::sort(pass_.fact_patterns.begin(), pass_.fact_patterns.end());
    pass_.fact_patterns.erase(std::unique(pass_.fact_patterns.begin(), pass_.fact_patterns.end()), pass_.fact_patterns.end());
    pass_.compute_diff_id = options.verify_diff_ids;
    pass_.path_prefix = source.path_prefix();
    facts_ = facts_digest(pass_.fact_patterns);
    for (const LayerInfo& info : source.image().history) {
      if (!info.empty) layers_.push_back(&info);
    }
    records_.resize(layers_.size());
    errors_.resize(layers_.size());
    for (std::size_t i = 0; i < layers_.size(); ++i) {
      const auto [first, fresh] = first_of_.emplace(layers_[i]->digest.empty() ? std::to_string(i) : layers_[i]->digest.text, i);
      if (fresh) todo_.push_back(i);
      progress_.bytes_total += fresh ? layers_[i]->size : 0;
    }
    progress_.layers = static_cast<std::uint32_t>(layers_.size());
    counters_.changed = [this] { tell(0); };
  }

  Result<IndexedImage> run() {
    if (layers_.size() > options_.limits.layers) {
      return fail(Errc::limit, std::to_string(layers_.size()) + " layers, more than the limit layers of " + std::to_string(options_.limits.layers));
    }
    read_all();
    for (std::size_t i = 0; i < layers_.size(); ++i) {
      const auto& error = errors_[i];
      // What was merely interrupted because another layer failed is not the reason.
      if (error && (error->code != Errc::cancelled || stop_.requested())) return fail(*error);
    }
    for (const auto& error : errors_) {
      if (error) return fail(*error);
    }
    std::vector<const LayerRecord*> stack;
    for (std::size_t i = 0; i < layers_.size(); ++i) {
      const LayerInfo& info = *layers_[i];
      const auto first = first_of_.find(info.digest.empty() ? std::to_string(i) : info.digest.text);
      const LayerRecord& record = records_[first->second];
      if (options_.verify_diff_ids && !info.diff_id.empty() && !record.diff_id.empty() && info.diff_id != record.diff_id) {
        return fail(Errc::invalid_input, "layer " + std::to_string(i + 1) + " (" + std::string(record.digest.brief()) + ") has diff id " +
                                             record.diff_id.text + ", the image's config says " + info.diff_id.text);
      }
      stack.push_back(&record);
    }
    return assemble(source_.image(), stack, options_.limits, pass_.fact_patterns, options_.deltas, options_.all_layers);
  }

 private:
  void read_all() {
    const unsigned most = options_.parallel > 0 ? options_.parallel : std::max(1u, std::thread::hardware_concurrency());
    const auto work = [this] {
      for (std::size_t next = next_++; next < todo_.size() && !failed_.requested(); next = next_++) read_one(todo_[next]);
    };
    std::vector<std::jthread> threads;
    for (unsigned i = 1; i < std::min<std::size_t>(most, todo_.size()); ++i) threads.emplace_back(work);
    work();
  }

  /// A pool task: the one place of the index where exceptions end.
  void read_one(std::size_t i) {
    const LayerInfo& info = *layers_[i];
    auto record = [&]() -> Result<LayerRecord> {
      try {
        auto made = read(info);
        if (made && options_.layer_ready && info.not_analysed.empty()) {
          const std::scoped_lock lock(telling_);
          options_.layer_ready(info, *made);
        }
        return made;
      } catch (const std::bad_alloc&) {
        return fail(Errc::limit, "out of memory");
      } catch (const std::exception& e) {
        return fail(Errc::internal, std::string("internal error: ") + e.what());
      }
    }();
    if (record) {
      records_[i] = std::move(*record);
    } else {
      std::string name = "layer " + std::to_string(info.index);
      if (!info.digest.empty()) name += " (" + std::string(info.digest.brief()) + ")";
      errors_[i] = std::move(record).error().within(name);
      failed_.request();
    }
    tell(1);
  }

  Result<LayerRecord> read(const LayerInfo& info) {
    if (!info.not_analysed.empty()) {
      LayerRecord nothing;
      nothing.digest = info.digest;
      return nothing;
    }
    if (known_ != nullptr && !info.digest.empty()) {
      // A store that cannot answer is no reason not to scan.
      const std::scoped_lock lock(storing_);
      if (auto stored = known_->layer_record(info.digest); stored && *stored && is_current(**stored, options_, facts_)) return std::move(**stored);
    }
    const WalkOpener walk = [&] { return source_.walk_layer(info.index); };
    ECLAIR_TRY(const auto direct, walk());
    if (direct) return read_entries(walk, pass_, budget_, counters_, either_);
    ECLAIR_TRY(LayerRecord record,
               read_layer([&] { return source_.open_layer(info.index); }, info.digest, info.digest.empty() ? 0 : info.size, pass_, budget_, counters_, either_));
    if (known_ != nullptr) {
      const std::scoped_lock lock(storing_);
      (void)known_->put_layer_record(record);
    }
    return record;
  }

  void tell(std::uint32_t layers) {
    if (stop_.requested()) either_.request();
    if (failed_.requested()) either_.request();
    if (layers == 0 && !options_.progress) return;
    const std::scoped_lock lock(telling_);
    progress_.layers_done += layers;
    progress_.bytes = counters_.bytes;
    progress_.packages = counters_.packages;
    if (options_.progress) options_.progress(progress_);
  }

  const image::Source& source_;
  store::LayerStore* known_;
  const IndexOptions& options_;
  const Cancel& stop_;
  MemoryBudget budget_;
  PassOptions pass_;
  PassCounters counters_;
  std::string facts_;
  std::vector<const LayerInfo*> layers_;
  std::vector<std::size_t> todo_;                // the first of each digest
  std::map<std::string, std::size_t> first_of_;  // digest (or number, where there is none) -> layer
  std::atomic<std::size_t> next_{0};
  Cancel failed_, either_;
  std::vector<LayerRecord> records_;             // each written by one thread
  std::vector<std::optional<Error>> errors_;     // the same
  std::mutex storing_, telling_;
  IndexOptions::Progress progress_;              // guarded by telling_
};

}  // namespace index_image_detail

Result<IndexedImage> assemble(Image image, const std::vector<const LayerRecord*>& records, const Limits& limits,
                              const std::vector<std::string>& patterns, bool deltas, bool all_layers) {
  IndexedImage out;
  out.image = std::move(image);
  std::uint64_t bytes = 0;
  std::size_t next = 0;
  for (LayerInfo& info : out.image.history) {
    if (info.empty) continue;
    if (next == records.size()) return fail(Errc::invalid_input, "more layers than records of layers");
    const LayerRecord& record = *records[next++];
    if (info.size == 0) info.size = record.blob_bytes;
    if (info.diff_id.empty()) info.diff_id = record.diff_id;
    bytes += record.uncompressed_bytes;
  }
  if (next != records.size()) return fail(Errc::invalid_input, "more records of layers than layers");
  if (bytes > limits.image_bytes) {
    return fail(Errc::limit, std::to_string(bytes) + " bytes unpacked, more than the limit image_bytes of " + std::to_string(limits.image_bytes));
  }
  // Beyond this point the records are immutable.
  out.inventory = merge(records, limits, patterns, deltas, all_layers);
  for (const LayerInfo& info : out.image.history) {
    if (!info.empty && !info.not_analysed.empty()) out.inventory.notes.push_back({"not_analysed", {}, "layer " + std::to_string(info.index) + ": " + info.not_analysed});
  }
  return out;
}

Result<IndexedImage> index_image(const image::Source& source, store::LayerStore* known, const IndexOptions& options, const Cancel& stop) {
  return index_image_detail::Indexer(source, known, options, stop).run();
}

}  // namespace eclair::index
