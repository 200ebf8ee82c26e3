// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "net/url.h"

#include <algorithm>

#include "net/curl_library.h"
#include "util/text.h"

namespace eclair::net {
namespace url_detail {

std::string part_of(const CurlLibrary& curl, CURLU* url, CURLUPart part, unsigned flags = 0) {
  char* value = nullptr;
  std::string out;
  if (curl.url_get(url, part, &value, flags) == CURLUE_OK) out = value;
  curl.free(value);
  return out;
}

}  // namespace url_detail

Url take_apart(const std::string& text) {
  Url out;
  const auto library = load_curl();
  if (!library) return out;
  const CurlLibrary& curl = **library;
  CURLU* url = curl.url();
  if (url != nullptr && curl.url_set(url, CURLUPART_URL, text.c_str(), 0) == CURLUE_OK) {
    out.scheme = text::lower(url_detail::part_of(curl, url, CURLUPART_SCHEME));
    out.host = text::lower(url_detail::part_of(curl, url, CURLUPART_HOST));
    out.port = url_detail::part_of(curl, url, CURLUPART_PORT, CURLU_DEFAULT_PORT);
    out.path = url_detail::part_of(curl, url, CURLUPART_PATH);
    out.ok = (out.scheme == "http" || out.scheme == "https") && !out.host.empty();
  }
  curl.url_cleanup(url);
  return out;
}

bool same_server(const std::string& from, const std::string& to) {
  const Url a = take_apart(from), b = take_apart(to);
  if (!a.ok || !b.ok || a.host != b.host) return false;
  return (a.scheme == b.scheme && a.port == b.port) || (a.scheme == "http" && b.scheme == "https" && a.port == "80" && b.port == "443");
}

std::string host_of(std::string_view url) {
  const std::size_t begin = url.find("://");
  if (begin == std::string_view::npos) return {};
  std::string_view rest = url.substr(begin + 3);
  rest = rest.substr(0, rest.find_first_of("/?#"));
  if (const std::size_t at = rest.rfind('@'); at != std::string_view::npos) rest.remove_prefix(at + 1);
  return text::clean(rest, 300);
}

std::string resolve_url(const std::string& base, const std::string& location) {
  std::string out;
  const auto library = load_curl();
  if (!library) return out;
  const CurlLibrary& curl = **library;
  CURLU* url = curl.url();
  if (url != nullptr && curl.url_set(url, CURLUPART_URL, base.c_str(), 0) == CURLUE_OK &&
      curl.url_set(url, CURLUPART_URL, location.c_str(), CURLU_URLENCODE) == CURLUE_OK) {
    out = url_detail::part_of(curl, url, CURLUPART_URL);
  }
  curl.url_cleanup(url);
  return take_apart(out).ok ? out : std::string{};
}

bool is_loopback(std::string_view host_and_port) {
  if (host_and_port.substr(0, 5) == "[::1]") return host_and_port.size() == 5 || host_and_port[5] == ':';
  const std::string_view host = host_and_port.substr(0, host_and_port.find(':'));
  if (text::iequals(host, "localhost")) return true;
  const auto parts = text::split(host, '.');
  if (parts.size() != 4 || parts[0] != "127") return false;
  return std::all_of(parts.begin(), parts.end(), [](std::string_view part) {
    const auto number = text::parse_number(part);
    return number && *number <= 255 && part.size() <= 3;
  });
}

}  // namespace eclair::net
