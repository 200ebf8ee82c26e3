// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "service/http/router.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "service/http/target.h"
#include "util/text.h"

namespace eclair::service {
namespace router_detail {

bool is_part(std::string_view segment) { return segment.size() >= 2 && segment.front() == '{' && segment.back() == '}'; }

/// "/a/b" is a, b; "/" is nothing.
std::vector<std::string_view> segments(std::string_view path) {
  if (!path.empty() && path.front() == '/') path.remove_prefix(1);
  if (!path.empty() && path.back() == '/') path.remove_suffix(1);
  if (path.empty()) return {};
  return text::split(path, '/');
}

/// -1, 0, 1: which of two routes is more literal, from the left.
bool more_literal(const std::vector<std::string_view>& a, const std::vector<std::string_view>& b) {
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    if (is_part(a[i]) != is_part(b[i])) return !is_part(a[i]);
  }
  return false;
}

bool matches(const std::vector<std::string_view>& pattern, const std::vector<std::string>& path) {
  if (pattern.size() != path.size()) return false;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (is_part(pattern[i]) ? path[i].empty() : pattern[i] != path[i]) return false;
  }
  return true;
}

bool begins(std::string_view path, std::string_view prefix) {
  return path.substr(0, prefix.size()) == prefix && (path.size() == prefix.size() || prefix.back() == '/' || path[prefix.size()] == '/');
}

}  // namespace router_detail

Router::Router(std::span<const Api* const> apis) : apis_(apis.begin(), apis.end()) {
  for (const Api* const api : apis_) {
    for (const Route& route : api->routes) entries_.push_back({&route, api, router_detail::segments(route.pattern)});
  }
  std::stable_sort(entries_.begin(), entries_.end(), [](const Entry& a, const Entry& b) { return router_detail::more_literal(a.segments, b.segments); });
}

Router::Found Router::find(Method method, std::string_view path) const {
  Found found;
  std::vector<std::string> decoded;
  for (const std::string_view segment : router_detail::segments(path)) {
    std::optional<std::string> one = percent_decode(segment, false);
    if (!one) {
      found.broken = true;
      return found;
    }
    decoded.push_back(std::move(*one));
  }
  for (const Entry& entry : entries_) {
    if (!router_detail::matches(entry.segments, decoded)) continue;
    if (entry.route->method != method) {
      found.other_method = true;
      if (found.api == nullptr) found.api = entry.api;
      continue;
    }
    found.other_method = false;
    found.route = entry.route;
    found.api = entry.api;
    for (std::size_t i = 0; i < decoded.size(); ++i) {
      if (router_detail::is_part(entry.segments[i])) found.params.push_back(std::move(decoded[i]));
    }
    return found;
  }
  if (found.api != nullptr) return found;
  for (const Api* const api : apis_) {
    const bool longer = found.api == nullptr || api->prefix.size() > found.api->prefix.size();
    if (!api->prefix.empty() && longer && router_detail::begins(path, api->prefix)) found.api = api;
  }
  return found;
}

}  // namespace eclair::service
