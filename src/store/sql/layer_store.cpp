// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include <mutex>

#include "store/interface.h"
#include "store/service/roles.h"
#include "store/sql/connection.h"
#include "store/sql/layer_schema.h"

namespace eclair::store {
namespace layer_store_detail {

using sql::Connection;
using sql::Statement;
using service::key_of;

class SqlLayerStore final : public LayerStore {
 public:
  explicit SqlLayerStore(Connection connection) : db_(std::move(connection)) {}

  Result<> prepare() {
    ECLAIR_TRY(get_, db_.prepare("SELECT l.record, p.paths FROM layer l LEFT JOIN layer_paths p ON p.layer=l.id WHERE l.digest=?1"));
    ECLAIR_TRY(put_, db_.prepare("INSERT INTO layer(digest, record) VALUES(?1, ?2) ON CONFLICT (digest) DO UPDATE SET record=excluded.record RETURNING id"));
    ECLAIR_TRY(put_paths_, db_.prepare("INSERT INTO layer_paths(layer, paths) VALUES(?1, ?2) ON CONFLICT (layer) DO UPDATE SET paths=excluded.paths"));
    return {};
  }

  Result<std::optional<LayerRecord>> layer_record(const Digest& digest) override {
    const std::lock_guard lock(mutex_);
    const std::string key = key_of(digest);
    ECLAIR_TRY(const bool there, get_.blob(1, key).step());
    if (!there) return std::nullopt;
    std::string record(get_.text_at(0)), paths(get_.text_at(1));
    const bool whole = !get_.null_at(1);
    get_.reset();
    auto decoded = decode_layer_record(record);
    // A row that does not read back is as good as none: the layer's bytes are still there to be read again.
    if (!decoded || !whole || decoded->digest != digest) return std::nullopt;
    decoded->paths = PathList(std::move(paths));
    if (!decoded->paths.each([](PathKind, std::string_view, std::string_view) {})) return std::nullopt;
    return std::optional<LayerRecord>(std::move(*decoded));
  }

  Result<> put_layer_record(const LayerRecord& record) override {
    if (record.digest.empty()) return fail(Errc::internal, "a layer record without a digest");
    const std::lock_guard lock(mutex_);
    const std::string key = key_of(record.digest), bytes = encode(record);
    ECLAIR_TRY(auto transaction, sql::Transaction::begin(db_, sql::Writers::many));
    ECLAIR_TRY(const bool there, put_.blob(1, key).blob(2, bytes).step());
    const std::int64_t id = there ? put_.number_at(0) : 0;
    put_.reset();
    ECLAIR_CHECK_OK(put_paths_.number(1, id).blob(2, record.paths.stored()).run());
    return transaction.commit();
  }

 private:
  std::mutex mutex_;  // guards all below
  Connection db_;
  Statement get_, put_, put_paths_;
};

}  // namespace layer_store_detail

Result<std::unique_ptr<LayerStore>> open_layers(const std::string& url) {
  ECLAIR_TRY(auto connection, sql::open(url, sql::kLayers));
  auto out = std::make_unique<layer_store_detail::SqlLayerStore>(std::move(connection));
  ECLAIR_CHECK_OK(out->prepare());
  return out;
}

}  // namespace eclair::store
