// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "service/http/router.h"

#include <doctest/doctest.h>

#include "service/http/target.h"

namespace eclair::service {

TEST_CASE("a request line's target is taken apart") {
  struct Case {
    std::string_view target, path, query;
  };
  for (const Case& c : {Case{"/v1/layers", "/v1/layers", ""}, Case{"/a?b=c?d", "/a", "b=c?d"}, Case{"/a%2Fb#f", "/a%2Fb", ""},
                        Case{"http://host:6060/v1/x?y", "/v1/x", "y"}, Case{"HTTPS://host", "/", ""}, Case{"http://host?x=1", "/", "x=1"}}) {
    CAPTURE(c.target);
    const auto found = take_target_apart(c.target);
    REQUIRE(found);
    CHECK(found->path == c.path);
    CHECK(found->query == c.query);
  }
  for (const std::string_view bad : {"", "*", "v1/layers", "ftp://host/x", "host:443"}) {
    CAPTURE(bad);
    CHECK_FALSE(take_target_apart(bad));
  }
}

TEST_CASE("percent signs are decoded, and refused when they are none") {
  CHECK(percent_decode("debian%3A8", false) == "debian:8");
  CHECK(percent_decode("a+b%2fc", false) == "a+b/c");
  CHECK(percent_decode("a+b%2Fc", true) == "a b/c");
  for (const std::string_view bad : {"%", "%4", "%zz", "a%00b"}) {
    CAPTURE(bad);
    CHECK_FALSE(percent_decode(bad, false));
  }
}

TEST_CASE("a query keeps its order and leaves out what cannot be decoded") {
  const auto query = parse_query("features&limit=10&&page=a%3D%3D&bad=%zz&x=y=z");
  REQUIRE(query.size() == 4);
  CHECK(query[0] == std::pair<std::string, std::string>{"features", ""});
  CHECK(query[1] == std::pair<std::string, std::string>{"limit", "10"});
  CHECK(query[2] == std::pair<std::string, std::string>{"page", "a=="});
  CHECK(query[3] == std::pair<std::string, std::string>{"x", "y=z"});
}

TEST_CASE("routes are found by method and path") {
  const auto route = [](Method method, std::string_view pattern) { return Route{.method = method, .pattern = pattern, .name = pattern, .handle = {}}; };
  const Api one{.id = "one",
                .routes = {route(Method::get, "/v1/layers/{name}"), route(Method::del, "/v1/layers/{name}"), route(Method::get, "/v1/layers/{name}/os"),
                           route(Method::get, "/v1/layers/special"), route(Method::get, "/")}, .error = {}};
  const Api two{.id = "two", .routes = {route(Method::post, "/v1/layers"), route(Method::get, "/new/{a}/x/{b}")}, .error = {}, .prefix = "/new"};
  const Api* const apis[] = {&one, &two};
  const Router router(apis);

  struct Case {
    Method method;
    std::string_view path, pattern;
    std::vector<std::string> params;
  };
  for (const Case& c : {Case{Method::get, "/v1/layers/a", "/v1/layers/{name}", {"a"}}, Case{Method::get, "/v1/layers/a/", "/v1/layers/{name}", {"a"}},
                        Case{Method::get, "/v1/layers/a%2Fb%3A8/os", "/v1/layers/{name}/os", {"a/b:8"}}, Case{Method::get, "/v1/%6Cayers/special", "/v1/layers/special", {}},
                        Case{Method::get, "/", "/", {}}, Case{Method::post, "/v1/layers/", "/v1/layers", {}},
                        Case{Method::get, "/new/1/x/2", "/new/{a}/x/{b}", {"1", "2"}}}) {
    CAPTURE(c.path);
    const auto found = router.find(c.method, c.path);
    REQUIRE(found.route != nullptr);
    CHECK(found.route->pattern == c.pattern);
    CHECK(found.params == c.params);
  }
  for (const std::string_view path : {"/v1", "/v1/layers/a/b", "/v1/layers//os", "/v1//layers", "/newer"}) {
    CAPTURE(path);
    const auto found = router.find(Method::get, path);
    CHECK(found.route == nullptr);
    CHECK(found.api == nullptr);
    CHECK_FALSE(found.other_method);
  }
  CHECK(router.find(Method::put, "/v1/layers").other_method);
  CHECK(router.find(Method::head, "/v1/layers/a").other_method);
  CHECK(router.find(Method::get, "/v1/layers/%zz").broken);
  CHECK(router.find(Method::get, "/new/nothing").api == &two);
}

}  // namespace eclair::service
