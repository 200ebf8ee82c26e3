// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <set>
#include <utility>

#include "extract/extractor.h"
#include "image/reference.h"
#include "image/registry.h"
#include "index/index.h"
#include "report/judged.h"
#include "service/layers/folded_layer.h"
#include "service/images/image_document.h"
#include "service/images/image_search.h"
#include "service/images/images.h"
#include "service/layers/layer_place.h"
#include "util/text.h"

namespace eclair::service {
namespace stored_images_detail {

constexpr UnixTime kSeenSeconds = 6 * 3600;  // an image that is asked for is noted as seen so often
constexpr int kTries = 3;  // of a change that met another node's

bool is_current(const LayerRecord& record) { return record.revisions == extract::current_revisions() && record.facts_digest.empty(); }

using Records = std::map<std::string, LayerRecord>;  // by the key that they are kept under

/// The layers that the store has, for an image that is being fetched; what is read goes to `fresh`.
class KnownLayers final : public store::LayerStore {
 public:
  /// may_have: whether its registry gives the layer to who asks.
  KnownLayers(store::ServiceStore& store, std::function<bool(const Digest&)> may_have) : store_(store), may_have_(std::move(may_have)) {}
  Result<std::optional<LayerRecord>> layer_record(const Digest& digest) override {
    ECLAIR_TRY(auto known, store_.layer_record(digest));
    if (!known || !is_current(*known) || !may_have_(digest)) return std::nullopt;
    return known;
  }
  Result<> put_layer_record(const LayerRecord& record) override {
    const std::lock_guard lock(mutex_);
    fresh_.insert_or_assign(record.digest.text, record);
    return {};
  }
  Records take() { return std::move(fresh_); }

 private:
  store::ServiceStore& store_;
  const std::function<bool(const Digest&)> may_have_;
  std::mutex mutex_;
  Records fresh_;  // guarded by mutex_
};

/// So many at a time; others wait for their turn.
class Turns {
 public:
  explicit Turns(unsigned most) : free_(most) {}
  /// errors: cancelled.
  Result<> take(const Cancel& stop) {
    std::unique_lock lock(mutex_);
    while (free_ == 0) {
      freed_.wait_for(lock, std::chrono::milliseconds(200));
      if (stop.requested()) return fail(Errc::cancelled, "cancelled");
    }
    --free_;
    return {};
  }
  void give() {
    {
      const std::lock_guard lock(mutex_);
      ++free_;
    }
    freed_.notify_one();
  }

 private:
  std::mutex mutex_;
  std::condition_variable freed_;
  unsigned free_;  // guarded by mutex_
};

std::string_view without_scheme(std::string_view reference) {
  for (const std::string_view scheme : {"registry:", "docker://"}) {
    if (reference.starts_with(scheme)) return reference.substr(scheme.size());
  }
  return reference;
}

/// A reference in full; anything else as it is.
std::string full_name(const std::string& name) {
  const auto reference = image::parse_reference(name);
  return reference ? reference->text() : name;
}

class StoredImages final : public Images {
 public:
  StoredImages(store::ServiceStore& store, Advisories& advisories, ImageSettings settings)
      : store_(store),
        advisories_(advisories),
        settings_(std::move(settings)),
        folded_(store, settings_.cache_bytes / 3),
        places_(store, settings_.limits, settings_.cache_bytes / 3),
        search_(store, advisories, folded_),
        turns_(std::max(1u, settings_.at_once)) {}

  Result<std::vector<Digest>> known(const std::vector<Digest>& layers, const Identity& who) override {
    const SenderKeys keys(who);
    std::vector<Digest> out;
    for (const Digest& layer : layers) {
      ECLAIR_TRY(const auto record, store_.layer_record(keys.record(layer)));
      if (record && is_current(*record)) out.push_back(layer);
    }
    return out;
  }

  Result<Kept> put(SentImage sent, const Identity& who) override {
    const SenderKeys keys(who);
    if (sent.names.empty()) sent.names.push_back(sent.image.source == "registry" ? full_name(sent.image.name) : sent.image.name);
    ECLAIR_CHECK_OK(check_names(sent.names, who));
    Records records;
    for (LayerRecord& record : sent.records) {
      record.digest = keys.record(record.digest);
      std::string key = record.digest.text;
      records.insert_or_assign(std::move(key), std::move(record));
    }
    std::vector<Digest> stack;
    for (const Digest& layer : sent.layers) stack.push_back(keys.record(layer));
    Kept out;
    ECLAIR_TRY(const auto absent, missing(stack, records));
    for (std::size_t i = 0; i < stack.size(); ++i) {
      if (absent.count(stack[i].text) > 0) out.missing.push_back(sent.layers[i]);
    }
    std::sort(out.missing.begin(), out.missing.end());
    out.missing.erase(std::unique(out.missing.begin(), out.missing.end()), out.missing.end());
    if (!out.missing.empty()) return out;
    ECLAIR_TRY(out.id, store(keys, std::move(sent.image), std::move(sent.names), stack, records));
    return out;
  }

  Result<std::string> fetch(const ImageTarget& target, const Identity& who, const Cancel& stop) override {
    ECLAIR_TRY(const image::Reference reference, image::parse_reference(without_scheme(target.reference)));
    const std::string name = reference.text();
    ECLAIR_CHECK_OK(check_names({name}, who));
    const std::string repository = reference.domain + "/" + reference.path;
    if (!settings_.fetch.repositories.accepts(repository)) {
      return fail(Errc::unsupported, "repository " + text::quoted(repository) + " is not analysed here, by this server's configuration");
    }
    image::OpenOptions options;
    options.platform = target.platform;
    options.insecure = settings_.fetch.insecure && target.insecure;
    options.username = target.username;
    options.password = target.password;
    options.registry_token = target.registry_token;
    options.look_for_credentials = settings_.own_credentials;
    options.stall_seconds = settings_.fetch.stall_seconds;
    options.limits = settings_.limits;
    options.stop = &stop;
    options.may_connect = [this](const std::string& host, const std::string& address) { return settings_.fetch.policy.may_connect(host, address); };
    ECLAIR_CHECK_OK(turns_.take(stop));
    const std::unique_ptr<Turns, void (*)(Turns*)> turn(&turns_, [](Turns* turns) { turns->give(); });
    const auto began = std::chrono::steady_clock::now();
    ECLAIR_TRY(const auto source, image::open_registry(reference, options));
    const Image& found = source->image();
    const bool trusted = SenderKeys(who).trusted();
    // A manifest may name any layer: whoever wrote it need not have it. Only the registry can say that they do.
    KnownLayers known(store_, [&](const Digest& digest) {
      if (trusted) return true;
      const auto at = std::find_if(found.history.begin(), found.history.end(), [&](const LayerInfo& layer) { return layer.digest == digest; });
      return at != found.history.end() && source->open_layer(at->index).has_value();
    });
    index::IndexOptions how;
    how.limits = settings_.limits;
    how.parallel = settings_.parallel;
    std::uint64_t bytes = 0;
    how.progress = [&](const index::IndexOptions::Progress& at) { bytes = at.bytes; };
    ECLAIR_TRY([[maybe_unused]] const auto read, index::index_image(*source, &known, how, stop));
    const Records fresh = known.take();
    std::vector<Digest> stack;
    for (const LayerInfo& layer : found.history) {
      if (!layer.empty) stack.push_back(layer.not_analysed.empty() ? layer.digest : Digest{});
    }
    Identity server;
    server.role = Role::admin;  // what the server read itself is true
    ECLAIR_TRY(std::string id, store(SenderKeys(server), found, {name}, stack, fresh));
    if (settings_.read) settings_.read(std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count(), bytes);
    return id;
  }

  Result<std::optional<ImageView>> find(std::string_view image, const Identity& who) override {
    ECLAIR_TRY(const auto found, look(image, who));
    if (!found) return std::nullopt;
    ECLAIR_TRY(ImageView out, view(*found, who));
    return std::optional(std::move(out));
  }

  Result<Page<ImageView>> list(std::string_view after, std::size_t limit, const Identity& who) override {
    Page<ImageView> out;
    std::string last(after);
    if (!last.empty() && !Digest::parse(last)) return fail(Errc::invalid_input, "not a page that was given here: " + text::quoted(last));
    while (true) {
      ECLAIR_TRY(const auto images, store_.images(last, limit + 1));
      for (const store::StoredImage& image : images) {
        if (out.items.size() == limit) {
          out.next = last;
          return out;
        }
        last = image.digest.text;
        if (!is_visible(image.names, who)) continue;
        ECLAIR_TRY(const auto whole, store_.image(image.digest.text));
        if (!whole) continue;
        ECLAIR_TRY(ImageView one, view(*whole, who));
        out.items.push_back(std::move(one));
      }
      if (images.size() <= limit) return out;
    }
  }

  Result<std::optional<report::Report>> report(std::string_view image, UnixTime max_age_seconds, const Identity& who, const Cancel& stop) override {
    ECLAIR_TRY(auto found, look(image, who));
    if (!found) return std::nullopt;
    if (time() - found->seen >= kSeenSeconds) {
      // What is asked for is not forgotten. That this may fail (the image is being removed) is no reason not to report.
      store::StoredImage seen = *found;
      seen.seen = time();
      seen.names.clear();  // those it has stay; one that is moving to another image is not taken back
      (void)store_.put_image(seen);
    }
    ECLAIR_TRY(ImageDocument document, decode_image_document(found->document));
    std::vector<LayerRecord> records;
    for (const std::int64_t id : found->nodes) {
      ECLAIR_TRY(const auto node, store_.node(id));
      std::optional<LayerRecord> record = LayerRecord{};
      if (node && !node->record.empty()) {
        ECLAIR_TRY(record, store_.layer_record(node->record));
      }
      if (!node || !record) return fail(Errc::unavailable, "layers of the image are being removed");
      records.push_back(std::move(*record));
      if (stop.requested()) return fail(Errc::cancelled, "cancelled");
    }
    std::vector<const LayerRecord*> stack;
    for (const LayerRecord& record : records) stack.push_back(&record);
    ECLAIR_TRY(index::IndexedImage whole, index::assemble(std::move(document.image), stack, settings_.limits));
    report::JudgeOptions how;
    how.tool_version = settings_.version;
    how.generated_at = time();
    how.max_age_seconds = max_age_seconds;
    return advisories_.with([&](store::AdvisoryStore& store) -> Result<std::optional<report::Report>> {
      ECLAIR_TRY(report::Report out, report::judged(std::move(whole.image), std::move(whole.inventory), store, how, stop));
      return std::optional(std::move(out));
    });
  }

  Result<bool> remove(std::string_view image, const Identity& who) override {
    ECLAIR_TRY(const auto found, look(image, who));
    if (!found) return false;
    ECLAIR_CHECK_OK(check_names(found->names, who));
    return store_.remove_image(found->digest.text);
  }

  Result<Page<LayerHit>> layers_with(std::string_view vulnerability, std::string_view name_space, std::string_view after, std::size_t limit,
                                     const Identity& who) override {
    return search_.layers(vulnerability, name_space, after, limit, who);
  }
  Result<Page<ImageHit>> images_with(std::string_view vulnerability, std::string_view name_space, std::string_view after, std::size_t limit,
                                     const Identity& who) override {
    return search_.images(vulnerability, name_space, after, limit, who);
  }

 private:
  UnixTime time() const { return settings_.clock ? settings_.clock() : now(); }

  static Result<> check_names(const std::vector<std::string>& names, const Identity& who) {
    for (const std::string& name : names) {
      if (name.empty() || name.size() > kMaxNameBytes) return fail(Errc::invalid_input, "a name of an image that is empty or longer than " + std::to_string(kMaxNameBytes) + " bytes");
      if (!who.may_use(name)) return fail(Errc::unsupported, std::string(kMayNotUse) + text::quoted(name));
    }
    return {};
  }

  /// Keys of layers that need a record which is neither here nor in the store.
  Result<std::set<std::string>> missing(const std::vector<Digest>& stack, const Records& records) {
    std::set<std::string> out;
    std::string chain;
    for (const Digest& key : stack) {
      chain = chain_name(chain, key);
      if (key.empty() || records.count(key.text) > 0 || out.count(key.text) > 0) continue;
      ECLAIR_TRY(const auto node, store_.node(store::Scope::image, chain));
      if (node && node->revision >= LayerPlaces::revision()) continue;
      ECLAIR_TRY(const auto record, store_.layer_record(key));
      if (!record || !is_current(*record)) out.insert(key.text);
    }
    return out;
  }

  /// The image with its layers. records: those that are new.
  Result<std::string> store(const SenderKeys& keys, Image image, std::vector<std::string> names, const std::vector<Digest>& stack, const Records& records) {
    store::StoredImage kept;
    kept.digest = keys.image(image, stack);
    kept.names = std::move(names);
    kept.document = encode(ImageDocument{keys.sender(), std::move(image)});
    kept.created = kept.seen = time();
    for (int tries = 1;; ++tries) {
      const auto done = [&]() -> Result<> {
        ECLAIR_TRY(kept.nodes, nodes(stack, records));
        return store_.put_image(kept);
      }();
      if (done) return kept.digest.text;
      const Errc code = done.error().code;
      if (code != Errc::conflict && code != Errc::not_found) return fail(done.error());
      if (tries == kTries) return fail(Errc::conflict, done.error().text);
    }
  }

  Result<std::vector<std::int64_t>> nodes(const std::vector<Digest>& stack, const Records& records) {
    std::vector<std::int64_t> out;
    std::string chain;
    for (const Digest& key : stack) {
      chain = chain_name(chain, key);
      ECLAIR_TRY(const auto known, store_.node(store::Scope::image, chain));
      if (known && known->revision >= LayerPlaces::revision()) {
        out.push_back(known->id);
        continue;
      }
      LayerRecord held;  // where it is not in `records`
      const LayerRecord* fresh = nullptr;
      if (const auto at = records.find(key.text); at != records.end()) {
        fresh = &at->second;
      } else if (!key.empty()) {
        ECLAIR_TRY(auto stored, store_.layer_record(key));
        if (!stored) return fail(Errc::not_found, "the record of a layer is no longer in the store");
        held = std::move(*stored);
      }
      std::shared_ptr<const FoldedLayer> parent;
      if (!out.empty()) {
        ECLAIR_TRY(parent, folded_.find(out.back()));
        if (!parent) return fail(Errc::not_found, "a layer below is no longer in the store");
      }
      ECLAIR_TRY(store::Node node, places_.place(fresh != nullptr ? *fresh : held, parent.get(), true));
      node.scope = store::Scope::image;
      node.name = chain;
      if (known) {
        ECLAIR_CHECK_OK(store_.replace_node(known->id, node, fresh));
        out.push_back(known->id);
        continue;
      }
      ECLAIR_TRY(const std::int64_t id, store_.put_node(node, fresh));
      out.push_back(id);
    }
    return out;
  }

  /// The image that a name or digest means for somebody.
  Result<std::optional<store::StoredImage>> look(std::string_view image, const Identity& who) {
    std::vector<std::string> candidates;
    const auto add_digest = [&](const Digest& digest) {
      const SenderKeys keys(who);
      if (!keys.trusted()) candidates.push_back(keys.image(digest).text);
      candidates.push_back(digest.text);
    };
    if (const auto digest = Digest::parse(image)) {
      add_digest(*digest);
    } else {
      candidates.emplace_back(image);
      if (const auto reference = image::parse_reference(without_scheme(image))) {
        candidates.push_back(reference->text());
        // What a digest names is the same wherever it lies.
        if (!reference->digest.empty()) add_digest(reference->digest);
      }
    }
    for (const std::string& candidate : candidates) {
      ECLAIR_TRY(auto found, store_.image(candidate));
      if (found && is_visible(found->names, who)) return found;
    }
    return std::nullopt;
  }

  Result<ImageView> view(const store::StoredImage& image, const Identity& who) {
    ECLAIR_TRY(ImageDocument document, decode_image_document(image.document));
    ImageView out;
    out.id = image.digest.text;
    out.image = std::move(document.image);
    out.sender = std::move(document.sender);
    for (const LayerInfo& layer : out.image.history) out.layers += layer.empty ? 0 : 1;
    out.names = visible_names(image.names, who);
    out.created = image.created;
    out.seen = image.seen;
    if (!image.nodes.empty()) {
      ECLAIR_TRY(const auto top, store_.node(image.nodes.back()));
      if (top) out.os = top->os;
    }
    return out;
  }

  store::ServiceStore& store_;
  Advisories& advisories_;
  const ImageSettings settings_;
  FoldedLayers folded_;
  LayerPlaces places_;
  ImageSearch search_;
  Turns turns_;
};

}  // namespace stored_images_detail

std::unique_ptr<Images> make_images(store::ServiceStore& store, Advisories& advisories, ImageSettings settings) {
  return std::make_unique<stored_images_detail::StoredImages>(store, advisories, std::move(settings));
}

}  // namespace eclair::service
