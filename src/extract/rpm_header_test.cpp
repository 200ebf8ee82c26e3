// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "extract/rpm_header.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "support/random.h"
#include "support/rpm_fixture.h"

namespace eclair::extract {
namespace rpm_header_test_detail {

using test::number;
using test::RpmHeaderBuilder;

std::vector<std::string> files_of(const RpmHeader& header, std::uint32_t max_path_bytes = 4096) {
  std::vector<std::string> paths;
  const auto listed = header.files.each(max_path_bytes, [&](std::string_view path) {
    paths.emplace_back(path);
    return true;
  });
  if (!listed) paths = {"error: " + listed.error().text};
  return paths;
}

RpmHeaderBuilder with_files() {
  RpmHeaderBuilder b;
  b.nvra("a", "1", "2")
      .strings(1117, {"x", "ghost", "replaced", "y"})
      .strings(1118, {"/usr/bin/", "/opt/"})
      .i32(1116, {0, 0, 1, 1})
      .i32(1037, {0, 0x40, 0, 1})
      .entry(1029, 1, 4, std::string_view("\0\0\1\0", 4));
  return b;
}

TEST_CASE("rpm header: the fields we use") {
  const std::string blob = RpmHeaderBuilder()
                               .nvra("nginx", "1.14", "9.el8", "noarch")
                               .i32(1003, {0})
                               .text(1011, "Red Hat, Inc.")
                               .text(1044, "nginx-1.14-9.el8.src.rpm")
                               .text(5096, "nginx:1.14:1:2")
                               .build();
  const auto header = RpmHeader::parse(blob, {});
  REQUIRE(header);
  CHECK(header->name == "nginx");
  CHECK(header->version == "1.14");
  CHECK(header->release == "9.el8");
  CHECK(header->arch == "noarch");
  CHECK(header->epoch == 0u);  // present, though zero
  CHECK(header->vendor == "Red Hat, Inc.");
  CHECK(header->source_rpm == "nginx-1.14-9.el8.src.rpm");
  CHECK(header->modularity_label == "nginx:1.14:1:2");
  CHECK(files_of(*header).empty());

  const std::string bare = RpmHeaderBuilder().nvra("a", "1", "2").build();
  const auto without = RpmHeader::parse(bare, {});
  REQUIRE(without);
  CHECK_FALSE(without->epoch);
  CHECK(without->vendor.empty());
}

TEST_CASE("rpm header: tags are not sorted over regions, and a dribble overrides the region") {
  const std::string blob = RpmHeaderBuilder()
                               .raw_entry(63, 7, 0, 16, std::string(16, '\0'))
                               .text(5096, "m:1")
                               .nvra("a", "1", "2")
                               .text(1001, "3")  // after installation
                               .text(257, "zzz")
                               .build();
  const auto header = RpmHeader::parse(blob, {});
  REQUIRE(header);
  CHECK(header->version == "3");
  CHECK(header->modularity_label == "m:1");
}

TEST_CASE("rpm header: files, without ghosts and those that are not on disk") {
  const std::string blob = with_files().build();
  const auto header = RpmHeader::parse(blob, {});
  REQUIRE(header);
  CHECK(files_of(*header) == std::vector<std::string>{"usr/bin/x", "opt/y"});
  CHECK(files_of(*header, 6) == std::vector<std::string>{"opt/y"});  // longer paths are passed over
  int seen = 0;
  CHECK(header->files.each(4096, [&](std::string_view) { return ++seen == 0; }));
  CHECK(seen == 1);

  const std::string old = RpmHeaderBuilder().nvra("a", "1", "2").strings(1027, {"/bin/sh", "/", "/etc/x"}).build();
  const auto version3 = RpmHeader::parse(old, {});
  REQUIRE(version3);
  CHECK(files_of(*version3) == std::vector<std::string>{"bin/sh", "etc/x"});
}

TEST_CASE("rpm header: damaged file lists cost the list, not the package") {
  struct Row {
    const char* what;
    RpmHeaderBuilder builder;
    const char* error;
  };
  const auto base = [] { return RpmHeaderBuilder().nvra("a", "1", "2"); };
  const Row rows[] = {
      {"index past the directories", base().strings(1117, {"x"}).strings(1118, {"/"}).i32(1116, {1}), "names a directory that is not there"},
      {"no directories", base().strings(1117, {"x"}).i32(1116, {0}), "tag 1118 is not a list of strings"},
      {"too few indexes", base().strings(1117, {"x", "y"}).strings(1118, {"/"}).i32(1116, {0}), "tag 1116 does not fit"},
      {"flags of another length", with_files().i32(1037, {0}), "tag 1037 does not fit"},
      {"states of another type", with_files().i32(1029, {0, 0, 0, 0}), "tag 1029 does not fit"},
      {"names as numbers", with_files().i32(1117, {0, 0, 0, 0}), "tag 1117 is not a list of strings"},
      {"a last name without an end", with_files().entry(1117, 8, 4, std::string_view("a\0b\0c\0d", 7)), "fewer strings than it says"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    const std::string blob = row.builder.build();
    const auto header = RpmHeader::parse(blob, {});
    REQUIRE(header);
    const auto files = files_of(*header);
    REQUIRE(files.size() == 1);
    CAPTURE(files[0]);
    CHECK(files[0].find(row.error) != std::string::npos);
  }
}

TEST_CASE("rpm header: a long directory shared by many files ends with an error, not with hours of work") {
  RpmHeaderBuilder b;
  b.nvra("a", "1", "2").strings(1117, std::vector<std::string>(20'000, "f")).strings(1118, {std::string(3'000, 'd')});
  b.i32(1116, std::vector<std::uint32_t>(20'000, 0));
  const std::string blob = b.build();
  const auto header = RpmHeader::parse(blob, {});
  REQUIRE(header);
  const auto listed = header->files.each(4096, [](std::string_view) { return true; });
  REQUIRE_FALSE(listed);
  CHECK(listed.error().code == Errc::limit);

  RpmHeaderBuilder dirs;
  dirs.nvra("a", "1", "2").strings(1117, {"f"}).i32(1116, {0}).entry(1118, 8, 2'000'000, std::string(2'000'000, '\0'));
  const std::string many = dirs.build();
  const auto other = RpmHeader::parse(many, {});
  REQUIRE(other);
  const auto listed_other = other->files.each(4096, [](std::string_view) { return true; });
  REQUIRE_FALSE(listed_other);
  CHECK(listed_other.error().code == Errc::limit);
}

TEST_CASE("rpm header: rejected") {
  const std::string good = RpmHeaderBuilder().nvra("a", "1", "2").build();
  const auto base = [] { return RpmHeaderBuilder().nvra("a", "1", "2"); };
  const std::pair<const char*, std::string> rows[] = {
      {"empty", ""},
      {"7 bytes", good.substr(0, 7)},
      {"cut", good.substr(0, good.size() - 1)},
      {"longer than it says", good + "x"},
      {"no entries", number(0, true) + number(0, true)},
      {"more entries than may be", number(0x10000, true) + number(0, true) + std::string(16 * 0x10000, '\0')},
      {"entry count beyond the blob", number(0xffff, true) + number(0, true) + std::string(64, '\0')},
      {"sizes that overflow", number(0xffffffff, true) + number(0xffffffff, true) + std::string(8, '\0')},
      {"no name", RpmHeaderBuilder().text(1001, "1").text(1002, "2").build()},
      {"no version", RpmHeaderBuilder().text(1000, "a").text(1002, "2").build()},
      {"no release", RpmHeaderBuilder().text(1000, "a").text(1001, "1").build()},
      {"empty name", RpmHeaderBuilder().nvra("", "1", "2").build()},
      {"name is a number", RpmHeaderBuilder().i32(1000, {5}).text(1001, "1").text(1002, "2").build()},
      {"epoch is a string", base().text(1003, "1").build()},
      {"unknown type", base().raw_entry(1, 10, 0, 1).build()},
      {"negative offset", base().raw_entry(1, 6, 0xfffffff0, 1).build()},
      {"offset past the data", base().raw_entry(1, 6, 1u << 20, 1).build()},
      {"count past the data", base().raw_entry(1, 4, 0, 1u << 30).build()},
      {"string without an end", base().raw_entry(1044, 6, 9999, 0).build()},
      {"string without an end at the end", base().entry(1044, 6, 1, "abc").build()},
  };
  for (const auto& row : rows) {
    CAPTURE(row.first);
    const auto header = RpmHeader::parse(row.second, {});
    REQUIRE_FALSE(header);
    CHECK(header.error().code == Errc::invalid_input);
  }
  Limits small;
  small.field_bytes = 8;
  const std::string long_name = RpmHeaderBuilder().nvra("nine-byte", "1", "2").build();
  const auto header = RpmHeader::parse(long_name, small);
  REQUIRE_FALSE(header);
  CHECK(header.error().code == Errc::limit);
  CHECK(RpmHeader::parse(RpmHeaderBuilder().nvra("8-bytes-", "1", "2").build(), small).has_value());
}

TEST_CASE("rpm header: any bytes changed are read or refused, in bounded time") {
  const std::uint64_t seed = test::seed_or(20240501);
  CAPTURE(seed);
  test::Random random(seed);
  const std::string good = with_files().build();
  for (int round = 0; round < 5'000; ++round) {
    std::string blob = good;
    for (std::size_t i = 0; i < 1 + random.below(4); ++i) blob[random.below(blob.size())] = static_cast<char>(random.next());
    const auto header = RpmHeader::parse(blob, {});
    if (header) CHECK(files_of(*header).size() <= 4);
  }
}

}  // namespace rpm_header_test_detail
}  // namespace eclair::extract
