// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "image/platform.h"

#include <doctest/doctest.h>

#include "util/text.h"

using namespace eclair;
using namespace eclair::image;

namespace platform_test_detail {

/// "linux/arm/v7 linux/amd64 - att art" → children; "-" says nothing, "idx" is an index that says nothing, "unk" is unknown/unknown.
std::vector<Descriptor> children(std::string_view words) {
  std::vector<Descriptor> out;
  for (const std::string_view word : text::words(words)) {
    Descriptor d;
    d.media_type = std::string(word == "idx" ? media::kOciIndex : media::kOciManifest);
    if (word == "att") {
      d.annotations["vnd.docker.reference.type"] = "attestation-manifest";
      d.platform = Platform{"linux", "amd64", ""};
    } else if (word == "art") {
      d.artifact_type = "application/x-thing";
    } else if (word == "unk") {
      d.platform = Platform{"unknown", "unknown", ""};
    } else if (word != "-" && word != "idx") {
      const auto parts = text::split(word, '/');
      d.platform = Platform{std::string(parts[0]), std::string(parts[1]), parts.size() > 2 ? std::string(parts[2]) : ""};
    }
    out.push_back(d);
  }
  return out;
}

}  // namespace platform_test_detail

using namespace platform_test_detail;

TEST_CASE("which child of an index is meant") {
  const struct {
    const char *there, *wanted;
    std::size_t position;
  } cases[] = {
      {"linux/amd64 linux/arm64", "linux/amd64", 0},
      {"linux/amd64 linux/arm64/v8", "linux/arm64", 1},
      {"linux/amd64 linux/arm64", "linux/arm64/v8", 1},
      {"linux/amd64 linux/arm64", "linux/aarch64", 1},
      {"linux/arm64 linux/amd64", "LINUX/x86_64", 1},
      {"linux/arm/v5 linux/arm/v6 linux/arm/v7", "linux/arm", 2},
      {"linux/arm/v5 linux/arm/v6", "linux/arm", 1},
      {"linux/arm/v5", "linux/arm", 0},
      {"linux/arm/v5 linux/arm", "linux/arm", 1},
      {"linux/arm linux/arm/v6", "linux/arm/v6", 1},
      {"linux/arm/v6 linux/arm", "linux/arm/v7", 1},
      {"linux/arm/v6 linux/arm/v7", "linux/armhf", 1},
      {"linux/amd64/v3 linux/amd64", "linux/amd64", 1},
      {"linux/amd64/v3", "linux/amd64", 0},
      {"linux/amd64 linux/amd64/v3", "linux/amd64/v3", 1},
      {"linux/amd64 linux/amd64", "linux/amd64", 0},
      {"windows/amd64 linux/amd64", "linux/amd64", 1},
      {"windows/amd64 linux/amd64", "windows/amd64", 0},
      {"linux/arm64 -", "linux/amd64", 1},
      {"unk att linux/arm64 art linux/amd64", "linux/amd64", 4},
      {"idx linux/arm64", "linux/amd64", 0},
      {"idx linux/arm64", "linux/arm64", 1},
      {"idx idx", "linux/arm64", 0},
      {"unk idx", "", 1},
  };
  for (const auto& c : cases) {
    CAPTURE(c.there);
    CAPTURE(c.wanted);
    const auto got = choose_platform(children(c.there), c.wanted);
    REQUIRE_MESSAGE(got.has_value(), (got ? "" : got.error().text));
    CHECK(got->position == c.position);
    CHECK(got->note == "");
  }
}

TEST_CASE("without a wish, another image than the default is taken only where there is no doubt, and said") {
  const struct {
    const char* there;
    std::size_t position;
    const char* says;
  } cases[] = {
      {"unk linux/mips64le", 1, "took the only one there is, linux/mips64le"},
      {"windows/amd64", 0, "took the only one there is, windows/amd64"},
      {"windows/amd64 linux/mips64le windows/arm64", 1, "took the only one for Linux, linux/mips64le"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.there);
    const auto got = choose_platform(children(c.there), "");
    REQUIRE_MESSAGE(got.has_value(), (got ? "" : got.error().text));
    CHECK(got->position == c.position);
    CHECK_MESSAGE(got->note.find(c.says) != std::string::npos, got->note);
  }
}

TEST_CASE("an index without the wanted image says what it has") {
  const struct {
    const char *there, *wanted, *says, *hint;
  } cases[] = {
      {"linux/s390x linux/arm/v7 linux/s390x unk", "linux/riscv64", "no image for linux/riscv64, only for linux/arm/v7, linux/s390x",
       "--platform linux/arm/v7"},
      {"linux/arm64", "linux/s390x", "no image for linux/s390x, only for linux/arm64", "--platform linux/arm64"},
      {"linux/arm/v6", "linux/arm/v7", "only for linux/arm/v6", "--platform linux/arm/v6"},
      {"linux/mips linux/mips64le", "", "only for linux/mips, linux/mips64le", "--platform linux/mips"},
      {"", "linux/amd64", "the index is empty", ""},
      {"unk att art", "linux/amd64", "only attestations or artifacts", ""},
  };
  for (const auto& c : cases) {
    CAPTURE(c.there);
    const auto got = choose_platform(children(c.there), c.wanted);
    REQUIRE_FALSE(got.has_value());
    CHECK(got.error().code == Errc::not_found);
    CHECK_MESSAGE(got.error().text.find(c.says) != std::string::npos, got.error().text);
    CHECK(got.error().hint == c.hint);
  }
}

TEST_CASE("what is not a platform is refused") {
  for (const char* typed : {"linux", "linux/", "/amd64", "linux/arm/v7/x", "a b/c", "linux/amd64,linux/arm64"}) {
    CAPTURE(typed);
    const auto got = parse_platform(typed);
    REQUIRE_FALSE(got.has_value());
    CHECK(got.error().code == Errc::invalid_input);
  }
  CHECK(parse_platform("")->os == "linux");
  CHECK_FALSE(parse_platform("")->architecture.empty());
}

TEST_CASE("things that are not images are called by their name") {
  const struct {
    std::string_view config, artifact, layer;
    std::string name;
  } cases[] = {
      {media::kOciConfig, "", "application/vnd.oci.image.layer.v1.tar+gzip", ""},
      {media::kDockerConfig, "", "application/vnd.docker.image.rootfs.diff.tar.gzip", ""},
      {"", "", "", ""},
      {"application/vnd.cncf.helm.config.v1+json", "", "application/vnd.cncf.helm.chart.content.v1.tar+gzip", "a Helm chart"},
      {media::kOciConfig, "", "application/vnd.dev.cosign.simplesigning.v1+json", "a cosign signature"},
      {media::kOciConfig, "", "application/vnd.in-toto+json", "an attestation"},
      {"application/vnd.oci.empty.v1+json", "application/vnd.cyclonedx+json", "application/vnd.cyclonedx+json", "an SBOM"},
      {"application/vnd.oci.empty.v1+json", "application/x-thing", "text/plain", ""},
  };
  for (const auto& c : cases) {
    CAPTURE(c.config);
    CAPTURE(c.artifact);
    CAPTURE(c.layer);
    CHECK(artifact_name(c.config, c.artifact, c.layer) == c.name);
  }
}
