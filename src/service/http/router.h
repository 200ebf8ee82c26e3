// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "service/http/http.h"

namespace eclair::service {

/// Finds the route of a request among some APIs.
/// A path is cut at "/" before it is decoded, so that "%2F" belongs to a name; one "/" at the end is passed over. Where two routes take
/// the same path, the one with the literal segment further left wins ("/layers/diff" before "/layers/{name}"), then the first.
/// threads: any, once made. The APIs must outlive it.
class Router {
 public:
  explicit Router(std::span<const Api* const> apis);

  struct Found {
    const Route* route = nullptr;
    const Api* api = nullptr;         ///< of the route; without one: of the path's prefix, or of a route with another method; null = none
    std::vector<std::string> params;  ///< decoded
    bool other_method = false;        ///< the path is known, with another method
    bool broken = false;              ///< the path cannot be decoded
  };
  Found find(Method method, std::string_view path) const;

 private:
  struct Entry {
    const Route* route;
    const Api* api;
    std::vector<std::string_view> segments;  // literal, or "{...}"
  };
  std::vector<Entry> entries_;
  std::vector<const Api*> apis_;
};

}  // namespace eclair::service
