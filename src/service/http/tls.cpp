// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "service/http/tls.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <mutex>
#include <string_view>
#include <utility>

#include "util/text.h"

namespace eclair::service {
namespace tls_detail {

constexpr std::size_t kRecordBytes = 16384;

/// The first error of this thread's queue, which says more than those that followed from it; the queue is then empty.
std::string reason() {
  const unsigned long code = ERR_peek_error();
  const char* const text = code == 0 ? nullptr : ERR_SYSTEM_ERROR(code) ? std::strerror(ERR_GET_REASON(code)) : ERR_reason_error_string(code);
  ERR_clear_error();
  return text == nullptr ? "unknown reason" : text;
}

/// By what a file can be told from the one that was there before.
struct Mark {
  ino_t inode = 0;
  off_t size = 0;
  std::int64_t seconds = 0, nanoseconds = 0;
  bool operator==(const Mark&) const = default;
};
Mark mark_of(const std::string& file) {
  struct stat facts {};
  if (file.empty() || ::stat(file.c_str(), &facts) != 0) return {};
  return {facts.st_ino, facts.st_size, facts.st_mtim.tv_sec, facts.st_mtim.tv_nsec};
}

/// Of what a client offers HTTP/1.1; where it does not offer that, nothing is agreed and it may try.
int choose_protocol(SSL*, const unsigned char** out, unsigned char* out_size, const unsigned char* in, unsigned in_size, void*) {
  static constexpr unsigned char kOurs[] = "\x08http/1.1";
  unsigned char* chosen = nullptr;
  if (SSL_select_next_proto(&chosen, out_size, kOurs, sizeof kOurs - 1, in, in_size) != OPENSSL_NPN_NEGOTIATED) return SSL_TLSEXT_ERR_NOACK;
  *out = chosen;
  return SSL_TLSEXT_ERR_OK;
}

Result<std::shared_ptr<SSL_CTX>> read(const TlsFiles& files) {
  const std::shared_ptr<SSL_CTX> context(SSL_CTX_new(TLS_server_method()), &SSL_CTX_free);
  if (context == nullptr) return fail(Errc::internal, "TLS: " + reason());
  SSL_CTX* const c = context.get();
  SSL_CTX_set_min_proto_version(c, TLS1_2_VERSION);
  SSL_CTX_set_options(c, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_mode(c, SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_alpn_select_cb(c, &choose_protocol, nullptr);
  // A key with a password would else be asked for on the terminal.
  SSL_CTX_set_default_passwd_cb(c, [](char*, int, int, void*) { return -1; });
  if (SSL_CTX_set_cipher_list(c, "ECDHE+AESGCM:ECDHE+CHACHA20") != 1) return fail(Errc::internal, "TLS: " + reason());

  const auto bad = [](const std::string& file) { return fail(Errc::invalid_input, "TLS: " + text::quoted(file) + ": " + reason()); };
  ERR_clear_error();
  if (SSL_CTX_use_certificate_chain_file(c, files.certificate.c_str()) != 1) return bad(files.certificate);
  if (SSL_CTX_use_PrivateKey_file(c, files.key.c_str(), SSL_FILETYPE_PEM) != 1) return bad(files.key);
  if (SSL_CTX_check_private_key(c) != 1) return bad(files.key);
  if (!files.client_ca.empty()) {
    STACK_OF(X509_NAME)* const names = SSL_load_client_CA_file(files.client_ca.c_str());
    if (names == nullptr || SSL_CTX_load_verify_locations(c, files.client_ca.c_str(), nullptr) != 1) return bad(files.client_ca);
    SSL_CTX_set_client_CA_list(c, names);
    SSL_CTX_set_verify(c, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
    static constexpr unsigned char kContext[] = "eclair";
    SSL_CTX_set_session_id_context(c, kContext, sizeof kContext - 1);
  }
  return context;
}

class Stream final : public Transport {
 public:
  Stream(SSL_CTX* context, int socket) : ssl_(SSL_new(context), &SSL_free), socket_(socket) {
    if (ssl_ == nullptr || SSL_set_fd(ssl_.get(), socket) != 1) ssl_.reset();
    else SSL_set_accept_state(ssl_.get());
  }

  Status handshake() override {
    if (ssl_ == nullptr) return Status::closed;
    ERR_clear_error();
    const int result = SSL_do_handshake(ssl_.get());
    if (result == 1) {
      ready_ = true;
      return Status::done;
    }
    const Status status = after(result);
    if (status == Status::closed && ERR_GET_REASON(ERR_peek_last_error()) == SSL_R_HTTP_REQUEST) {
      constexpr std::string_view kPlain = "HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n";
      (void)::send(socket_, kPlain.data(), kPlain.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    }
    ERR_clear_error();
    return status;
  }

  Status read(char* to, std::size_t room, std::size_t& count) override {
    ERR_clear_error();
    const int result = SSL_read_ex(ssl_.get(), to, room, &count);
    return result == 1 ? Status::done : after(result);
  }

  /// Many small pieces would be as many records: they are put together, a record at a time.
  Status write(std::span<const iovec> pieces, std::size_t& count) override {
    if (staged_.empty()) {
      for (const iovec& piece : pieces) {
        const std::size_t taken = std::min(piece.iov_len, kRecordBytes - staged_.size());
        staged_.append(static_cast<const char*>(piece.iov_base), taken);
        if (staged_.size() == kRecordBytes) break;
      }
    }
    ERR_clear_error();
    const int result = SSL_write_ex(ssl_.get(), staged_.data(), staged_.size(), &count);
    if (result != 1) return after(result);
    count = staged_.size();  // without partial writes it is all or nothing
    staged_.clear();
    return Status::done;
  }

  void end() override {
    if (ready_) SSL_shutdown(ssl_.get());
    ERR_clear_error();
    ::shutdown(socket_, SHUT_WR);
  }

  bool pending() const override { return SSL_pending(ssl_.get()) > 0; }

  std::string certificate() const override {
    const std::unique_ptr<X509, decltype(&X509_free)> shown(SSL_get1_peer_certificate(ssl_.get()), &X509_free);
    if (shown == nullptr || SSL_get_verify_result(ssl_.get()) != X509_V_OK) return {};
    const X509_NAME* const subject = X509_get_subject_name(shown.get());
    const int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
    unsigned char* utf8 = nullptr;
    const int size = at < 0 ? -1 : ASN1_STRING_to_UTF8(&utf8, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)));
    std::string name = size > 0 ? text::clean(std::string_view(reinterpret_cast<char*>(utf8), static_cast<std::size_t>(size)), 200) : std::string{};
    OPENSSL_free(utf8);
    return name.empty() ? "(no common name)" : name;
  }

 private:
  Status after(int result) {
    switch (SSL_get_error(ssl_.get(), result)) {
      case SSL_ERROR_WANT_READ: return Status::want_read;
      case SSL_ERROR_WANT_WRITE: return Status::want_write;
      case SSL_ERROR_ZERO_RETURN: return Status::closed;
      default: ready_ = false; return Status::closed;  // nothing may be said on it any more
    }
  }

  std::unique_ptr<SSL, decltype(&SSL_free)> ssl_;
  int socket_;
  bool ready_ = false;
  std::string staged_;
};

}  // namespace tls_detail

struct Tls::Impl {
  TlsFiles files;
  mutable std::mutex mutex;  // guards what follows
  std::shared_ptr<SSL_CTX> context;
  tls_detail::Mark marks[3];
};

Tls::Tls(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Tls::~Tls() = default;

Result<std::shared_ptr<Tls>> Tls::make(TlsFiles files) {
  auto impl = std::make_unique<Impl>();
  impl->files = std::move(files);
  const std::shared_ptr<Tls> out(new Tls(std::move(impl)));
  ECLAIR_CHECK_OK(out->reload());
  return out;
}

Result<> Tls::reload() {
  const TlsFiles& files = impl_->files;
  // The marks come first: a file that changes while it is read is then read once more.
  const tls_detail::Mark marks[] = {tls_detail::mark_of(files.certificate), tls_detail::mark_of(files.key), tls_detail::mark_of(files.client_ca)};
  auto context = tls_detail::read(files);
  const std::lock_guard lock(impl_->mutex);
  std::copy(std::begin(marks), std::end(marks), impl_->marks);  // also of what is no use: it is told once
  if (!context) return fail(std::move(context).error());
  impl_->context = std::move(*context);
  return {};
}

bool Tls::changed() const {
  const TlsFiles& files = impl_->files;
  const std::lock_guard lock(impl_->mutex);
  return tls_detail::mark_of(files.certificate) != impl_->marks[0] || tls_detail::mark_of(files.key) != impl_->marks[1] ||
         tls_detail::mark_of(files.client_ca) != impl_->marks[2];
}

std::unique_ptr<Transport> Tls::transport(int socket) const {
  const std::lock_guard lock(impl_->mutex);
  return std::make_unique<tls_detail::Stream>(impl_->context.get(), socket);
}

}  // namespace eclair::service
