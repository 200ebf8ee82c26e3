// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "service/classic/api_v0.h"
#include "service/classic/api_v1.h"
#include "support/service_fakes.h"

namespace eclair::test {

inline std::string whole_body(const service::Reply& reply) {
  std::string out = reply.body;
  for (const auto& piece : reply.pieces) out += *piece;
  return out;
}

/// Both old APIs over fakes, and a way to ask them by request lines.
struct ClassicApi {
  FakeLayers layers;
  FakeVulnerabilities vulnerabilities;
  FakeNotifications notifications;
  UnixTime now = 1456247389;
  service::Identity who{.name = "test", .role = service::Role::admin, .prefixes = {}};
  service::ClassicParts parts{layers, vulnerabilities, notifications, *service::PageTokens::create(""), [this] { return now; }};
  std::vector<service::Api> apis;

  ClassicApi() {
    apis.push_back(service::api_v1(parts));
    apis.push_back(service::api_v0(parts));
  }
  ClassicApi(const ClassicApi&) = delete;
  ClassicApi& operator=(const ClassicApi&) = delete;

  /// "GET /v1/layers/x?features". Values of the query are not decoded. status 404 with no body: no such route; 405: not by this method.
  service::Reply ask(std::string_view line, std::string body = "") {
    service::Request request;
    request.who = who;
    request.body = std::move(body);
    const std::string_view method = line.substr(0, line.find(' '));
    std::string_view target = line.substr(line.find(' ') + 1);
    const std::size_t mark = target.find('?');
    if (mark != std::string_view::npos) {
      for (const std::string_view one : pieces(target.substr(mark + 1), '&')) {
        const std::size_t is = one.find('=');
        request.query.emplace_back(one.substr(0, is), is == std::string_view::npos ? std::string_view{} : one.substr(is + 1));
      }
      target = target.substr(0, mark);
    }
    request.path = target;
    request.method = method == "GET"      ? service::Method::get
                     : method == "POST"   ? service::Method::post
                     : method == "PUT"    ? service::Method::put
                     : method == "DELETE" ? service::Method::del
                                          : service::Method::other;
    bool known_path = false;
    for (const service::Api& api : apis) {
      for (const service::Route& route : api.routes) {
        request.params.clear();
        if (!meets(route.pattern, target, request.params)) continue;
        known_path = true;
        if (route.method == request.method) return route.handle(request);
      }
    }
    service::Reply none;
    none.status = known_path ? 405 : 404;
    return none;
  }

 private:
  static std::vector<std::string_view> pieces(std::string_view text, char by) {
    std::vector<std::string_view> out;
    for (;;) {
      const std::size_t at = text.find(by);
      out.push_back(text.substr(0, at));
      if (at == std::string_view::npos) return out;
      text.remove_prefix(at + 1);
    }
  }
  static bool meets(std::string_view pattern, std::string_view path, std::vector<std::string>& params) {
    const auto wanted = pieces(pattern, '/'), given = pieces(path, '/');
    if (wanted.size() != given.size()) return false;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      if (!wanted[i].empty() && wanted[i].front() == '{') {
        if (given[i].empty()) return false;
        params.emplace_back(given[i]);
      } else if (wanted[i] != given[i]) {
        return false;
      }
    }
    return true;
  }
};

}  // namespace eclair::test
