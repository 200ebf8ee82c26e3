// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "image/artifact.h"

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>

#include "image/manifest.h"
#include "image/platform.h"
#include "image/reference.h"
#include "image/registry_session.h"
#include "net/client.h"
#include "util/json.h"
#include "util/json_writer.h"
#include "util/text.h"

namespace eclair::image {
namespace artifact_detail {

constexpr std::string_view kEmptyType = "application/vnd.oci.empty.v1+json";
constexpr std::string_view kEmptyConfig = "{}";
constexpr std::string_view kTitle = "org.opencontainers.image.title", kCreated = "org.opencontainers.image.created";
constexpr std::size_t kChunkBytes = 256u << 10;
constexpr unsigned kRetries = 3, kBackOffMs = 150;

Result<Reference> reference_of(std::string_view target) {
  for (const std::string_view scheme : {"registry://", "registry:", "docker://"}) {
    if (!target.starts_with(scheme)) continue;
    target.remove_prefix(scheme.size());
    break;
  }
  auto out = parse_reference(target);
  if (out) return out;
  Error error = std::move(out).error();
  constexpr std::string_view kScan = "eclair scan ";  // is how the hint for an image begins
  error.hint = error.hint.starts_with(kScan) ? "registry:" + error.hint.substr(kScan.size()) : "";
  return fail(std::move(error));
}

Result<Digest> digest_of(const ByteSource& file, const Cancel* stop) {
  Hasher hasher;
  std::string chunk(kChunkBytes, '\0');
  for (std::uint64_t at = 0; at < file.size();) {
    if (stop != nullptr && stop->requested()) return fail(Errc::cancelled, "cancelled");
    ECLAIR_TRY(const std::size_t got, file.read_at(at, chunk));
    if (got == 0) return fail(Errc::unavailable, "the file became shorter while it was read");
    hasher.update(std::string_view(chunk).substr(0, got));
    at += got;
  }
  return hasher.finish();
}

std::string manifest_of(const Artifact& artifact, const Digest& file, std::uint64_t size) {
  json::Writer w;
  w.begin_object().member("schemaVersion", std::int64_t{2}).member("mediaType", media::kOciManifest).member("artifactType", artifact.type);
  w.key("config").begin_object().member("mediaType", kEmptyType).member("digest", sha256(kEmptyConfig).text);
  w.member("size", static_cast<std::int64_t>(kEmptyConfig.size())).end_object();
  w.key("layers").begin_array().begin_object().member("mediaType", artifact.layer_type).member("digest", file.text);
  w.member("size", static_cast<std::int64_t>(size));
  w.key("annotations").begin_object().member(kTitle, artifact.title).end_object().end_object().end_array();
  if (!artifact.created.empty()) w.key("annotations").begin_object().member(kCreated, artifact.created).end_object();
  w.end_object();
  return w.take();
}

/// What a registry says of its refusal: "denied: requested access to the resource is denied"; "" when it says nothing.
std::string words_of(const net::Response& answer) {
  json::Document document;
  const auto root = document.parse(answer.body);
  if (!root) return {};
  std::string out;
  (*root)["errors"].each([&](json::Value error) {
    out = text::lower(error["code"].string());
    std::replace(out.begin(), out.end(), '_', ' ');
    const std::string_view message = error["message"].string();
    if (!message.empty()) out += (out.empty() ? "" : ": ") + std::string(message);
    return false;
  });
  return text::clean(out, 200);
}

/// Sends the parts of one artifact, and says in words what a registry has against it.
class Pusher {
 public:
  Pusher(RegistrySession& session, const Cancel* stop) : session_(session), stop_(stop) {}

  /// Whether the tag stands for exactly this.
  Result<bool> has_manifest(const Digest& digest) {
    ECLAIR_TRY(const net::Response answer,
               session_.get({.path = "manifests/" + session_.reference().tag, .what = "asking what is there", .manifest = true, .head = true}));
    if (answer.head.status == 401 || answer.head.status == 403) return fail(refusal(answer, 0));
    return answer.head.status == 200 && answer.head.header("Docker-Content-Digest") == digest.text;
  }

  Result<> blob(const ByteSource& bytes, const Digest& digest, const std::string& what, const TransferProgress& progress) {
    return persistently([&](bool& again) -> Result<> {
      ECLAIR_TRY(const net::Response there, session_.get({.path = "blobs/" + digest.text, .what = "asking what is there", .head = true}));
      if (there.head.status == 401 || there.head.status == 403) return fail(refusal(there, 0));
      if (there.head.status == 200) {
        if (progress) progress(bytes.size(), bytes.size());
        return {};
      }
      ECLAIR_TRY(const net::Response begun, change({.path = "blobs/uploads/", .what = "beginning an upload", .method = "POST"}, again));
      ECLAIR_TRY(const std::string url, session_.upload_url(begun.head, "digest=" + text::percent_encode(digest.text)));
      auto done = change({.url = url,
                          .what = "sending " + what,
                          .method = "PUT",
                          .content_type = "application/octet-stream",
                          .body = &bytes,
                          .progress = progress},
                         again);
      if (!done) return fail(std::move(done).error());
      return {};
    });
  }

  Result<> manifest(const std::string& bytes, const Digest& digest) {
    const MemorySource source(bytes);
    return persistently([&](bool& again) -> Result<> {
      ECLAIR_TRY(const net::Response done, change({.path = "manifests/" + session_.reference().tag,
                                                   .what = "sending the manifest",
                                                   .method = "PUT",
                                                   .content_type = std::string(media::kOciManifest),
                                                   .body = &source},
                                                  again));
      const std::string_view stored = done.head.header("Docker-Content-Digest");
      if (stored.empty() || stored == digest.text) return {};
      return fail(Errc::unavailable, "registry " + session_.reference().domain + " stored " + session_.short_name() + " as " + text::clean(stored, 80) + " instead of " + digest.text);
    });
  }

 private:
  static bool is_away(int status) { return status == 502 || status == 503 || status == 504; }

  /// Does it again, from its beginning, while it says that this may help.
  template <class Try>
  Result<> persistently(Try once) const {
    for (unsigned attempt = 0;; ++attempt) {
      bool again = false;
      Result<> done = once(again);
      if (done || !again || attempt >= kRetries) return done;
      const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(kBackOffMs << attempt);
      while (std::chrono::steady_clock::now() < until) {
        if (stop_ != nullptr && stop_->requested()) return fail(Errc::cancelled, "cancelled");
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
      }
    }
  }

  /// again: whether it failed for a reason that may be gone in a moment.
  Result<net::Response> change(const RegistrySession::Wanted& wanted, bool& again) {
    net::Trouble trouble = net::Trouble::none;
    auto answer = session_.get_introduced(wanted, &trouble);
    again = answer ? is_away(answer->head.status) : trouble == net::Trouble::broken;
    if (answer && answer->head.status / 100 != 2) return fail(refusal(*answer, wanted.body == nullptr ? 0 : wanted.body->size()));
    return answer;
  }

  /// size: of what was to be sent.
  Error refusal(const net::Response& answer, std::uint64_t size) const {
    const std::string& registry = session_.reference().domain;
    const std::string status = std::to_string(answer.head.status), said = words_of(answer), with_words = status + (said.empty() ? "" : ": " + said);
    switch (answer.head.status) {
      case 401:
      case 403: return session_.refused(with_words);
      case 404:
        return {Errc::not_found, "registry " + registry + " has no place for " + session_.short_name() + " (" + with_words + ")",
                "some registries want a project or repository to be created before something is stored in it"};
      case 413: return {Errc::limit, "registry " + registry + " takes no upload of " + std::to_string(size) + " bytes (" + with_words + ")"};
      case 429: return session_.refusal(answer.head);
      default: return {Errc::unavailable, "registry " + registry + " answered " + status + " for " + session_.short_name() + (said.empty() ? "" : " (" + said + ")")};
    }
  }

  RegistrySession& session_;
  const Cancel* stop_;
};

/// Finds the artifact's manifest and fetches its file.
class Puller {
 public:
  Puller(RegistrySession& session, const OpenOptions& options) : session_(session), options_(options) {}

  Result<PulledArtifact> pull(std::string_view type, std::string_view layer_type, const TransferProgress& progress) {
    ECLAIR_TRY(const net::Response answer, session_.get_introduced({.path = "manifests/" + session_.reference().version(),
                                                                    .what = "reading the manifest",
                                                                    .manifest = true,
                                                                    .max_bytes = options_.limits.manifest_bytes}));
    if (answer.head.status == 404) {
      return fail(Error{Errc::not_found, "nothing is stored as " + name() + " (registry answered 404)", "is the name right, with its tag?"});
    }
    if (answer.head.status != 200) return fail(session_.refusal(answer.head));
    PulledArtifact out;
    ECLAIR_TRY(out.manifest, check_digest(answer));
    auto manifest = parse_manifest(answer.body, options_.limits);
    if (!manifest) return fail(std::move(manifest).error().within("manifest of " + name()));
    ECLAIR_CHECK_OK(check_kind(*manifest, type, layer_type));
    const Descriptor& layer = manifest->layers.front();
    out.title = layer.annotation(kTitle);
    if (const auto title = manifest->annotations.find(std::string(kTitle)); out.title.empty() && title != manifest->annotations.end()) out.title = title->second;
    if (const auto created = manifest->annotations.find(std::string(kCreated)); created != manifest->annotations.end()) out.created = created->second;
    ECLAIR_TRY(out.file, fetch(layer, progress));
    return out;
  }

 private:
  std::string name() const { return session_.reference().text(); }

  /// What was asked for by digest must have it; else what the registry claims.
  Result<Digest> check_digest(const net::Response& answer) const {
    Digest claimed = session_.reference().digest;
    if (claimed.empty()) {
      if (auto said = Digest::parse(answer.head.header("Docker-Content-Digest"))) claimed = *std::move(said);
    }
    Hasher hasher(claimed.empty() ? std::string_view("sha256") : claimed.algorithm());
    hasher.update(answer.body);
    const Digest computed = hasher.finish();
    if (claimed.empty() || claimed == computed) return computed;
    return fail(Errc::invalid_input, "manifest of " + name() + " is not the one named " + claimed.text + ": its digest is " + computed.text);
  }

  Result<> check_kind(const Manifest& manifest, std::string_view type, std::string_view layer_type) const {
    const auto other = [&](const std::string& what) {
      return fail(Errc::unsupported, name() + " is " + what + ", not an artifact of type " + std::string(type));
    };
    if (manifest.kind == Manifest::Kind::index) return other("an index of " + std::to_string(manifest.manifests.size()) + " images");
    // Before image-spec 1.1 the type of the config was the type of the artifact; some tools still write it so.
    const std::string& is = manifest.artifact_type.empty() ? manifest.config.media_type : manifest.artifact_type;
    if (is != type) {
      if (manifest.artifact.empty()) return other("a container image");
      const std::string known = artifact_name(manifest.config.media_type, manifest.artifact_type, manifest.layers.empty() ? "" : manifest.layers.front().media_type);
      return other(known.empty() ? "an " + manifest.artifact : known);
    }
    if (manifest.layers.size() != 1) return fail(Errc::unsupported, name() + " has " + std::to_string(manifest.layers.size()) + " files, not one");
    const std::string& layer = manifest.layers.front().media_type;
    if (layer == layer_type) return {};
    return fail(Errc::unsupported, name() + " holds a file of type " + text::quoted(layer) + ", not " + std::string(layer_type));
  }

  Result<std::unique_ptr<ByteSource>> fetch(const Descriptor& layer, const TransferProgress& progress) const {
    const Limits& limits = options_.limits;
    if (layer.size > limits.spool_bytes) {
      return fail(Errc::limit, name() + " has a file of " + std::to_string(layer.size) + " bytes, more than the limit of " + std::to_string(limits.spool_bytes) + " (spool_bytes)");
    }
    ECLAIR_TRY(const auto body, session_.open({.path = "blobs/" + layer.digest.text, .what = "reading " + session_.short_name(), .expected_bytes = layer.size}));
    if (body->head().status == 404) return fail(Errc::not_found, "the file of " + name() + " (" + layer.digest.text + ") is missing in the registry");
    if (body->head().status != 200) return fail(session_.refusal(body->head()));
    SpillBuffer buffer(limits.spill_bytes);
    Hasher hasher(layer.digest.algorithm());
    while (true) {
      ECLAIR_TRY(const std::string_view piece, body->next());
      if (piece.empty()) break;
      if (buffer.size() + piece.size() > layer.size) return fail(Errc::invalid_input, "the file of " + name() + " is longer than the " + std::to_string(layer.size) + " bytes of its manifest");
      hasher.update(piece);
      ECLAIR_CHECK_OK(buffer.append(piece));
      if (progress) progress(buffer.size(), layer.size);
    }
    const Digest computed = hasher.finish();
    if (buffer.size() != layer.size || computed != layer.digest) {
      return fail(Errc::invalid_input, "the file of " + name() + " is not the one named " + layer.digest.text + ": its digest is " + computed.text);
    }
    return buffer.take();
  }

  RegistrySession& session_;
  const OpenOptions& options_;
};

}  // namespace artifact_detail

using namespace artifact_detail;

Result<PushedArtifact> push_artifact(std::string_view target, const Artifact& artifact, const ByteSource& file, const OpenOptions& options,
                                     const TransferProgress& progress, const Environment& environment) {
  ECLAIR_TRY(const Reference reference, reference_of(target));
  if (!reference.digest.empty()) {
    return fail(Errc::invalid_input, text::clean(target) + ": something is stored under a tag, and its digest follows from what it is");
  }
  ECLAIR_TRY(const Digest digest, digest_of(file, options.stop));
  const std::string manifest = manifest_of(artifact, digest, file.size());
  PushedArtifact out;
  out.manifest = sha256(manifest);
  RegistrySession session(reference, options, find_credentials(reference, options, environment), RegistrySession::Access::push);
  out.notes = session.credentials().notes;
  Pusher pusher(session, options.stop);
  ECLAIR_TRY(out.was_there, pusher.has_manifest(out.manifest));
  if (out.was_there) return out;
  const MemorySource empty{std::string(kEmptyConfig)};
  ECLAIR_CHECK_OK(pusher.blob(empty, sha256(kEmptyConfig), "the config", {}));
  ECLAIR_CHECK_OK(pusher.blob(file, digest, session.short_name(), progress));
  ECLAIR_CHECK_OK(pusher.manifest(manifest, out.manifest));
  return out;
}

Result<PushedArtifact> push_artifact(std::string_view target, const Artifact& artifact, const ByteSource& file, const OpenOptions& options,
                                     const TransferProgress& progress) {
  return push_artifact(target, artifact, file, options, progress, &process_environment);
}

Result<PulledArtifact> pull_artifact(std::string_view target, std::string_view type, std::string_view layer_type, const OpenOptions& options,
                                     const TransferProgress& progress, const Environment& environment) {
  ECLAIR_TRY(const Reference reference, reference_of(target));
  RegistrySession session(reference, options, find_credentials(reference, options, environment));
  ECLAIR_TRY(PulledArtifact out, Puller(session, options).pull(type, layer_type, progress));
  out.notes = session.credentials().notes;
  return out;
}

Result<PulledArtifact> pull_artifact(std::string_view target, std::string_view type, std::string_view layer_type, const OpenOptions& options,
                                     const TransferProgress& progress) {
  return pull_artifact(target, type, layer_type, options, progress, &process_environment);
}

}  // namespace eclair::image
