// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "util/uuid.h"

#include <openssl/evp.h>

#include <array>

namespace eclair {

std::string util_detail::uuid5(std::string_view name_space, std::string_view name) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> raw{};
  const std::string bytes = std::string(name_space) + std::string(name);
  EVP_Digest(bytes.data(), bytes.size(), raw.data(), nullptr, EVP_sha1(), nullptr);
  raw[6] = static_cast<unsigned char>((raw[6] & 0x0f) | 0x50);
  raw[8] = static_cast<unsigned char>((raw[8] & 0x3f) | 0x80);
  std::string out;
  for (std::size_t i = 0; i < 16; ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) out += '-';
    out += "0123456789abcdef"[raw[i] >> 4];
    out += "0123456789abcdef"[raw[i] & 15];
  }
  return out;
}

std::string uuid5(std::string_view name) {
  // Drawn once, never to be changed: what was named before would be named otherwise.
  static constexpr std::string_view kNamespace = "\x6b\x1e\x0f\xd4\x52\x8c\x4d\xa9\x93\x7a\xe2\x45\xc1\x70\x8b\x36";
  return util_detail::uuid5(kNamespace, name);
}

}  // namespace eclair
