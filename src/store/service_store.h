// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/layer_record.h"
#include "model/os.h"
#include "model/package.h"
#include "store/interface.h"
#include "util/bytes.h"
#include "util/result.h"
#include "util/time.h"

/// What a service keeps beside layer records: named layers with their parents and differences, images, notifications, leases.
namespace eclair::store {

/// Whose names they are. stored: never renumber.
enum class Scope : std::uint8_t {
  v1 = 0,     ///< names that clients of the old APIs choose
  image = 1,  ///< chain ids
};

/// Packages of a layer that are judged alike.
struct PackageGroup {
  std::string name_space;                 ///< where the layer that introduced them has them ("debian:8"); "" = unknown
  Os os;                                  ///< of a root folder within the image; empty = the image's own
  std::vector<std::string> repositories;  ///< as Occurrence has them
  bool owned = false;                     ///< the evidence belongs to a distribution package
  std::vector<std::uint64_t> packages;    ///< numbers of package versions, sorted
  bool operator==(const PackageGroup&) const = default;
};

/// What a layer changes of its parent's packages. A package version whose group changes is removed and added.
struct Delta {
  std::vector<PackageGroup> added;
  std::vector<std::uint64_t> removed;     ///< sorted
  bool operator==(const Delta&) const = default;
};
/// Stored form: docs/design/encodings.md, "delta". decode(encode(d)) == d.
std::string encode(const Delta& delta);
Result<Delta> decode_delta(std::string_view stored);
/// As part of other stored forms: six texts.
void encode(const Os& os, Encoder& out);
Os decode_os(Decoder& in);

/// A layer with a name and a parent.
struct Node {
  std::int64_t id = 0;                    ///< counts up, never used twice
  Scope scope = Scope::v1;
  std::string name;
  std::int64_t parent = 0;                ///< 0 = none
  Digest record;                          ///< of the layer record; empty: a layer without bytes
  int api = 1;                            ///< generation that posted it
  Os os;                                  ///< as seen at this layer: its own, else its ancestors'
  std::string name_space;                 ///< that distribution's; "" = unknown
  std::uint32_t revision = 0;             ///< of all extractors together, when it was analysed; grows
  std::int64_t version = 0;               ///< changes whenever it or a layer below it is read anew
  UnixTime created = 0;
  Delta delta;
};

struct StoredImage {
  Digest digest;                          ///< of the manifest, or what stands for it
  std::string document;                   ///< what the service keeps of it, its own form
  std::vector<std::string> names;         ///< references, sorted
  std::vector<std::int64_t> nodes;        ///< base first
  UnixTime created = 0, seen = 0;
};

struct StoredNotification {
  std::int64_t id = 0;                    ///< counts up
  std::string name;                       ///< UUID
  UnixTime created = 0, notified = 0, read = 0;  ///< 0 = not yet
  std::string content;                    ///< the service's own form
};

/// threads: all functions may be called from several threads, and the store opened by several processes (SQLite) or nodes (PostgreSQL).
class ServiceStore {
 public:
  virtual ~ServiceStore() = default;

  // --- records and layers ------------------------------------------------------------------------------------------------------------
  virtual Result<std::optional<LayerRecord>> layer_record(const Digest& digest) = 0;
  /// The numbers of package versions, in the order given; those that are new are kept. Numbers are never used twice.
  virtual Result<std::vector<std::uint64_t>> intern(const std::vector<PackageVersion>& packages) = 0;
  /// In the order given. errors: not_found (a number that is not known).
  virtual Result<std::vector<PackageVersion>> packages(const std::vector<std::uint64_t>& numbers) = 0;
  /// Stores a layer and its record (null: it is known already) in one transaction; `id`, `version` and `created` of the argument are not looked at.
  /// A layer of that scope and name stays what it is. Then node(scope, name) gives it, also after a power cut.
  /// errors: not_found (the parent, or the record, went meanwhile), unavailable.
  virtual Result<std::int64_t> put_node(const Node& node, const LayerRecord* record) = 0;
  /// Replaces record, distribution, delta and revision of a layer that was analysed anew; it keeps its id and parent.
  virtual Result<> replace_node(std::int64_t id, const Node& node, const LayerRecord* record) = 0;
  virtual Result<std::optional<Node>> node(Scope scope, std::string_view name) = 0;
  virtual Result<std::optional<Node>> node(std::int64_t id) = 0;
  /// Id and version. Cheap: no delta is read.
  struct NodeMark {
    std::int64_t id = 0, version = 0;
    int api = 1;
    bool operator==(const NodeMark&) const = default;
  };
  virtual Result<std::optional<NodeMark>> mark(Scope scope, std::string_view name) = 0;
  /// With all descendants; records and images that nothing refers to any more go too. false: not known.
  virtual Result<bool> remove_node(std::int64_t id) = 0;

  // --- from packages to layers -------------------------------------------------------------------------------------------------------
  struct PackageNumber {
    std::uint64_t number = 0;
    PackageVersion package;
  };
  /// All package versions of that name, or built from a source of that name, sorted by number.
  virtual Result<std::vector<PackageNumber>> versions_of(std::string_view name) = 0;
  /// All package versions built from a source whose name, another than their own, begins like that.
  virtual Result<std::vector<PackageNumber>> versions_from(std::string_view source_prefix) = 0;
  struct NodeName {
    std::int64_t id = 0;
    Scope scope = Scope::v1;
    std::string name;
  };
  /// Layers that add one of these package versions in that namespace: by id, after `after`, at most limit. Reads in proportion to what it gives.
  virtual Result<std::vector<NodeName>> adding(std::string_view name_space, const std::vector<std::uint64_t>& packages, std::int64_t after,
                                               std::size_t limit) = 0;
  /// Namespaces that layers have, sorted.
  virtual Result<std::vector<std::string>> namespaces() = 0;

  // --- images ------------------------------------------------------------------------------------------------------------------------
  /// Adds the names to those it has; a name moves to the image that it was said of last. Then image(digest) gives it.
  virtual Result<> put_image(const StoredImage& image) = 0;
  virtual Result<std::optional<StoredImage>> image(std::string_view digest_or_name) = 0;
  /// By digest, after `after` ("" = from the first), at most limit. Without documents.
  virtual Result<std::vector<StoredImage>> images(std::string_view after, std::size_t limit) = 0;
  /// Images that have one of these layers: by digest, after `after` ("" = from the first), at most limit. Without documents.
  virtual Result<std::vector<StoredImage>> images_with(const std::vector<std::int64_t>& nodes, std::string_view after, std::size_t limit) = 0;
  /// With the layers of scope `image` that no other image has. false: not known.
  virtual Result<bool> remove_image(std::string_view digest_or_name) = 0;
  /// Images that were seen last before a time, with their layers; and layers without children that were made before it, of v1, or for an
  /// image that was never put. How many went.
  virtual Result<std::uint64_t> expire(UnixTime before) = 0;

  // --- notifications -----------------------------------------------------------------------------------------------------------------
  /// Keeps notifications and moves the cursor from `from` to `to` in one transaction. conflict: the cursor stands elsewhere (another node was first).
  virtual Result<> put_notifications(const std::vector<StoredNotification>& made, std::string_view from, std::string_view to) = 0;
  virtual Result<std::string> cursor() = 0;  ///< "" = never set
  virtual Result<std::optional<StoredNotification>> notification(std::string_view name) = 0;
  /// Not read, and never notified or before a time: by id, at most limit.
  virtual Result<std::vector<StoredNotification>> pending(UnixTime notified_before, std::size_t limit) = 0;
  /// All, by id, after `after`, at most limit.
  virtual Result<std::vector<StoredNotification>> notifications(std::int64_t after, std::size_t limit) = 0;
  virtual Result<std::int64_t> last_notification() = 0;  ///< the largest id that is there; 0 = none
  virtual Result<bool> mark_notified(std::string_view name, UnixTime at) = 0;  ///< false: not known
  virtual Result<bool> mark_read(std::string_view name, UnixTime at) = 0;
  /// Forgets those read before a time.
  virtual Result<std::uint64_t> drop_read(UnixTime before) = 0;

  // --- telling targets of notifications ------------------------------------------------------------------------------------------------
  struct Delivery {
    StoredNotification notification;
    std::uint32_t attempts = 0;           ///< that failed in a row
  };
  /// Takes notifications for a target: those not read that it was never offered, or that are due again. For so many seconds nobody else gets
  /// them for it. Due ones first, then by id; at most limit.
  virtual Result<std::vector<Delivery>> claim(std::string_view target, std::string_view owner, std::uint32_t seconds, std::size_t limit) = 0;
  struct Outcome {
    std::int64_t notification = 0;
    bool accepted = false;                ///< it was told now
    bool over = false;                    ///< the target is never told again
    std::uint32_t attempts = 0;
    std::uint64_t again_seconds = 0;      ///< until it is due again, unless it is over
  };
  /// What came of claims. One that ended meanwhile, and that another has, stays his. enough: a notification that is over for all these targets
  /// counts as read; may be empty.
  virtual Result<> settle(std::string_view target, std::string_view owner, const std::vector<Outcome>& outcomes, const std::vector<std::string>& enough) = 0;

  // --- among nodes -------------------------------------------------------------------------------------------------------------------
  /// Takes or renews a lease until now + seconds, by the store's own clock. false: somebody else has it.
  virtual Result<bool> lease(std::string_view name, std::string_view owner, std::uint32_t seconds) = 0;
  virtual Result<> release(std::string_view name, std::string_view owner) = 0;
  virtual Result<std::optional<std::string>> value(std::string_view key) = 0;
  virtual Result<> set_value(std::string_view key, std::string_view value) = 0;

  struct Counts {
    std::uint64_t layers = 0, images = 0, packages = 0, notifications_pending = 0, bytes = 0;
  };
  virtual Result<Counts> counts() = 0;
  /// Is the store there and does it answer?
  virtual Result<> ping() = 0;
};

/// Rows that all stores of this process read so far: what a question costs, whatever the machine.
std::uint64_t rows_read();

/// Where the stores are.
/// "postgres://…", "postgresql://…" or "host=… dbname=…": PostgreSQL. "memory:": gone with the process. Else a folder, or "sqlite:FOLDER".
Result<std::unique_ptr<ServiceStore>> open_service_store(const std::string& url);

}  // namespace eclair::store
