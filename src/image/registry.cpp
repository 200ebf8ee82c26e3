// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "image/registry.h"

#include <cstdlib>
#include <mutex>
#include <set>

#include "image/history.h"
#include "image/manifest.h"
#include "image/platform.h"
#include "image/registry_auth.h"
#include "image/schema1.h"
#include "net/client.h"
#include "net/url.h"
#include "util/text.h"

namespace eclair::image {
namespace registry_detail {

constexpr std::string_view kManifestTypes[] = {
    media::kOciIndex, media::kOciManifest, media::kDockerIndex, media::kDockerManifest, "application/vnd.docker.distribution.manifest.v1+prettyjws",
    "application/vnd.docker.distribution.manifest.v1+json",
};

/// Talks to one repository of one registry: knows its address, and what to show it.
/// threads: open() and get() from several at once.
class Session {
 public:
  Session(const Reference& reference, const OpenOptions& options, Credentials credentials)
      : reference_(reference),
        insecure_(options.insecure),
        credentials_(std::move(credentials)),
        client_(net::Options{.insecure = options.insecure, .ca_file = options.ca_file, .stall_seconds = options.stall_seconds, .stop = options.stop}),
        base_("https://" + std::string(reference.api_host())),
        authorization_(credentials_.registry_token.empty() ? "" : "Bearer " + credentials_.registry_token) {}

  const Reference& reference() const { return reference_; }
  const Credentials& credentials() const { return credentials_; }

  struct Wanted {
    std::string path;  ///< "manifests/1.0" within the repository
    std::string what;  ///< "reading the manifest"
    bool manifest = false, head = false;
    std::uint64_t max_bytes = 0, expected_bytes = 0;
  };

  Result<net::Response> get(const Wanted& wanted) {
    return answered<net::Response>(wanted, [this](const net::Request& request, net::Trouble* trouble) { return client_.send(request, trouble); },
                                   [](const net::Response& response) -> const net::Head& { return response.head; });
  }
  Result<std::unique_ptr<net::Body>> open(const Wanted& wanted) {
    return answered<std::unique_ptr<net::Body>>(
        wanted, [this](const net::Request& request, net::Trouble* trouble) { return client_.open(request, trouble); },
        [](const std::unique_ptr<net::Body>& body) -> const net::Head& { return body->head(); });
  }

  /// A new authorization in place of one that stopped to be accepted, unless another thread was faster.
  Result<std::string> renew(const std::string& stale) {
    const std::lock_guard lock(mutex_);
    if (authorization_ != stale) return authorization_;
    ECLAIR_TRY(authorization_, authorize(client_, challenge_, credentials_, "repository:" + reference_.path + ":pull", insecure_));
    return authorization_;
  }

  /// Asks the registry itself who may come in, for those that say "not found" to strangers. True when there is something new to show.
  Result<bool> introduce() {
    if (credentials_.empty() || !current().empty()) return false;
    ECLAIR_TRY(const net::Response answer, client_.send({.url = base() + "/v2/", .what = "asking for the registry's terms"}));
    if (answer.head.status != 401) return false;
    {
      const std::lock_guard lock(mutex_);
      challenge_ = answer.head;
    }
    auto shown = renew("");
    if (!shown && shown.error().code == Errc::conflict) return fail(refused(shown.error().text));
    if (!shown) return fail(std::move(shown).error());
    return !shown->empty();
  }

  /// An answer other than the one hoped for, in words.
  Error refusal(const net::Head& head) const {
    const std::string& registry = reference_.domain;
    const std::string status = std::to_string(head.status);
    const std::string name = short_name();
    Error error = net::status_error(head);
    if (head.status == 401 || head.status == 403) {
      error = refused(status);
    } else if (head.status == 404) {
      error = Error{Errc::not_found, "image not found: " + reference_.text() + " (registry answered 404)"};
      error.hint = "is the name right? a local image: docker save " + reference_.familiar() + " | eclair scan -";
      if (reference_.looks_like_host()) {
        error.hint = "without a \"/\" this is the name of an image on Docker Hub; on a host of your own: " + reference_.familiar() + "/NAME";
      }
    } else if (head.status == 429) {
      const std::string when = net::retry_after(head);
      error.text = registry + " limits pulls from this address (429" + (when.empty() ? "" : ", retry in " + when) + ")";
      error.hint = credentials_.empty() ? "docker login " + registry + ", or set ECLAIR_USERNAME and ECLAIR_PASSWORD: accounts may pull more" : "";
    } else {
      error.text = "registry " + registry + " answered " + status + " for " + name;
    }
    return error;
  }

  Error refused(const std::string& status) const {
    const std::string& registry = reference_.domain;
    Error error{Errc::unavailable, "registry " + registry + " refused " + short_name() + " (" + status};
    if (!credentials_.empty()) {
      error.text += ", credentials from " + text::clean(credentials_.origin, 200) + ")";
      error.hint = "they may be wrong or too old: docker login " + registry + ", or set ECLAIR_USERNAME and ECLAIR_PASSWORD";
    } else if (!credentials_.helper.empty()) {
      error.text += ")";
      error.hint = "credentials are in the helper \"" + credentials_.helper + "\", which eclair does not run; use: echo " + registry +
                   " | docker-credential-" + credentials_.helper + " get, and set ECLAIR_USERNAME and ECLAIR_PASSWORD";
    } else {
      error.text += ", no credentials sent)";
      error.hint = std::string(registry == "docker.io" ? "is the name right? if it is private: " : "") + "docker login " + registry +
                   ", or set ECLAIR_USERNAME and ECLAIR_PASSWORD";
    }
    return error;
  }

 private:
  /// Sends a request, answering the registry's question who we are. Any status but 401 is the caller's to judge.
  template <class Answer, class Send, class HeadOf>
  Result<Answer> answered(const Wanted& wanted, Send send, HeadOf head_of) {
    std::string shown = current();
    auto answer = asked<Answer>(wanted, shown, send);
    if (!answer || head_of(*answer).status != 401) return answer;
    {
      const std::lock_guard lock(mutex_);
      if (authorization_ == shown) challenge_ = head_of(*answer);
    }
    auto renewed = renew(shown);
    if (!renewed && renewed.error().code == Errc::conflict) return fail(refused(renewed.error().text));
    if (!renewed) return fail(std::move(renewed).error());
    if (*renewed == shown) return answer;  // nothing else to show
    answer = Result<Answer>(fail(Errc::internal, ""));  // the old answer's connection is free again
    return asked<Answer>(wanted, *renewed, send);
  }

  template <class Answer, class Send>
  Result<Answer> asked(const Wanted& wanted, const std::string& authorization, Send send) {
    net::Request request;
    request.url = base() + "/v2/" + reference_.path + "/" + wanted.path;
    request.authorization = authorization;
    request.head = wanted.head;
    request.what = wanted.what;
    request.immutable = true;  // blobs and, where it matters, manifests are named by digest
    request.expected_bytes = wanted.expected_bytes;
    if (wanted.max_bytes > 0) {
      request.max_bytes = wanted.max_bytes;
      request.limit_name = "manifest_bytes";
    }
    if (wanted.manifest) {
      for (const std::string_view type : kManifestTypes) request.headers.push_back({"Accept", std::string(type)});
    }
    request.renew = [this](const std::string& refused) { return renew(refused); };
    net::Trouble trouble = net::Trouble::none;
    auto answer = send(request, &trouble);
    if (answer) settle(request.url);
    const bool no_tls = trouble == net::Trouble::connect || trouble == net::Trouble::tls;
    if (answer || !no_tls || !may_be_plain(request.url)) return answer;
    // Docker's habit: HTTPS first; without TLS only where nobody can listen, or where the user said so.
    request.url.replace(0, 5, "http");
    const bool listens = trouble == net::Trouble::tls;
    auto plain = send(request, &trouble);
    if (!plain) return listens ? std::move(plain) : std::move(answer);
    settle(request.url);
    return plain;
  }

  /// What answered once is kept to: a registry that spoke TLS is never asked without.
  void settle(const std::string& url) {
    const std::lock_guard lock(mutex_);
    if (!settled_ && url.starts_with("http:")) base_ = "http://" + std::string(reference_.api_host());
    settled_ = true;
  }
  bool may_be_plain(const std::string& url) const {
    const std::lock_guard lock(mutex_);
    return !settled_ && url.starts_with("https:") && (insecure_ || net::is_loopback(reference_.domain));
  }
  std::string short_name() const {
    return reference_.path + (reference_.digest.empty() ? ":" + reference_.tag : "@sha256:" + std::string(reference_.digest.brief()));
  }
  std::string base() const {
    const std::lock_guard lock(mutex_);
    return base_;
  }
  std::string current() const {
    const std::lock_guard lock(mutex_);
    return authorization_;
  }

  // constant after construction
  const Reference reference_;
  const bool insecure_;
  const Credentials credentials_;
  const net::Client client_;
  // guarded by mutex_
  mutable std::mutex mutex_;
  std::string base_;           ///< "https://host"
  bool settled_ = false;       ///< base_ has answered
  std::string authorization_;  ///< what was accepted last
  net::Head challenge_;        ///< the 401 that it answers
};

/// Keeps the session for the renewal of tokens while a layer is read.
class LayerStream final : public ByteStream {
 public:
  LayerStream(std::shared_ptr<Session> session, std::unique_ptr<net::Body> body) : session_(std::move(session)), body_(std::move(body)) {}
  Result<std::string_view> next() override { return body_->next(); }

 private:
  std::shared_ptr<Session> session_;  // with the source and other layers: whoever is left last ends it
  std::unique_ptr<net::Body> body_;
};

class RegistrySource final : public Source {
 public:
  RegistrySource(std::shared_ptr<Session> session, Image image) : session_(std::move(session)), image_(std::move(image)) {}
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
  std::shared_ptr<Session> session_;  // with the layers' streams
  Image image_;
};

/// Finds the image's manifest and describes the image.
class Opener {
 public:
  Opener(std::shared_ptr<Session> session, const OpenOptions& options) : session_(std::move(session)), options_(options) {}

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
    const Session::Wanted request{
        .path = "manifests/" + version, .what = "reading the manifest", .manifest = true, .max_bytes = options_.limits.manifest_bytes};
    ECLAIR_TRY(net::Response answer, session_->get(request));
    if (answer.head.status == 403 || answer.head.status == 404) {
      ECLAIR_TRY(const bool known, session_->introduce());
      if (known) {
        ECLAIR_TRY(answer, session_->get(request));
      }
    }
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

  std::shared_ptr<Session> session_;
  const OpenOptions& options_;
};

std::string process_environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string{} : std::string(value);
}

}  // namespace registry_detail

Result<std::unique_ptr<Source>> open_registry(const Reference& reference, const OpenOptions& options, const Environment& environment) {
  using namespace registry_detail;
  auto session = std::make_shared<Session>(reference, options, find_credentials(reference, options, environment));
  return Opener(std::move(session), options).open();
}

Result<std::unique_ptr<Source>> open_registry(const Reference& reference, const OpenOptions& options) {
  return open_registry(reference, options, &registry_detail::process_environment);
}

}  // namespace eclair::image
