// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "report/page/page.h"

#include <array>
#include <cstdint>

#include "util/digest.h"

namespace eclair::report {
namespace page_detail {

std::string base64(std::string_view bytes) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t three = 0;
    for (std::size_t k = 0; k < 3; ++k) three = three << 8 | (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0U);
    for (std::size_t k = 0; k < 4; ++k) out += i + k > bytes.size() ? '=' : kDigits[three >> (18 - 6 * k) & 63];
  }
  return out;
}

std::string source_of(std::string_view text) {
  const std::array<std::string_view, 1> parts = {text};
  const std::array<char, 32> digest = sha256_bytes(parts);
  return "'sha256-" + base64({digest.data(), digest.size()}) + "'";
}

}  // namespace page_detail

std::string page_policy() {
  return "default-src 'none'; style-src " + page_detail::source_of(page_style()) + "; script-src " + page_detail::source_of(page_script()) +
         "; base-uri 'none'; form-action 'none'";
}

}  // namespace eclair::report
