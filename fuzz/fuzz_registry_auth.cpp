// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// What registries and configuration files say: challenges, credentials, schema 1 manifests and base64.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "image/credentials.h"
#include "image/registry_auth.h"
#include "image/schema1.h"
#include "net/base64.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace eclair;
  static const image::Reference reference = *image::parse_reference("ghcr.io/acme/api:1");
  const Limits limits;
  const std::string text(reinterpret_cast<const char*>(data), size);
  if (image::parse_challenges(text).size() > 16) std::abort();
  (void)image::parse_credentials(text, reference);
  if (image::is_schema1(text, limits)) {
    Image described;
    if (image::describe_schema1(text, limits, described) && described.history.empty()) std::abort();
    (void)image::schema1_payload(text, limits);
  }
  if (*net::base64_decode(net::base64_encode(text)) != text) std::abort();
  (void)net::base64_decode(text);
  return 0;
}
