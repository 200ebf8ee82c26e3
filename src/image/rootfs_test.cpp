// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "image/rootfs.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/image_files.h"
#include "support/open_image.h"

using namespace eclair;
using namespace eclair::image;
using namespace eclair::test;

TEST_CASE("a folder is walked in order, following nothing and opening no device") {
  const TempFolder temp;
  temp.write("secret", "outside");
  const std::string root = temp.at("root");
  temp.write("root/etc/os-release", "ID=debian\n");
  temp.write("root/etc/a b", "odd name");
  temp.write("root/usr/lib/x", std::string(300'000, 'x'));
  temp.write("root/empty", "");
  REQUIRE(::symlink("../../secret", (root + "/etc/link").c_str()) == 0);
  REQUIRE(::symlink("/", (root + "/out").c_str()) == 0);
  REQUIRE(::symlink("usr/lib", (root + "/lib").c_str()) == 0);
  REQUIRE(::mkfifo((root + "/pipe").c_str(), 0600) == 0);
  for (const std::string scheme : {"rootfs:", "dir:", "fs://", ""}) {
    CAPTURE(scheme);
    const auto got = open_and_read(scheme + root);
    REQUIRE(got.has_value());
    CHECK(got->image.kind == "rootfs");
    CHECK(got->image.source == "rootfs");
    CHECK(got->image.name == root);
    REQUIRE(got->layers.size() == 1);
    std::vector<std::string> expected = {"empty=",        "etc/",           "etc/a b=odd name",         "etc/link -> ../../secret",
                                         "etc/os-release=ID=debian\n", "lib -> usr/lib", "out -> /",                 "pipe?",
                                         "usr/",          "usr/lib/",       "usr/lib/x=" + std::string(300'000, 'x')};
    CHECK(got->layers[0] == expected);
    CHECK(got->notes.empty());
  }
}

TEST_CASE("bodies that are not wanted are passed over, and a body may be read in part") {
  const TempFolder temp;
  temp.write("root/a", std::string(1'000'000, 'a'));
  temp.write("root/b", "b");
  const auto source = image::open("rootfs:" + temp.at("root"), OpenOptions{});
  REQUIRE(source.has_value());
  const auto reader = (*source)->walk_layer(1);
  REQUIRE(reader.has_value());
  REQUIRE(*(*reader)->next() != nullptr);
  REQUIRE((*reader)->read()->size() > 0);
  const auto second = (*reader)->next();
  REQUIRE(*second != nullptr);
  CHECK((*second)->path == "b");
  CHECK(*(*reader)->read() == "b");
  CHECK(*(*reader)->read() == "");
  CHECK(*(*reader)->next() == nullptr);
  CHECK_FALSE((*source)->open_layer(1).has_value());
}

TEST_CASE("a file that is replaced between listing and reading is not followed") {
  const TempFolder temp;
  temp.write("secret", "outside");
  temp.write("root/a", "inside");
  const auto source = image::open("rootfs:" + temp.at("root"), OpenOptions{});
  REQUIRE(source.has_value());
  for (const bool by_link : {true, false}) {
    CAPTURE(by_link);
    const auto reader = (*source)->walk_layer(1);
    REQUIRE(reader.has_value());
    REQUIRE(*(*reader)->next() != nullptr);
    temp.write("new", "another");
    REQUIRE(::unlink(temp.at("root/a").c_str()) == 0);
    if (by_link) {
      REQUIRE(::symlink("../secret", temp.at("root/a").c_str()) == 0);
    } else {
      REQUIRE(::rename(temp.at("new").c_str(), temp.at("root/a").c_str()) == 0);
    }
    CHECK((*reader)->read().value_or("failed") == "");
    const auto notes = (*reader)->take_notes();
    REQUIRE(notes.size() == 1);
    CHECK(notes[0].code == "unreadable");
    CHECK(notes[0].path == "a");
    ::unlink(temp.at("root/a").c_str());
    temp.write("root/a", "inside");
  }
}

TEST_CASE("folders are bounded") {
  const TempFolder temp;
  temp.write("root/a/b/c/d", "x");
  temp.write("root/e", "12345");
  OpenOptions options;
  options.limits.layer_entries = 3;
  const auto many = open_and_read("rootfs:" + temp.at("root"), options);
  REQUIRE_FALSE(many.has_value());
  CHECK(many.error().code == Errc::limit);
  options = {};
  options.limits.image_bytes = 3;
  const auto large = open_and_read("rootfs:" + temp.at("root"), options);
  REQUIRE_FALSE(large.has_value());
  CHECK(large.error().code == Errc::limit);
  options = {};
  options.limits.path_depth = 2;
  const auto deep = open_and_read("rootfs:" + temp.at("root"), options);
  REQUIRE(deep.has_value());
  CHECK(deep->layers[0] == std::vector<std::string>{"a/", "a/b/", "e=12345"});
  REQUIRE(deep->notes.size() == 1);
  CHECK(deep->notes[0].path == "a/b");
  options = {};
  options.limits.path_bytes = 3;
  const auto longer = open_and_read("rootfs:" + temp.at("root"), options);
  REQUIRE(longer.has_value());
  CHECK(longer->layers[0] == std::vector<std::string>{"a/", "a/b/", "e=12345"});
  CHECK(longer->notes.size() == 1);
  Cancel stop;
  stop.request();
  options = {};
  options.stop = &stop;
  const auto stopped = open_and_read("rootfs:" + temp.at("root"), options);
  REQUIRE_FALSE(stopped.has_value());
  CHECK(stopped.error().code == Errc::cancelled);
}

TEST_CASE("of this machine's own root, proc, sys and dev are not entered") {
  const auto source = image::open("rootfs:/", OpenOptions{});
  REQUIRE(source.has_value());
  OpenOptions options;
  const int root = ::open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  REQUIRE(root >= 0);
  const auto reader = folder_reader(root, true, options.limits, nullptr);
  // Up to "etc" is enough: "dev" sorts before it.
  bool seen_dev = false;
  while (true) {
    const auto entry = reader->next();
    REQUIRE(entry.has_value());
    if (*entry == nullptr || (*entry)->path == "etc") break;
    seen_dev = seen_dev || (*entry)->path == "dev";
    CHECK((*entry)->path.substr(0, 4) != "dev/");
  }
  CHECK(seen_dev);
}

TEST_CASE("what is no folder is refused by name") {
  const TempFolder temp;
  const auto gone = image::open("rootfs:" + temp.at("nothing"), OpenOptions{});
  REQUIRE_FALSE(gone.has_value());
  CHECK(gone.error().code == Errc::not_found);
  CHECK(gone.error().text == temp.at("nothing") + ": no such file or folder");
}
