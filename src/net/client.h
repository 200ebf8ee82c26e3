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

#include "util/byte_source.h"
#include "util/byte_stream.h"
#include "util/cancel.h"
#include "util/result.h"
#include "util/time.h"

/// HTTP and HTTPS, blocking. The only user of libcurl.
/// Proxies come from HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY in either case; loopback hosts are never asked through one.
/// Trusted certificates: the system's or SSL_CERT_FILE and SSL_CERT_DIR, and Options::ca_file.
namespace eclair::net {

struct Options {
  bool insecure = false;         ///< certificates are not verified
  std::string ca_file;           ///< further trusted certificates, PEM
  bool only_ca_file = false;     ///< those of ca_file alone are trusted, where there is one
  std::string certificate, key;  ///< files in PEM: who we are, to servers that ask; both or none
  std::string server_name;       ///< what certificates must say instead of the URL's host
  std::string unix_socket;       ///< all requests go to this socket, whatever host the URL names; without any proxy
  std::string proxy;             ///< instead of what the environment says: "http://proxy:3128"; loopback hosts are then asked through it, too
  unsigned connect_seconds = 20; ///< name, connection and TLS
  unsigned stall_seconds = 60;   ///< no byte for so long while we wait for one: an error
  unsigned total_seconds = 0;    ///< one request, with redirects and the answer's body: longer is an error, however much moves. 0 = as long as it takes
  unsigned retries = 4;          ///< of a connection that broke, or a 502/503/504, one after the other without progress
  unsigned backoff_ms = 250;     ///< before the first retry; doubles
  unsigned patience_seconds = 0; ///< how long, in all, one request waits for a server that is busy or in trouble (429, 403, 5xx): as long as
                                 ///< it asks for (Retry-After), else from one second on, doubling. 0: only what `retries` says
  const Cancel* stop = nullptr;
  /// Whether a connection to a host at a numeric address ("10.0.0.1", "fe80::1") may be made: asked for each address that a name leads to, also
  /// after redirects, before anything is sent. Of a proxy it is the proxy's address. May be empty: any. From the calling thread.
  std::function<bool(const std::string& host, const std::string& address)> may_connect{};
};

struct Header {
  std::string name, value;
};

struct Request {
  std::string url;
  std::vector<Header> headers{};
  std::string authorization{};         ///< value of the Authorization header: for the URL's own host, never for one it redirects to
  std::vector<Header> host_headers{};  ///< as `authorization`: what another host must not be told
  std::string form{};                  ///< not empty: a POST with this application/x-www-form-urlencoded body
  bool head = false;
  /// "POST", "PUT", "PATCH": a request that changes something. It is sent once, whatever happens to the connection (only the caller knows
  /// what a second time would mean), and follows redirects only where they keep the method (307, 308). "": GET, or what `form` and `head` say.
  std::string method{};
  const ByteSource* body = nullptr;    ///< what a `method` sends, with its length; null: nothing. It must outlive the answer
  std::uint64_t max_bytes = 8u << 20;  ///< of the body, for send() and fetch()
  std::string limit_name{};            ///< what `max_bytes` is called in the message
  std::string what{};                  ///< "reading layer 3 of 7": for messages
  std::uint64_t expected_bytes = 0;    ///< size of the body where it is known beforehand and the answer does not say; 0 = not
  bool immutable = false;              ///< the same URL always gives the same bytes (and the caller checks a digest): a broken body may be
                                       ///< read again from its start where the server cannot continue
  /// A new `authorization` for one that is refused (401) where a broken body is to be continued.
  std::function<Result<std::string>(const std::string& refused)> renew{};
  /// fetch(): after each piece, total 0 = not known. With a `body`: after each piece of it that was handed to the connection.
  std::function<void(std::uint64_t done, std::uint64_t total)> progress{};
};

/// What came before the body.
struct Head {
  int status = 0;
  std::vector<Header> headers;
  std::string url;                                 ///< after redirects
  std::string_view header(std::string_view name) const;  ///< the first one of that name, "" if none
};

struct Response {
  Head head;
  std::string body;
};

/// A body that is read as it comes. At most 1 MiB of it is held. A connection that breaks is taken up again where it broke (Range).
/// errors of next(): unavailable (broken for good, or stalled), cancelled.
class Body : public ByteStream {
 public:
  virtual const Head& head() const = 0;
};

struct Download {
  bool modified = true;                ///< false: 304, `bytes` is null
  std::unique_ptr<ByteSource> bytes;
  std::string etag, last_modified;     ///< to be sent back as If-None-Match, If-Modified-Since
  std::string url;                     ///< after redirects
};

/// What went wrong where no answer came, for callers that have another way to try. broken: it was connected, and the connection broke.
enum class Trouble : unsigned char { none, resolve, connect, tls, certificate, broken, other };

/// threads: all functions may be called from several threads at once. Bodies may outlive their client.
class Client {
 public:
  explicit Client(Options options);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  /// Any status is an answer, not an error; redirects are followed (but for a form).
  /// errors: unavailable, limit (the body is larger than max_bytes), cancelled, invalid_input (the URL, the ca_file), unsupported (no address of
  /// the host is one that may be connected to), those of Request::body.
  Result<Response> send(const Request& request, Trouble* trouble = nullptr) const;
  /// The same with the body still to come.
  Result<std::unique_ptr<Body>> open(const Request& request, Trouble* trouble = nullptr) const;
  /// A document into memory, or into an unlinked temporary file when it is larger than `spill_bytes`.
  /// errors: those of send, not_found (404, 410), unavailable (any other status but 200 and 304).
  Result<Download> fetch(const Request& request, std::uint64_t spill_bytes = 1u << 20) const;

  std::uint64_t bytes_received() const;  ///< of bodies, by all requests so far

  struct Shared;  ///< of the client and its bodies

 private:
  std::shared_ptr<Shared> shared_;
};

/// Seconds since 1970 of a Last-Modified or Retry-After date; nullopt when it is none.
std::optional<UnixTime> http_date(const std::string& text);
/// "21 minutes" from a Retry-After header of seconds or a date; "" when there is none.
std::string retry_after(const Head& head);
/// For an answer that is none of those hoped for: "HOST answered 503", "HOST limits requests from this address (429, retry in 21 minutes)".
/// codes: not_found for 404 and 410, else unavailable.
Error status_error(const Head& head);

}  // namespace eclair::net
