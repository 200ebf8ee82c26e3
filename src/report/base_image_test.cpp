// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "report/base_image.h"

#include <doctest/doctest.h>

#include <string>

namespace eclair::report {
namespace base_image_test_detail {

Image image(std::string name, const std::string& layers) {
  Image out;
  out.kind = "image";
  out.name = std::move(name);
  for (const char c : layers) {
    LayerInfo layer;
    layer.empty = c == '-';
    if (!layer.empty) {
      layer.index = static_cast<std::uint32_t>(chain_ids(out).size() + 1);
      layer.diff_id = sha256(std::string(1, c));
    }
    out.history.push_back(layer);
  }
  return out;
}

store::KnownImage known(std::string name, const std::string& layers, UnixTime first = 1) {
  const auto chains = chain_ids(image("", layers));
  return {chains.back(), std::move(name), "", static_cast<std::uint32_t>(chains.size()), first, first};
}

}  // namespace base_image_test_detail
using namespace base_image_test_detail;

TEST_CASE("chain ids are those of the image specification") {
  // Oracle: image-spec, config.md: ChainID(L0) = DiffID(L0); ChainID(L0|...|Ln) = SHA256(ChainID(L0|...|Ln-1) + " " + DiffID(Ln)).
  Image two = image("x", "a-b");
  const auto chains = chain_ids(two);
  REQUIRE(chains.size() == 2);
  CHECK(chains[0] == two.history[0].diff_id);
  CHECK(chains[1] == sha256(two.history[0].diff_id.text + " " + two.history[2].diff_id.text));
  two.history[2].diff_id = {};
  CHECK(chain_ids(two).size() == 1);
}

TEST_CASE("the base is the known image with most of the lowest layers, and fewer than all") {
  const Image shop = image("shop:1", "abc-de");
  CHECK_FALSE(base_by_known(shop, {}));
  CHECK_FALSE(base_by_known(shop, {known("other", "b"), known("whole", "abcde"), known("more", "abcdef")}));
  const auto base = base_by_known(shop, {known("debian:12", "a"), known("python:3", "abc"), known("else", "abd")});
  REQUIRE(base);
  CHECK(*base == BaseImage{"python:3", "", 3, "store"});
  // The base itself, and the shop of last week with a layer less.
  CHECK(base_by_known(image("python:3", "abc"), {known("debian:12", "a"), known("python:3", "abc")})->name == "debian:12");
  CHECK(base_by_known(shop, {known("debian:12", "a"), known("docker.io/library/shop:0", "abcd")})->name == "debian:12");
}

TEST_CASE("of several names the labels' counts, else the first") {
  Image shop = image("shop:1", "abc");
  const std::vector<store::KnownImage> all = {known("debian:12", "a", 5), known("debian:bookworm", "a", 3), known("mirror/debian:12", "a", 3)};
  CHECK(base_by_known(shop, all)->name == "debian:bookworm");
  shop.base_name = "docker.io/library/debian:12";
  CHECK(*base_by_known(shop, all) == BaseImage{"debian:12", "", 1, "label"});
  shop.base_name.clear();
  shop.base_digest = "sha256:abc";
  std::vector<store::KnownImage> with = all;
  with[2].digest = shop.base_digest;
  CHECK(*base_by_known(shop, with) == BaseImage{"mirror/debian:12", "sha256:abc", 1, "label"});
  // A label that was inherited from the base: the layers say more.
  with.push_back(known("python:3", "ab"));
  CHECK(*base_by_known(shop, with) == BaseImage{"python:3", "", 2, "store"});
}

TEST_CASE("a base that somebody names is held against the layers") {
  const Image shop = image("shop:1", "a-bc");
  CHECK(*base_by_layers(shop, image("debian:12", "a")) == BaseImage{"debian:12", "", 1, "option"});
  CHECK(base_by_layers(shop, shop)->layers == 3);
  CHECK(base_by_layers(shop, image("debian:12", "ax")).error().text.starts_with("debian:12 is not the base of shop:1: layer 2 differs ("));
  CHECK(base_by_layers(shop, image("big", "abcd")).error().text == "big is not the base of shop:1: it has 4 layers, this one 3");
  CHECK(base_by_layers(shop, image("none", "--")).error().text == "none is not the base of shop:1: it has no layers");
  // Without diff ids, digests of blobs.
  Image old = image("old", "a");
  old.history[0].digest = sha256("blob");
  Image on = shop;
  on.history[0].digest = sha256("blob");
  old.history[0].diff_id = {};
  CHECK(base_by_layers(on, old));
  on.history[0].digest = sha256("another");
  CHECK_FALSE(base_by_layers(on, old));
}

TEST_CASE("names as people write them") {
  CHECK(short_name("docker.io/library/debian:12") == "debian:12");
  CHECK(short_name("index.docker.io/bitnami/redis") == "bitnami/redis");
  CHECK(short_name("ghcr.io/library/x") == "ghcr.io/library/x");
}

}  // namespace eclair::report
