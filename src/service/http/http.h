// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "util/cancel.h"
#include "util/result.h"

/// What handlers see of HTTP. No sockets here: tests call handlers with these structs.
namespace eclair::service {

enum class Method : std::uint8_t { get, head, post, put, del, other };

/// What somebody may do. Each includes those before it. none: routes that need no key (health).
enum class Role : std::uint8_t { none, read, write, admin };

/// Who asks.
struct Identity {
  std::string name;                   ///< of the key or of the certificate, for the log; "" = nobody said
  Role role = Role::none;
  std::vector<std::string> prefixes;  ///< of layer names and repositories that it may see and change; none = all
  /// May this layer name or repository be seen?
  bool may_use(std::string_view resource) const {
    if (prefixes.empty()) return true;
    for (const std::string& prefix : prefixes) {
      if (resource.substr(0, prefix.size()) == prefix) return true;
    }
    return false;
  }
};

struct Request {
  Method method = Method::get;
  std::string path;    ///< as sent, without the query, not decoded
  std::vector<std::pair<std::string, std::string>> query;    ///< decoded, in order; a key without "=" has the value ""
  std::vector<std::pair<std::string, std::string>> headers;  ///< names in lower case
  std::string body;    ///< at most the route's bound; what a client sent beyond it is cut where `truncated`
  bool truncated = false;
  std::string peer;    ///< address, for the log
  std::string id;      ///< of the request: the client's X-Request-Id where it is sane, else ours
  Identity who;
  std::vector<std::string> params;  ///< of the route's pattern, decoded, in order
  const Cancel* stop = nullptr;     ///< set when the client went away, the time is up or the server stops

  bool has_query(std::string_view key) const { return find_query(key) != nullptr; }
  const std::string* find_query(std::string_view key) const {
    for (const auto& [name, value] : query) {
      if (name == key) return &value;
    }
    return nullptr;
  }
  std::string_view header(std::string_view lower_name) const {
    for (const auto& [name, value] : headers) {
      if (name == lower_name) return value;
    }
    return {};
  }
};

/// A body that comes piece by piece, for as long as the client listens: it holds no worker while it waits.
class Stream {
 public:
  virtual ~Stream() = default;
  /// Called from a worker when the connection can take more. nullopt: nothing yet, ask again soon (the server waits half a second and sees
  /// whether the client is still there). "": the end.
  virtual std::optional<std::string> next() = 0;
};

struct Reply {
  int status = 200;
  std::string content_type;  ///< "" = no such header
  std::vector<std::pair<std::string, std::string>> headers{};
  std::string body{};
  /// More body, after `body`: shared pieces that are sent as they lie, so that what many reports have in common is made once.
  std::vector<std::shared_ptr<const std::string>> pieces{};
  std::unique_ptr<Stream> stream{};  ///< after those, chunked
};

using Handler = std::function<Reply(const Request&)>;

struct Route {
  Method method;
  std::string_view pattern;     ///< "/v1/layers/{name}/os": a {part} stands for one segment, not empty
  std::string_view name;        ///< for metrics and logs: "v1/getLayer"
  Role role = Role::read;       ///< what the caller needs
  Handler handle;
  std::uint64_t max_body_bytes = 1u << 20;
  bool long_running = false;    ///< reads layers: waits in the analysis pool, not in that of quick handlers
};

/// When a reply is compressed.
enum class Compression : std::uint8_t {
  never,
  large,   ///< from 1 KiB, where the client accepts gzip
  always,  ///< wherever Accept-Encoding contains "gzip", of any size, errors too: as generation 1 did
};

/// One generation of one API: its routes, and how it words what the server itself answers under its paths.
struct Api {
  std::string_view id;          ///< "v1"
  std::vector<Route> routes;
  /// An error in this API's shape. message: for people.
  std::function<Reply(int status, std::string_view message)> error;
  /// The answer when the time limit ends a request; empty: error(503, ...).
  std::function<Reply()> timed_out{};
  /// Paths that begin so and that no route has are answered by `error`. "": by the plain "404 page not found" that old clients know,
  /// and a wrong method by the plain "Method Not Allowed".
  std::string_view prefix{};
  Compression compression = Compression::large;
  bool cuts_bodies = false;     ///< a body beyond the route's bound is cut (Request::truncated) instead of refused with 413
};

}  // namespace eclair::service
