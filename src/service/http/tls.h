// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "service/http/transport.h"
#include "util/result.h"

namespace eclair::service {

struct TlsFiles {
  std::string certificate;  ///< PEM: the server's, then those above it
  std::string key;          ///< PEM, not encrypted
  std::string client_ca;    ///< PEM; not empty: clients must show a certificate that one of these signed
};

/// The server's side of TLS 1.2 and 1.3, with certificates that can be exchanged while connections are open: those keep what they began with.
/// threads: any.
class Tls {
 public:
  /// Reads the files. errors: invalid_input (names the file; a key that is encrypted or of another certificate), unavailable.
  static Result<std::shared_ptr<Tls>> make(TlsFiles files);
  ~Tls();
  Tls(const Tls&) = delete;
  Tls& operator=(const Tls&) = delete;

  /// Reads the files anew; what cannot be used changes nothing. errors: as make().
  Result<> reload();
  /// Whether one of the files is another one than when they were last read (by inode, size and time).
  bool changed() const;
  /// socket: non-blocking, just accepted. Speaks HTTP/1.1 by ALPN.
  std::unique_ptr<Transport> transport(int socket) const;

 private:
  struct Impl;
  explicit Tls(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace eclair::service
