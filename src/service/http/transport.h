// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/uio.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace eclair::service {

/// The bytes of one connection, plain or through TLS. Nothing here waits: what cannot be done now says what to wait for.
/// Of one thread at a time. The socket is its owner's.
class Transport {
 public:
  enum class Status : std::uint8_t {
    done,
    want_read,   ///< call again when the socket can be read
    want_write,  ///< call again, with the same bytes, when the socket can be written
    closed,      ///< the other side ended, or something failed: no more will come or go
  };
  virtual ~Transport() = default;
  /// Before anything else, until it is done.
  virtual Status handshake() = 0;
  /// done: count is at least 1.
  virtual Status read(char* to, std::size_t room, std::size_t& count) = 0;
  /// done: count bytes went, at least 1, perhaps not all. pieces: at most 1024, not all empty.
  virtual Status write(std::span<const iovec> pieces, std::size_t& count) = 0;
  /// Says that no more comes from here, as far as that can be said without waiting.
  virtual void end() = 0;
  /// Whether bytes have come that read() would give although the socket has none.
  virtual bool pending() const { return false; }
  /// Who the client's certificate says it is, checked; "" = it gave none.
  virtual std::string certificate() const { return {}; }
};

/// socket: non-blocking.
std::unique_ptr<Transport> plain_transport(int socket);

}  // namespace eclair::service
