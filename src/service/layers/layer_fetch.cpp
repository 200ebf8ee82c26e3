// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "service/layers/layer_fetch.h"

#include <algorithm>

#include "net/url.h"
#include "util/text.h"

namespace eclair::service {
namespace layer_fetch_detail {

bool is_url(std::string_view path) { return path.substr(0, 7) == "http://" || path.substr(0, 8) == "https://"; }

net::Request request_for(const LayerPost& layer) {
  net::Request out;
  out.url = layer.path;
  out.what = "reading layer " + text::clean(layer.name, 100);
  for (const auto& [name, value] : layer.headers) {
    // Clients send an empty Authorization for registries that want none; servers need not like it. The connection is ours to keep or close.
    const std::string lower = text::lower(name);
    if (value.empty() || lower == "connection" || lower == "host") continue;
    if (lower == "authorization") {
      out.authorization = value;  // for this host alone, whatever it redirects to
    } else {
      out.host_headers.push_back({name, value});  // any of them may be a secret
    }
  }
  return out;
}

/// "registry.example.com/team/app" of "https://registry.example.com/v2/team/app/blobs/sha256:…"; of other URLs host and path.
std::string repository_of(const std::string& path) {
  const net::Url url = net::take_apart(path);
  std::string_view rest = url.path;
  rest = rest.substr(0, rest.find('?'));
  if (rest.substr(0, 4) == "/v2/") rest.remove_prefix(3);
  if (const auto blobs = rest.rfind("/blobs/"); blobs != std::string_view::npos) rest = rest.substr(0, blobs);
  return url.host + (url.port.empty() ? "" : ":" + url.port) + std::string(rest);
}

/// Ends with an error once more came than may.
class BoundedStream final : public ByteStream {
 public:
  BoundedStream(std::unique_ptr<ByteStream> in, std::uint64_t most) : in_(std::move(in)), most_(most) {}
  Result<std::string_view> next() override {
    ECLAIR_TRY(const std::string_view piece, in_->next());
    seen_ += piece.size();
    if (seen_ > most_) return fail(Errc::limit, "more than the limit of " + std::to_string(most_) + " bytes for a layer");
    return piece;
  }

 private:
  std::unique_ptr<ByteStream> in_;
  const std::uint64_t most_;
  std::uint64_t seen_ = 0;
};

/// A file that lives as long as it is read.
class FileStream final : public ByteStream {
 public:
  explicit FileStream(std::unique_ptr<FileSource> file) : file_(std::move(file)), bytes_(*file_) {}
  Result<std::string_view> next() override { return bytes_.next(); }

 private:
  std::unique_ptr<FileSource> file_;
  SourceStream bytes_;
};

}  // namespace layer_fetch_detail
using namespace layer_fetch_detail;

std::optional<PostFailure> LayerFetch::refuse(const LayerPost& layer) const {
  const auto failure = [](PostProblem problem, std::string text) { return PostFailure{problem, std::move(text)}; };
  if (!is_url(layer.path)) {
    if (settings_.local_files) return std::nullopt;
    return failure(PostProblem::unreachable, "files of this machine are not read for clients (--fetch-local)");
  }
  if (!net::take_apart(layer.path).ok) return failure(PostProblem::unreachable, "not a URL: " + text::clean(layer.path, 200));
  const std::string repository = repository_of(layer.path);
  if (settings_.repositories.accepts(repository)) return std::nullopt;
  return failure(PostProblem::refused, "repository " + text::quoted(repository) + " is not analysed here, by this server's configuration");
}

Digest LayerFetch::named_digest(const std::string& path) {
  const auto at = path.rfind("/sha256:");
  if (at == std::string::npos) return {};
  std::string_view rest = std::string_view(path).substr(at + 1);
  return Digest::parse(rest.substr(0, rest.find_first_of("?#/"))).value_or(Digest{});
}

net::Options LayerFetch::options(const Cancel& stop) const {
  net::Options out;
  out.insecure = settings_.insecure;
  out.connect_seconds = settings_.connect_seconds;
  out.stall_seconds = settings_.stall_seconds;
  out.stop = &stop;
  out.may_connect = [this](const std::string& host, const std::string& address) { return settings_.policy.may_connect(host, address); };
  return out;
}

bool LayerFetch::may_have(const LayerPost& layer, const Cancel& stop) const {
  if (!is_url(layer.path)) return false;
  const net::Client client(options(stop));
  net::Request request = request_for(layer);
  request.head = true;
  const auto answer = client.send(request);
  return answer && answer->head.status >= 200 && answer->head.status < 300;
}

Result<std::unique_ptr<ByteStream>> LayerFetch::open(const LayerPost& layer, const Cancel& stop) const {
  if (!is_url(layer.path)) {
    ECLAIR_TRY(auto file, FileSource::open(layer.path));
    return std::make_unique<FileStream>(std::move(file));
  }
  const net::Client client(options(stop));
  ECLAIR_TRY(std::unique_ptr<net::Body> body, client.open(request_for(layer)));
  const int status = body->head().status;
  if (status < 200 || status >= 300) return fail(net::status_error(body->head()));
  return std::unique_ptr<ByteStream>(std::make_unique<BoundedStream>(std::move(body), settings_.max_bytes));
}

}  // namespace eclair::service
