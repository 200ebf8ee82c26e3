// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "service/notify/api_stream.h"

#include <doctest/doctest.h>

#include <memory>
#include <string>

#include "service/layers/advisories.h"
#include "service/notify/stored_notifications.h"
#include "service/classic/stored_vulnerabilities.h"
#include "support/image_files.h"

using namespace eclair;
using namespace eclair::service;

namespace api_stream_test_detail {

struct House {
  test::TempFolder folder;
  std::unique_ptr<store::ServiceStore> store = *store::open_service_store(folder.at("data"));
  Advisories advisories{folder.at("data")};
  std::unique_ptr<Vulnerabilities> vulnerabilities = make_vulnerabilities(advisories, [] { return UnixTime{5000}; });
  std::unique_ptr<Notifications> notifications = make_notifications(*store, advisories);
  Api api = api_stream(*store, *notifications);

  House() { make(); }
  void make() { REQUIRE(make_news(*store, advisories, 86400)); }
  void say(const std::string& name, const std::string& fix) {
    Vulnerability one;
    one.name = name;
    one.name_space = "debian:8";
    one.link = "https://x/";
    one.severity = Severity::low;
    one.fixes = {{"glibc", fix}, {"zlib", ""}};
    REQUIRE(vulnerabilities->put(one));
    make();
  }
  Reply ask(const std::string& last_id, const std::string& after = "") {
    Request request;
    if (!last_id.empty()) request.headers.emplace_back("last-event-id", last_id);
    if (!after.empty()) request.query.emplace_back("after", after);
    return api.routes[0].handle(request);
  }
};

std::string rest(Stream& stream) {
  std::string out;
  for (auto piece = stream.next(); piece; piece = stream.next()) out += *piece;
  return out;
}

}  // namespace api_stream_test_detail
using namespace api_stream_test_detail;

TEST_CASE("stream: from now on, or after what a client saw last") {
  House house;
  house.say("CVE-1", "1");
  const Reply reply = house.ask("");
  CHECK(reply.status == 200);
  CHECK(reply.content_type == "text/event-stream");
  REQUIRE(reply.stream);
  CHECK(rest(*reply.stream) == "retry: 2000\n\n");
  house.say("CVE-1", "2");
  const auto all = *house.store->notifications(0, 10);
  REQUIRE(all.size() == 2);
  const std::string second = "id: " + std::to_string(all[1].id) + "\nevent: notification\ndata: {\"id\":\"" + all[1].name +
                             "\",\"created\":\"1970-01-02T00:00:00Z\",\"namespace\":\"debian:8\",\"vulnerability\":\"CVE-1\",\"link\":\"https://x/\","
                             "\"before\":{\"severity\":\"Low\",\"fixes\":[{\"package\":\"glibc\",\"version\":\"1\"},{\"package\":\"zlib\",\"version\":\"\"}]},"
                             "\"after\":{\"severity\":\"Low\",\"fixes\":[{\"package\":\"glibc\",\"version\":\"2\"},{\"package\":\"zlib\",\"version\":\"\"}]}}\n\n";
  CHECK(rest(*reply.stream) == second);
  CHECK(rest(*reply.stream).empty());
  CHECK(rest(*house.ask(std::to_string(all[0].id)).stream) == "retry: 2000\n\n" + second);
  CHECK(rest(*house.ask("", std::to_string(all[0].id)).stream) == "retry: 2000\n\n" + second);
  CHECK(rest(*house.ask("", "0").stream).find("\"before\":null") != std::string::npos);
  REQUIRE(house.vulnerabilities->remove("debian:8", "CVE-1"));
  house.make();
  CHECK(rest(*reply.stream).find("\"after\":null") != std::string::npos);
}

TEST_CASE("stream: what is no id is refused") {
  House house;
  for (const std::string id : {"x", "-1", "18446744073709551615", "1 "}) CHECK(house.ask(id).status == 400);
}
