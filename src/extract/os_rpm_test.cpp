// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// What rpm itself lists of the databases in tests/cases/extract/os_rpm (rpm-qa.txt, see the README there) against what we read; and
// the identities made of rpm's fields.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "extract/collector.h"
#include "extract/rpm_package.h"
#include "support/rpm_fixture.h"
#include "util/text.h"

namespace eclair::extract {

const Extractor& os_rpm();

namespace os_rpm_test_detail {

namespace fs = std::filesystem;

std::string read_text(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

struct Run {
  Collected collected;
  Result<> result;
};

Run run(const std::string& bytes, const std::string& wal = {}, const Limits& limits = {}) {
  const MemorySource source(bytes), log(wal);
  EvidenceFile file{{"var/lib/rpm/Packages", bytes.size(), 0644}, source, {}};
  if (!wal.empty()) file.companions.emplace("rpmdb.sqlite-wal", &log);
  Collector sink(limits);
  const Cancel stop;
  Run out;
  out.result = os_rpm().extract(file, limits, stop, sink);
  out.collected = sink.take();
  return out;
}

TEST_CASE("rpm: the packages are those that rpm lists") {
  int compared = 0;
  for (const auto& folder : fs::directory_iterator(fs::path(ECLAIR_SOURCE_DIR) / "tests/cases/extract/os_rpm")) {
    const fs::path listed = folder.path() / "rpm-qa.txt";
    if (!fs::exists(listed)) continue;
    CAPTURE(folder.path().filename().string());
    std::string bytes, wal;
    for (const auto& file : fs::recursive_directory_iterator(folder.path() / "in")) {
      if (file.is_regular_file()) (file.path().extension() == ".sqlite-wal" ? wal : bytes) = read_text(file.path());
    }
    const Run ran = run(bytes, wal);
    CHECK(ran.result);
    std::vector<std::string> got, want;
    for (const auto& [package, owned] : ran.collected.packages) {
      got.push_back(package.name + "|" + package.version + "|" + package.arch + "|" + std::string(package.source()) + "-" +
                    std::string(package.source_version.empty() ? package.version : package.source_version) + ".src.rpm|" + package.module);
    }
    std::ifstream in(listed);
    for (std::string line; std::getline(in, line);) {  // name|evr|arch|sourcerpm|modularitylabel|vendor
      auto fields = text::split(line, '|');
      REQUIRE(fields.size() == 6);
      const auto label = text::split(fields[4], ':');
      const std::string module = label.size() < 2 ? "" : std::string(label[0]) + ":" + std::string(label[1]);
      want.push_back(std::string(fields[0]) + "|" + std::string(fields[1]) + "|" + std::string(fields[2]) + "|" + std::string(fields[3]) + "|" + module);
    }
    std::sort(got.begin(), got.end());
    std::sort(want.begin(), want.end());
    CHECK(got == want);
    CHECK(want.size() >= 5);
    ++compared;
  }
  CHECK(compared >= 6);
}

TEST_CASE("rpm: keys are no packages, and one bad record costs itself") {
  const std::string key = test::RpmHeaderBuilder().text(1000, "gpg-pubkey").text(1001, "fd431d51").text(1002, "4ae0493b").build();
  const std::string good = test::rpm_header("good");
  const std::string blank = test::RpmHeaderBuilder().nvra("two words", "1", "2").build();
  const Run ran = run(test::ndb({key, "not a header", good, blank}));
  CHECK(ran.result);
  REQUIRE(ran.collected.packages.size() == 1);
  CHECK(ran.collected.packages[0].package.name == "good");
  REQUIRE(ran.collected.notes.size() == 2);
  for (const Note& note : ran.collected.notes) CHECK(note.code == "bad_record");

  const Run only_keys = run(test::bdb({key}, false));
  CHECK(only_keys.result);
  CHECK(only_keys.collected.packages.empty());
  CHECK(only_keys.collected.notes.empty());
  const Run nothing_readable = run(test::bdb({"not a header"}, false));
  REQUIRE_FALSE(nothing_readable.result);
  CHECK(nothing_readable.result.error().code == Errc::invalid_input);
}

TEST_CASE("rpm: limits") {
  Limits limits;
  limits.packages = 2;
  const Run many = run(test::ndb({test::rpm_header("a"), test::rpm_header("b"), test::rpm_header("c")}), {}, limits);
  REQUIRE_FALSE(many.result);
  CHECK(many.result.error().code == Errc::limit);
  CHECK(many.collected.packages.size() == 2);

  Limits paths;
  paths.owned_path_bytes = 50;
  test::RpmHeaderBuilder b;
  b.nvra("py", "1", "2").strings(1117, {"METADATA", "METADATA"}).strings(1118, {"/usr/lib/python3/site-packages/a-1.dist-info/"}).i32(1116, {0, 0});
  CHECK(run(test::ndb({b.build()})).collected.packages.at(0).owned_paths.size() == 2);
  const Run cut = run(test::ndb({b.build()}), {}, paths);
  CHECK(cut.result);
  CHECK(cut.collected.packages.at(0).owned_paths.empty());
  REQUIRE(cut.collected.notes.size() == 1);
  CHECK(cut.collected.notes[0].code == "limit");
  CHECK(cut.collected.notes[0].message == "2 owned paths beyond owned_path_bytes (50)");
  // One that does not fit costs itself: a shorter one behind it is kept.
  test::RpmHeaderBuilder mixed;
  mixed.nvra("py", "1", "2").strings(1117, {"METADATA", "METADATA"}).strings(1118, {"/usr/lib/python3/site-packages/long-1.dist-info/", "/usr/lib/a.dist-info/"}).i32(1116, {0, 1});
  CHECK(run(test::ndb({mixed.build()}), {}, paths).collected.packages.at(0).owned_paths == std::vector<std::string>{"usr/lib/a.dist-info/METADATA"});
}

/// Asks to stop at the first file that it is asked about.
class Impatient final : public Sink {
 public:
  explicit Impatient(Cancel& stop) : stop_(stop) {}
  void package(PackageVersion, std::vector<std::string>) override {}
  void owns(Ownership) override {}
  void fact(std::string_view, std::string_view) override {}
  void note(std::string_view, std::string) override {}
  bool is_ownable(std::string_view) const override {
    stop_.request();
    ++asked;
    return false;
  }
  mutable std::size_t asked = 0;

 private:
  Cancel& stop_;
};

TEST_CASE("rpm: a request to stop is heard within a package of very many files") {
  constexpr std::size_t kFiles = 20'000;
  const std::string bytes = test::ndb({test::RpmHeaderBuilder()
                                           .nvra("many", "1", "2")
                                           .strings(1117, std::vector<std::string>(kFiles, "f"))
                                           .strings(1118, {"/usr/"})
                                           .i32(1116, std::vector<std::uint32_t>(kFiles, 0))
                                           .build()});
  const MemorySource source(bytes);
  const EvidenceFile file{{"var/lib/rpm/Packages.db", bytes.size(), 0644}, source, {}};
  Cancel stop;
  Impatient sink(stop);
  static_cast<void>(os_rpm().extract(file, Limits{}, stop, sink));
  CHECK(sink.asked > 0);
  CHECK(sink.asked < 5000);
}

TEST_CASE("rpm: who built a package") {
  const std::pair<const char*, const char*> rows[] = {
      {"Red Hat, Inc. <http://bugzilla.redhat.com/bugzilla>", "redhat"},
      {"CentOS", "centos"},
      {"CentOS Buildsys <bugs@centos.org>", "centos"},
      {"Fedora Project", "fedora"},
      {"Rocky Enterprise Software Foundation", "rocky"},
      {"AlmaLinux OS Foundation", "almalinux"},
      {"AlmaLinux", "almalinux"},
      {"Oracle America", "oracle"},
      {"Amazon Linux", "amazon"},
      {"Amazon.com", "amazon"},
      {"Amazon AWS", "amazon"},
      {"SUSE LLC <https://www.suse.com/>", "suse"},
      {"SUSE LINUX Products GmbH, Nuernberg, Germany", "suse"},
      {"openSUSE", "opensuse"},
      {"VMware, Inc.", "vmware"},
      {"Microsoft Corporation", "microsoft"},
      {"CloudLinux", "cloudlinux"},
      {"CloudLinux Inc.", "cloudlinux"},
      // third parties, some of them with the name of a distribution's maker
      {"Docker", "docker"},
      {"Docker, Inc. <support@docker.com>", "docker"},
      {"Fedora Copr - user someone", "fedora-copr"},
      {"CentOS Copr - group", "centos-copr"},
      {"Oracle and/or its affiliates", "oracle-and"},
      {"Microsoft", "microsoft-other"},
      {"Fedora", "fedora-other"},
      {"Remi's RPM repository <https://rpms.remirepo.net/>", "remi"},
      {"The PostgreSQL Development Group", "postgresql"},
      {"NVIDIA CORPORATION", "nvidia"},
      {"nginx inc.", "nginx"},
      {"https://nodesource.com", "nodesource.com"},
      {"obs://build.opensuse.org/home:someone", "build.opensuse.org"},
      {"GitLab, Inc. <support@gitlab.com>", "gitlab"},
      {"(none)", ""},
      {"", ""},
      {"  ", ""},
      {"...", ""},
      {"<>", ""},
  };
  for (const auto& row : rows) {
    CAPTURE(row.first);
    CHECK(rpm_vendor_id(row.first, "1.el9") == row.second);
  }
  CHECK(rpm_vendor_id("", "1.amzn2") == "amazon");
  CHECK(rpm_vendor_id("(none)", "5.amzn2023.0.1") == "amazon");
  CHECK(rpm_vendor_id("Docker", "5.amzn2023.0.1") == "docker");
  CHECK(rpm_vendor_id(std::string(100'000, 'a'), "").size() == 40);
}

TEST_CASE("rpm: names of source packages are split from the right") {
  struct Row {
    const char *file, *name, *version;
  };
  const Row rows[] = {
      {"bash-5.1.8-4.el9.src.rpm", "bash", "5.1.8-4.el9"},
      {"java-1.8.0-openjdk-1.8.0.312.b07-2.el8_5.src.rpm", "java-1.8.0-openjdk", "1.8.0.312.b07-2.el8_5"},
      {"kernel-5.14.0-70.nosrc.rpm", "kernel", "5.14.0-70"},
      {"a-1-2.src", "a", "1-2"},
      {"a-1-2", "a", "1-2"},
      {"(none)", "", ""},
      {"", "", ""},
      {"a-1.src.rpm", "", ""},
      {"-1-2.src.rpm", "", ""},
      {"a--2.src.rpm", "", ""},
      {"a-1-.src.rpm", "", ""},
      {"-", "", ""},
      {"--", "", ""},
      {".src.rpm", "", ""},
  };
  for (const Row& row : rows) {
    CAPTURE(row.file);
    CHECK(split_source_rpm(row.file).name == row.name);
    CHECK(split_source_rpm(row.file).version == row.version);
  }
}

TEST_CASE("rpm: identity") {
  RpmFields fields{.name = "nginx", .epoch = "1", .version_release = "1.14-9", .arch = "x86_64", .source_rpm = "nginx-1.14-9.src.rpm",
                   .vendor = "Red Hat, Inc.", .modularity_label = "nginx:1.14:8000020190830002848:f8e95b4e"};
  PackageVersion p = to_package(fields);
  CHECK(p.type == "rpm");
  CHECK(p.version == "1:1.14-9");
  CHECK(p.source_name == "");                // the same as the name
  CHECK(p.source_version == "1.14-9");       // not the same: source packages are named without epoch
  CHECK(p.module == "nginx:1.14");
  CHECK(p.vendor == "redhat");

  fields.epoch = "";
  p = to_package(fields);
  CHECK(p.version == "1.14-9");
  CHECK(p.source_version == "");
  fields.epoch = "(none)";
  CHECK(to_package(fields).version == "1.14-9");
  fields.epoch = "0";
  CHECK(to_package(fields).version == "0:1.14-9");  // as rpm prints it

  const std::pair<const char*, const char*> labels[] = {{"(none)", ""}, {"", ""}, {"a", ""}, {"a:", ""}, {":b", ""}, {"a:b", "a:b"}, {"a:b:", "a:b"}, {"a b:c", ""}};
  for (const auto& row : labels) {
    CAPTURE(row.first);
    fields.modularity_label = row.first;
    CHECK(to_package(fields).module == row.second);
  }
  fields.arch = "(none)";
  CHECK(to_package(fields).arch == "");
}

}  // namespace os_rpm_test_detail
}  // namespace eclair::extract
