// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "store/service_store.h"

#include <utility>

#include "store/service/numbers.h"
#include "store/service/roles.h"
#include "store/sql/layer_schema.h"
#include "util/time.h"

namespace eclair::store {
namespace service_store_detail {

using service::Session;

constexpr std::size_t kReaders = 8;

class StoredService final : public ServiceStore {
 public:
  StoredService(service::Opener open, service::Opener open_for_writing) : readers_(std::move(open), kReaders), writer_(std::move(open_for_writing)) {}

  Result<std::optional<LayerRecord>> layer_record(const Digest& digest) override {
    return readers_.with([&](Session& s) { return service::layer_record(s, digest); });
  }
  Result<std::vector<std::uint64_t>> intern(const std::vector<PackageVersion>& packages) override {
    return numbers_.of(packages);
  }
  Result<std::vector<PackageVersion>> packages(const std::vector<std::uint64_t>& numbers) override {
    return readers_.with([&](Session& s) { return service::packages(s, numbers); });
  }
  Result<std::int64_t> put_node(const Node& node, const LayerRecord* record) override {
    ECLAIR_TRY(const auto encoded, encoded_record(record));
    return written<std::int64_t>([&](Session& s) { return service::put_node(s, node, encoded ? &*encoded : nullptr, now()); });
  }
  Result<> replace_node(std::int64_t id, const Node& node, const LayerRecord* record) override {
    ECLAIR_TRY(const auto encoded, encoded_record(record));
    return writer_.run([&](Session& s) { return service::replace_node(s, id, node, encoded ? &*encoded : nullptr); });
  }
  Result<std::optional<Node>> node(Scope scope, std::string_view name) override {
    return readers_.with([&](Session& s) { return service::node(s, scope, name); });
  }
  Result<std::optional<Node>> node(std::int64_t id) override {
    return readers_.with([&](Session& s) { return service::node(s, id); });
  }
  Result<std::optional<NodeMark>> mark(Scope scope, std::string_view name) override {
    return readers_.with([&](Session& s) { return service::mark(s, scope, name); });
  }
  Result<bool> remove_node(std::int64_t id) override {
    return written<bool>([&](Session& s) { return service::remove_node(s, id); });
  }

  Result<std::vector<PackageNumber>> versions_of(std::string_view name) override {
    return readers_.with([&](Session& s) { return service::versions_of(s, name); });
  }
  Result<std::vector<PackageNumber>> versions_from(std::string_view source_prefix) override {
    return readers_.with([&](Session& s) { return service::versions_from(s, source_prefix); });
  }
  Result<std::vector<NodeName>> adding(std::string_view name_space, const std::vector<std::uint64_t>& packages, std::int64_t after, std::size_t limit) override {
    return readers_.with([&](Session& s) { return service::adding(s, name_space, packages, after, limit); });
  }
  Result<std::vector<std::string>> namespaces() override {
    return readers_.with([&](Session& s) { return service::namespaces(s); });
  }

  Result<> put_image(const StoredImage& image) override {
    return writer_.run([&](Session& s) { return service::put_image(s, image); });
  }
  Result<std::optional<StoredImage>> image(std::string_view digest_or_name) override {
    return readers_.with([&](Session& s) { return service::image(s, digest_or_name); });
  }
  Result<std::vector<StoredImage>> images(std::string_view after, std::size_t limit) override {
    return readers_.with([&](Session& s) { return service::images(s, after, limit); });
  }
  Result<std::vector<StoredImage>> images_with(const std::vector<std::int64_t>& nodes, std::string_view after, std::size_t limit) override {
    return readers_.with([&](Session& s) { return service::images_with(s, nodes, after, limit); });
  }
  Result<bool> remove_image(std::string_view digest_or_name) override {
    return written<bool>([&](Session& s) { return service::remove_image(s, digest_or_name); });
  }
  Result<std::uint64_t> expire(UnixTime before) override {
    // A few at a time, so that others write between.
    std::uint64_t gone = 0;
    while (true) {
      ECLAIR_TRY(const std::uint64_t some, written<std::uint64_t>([&](Session& s) { return service::expire(s, before); }));
      if (some == 0) return gone;
      gone += some;
    }
  }

  Result<> put_notifications(const std::vector<StoredNotification>& made, std::string_view from, std::string_view to) override {
    return writer_.run([&](Session& s) { return service::put_notifications(s, made, from, to); });
  }
  Result<std::string> cursor() override {
    ECLAIR_TRY(const auto found, value(service::kCursorKey));
    return found.value_or("");
  }
  Result<std::optional<StoredNotification>> notification(std::string_view name) override {
    return readers_.with([&](Session& s) { return service::notification(s, name); });
  }
  Result<std::vector<StoredNotification>> pending(UnixTime notified_before, std::size_t limit) override {
    return readers_.with([&](Session& s) { return service::pending(s, notified_before, limit); });
  }
  Result<std::vector<StoredNotification>> notifications(std::int64_t after, std::size_t limit) override {
    return readers_.with([&](Session& s) { return service::notifications(s, after, limit); });
  }
  Result<std::int64_t> last_notification() override {
    return readers_.with([&](Session& s) { return service::last_notification(s); });
  }
  Result<bool> mark_notified(std::string_view name, UnixTime at) override {
    return written<bool>([&](Session& s) { return service::mark_notified(s, name, at); });
  }
  Result<bool> mark_read(std::string_view name, UnixTime at) override {
    return written<bool>([&](Session& s) { return service::mark_read(s, name, at); });
  }
  Result<std::uint64_t> drop_read(UnixTime before) override {
    return written<std::uint64_t>([&](Session& s) { return service::drop_read(s, before); });
  }

  Result<std::vector<Delivery>> claim(std::string_view target, std::string_view owner, std::uint32_t seconds, std::size_t limit) override {
    return written<std::vector<Delivery>>([&](Session& s) { return service::claim(s, target, owner, seconds, limit); });
  }
  Result<> settle(std::string_view target, std::string_view owner, const std::vector<Outcome>& outcomes, const std::vector<std::string>& enough) override {
    return writer_.run([&](Session& s) { return service::settle(s, target, owner, outcomes, enough); });
  }

  Result<bool> lease(std::string_view name, std::string_view owner, std::uint32_t seconds) override {
    return written<bool>([&](Session& s) { return service::lease(s, name, owner, seconds); });
  }
  Result<> release(std::string_view name, std::string_view owner) override {
    return writer_.run([&](Session& s) { return service::release(s, name, owner); });
  }
  Result<std::optional<std::string>> value(std::string_view key) override {
    return readers_.with([&](Session& s) { return service::value(s, key); });
  }
  Result<> set_value(std::string_view key, std::string_view value) override {
    return writer_.run([&](Session& s) { return service::set_value(s, key, value); });
  }
  Result<Counts> counts() override {
    return readers_.with([&](Session& s) { return service::counts(s); });
  }
  Result<> ping() override {
    return readers_.with([&](Session& s) -> Result<> {
      ECLAIR_TRY(auto* const get, s.statement("SELECT 1 FROM keyvalue LIMIT 1"));
      ECLAIR_TRY([[maybe_unused]] const bool there, get->step());
      get->reset();
      return {};
    });
  }

 private:
  template <class T, class Work>
  Result<T> written(Work&& work) {
    T out{};
    ECLAIR_CHECK_OK(writer_.run([&](Session& s) -> Result<> {
      ECLAIR_TRY(out, work(s));
      return {};
    }));
    return out;
  }

  /// Worked out before the writer's transaction, which others wait for.
  Result<std::optional<service::EncodedRecord>> encoded_record(const LayerRecord* record) {
    if (record == nullptr) return std::nullopt;
    ECLAIR_TRY(const auto numbers, numbers_.of(record->packages));
    return std::optional(service::EncodedRecord{*record, encode(*record, numbers)});
  }

  service::Readers readers_;
  service::Writer writer_;
  service::PackageNumbers numbers_{readers_, writer_};
};

}  // namespace service_store_detail

std::uint64_t rows_read() { return sql::rows_read(); }

Result<std::unique_ptr<ServiceStore>> open_service_store(const std::string& url) {
  const auto open = [url] { return sql::open(url, sql::kLayers); };
  const auto open_for_writing = [url] {
    // What was acknowledged is there after a power cut, too.
    sql::Schema durable = sql::kLayers;
    durable.durable = true;
    return sql::open(url, durable);
  };
  auto out = std::make_unique<service_store_detail::StoredService>(open, open_for_writing);
  ECLAIR_CHECK_OK(out->ping());
  return out;
}

}  // namespace eclair::store
