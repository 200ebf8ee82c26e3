// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "extract/interest_index.h"

#include <doctest/doctest.h>

#include <ctime>
#include <string>
#include <vector>

#include "extract/ownable.h"

namespace eclair::extract {
namespace interest_index_test_detail {

/// An extractor that is nothing but its interest.
class Fake final : public Extractor {
 public:
  explicit Fake(Interest interest) : interest_(interest) {}
  std::string_view id() const override { return "fake"; }
  std::uint32_t revision() const override { return 1; }
  Shape shape() const override { return Shape::per_file; }
  Interest interest() const override { return interest_; }
  Result<> extract(const EvidenceFile&, const Limits&, const Cancel&, Sink&) const override { return {}; }

 private:
  Interest interest_;
};

constexpr std::string_view kSuffixes[] = {"rpm/rpmdb.sqlite", "rpm/Packages.db", "Packages"};
constexpr std::string_view kAnyFolder[] = {"pacman/local/*/desc"};
constexpr std::string_view kAnyCompanions[] = {"files"};
constexpr std::string_view kCompanions[] = {"rpmdb.sqlite-wal"};
constexpr std::string_view kDirs[] = {"dpkg/info", "status.d"};
constexpr std::string_view kLists[] = {".list", ".sources"};
constexpr std::string_view kJars[] = {".jar", "os-release"};
constexpr std::string_view kElf[] = {"\x7f" "ELF", "MZ"};

/// The hits as "extractor.rank", a companion with "c".
std::string hits(const InterestIndex& index, std::string_view path, std::string_view first_bytes = {}) {
  std::vector<InterestIndex::Hit> found{{9, 9, true}};
  index.match(path, first_bytes, found);
  std::string out;
  for (const auto& hit : found) {
    if (!out.empty()) out += ' ';
    out += std::to_string(hit.extractor) + "." + std::to_string(hit.rank) + (hit.companion ? "c" : "");
  }
  return out;
}

TEST_CASE("interest index: each kind of rule, alone and together") {
  const Fake database({.path_suffixes = kSuffixes, .companions = kCompanions});
  const Fake lists({.dirs = kDirs, .extensions = kLists});
  const Fake folder({.dirs = kDirs});
  const Fake jars({.extensions = kJars});
  const Fake elf({.magic = kElf});
  const Fake any({.path_suffixes = kAnyFolder, .companions = kAnyCompanions});
  const Extractor* const all[] = {&database, &lists, &folder, &jars, &elf, &any};
  const InterestIndex index(all);
  CHECK(index.magic_bytes() == 4);
  const struct {
    std::string_view path, first_bytes, want;
  } rows[] = {
      {"var/lib/rpm/rpmdb.sqlite", "", "0.0"},
      {"rpm/rpmdb.sqlite", "", "0.0"},
      {"var/lib/rpm/Packages.db", "", "0.1"},
      {"var/lib/rpm/Packages", "", "0.2"},
      {"Packages", "", "0.2"},
      {"rpmdb.sqlite", "", ""},                    // not in a folder named rpm
      {"var/lib/xrpm/rpmdb.sqlite", "", ""},       // whole components only
      {"var/lib/rpm/rpmdb.sqlite/x", "", ""},      // the name is a folder
      {"var/lib/rpm/rpmdb.sqlite-wal", "", "0.0c"},
      {"rpmdb.sqlite-wal", "", "0.0c"},            // "Packages" may lie anywhere, so its companions too
      {"var/lib/dpkg/info/bash.list", "", "1.0 2.0"},
      {"dpkg/info/bash.list", "", "1.0 2.0"},
      {"info/bash.list", "", ""},
      {"var/lib/dpkg/info/bash.postinst", "", "2.0"},
      {"var/lib/dpkg/info/sub/bash.list", "", ""},  // directly inside, not below
      {"var/lib/dpkg/status.d/x", "", "2.0"},
      {"a/b.list", "", ""},                         // extension without the folder
      {"a/b.jar", "", "3.0"},
      {".jar", "", "3.0"},
      {"a/jar", "", ""},
      {"a/b.jar/c", "", ""},
      {"nix/store/abc-etc-os-release", "", "3.0"},  // an extension is just an ending
      {"a/b.JAR", "", ""},
      {"bin/x", "\x7f" "ELF\x02", "4.0"},
      {"bin/x", "\x7f" "EL", ""},
      {"bin/x", "MZ", "4.0"},
      {"a/b.jar", "MZ", "3.0 4.0"},
      {"usr/share/doc/rpm/rpmdb.sqlite", "", ""},  // documentation
      {"share/doc/x/dpkg/info/y.list", "", ""},
      {"usr/share/doc/x/y.jar", "", "3.0"},        // but a jar is a jar
      {"usr/share/document/rpm/rpmdb.sqlite", "", "0.0"},
      {"var/lib/pacman/local/bash-5.2-1/desc", "", "5.0"},
      {"pacman/local/bash-5.2-1/desc", "", "5.0"},
      {"pacman/local/bash-5.2-1/files", "", "5.0c"},
      {"pacman/local/desc", "", ""},                // the folder must be there
      {"pacman/local/a/b/desc", "", ""},            // one folder
      {"xpacman/local/a/desc", "", ""},
      {"a/desc", "", ""},
      {"desc", "", ""},
      {"a/files", "", ""},
      {"", "", ""},
      {"/", "", ""},
  };
  for (const auto& row : rows) {
    CAPTURE(row.path);
    CHECK(hits(index, row.path, row.first_bytes) == row.want);
    CHECK(index.wants(row.path) == (hits(index, row.path).find_first_not_of(" 0123456789.") == std::string::npos && !hits(index, row.path).empty()));
  }
}

TEST_CASE("interest index: a main rule wins over a companion rule, the lowest rank over others") {
  constexpr std::string_view suffixes[] = {"b/x", "x"};
  constexpr std::string_view companions[] = {"x"};
  const Fake one({.path_suffixes = suffixes, .companions = companions});
  const Extractor* const all[] = {&one};
  const InterestIndex index(all);
  CHECK(hits(index, "a/b/x") == "0.0");
  CHECK(hits(index, "a/x") == "0.1");
}

TEST_CASE("interest index: owned paths worth keeping") {
  const std::string_view kept[] = {
      "usr/lib/python3/dist-packages/requests-2.28.1.dist-info/METADATA", "usr/lib/python3/dist-packages/six-1.16.0.egg-info",
      "usr/lib/python3/dist-packages/six-1.16.0.egg-info/PKG-INFO",      "opt/x.egg/EGG-INFO/PKG-INFO",
      "usr/lib/node_modules/npm/package.json",                           "usr/share/nodejs/semver/package.json",
      "usr/share/java/commons-io.jar",                                   "srv/app.war",
      "usr/share/rubygems-integration/all/specifications/rake.gemspec",  "var/www/vendor/composer/installed.json",
      "app/app.deps.json",                                               "opt/conda/conda-meta/zlib-1.2.13-0.json",
      "src/Cargo.lock",                                                  "/usr/share/java/with-slash.jar",
      "X.DIST-INFO/METADATA",
  };
  for (const std::string_view path : kept) {
    CAPTURE(path);
    CHECK(is_language_evidence(path));
    CHECK(InterestIndex::standard().is_ownable(path));
  }
  const std::string_view dropped[] = {
      "usr/bin/bash", "usr/lib/x86_64-linux-gnu/libc.so.6", "usr/share/doc/x/METADATA", "package.json", "usr/share/x/package.json",
      "usr/lib/my_node_modules/x/package.json", "installed.json", "etc/x.json", "usr/lib/node_modules/x/package-lock.json", "yarn.lock",
      ".jar", "PKG-INFO", "x.dist-info/RECORD", "", "/",
  };
  for (const std::string_view path : dropped) {
    CAPTURE(path);
    CHECK_FALSE(is_language_evidence(path));
    CHECK_FALSE(InterestIndex::standard().is_ownable(path));
  }
  CHECK(InterestIndex::standard().is_ownable("lib/apk/db/installed"));
}

TEST_CASE("interest index: a million paths take a moment") {
  const InterestIndex& index = InterestIndex::standard();
  std::vector<std::string> paths;
  for (int i = 0; i < 10'000; ++i) paths.push_back("usr/lib/python3/dist-packages/package" + std::to_string(i % 97) + "/module" + std::to_string(i) + ".py");
  std::vector<InterestIndex::Hit> found;
  std::size_t wanted = 0;
  const std::clock_t begin = std::clock();  // of the processor: other tests run beside this one
  for (int round = 0; round < 10; ++round) {
    for (const std::string& path : paths) {
      index.match(path, {}, found);
      wanted += found.size();
    }
  }
  const double took = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC * 1e9 / 100'000;
  MESSAGE("nanoseconds a path: " << took);
  CHECK(wanted == 0);
  CHECK(took < 20'000);  // an unoptimised build on a busy machine has room; a scan over all rules would not pass
}

}  // namespace interest_index_test_detail
}  // namespace eclair::extract
