// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "service/images/api_eclair.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "report/report_form.h"
#include "service/http/router.h"
#include "support/image_house.h"
#include "support/report_sample.h"
#include "util/json.h"
#include "util/text.h"

namespace eclair::service::api_eclair_test_detail {

using namespace eclair::test::image_house;

/// The API over a house, asked by request lines through the router.
struct Asked {
  House house;
  Identity by = kAdmin;
  EclairParts parts{*house.images, *house.store, house.advisories, "1.2.3", [] { return kNow; }, [] { return EclairParts::Queue{1, 2, 3}; }};
  Api api = api_eclair(parts);
  std::vector<const Api*> apis = {&api};
  Router router{apis};

  Reply ask(Method method, std::string_view target, std::string body = "", std::string type = "application/json") {
    const auto [path, query] = text::cut(target, '?');
    const Router::Found found = router.find(method, path);
    if (found.route == nullptr) return api.error(found.other_method ? 405 : 404, "no such path");
    if (by.role < found.route->role) return api.error(403, "a key with another role is needed");
    Request request;
    request.method = method;
    request.path = path;
    request.params = found.params;
    request.who = by;
    request.body = std::move(body);
    request.headers = {{"content-type", std::move(type)}};
    if (!query.empty()) {
      for (const std::string_view one : text::split(query, '&')) request.query.emplace_back(text::cut(one, '='));
    }
    return found.route->handle(request);
  }
  Reply get(std::string_view target) { return ask(Method::get, target); }
  /// A string of the reply's document: "error.code".
  static std::string field(const Reply& reply, std::string_view path) {
    json::Document parsed;
    const auto root = parsed.parse(reply.body);
    if (!root) return "no JSON: " + reply.body;
    json::Value at = *root;
    for (const std::string_view key : text::split(path, '.')) {
      if (const auto index = text::parse_number(key)) {
        std::uint64_t left = *index;
        json::Value element;
        at.each([&](json::Value one) {
          element = one;
          return left-- > 0;
        });
        at = left == UINT64_MAX ? element : json::Value();
      } else {
        at = at[key];
      }
    }
    if (const auto number = at.integer()) return std::to_string(*number);
    return std::string(at.string("(none)"));
  }
};

TEST_CASE("own API: an image is sent, listed, reported and removed") {
  Asked api;
  api.house.knows({{"CVE-2023-0001", "openssl", "3.0.2-1"}});
  const auto source = api.house.open({kBase, kCurl}, "registry.example.com/shop:1");
  const Reply made = api.ask(Method::post, "/eclair/v1/images", encode(api.house.read(*source, kAdmin)), std::string(kSentImageType) + "; x=y");
  CHECK(made.status == 201);
  const std::string id = Asked::field(made, "id");
  CHECK(id == source->image().digest.text);
  CHECK(made.headers == std::vector<std::pair<std::string, std::string>>{{"Location", "/eclair/v1/images/" + id}});
  CHECK(Asked::field(made, "names.0") == "registry.example.com/shop:1");

  const Reply list = api.get("/eclair/v1/images?limit=5");
  CHECK(list.status == 200);
  CHECK(Asked::field(list, "images.0.id") == id);
  CHECK(Asked::field(list, "images.0.distribution.version") == "12");
  CHECK(Asked::field(list, "images.0.layer_count") == "2");
  CHECK(Asked::field(list, "next_page").empty());

  const Reply one = api.get("/eclair/v1/images/registry.example.com%2Fshop:1");
  CHECK(one.status == 200);
  CHECK(Asked::field(one, "layers.1.digest") == sha256(kCurl).text);

  const Reply json = api.get("/eclair/v1/images/" + id + "/report");
  CHECK(json.content_type == "application/json");
  CHECK(Asked::field(json, "findings.0.vulnerability") == "CVE-2023-0001");
  const Reply table = api.get("/eclair/v1/images/" + id + "/report?format=table");
  CHECK(table.content_type == "text/plain; charset=utf-8");
  CHECK(table.body.find("CVE-2023-0001") != std::string::npos);
  const Reply transfer = api.get("/eclair/v1/images/" + id + "/report?format=transfer");
  CHECK(transfer.content_type == kReportType);
  const auto report = report::decode_report(transfer.body);
  REQUIRE(report);
  report::Document document;
  document.reports.push_back(*report);
  CHECK(test::rendered("json", document) == json.body);

  CHECK(api.ask(Method::del, "/eclair/v1/images/" + id).status == 204);
  CHECK(api.ask(Method::del, "/eclair/v1/images/" + id).status == 404);
  CHECK(Asked::field(api.get("/eclair/v1/images/" + id), "error.code") == "not_found");
  CHECK(api.get("/eclair/v1/images/" + id + "/report").status == 404);
}

TEST_CASE("own API: layers that the server has, and those that it misses") {
  Asked api;
  SentImage sent = api.house.read(*api.house.open({kBase, kCurl}, "shop:1"), kAdmin);
  sent.records.erase(sent.records.begin());
  const Reply missing = api.ask(Method::post, "/eclair/v1/images", encode(sent), std::string(kSentImageType));
  CHECK(missing.status == 409);
  CHECK(Asked::field(missing, "error.code") == "missing_layers");
  CHECK(Digest::parse(Asked::field(missing, "error.missing.0")));
  api.house.post({kBase}, "base:1");
  const Reply known = api.ask(Method::post, "/eclair/v1/layers/known", R"({"layers":[")" + sha256(kBase).text + R"(",")" + sha256(kCurl).text + R"("]})");
  CHECK(known.status == 200);
  CHECK(known.body == R"({"known":[")" + sha256(kBase).text + "\"]}\n");
}

TEST_CASE("own API: where a vulnerability is") {
  Asked api;
  api.house.post({kBase, kCurl}, "a:1");
  api.house.post({kBase}, "b:1");
  api.house.knows({{"CVE-2023-0001", "openssl", ""}});
  const Reply images = api.get("/eclair/v1/vulnerabilities/CVE-2023-0001/images?limit=1");
  CHECK(images.status == 200);
  CHECK(Asked::field(images, "images.0.namespace") == "debian:12");
  CHECK(Asked::field(images, "images.0.layer.digest") == sha256(kBase).text);
  CHECK(Asked::field(images, "images.0.packages.0.name") == "openssl");
  const std::string page = Asked::field(images, "next_page");
  CHECK_FALSE(page.empty());
  const Reply next = api.get("/eclair/v1/vulnerabilities/CVE-2023-0001/images?limit=1&page=" + page);
  CHECK(Asked::field(next, "images.0.id") != Asked::field(images, "images.0.id"));
  CHECK(Asked::field(next, "next_page").empty());
  const Reply layers = api.get("/eclair/v1/vulnerabilities/CVE-2023-0001/layers");
  CHECK(Asked::field(layers, "layers.0.scope") == "image");
  CHECK(Asked::field(layers, "layers.1.scope") == "(none)");
}

TEST_CASE("own API: what is wrong is said by a code, and never by 500") {
  Asked api;
  struct {
    Method method;
    std::string target, body, type;
    int status;
    std::string code;
  } const kCases[] = {
      {Method::get, "/eclair/v1/nothing", "", "", 404, "not_found"},
      {Method::put, "/eclair/v1/images", "", "", 405, "method_not_allowed"},
      {Method::get, "/eclair/v1/images?limit=0", "", "", 400, "invalid_input"},
      {Method::get, "/eclair/v1/images?limit=x", "", "", 400, "invalid_input"},
      {Method::get, "/eclair/v1/images?page=x", "", "", 400, "invalid_input"},
      {Method::get, "/eclair/v1/images/x/report?format=gif", "", "", 400, "invalid_input"},
      {Method::get, "/eclair/v1/images/x/report?max_age=-1", "", "", 400, "invalid_input"},
      {Method::get, "/eclair/v1/vulnerabilities/x/images?page=x", "", "", 400, "invalid_input"},
      {Method::post, "/eclair/v1/images", "", "", 400, "invalid_input"},
      {Method::post, "/eclair/v1/images", "[]", "", 400, "invalid_input"},
      {Method::post, "/eclair/v1/images", R"({"target":"acme/UPPER"})", "", 400, "invalid_input"},
      {Method::post, "/eclair/v1/images", R"({"target":"/etc/passwd"})", "", 400, "invalid_input"},
      {Method::post, "/eclair/v1/images", R"({"target":"oci-dir:/tmp"})", "", 400, "invalid_input"},
      {Method::post, "/eclair/v1/images", "x", std::string(kSentImageType), 422, "unsupported"},
      {Method::post, "/eclair/v1/images", "\x01", std::string(kSentImageType), 400, "invalid_input"},
      {Method::post, "/eclair/v1/layers/known", "{}", "", 400, "invalid_input"},
      {Method::post, "/eclair/v1/layers/known", R"({"layers":[1]})", "", 400, "invalid_input"},
      {Method::post, "/eclair/v1/layers/known", R"({"layers":["sha256:x"]})", "", 400, "invalid_input"},
  };
  for (const auto& one : kCases) {
    CAPTURE(one.target);
    CAPTURE(one.body);
    const Reply reply = api.ask(one.method, one.target, one.body, one.type);
    CHECK(reply.status == one.status);
    CHECK(Asked::field(reply, "error.code") == one.code);
    CHECK_FALSE(Asked::field(reply, "error.message").empty());
  }
  api.by = who("team", Role::write, {"team/"});
  const Reply refused = api.ask(Method::post, "/eclair/v1/images", R"({"target":"registry.example.com/other:1"})");
  CHECK(refused.status == 403);
  CHECK(Asked::field(refused, "error.code") == "not_allowed");
}

TEST_CASE("own API: health tells the age of what is known") {
  Asked api;
  api.house.knows({{"CVE-2023-0001", "openssl", ""}});
  api.house.post({kBase}, "a:1");
  const Reply health = api.get("/eclair/v1/health");
  CHECK(health.status == 200);
  CHECK(Asked::field(health, "status") == "ok");
  CHECK(Asked::field(health, "version") == "1.2.3");
  CHECK(Asked::field(health, "store.images") == "1");
  CHECK(Asked::field(health, "advisories.feeds.0.name") == "debian");
  CHECK(Asked::field(health, "advisories.feeds.0.age_seconds") == "1000");
  CHECK(Asked::field(health, "queue.waiting") == "2");
}

}  // namespace eclair::service::api_eclair_test_detail
