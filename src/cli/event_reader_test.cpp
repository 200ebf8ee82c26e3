// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/event_reader.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace eclair;
using namespace eclair::cli;

TEST_CASE("events: the same whatever the pieces they come in") {
  const std::string bytes =
      "retry: 2000\n\n: a comment\n\nid: 7\nevent: notification\ndata: {\"a\":1}\n\n"
      "data: first\r\ndata:second\r\ndata\r\n\r\nid: 9\n\nevent: lost\n\nid: 10\ndata: half";
  for (std::size_t size = 1; size <= bytes.size(); ++size) {
    EventReader reader;
    std::vector<std::string> seen;
    for (std::size_t at = 0; at < bytes.size(); at += size) {
      REQUIRE(reader.take(std::string_view(bytes).substr(at, size), [&](std::string_view kind, std::string_view data) -> Result<> {
        seen.push_back(std::string(kind) + "|" + std::string(data));
        return {};
      }));
    }
    CHECK(seen == std::vector<std::string>{"notification|{\"a\":1}", "message|first\nsecond\n"});
    CHECK(reader.last_id() == "9");  // that of an event which is not complete does not count
  }
}

TEST_CASE("events: one without an end is refused") {
  EventReader reader;
  const auto none = [](std::string_view, std::string_view) -> Result<> { return {}; };
  const std::string line = "data: " + std::string(1u << 20, 'x') + "\n";
  Result<> done;
  for (int i = 0; i < 17 && done; ++i) done = reader.take(line, none);
  REQUIRE_FALSE(done);
  CHECK(done.error().code == Errc::limit);
}
