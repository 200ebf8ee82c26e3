// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "util/digest.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>

#include "util/text.h"

namespace eclair {

Result<Digest> Digest::parse(std::string_view text) {
  const std::size_t colon = text.find(':');
  const std::string_view algorithm = text.substr(0, colon);
  const std::string_view hex = colon == std::string_view::npos ? std::string_view{} : text.substr(colon + 1);
  const std::string shown = text::clean(text, 80);
  if (algorithm != "sha256" && algorithm != "sha512") {
    return fail(colon == std::string_view::npos ? Errc::invalid_input : Errc::unsupported,
                "digest algorithm of \"" + shown + "\" is not sha256 or sha512");
  }
  const auto is_hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  if (hex.size() != (algorithm == "sha256" ? 64u : 128u) || !std::all_of(hex.begin(), hex.end(), is_hex)) {
    return fail(Errc::invalid_input, "digest \"" + shown + "\" does not have the hex digits of its algorithm");
  }
  return Digest{std::string(text)};
}

struct Hasher::State {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  std::string algorithm;
  ~State() { EVP_MD_CTX_free(context); }
};

Hasher::Hasher(std::string_view algorithm) : state_(std::make_unique<State>()) {
  state_->algorithm = algorithm;
  EVP_DigestInit_ex(state_->context, algorithm == "sha512" ? EVP_sha512() : EVP_sha256(), nullptr);
}
Hasher::~Hasher() = default;
Hasher::Hasher(Hasher&&) noexcept = default;

void Hasher::update(std::string_view bytes) { EVP_DigestUpdate(state_->context, bytes.data(), bytes.size()); }

Digest Hasher::finish() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> raw{};
  unsigned size = 0;
  EVP_DigestFinal_ex(state_->context, raw.data(), &size);
  Digest out{state_->algorithm + ":"};
  for (unsigned i = 0; i < size; ++i) {
    out.text += "0123456789abcdef"[raw[i] >> 4];
    out.text += "0123456789abcdef"[raw[i] & 15];
  }
  return out;
}

Digest sha256(std::string_view bytes) {
  Hasher hasher;
  hasher.update(bytes);
  return hasher.finish();
}

std::array<char, 32> sha256_bytes(std::span<const std::string_view> parts) {
  // Looking an algorithm up and making a context costs more than hashing a few hundred bytes.
  struct Context {
    EVP_MD* algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    ~Context() {
      EVP_MD_CTX_free(context);
      EVP_MD_free(algorithm);
    }
  };
  thread_local const Context mine;
  EVP_DigestInit_ex2(mine.context, mine.algorithm, nullptr);
  for (const std::string_view part : parts) EVP_DigestUpdate(mine.context, part.data(), part.size());
  std::array<char, 32> out{};
  EVP_DigestFinal_ex(mine.context, reinterpret_cast<unsigned char*>(out.data()), nullptr);
  return out;
}

}  // namespace eclair
