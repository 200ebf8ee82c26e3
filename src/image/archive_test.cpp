// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "image/archive.h"

#include <doctest/doctest.h>

#include "image/file_set.h"
#include "support/image_files.h"
#include "support/tar_writer.h"

using namespace eclair;
using namespace eclair::image;
using eclair::test::TarWriter;

namespace archive_test_detail {

Result<ArchiveIndex> index_of(std::string bytes, const Limits& limits = {}) { return ArchiveIndex::read(MemorySource(std::move(bytes)), limits); }

std::string pax(const std::string& key, const std::string& value) {
  const std::size_t rest = key.size() + value.size() + 3;
  std::size_t length = rest + std::to_string(rest).size();
  length = rest + std::to_string(length).size();
  return std::to_string(length) + " " + key + "=" + value + "\n";
}

}  // namespace archive_test_detail

using namespace archive_test_detail;

TEST_CASE("an archive is indexed without its bodies") {
  TarWriter tar;
  tar.directory("blobs/").file("./blobs/a", "hello").file("/b", std::string(100'000, 'x')).symlink("l/layer.tar", "../b").hardlink("h", "./blobs/a");
  tar.entry("pipe", '6', {}, {}).file(std::string(150, 'n'), "long").file("b", "again");
  const std::string bytes = tar.finish();
  const auto index = index_of(bytes);
  REQUIRE(index.has_value());
  CHECK(index->count() == 8);
  CHECK(index->complete());
  CHECK_FALSE(index->has_system_folders());
  REQUIRE(index->find("blobs/a") != nullptr);
  CHECK(bytes.substr(index->find("blobs/a")->offset, index->find("blobs/a")->size) == "hello");
  REQUIRE(index->find("b") != nullptr);  // twice: the last counts
  CHECK(bytes.substr(index->find("b")->offset, index->find("b")->size) == "again");
  REQUIRE(index->find("l/layer.tar") != nullptr);
  CHECK(index->find("l/layer.tar")->kind == PathKind::symlink);
  CHECK(index->find("l/layer.tar")->target == "../b");
  REQUIRE(index->find("h") != nullptr);
  CHECK(index->find("h")->kind == PathKind::hardlink);
  CHECK(index->find("h")->target == "blobs/a");
  REQUIRE(index->find("pipe") != nullptr);
  CHECK(index->find("pipe")->kind == PathKind::other);
  REQUIRE(index->find(std::string(150, 'n')) != nullptr);
  CHECK(index->has_folder("blobs"));
  CHECK(index->has_folder("l"));
  CHECK_FALSE(index->has_folder("b"));
  CHECK_FALSE(index->has_folder("blob"));
}

TEST_CASE("PAX names and sizes are believed, for one entry") {
  const std::string header = pax("path", "real/name") + pax("size", "5");
  TarWriter tar;
  tar.entry("x", 'x', {}, header).header("short", '0', {}, 0).padded("hello").file("next", "abc");
  const std::string bytes = tar.finish();
  const auto index = index_of(bytes);
  REQUIRE(index.has_value());
  REQUIRE(index->find("real/name") != nullptr);
  CHECK(bytes.substr(index->find("real/name")->offset, index->find("real/name")->size) == "hello");
  REQUIRE(index->find("next") != nullptr);
  CHECK(index->find("next")->size == 3);
  CHECK(index->count() == 2);
}

TEST_CASE("archives end in more than one way") {
  for (const std::size_t zeros : {0u, 512u, 1024u, 10240u}) {
    CAPTURE(zeros);
    const auto index = index_of(TarWriter().file("a", "b").bytes() + std::string(zeros, '\0'));
    REQUIRE(index.has_value());
    CHECK(index->count() == 1);
  }
  const auto garbage = index_of(TarWriter().file("a", "b").finish() + std::string(5000, 'g'));
  REQUIRE(garbage.has_value());
  CHECK(garbage->count() == 1);
}

TEST_CASE("damaged archives are refused, naming the byte") {
  struct Row {
    const char* about;
    std::string bytes;
    Errc code;
    const char* says;
  };
  std::string flipped = TarWriter().file("a", "b").file("c", "d").finish();
  flipped[1024 + 5] ^= 1;
  TarWriter huge;
  huge.header("a", '0', {}, 077777777777).padded("x");
  const std::string cut = TarWriter().file("a", std::string(1000, 'x')).bytes();
  const std::string max_size = pax("size", "9223372036854775807");
  for (const Row& row : std::vector<Row>{
           {"not a tar", std::string(1000, 'x'), Errc::invalid_input, "checksum"},
           {"a flipped bit", flipped, Errc::invalid_input, "header checksum differs at byte 1024"},
           {"cut inside a body", cut.substr(0, 700), Errc::invalid_input, "ends early, inside a"},
           {"cut inside a header", cut + "abc", Errc::invalid_input, "ends inside a header, at byte 1536"},
           {"a size beyond the archive", huge.finish(), Errc::invalid_input, "ends early"},
           {"a size of 2^63-1", TarWriter().entry("x", 'x', {}, max_size).header("a", '0', {}, 0).finish(), Errc::limit, "image_bytes"},
       }) {
    CAPTURE(row.about);
    const auto index = index_of(row.bytes);
    REQUIRE_FALSE(index.has_value());
    CHECK(index.error().code == row.code);
    INFO(index.error().text);
    CHECK(index.error().text.find(row.says) != std::string::npos);
  }
  Limits limits;
  limits.layer_entries = 2;
  const auto many = index_of(TarWriter().file("a").file("b").file("c").finish(), limits);
  REQUIRE_FALSE(many.has_value());
  CHECK(many.error().code == Errc::limit);
}

TEST_CASE("of a tar with more entries than images have, only what tells archives apart is kept") {
  const std::string one = TarWriter().file("usr/x").bytes();
  TarWriter tar;
  tar.file("etc/passwd");
  for (std::size_t i = 0; i < ArchiveIndex::kMaxKept; ++i) tar.raw(one);
  tar.file("manifest.json", "[]");
  const auto index = index_of(tar.finish());
  REQUIRE(index.has_value());
  CHECK(index->count() == ArchiveIndex::kMaxKept + 2);
  CHECK_FALSE(index->complete());
  CHECK(index->has_system_folders());
  CHECK(index->entries().size() == 1);
  CHECK(index->find("manifest.json") != nullptr);
}

TEST_CASE("names are resolved within a set of files, in archives and folders alike") {
  const eclair::test::TempFolder temp;
  temp.write("outside", "secret");
  const eclair::test::Files files{{"a/layer.tar", "content"}, {"b/layer.tar", "-> ../a/layer.tar"}, {"c/layer.tar", "-> ../b/layer.tar"},
                                  {"up", "-> ../../../../outside"}, {"host", "-> /etc/passwd"},     {"x", "-> y"},
                                  {"y", "-> x"},                     {"root", "-> /a/layer.tar"},    {"gone", "-> nothing"}};
  const auto folder = open_folder(files.folder(temp, "set"), FolderLinks::inside);
  REQUIRE(folder.has_value());
  auto tar = std::make_shared<const MemorySource>(files.tar("./"));
  auto index = ArchiveIndex::read(*tar, Limits{});
  REQUIRE(index.has_value());
  struct Row {
    const char* name;
    const char* leads_to;  // or what the error says
    bool good;
  };
  for (const auto& set : {*folder, archive_files(tar, *index)}) {
    CAPTURE(std::string(set->noun()));
    for (const Row& row : std::vector<Row>{{"a/layer.tar", "a/layer.tar", true},
                                           {"./a//layer.tar", "a/layer.tar", true},
                                           {"b/layer.tar", "a/layer.tar", true},
                                           {"c/layer.tar", "a/layer.tar", true},
                                           {"root", "a/layer.tar", true},
                                           {"up", "is a link to outside, which is not in the", false},
                                           {"host", "is a link to etc/passwd, which is not in the", false},
                                           {"gone", "is a link to nothing", false},
                                           {"x", "links go round in circles", false},
                                           {"nowhere", "nowhere is not in the", false},
                                           {"../outside", "leads outside", false},
                                           {"a/../../outside", "leads outside", false},
                                           {"", "is not in the", false}}) {
      CAPTURE(row.name);
      const auto found = resolve(*set, row.name, Limits{});
      CHECK(found.has_value() == row.good);
      if (found) {
        CHECK(found->name == row.leads_to);
        CHECK(found->size == 7);
        CHECK(read_document(*set, row.name, Limits{}).value_or("") == "content");
      } else {
        INFO(found.error().text);
        CHECK(found.error().text.find(row.leads_to) != std::string::npos);
      }
    }
    Limits small;
    small.manifest_bytes = 6;
    const auto large = read_document(*set, "a/layer.tar", small);
    REQUIRE_FALSE(large.has_value());
    CHECK(large.error().code == Errc::limit);
  }
}
