// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "store/service/session.h"
#include "store/service_store.h"

/// The parts of the service store, each a file: what they say to a database. Contracts: service_store.h.
/// Functions that change something run within the writer's transaction.
namespace eclair::store::service {

// --- records.cpp: rows of layer and layer_paths
std::string key_of(const Digest& digest);  ///< as the column `digest` has it
Digest digest_of(std::string_view key);    ///< empty for a damaged one
Result<std::optional<LayerRecord>> layer_record(Session& session, const Digest& digest);
/// A record in its stored form.
struct EncodedRecord {
  const LayerRecord& record;
  std::string bytes;
};
/// Keeps it where it is not known, replaces it else. Gives the row's id.
Result<std::int64_t> put_record(Session& session, const EncodedRecord& record);
/// Removes those of the rows that no node refers to.
Result<> drop_unused_records(Session& session, const std::vector<std::int64_t>& layers);

// --- known_images.cpp: rows of known_image
Result<std::vector<KnownImage>> known_images(Session& session, const std::vector<Digest>& chains);
/// Whether it would say something new.
Result<bool> is_news(Session& session, const KnownImage& image);
Result<> learn_image(Session& session, const KnownImage& image);

// --- packages.cpp: rows of package and node_package
/// keys: versions, encoded, sorted. 0: it is not there.
Result<std::vector<std::uint64_t>> numbers_of(Session& session, const std::vector<std::string_view>& keys);
/// Keeps those that are new. keys: of the packages, encoded, sorted.
Result<std::vector<std::uint64_t>> intern(Session& session, const std::vector<const PackageVersion*>& packages, const std::vector<std::string_view>& keys);
/// In the order given. errors: not_found.
Result<std::vector<PackageVersion>> packages(Session& session, const std::vector<std::uint64_t>& numbers);
Result<std::vector<ServiceStore::PackageNumber>> versions_of(Session& session, std::string_view name);
Result<std::vector<ServiceStore::PackageNumber>> versions_from(Session& session, std::string_view source_prefix);
Result<std::vector<ServiceStore::NodeName>> adding(Session& session, std::string_view name_space, const std::vector<std::uint64_t>& packages,
                                                   std::int64_t after, std::size_t limit);
Result<std::vector<std::string>> namespaces(Session& session);
Result<> index_delta(Session& session, std::int64_t node, const Delta& delta);
Result<> unindex_delta(Session& session, std::int64_t node, const Delta& delta);
Result<std::int64_t> namespace_number(Session& session, std::string_view name);  ///< made where it is new; 0 for ""

// --- nodes.cpp: rows of node
Result<std::int64_t> put_node(Session& session, const Node& node, const EncodedRecord* record, UnixTime now);
Result<> replace_node(Session& session, std::int64_t id, const Node& node, const EncodedRecord* record);
Result<std::optional<Node>> node(Session& session, Scope scope, std::string_view name);
Result<std::optional<Node>> node(Session& session, std::int64_t id);
Result<std::optional<ServiceStore::NodeMark>> mark(Session& session, Scope scope, std::string_view name);
Result<bool> remove_node(Session& session, std::int64_t id);

// --- images.cpp: rows of image, image_name, image_node
Result<> put_image(Session& session, const StoredImage& image);
Result<std::optional<StoredImage>> image(Session& session, std::string_view digest_or_name);
Result<std::vector<StoredImage>> images(Session& session, std::string_view after, std::size_t limit);
Result<std::vector<StoredImage>> images_with(Session& session, const std::vector<std::int64_t>& nodes, std::string_view after, std::size_t limit);
Result<bool> remove_image(Session& session, std::string_view digest_or_name);
Result<std::uint64_t> expire(Session& session, UnixTime before);
/// Images that have one of these nodes go, before the nodes do.
Result<> drop_images_with(Session& session, const std::vector<std::int64_t>& nodes);

// --- notifications.cpp: rows of notification
Result<> put_notifications(Session& session, const std::vector<StoredNotification>& made, std::string_view from, std::string_view to);
Result<std::optional<StoredNotification>> notification(Session& session, std::string_view name);
Result<std::vector<StoredNotification>> pending(Session& session, UnixTime notified_before, std::size_t limit);
Result<std::vector<StoredNotification>> notifications(Session& session, std::int64_t after, std::size_t limit);
Result<std::int64_t> last_notification(Session& session);
Result<bool> mark_notified(Session& session, std::string_view name, UnixTime at);
Result<bool> mark_read(Session& session, std::string_view name, UnixTime at);
Result<std::uint64_t> drop_read(Session& session, UnixTime before);

// --- deliveries.cpp: rows of delivery
Result<std::vector<ServiceStore::Delivery>> claim(Session& session, std::string_view target, std::string_view owner, std::uint32_t seconds, std::size_t limit);
Result<> settle(Session& session, std::string_view target, std::string_view owner, const std::vector<ServiceStore::Outcome>& outcomes,
                const std::vector<std::string>& enough);

// --- coordination.cpp: rows of lease and value
inline constexpr std::string_view kCursorKey = "notifier/cursor";
Result<bool> lease(Session& session, std::string_view name, std::string_view owner, std::uint32_t seconds);
Result<> release(Session& session, std::string_view name, std::string_view owner);
Result<std::optional<std::string>> value(Session& session, std::string_view key);
Result<> set_value(Session& session, std::string_view key, std::string_view value);
/// The same, if it stands at `from` ("" = nowhere yet); false: it does not. Of several nodes at once one is told true.
Result<bool> move_value(Session& session, std::string_view key, std::string_view from, std::string_view to);
Result<ServiceStore::Counts> counts(Session& session);

}  // namespace eclair::store::service
