// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include <mutex>

#include "store/interface.h"
#include "store/service/roles.h"
#include "store/sql/connection.h"
#include "store/sql/layer_schema.h"

namespace eclair::store {
namespace layer_store_detail {

class SqlLayerStore final : public LayerStore {
 public:
  explicit SqlLayerStore(sql::Connection connection) : session_(std::move(connection)) {}

  Result<std::optional<LayerRecord>> layer_record(const Digest& digest) override {
    const std::lock_guard lock(mutex_);
    return service::layer_record(session_, digest);
  }

  Result<> put_layer_record(const LayerRecord& record) override {
    const std::lock_guard lock(mutex_);
    ECLAIR_TRY(auto transaction, sql::Transaction::begin(session_.connection(), sql::Writers::many));
    // With its package versions: keeping them once would cost a single scan more time than it saves room.
    ECLAIR_TRY([[maybe_unused]] const std::int64_t id, service::put_record(session_, {record, encode(record)}));
    return transaction.commit();
  }

  Result<std::vector<KnownImage>> known_images(const std::vector<Digest>& chains) override {
    const std::lock_guard lock(mutex_);
    return service::known_images(session_, chains);
  }

  Result<> learn_image(const KnownImage& image) override {
    const std::lock_guard lock(mutex_);
    ECLAIR_TRY(const bool news, service::is_news(session_, image));
    if (!news) return {};
    ECLAIR_TRY(auto transaction, sql::Transaction::begin(session_.connection(), sql::Writers::many));
    ECLAIR_CHECK_OK(service::learn_image(session_, image));
    return transaction.commit();
  }

 private:
  std::mutex mutex_;  // guards all below
  service::Session session_;
};

}  // namespace layer_store_detail

Result<std::unique_ptr<LayerStore>> open_layers(const std::string& url) {
  ECLAIR_TRY(auto connection, sql::open(url, sql::kLayers));
  return std::make_unique<layer_store_detail::SqlLayerStore>(std::move(connection));
}

}  // namespace eclair::store
