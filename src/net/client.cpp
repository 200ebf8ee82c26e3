// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
//
// How a body is pulled: each running request owns a *lane*, a curl_multi handle with one easy handle in it, which next() itself drives.
// There is no thread: while the consumer works, the kernel's socket buffer fills, and when ours is full the transfer is paused, so that
// a slow consumer costs at most kBufferBytes twice. Only time spent waiting in next() counts against the stall limit. Lanes go back to a
// pool with their open connection, so that a registry's token, manifest, config and first layer share one TLS handshake.
// HTTP/1.1 only: libcurl's HTTP/2 lets a peer send 32 MiB ahead of a paused reader.
#include "net/client.h"

#include <netdb.h>
#include <sys/socket.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fstream>
#include <iterator>
#include <mutex>
#include <thread>

#include "net/curl_library.h"
#include "net/url.h"
#include "util/text.h"

#ifndef ECLAIR_VERSION
#define ECLAIR_VERSION "0"
#endif

namespace eclair::net {
namespace client_detail {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kBufferBytes = 512u << 10;
constexpr std::size_t kHeaderBytes = 256u << 10;        // all headers of one answer
constexpr std::size_t kCertificatesBytes = 16u << 20;   // of a ca_file
constexpr std::uint64_t kProgressBytes = 1u << 20;      // a broken body that got so much further may break again as often
constexpr unsigned kRedirects = 10;
constexpr std::size_t kIdleLanes = 8;
constexpr int kWaitMs = 100;  // how long a request to stop may stay unseen

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string{} : std::string(value);
}

std::string lower_first(std::string s) {
  if (s.size() > 1 && text::lower(s[1]) == s[1]) s[0] = text::lower(s[0]);
  return s;
}

/// "214 of 480 MiB", "17 KiB": how far a body came.
std::string amount(std::uint64_t done, std::uint64_t total) {
  const std::uint64_t largest = std::max(done, total);
  const unsigned shift = largest >= 10u << 20 ? 20 : largest >= 10u << 10 ? 10 : 0;
  const char* unit = shift == 20 ? " MiB" : shift == 10 ? " KiB" : " bytes";
  return std::to_string(done >> shift) + (total > 0 ? " of " + std::to_string(total >> shift) : std::string{}) + unit;
}

/// Good once Shared::prepare() loaded it, which comes before all else.
const CurlLibrary& curl() {
  static const CurlLibrary& library = **load_curl();
  return library;
}

struct Lane {
  CURLM* multi = curl().multi_init();
  CURL* easy = curl().easy_init();
  Lane() = default;
  Lane(const Lane&) = delete;
  Lane& operator=(const Lane&) = delete;
  ~Lane() {
    curl().easy_cleanup(easy);
    curl().multi_cleanup(multi);
  }
};

/// What Retry-After asks for; nullopt when there is none.
std::optional<std::uint64_t> seconds_to_wait(const Head& head) {
  const std::string value(head.header("Retry-After"));
  if (value.empty()) return std::nullopt;
  if (const auto number = text::parse_number(value)) return *number;
  const auto date = http_date(value);
  if (!date) return std::nullopt;
  const UnixTime now = std::time(nullptr);
  return *date > now ? static_cast<std::uint64_t>(*date - now) : 0;
}

/// PEM text of a file; "" if it cannot be read.
std::string read_certificates(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::string out;
  std::string chunk(64u << 10, '\0');
  while (in && out.size() < kCertificatesBytes) {
    in.read(chunk.data(), static_cast<std::streamsize>(chunk.size()));
    out.append(chunk, 0, static_cast<std::size_t>(in.gcount()));
  }
  return out;
}

}  // namespace client_detail

using namespace client_detail;

struct Client::Shared {
  // constant after construction
  Options options;
  // constant after prepare()
  std::once_flag prepared;
  std::string certificates;  ///< PEM: the system's and those of ca_file; only with a ca_file
  std::string unprepared;    ///< why prepare() failed
  // own synchronisation
  std::atomic<std::uint64_t> received{0};
  // guarded by mutex
  std::mutex mutex;
  std::vector<std::unique_ptr<Lane>> idle;

  Result<> prepare() {
    ECLAIR_CHECK_OK(load_curl());
    std::call_once(prepared, [this] {
      if (options.ca_file.empty()) return;
      const std::string extra = read_certificates(options.ca_file);
      if (extra.find("-----BEGIN ") == std::string::npos) {
        unprepared = "no PEM certificates in " + text::quoted(options.ca_file, 400);
        return;
      }
      std::string system = environment("SSL_CERT_FILE");
      const curl_version_info_data* info = curl().version_info(CURLVERSION_NOW);
      if (system.empty() && info->age >= CURLVERSION_SEVENTH && info->cainfo != nullptr) system = info->cainfo;
      if (!system.empty() && !options.only_ca_file) certificates = read_certificates(system) + "\n";
      certificates += extra;
    });
    if (!unprepared.empty()) return fail(Errc::invalid_input, unprepared);
    return {};
  }

  Result<std::unique_ptr<Lane>> take_lane() {
    {
      const std::lock_guard lock(mutex);
      if (!idle.empty()) {
        std::unique_ptr<Lane> lane = std::move(idle.back());
        idle.pop_back();
        return lane;
      }
    }
    auto lane = std::make_unique<Lane>();
    if (lane->multi == nullptr || lane->easy == nullptr) return fail(Errc::unavailable, "cannot make an HTTP request: out of memory");
    return lane;
  }

  void give_back(std::unique_ptr<Lane> lane) {
    curl().easy_reset(lane->easy);
    const std::lock_guard lock(mutex);
    if (idle.size() < kIdleLanes) idle.push_back(std::move(lane));
  }

  bool stopped() const { return options.stop != nullptr && options.stop->requested(); }

  /// Sleeps before a retry; false when asked to stop meanwhile.
  bool back_off(unsigned attempt) const { return sleep(static_cast<std::uint64_t>(options.backoff_ms) << std::min(attempt, 10u)); }
  bool sleep(std::uint64_t milliseconds) const {
    const auto until = Clock::now() + std::chrono::milliseconds(milliseconds);
    while (Clock::now() < until) {
      if (stopped()) return false;
      const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now());
      std::this_thread::sleep_for(std::min(left, std::chrono::milliseconds(kWaitMs)));
    }
    return !stopped();
  }
};

namespace client_detail {

/// How one exchange ended, when it ended badly.
struct Failure {
  Error error;
  Trouble trouble = Trouble::other;
  bool again = false;  ///< the same may work in a moment: the connection broke, rather than never was
};

/// One exchange with one server: no redirects, no retries.
class Transfer {
 public:
  Transfer(std::shared_ptr<Client::Shared> shared, std::unique_ptr<Lane> lane) : shared_(std::move(shared)), lane_(std::move(lane)) {}
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;
  ~Transfer() {
    if (lane_ == nullptr) return;
    if (started_) curl().multi_remove_handle(lane_->multi, lane_->easy);
    curl().slist_free_all(list_);
    curl().slist_free_all(connect_to_);
    shared_->give_back(std::move(lane_));
  }

  /// deadline: when it is too late, whatever moves.
  void start(const Request& request, const std::string& url, const std::vector<Header>& headers, Clock::time_point deadline);
  /// Lets the exchange go on until something came, it ended, or waiting was in vain.
  Result<> step();
  Result<> wait_for_head() {
    while (!head_done_ && !done_) ECLAIR_CHECK_OK(step());
    return {};
  }
  /// What came since, good until the next call. Lets a paused transfer go on.
  std::string_view take() {
    front_.clear();
    std::swap(front_, back_);
    if (paused_) {
      paused_ = false;
      curl().easy_pause(lane_->easy, CURLPAUSE_CONT);
    }
    return front_;
  }
  /// The time until now was the reader's own.
  void restart_clock() { waiting_since_ = Clock::now(); }
  bool has_bytes() const { return !back_.empty(); }
  bool done() const { return done_; }
  bool head_done() const { return head_done_; }
  bool ended_well() const { return done_ && code_ == CURLE_OK; }
  const Head& head() const { return head_; }
  /// Why it ended badly.  so_far: "reading layer 3 (2 of 7 MiB)"
  Failure failure(const std::string& so_far) const;

 private:
  static std::size_t on_header(char* data, std::size_t size, std::size_t n, void* self);
  static std::size_t on_body(char* data, std::size_t size, std::size_t n, void* self);
  static std::size_t on_upload(char* into, std::size_t size, std::size_t n, void* self);
  static int on_rewind(void* self, curl_off_t offset, int origin);
  static curl_socket_t on_socket(void* self, curlsocktype purpose, curl_sockaddr* address);
  void set_method(const Request& request);
  void set_trust(CURL* easy, bool verify) const;
  void set_server_name(const Url& parts);
  std::string issuer() const;

  std::shared_ptr<Client::Shared> shared_;  // with the client and other bodies: whoever is left last frees the lanes
  std::unique_ptr<Lane> lane_;
  curl_slist *list_ = nullptr, *connect_to_ = nullptr;
  std::string named_url_;
  Head head_;
  std::string front_, back_, form_;
  std::size_t header_bytes_ = 0;
  const ByteSource* upload_ = nullptr;
  std::uint64_t uploaded_ = 0;
  std::function<void(std::uint64_t, std::uint64_t)> progress_;  // of the upload
  std::unique_ptr<Error> unread_;  // why the bytes to be sent could not be read
  char message_[CURL_ERROR_SIZE] = {};
  CURLcode code_ = CURLE_OK;
  std::string refused_;  ///< an address that may not be connected to
  Clock::time_point waiting_since_, deadline_ = Clock::time_point::max();
  bool started_ = false, head_done_ = false, done_ = false, paused_ = false, moved_ = false;
};

std::size_t Transfer::on_header(char* data, std::size_t size, std::size_t n, void* self) {
  auto& me = *static_cast<Transfer*>(self);
  const std::string_view line = text::trim(std::string_view(data, size * n));
  me.moved_ = true;
  me.header_bytes_ += size * n;
  if (me.header_bytes_ > kHeaderBytes) return 0;
  if (me.head_done_) return size * n;  // trailers
  if (line.substr(0, 5) == "HTTP/") {
    me.head_.headers.clear();
    const auto words = text::words(line);
    me.head_.status = words.size() > 1 ? static_cast<int>(text::parse_number(words[1]).value_or(0) % 1000) : 0;
  } else if (line.empty()) {
    me.head_done_ = me.head_.status >= 200;  // not after "100 Continue"
  } else {
    const auto [name, value] = text::cut(line, ':');
    me.head_.headers.push_back({std::string(text::trim(name)), std::string(text::trim(value))});
  }
  return size * n;
}

std::size_t Transfer::on_body(char* data, std::size_t size, std::size_t n, void* self) {
  auto& me = *static_cast<Transfer*>(self);
  if (me.back_.size() + size * n > kBufferBytes) {
    me.paused_ = true;
    return CURL_WRITEFUNC_PAUSE;
  }
  me.moved_ = true;
  me.back_.append(data, size * n);
  me.shared_->received.fetch_add(size * n, std::memory_order_relaxed);
  return size * n;
}

std::size_t Transfer::on_upload(char* into, std::size_t size, std::size_t n, void* self) {
  auto& me = *static_cast<Transfer*>(self);
  if (me.upload_ == nullptr) return 0;
  auto got = me.upload_->read_at(me.uploaded_, {into, size * n});
  if (!got) {
    me.unread_ = std::make_unique<Error>(std::move(got).error());
    return CURL_READFUNC_ABORT;
  }
  me.moved_ = true;
  me.uploaded_ += *got;
  if (me.progress_) me.progress_(me.uploaded_, me.upload_->size());
  return *got;
}

/// An idle connection that turns out to be closed is replaced, and what it was given is sent anew.
int Transfer::on_rewind(void* self, curl_off_t offset, int origin) {
  if (origin != SEEK_SET || offset < 0) return CURL_SEEKFUNC_CANTSEEK;
  static_cast<Transfer*>(self)->uploaded_ = static_cast<std::uint64_t>(offset);
  return CURL_SEEKFUNC_OK;
}

/// After names were resolved, so that none leads to where nobody may go.
curl_socket_t Transfer::on_socket(void* self, curlsocktype, curl_sockaddr* address) {
  Transfer& me = *static_cast<Transfer*>(self);
  char text[NI_MAXHOST] = {};
  const bool known = ::getnameinfo(&address->addr, address->addrlen, text, sizeof(text), nullptr, 0, NI_NUMERICHOST) == 0;
  if (!known || !me.shared_->options.may_connect(take_apart(me.head_.url).host, text)) {
    me.refused_ = known ? text : "an unknown address";
    return CURL_SOCKET_BAD;
  }
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

void Transfer::set_method(const Request& request) {
  CURL* easy = lane_->easy;
  if (request.head) curl().easy_setopt(easy, CURLOPT_NOBODY, 1L);
  if (!request.form.empty()) {
    form_ = request.form;
    curl().easy_setopt(easy, CURLOPT_POSTFIELDSIZE, static_cast<long>(form_.size()));
    curl().easy_setopt(easy, CURLOPT_POSTFIELDS, form_.c_str());
  }
  if (request.method.empty()) return;
  upload_ = request.body;
  progress_ = request.progress;
  curl().easy_setopt(easy, CURLOPT_UPLOAD, 1L);
  curl().easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
  curl().easy_setopt(easy, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(upload_ == nullptr ? 0 : upload_->size()));
  curl().easy_setopt(easy, CURLOPT_READFUNCTION, &Transfer::on_upload);
  curl().easy_setopt(easy, CURLOPT_READDATA, this);
  curl().easy_setopt(easy, CURLOPT_SEEKFUNCTION, &Transfer::on_rewind);
  curl().easy_setopt(easy, CURLOPT_SEEKDATA, this);
}

void Transfer::set_trust(CURL* easy, bool verify) const {
  const Options& options = shared_->options;
  curl().easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, verify ? 1L : 0L);
  curl().easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, verify ? 2L : 0L);
  if (!verify) return;
  const bool alone = options.only_ca_file && !options.ca_file.empty();
  const std::string file = environment("SSL_CERT_FILE"), folder = alone ? "" : environment("SSL_CERT_DIR");
  if (alone) curl().easy_setopt(easy, CURLOPT_CAPATH, nullptr);
  if (!folder.empty()) curl().easy_setopt(easy, CURLOPT_CAPATH, folder.c_str());
  if (!options.ca_file.empty()) {
    curl_blob blob{const_cast<char*>(shared_->certificates.data()), shared_->certificates.size(), CURL_BLOB_NOCOPY};
    curl().easy_setopt(easy, CURLOPT_CAINFO_BLOB, &blob);
  } else if (!file.empty()) {
    curl().easy_setopt(easy, CURLOPT_CAINFO, file.c_str());
  }
}

/// The URL gets the name, and the connection goes to where the URL went.
void Transfer::set_server_name(const Url& parts) {
  const std::string& name = shared_->options.server_name;
  const std::size_t rest = head_.url.find_first_of("/?#", head_.url.find("://") + 3);
  named_url_ = "https://" + name + ":" + parts.port + (rest == std::string::npos ? "/" : head_.url.substr(rest));
  connect_to_ = curl().slist_append(nullptr, (name + ":" + parts.port + ":" + parts.host + ":" + parts.port).c_str());
  list_ = curl().slist_append(list_, ("Host: " + host_of(head_.url)).c_str());
  curl().easy_setopt(lane_->easy, CURLOPT_URL, named_url_.c_str());
  curl().easy_setopt(lane_->easy, CURLOPT_CONNECT_TO, connect_to_);
}

void Transfer::start(const Request& request, const std::string& url, const std::vector<Header>& headers, Clock::time_point deadline) {
  deadline_ = deadline;
  CURL* easy = lane_->easy;
  const Options& options = shared_->options;
  head_ = {};
  head_.url = url;
  curl().easy_setopt(easy, CURLOPT_URL, url.c_str());
  curl().easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl().easy_setopt(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  curl().easy_setopt(easy, CURLOPT_USERAGENT, "eclair/" ECLAIR_VERSION);
  curl().easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl().easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
  curl().easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  curl().easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options.connect_seconds) * 1000L);
  curl().easy_setopt(easy, CURLOPT_BUFFERSIZE, 128L << 10);
  curl().easy_setopt(easy, CURLOPT_ERRORBUFFER, message_);
  curl().easy_setopt(easy, CURLOPT_HEADERFUNCTION, &Transfer::on_header);
  curl().easy_setopt(easy, CURLOPT_HEADERDATA, this);
  curl().easy_setopt(easy, CURLOPT_WRITEFUNCTION, &Transfer::on_body);
  curl().easy_setopt(easy, CURLOPT_WRITEDATA, this);
  if (options.may_connect) {
    curl().easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, &Transfer::on_socket);
    curl().easy_setopt(easy, CURLOPT_OPENSOCKETDATA, this);
  }
  set_trust(easy, !options.insecure);
  if (!options.certificate.empty()) {
    curl().easy_setopt(easy, CURLOPT_SSLCERT, options.certificate.c_str());
    curl().easy_setopt(easy, CURLOPT_SSLKEY, options.key.c_str());
  }

  const Url parts = take_apart(url);
  if (!options.server_name.empty() && parts.scheme == "https") set_server_name(parts);
  if (!options.unix_socket.empty()) {
    curl().easy_setopt(easy, CURLOPT_UNIX_SOCKET_PATH, options.unix_socket.c_str());
    curl().easy_setopt(easy, CURLOPT_PROXY, "");
  } else if (!options.proxy.empty()) {
    curl().easy_setopt(easy, CURLOPT_PROXY, options.proxy.c_str());
    curl().easy_setopt(easy, CURLOPT_NOPROXY, "");
  } else if (is_loopback(parts.host)) {
    curl().easy_setopt(easy, CURLOPT_PROXY, "");
  } else if (parts.scheme == "http" && environment("http_proxy").empty() && environment("REQUEST_METHOD").empty()) {
    // libcurl does not read the upper-case name, because a CGI's client can set it; everybody else's tools do.
    if (const std::string proxy = environment("HTTP_PROXY"); !proxy.empty()) curl().easy_setopt(easy, CURLOPT_PROXY, proxy.c_str());
  }
  set_method(request);
  for (const Header& header : headers) list_ = curl().slist_append(list_, (header.name + ": " + header.value).c_str());
  list_ = curl().slist_append(list_, "Expect:");
  curl().easy_setopt(easy, CURLOPT_HTTPHEADER, list_);
  back_.reserve(kBufferBytes);
  front_.reserve(kBufferBytes);
  waiting_since_ = Clock::now();
  started_ = true;
  if (curl().multi_add_handle(lane_->multi, easy) != CURLM_OK) {
    done_ = true;
    code_ = CURLE_FAILED_INIT;
  }
}

Result<> Transfer::step() {
  int running = 0;
  moved_ = false;
  curl().multi_perform(lane_->multi, &running);
  int left = 0;
  while (const CURLMsg* message = curl().multi_info_read(lane_->multi, &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    done_ = true;
    code_ = message->data.result;
  }
  if (shared_->stopped()) return fail(Errc::cancelled, "cancelled");
  const Clock::time_point now = Clock::now();
  if (moved_) waiting_since_ = now;
  if (now > deadline_ && !done_) return fail(Errc::unavailable, "too late");
  if (done_ || has_bytes()) return {};
  if (moved_ && head_done_) return {};
  if (now - waiting_since_ > std::chrono::seconds(shared_->options.stall_seconds)) {
    return fail(Errc::unavailable, "stalled");
  }
  curl().multi_poll(lane_->multi, nullptr, 0, kWaitMs, nullptr);
  return {};
}

/// Who signed the certificate that was not accepted: connects once more without judging it, and sends nothing.
std::string Transfer::issuer() const {
  std::string out;
  CURL* easy = curl().easy_init();
  if (easy == nullptr) return out;
  curl().easy_setopt(easy, CURLOPT_URL, head_.url.c_str());
  curl().easy_setopt(easy, CURLOPT_CONNECT_ONLY, 1L);
  curl().easy_setopt(easy, CURLOPT_CERTINFO, 1L);
  curl().easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl().easy_setopt(easy, CURLOPT_TIMEOUT, 5L);
  if (is_loopback(take_apart(head_.url).host)) curl().easy_setopt(easy, CURLOPT_PROXY, "");
  set_trust(easy, false);
  if (curl().easy_perform(easy) == CURLE_OK) {
    curl_certinfo* chain = nullptr;
    curl().easy_getinfo(easy, CURLINFO_CERTINFO, &chain);
    // The last certificate sent was signed by the one that we would have to trust.
    for (const curl_slist* line = chain != nullptr && chain->num_of_certs > 0 ? chain->certinfo[chain->num_of_certs - 1] : nullptr; line != nullptr;
         line = line->next) {
      const std::string_view text = line->data;
      if (text.substr(0, 7) != "Issuer:") continue;
      for (const std::string_view field : text::split(text.substr(7), ',')) {
        const auto [name, value] = text::cut(text::trim(field), '=');
        const bool common = text::trim(name) == "CN";
        if (common || out.empty()) out = text::trim(value);
        if (common) break;
      }
    }
  }
  curl().easy_cleanup(easy);
  return text::clean(out, 100);
}

Failure Transfer::failure(const std::string& so_far) const {
  const std::string host = host_of(head_.url);
  const std::string detail = text::clean(message_[0] != '\0' ? message_ : curl().easy_strerror(code_), 300);
  const auto with = [](std::string text, Trouble trouble, std::string hint = {}) {
    return Failure{Error{Errc::unavailable, std::move(text), std::move(hint)}, trouble, false};
  };
  long connect_status = 0, system_error = 0, verify = 0;
  double connected = 0;
  curl().easy_getinfo(lane_->easy, CURLINFO_HTTP_CONNECTCODE, &connect_status);
  curl().easy_getinfo(lane_->easy, CURLINFO_OS_ERRNO, &system_error);
  curl().easy_getinfo(lane_->easy, CURLINFO_SSL_VERIFYRESULT, &verify);
  curl().easy_getinfo(lane_->easy, CURLINFO_PRETRANSFER_TIME, &connected);
  if (unread_ != nullptr) return Failure{*unread_, Trouble::other, false};
  if (!refused_.empty()) {
    return Failure{Error{Errc::unsupported, host + " leads to " + refused_ + ", which nothing is fetched from"}, Trouble::other, false};
  }
  if (connect_status >= 400) {
    return with("the proxy refused a connection to " + host + " (" + std::to_string(connect_status) + ")", Trouble::connect);
  }
  switch (code_) {
    case CURLE_COULDNT_RESOLVE_HOST:
      return with("cannot resolve host \"" + text::clean(take_apart(head_.url).host, 300) + "\"", Trouble::resolve);
    case CURLE_COULDNT_RESOLVE_PROXY:
      return with("cannot resolve the host of the proxy for " + host, Trouble::resolve, "look at HTTPS_PROXY, HTTP_PROXY and NO_PROXY");
    case CURLE_COULDNT_CONNECT: {
      const std::string why = system_error != 0 ? lower_first(std::strerror(static_cast<int>(system_error))) : lower_first(detail);
      return with("cannot connect to " + host + ": " + why, Trouble::connect);
    }
    case CURLE_OPERATION_TIMEDOUT:
      return with("cannot connect to " + host + " within " + std::to_string(shared_->options.connect_seconds) + " s", Trouble::connect);
    case CURLE_PEER_FAILED_VERIFICATION: {
      constexpr long kExpired = 10, kNotYetValid = 9;  // X509_V_ERR_*
      if (verify == kExpired) return with("certificate of " + host + " has expired", Trouble::certificate);
      if (verify == kNotYetValid) return with("certificate of " + host + " is not valid yet", Trouble::certificate, "look at this machine's clock");
      if (detail.find("subject name") != std::string::npos) {
        return with("certificate of " + host + " is for another name", Trouble::certificate);
      }
      const std::string by = issuer();
      return with("certificate of " + host + " is not trusted" + (by.empty() ? " (" + lower_first(detail) + ")" : " (issuer \"" + by + "\")"),
                  Trouble::certificate, "--cacert FILE with the issuer's certificate");
    }
    case CURLE_SSL_CACERT_BADFILE:
      return with("cannot read the trusted certificates: " + lower_first(detail), Trouble::certificate);
    case CURLE_SSL_CONNECT_ERROR:
      if (detail.find("wrong version number") != std::string::npos || detail.find("packet length too long") != std::string::npos) {
        return with(host + " does not speak TLS", Trouble::tls, "--insecure, if it is meant to be plain HTTP");
      }
      if (connected == 0) return with("no TLS connection to " + host + ": " + lower_first(detail), Trouble::tls);
      break;
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_URL_MALFORMAT:
      return Failure{Error{Errc::invalid_input, "not an http or https address: " + host}, Trouble::other, false};
    case CURLE_WRITE_ERROR:
      if (header_bytes_ > kHeaderBytes) return with(host + " answered with more than " + std::to_string(kHeaderBytes) + " bytes of headers", Trouble::other);
      break;
    case CURLE_OUT_OF_MEMORY:
    case CURLE_FAILED_INIT:
      return with("cannot make an HTTP request: " + lower_first(detail), Trouble::other);
    default: break;
  }
  Failure out = with("connection to " + host + " broke" + (so_far.empty() ? "" : " while " + so_far) + ": " + lower_first(detail), Trouble::broken);
  out.again = true;
  return out;
}

bool is_safe_header(std::string_view s) {
  return std::none_of(s.begin(), s.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

/// One request over redirects, up to the head of the answer that is no redirect.
class Exchange {
 public:
  Exchange(std::shared_ptr<Client::Shared> shared, Request request) : shared_(std::move(shared)), request_(std::move(request)) {
    if (shared_->options.total_seconds > 0) deadline_ = Clock::now() + std::chrono::seconds(shared_->options.total_seconds);
  }

  /// extra: headers of this attempt only (Range).
  tl::expected<std::unique_ptr<Transfer>, Failure> begin(const std::vector<Header>& extra, const std::string& so_far) {
    std::string url = request_.url;
    bool at_home = true;
    for (unsigned redirect = 0; redirect <= kRedirects; ++redirect) {
      std::vector<Header> headers = request_.headers;
      headers.insert(headers.end(), extra.begin(), extra.end());
      at_home = at_home && same_server(request_.url, url);  // once it left, it does not come back
      if (at_home) headers.insert(headers.end(), request_.host_headers.begin(), request_.host_headers.end());
      if (at_home && !request_.authorization.empty()) headers.push_back({"Authorization", request_.authorization});
      for (const Header& h : headers) {
        if (!is_safe_header(h.name) || !is_safe_header(h.value)) {
          return hard(Errc::invalid_input, "the value for the header " + text::quoted(h.name) + " has control characters");
        }
      }
      auto lane = shared_->take_lane();
      if (!lane) return tl::unexpected<Failure>(Failure{std::move(lane).error()});
      auto transfer = std::make_unique<Transfer>(shared_, *std::move(lane));
      transfer->start(request_, url, headers, deadline_);
      if (auto waited = transfer->wait_for_head(); !waited) return tl::unexpected<Failure>(Failure{explain(std::move(waited).error(), url, so_far)});
      // A server that refuses an upload may close the connection while we are still sending: its answer counts.
      const bool refused_early = !request_.method.empty() && transfer->head().status >= 400 && transfer->head_done();
      if (transfer->done() && !transfer->ended_well() && !transfer->has_bytes() && !refused_early) return tl::unexpected<Failure>(transfer->failure(so_far));
      const Head& head = transfer->head();
      const std::string location(head.header("Location"));
      const bool keeps_method = head.status == 307 || head.status == 308;
      const bool moves = keeps_method || (request_.method.empty() && (head.status == 301 || head.status == 302 || head.status == 303));
      if (!moves || location.empty() || !request_.form.empty()) return transfer;
      std::string next = resolve_url(url, location);
      if (next.empty()) return hard(Errc::unavailable, host_of(url) + " redirects to something that is not an http or https address");
      if (url.substr(0, 6) == "https:" && next.substr(0, 5) == "http:" && !shared_->options.insecure) {
        return hard(Errc::unavailable, host_of(url) + " redirects from HTTPS to plain HTTP on " + host_of(next));
      }
      drain(*transfer);
      url = std::move(next);
    }
    return hard(Errc::unavailable, host_of(request_.url) + " redirects more than " + std::to_string(kRedirects) + " times");
  }

  /// The same, again while the connection breaks or a gateway says that its server is away.
  tl::expected<std::unique_ptr<Transfer>, Failure> begin_patiently() {
    std::uint64_t waited = 0;
    unsigned waits = 0;
    for (unsigned attempt = 0;; ++attempt) {
      auto transfer = begin({}, request_.what);
      if (!request_.method.empty()) return transfer;
      if (transfer && shared_->options.patience_seconds > 0 && is_busy((*transfer)->head().status)) {
        const std::uint64_t wait = seconds_to_wait((*transfer)->head()).value_or(std::uint64_t{1} << std::min(waits, 10u));
        if (waited >= shared_->options.patience_seconds || wait > shared_->options.patience_seconds - waited) return transfer;
        waited += std::max<std::uint64_t>(wait, 1);  // a server that says "now" again and again is not asked without end
        ++waits;
        transfer->reset();
        if (!shared_->sleep(wait * 1000)) return hard(Errc::cancelled, "cancelled");
        continue;
      }
      const bool away = transfer && ((*transfer)->head().status == 502 || (*transfer)->head().status == 503 || (*transfer)->head().status == 504);
      const bool told_when = away && !(*transfer)->head().header("Retry-After").empty();
      const bool again = transfer ? away && !told_when : transfer.error().again;
      if (!again || attempt >= shared_->options.retries) return transfer;
      if (transfer) transfer->reset();
      if (!shared_->back_off(attempt)) return hard(Errc::cancelled, "cancelled");
    }
  }

  /// A waiting time that was in vain, in words.
  Error explain(Error error, const std::string& url, const std::string& so_far) const {
    if (error.text == "too late") {
      error.text = host_of(url) + " took longer than " + std::to_string(shared_->options.total_seconds) + " s" + (so_far.empty() ? "" : ": " + so_far);
      return error;
    }
    if (error.text != "stalled") return error;
    error.text = "no data from " + host_of(url) + " for " + std::to_string(shared_->options.stall_seconds) + " s" +
                 (so_far.empty() ? "" : " while " + so_far);
    error.hint = "--stall-timeout 5m";
    return error;
  }

  Request& request() { return request_; }
  const Request& request() const { return request_; }
  Client::Shared& shared() { return *shared_; }

 private:
  static bool is_busy(int status) { return status == 429 || status == 403 || status >= 500; }
  static tl::unexpected<Failure> hard(Errc code, std::string text) { return tl::unexpected<Failure>(Failure{Error{code, std::move(text)}}); }

  /// Reads a short rest of a body, so that the connection can be used again.
  static void drain(Transfer& transfer) {
    std::size_t seen = 0;
    while (seen < kBufferBytes / 8) {
      seen += transfer.take().size();
      if (transfer.done() || !transfer.step()) return;
    }
  }

  std::shared_ptr<Client::Shared> shared_;
  Request request_;
  Clock::time_point deadline_ = Clock::time_point::max();
};

class HttpBody final : public Body {
 public:
  HttpBody(Exchange exchange, std::unique_ptr<Transfer> transfer)
      : exchange_(std::move(exchange)), transfer_(std::move(transfer)), head_(transfer_->head()) {
    const Request& request = exchange_.request();
    total_ = text::parse_number(head_.header("Content-Length")).value_or(request.expected_bytes);
    if (request.head || head_.status != 200) total_ = 0;
  }

  const Head& head() const override { return head_; }

  Result<std::string_view> next() override {
    if (broken_) return fail(*broken_);
    if (transfer_ != nullptr) transfer_->restart_clock();
    auto piece = pull();
    if (!piece) broken_ = std::make_unique<Error>(piece.error());
    return piece;
  }

  std::uint64_t total() const { return total_; }

 private:
  Result<std::string_view> pull() {
    while (!ended_) {
      std::string_view piece = transfer_->take();
      const std::size_t skipped = std::min<std::uint64_t>(skip_, piece.size());
      piece.remove_prefix(skipped);
      skip_ -= skipped;
      if (!piece.empty()) {
        offset_ += piece.size();
        return piece;
      }
      if (!transfer_->done() || transfer_->has_bytes()) {
        auto stepped = transfer_->step();
        if (!stepped) return fail(exchange_.explain(std::move(stepped).error(), transfer_->head().url, so_far()));
        continue;
      }
      const bool short_of = total_ > 0 && offset_ < total_;
      const bool refused_early = !exchange_.request().method.empty() && head_.status >= 400;
      if (refused_early || (transfer_->ended_well() && !short_of && skip_ == 0)) {
        ended_ = true;
        transfer_.reset();  // its connection is free for others now
        break;
      }
      ECLAIR_CHECK_OK(resume());
    }
    return std::string_view{};
  }

  std::string so_far() const {
    const std::string& what = exchange_.request().what;
    return (what.empty() ? "reading" : what) + " (" + amount(offset_, total_) + ")";
  }

  /// Takes the body up where it broke.
  Result<> resume() {
    Failure why = transfer_->ended_well()
                      ? Failure{Error{Errc::unavailable, "connection to " + host_of(transfer_->head().url) + " broke while " + so_far()}, Trouble::other, true}
                      : transfer_->failure(so_far());
    Client::Shared& shared = exchange_.shared();
    if (offset_ - resumed_at_ >= kProgressBytes) attempts_ = 0;
    const bool repeats = exchange_.request().method.empty();
    while (why.again && repeats && head_.status == 200 && attempts_ < shared.options.retries) {
      transfer_.reset();
      if (!shared.back_off(attempts_++)) return fail(Errc::cancelled, "cancelled");
      std::vector<Header> extra;
      if (offset_ > 0) extra.push_back({"Range", "bytes=" + std::to_string(offset_) + "-"});
      const std::string_view etag = head_.header("ETag"), date = head_.header("Last-Modified");
      const bool strong = !etag.empty() && etag.substr(0, 2) != "W/";
      if (offset_ > 0 && (strong || !date.empty())) extra.push_back({"If-Range", std::string(strong ? etag : date)});
      auto next = exchange_.begin(extra, so_far());
      if (!next) {
        why = std::move(next).error();
        why.again = why.again || why.trouble == Trouble::connect;  // it was there a moment ago
        continue;
      }
      const Head& head = (*next)->head();
      if (head.status == 401 && exchange_.request().renew) {
        next->reset();
        ECLAIR_TRY(exchange_.request().authorization, exchange_.request().renew(exchange_.request().authorization));
        continue;
      }
      if (head.status != 200 && head.status != 206) {
        why = Failure{status_error(head).within("continuing " + so_far()), Trouble::other, head.status >= 500 || head.status == 429};
        continue;
      }
      if (head.status == 206 && !continues_at_offset(head)) {
        return fail(Errc::unavailable, host_of(head.url) + " continues at another place than asked, " + so_far());
      }
      if (head.status == 200 && offset_ > 0 && !exchange_.request().immutable) {
        return fail(Errc::unavailable, "connection broke while " + so_far() + ", and " + host_of(head.url) + " cannot continue there");
      }
      skip_ = head.status == 200 ? offset_ : 0;
      resumed_at_ = offset_;
      transfer_ = *std::move(next);
      return {};
    }
    return fail(std::move(why.error));
  }

  /// Content-Range: bytes 100-199/200
  bool continues_at_offset(const Head& head) const {
    const std::string_view range = text::trim(head.header("Content-Range"));
    if (!text::iequals(range.substr(0, 6), "bytes ")) return false;
    return text::parse_number(text::trim(text::cut(range.substr(6), '-').first)) == offset_;
  }

  Exchange exchange_;
  std::unique_ptr<Transfer> transfer_;
  Head head_;
  std::unique_ptr<Error> broken_;
  std::uint64_t total_ = 0, offset_ = 0, skip_ = 0, resumed_at_ = 0;
  unsigned attempts_ = 0;
  bool ended_ = false;
};

Result<std::unique_ptr<HttpBody>> open_body(const std::shared_ptr<Client::Shared>& shared, const Request& request, Trouble* trouble) {
  if (trouble != nullptr) *trouble = Trouble::none;
  ECLAIR_CHECK_OK(shared->prepare());
  if (!take_apart(request.url).ok) return fail(Errc::invalid_input, "not an http or https address: " + text::quoted(host_of(request.url)));
  Exchange exchange(shared, request);
  auto transfer = exchange.begin_patiently();
  if (!transfer) {
    if (trouble != nullptr) *trouble = transfer.error().trouble;
    return fail(std::move(transfer).error().error);
  }
  return std::make_unique<HttpBody>(std::move(exchange), *std::move(transfer));
}

Error too_large(const Request& request, const std::string& url) {
  const std::string name = request.limit_name.empty() ? "" : " (" + request.limit_name + ")";
  return {Errc::limit, "the answer of " + host_of(url) + " is larger than the limit of " + std::to_string(request.max_bytes) + " bytes" + name};
}

}  // namespace client_detail

std::string_view Head::header(std::string_view name) const {
  for (const Header& h : headers) {
    if (text::iequals(h.name, name)) return h.value;
  }
  return {};
}

Client::Client(Options options) : shared_(std::make_shared<Shared>()) { shared_->options = std::move(options); }
Client::~Client() = default;
std::uint64_t Client::bytes_received() const { return shared_->received.load(std::memory_order_relaxed); }

Result<std::unique_ptr<Body>> Client::open(const Request& request, Trouble* trouble) const {
  ECLAIR_TRY(std::unique_ptr<HttpBody> body, open_body(shared_, request, trouble));
  return std::unique_ptr<Body>(std::move(body));
}

Result<Response> Client::send(const Request& request, Trouble* trouble) const {
  ECLAIR_TRY(const std::unique_ptr<HttpBody> body, open_body(shared_, request, trouble));
  Response out{body->head(), {}};
  if (body->total() > request.max_bytes) return fail(too_large(request, out.head.url));
  while (true) {
    ECLAIR_TRY(const std::string_view piece, body->next());
    if (piece.empty()) return out;
    if (out.body.size() + piece.size() > request.max_bytes) return fail(too_large(request, out.head.url));
    out.body.append(piece);
  }
}

Result<Download> Client::fetch(const Request& request, std::uint64_t spill_bytes) const {
  ECLAIR_TRY(const std::unique_ptr<HttpBody> body, open_body(shared_, request, nullptr));
  const Head& head = body->head();
  Download out;
  out.etag = head.header("ETag");
  out.last_modified = head.header("Last-Modified");
  out.url = head.url;
  if (head.status == 304) {
    out.modified = false;
    return out;
  }
  if (head.status != 200) return fail(status_error(head));
  if (body->total() > request.max_bytes) return fail(too_large(request, head.url));
  SpillBuffer buffer(spill_bytes);
  while (true) {
    ECLAIR_TRY(const std::string_view piece, body->next());
    if (piece.empty()) break;
    if (buffer.size() + piece.size() > request.max_bytes) return fail(too_large(request, head.url));
    ECLAIR_CHECK_OK(buffer.append(piece));
    if (request.progress) request.progress(buffer.size(), body->total());
  }
  out.bytes = buffer.take();
  return out;
}

std::optional<UnixTime> http_date(const std::string& text) {
  if (text.empty() || !load_curl()) return std::nullopt;
  const std::time_t date = curl().getdate(text.c_str(), nullptr);
  return date < 0 ? std::nullopt : std::optional<UnixTime>(date);
}

std::string retry_after(const Head& head) {
  const auto told = client_detail::seconds_to_wait(head);
  if (!told) return {};
  const std::uint64_t seconds = *told;
  if (seconds < 120) return std::to_string(seconds) + " s";
  if (seconds < 120 * 60) return std::to_string((seconds + 59) / 60) + " minutes";
  return std::to_string(std::min<std::uint64_t>((seconds + 3599) / 3600, 999)) + " hours";
}

Error status_error(const Head& head) {
  const std::string host = host_of(head.url), status = std::to_string(head.status);
  if (head.status == 404 || head.status == 410) return {Errc::not_found, host + " answered " + status};
  if (head.status == 429) {
    const std::string when = retry_after(head);
    return {Errc::unavailable, host + " limits requests from this address (429" + (when.empty() ? "" : ", retry in " + when) + ")"};
  }
  return {Errc::unavailable, host + " answered " + status};
}

}  // namespace eclair::net
