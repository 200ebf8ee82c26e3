// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "image/history.h"

#include <doctest/doctest.h>

using namespace eclair;
using namespace eclair::image;

namespace history_test_detail {

Digest digest_of(char c) { return Digest{"sha256:" + std::string(64, c)}; }

Config config_of(std::size_t diff_ids, std::vector<HistoryStep> history) {
  Config out;
  out.platform = {"linux", "amd64", ""};
  for (std::size_t i = 0; i < diff_ids; ++i) out.diff_ids.push_back(digest_of(static_cast<char>('a' + i)));
  out.history = std::move(history);
  return out;
}

std::vector<LayerInfo> blobs_of(std::size_t n) {
  std::vector<LayerInfo> out(n);
  for (LayerInfo& layer : out) layer.size = 10;
  return out;
}

}  // namespace history_test_detail

using namespace history_test_detail;

TEST_CASE("created_by becomes Dockerfile words") {
  struct Row {
    const char* created_by;
    const char* command;
  };
  for (const Row& row : std::vector<Row>{
           {"", ""},
           {"/bin/sh -c #(nop)  CMD [\"bash\"]", "CMD [\"bash\"]"},
           {"/bin/sh -c #(nop) ADD file:5a1f0f3b1fa9 in / ", "ADD file:5a1f0f3b1fa9 in /"},
           {"/bin/sh -c #(nop)ENV A=b", "ENV A=b"},
           {"/bin/sh -c apt-get update && apt-get install -y curl", "RUN apt-get update && apt-get install -y curl"},
           {"/bin/sh -c ", "/bin/sh -c"},
           {"|1 VERSION=1.2 /bin/sh -c make", "RUN make"},
           {"|2 A=one two B=3 /bin/sh -c make all", "RUN make all"},
           {"|1 A=1 /bin/bash -o pipefail -c make", "/bin/bash -o pipefail -c make"},
           {"|x A=1 /bin/sh -c make", "|x A=1 /bin/sh -c make"},
           {"RUN /bin/sh -c apk add curl # buildkit", "RUN /bin/sh -c apk add curl"},
           {"RUN |1 A=1 /bin/sh -c apk add curl # buildkit", "RUN /bin/sh -c apk add curl"},
           {"COPY . /app # buildkit", "COPY . /app"},
           {"COPY dir:abc in /app", "COPY dir:abc in /app"},
           {"ENTRYPOINT [\"/x\"]", "ENTRYPOINT [\"/x\"]"},
           {"CMD [\"a|b=c\"] # buildkit", "CMD [\"a|b=c\"]"},
           {"/bin/sh -c yum -y install x|unsetLabel=true|force-mtime=10", "RUN yum -y install x"},
           {"/bin/sh -c a | b=c d", "RUN a | b=c d"},
           {"/bin/sh -c cat x|sort", "RUN cat x|sort"},
           {"cmd /S /C #(nop)  ENV A=b", "ENV A=b"},
           {"bazel build ...", "bazel build ..."},
           {"jib-maven-plugin:3.4.0", "jib-maven-plugin:3.4.0"},
           {"debuerreotype 0.15", "debuerreotype 0.15"},
       }) {
    CAPTURE(row.created_by);
    CHECK(dockerfile_command(row.created_by) == row.command);
  }
}

TEST_CASE("history with empty steps is laid over the layers") {
  Image image;
  const auto done = describe(blobs_of(2),
                             config_of(2, {{"2024-01-01", "/bin/sh -c #(nop) ADD file:x in / ", "", false}, {"", "CMD [\"sh\"] # buildkit", "", true}, {"", "RUN make # buildkit", "", false}}),
                             image);
  REQUIRE(done.has_value());
  REQUIRE(image.history.size() == 3);
  CHECK(image.history[0].index == 1);
  CHECK(image.history[0].created_by == "ADD file:x in /");
  CHECK(image.history[0].created == "2024-01-01");
  CHECK(image.history[0].diff_id == digest_of('a'));
  CHECK(image.history[1].empty);
  CHECK(image.history[1].index == 0);
  CHECK(image.history[1].created_by == "CMD [\"sh\"]");
  CHECK(image.history[2].index == 2);
  CHECK(image.history[2].diff_id == digest_of('b'));
  CHECK(image.size == 20);
  CHECK(image.platform.text() == "linux/amd64");
  CHECK(image.notes.empty());
}

TEST_CASE("a history that does not fit gives no commands") {
  for (const std::size_t steps : {1u, 3u}) {
    CAPTURE(steps);
    Image image;
    REQUIRE(describe(blobs_of(2), config_of(2, std::vector<HistoryStep>(steps, HistoryStep{"", "x", "", false})), image).has_value());
    REQUIRE(image.history.size() == 2);
    CHECK(image.history[0].created_by == "");
    CHECK(image.history[1].index == 2);
    REQUIRE(image.notes.size() == 1);
    CHECK(image.notes[0].find("the image has 2") != std::string::npos);
  }
  Image without;  // no history at all is usual (bazel, ko) and worth no note
  REQUIRE(describe(blobs_of(2), config_of(2, {}), without).has_value());
  CHECK(without.history.size() == 2);
  CHECK(without.notes.empty());
}

TEST_CASE("another number of diff ids than layers is refused") {
  for (const std::size_t ids : {0u, 1u, 3u}) {
    CAPTURE(ids);
    Image image;
    const auto done = describe(blobs_of(2), config_of(ids, {}), image);
    REQUIRE_FALSE(done.has_value());
    CHECK(done.error().code == Errc::invalid_input);
    CHECK(done.error().text == "the config names " + std::to_string(ids) + " diff ids for 2 layers: not an image that can run");
  }
}

TEST_CASE("a manifest's layers keep their digests and types; other systems are said") {
  Manifest manifest;
  manifest.config.digest = digest_of('c');
  Descriptor layer;
  layer.digest = digest_of('d');
  layer.media_type = "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip";
  layer.size = 5;
  manifest.layers = {layer};
  Config config = config_of(1, {});
  config.platform = {"windows", "amd64", ""};
  Image image;
  REQUIRE(describe(manifest, config, image).has_value());
  CHECK(image.config_digest == digest_of('c'));
  REQUIRE(image.history.size() == 1);
  CHECK(image.history[0].digest == digest_of('d'));
  CHECK(media::is_foreign_layer(image.history[0].media_type));
  CHECK(image.size == 5);
  REQUIRE(image.notes.size() == 1);
  CHECK(image.notes[0].find("windows") != std::string::npos);
}
