// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include <archive.h>
#include <archive_entry.h>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <thread>

#include "image/aci.h"
#include "image/recognise.h"
#include "image/selection.h"
#include "support/image_files.h"
#include "support/open_image.h"

using namespace eclair;
using namespace eclair::image;
using namespace eclair::test;

namespace open_test_detail {

using Layers = std::vector<std::vector<std::string>>;

const std::string kLayer = layer_of("etc/os-release", "ID=debian\n");
const std::vector<const char*> kFilters = {"gzip", "zstd", "bzip2", "xz"};

/// Compressed by libarchive.
std::string compressed(const std::string& bytes, const std::string& filter) {
  std::string out(bytes.size() + 100'000, '\0');
  std::size_t used = 0;
  struct archive* a = ::archive_write_new();
  ::archive_write_add_filter_by_name(a, filter.c_str());
  ::archive_write_set_format_raw(a);
  REQUIRE(::archive_write_open_memory(a, out.data(), out.size(), &used) == ARCHIVE_OK);
  struct archive_entry* entry = ::archive_entry_new();
  ::archive_entry_set_filetype(entry, AE_IFREG);
  REQUIRE(::archive_write_header(a, entry) == ARCHIVE_OK);
  REQUIRE(::archive_write_data(a, bytes.data(), bytes.size()) == static_cast<la_ssize_t>(bytes.size()));
  ::archive_entry_free(entry);
  REQUIRE(::archive_write_close(a) == ARCHIVE_OK);
  ::archive_write_free(a);
  out.resize(used);
  return out;
}

Files oci_files() {
  Files files;
  put_index(files, {put_image(files, {kLayer})});
  return files;
}

Files docker_files() {
  return {{"c.json", config_of({kLayer})}, {"l.tar", kLayer}, {"manifest.json", json("[{'Config':'c.json','RepoTags':['x:1'],'Layers':['l.tar']}]")}};
}

std::string aci_tar(const std::string& manifest = json("{'acKind':'ImageManifest','acVersion':'0.8.0','name':'example.com/app','labels':[{'name':'os','value':'linux'},"
                                                       "{'name':'arch','value':'amd64'}],'dependencies':[{'imageName':'example.com/base'}]}")) {
  return TarWriter().file("manifest", manifest).directory("rootfs/").file("rootfs/etc/os-release", "ID=debian\n").finish();
}

std::string rootfs_tar() {
  return TarWriter().directory("./").symlink("./bin", "usr/bin").directory("./etc/").file("./etc/os-release", "ID=debian\n").file("./manifest.json", "{\"app\":1}").finish();
}

/// Another program at standard input for one call.
template <class Fn>
auto with_input(const std::string& path, Fn fn) {
  const int saved = ::dup(STDIN_FILENO), file = ::open(path.c_str(), O_RDONLY);
  ::dup2(file, STDIN_FILENO);
  ::close(file);
  auto out = fn();
  ::dup2(saved, STDIN_FILENO);
  ::close(saved);
  return out;
}

}  // namespace open_test_detail

using namespace open_test_detail;

TEST_CASE("a file is what its content says, whatever its name and compression") {
  struct Row {
    const char* about;
    std::string tar;
    const char *kind, *source, *first_file;
  };
  const TempFolder temp;
  for (const Row& row : std::vector<Row>{
           {"docker archive", docker_files().tar(), "image", "docker-archive", "etc/os-release=ID=debian\n"},
           {"docker archive with ./", docker_files().tar("./"), "image", "docker-archive", "etc/os-release=ID=debian\n"},
           {"OCI archive", oci_files().tar(), "image", "oci-archive", "etc/os-release=ID=debian\n"},
           {"OCI archive with ./", oci_files().tar("./"), "image", "oci-archive", "etc/os-release=ID=debian\n"},
           {"ACI", aci_tar(), "image", "aci", "manifest="},
           {"root file system with a manifest.json of its own", rootfs_tar(), "rootfs", "rootfs", "bin -> usr/bin"},
           {"a layer", kLayer, "rootfs", "rootfs", "etc/os-release=ID=debian\n"},
       }) {
    std::vector<std::pair<std::string, std::string>> forms = {{"plain", row.tar}};
    for (const char* filter : kFilters) forms.emplace_back(filter, compressed(row.tar, filter));
    for (const auto& form : forms) {
      const auto& how = form.first;
      const auto& bytes = form.second;
      CAPTURE(row.about);
      CAPTURE(how);
      const auto got = open_and_read(temp.write("some.file", bytes));
      REQUIRE(got.has_value());
      CHECK(got->image.kind == row.kind);
      CHECK(got->image.source == row.source);
      CHECK(got->image.name == temp.at("some.file"));
      REQUIRE(got->layers.size() == 1);
      REQUIRE_FALSE(got->layers[0].empty());
      CHECK(got->layers[0][0].find(row.first_file) == 0);
      CHECK(got->prefix == (std::string(row.source) == "aci" ? "rootfs" : ""));
    }
  }
}

TEST_CASE("layers within an archive may be compressed, and are told one by one") {
  for (const char* filter : kFilters) {
    CAPTURE(filter);
    Files files = docker_files();
    files["l.tar"] = compressed(kLayer, filter);
    const TempFolder temp;
    const auto got = open_and_read(temp.write("x.tar", files.tar()));
    REQUIRE(got.has_value());
    CHECK(got->layers == Layers{{"etc/os-release=ID=debian\n"}});
    CHECK(got->image.size == files["l.tar"].size());
  }
}

TEST_CASE("a scheme narrows what the content may be") {
  const TempFolder temp;
  temp.write("docker.tar", docker_files().tar());
  Files both = oci_files();
  for (const auto& [name, body] : docker_files()) both[name] = body;
  temp.write("both.tar", both.tar());
  both.folder(temp, "both");
  temp.write("rootfs.tar.gz", compressed(rootfs_tar(), "gzip"));
  temp.write("app.aci", aci_tar());
  temp.write("app.jar", std::string("PK\x03\x04", 4) + std::string(100, 'x'));
  struct Row {
    const char *scheme, *file, *kind, *source;
  };
  for (const Row& row : std::vector<Row>{{"", "both.tar", "image", "docker-archive"},
                                         {"oci-archive:", "both.tar", "image", "oci-archive"},
                                         {"oci:", "both.tar", "image", "oci-archive"},
                                         {"docker-archive:", "both.tar", "image", "docker-archive"},
                                         {"archive://", "both.tar", "image", "docker-archive"},
                                         {"", "both", "image", "docker-archive"},
                                         {"oci-dir:", "both", "image", "oci-dir"},
                                         {"oci-dir://", "both", "image", "oci-dir"},
                                         {"dir:", "both", "rootfs", "rootfs"},
                                         {"rootfs:", "docker.tar", "rootfs", "rootfs"},
                                         {"rootfs:", "rootfs.tar.gz", "rootfs", "rootfs"},
                                         {"layer:", "rootfs.tar.gz", "layer", "layer"},
                                         {"layer:", "docker.tar", "layer", "layer"},
                                         {"aci:", "app.aci", "image", "aci"},
                                         {"file:", "docker.tar", "image", "docker-archive"},
                                         {"file:", "app.jar", "layer", "file"}}) {
    CAPTURE(row.scheme);
    CAPTURE(row.file);
    const auto got = open_and_read(row.scheme + temp.at(row.file));
    REQUIRE(got.has_value());
    CHECK(got->image.kind == row.kind);
    CHECK(got->image.source == row.source);
  }
  const auto jar = open_and_read("file:" + temp.at("app.jar"));
  REQUIRE(jar.has_value());
  REQUIRE(jar->layers.size() == 1);
  CHECK(jar->layers[0][0].find("app.jar=PK") == 0);
}

TEST_CASE("what is no image is refused by name, saying what it looks like") {
  struct Row {
    const char* name;
    std::string bytes;
    Errc code;
    const char* says;
  };
  const TempFolder temp;
  for (const Row& row : std::vector<Row>{
           {"empty.tar", "", Errc::invalid_input, ": no bytes"},
           {"picture.png", "\x89PNG\r\n\x1a\n" + std::string(500, '\1'), Errc::unsupported, ": is a PNG picture, not an image"},
           {"text.tar", "this is not an image\n", Errc::unsupported, ": is text, not an image"},
           {"short", "x", Errc::unsupported, ": is text, not an image"},
           {"noise", std::string(600, '\1'), Errc::unsupported, ": is data of an unknown kind, not an image"},
           {"bom.json", json("{'bomFormat':'CycloneDX'}"), Errc::unsupported, ": is a CycloneDX SBOM, not an image"},
           {"r.json", json("{'SchemaVersion':2,'ArtifactName':'x'}"), Errc::unsupported, ": is a Trivy report, not an image"},
           {"text.gz", compressed("this is not an image\n", "gzip"), Errc::unsupported, ": is text compressed by gzip, not an image"},
           {"nothing.gz", compressed("", "gzip"), Errc::invalid_input, ": no bytes, once gzip is undone"},
           {"cut.tar.gz", compressed(kLayer, "gzip").substr(0, 40), Errc::invalid_input, ": gzip: ends early"},
           {"cut.tar", kLayer.substr(0, 515), Errc::invalid_input, ": tar: ends early"},
           {"header.gz", compressed(kLayer, "gzip").substr(0, 10), Errc::invalid_input, ": gzip: ends early"},
           {"app.aci", TarWriter().file("manifest", "{}").file("rootfs/a").finish(), Errc::invalid_input, ": ACI manifest: acKind is not ImageManifest"},
       }) {
    CAPTURE(row.name);
    const auto got = image::open(temp.write(row.name, row.bytes), OpenOptions{});
    REQUIRE_FALSE(got.has_value());
    INFO(got.error().text);
    CHECK(got.error().code == row.code);
    CHECK(got.error().text.find(temp.at(row.name) + row.says) == 0);
  }
  for (const auto& one : std::vector<std::pair<std::string, const char*>>{
           {"layer:" + temp.at("text.tar"), ": is text, not an image"},
           {"aci:" + temp.at("picture.png"), ": is a PNG picture"},
           {"oci:" + temp.path(), ": not an OCI layout"},
           {"layer:" + temp.path(), ": is a folder, not a file"},
           {"docker-archive:" + temp.path(), ": manifest.json is not in the folder"},
           {temp.at("nothing.tar"), ": no such file or folder"},
           {"/dev/null", ": not a file, folder or pipe"},
       }) {
    const auto& target = one.first;
    const auto& says = one.second;
    CAPTURE(target);
    const auto got = image::open(target, OpenOptions{});
    REQUIRE_FALSE(got.has_value());
    INFO(got.error().text);
    CHECK(got.error().text.find(says) != std::string::npos);
  }
}

TEST_CASE("a root file system has no images to choose from") {
  const TempFolder temp;
  const auto got = image::open(temp.write("r.tar", rootfs_tar()) + ":name", OpenOptions{});
  REQUIRE_FALSE(got.has_value());
  CHECK(got.error().code == Errc::not_found);
}

TEST_CASE("an archive that never fits in memory is spooled, within its bounds") {
  OpenOptions options;
  options.limits.spill_bytes = 1000;
  const TempFolder temp;
  const std::string path = temp.write("x.tar.gz", compressed(docker_files().tar(), "gzip"));
  CHECK(open_and_read(path, options).has_value());
  options.limits.ratio = 2;
  options.limits.ratio_floor_bytes = 1000;
  const auto bomb = image::open(path, options);
  REQUIRE_FALSE(bomb.has_value());
  CHECK(bomb.error().code == Errc::limit);
  CHECK(bomb.error().text.find("more than 2 times its size (limit ratio)") != std::string::npos);
  options = {};
  options.limits.spool_bytes = 2000;
  const auto large = image::open(path, options);
  REQUIRE_FALSE(large.has_value());
  CHECK(large.error().code == Errc::limit);
  CHECK(large.error().text.find("more bytes than the limit spool_bytes of 2000") != std::string::npos);
  Cancel stop;
  stop.request();
  options = {};
  options.stop = &stop;
  CHECK(image::open(path, options).error().code == Errc::cancelled);
}

TEST_CASE("an image comes on standard input, from a file or a pipe") {
  const TempFolder temp;
  const std::string file = temp.write("x", docker_files().tar());
  const auto from_file = with_input(file, [] { return open_and_read("-"); });
  REQUIRE(from_file.has_value());
  CHECK(from_file->image.name == "stdin");
  CHECK(from_file->layers == Layers{{"etc/os-release=ID=debian\n"}});

  const std::string pipe = temp.at("pipe"), bytes = compressed(oci_files().tar(), "zstd");
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  for (const bool as_input : {true, false}) {
    CAPTURE(as_input);
    std::thread writer([&] {
      const int out = ::open(pipe.c_str(), O_WRONLY);
      for (std::size_t at = 0; at < bytes.size();) at += static_cast<std::size_t>(std::max<ssize_t>(1, ::write(out, bytes.data() + at, bytes.size() - at)));
      ::close(out);
    });
    const auto got = as_input ? with_input(pipe, [] { return open_and_read("-"); }) : open_and_read(pipe);
    writer.join();
    REQUIRE(got.has_value());
    CHECK(got->image.source == "oci-archive");
    CHECK(got->layers == Layers{{"etc/os-release=ID=debian\n"}});
  }
  OpenOptions options;
  options.name = "shown";
  const auto named = with_input(file, [&] { return open_and_read("-", options); });
  REQUIRE(named.has_value());
  CHECK(named->image.name == "shown");
  const auto nothing = with_input("/dev/null", [] { return open_and_read("-"); });
  REQUIRE_FALSE(nothing.has_value());
  CHECK(nothing.error().text == "standard input: no bytes");
}

TEST_CASE("names that are not paths, and schemes that are not ours") {
  struct Row {
    const char* target;
    Errc code;
    const char* says;
  };
  for (const Row& row : std::vector<Row>{
           {"", Errc::invalid_input, "no target"},
           {"docker:", Errc::invalid_input, "nothing after docker:"},
           {"containerd:x", Errc::unsupported, "containerd:x: images in containerd's store cannot be read"},
           {"containers-storage:[overlay@/nothing/here]x", Errc::not_found, "no containers-storage in /nothing/here"},
           {"containers-storage:[btrfs@/nothing/here]x", Errc::unsupported, "the driver btrfs cannot be read"},
           {"sbom:x.json", Errc::unsupported, "does not name an image"},
           {"https://example.org/x", Errc::unsupported, "does not name an image"},
           {"oci:", Errc::invalid_input, "nothing after oci:"},
           {"registry:", Errc::invalid_input, "nothing after registry:"},
           {"./nothing-here", Errc::not_found, "./nothing-here: no such file or folder"},
           {"/nothing/here", Errc::not_found, "/nothing/here: no such file or folder"},
           {"nothing-here.tar.gz", Errc::not_found, "nothing-here.tar.gz: no such file or folder"},
           {"Alpine", Errc::invalid_input, "lower case"},
           {"registry:Alpine", Errc::invalid_input, "lower case"},
           {"docker://Alpine", Errc::invalid_input, "lower case"},
       }) {
    CAPTURE(row.target);
    const auto got = image::open(row.target, OpenOptions{});
    REQUIRE_FALSE(got.has_value());
    INFO(got.error().text);
    CHECK(got.error().code == row.code);
    CHECK(got.error().text.find(row.says) != std::string::npos);
  }
}

TEST_CASE("a folder called like an image does not stand in for it, but is mentioned") {
  const TempFolder temp;
  Files files = oci_files();
  files.folder(temp, "a..b");
  files.folder(temp, "c/d");
  temp.write("e.tar", docker_files().tar());
  const std::filesystem::path before = std::filesystem::current_path();
  std::filesystem::current_path(temp.path());
  const auto plain = image::open("a..b", OpenOptions{});
  const auto dotted = image::open("./a..b", OpenOptions{}), slashed = image::open("c/d", OpenOptions{}), suffixed = image::open("e.tar", OpenOptions{});
  std::filesystem::current_path(before);
  REQUIRE_FALSE(plain.has_value());
  CHECK(plain.error().hint == "there is a file or folder of this name here: ./a..b");
  CHECK(dotted.has_value());
  REQUIRE(slashed.has_value());
  CHECK((*slashed)->image().name == "c/d");
  REQUIRE(suffixed.has_value());
  CHECK((*suffixed)->image().source == "docker-archive");
}

TEST_CASE("a registry reference goes to the registry") {
  OpenOptions options;
  options.insecure = true;
  for (const char* target : {"127.0.0.1:1/x:y", "registry:127.0.0.1:1/x:y", "docker://127.0.0.1:1/x:y", "registry://127.0.0.1:1/x:y"}) {
    CAPTURE(target);
    const auto got = image::open(target, options);  // nothing listens there
    REQUIRE_FALSE(got.has_value());
    INFO(got.error().text);
    CHECK(got.error().code == Errc::unavailable);
    CHECK(got.error().text.find("127.0.0.1:1") != std::string::npos);
  }
}

TEST_CASE("selections are cut off where the path ends") {
  const auto exists = [](const std::string& path) { return path == "dir" || path == "a:b" || path == "x.tar"; };
  const std::string digest = "sha256:" + std::string(64, 'a');
  struct Row {
    std::string target;
    const char* path;
    std::string name, digest;
  };
  for (const Row& row : std::vector<Row>{{"dir", "dir", "", ""},
                                         {"dir:tag", "dir", "tag", ""},
                                         {"dir:host:5000/a:1", "dir", "host:5000/a:1", ""},
                                         {"dir@" + digest, "dir", "", digest},
                                         {"a:b", "a:b", "", ""},
                                         {"a:b:c", "a:b", "c", ""},
                                         {"none:tag", "none:tag", "", ""},
                                         {":tag", ":tag", "", ""}}) {
    CAPTURE(row.target);
    const auto got = split_selection(row.target, exists);
    REQUIRE(got.has_value());
    CHECK(got->path == row.path);
    CHECK(got->selection.name == row.name);
    CHECK(got->selection.digest.text == row.digest);
  }
  CHECK_FALSE(split_selection("dir@sha256:12", exists).has_value());

  CHECK(name_matches("latest", "latest"));
  CHECK(name_matches("alpine", "docker.io/library/alpine:latest"));
  CHECK(name_matches("3.19", "alpine:3.19"));
  CHECK_FALSE(name_matches("alpine", "alpine:3.19"));
  CHECK_FALSE(name_matches("19", "alpine:3.19"));
  CHECK_FALSE(name_matches("other/alpine:3.19", "alpine:3.19"));
}

TEST_CASE("an ACI's manifest is read for platform and dependencies") {
  const TempFolder temp;
  const auto got = open_and_read(temp.write("app.aci", aci_tar()));
  REQUIRE(got.has_value());
  CHECK(got->image.platform.text() == "linux/amd64");
  REQUIRE(got->image.notes.size() == 1);
  CHECK(got->image.notes[0] == "depends on other images, which are not looked into: example.com/base");
  CHECK_FALSE(parse_aci_manifest(json("{'acKind':'ImageManifest'}"), Limits{}).has_value());
  CHECK_FALSE(parse_aci_manifest(json("{'acKind':'PodManifest','name':'x'}"), Limits{}).has_value());
  CHECK_FALSE(parse_aci_manifest("[]", Limits{}).has_value());
  CHECK(parse_aci_manifest(json("{'acKind':'ImageManifest','name':'x','labels':5,'dependencies':[5,{}]}"), Limits{}).has_value());
}
