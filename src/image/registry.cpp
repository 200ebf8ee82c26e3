// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "image/registry.h"

#include <set>

#include "image/history.h"
#include "image/manifest.h"
#include "image/platform.h"
#include "image/registry_session.h"
#include "image/schema1.h"
#include "net/client.h"
#include "net/url.h"
#include "util/text.h"

namespace eclair::image {
namespace registry_detail {

/// Keeps the session for the renewal of tokens while a layer is read.
class LayerStream final : public ByteStream {
 public:
  LayerStream(std::shared_ptr<RegistrySession> session, std::unique_ptr<net::Body> body) : session_(std::move(session)), body_(std::move(body)) {}
  Result<std::string_view> next() override { return body_->next(); }

 private:
  std::shared_ptr<RegistrySession> session_;  // with the source and other layers: whoever is left last ends it
  std::unique_ptr<net::Body> body_;
};

class RegistrySource final : public Source {
 public:
  RegistrySource(std::shared_ptr<RegistrySession> session, Image image) : session_(std::move(session)), image_(std::move(image)) {}
  const Image& image() const override { return image_; }

  Result<std::unique_ptr<ByteStream>> open_layer(std::uint32_t index) const override {
    const LayerInfo* layer = nullptr;
    std::uint32_t count = 0;
    for (const LayerInfo& one : image_.history) {
      if (one.empty) continue;
      ++count;
      if (one.index == index) layer = &one;
    }
    if (layer == nullptr) return fail(Errc::not_found, "there is no layer " + std::to_string(index));
    const std::string which = "layer " + std::to_string(index) + " of " + std::to_string(count);
    if (!layer->not_analysed.empty()) return fail(Errc::unsupported, which + ": " + layer->not_analysed);
    ECLAIR_TRY(auto body, session_->open({.path = "blobs/" + layer->digest.text, .what = "reading " + which, .expected_bytes = layer->size}));
    const net::Head& head = body->head();
    if (head.status == 404) {
      return fail(Errc::not_found, which + " (sha256:" + std::string(layer->digest.brief()) + ") is missing in registry " + session_->reference().domain);
    }
    if (head.status != 200) return fail(session_->refusal(head).within(which));
    return std::unique_ptr<ByteStream>(std::make_unique<LayerStream>(session_, std::move(body)));
  }

 private:
  std::shared_ptr<RegistrySession> session_;  // with the layers' streams
  Image image_;
};

/// Finds the image's manifest and describes the image.
class Opener {
 public:
  Opener(std::shared_ptr<RegistrySession> session, const OpenOptions& options) : session_(std::move(session)), options_(options) {}

  Result<std::unique_ptr<Source>> open() {
    const Reference& reference = session_->reference();
    Image image;
    image.kind = "image";
    image.source = "registry";
    image.name = options_.name.empty() ? reference.familiar() : options_.name;
    image.notes = session_->credentials().notes;
    ECLAIR_TRY(Document document, fetch(reference.version(), reference.digest));
    std::set<Digest> seen;
    Manifest manifest;
    Platform chosen;  // as the index says
    while (true) {
      image.digest = document.digest;
      if (is_schema1(document.bytes, options_.limits)) {
        auto described = describe_schema1(document.bytes, options_.limits, image);
        if (!described) return fail(std::move(described).error().within(manifest_of()));
        image.notes.emplace_back("docker schema 1 manifest: layers have no sizes, and no diff ids");
        break;
      }
      auto parsed = parse_manifest(document.bytes, options_.limits);
      if (!parsed) return fail(std::move(parsed).error().within(manifest_of()));
      manifest = *std::move(parsed);
      if (manifest.kind == Manifest::Kind::image) {
        ECLAIR_CHECK_OK(describe_image(manifest, image));
        break;
      }
      if (!seen.insert(document.digest).second || seen.size() > options_.limits.index_depth) {
        return fail(Errc::limit, manifest_of() + ": indexes within indexes deeper than " + std::to_string(options_.limits.index_depth) + " (index_depth)");
      }
      auto choice = choose_platform(manifest.manifests, options_.platform);
      if (!choice) return fail(std::move(choice).error().within(reference.text()));
      if (!choice->note.empty()) image.notes.push_back(choice->note);
      chosen = normalised(manifest.manifests[choice->position].platform);
      const Digest wanted = manifest.manifests[choice->position].digest;
      ECLAIR_TRY(document, fetch(wanted.text, wanted));
    }
    if (image.platform.os.empty() && !chosen.os.empty()) image.platform = chosen;
    ECLAIR_CHECK_OK(check_platform(image.platform));
    return std::unique_ptr<Source>(std::make_unique<RegistrySource>(session_, std::move(image)));
  }

 private:
  struct Document {
    std::string bytes;
    Digest digest;  ///< computed
  };

  std::string manifest_of() const { return "manifest of " + session_->reference().text(); }

  /// A manifest or index, with its digest checked against the one asked for, or the one the registry says.
  Result<Document> fetch(const std::string& version, const Digest& wanted) const {
    const RegistrySession::Wanted request{
        .path = "manifests/" + version, .what = "reading the manifest", .manifest = true, .max_bytes = options_.limits.manifest_bytes};
    ECLAIR_TRY(net::Response answer, session_->get_introduced(request));
    if (answer.head.status == 404 && version != session_->reference().version()) {
      return fail(Errc::not_found, manifest_of() + ": " + version + ", which its index names, is missing");
    }
    if (answer.head.status != 200) return fail(session_->refusal(answer.head));
    Digest claimed = wanted;
    if (claimed.empty()) {
      if (auto said = Digest::parse(answer.head.header("Docker-Content-Digest"))) claimed = *std::move(said);
    }
    Document out{std::move(answer.body), {}};
    const std::string_view algorithm = claimed.empty() ? std::string_view("sha256") : claimed.algorithm();
    out.digest = digest_of(out.bytes, algorithm);
    if (!claimed.empty() && out.digest != claimed && is_schema1(out.bytes, options_.limits)) {
      auto payload = schema1_payload(out.bytes, options_.limits);
      if (!payload) return fail(std::move(payload).error().within(manifest_of()));
      out.digest = digest_of(*payload, algorithm);
      // Only what the digest covers counts.
      out.bytes = *std::move(payload);
    }
    if (!claimed.empty() && out.digest != claimed) {
      return fail(Errc::invalid_input, manifest_of() + " is not the one named " + claimed.text + ": its digest is " + out.digest.text);
    }
    return out;
  }

  static Digest digest_of(std::string_view bytes, std::string_view algorithm) {
    Hasher hasher(algorithm);
    hasher.update(bytes);
    return hasher.finish();
  }

  Result<> describe_image(const Manifest& manifest, Image& image) const {
    const std::string name = session_->reference().text();
    if (!manifest.artifact.empty()) {
      std::string what = artifact_name(manifest.config.media_type, "", manifest.layers.empty() ? "" : manifest.layers.front().media_type);
      if (what.empty()) what = "an " + manifest.artifact;
      return fail(Errc::unsupported, name + " is " + what + ", not an image");
    }
    ECLAIR_TRY(const net::Response answer, session_->get({.path = "blobs/" + manifest.config.digest.text,
                                                          .what = "reading the config",
                                                          .max_bytes = options_.limits.manifest_bytes,
                                                          .expected_bytes = manifest.config.size}));
    if (answer.head.status == 404) return fail(Errc::not_found, "config of " + name + " (" + manifest.config.digest.text + ") is missing in the registry");
    if (answer.head.status != 200) return fail(session_->refusal(answer.head).within("config"));
    const Digest computed = digest_of(answer.body, manifest.config.digest.algorithm());
    if (computed != manifest.config.digest) {
      return fail(Errc::invalid_input, "config of " + name + " is not the one named " + manifest.config.digest.text + ": its digest is " + computed.text);
    }
    auto config = parse_config(answer.body, options_.limits);
    if (!config) return fail(std::move(config).error().within("config of " + name));
    if (auto described = describe(manifest, *config, image); !described) return fail(std::move(described).error().within("config of " + name));
    for (LayerInfo& layer : image.history) {
      if (layer.empty || !media::is_foreign_layer(layer.media_type)) continue;
      // Some registries are given them all the same.
      ECLAIR_TRY(const net::Response blob, session_->get({.path = "blobs/" + layer.digest.text, .what = "looking for a foreign layer", .head = true}));
      if (blob.head.status != 200) layer.not_analysed = "foreign layer, not in the registry";
    }
    return {};
  }

  /// An image that is no index has one platform; another one that was asked for by name is not there.
  Result<> check_platform(const Platform& platform) const {
    if (options_.platform.empty() || platform.os.empty()) return {};
    ECLAIR_TRY(const Platform wanted, parse_platform(options_.platform));
    const Platform is = normalised(platform);
    const bool fits = is.os == wanted.os && is.architecture == wanted.architecture &&
                      (wanted.variant.empty() || is.variant.empty() || is.variant == wanted.variant);
    if (fits) return {};
    Error error{Errc::not_found, session_->reference().text() + ": no image for " + wanted.text() + ", only for " + text::clean(is.text(), 100)};
    error.hint = "--platform " + text::clean(is.text(), 100);
    return fail(std::move(error));
  }

  std::shared_ptr<RegistrySession> session_;
  const OpenOptions& options_;
};

}  // namespace registry_detail

Result<std::unique_ptr<Source>> open_registry(const Reference& reference, const OpenOptions& options, const Environment& environment, bool* refused) {
  using namespace registry_detail;
  auto session = std::make_shared<RegistrySession>(reference, options, find_credentials(reference, options, environment));
  auto opened = Opener(session, options).open();
  if (refused != nullptr) *refused = !opened && session->was_refused();
  return opened;
}

Result<std::unique_ptr<Source>> open_registry(const Reference& reference, const OpenOptions& options) {
  if (!options.look_for_credentials) return open_registry(reference, options, [](const char*) { return std::string(); });
  return open_registry(reference, options, &process_environment);
}

}  // namespace eclair::image
