// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "net/client.h"
#include "util/cancel.h"
#include "util/result.h"

/// Telling a target of notifications: a POST for each.
namespace eclair::service {

/// What a webhook says.
enum class HookFormat : std::uint8_t {
  v0,  ///< all of it, for receivers that ask for nothing: generation 0
  v1,  ///< its name, by which the receiver asks for the rest, and says that it has read it: generation 1
};

struct HookTarget {
  std::string url;
  HookFormat format = HookFormat::v1;
  /// A short text for the same target; says nothing of what may be secret in the URL.
  std::string id() const;
};

struct HookSettings {
  std::vector<HookTarget> targets;
  std::string certificate, key;    ///< files in PEM: who we are; both or none
  std::string ca_file;             ///< trusted instead of the system's
  std::string server_name;         ///< that the receiver's certificate must have; "" = its host
  std::string proxy;               ///< "" = as the environment says
  std::string secret;              ///< signs bodies; "" = none does
  unsigned timeout_seconds = 5;    ///< without a sign of life
  unsigned total_seconds = 10;     ///< for all of a request, its answer included; less than half of DeliverySettings::lease_seconds
};

/// Sends bodies. Connections are kept. threads: any.
class HookSender {
 public:
  HookSender(const HookSettings& settings, const Cancel& stop);
  struct Outcome {
    bool accepted = false;                 ///< 200 or 201
    std::string why;                       ///< for the log, where it was not
    std::uint64_t retry_after_seconds = 0; ///< that the receiver asks for
    bool cancelled = false;
  };
  /// body: JSON. With a secret the header X-Eclair-Signature has "sha256=" and its HMAC in hex.
  Outcome send(const std::string& url, const std::string& body) const;

 private:
  const std::string secret_;
  net::Client client_;
};

/// HMAC-SHA-256 in lower-case hex.  source: RFC 2104
std::string hmac_sha256(std::string_view key, std::string_view bytes);

}  // namespace eclair::service
