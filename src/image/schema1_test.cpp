// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "image/schema1.h"

#include <doctest/doctest.h>

#include "net/base64.h"

using namespace eclair;
using namespace eclair::image;

namespace schema1_test_detail {

const std::string kEmpty = "sha256:a3ed95caeb02ffe68cdd9fd84406680ae93d633cb16422d00e8a7c22955b46d4";
std::string blob(char c) { return "sha256:" + std::string(64, c); }

std::string manifest(const std::string& layers, const std::string& history) {
  return R"({"schemaVersion":1,"name":"a","tag":"1","architecture":"amd64","fsLayers":[)" + layers + R"(],"history":[)" + history + "]";
}
std::string layer(const std::string& digest) { return R"({"blobSum":")" + digest + R"("})"; }
std::string step(char id, const std::string& rest) {
  std::string text = R"({\"id\":\")" + std::string(64, id) + R"(\")" + rest + "}";
  return R"({"v1Compatibility":")" + text + R"("})";
}

const std::string kThree =
    manifest(layer(blob('c')) + "," + layer(kEmpty) + "," + layer(blob('a')),
             step('3', R"(,\"os\":\"linux\",\"architecture\":\"arm64\",\"container_config\":{\"Cmd\":[\"/bin/sh\",\"-c\",\"make\"]})") + "," +
                 step('2', R"(,\"throwaway\":true,\"container_config\":{\"Cmd\":[\"/bin/sh -c #(nop) ENV A=1\"]})") + "," +
                 step('1', R"(,\"created\":\"2016-01-01T00:00:00Z\",\"container_config\":{\"Cmd\":[\"/bin/sh -c #(nop) ADD file:1 in /\"]})"));

}  // namespace schema1_test_detail

using namespace schema1_test_detail;

TEST_CASE("schema 1 lists layers top first, and steps without a layer by a constant blob") {
  const Limits limits;
  CHECK(is_schema1(kThree + "}", limits));
  CHECK_FALSE(is_schema1(R"({"schemaVersion":2,"layers":[]})", limits));
  CHECK_FALSE(is_schema1("{", limits));
  Image image;
  const auto done = describe_schema1(kThree + "}", limits, image);
  REQUIRE_MESSAGE(done.has_value(), (done ? "" : done.error().text));
  REQUIRE(image.history.size() == 3);
  CHECK(image.history[0].digest.text == blob('a'));
  CHECK(image.history[0].index == 1);
  CHECK(image.history[0].created == "2016-01-01T00:00:00Z");
  CHECK(image.history[0].created_by == "ADD file:1 in /");
  CHECK(image.history[1].empty);
  CHECK(image.history[1].index == 0);
  CHECK(image.history[1].created_by == "ENV A=1");
  CHECK(image.history[2].digest.text == blob('c'));
  CHECK(image.history[2].index == 2);
  CHECK(image.history[2].created_by == "RUN make");
  CHECK(image.platform.text() == "linux/arm64");
}

TEST_CASE("schema 1 documents that make no sense are refused") {
  Limits limits;
  const struct {
    std::string document, says;
  } cases[] = {
      {manifest("", "") + "}", "no layers"},
      {manifest(layer(blob('a')), "") + "}", "0 steps of history for 1 layers"},
      {manifest(layer("sha256:../../x"), step('1', "")) + "}", "fsLayers[0]"},
      {manifest(layer(blob('a')), R"({"v1Compatibility":"{"})") + "}", "history[0]"},
      {manifest(layer(blob('a')), "7") + "}", "history[0]"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.document);
    Image image;
    const auto done = describe_schema1(c.document, limits, image);
    REQUIRE_FALSE(done.has_value());
    CHECK_MESSAGE(done.error().text.find(c.says) != std::string::npos, done.error().text);
  }
  limits.layers = 2;
  Image image;
  CHECK(describe_schema1(kThree + "}", limits, image).error().code == Errc::limit);
}

TEST_CASE("the digest of a signed manifest covers what was signed") {
  const Limits limits;
  const std::string payload = kThree + "\n}";
  const auto signature = [&](std::size_t length, const std::string& tail) {
    return R"({"signature":"x","protected":")" +
           net::base64_encode(R"({"formatLength":)" + std::to_string(length) + R"(,"formatTail":")" + net::base64_encode(tail) + R"("})") + R"("})";
  };
  const std::string good = signature(kThree.size(), "\n}");
  CHECK(*schema1_payload(kThree + R"(,"signatures":[)" + good + "]}", limits) == payload);
  CHECK(*schema1_payload(kThree + R"(,"signatures":[)" + good + "," + good + "]}", limits) == payload);
  CHECK(*schema1_payload(kThree + "}", limits) == kThree + "}");
  for (const std::string& bad : {good + "," + signature(kThree.size(), "}"), signature(999'999, "}"), std::string(R"({"protected":"!"})"), std::string("7")}) {
    CAPTURE(bad);
    CHECK_FALSE(schema1_payload(kThree + R"(,"signatures":[)" + bad + "]}", limits).has_value());
  }
}
