// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "image/manifest.h"

#include <doctest/doctest.h>

#include <functional>
#include <vector>

using namespace eclair;
using namespace eclair::image;

namespace {

const std::string kA = "sha256:" + std::string(64, 'a');
const std::string kB = "sha256:" + std::string(64, 'b');

/// The text with A and B for two digests, and single quotes for double ones.
std::string json_text(std::string_view pattern) {
  std::string out;
  for (const char c : pattern) {
    if (c == '\'') out += '"';
    else if (c == '@') out += kA;
    else if (c == '%') out += kB;
    else out += c;
  }
  return out;
}

struct Rejected {
  const char* input;
  Errc code;
  const char* says;
};

template <class Parse>
void check_rejected(const std::vector<Rejected>& table, Parse parse) {
  for (const Rejected& row : table) {
    CAPTURE(row.input);
    const auto got = parse(json_text(row.input), Limits{});
    REQUIRE_FALSE(got.has_value());
    CHECK(got.error().code == row.code);
    INFO(got.error().text);
    CHECK(got.error().text.find(row.says) != std::string::npos);
  }
}

}  // namespace

TEST_CASE("a manifest is read with its config and layers in order") {
  const auto got = parse_manifest(json_text("{'schemaVersion':2,'mediaType':'application/vnd.oci.image.manifest.v1+json',"
                                            "'config':{'mediaType':'application/vnd.oci.image.config.v1+json','digest':'@','size':7},"
                                            "'layers':[{'mediaType':'application/vnd.oci.image.layer.v1.tar+gzip','digest':'%','size':9,"
                                            "'urls':['https://example.org/x'],'annotations':{'a':'b'}},{'digest':'@','size':0}]}"),
                                  Limits{});
  REQUIRE(got.has_value());
  CHECK(got->kind == Manifest::Kind::image);
  CHECK(got->artifact == "");
  CHECK(got->config.digest.text == kA);
  CHECK(got->config.size == 7);
  REQUIRE(got->layers.size() == 2);
  CHECK(got->layers[0].digest.text == kB);
  CHECK(got->layers[0].urls == std::vector<std::string>{"https://example.org/x"});
  CHECK(got->layers[0].annotation("a") == "b");
  CHECK(got->layers[0].annotation("b") == "");
  CHECK(got->layers[1].size == 0);
}

TEST_CASE("an index is known by its members, with or without a media type") {
  for (const char* type : {"", "'mediaType':'application/vnd.oci.image.index.v1+json',", "'mediaType':'application/vnd.docker.distribution.manifest.list.v2+json',"}) {
    CAPTURE(type);
    const auto got = parse_manifest(json_text(std::string("{'schemaVersion':2,") + type +
                                              "'manifests':[{'digest':'@','size':5,'platform':{'os':'linux','architecture':'arm','variant':'v7','os.version':'1'}},"
                                              "{'digest':'%','size':5,'platform':{'os':'unknown','architecture':'unknown'}},"
                                              "{'digest':'%','size':5,'annotations':{'vnd.docker.reference.type':'attestation-manifest'}}]}"),
                                    Limits{});
    REQUIRE(got.has_value());
    CHECK(got->kind == Manifest::Kind::index);
    REQUIRE(got->manifests.size() == 3);
    CHECK(got->manifests[0].platform.text() == "linux/arm/v7");
    CHECK(got->manifests[0].os_version == "1");
    CHECK_FALSE(got->manifests[0].is_attestation());
    CHECK(got->manifests[1].is_attestation());
    CHECK(got->manifests[2].is_attestation());
  }
}

TEST_CASE("artifacts are told from images") {
  struct Row {
    const char* input;
    const char* artifact;
  };
  for (const Row& row : std::vector<Row>{
           {"{'config':{'mediaType':'application/vnd.oci.image.config.v1+json','digest':'@','size':1},'layers':[]}", ""},
           {"{'config':{'mediaType':'application/vnd.docker.container.image.v1+json','digest':'@','size':1},'layers':[]}", ""},
           {"{'config':{'mediaType':'application/octet-stream','digest':'@','size':1},'layers':[{'digest':'@','size':1}]}", ""},
           {"{'config':{'digest':'@','size':1},'layers':[{'mediaType':'application/vnd.docker.image.rootfs.diff.tar.zstd','digest':'@','size':1}]}", ""},
           {"{'config':{'mediaType':'application/vnd.cncf.helm.config.v1+json','digest':'@','size':1},'layers':[{'digest':'@','size':1}]}",
            "artifact with a config of type application/vnd.cncf.helm.config.v1+json"},
           {"{'artifactType':'application/x','config':{'mediaType':'application/vnd.oci.empty.v1+json','digest':'@','size':1},'layers':[]}", "artifact of type application/x"},
           {"{'config':{'mediaType':'application/vnd.oci.image.config.v1+json','digest':'@','size':1},"
            "'layers':[{'mediaType':'application/vnd.dev.cosign.simplesigning.v1+json','digest':'@','size':1}]}",
            "artifact with layers of type application/vnd.dev.cosign.simplesigning.v1+json"}}) {
    CAPTURE(row.input);
    const auto got = parse_manifest(json_text(row.input), Limits{});
    REQUIRE(got.has_value());
    CHECK(got->artifact == row.artifact);
  }
}

TEST_CASE("manifests that cannot be believed are refused, naming the member") {
  check_rejected(
      {
          {"", Errc::invalid_input, "json:"},
          {"{'schemaVersion':2,'config':{'digest':'@'", Errc::invalid_input, "json:"},
          {"[]", Errc::invalid_input, "not a JSON object"},
          {"{}", Errc::invalid_input, "neither layers nor manifests"},
          {"{'schemaVersion':1,'fsLayers':[],'history':[]}", Errc::unsupported, "schema 1"},
          {"{'schemaVersion':1,'config':{'digest':'@','size':1},'layers':[]}", Errc::invalid_input, "schemaVersion is not 2"},
          {"{'schemaVersion':'2','config':{'digest':'@','size':1},'layers':[]}", Errc::invalid_input, "schemaVersion is not 2"},
          {"{'layers':[]}", Errc::invalid_input, "no config"},
          {"{'config':{'digest':'@','size':1}}", Errc::invalid_input, "no layers"},
          {"{'config':[],'layers':[]}", Errc::invalid_input, "config: not a descriptor"},
          {"{'config':{'digest':'@','size':1},'layers':{}}", Errc::invalid_input, "layers is not a list"},
          {"{'config':{'digest':'@','size':1},'layers':[],'manifests':[]}", Errc::invalid_input, "both layers and manifests"},
          {"{'mediaType':'application/vnd.oci.image.index.v1+json','config':{'digest':'@','size':1},'layers':[]}", Errc::invalid_input, "its members are those of an image"},
          {"{'mediaType':'application/vnd.oci.image.manifest.v1+json','manifests':[]}", Errc::invalid_input, "its members are those of an index"},
          {"{'config':{'digest':'@','size':1},'layers':[],'layers':[{'digest':'@','size':1}]}", Errc::invalid_input, "layers is there twice"},
          {"{'config':{'digest':'@','size':1},'layers':[],'Layers':[{'digest':'@','size':1}]}", Errc::invalid_input, "layers is there twice"},
          {"{'config':{'digest':'@','size':1,'Digest':'%'},'layers':[]}", Errc::invalid_input, "config: member digest is there twice"},
          {"{'config':{'digest':'@','size':1},'layers':[{'digest':'@','size':1},{'size':1}]}", Errc::invalid_input, "layers[1]: no digest"},
          {"{'config':{'digest':'@','size':1},'layers':[{'digest':'@'}]}", Errc::invalid_input, "layers[0]: no size"},
          {"{'config':{'digest':'@','size':1},'layers':[{'digest':'@','size':-1}]}", Errc::invalid_input, "layers[0]: size of -1 bytes"},
          {"{'config':{'digest':'@','size':1},'layers':[{'digest':'@','size':1.5}]}", Errc::invalid_input, "layers[0]: size is not a number"},
          {"{'config':{'digest':'@','size':1},'layers':[{'digest':'@','size':'1'}]}", Errc::invalid_input, "layers[0]: size is not a number"},
          {"{'config':{'digest':'@','size':1},'layers':[{'digest':'@','size':9223372036854775807}]}", Errc::limit, "layers[0]: size of 9223372036854775807 bytes"},
          {"{'config':{'digest':'@','size':1},'layers':[{'digest':'@','size':18446744073709551615}]}", Errc::invalid_input, "layers[0]: size is not a number"},
          {"{'config':{'digest':'@','size':1},'layers':[{'digest':'md5:00','size':1}]}", Errc::unsupported, "layers[0]: digest algorithm of \"md5:00\""},
          {"{'config':{'digest':'sha256:../../etc/passwd','size':1},'layers':[]}", Errc::invalid_input, "config: digest \"sha256:../../etc/passwd\""},
          {"{'config':{'digest':5,'size':1},'layers':[]}", Errc::invalid_input, "config: digest is not a string"},
          {"{'manifests':[{'digest':'@','size':1,'platform':'linux'}]}", Errc::invalid_input, "manifests[0]: platform is not an object"},
          {"{'manifests':[{'digest':'@','size':1,'platform':{'os':1}}]}", Errc::invalid_input, "manifests[0]: os is not a string"},
      },
      parse_manifest);
}

TEST_CASE("bounds on documents hold") {
  Limits limits;
  limits.manifest_bytes = 100;
  const auto large = parse_manifest(std::string(101, ' '), limits);
  REQUIRE_FALSE(large.has_value());
  CHECK(large.error().code == Errc::limit);
  CHECK(large.error().text == "101 bytes, more than the limit of 100 (manifest_bytes)");
  limits = {};
  limits.layers = 1;
  const auto many = parse_manifest(json_text("{'config':{'digest':'@','size':1},'layers':[{'digest':'@','size':1},{'digest':'@','size':1}]}"), limits);
  REQUIRE_FALSE(many.has_value());
  CHECK(many.error().text == "layers lists 2 entries, more than the limit of 1");
  const auto deep = parse_manifest("{\"x\":" + std::string(200000, '[') + std::string(200000, ']') + "}", Limits{});
  REQUIRE_FALSE(deep.has_value());
  CHECK(deep.error().text == "json: nested deeper than 64");
}

TEST_CASE("a config gives platform, diff ids and history") {
  const auto got = parse_config(json_text("{'os':'linux','architecture':'arm64','variant':'v8','created':'2024-01-02T03:04:05Z','rootfs':{'type':'layers','diff_ids':['@','%']},"
                                          "'history':[{'created_by':'a'},{'created_by':'b','empty_layer':true,'comment':'c','created':'2024'},5]}"),
                                Limits{});
  REQUIRE(got.has_value());
  CHECK(got->platform.text() == "linux/arm64/v8");
  CHECK(got->created == "2024-01-02T03:04:05Z");
  REQUIRE(got->diff_ids.size() == 2);
  CHECK(got->diff_ids[1].text == kB);
  REQUIRE(got->history.size() == 3);
  CHECK(got->history[0].created_by == "a");
  CHECK(got->history[1].empty_layer);
  CHECK(got->history[1].comment == "c");
  CHECK(got->history[2].created_by == "");
  check_rejected(
      {
          {"{'os':'linux','rootfs':{'diff_ids': [", Errc::invalid_input, "json:"},
          {"{'os':'linux'}", Errc::invalid_input, "no rootfs"},
          {"{'os':'linux','rootfs':[]}", Errc::invalid_input, "no rootfs"},
          {"{'os':'linux','rootfs':{'diff_ids':'@'}}", Errc::invalid_input, "diff_ids is not a list"},
          {"{'os':'linux','rootfs':{'diff_ids':[1]}}", Errc::invalid_input, "rootfs.diff_ids[0] is not a string"},
          {"{'os':'linux','rootfs':{'diff_ids':['@','x']}}", Errc::invalid_input, "rootfs.diff_ids[1]: digest algorithm"},
          {"{'os':'linux','rootfs':{'diff_ids':['@'],'diff_ids':['%']}}", Errc::invalid_input, "diff_ids is there twice"},
          {"{'os':['linux'],'rootfs':{'diff_ids':[]}}", Errc::invalid_input, "os is not a string"},
      },
      parse_config);
}

TEST_CASE("docker save's manifest.json and its relatives") {
  const auto got = parse_docker_manifest(json_text("[{'Config':'c.json','RepoTags':['a:1','b:2'],'Layers':['x/layer.tar','y/layer.tar'],"
                                                   "'LayerSources':{'%':{'mediaType':'application/vnd.oci.image.layer.v1.tar'},"
                                                   "'@':{'mediaType':'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip'}}},{'Config':'d.json','RepoTags':null,'Layers':null}]"),
                                         Limits{});
  REQUIRE(got.has_value());
  REQUIRE(got->size() == 2);
  CHECK((*got)[0].config == "c.json");
  CHECK((*got)[0].repo_tags == std::vector<std::string>{"a:1", "b:2"});
  CHECK((*got)[0].layers == std::vector<std::string>{"x/layer.tar", "y/layer.tar"});
  CHECK((*got)[0].foreign.size() == 1);
  CHECK((*got)[0].foreign.count(kA) == 1);
  CHECK((*got)[1].repo_tags.empty());
  CHECK((*got)[1].layers.empty());
  check_rejected(
      {
          {"{}", Errc::invalid_input, "not a list of images"},
          {"[]", Errc::invalid_input, "lists no image"},
          {"[5]", Errc::invalid_input, "image[0]: not an image"},
          {"[{'Layers':[]}]", Errc::invalid_input, "image[0]: no Config"},
          {"[{'Config':'c','Layers':'x'}]", Errc::invalid_input, "image[0]: Layers is not a list"},
          {"[{'Config':'c','Layers':['x',5]}]", Errc::invalid_input, "image[0]: Layers[1] is not a string"},
          {"[{'Config':'c','Layers':[],'layers':['x']}]", Errc::invalid_input, "layers is there twice"},
      },
      parse_docker_manifest);

  const auto names = parse_repositories(json_text("{'b':{'2':'id2','1':'id1'},'a':{'latest':'id3'},'odd':5}"), Limits{});
  REQUIRE(names.has_value());
  using Pairs = std::vector<std::pair<std::string, std::string>>;
  CHECK((*names == Pairs{{"a:latest", "id3"}, {"b:1", "id1"}, {"b:2", "id2"}}));

  const auto v1 = parse_v1_layer(json_text("{'id':'i','parent':'p','created':'2015','os':'linux','architecture':'amd64','container_config':{'Cmd':['/bin/sh','-c','x y']}}"), Limits{});
  REQUIRE(v1.has_value());
  CHECK(v1->id == "i");
  CHECK(v1->parent == "p");
  CHECK(v1->created_by == "/bin/sh -c x y");
  CHECK(v1->platform.text() == "linux/amd64");

  CHECK(check_oci_layout("{\"imageLayoutVersion\":\"1.0.0\"}", Limits{}).has_value());
  CHECK(check_oci_layout("{\"imageLayoutVersion\":\"2.0.0\"}", Limits{}).error().code == Errc::unsupported);
  CHECK_FALSE(check_oci_layout("{}", Limits{}).has_value());
}
