// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "image/oci_layout.h"

#include <doctest/doctest.h>

#include <functional>

#include "support/image_files.h"
#include "support/open_image.h"

using namespace eclair;
using namespace eclair::image;
using namespace eclair::test;

namespace oci_layout_test_detail {

using Layers = std::vector<std::vector<std::string>>;

const std::string kOne = layer_of("etc/one", "1"), kTwo = layer_of("etc/two", "2");

/// Opens a layout as a folder and as an archive; both must give the same answer, which is returned.
Result<Opened> open_both(const Files& files, const std::string& selection = {}, const OpenOptions& options = {}) {
  const TempFolder temp;
  const auto folder = open_and_read("oci:" + files.folder(temp, "layout") + selection, options);
  const auto archive = open_and_read("oci-archive:" + temp.write("layout.tar", files.tar("./")) + selection, options);
  CHECK(folder.has_value() == archive.has_value());
  if (folder && archive) {
    CHECK(folder->image.source == "oci-dir");
    CHECK(archive->image.source == "oci-archive");
    CHECK(folder->layers == archive->layers);
    CHECK(folder->image.digest == archive->image.digest);
  } else if (!folder && !archive) {
    CHECK(folder.error().code == archive.error().code);
    CHECK(folder.error().text.find(temp.at("layout")) == 0);  // an error names its target
  }
  return folder;
}

void check_refused(const Result<Opened>& got, Errc code, const std::string& says) {
  REQUIRE_FALSE(got.has_value());
  INFO(got.error().text);
  CHECK(got.error().code == code);
  CHECK(got.error().text.find(says) != std::string::npos);
}

}  // namespace oci_layout_test_detail

using namespace oci_layout_test_detail;

TEST_CASE("a layout gives its image: digests, platform, commands, layers") {
  Files files;
  const std::string manifest = put_image(files, {kOne, kTwo});
  put_index(files, {manifest + with_name("latest")});
  const auto got = open_both(files);
  REQUIRE(got.has_value());
  CHECK(got->layers == Layers{{"etc/one=1"}, {"etc/two=2"}});
  CHECK(got->image.kind == "image");
  CHECK(got->image.platform.text() == "linux/amd64");
  CHECK(got->image.size == kOne.size() + kTwo.size());
  CHECK(manifest.find(got->image.digest.text) != std::string::npos);
  CHECK_FALSE(got->image.config_digest.empty());
  REQUIRE(got->image.history.size() == 2);
  CHECK(got->image.history[1].digest == sha256(kTwo));
  CHECK(got->image.history[1].diff_id == sha256(kTwo));
  CHECK(got->image.history[1].created_by == "RUN step1");
  CHECK(got->image.notes.empty());
}

TEST_CASE("several images are entered by name or digest, never by chance") {
  Files files;
  const std::string a = put_image(files, {kOne}), b = put_image(files, {kTwo});
  put_index(files, {a + with_name("docker.io/library/app:1"), b + with_name("second")});
  check_refused(open_both(files), Errc::invalid_input, "there are 2 images in it: docker.io/library/app:1, second");
  for (const char* name : {":docker.io/library/app:1", ":app:1", ":1"}) {
    CAPTURE(name);
    const auto got = open_both(files, name);
    REQUIRE(got.has_value());
    CHECK(got->layers == Layers{{"etc/one=1"}});
  }
  REQUIRE(open_both(files, ":second").has_value());
  CHECK(open_both(files, ":second")->layers == Layers{{"etc/two=2"}});
  check_refused(open_both(files, ":third"), Errc::not_found, "no image called third in it; there is docker.io/library/app:1, second");
  const std::string digest = b.substr(b.find("sha256:"), 71);
  REQUIRE(open_both(files, "@" + digest).has_value());
  CHECK(open_both(files, "@" + digest)->layers == Layers{{"etc/two=2"}});
  check_refused(open_both(files, "@sha256:" + std::string(64, '0')), Errc::not_found, "no manifest with the digest sha256:000");
  check_refused(open_both(files, "@sha256:12"), Errc::invalid_input, "does not have the hex digits");

  Files of_two_platforms;  // that alone does not make two images one
  put_index(of_two_platforms, {put_image(of_two_platforms, {kOne}, "amd64") + with_platform("linux", "amd64") + with_name("app"),
                               put_image(of_two_platforms, {kTwo}, "arm64") + with_platform("linux", "arm64") + with_name("other")});
  check_refused(open_both(of_two_platforms), Errc::invalid_input, "there are 2 images in it: app, other");

  Files unnamed;
  put_index(unnamed, {put_image(unnamed, {kOne}), put_image(unnamed, {kTwo})});
  check_refused(open_both(unnamed), Errc::invalid_input, "there are 2 images in it: sha256:");
}

TEST_CASE("one image under several names is one image") {
  Files files;
  const std::string manifest = put_image(files, {kOne});
  put_index(files, {manifest + with_name("1"), manifest + with_name("latest")});
  REQUIRE(open_both(files).has_value());
  REQUIRE(open_both(files, ":latest").has_value());
}

TEST_CASE("platforms are chosen at the root and in nested indexes; attestations and artifacts are not images") {
  for (const bool nested : {false, true}) {
    CAPTURE(nested);
    Files files;
    std::vector<std::string> entries = {put_image(files, {kTwo}, "386") + with_platform("linux", "386"), put_image(files, {kOne}, "amd64") + with_platform("linux", "amd64"),
                                        put_image(files, {layer_of("x", "y")}, "unknown", "unknown") + with_platform("unknown", "unknown")};
    if (nested) entries = {files.blob(index_of(entries), kIndexType)};
    put_index(files, entries);
    OpenOptions options;
    options.platform = "linux/amd64";
    REQUIRE(open_both(files, {}, options).has_value());
    CHECK(open_both(files, {}, options)->layers == Layers{{"etc/one=1"}});
    options.platform = "linux/386";
    CHECK(open_both(files, {}, options)->layers == Layers{{"etc/two=2"}});
    options.platform = "linux/s390x";
    check_refused(open_both(files, {}, options), Errc::not_found, "linux/s390x");
  }
  for (const bool nested : {false, true}) {
    CAPTURE(nested);
    Files files;
    std::vector<std::string> entries = {put_image(files, {kTwo}, "amd64", "windows") + with_platform("windows", "amd64"), put_image(files, {kOne}, "s390x") + with_platform("linux", "s390x")};
    if (nested) entries = {files.blob(index_of(entries), kIndexType)};
    put_index(files, entries);
    const auto taken = open_both(files);  // another than the default, which is said
    REQUIRE(taken.has_value());
    REQUIRE(taken->image.notes.size() == 1);
    CHECK(taken->image.notes[0].find("took the only one for Linux, linux/s390x") != std::string::npos);
    OpenOptions options;
    options.platform = "linux/s390x";
    const auto wanted = open_both(files, {}, options);
    REQUIRE(wanted.has_value());
    CHECK(wanted->image.notes.empty());
  }
  Files single;  // an image that is no choice among platforms has one all the same
  put_index(single, {put_image(single, {kOne}, "arm64")});
  OpenOptions options;
  options.platform = "linux/amd64";
  check_refused(open_both(single, {}, options), Errc::not_found, "no image for linux/amd64; it is for linux/arm64");
  CHECK(open_both(single).has_value());

  Files artifact;
  const std::string config = artifact.blob("{}", "application/vnd.cncf.helm.config.v1+json");
  put_index(artifact, {artifact.blob("{\"schemaVersion\":2,\"config\":" + config + "},\"layers\":[]}", kManifestType)});
  check_refused(open_both(artifact), Errc::unsupported, "application/vnd.cncf.helm.config.v1+json");
}

TEST_CASE("nested indexes are bounded") {
  Files files;
  std::string entry = put_image(files, {kOne});
  for (int depth = 0; depth < 8; ++depth) entry = files.blob(index_of({entry}), kIndexType);
  put_index(files, {entry});
  CHECK(open_both(files).has_value());
  entry = files.blob(index_of({entry}), kIndexType);
  put_index(files, {entry});
  check_refused(open_both(files), Errc::limit, "index_depth of 8");
}

TEST_CASE("what is missing or not what was named is refused, by name") {
  struct Row {
    const char* about;
    std::function<void(Files&)> change;
    Errc code;
    std::string says;
  };
  const std::string one = "blobs/sha256/" + std::string(sha256(kOne).hex()), two = "blobs/sha256/" + std::string(sha256(kTwo).hex());
  const std::string config = "blobs/sha256/" + std::string(sha256(config_of({kOne, kTwo})).hex());
  Files good;
  const std::string manifest = put_image(good, {kOne, kTwo});
  put_index(good, {manifest});
  const std::string manifest_file = "blobs/sha256/" + manifest.substr(manifest.find("sha256:") + 7, 64);
  REQUIRE(good.count(config) == 1);
  REQUIRE(good.count(manifest_file) == 1);
  for (const Row& row : std::vector<Row>{
           {"a layer is missing", [&](Files& f) { f.erase(two); }, Errc::not_found, "layer 2 of 2 (" + sha256(kTwo).text + ") is missing"},
           {"a layer is longer", [&](Files& f) { f[one] += "x"; }, Errc::invalid_input,
            "layer 1 of 2 (" + sha256(kOne).text + "): size mismatch: " + std::to_string(kOne.size() + 1) + " bytes, the manifest says " + std::to_string(kOne.size())},
           {"a layer's content differs", [&](Files& f) { f[one][0] ^= 1; }, Errc::invalid_input, "layer digest differs"},
           {"the config is missing", [&](Files& f) { f.erase(config); }, Errc::not_found, "is missing"},
           {"the config differs", [&](Files& f) { f[config][5] ^= 1; }, Errc::invalid_input, "digest mismatch"},
           {"the manifest is missing", [&](Files& f) { f.erase(manifest_file); }, Errc::not_found, "manifest " + manifest.substr(manifest.find("sha256:") + 7, 12)},
           {"the manifest is longer", [&](Files& f) { f[manifest_file] += " "; }, Errc::invalid_input, "size mismatch"},
           {"the manifest differs", [&](Files& f) { f[manifest_file][1] ^= 1; }, Errc::invalid_input, "digest mismatch"},
           {"the index is missing", [&](Files& f) { f.erase("index.json"); }, Errc::not_found, "index.json is not in the"},
           {"the index is empty", [&](Files& f) { f["index.json"] = index_of({}); }, Errc::invalid_input, "index.json lists no image"},
           {"the index is no JSON", [&](Files& f) { f["index.json"] = "{"; }, Errc::invalid_input, "index.json: json:"},
           {"the index is a manifest", [&](Files& f) { f["index.json"] = f[manifest_file]; }, Errc::invalid_input, "index.json: is the manifest of one image"},
           {"another version", [&](Files& f) { f["oci-layout"] = "{\"imageLayoutVersion\":\"2.0\"}"; }, Errc::unsupported, "oci-layout: image layout version 2.0"},
           {"a descriptor that calls a manifest an index",
            [&](Files& f) {
              std::string entry = manifest;
              entry.replace(entry.find(kManifestType), kManifestType.size(), kIndexType);
              f["index.json"] = index_of({entry});
            },
            Errc::invalid_input, "its descriptor says"},
           {"only an attestation", [&](Files& f) { f["index.json"] = index_of({manifest + with_platform("unknown", "unknown")}); }, Errc::unsupported, "lists no image"},
       }) {
    CAPTURE(row.about);
    Files files = good;
    row.change(files);
    if (row.says == "layer digest differs") {
      // Who reads a layer compares its digest; the layout only says which it should be.
      const TempFolder temp;
      check_refused(open_and_read("oci:" + files.folder(temp, "layout")), row.code, row.says);
    } else {
      check_refused(open_both(files), row.code, row.says);
    }
  }
}

TEST_CASE("a foreign layer that is elsewhere is said to be not analysed, one that is here is read") {
  const std::string type = "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip";
  for (const bool here : {false, true}) {
    CAPTURE(here);
    Files files;
    const std::string layers = files.blob(kOne, type) + "}," + files.blob(kTwo, kLayerType) + "}";
    const std::string config = files.blob(config_of({kOne, kTwo}), kConfigType) + "}";
    put_index(files, {files.blob("{\"schemaVersion\":2,\"config\":" + config + ",\"layers\":[" + layers + "]}", kManifestType)});
    if (!here) files.erase("blobs/sha256/" + std::string(sha256(kOne).hex()));
    const auto got = open_both(files);
    REQUIRE(got.has_value());
    CHECK(got->layers.size() == (here ? 2 : 1));
    CHECK(got->image.history[0].not_analysed == (here ? "" : "foreign layer, not in the folder"));
  }
}

TEST_CASE("a blob named by sha512 is found and checked") {
  Files files;
  Hasher hasher("sha512");
  hasher.update(kOne);
  const Digest digest = hasher.finish();
  files["blobs/sha512/" + std::string(digest.hex())] = kOne;
  const std::string layer = json("{'digest':'" + digest.text + "','size':" + std::to_string(kOne.size()) + "}");
  const std::string config = files.blob(config_of({kOne}), kConfigType) + "}";
  put_index(files, {files.blob("{\"schemaVersion\":2,\"config\":" + config + ",\"layers\":[" + layer + "]}", kManifestType)});
  const auto got = open_both(files);
  REQUIRE(got.has_value());
  CHECK(got->image.history[0].digest == digest);
}

TEST_CASE("blobs may be links in a folder, since what they lead to must match their digest") {
  const TempFolder temp;
  Files files;
  put_index(files, {put_image(files, {kOne})});
  for (auto& [name, body] : files) {
    if (name.starts_with("blobs/")) body = "-> " + temp.write("store/" + name.substr(13), body);
  }
  const auto got = open_and_read("oci-dir:" + files.folder(temp, "layout"));
  REQUIRE(got.has_value());
  CHECK(got->layers == Layers{{"etc/one=1"}});
}

TEST_CASE("skopeo's dir: is read as what it is") {
  Files layout;
  const std::string manifest = put_image(layout, {kOne, kTwo});
  Files files{{"version", "Directory Transport Version: 1.1\n"}};
  for (const auto& [name, body] : layout) files[name.substr(name.rfind('/') + 1)] = body;
  const std::string hex = manifest.substr(manifest.find("sha256:") + 7, 64);
  files["manifest.json"] = files[hex];
  const TempFolder temp;
  const auto got = open_and_read(files.folder(temp, "dir"));
  REQUIRE(got.has_value());
  CHECK(got->layers == Layers{{"etc/one=1"}, {"etc/two=2"}});
  CHECK(got->image.digest.hex() == hex);
  Files index = files;  // skopeo copy --all
  index[hex + ".manifest.json"] = files["manifest.json"];
  index.erase(hex);
  index["manifest.json"] = index_of({manifest + with_platform("linux", "amd64")});
  const auto all = open_and_read(index.folder(temp, "all"));
  REQUIRE(all.has_value());
  CHECK(all->layers.size() == 2);
}
