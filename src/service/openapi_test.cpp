// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "service/openapi.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "service/images/api_admission.h"
#include "service/images/api_eclair.h"
#include "service/health.h"
#include "service/notify/api_stream.h"
#include "service/notify/stored_notifications.h"
#include "support/classic_api.h"
#include "support/image_house.h"
#include "util/json.h"
#include "util/text.h"

// The documents of docs/api, the routes, and tests/cases/api/routes.txt (what clients of the old APIs rely on) must agree.

namespace eclair::service::openapi_test_detail {

std::string read(const std::string& path) {
  std::ifstream in(ECLAIR_SOURCE_DIR "/" + path);
  std::ostringstream bytes;
  bytes << in.rdbuf();
  REQUIRE_FALSE(bytes.str().empty());
  return bytes.str();
}

std::string method_name(Method method) {
  return method == Method::get ? "get" : method == Method::post ? "post" : method == Method::put ? "put" : method == Method::del ? "delete" : "?";
}

std::string role_name(Role role) { return role == Role::read ? "read" : role == Role::write ? "write" : role == Role::admin ? "admin" : "none"; }

std::set<std::string> parts_of(std::string_view pattern) {
  std::set<std::string> out;
  for (const std::string_view segment : text::split(pattern, '/')) {
    if (!segment.empty() && segment.front() == '{') out.emplace(segment.substr(1, segment.size() - 2));
  }
  return out;
}

/// "get /v1/layers/{name}" → its operation.
std::map<std::string, json::Value> operations(json::Value document) {
  std::map<std::string, json::Value> out;
  document["paths"].each_member([&](std::string_view path, json::Value methods) {
    methods.each_member([&](std::string_view method, json::Value operation) {
      out[std::string(method) + " " + std::string(path)] = operation;
      return true;
    });
    return true;
  });
  return out;
}

/// Every "$ref" names a schema that is there.
void check_references(json::Value value, json::Value schemas) {
  value.each([&](json::Value one) {
    check_references(one, schemas);
    return true;
  });
  value.each_member([&](std::string_view key, json::Value one) {
    if (key == "$ref") {
      const std::string_view name = one.string(), prefix = "#/components/schemas/";
      CAPTURE(name);
      REQUIRE(name.substr(0, prefix.size()) == prefix);
      CHECK(schemas[name.substr(prefix.size())].is_object());
    }
    check_references(one, schemas);
    return true;
  });
}

/// The document docs/api/ID.json and some routes say the same.
void check_document(const std::string& id, const std::vector<Route>& routes) {
  CAPTURE(id);
  const std::string bytes = read("docs/api/" + id + ".json");
  json::Document document;
  const auto root = document.parse(bytes);
  REQUIRE(root);
  check_references((*root)["paths"], (*root)["components"]["schemas"]);
  check_references((*root)["components"], (*root)["components"]["schemas"]);
  std::map<std::string, json::Value> told = operations(*root);
  std::set<std::string> ids;
  for (const Route& route : routes) {
    const std::string key = method_name(route.method) + " " + std::string(route.pattern);
    CAPTURE(key);
    const auto at = told.find(key);
    REQUIRE(at != told.end());
    const json::Value operation = at->second;
    CHECK(operation["x-role"].string() == role_name(route.role));
    const std::string_view name = operation["operationId"].string();
    CHECK(ids.emplace(name).second);
    // "v1/getLayer"; the alias has an id of its own, and counts as the same route
    CHECK(text::cut(route.name, '/').second == name.substr(0, name.rfind("Alias")));
    std::set<std::string> params;
    operation["parameters"].each([&](json::Value param) {
      if (param["in"].string() == "path") params.emplace(param["name"].string());
      return true;
    });
    CHECK(params == parts_of(route.pattern));
    const bool takes_body = route.method == Method::post || route.method == Method::put;
    CHECK(operation["requestBody"].is_object() == takes_body);
    CHECK(operation["responses"]["503"].is_object());
    told.erase(at);
  }
  for (const auto& left : told) CHECK_MESSAGE(false, left.first, " is no route");
}

TEST_CASE("openapi: documents and routes are the same") {
  test::ClassicApi api;
  for (const Api& one : api.apis) check_document(std::string(one.id), one.routes);

  test::image_house::House house;
  const EclairParts parts{*house.images, *house.store, house.advisories, "1", [] { return UnixTime{0}; }};
  const Current<AdmissionPolicy> policy{AdmissionPolicy{}};
  const auto notifications = make_notifications(*house.store, house.advisories);
  Metrics metrics;
  const Api own = api_eclair(parts), gate = api_admission(policy, *house.images, metrics), stream = api_stream(*house.store, *notifications);
  std::vector<Route> routes = own.routes;
  routes.insert(routes.end(), gate.routes.begin(), gate.routes.end());
  routes.insert(routes.end(), stream.routes.begin(), stream.routes.end());
  check_document("eclair", routes);
}

TEST_CASE("openapi: what clients rely on is served and documented") {
  test::ClassicApi api;
  const HealthParts parts{.store_works = [] { return true; }, .last_update = [] { return UnixTime{0}; }, .notifier_queue = {}};
  const auto text = [] { return std::string(); };
  const Api status = api_status(parts, text), health = api_health(parts, text);
  json::Document document_v0, document_v1;
  const std::string bytes_v0 = read("docs/api/v0.json"), bytes_v1 = read("docs/api/v1.json");
  std::map<std::string, json::Value> told = operations(*document_v0.parse(bytes_v0));
  told.merge(operations(*document_v1.parse(bytes_v1)));
  std::istringstream lines(read("tests/cases/api/routes.txt"));
  int rows = 0;
  for (std::string line; std::getline(lines, line);) {
    if (line.empty() || line.front() == '#') continue;
    ++rows;
    CAPTURE(line);
    auto words = text::words(line);
    REQUIRE(words.size() >= 4);
    const std::string method = text::lower(words[1]), path(words[2]);
    const bool on_health = words.back() == "health";
    if (on_health) words.pop_back();
    const auto has = [&](const Api& one) {
      return std::any_of(one.routes.begin(), one.routes.end(),
                         [&](const Route& route) { return method_name(route.method) == method && route.pattern == path; });
    };
    if (on_health) {
      CHECK(has(health));
      continue;
    }
    const bool classic = has(api.apis[0]) || has(api.apis[1]);
    CHECK((classic || has(status)));
    if (!classic) continue;
    const auto at = told.find(method + " " + path);
    REQUIRE(at != told.end());
    for (std::size_t i = 3; i < words.size(); ++i) {
      const std::string code(words[i]);
      CAPTURE(code);
      CHECK(at->second["responses"][code].is_object());
    }
  }
  CHECK(rows == 33);
}

TEST_CASE("openapi: the service gives out the documents of docs/api") {
  const Api api = api_openapi();
  REQUIRE(api.routes.size() == 3);
  for (const Route& route : api.routes) {
    const Reply reply = route.handle(Request{});
    CHECK(reply.content_type == "application/json");
    CHECK(test::whole_body(reply) == read("docs/api/" + std::string(route.pattern.substr(route.pattern.rfind('/') + 1)) + ".json"));
  }
}

}  // namespace eclair::service::openapi_test_detail
