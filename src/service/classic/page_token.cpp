// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "service/classic/page_token.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <cstddef>
#include <cstring>
#include <memory>

#include "net/base64.h"

namespace eclair::service {
namespace page_token_detail {

constexpr std::size_t kHead = 1 + 8 + 16;  // version, time, initial vector
constexpr std::size_t kMac = 32, kBlock = 16, kMaxToken = 8192;
constexpr unsigned char kVersion = 0x80;

using Context = std::unique_ptr<EVP_CIPHER_CTX, void (*)(EVP_CIPHER_CTX*)>;

const unsigned char* bytes(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

/// "": it failed.
std::string crypt(bool encrypt, const unsigned char* key, const unsigned char* vector, std::string_view in) {
  const Context context(EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free);
  if (!context || EVP_CipherInit_ex(context.get(), EVP_aes_128_cbc(), nullptr, key, vector, encrypt ? 1 : 0) != 1) return {};
  std::string out(in.size() + kBlock, '\0');
  auto* to = reinterpret_cast<unsigned char*>(out.data());
  int first = 0, last = 0;
  if (EVP_CipherUpdate(context.get(), to, &first, bytes(in), static_cast<int>(in.size())) != 1) return {};
  if (EVP_CipherFinal_ex(context.get(), to + first, &last) != 1) return {};
  out.resize(static_cast<std::size_t>(first + last));
  return out;
}

bool sign(const unsigned char* key, std::string_view text, unsigned char* to) {
  unsigned int size = 0;
  return HMAC(EVP_sha256(), key, 16, bytes(text), text.size(), to, &size) != nullptr && size == kMac;
}

std::string url_safe(std::string text) {
  while (!text.empty() && text.back() == '=') text.pop_back();
  for (char& c : text) {
    if (c == '+') c = '-';
    if (c == '/') c = '_';
  }
  return text;
}

}  // namespace page_token_detail

Result<PageTokens> PageTokens::create(std::string_view key) {
  PageTokens out;
  if (key.empty()) {
    if (RAND_bytes(out.key_.data(), static_cast<int>(out.key_.size())) != 1) return fail(Errc::internal, "no random bytes for a pagination key");
    return out;
  }
  const auto decoded = net::base64_decode(key);
  if (!decoded || decoded->size() != out.key_.size()) {
    return fail(Errc::invalid_input, "Invalid Pagination key; must be 32-bit URL-safe base64");
  }
  std::memcpy(out.key_.data(), decoded->data(), out.key_.size());
  return out;
}

Result<std::string> PageTokens::make(std::string_view payload, UnixTime now) const {
  using namespace page_token_detail;
  std::string out(kHead, '\0');
  out[0] = static_cast<char>(kVersion);
  for (std::size_t i = 0; i < 8; ++i) out[1 + i] = static_cast<char>(static_cast<std::uint64_t>(now) >> (8 * (7 - i)) & 0xff);
  auto* vector = reinterpret_cast<unsigned char*>(out.data()) + 9;
  if (RAND_bytes(vector, kBlock) != 1) return fail(Errc::internal, "no random bytes for a page token");
  const std::string sealed = crypt(true, key_.data() + 16, vector, payload);
  if (sealed.empty()) return fail(Errc::internal, "a page token could not be encrypted");
  out += sealed;
  unsigned char mac[kMac];
  if (!sign(key_.data(), out, mac)) return fail(Errc::internal, "a page token could not be signed");
  out.append(reinterpret_cast<const char*>(mac), kMac);
  return url_safe(net::base64_encode(out));
}

std::optional<std::string> PageTokens::read(std::string_view token, UnixTime now) const {
  using namespace page_token_detail;
  if (token.empty() || token.size() > kMaxToken) return std::nullopt;
  const auto decoded = net::base64_decode(token);
  if (!decoded || decoded->size() < kHead + kBlock + kMac || static_cast<unsigned char>(decoded->front()) != kVersion) return std::nullopt;
  const std::string_view all = *decoded, signed_part = all.substr(0, all.size() - kMac), sealed = signed_part.substr(kHead);
  unsigned char mac[kMac];
  if (sealed.size() % kBlock != 0 || !sign(key_.data(), signed_part, mac)) return std::nullopt;
  if (CRYPTO_memcmp(mac, all.data() + signed_part.size(), kMac) != 0) return std::nullopt;
  std::uint64_t made = 0;
  for (std::size_t i = 0; i < 8; ++i) made = made << 8 | static_cast<unsigned char>(all[1 + i]);
  const auto at = static_cast<UnixTime>(made);
  if (at > now + kSkewSeconds || at + kSeconds < now) return std::nullopt;
  std::string payload = crypt(false, key_.data() + 16, bytes(all) + 9, sealed);
  if (payload.empty()) return std::nullopt;
  return payload;
}

}  // namespace eclair::service
