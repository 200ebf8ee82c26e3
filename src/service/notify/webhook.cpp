// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "service/notify/webhook.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <utility>

#include "util/byte_source.h"
#include "util/digest.h"
#include "util/text.h"

namespace eclair::service {
namespace webhook_detail {

constexpr std::uint64_t kMaxAnswer = 64u << 10;
constexpr std::size_t kShownAnswer = 100;

net::Options network(const HookSettings& settings, const Cancel& stop) {
  net::Options out;
  out.ca_file = settings.ca_file;
  out.only_ca_file = true;
  out.certificate = settings.certificate;
  out.key = settings.key;
  out.server_name = settings.server_name;
  out.proxy = settings.proxy;
  out.connect_seconds = settings.timeout_seconds;
  out.stall_seconds = settings.timeout_seconds;
  out.total_seconds = settings.total_seconds;
  out.stop = &stop;
  return out;
}

}  // namespace webhook_detail

std::string hmac_sha256(std::string_view key, std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
  unsigned size = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), out.data(), &size);
  std::string hex;
  constexpr char kHex[] = "0123456789abcdef";
  for (unsigned i = 0; i < size; ++i) {
    hex += kHex[out[i] >> 4];
    hex += kHex[out[i] & 0xf];
  }
  return hex;
}

std::string HookTarget::id() const {
  return std::string(sha256((format == HookFormat::v0 ? "0 " : "1 ") + url).hex().substr(0, 16));
}

HookSender::HookSender(const HookSettings& settings, const Cancel& stop) : secret_(settings.secret), client_(webhook_detail::network(settings, stop)) {}

HookSender::Outcome HookSender::send(const std::string& url, const std::string& body) const {
  const MemorySource bytes(body);
  net::Request request;
  request.url = url;
  request.method = "POST";
  request.body = &bytes;
  request.headers = {{"Content-Type", "application/json"}};
  if (!secret_.empty()) request.headers.push_back({"X-Eclair-Signature", "sha256=" + hmac_sha256(secret_, body)});
  request.max_bytes = webhook_detail::kMaxAnswer;
  request.limit_name = "answer of a webhook";
  request.what = "telling of a notification";
  Outcome out;
  const auto answer = client_.send(request);
  if (!answer) {
    out.why = answer.error().text;
    out.cancelled = answer.error().code == Errc::cancelled;
    return out;
  }
  out.accepted = answer->head.status == 200 || answer->head.status == 201;
  if (out.accepted) return out;
  out.why = "answered " + std::to_string(answer->head.status);
  const std::string_view said = text::trim(answer->body);
  if (!said.empty()) out.why += ": " + text::clean(said, webhook_detail::kShownAnswer);
  out.retry_after_seconds = text::parse_number(answer->head.header("Retry-After")).value_or(0);
  return out;
}

}  // namespace eclair::service
