// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "service/http/log.h"

#include <doctest/doctest.h>

#include "util/json.h"

namespace eclair::service {

TEST_CASE("a line is one line, whatever its values hold") {
  const std::string_view evil = "a\n{\"Level\":\"critical\"}\x1b[2J\\\" =";
  const std::string text = Log::format(Log::Form::text, LogLevel::info, "T", "request",
                                       {{"route", "v1/getLayer"}, {"status", std::int64_t{200}}, {"ms", 1.5}, {"peer", evil}, {"empty", ""}});
  CHECK(text.find('\n') == text.size() - 1);
  CHECK(text.find('\x1b') == std::string::npos);
  CHECK(text.substr(0, 56) == "T info request route=v1/getLayer status=200 ms=1.500 pee");
  CHECK(text.find("empty=\"\"") != std::string::npos);
  const std::string line = Log::format(Log::Form::json, LogLevel::warning, "T", "odd \"event\"", {{"peer", evil}, {"n", std::int64_t{-3}}});
  CHECK(line.find('\n') == line.size() - 1);
  json::Document document;
  const auto parsed = document.parse(line);
  REQUIRE(parsed);
  CHECK((*parsed)["Level"].string() == "warning");
  CHECK((*parsed)["Event"].string() == "odd \"event\"");
  CHECK((*parsed)["n"].integer() == -3);
  CHECK((*parsed)["peer"].string().find("critical") != std::string_view::npos);
}

TEST_CASE("levels have the original's names") {
  for (const std::string_view name_of_level : {"trace", "debug", "info", "notice", "warning", "error", "critical"}) {
    const auto level = parse_log_level(name_of_level);
    REQUIRE(level);
    CHECK(name(*level) == name_of_level);
  }
  CHECK(parse_log_level("WARN") == LogLevel::warning);
  CHECK_FALSE(parse_log_level("loud"));
  CHECK_FALSE(Log(2, Log::Form::text, LogLevel::warning).wants(LogLevel::notice));
}

}  // namespace eclair::service
