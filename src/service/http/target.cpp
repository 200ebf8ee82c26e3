// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "service/http/target.h"

#include "util/text.h"

namespace eclair::service {
namespace target_detail {

int hex(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  c = text::lower(c);
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

}  // namespace target_detail

std::optional<Target> take_target_apart(std::string_view target) {
  if (target.empty()) return std::nullopt;
  if (target.front() != '/') {
    const std::size_t scheme = target.find("://");
    const std::string_view name = target.substr(0, scheme == std::string_view::npos ? 0 : scheme);
    if (!text::iequals(name, "http") && !text::iequals(name, "https")) return std::nullopt;
    target.remove_prefix(scheme + 3);
    const std::size_t path = target.find_first_of("/?#");
    if (path == std::string_view::npos || target[path] != '/') return Target{"/", path == std::string_view::npos ? "" : text::cut(text::cut(target, '#').first, '?').second};
    target.remove_prefix(path);
  }
  const auto [path, query] = text::cut(text::cut(target, '#').first, '?');
  return Target{path, query};
}

std::optional<std::string> percent_decode(std::string_view text, bool plus) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '%') {
      if (text.size() - i < 3) return std::nullopt;
      const int high = target_detail::hex(text[i + 1]), low = target_detail::hex(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      c = static_cast<char>(high * 16 + low);
      i += 2;
    } else if (c == '+' && plus) {
      c = ' ';
    }
    if (c == '\0') return std::nullopt;
    out += c;
  }
  return out;
}

std::vector<std::pair<std::string, std::string>> parse_query(std::string_view query) {
  std::vector<std::pair<std::string, std::string>> out;
  if (query.empty()) return out;
  for (const std::string_view pair : text::split(query, '&')) {
    if (pair.empty()) continue;
    const auto [name, value] = text::cut(pair, '=');
    auto decoded_name = percent_decode(name, true);
    auto decoded_value = percent_decode(value, true);
    if (decoded_name && decoded_value) out.emplace_back(std::move(*decoded_name), std::move(*decoded_value));
  }
  return out;
}

}  // namespace eclair::service
