// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/image.h"
#include "model/os.h"
#include "model/package.h"
#include "report/report.h"
#include "service/layers/advisories.h"
#include "service/http/http.h"
#include "service/layers/layer_fetch.h"
#include "service/images/sent_image.h"
#include "store/service_store.h"
#include "util/cancel.h"
#include "util/digest.h"
#include "util/limits.h"
#include "util/result.h"
#include "util/time.h"

/// Whole images: posted once, by a client that analysed them or by name; reported for ever, by what is known when somebody asks.
///
/// What a client says of a layer is that client's word alone. Only an admin's records, and what the server read itself, are kept under the
/// layers' own digests; those of another key are kept under digests made of its name and the layers', so that they answer for no other
/// key's layers, images or posts (docs/decisions/0015).
namespace eclair::service {

struct ImageSettings {
  FetchSettings fetch;                      ///< policies, time limits; local_files is not looked at: targets are always registries
  bool own_credentials = false;             ///< registries may be shown the credentials that the server's user has in files and environment
  Limits limits;
  unsigned parallel = 2;                    ///< layers of one image that are read at once
  unsigned at_once = 4;                     ///< images that the server reads at once; each may take Limits::memory_bytes
  std::uint64_t cache_bytes = 24u << 20;
  std::string version;                      ///< of the program, for reports
  std::function<UnixTime()> clock;          ///< empty: the time of day
  /// Told of each image that the server read. May be empty; from several threads.
  std::function<void(double seconds, std::uint64_t bytes)> read{};
};

/// An image that the server is to fetch from its registry.
struct ImageTarget {
  std::string reference;  ///< "registry.example.com/team/app:1"; also with "registry:" or "docker://" before it
  std::string platform;   ///< "" = linux, this machine's architecture
  std::string username, password, registry_token;
  bool insecure = false;  ///< taken only where FetchSettings::insecure is set
};

/// What is known of an image without looking at its packages.
struct ImageView {
  std::string id;                    ///< the digest that it is kept under: the manifest's, or what stands for it
  Image image;
  std::vector<std::string> names;    ///< those that the asker may see
  std::string sender;                ///< whose word it is; "" = the server's own, or an admin's
  std::uint32_t layers = 0;          ///< that have a blob
  Os os;
  UnixTime created = 0, seen = 0;
};

/// A page of something. next: to ask for what follows; "" = that was all.
template <class T>
struct Page {
  std::vector<T> items;
  std::string next;
};

/// Where a vulnerability is: in a layer, as that layer brings it in.
struct LayerHit {
  std::string name_space;                ///< where the advisory was found
  store::Scope scope = store::Scope::v1;
  std::string layer;                     ///< its name: a client's own, or a chain id
  std::vector<PackageVersion> packages;  ///< of those that it adds, which are affected
};
struct ImageHit {
  std::string name_space;
  std::string id;
  Digest digest;                         ///< of the manifest; may be empty
  std::vector<std::string> names;
  LayerInfo layer;                       ///< that introduced the packages
  std::vector<PackageVersion> packages;  ///< that are affected, and still there in the uppermost layer
};

/// How the text of an error begins that says that a key may not do something.
inline constexpr std::string_view kMayNotUse = "this key may not be used for ";

/// threads: all functions may be called from several threads at once.
/// who: what it may not see is not found; what it may not do is Errc::unsupported with a text that begins with kMayNotUse.
class Images {
 public:
  virtual ~Images() = default;

  /// Which layers need not be sent by this client: a record of theirs is here, made by today's extractors.
  virtual Result<std::vector<Digest>> known(const std::vector<Digest>& layers, const Identity& who) = 0;
  struct Kept {
    std::string id;                ///< "" where something is missing
    std::vector<Digest> missing;   ///< layers whose records must be sent, too; nothing was stored then
  };
  /// Stores an image; returns when it is durable. Its names are added to those that it has.
  /// errors: unsupported (a name that this key may not use), limit, unavailable, conflict (something was being removed meanwhile: again).
  virtual Result<Kept> put(SentImage sent, const Identity& who) = 0;
  /// Fetches an image, reads those of its layers that are not known, and stores it. Layers that are known are looked for in the registry all
  /// the same, unless `who` is an admin.
  /// errors: those of image::open and index::index_image; unsupported (a repository that is not analysed, a host that is not fetched from).
  virtual Result<std::string> fetch(const ImageTarget& target, const Identity& who, const Cancel& stop) = 0;

  /// image: a name, a digest of a manifest, or an id. A name that is a reference is found however it is written ("alpine" is
  /// "docker.io/library/alpine:latest").
  virtual Result<std::optional<ImageView>> find(std::string_view image, const Identity& who) = 0;
  virtual Result<Page<ImageView>> list(std::string_view after, std::size_t limit, const Identity& who) = 0;
  /// As a scan would tell it now: the same records, merged and judged the same way. Without a policy. Who asks counts as having seen it.
  virtual Result<std::optional<report::Report>> report(std::string_view image, UnixTime max_age_seconds, const Identity& who, const Cancel& stop) = 0;
  /// With the layers that no other image has. false: not known.  errors: unsupported (it has names that this key may not use).
  virtual Result<bool> remove(std::string_view image, const Identity& who) = 0;

  /// Every layer, and every image, that a vulnerability is in. name_space: "" = all. after: Page::next of the page before.
  /// errors: also invalid_input (a page that is none).
  virtual Result<Page<LayerHit>> layers_with(std::string_view vulnerability, std::string_view name_space, std::string_view after, std::size_t limit,
                                             const Identity& who) = 0;
  virtual Result<Page<ImageHit>> images_with(std::string_view vulnerability, std::string_view name_space, std::string_view after, std::size_t limit,
                                             const Identity& who) = 0;
};

/// Images over the stores, which must outlive it.
std::unique_ptr<Images> make_images(store::ServiceStore& store, Advisories& advisories, ImageSettings settings);

}  // namespace eclair::service
