// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "image/docker_archive.h"

#include <doctest/doctest.h>

#include "support/image_files.h"
#include "support/open_image.h"

using namespace eclair;
using namespace eclair::image;
using namespace eclair::test;

namespace docker_archive_test_detail {

using Layers = std::vector<std::vector<std::string>>;

const std::string kOne = layer_of("etc/one", "1"), kTwo = layer_of("etc/two", "2");

std::string config_name(const std::vector<std::string>& layers) { return std::string(sha256(config_of(layers)).hex()) + ".json"; }

/// What docker up to 24 wrote of an image with two layers.
Files legacy() {
  return {{config_name({kOne, kTwo}), config_of({kOne, kTwo})},
          {"aaaa/layer.tar", kOne},
          {"aaaa/VERSION", "1.0"},
          {"bbbb/layer.tar", kTwo},
          {"manifest.json", json("[{'Config':'" + config_name({kOne, kTwo}) + "','RepoTags':['example/app:1'],'Layers':['aaaa/layer.tar','bbbb/layer.tar']}]")},
          {"repositories", json("{'example/app':{'1':'bbbb'}}")}};
}

/// Opens as an unpacked folder and as an archive; both must give the same answer.
Result<Opened> open_both(const Files& files, const std::string& selection = {}, const OpenOptions& options = {}) {
  const TempFolder temp;
  const auto folder = open_and_read("docker-archive:" + files.folder(temp, "saved") + selection, options);
  const auto archive = open_and_read("docker-archive:" + temp.write("saved.tar", files.tar()) + selection, options);
  CHECK(folder.has_value() == archive.has_value());
  if (folder && archive) {
    CHECK(folder->layers == archive->layers);
    CHECK(folder->image.config_digest == archive->image.config_digest);
    CHECK(folder->image.source == "docker-archive");
  } else if (!archive) {
    CHECK(archive.error().text.find(temp.at("saved.tar")) == 0);
  }
  return archive;
}

void check_refused(const Result<Opened>& got, Errc code, const std::string& says) {
  REQUIRE_FALSE(got.has_value());
  INFO(got.error().text);
  CHECK(got.error().code == code);
  CHECK(got.error().text.find(says) != std::string::npos);
}

}  // namespace docker_archive_test_detail

using namespace docker_archive_test_detail;

TEST_CASE("docker save up to 24 gives its image") {
  const auto got = open_both(legacy());
  REQUIRE(got.has_value());
  CHECK(got->layers == Layers{{"etc/one=1"}, {"etc/two=2"}});
  CHECK(got->image.kind == "image");
  CHECK(got->image.digest.empty());
  CHECK(got->image.config_digest == sha256(config_of({kOne, kTwo})));
  CHECK(got->image.platform.text() == "linux/amd64");
  REQUIRE(got->image.history.size() == 2);
  CHECK(got->image.history[0].digest.empty());  // the form names none
  CHECK(got->image.history[0].diff_id == sha256(kOne));
  CHECK(got->image.history[1].created_by == "RUN step1");
  CHECK(got->image.size == kOne.size() + kTwo.size());
}

TEST_CASE("docker save since 25 names blobs by digest, which is then the layer's") {
  Files files;
  put_index(files, {put_image(files, {kOne, kTwo})});
  const auto path = [](const std::string& bytes) { return "blobs/sha256/" + std::string(sha256(bytes).hex()); };
  const std::string config = path(config_of({kOne, kTwo}));
  files["manifest.json"] = json("[{'Config':'" + config + "','RepoTags':['app:1'],'Layers':['" + path(kOne) + "','" + path(kTwo) + "'],"
                                "'LayerSources':{'" + sha256(kOne).text + "':{'mediaType':'application/vnd.oci.image.layer.v1.tar','digest':'" + sha256(kOne).text + "','size':1}}}]");
  const auto got = open_both(files);
  REQUIRE(got.has_value());
  CHECK(got->image.history[0].digest == sha256(kOne));
  CHECK(got->image.history[1].digest == sha256(kTwo));
  const TempFolder temp;  // manifest.json is preferred without a scheme too
  const auto plain = open_and_read(temp.write("x.tar", files.tar()));
  REQUIRE(plain.has_value());
  CHECK(plain->image.source == "docker-archive");
  Files bad = files;
  bad[config][3] ^= 1;
  check_refused(open_both(bad), Errc::invalid_input, "digest mismatch");
  bad = files;
  bad[path(kOne)][0] ^= 1;
  check_refused(open_and_read(temp.write("bad.tar", bad.tar())), Errc::invalid_input, "layer digest differs");
}

TEST_CASE("a layer that occurs twice is a link to the first") {
  Files files = legacy();
  files["cccc/layer.tar"] = "-> ../aaaa/layer.tar";
  files.erase(config_name({kOne, kTwo}));
  files["c.json"] = config_of({kOne, kTwo, kOne});
  files["manifest.json"] = json("[{'Config':'c.json','RepoTags':null,'Layers':['aaaa/layer.tar','./bbbb/layer.tar','cccc/layer.tar']}]");
  const auto got = open_both(files);
  REQUIRE(got.has_value());
  CHECK(got->layers == Layers{{"etc/one=1"}, {"etc/two=2"}, {"etc/one=1"}});
  files["cccc/layer.tar"] = "-> ../cccc/layer.tar";
  check_refused(open_both(files), Errc::invalid_input, "layer 3 of 3 (cccc/layer.tar): cccc/layer.tar: links go round in circles");
  files["cccc/layer.tar"] = "-> /etc/passwd";
  check_refused(open_both(files), Errc::not_found, "layer 3 of 3 (cccc/layer.tar): cccc/layer.tar is a link to etc/passwd, which is not in the");
}

TEST_CASE("of several images one is asked for") {
  Files files = legacy();
  files["other.json"] = config_of({kTwo});
  files["manifest.json"] = json("[{'Config':'" + config_name({kOne, kTwo}) + "','RepoTags':['example/app:1','example/app:latest'],'Layers':['aaaa/layer.tar','bbbb/layer.tar']},"
                                "{'Config':'other.json','RepoTags':['other:2'],'Layers':['bbbb/layer.tar']},{'Config':'other.json','RepoTags':null,'Layers':[]}]");
  check_refused(open_both(files), Errc::invalid_input, "there are 3 images in it: example/app:1 = example/app:latest, other:2, untagged other.json");
  for (const char* name : {":example/app:1", ":example/app", ":docker.io/example/app:1", ":1"}) {
    CAPTURE(name);
    const auto got = open_both(files, name);
    REQUIRE(got.has_value());
    CHECK(got->layers.size() == 2);
  }
  REQUIRE(open_both(files, ":other:2").has_value());
  CHECK(open_both(files, ":other:2")->layers == Layers{{"etc/two=2"}});
  CHECK(open_both(files, "@" + sha256(config_of({kOne, kTwo})).text)->layers.size() == 2);
  check_refused(open_both(files, ":app"), Errc::not_found, "no image app in it; there is example/app:1");
}

TEST_CASE("what docker save did not write is refused, naming the part") {
  struct Row {
    const char* about;
    const char* file;
    std::string body;  // "" removes it
    Errc code;
    const char* says;
  };
  const std::string config = config_name({kOne, kTwo});
  for (const Row& row : std::vector<Row>{
           {"a layer is missing", "bbbb/layer.tar", "", Errc::not_found, "layer 2 of 2 (bbbb/layer.tar): bbbb/layer.tar is not in the"},
           {"the config is missing", config.c_str(), "", Errc::not_found, "config: "},
           {"the config is cut", config.c_str(), "{\"os\":", Errc::invalid_input, "json:"},
           {"fewer diff ids (a build cache)", config.c_str(), config_of({kOne}), Errc::invalid_input, "names 1 diff ids for 2 layers: not an image that can run"},
           {"a config outside", "manifest.json", json("[{'Config':'../../etc/passwd','Layers':[]}]"), Errc::invalid_input, "config: ../../etc/passwd leads outside the"},
           {"a layer outside", "manifest.json", json("[{'Config':'" + config + "','Layers':['aaaa/layer.tar','../../etc/shadow']}]"), Errc::invalid_input, "layer 2 of 2 (../../etc/shadow)"},
           {"a layer that is a folder", "manifest.json", json("[{'Config':'" + config + "','Layers':['aaaa','bbbb/layer.tar']}]"), Errc::not_found, "layer 1 of 2 (aaaa)"},
           {"no list", "manifest.json", "{}", Errc::invalid_input, "manifest.json: not a list of images"},
           {"no manifest", "manifest.json", "[", Errc::invalid_input, "manifest.json: json:"},
       }) {
    CAPTURE(row.about);
    Files files = legacy();
    if (row.body.empty()) files.erase(row.file);
    else files[row.file] = row.body;
    if (std::string(row.about) == "a layer that is a folder") {
      // An archive without entries for folders has none; on disk it is there.
      const TempFolder temp;
      check_refused(open_and_read(temp.write("x.tar", files.tar())), Errc::not_found, row.says);
      check_refused(open_and_read(files.folder(temp, "x")), Errc::invalid_input, "aaaa is not a file");
    } else {
      check_refused(open_both(files), row.code, row.says);
    }
  }
  OpenOptions options;
  options.platform = "linux/arm64";
  check_refused(open_both(legacy(), {}, options), Errc::not_found, "no image for linux/arm64; it is for linux/amd64");
}

TEST_CASE("a foreign layer that LayerSources names may be elsewhere") {
  Files files = legacy();
  files.erase("aaaa/layer.tar");
  files["manifest.json"] = json("[{'Config':'" + config_name({kOne, kTwo}) + "','Layers':['aaaa/layer.tar','bbbb/layer.tar'],'LayerSources':{'" + sha256(kOne).text +
                                "':{'mediaType':'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip'}}}]");
  const auto got = open_both(files);
  REQUIRE(got.has_value());
  CHECK(got->layers == Layers{{"etc/two=2"}});
  CHECK(got->image.history[0].not_analysed == "foreign layer, not in the archive");
}

TEST_CASE("docker save before 1.10: layers name their parents") {
  Files files{{"repositories", json("{'old':{'latest':'top'}}")},
              {"top/json", json("{'id':'top','parent':'base','created':'2015-01-02T00:00:00Z','os':'linux','architecture':'amd64','container_config':{'Cmd':['/bin/sh','-c','make']}}")},
              {"top/layer.tar", kTwo},
              {"base/json", json("{'id':'base','container_config':{'Cmd':['/bin/sh','-c','#(nop) ADD file:1 in /']}}")},
              {"base/layer.tar", kOne}};
  for (const char* name : {"", ":old", ":old:latest"}) {
    CAPTURE(name);
    const auto got = open_both(files, name);
    REQUIRE(got.has_value());
    CHECK(got->layers == Layers{{"etc/one=1"}, {"etc/two=2"}});
    CHECK(got->image.platform.text() == "linux/amd64");
    CHECK(got->image.history[0].created_by == "ADD file:1 in /");
    CHECK(got->image.history[0].index == 1);
    CHECK(got->image.history[1].created_by == "RUN make");
  }
  check_refused(open_both(files, ":new"), Errc::not_found, "no image new in it; there is old:latest");
  Files loop = files;
  loop["base/json"] = json("{'id':'base','parent':'top'}");
  check_refused(open_both(loop), Errc::invalid_input, "layer top is its own ancestor");
  Files outside = files;
  outside["base/json"] = json("{'id':'base','parent':'../../etc'}");
  check_refused(open_both(outside), Errc::invalid_input, "not a layer id");
  Files missing = files;
  missing.erase("base/layer.tar");
  check_refused(open_both(missing), Errc::not_found, "layer base: ");
  Files two = files;
  two["repositories"] = json("{'old':{'latest':'top','0':'base'}}");
  check_refused(open_both(two), Errc::invalid_input, "there are 2 images in it: old:0, old:latest");
  CHECK(open_both(two, ":old:0")->layers == Layers{{"etc/one=1"}});
  Limits one;
  one.layers = 1;
  OpenOptions options;
  options.limits = one;
  check_refused(open_both(files, {}, options), Errc::limit, "limit layers of 1");
}
