// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "service/images/read_for_server.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "extract/extractor.h"

namespace eclair::service {
namespace read_for_server_detail {

/// Answers for the server's layers with records that say nothing, so that they are not read.
class ServersLayers final : public store::LayerStore {
 public:
  ServersLayers(store::LayerStore* inner, const std::set<Digest>& server_has) : inner_(inner), server_has_(server_has) {}
  Result<std::optional<LayerRecord>> layer_record(const Digest& digest) override {
    if (server_has_.count(digest) > 0) {
      LayerRecord out;
      out.digest = digest;
      out.revisions = extract::current_revisions();
      return std::optional(std::move(out));
    }
    if (inner_ == nullptr) return std::nullopt;
    return inner_->layer_record(digest);
  }
  Result<> put_layer_record(const LayerRecord& record) override { return inner_ == nullptr ? Result<>{} : inner_->put_layer_record(record); }

 private:
  store::LayerStore* const inner_;
  const std::set<Digest>& server_has_;
};

}  // namespace read_for_server_detail

Result<SentImage> read_for_server(const image::Source& source, store::LayerStore* known, const std::set<Digest>& server_has, index::IndexOptions options,
                                  const Cancel& stop) {
  SentImage out;
  out.image = source.image();
  std::map<std::uint32_t, Digest> by_index;
  std::map<Digest, Digest> by_blob;  // of equal layers only one is told of
  std::set<Digest> sent;
  options.deltas = false;
  options.layer_ready = [&](const LayerInfo& layer, const LayerRecord& record) {
    by_index[layer.index] = record.digest;
    if (!layer.digest.empty()) by_blob[layer.digest] = record.digest;
    const bool is_stand_in = server_has.count(record.digest) > 0 && record.blob_bytes == 0;
    if (!is_stand_in && sent.insert(record.digest).second) out.records.push_back(record);
  };
  read_for_server_detail::ServersLayers layers(known, server_has);
  ECLAIR_TRY(const index::IndexedImage read, index::index_image(source, &layers, options, stop));
  for (const LayerInfo& layer : read.image.history) {
    if (layer.empty) continue;
    const auto at = by_index.find(layer.index);
    out.layers.push_back(at != by_index.end() ? at->second : by_blob[layer.digest]);
  }
  std::sort(out.records.begin(), out.records.end(), [](const LayerRecord& a, const LayerRecord& b) { return a.digest < b.digest; });
  return out;
}

}  // namespace eclair::service
