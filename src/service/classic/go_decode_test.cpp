// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "service/classic/go_decode.h"

#include <doctest/doctest.h>

#include "service/classic/go_json.h"

namespace eclair::service::go_json::go_decode_test_detail {

std::string rewritten_of(std::string_view text) {
  const auto body = Body::parse(text);
  return body ? rewritten(body->value()) : "error: " + body.error().text;
}

TEST_CASE("go json: the first value of a body is read, whatever follows") {
  const std::pair<const char*, const char*> kBodies[] = {
      {"", "error: EOF"},
      {" \t\r\n", "error: EOF"},
      {"{", "error: unexpected EOF"},
      {"[1,", "error: unexpected EOF"},
      {"\"a", "error: unexpected EOF"},
      {"\"a\\", "error: unexpected EOF"},
      {"{} x", "{}"},
      {"{}{", "{}"},
      {"[1]2", "[1]"},
      {"\"a\\\"b\" c", R"("a\"b")"},
      {"1 2", "1"},
      {"null", "null"},
      {R"({"a":"}{"})", R"({"a":"}{"})"},
  };
  for (const auto& pair : kBodies) {
    const std::string text = pair.first;
    CAPTURE(text);
    CHECK(rewritten_of(text) == pair.second);
  }
  for (const char* bad : {"}", ",", "x", "{]", "{\"a\" 1}", "[1 2]", "nul"}) {
    CAPTURE(bad);
    CHECK_FALSE(Body::parse(bad));
  }
  CHECK_FALSE(Body::parse(std::string(100, '[') + std::string(100, ']')));
}

TEST_CASE("go json: written anew as Go does") {
  // oracle: json.Unmarshal into interface{}, then json.Marshal, Go 1.26
  CHECK(rewritten_of(R"({"b":1.50,"a":[1e3,1e21,1e-7,0.000001,-0.5,123456789012],"c":{"z":null,"y":true}})") ==
        R"({"a":[1000,1e+21,1e-7,0.000001,-0.5,123456789012],"b":1.5,"c":{"y":true,"z":null}})");
  CHECK(rewritten_of("{\"a\":\"<\\u003e&\\u2028\\u0007\xff\"}") == R"({"a":"\u003c\u003e\u0026\u2028\u0007)" "\xef\xbf\xbd" R"("})");
  CHECK(rewritten_of(R"({"a":1,"a":2})") == R"({"a":2})");
  CHECK(rewritten_of(R"(["\ud800","\udc00x","\ud83d\ude00","\ud800\u0041","\\ud800","\uD800"])") ==
        "[\"\xef\xbf\xbd\",\"\xef\xbf\xbdx\",\"\xf0\x9f\x98\x80\",\"\xef\xbf\xbd" R"(A","\\ud800",")" "\xef\xbf\xbd\"]");
  CHECK(rewritten_of("[1180591620717411303424,-1180591620717411303424,9223372036854775807,0.1234567890123456789012,1e5,12345678901234567890.5]") ==
        "[1.1805916207174113e+21,-1.1805916207174113e+21,9223372036854776000,0.12345678901234568,100000,12345678901234567000]");
  CHECK(rewritten_of("1180591620717411303424") == "1.1805916207174113e+21");
}

TEST_CASE("go json: fields by name in any case, the last of several, null leaves them") {
  const auto body = Body::parse(R"({"name":"a","NAME":"b","Name":null,"flag":true,"map":{"k":"v","n":null},"list":[1],"number":7})");
  REQUIRE(body);
  const json::Value value = body->value();
  CHECK(*string_field(value, "T", "Name") == "b");
  CHECK(string_field(value, "T", "None")->empty());
  CHECK(*boolean_field(value, "T", "Flag"));
  CHECK(*map_field(value, "T", "Map") == std::map<std::string, std::string>{{"k", "v"}, {"n", ""}});
  CHECK(list_field(value, "T", "List")->size() == 1);
  CHECK(has_member(value, "nAmE"));
  CHECK_FALSE(has_member(value, "none"));
  CHECK(string_field(value, "T", "Number").error().text == "json: cannot unmarshal number into Go struct field T.Number of type string");
  CHECK(boolean_field(value, "T", "Name").error().text == "json: cannot unmarshal string into Go struct field T.Name of type bool");
  CHECK_FALSE(map_field(value, "T", "List"));
  CHECK_FALSE(list_field(value, "T", "Map"));
  CHECK_FALSE(object_field(value, "T", "Flag"));
}

}  // namespace eclair::service::go_json::go_decode_test_detail
