// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "util/result.h"
#include "util/time.h"

namespace eclair::service {

/// Makes and reads the page tokens of the old APIs: opaque, URL-safe, valid for an hour, and only for who holds the key. Nodes of a cluster
/// share it.
/// Form: Fernet (AES-128-CBC, HMAC-SHA-256), in URL-safe base64 without padding.  source: github.com/fernet/spec
class PageTokens {
 public:
  static constexpr UnixTime kSeconds = 3600;
  static constexpr UnixTime kSkewSeconds = 60;  ///< by which another node's clock may be ahead

  /// key: 32 bytes in URL-safe base64 (Clair's `paginationkey`), "": a random one. errors: invalid_input, in Clair's words; internal.
  static Result<PageTokens> create(std::string_view key);
  Result<std::string> make(std::string_view payload, UnixTime now) const;
  /// nullopt: not ours, damaged, or too old.
  std::optional<std::string> read(std::string_view token, UnixTime now) const;

 private:
  std::array<unsigned char, 32> key_{};  ///< the first half signs, the second encrypts
};

}  // namespace eclair::service
