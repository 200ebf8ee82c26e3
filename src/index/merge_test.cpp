// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <set>

#include "index/index.h"
#include "index/relevant_paths.h"
#include "util/path.h"

using namespace eclair;

namespace merge_test_detail {

/// A layer record by hand: what the pass over a tar would have made.
class Layer {
 public:
  Layer& database(const std::string& path, const std::vector<std::string>& packages, Shape shape = Shape::database, std::uint8_t rank = 0,
                  const std::string& extractor = "os_test") {
    Evidence e{extractor, path, shape, rank, {}, {}, {}};
    for (const std::string& p : packages) {
      const std::size_t at = p.find('=');
      const PackageVersion version{"deb", p.substr(0, at), p.substr(at + 1), "amd64", "", "", "", ""};
      const auto known = std::find(record_.packages.begin(), record_.packages.end(), version);
      e.packages.push_back({static_cast<std::uint32_t>(known - record_.packages.begin()), {}});
      if (known == record_.packages.end()) record_.packages.push_back(version);
    }
    record_.evidence.push_back(std::move(e));
    paths_.add(PathKind::file, path);
    return *this;
  }
  Layer& owns(const std::string& path, const std::string& package, const std::string& owned) {
    record_.evidence.push_back({"os_files", path, Shape::per_file, 0, {}, {{package, "amd64", {owned}}}, {}});
    paths_.add(PathKind::file, path);
    return *this;
  }
  Layer& os(const std::string& path, const std::string& id, const std::string& version) {
    record_.evidence.push_back({"os_release", path, Shape::per_file, 0, {}, {}, {{"os-release.ID", id}, {"os-release.VERSION_ID", version}}});
    paths_.add(PathKind::file, path);
    return *this;
  }
  Layer& suites(const std::string& path, const std::string& suites) {
    record_.evidence.push_back({"os_sources", path, Shape::per_file, 0, {}, {}, {{"apt.suites", suites}}});
    paths_.add(PathKind::file, path);
    return *this;
  }
  Layer& built(const std::string& path, const std::string& content_sets) {
    record_.evidence.push_back({"os_buildinfo", path, Shape::per_file, 0, {}, {}, {{"content_sets", content_sets}}});
    paths_.add(PathKind::file, path);
    return *this;
  }
  Layer& attached(const std::string& path, const std::string& services) {
    record_.evidence.push_back({"os_ubuntu_pro", path, Shape::per_file, 0, {}, {}, {{"services", services}}});
    paths_.add(PathKind::file, path);
    return *this;
  }
  Layer& named(const std::string& path) {
    record_.named_files.push_back({path, 7, 0644});
    paths_.add(PathKind::file, path);
    return *this;
  }
  Layer& note(const std::string& path) {
    record_.notes.push_back({"unreadable", path, "cannot be read"});
    return *this;
  }
  Layer& entry(PathKind kind, const std::string& path, const std::string& target = {}) {
    paths_.add(kind, path, target);
    return *this;
  }
  LayerRecord done() {
    record_.paths = paths_.finish();
    return record_;
  }

 private:
  LayerRecord record_;
  PathListBuilder paths_;
};

/// "name=version@layer" of every package.
std::vector<std::string> fold(std::vector<Layer> layers) {
  std::vector<LayerRecord> records;
  for (Layer& layer : layers) records.push_back(layer.done());
  std::vector<std::string> out;
  for (const Occurrence& o : index::merge(records, Limits{}).packages) {
    out.push_back(o.package.name + "=" + o.package.version + "@" + std::to_string(o.layer));
  }
  return out;
}

using Strings = std::vector<std::string>;
constexpr const char* kStatus = "var/lib/dpkg/status";

}  // namespace merge_test_detail

using namespace merge_test_detail;

TEST_CASE("introduced in: the first layer of the last uninterrupted run") {
  const auto db = [](const Strings& packages) { return Layer().database(kStatus, packages); };
  CHECK_MESSAGE((fold({db({"a=1"}), db({"a=1", "b=1"})}) == Strings{"a=1@1", "b=1@2"}), "install");
  CHECK_MESSAGE((fold({db({"a=1", "b=1"}), db({"a=1"}), db({"a=1", "b=1"})}) == Strings{"a=1@1", "b=1@3"}), "install, remove, install again");
  CHECK_MESSAGE((fold({db({"a=1"}), db({"a=2"})}) == Strings{"a=2@2"}), "upgrade");
  CHECK_MESSAGE((fold({db({"a=1"}), db({"a=2"}), db({"a=1"})}) == Strings{"a=1@3"}), "downgrade again");
  CHECK_MESSAGE((fold({db({"a=1"}), db({"a=1"})}) == Strings{"a=1@1"}), "same version reinstalled, or chown -R of everything");
  CHECK_MESSAGE((fold({db({"a=1"}), Layer().entry(PathKind::file, "etc/x"), db({"a=1", "b=1"})}) == Strings{"a=1@1", "b=1@3"}), "layers without the database do not interrupt");
  CHECK_MESSAGE((fold({db({"a=1"}), db({})}) == Strings{}), "a database without packages is the truth too");
  CHECK_MESSAGE((fold({db({"a=1"}), Layer().entry(PathKind::whiteout, kStatus), db({"a=1"})}) == Strings{"a=1@3"}), "a removed database ends all runs");
}

TEST_CASE("what removes a database, and what does not") {
  const Layer base = Layer().database(kStatus, {"a=1"});
  const auto after = [&](Layer upper) { return fold({base, std::move(upper)}); };
  CHECK(after(Layer().entry(PathKind::whiteout, kStatus)).empty());
  CHECK(after(Layer().entry(PathKind::whiteout, "var/lib")).empty());
  CHECK(after(Layer().entry(PathKind::opaque, "var/lib/dpkg")).empty());
  CHECK(after(Layer().entry(PathKind::opaque, "")).empty());
  CHECK(after(Layer().entry(PathKind::file, "var/lib/dpkg")).empty());
  CHECK(after(Layer().entry(PathKind::symlink, "var/lib/dpkg", "elsewhere")).empty());
  CHECK(after(Layer().entry(PathKind::file, kStatus)).empty());
  CHECK(after(Layer().entry(PathKind::directory, kStatus)).empty());
  CHECK(after(Layer().entry(PathKind::other, "var")).empty());
  CHECK(after(Layer().entry(PathKind::directory, "var/lib/dpkg")) == Strings{"a=1@1"});
  CHECK(after(Layer().entry(PathKind::whiteout, "var/lib/dpk")) == Strings{"a=1@1"});
  CHECK(after(Layer().entry(PathKind::whiteout, "var/lib/dpkg/status-old")) == Strings{"a=1@1"});
  CHECK_MESSAGE((after(Layer().database(kStatus, {"b=1"}).entry(PathKind::opaque, "var/lib/dpkg")) == Strings{"b=1@2"}), "marks hide only what lies below their layer, wherever they stand in it");
  CHECK(after(Layer().database(kStatus, {"b=1"}).entry(PathKind::whiteout, kStatus)) == Strings{"b=1@2"});
}

TEST_CASE("linked folders: one file under two names is one database") {
  const Layer usr = Layer().entry(PathKind::symlink, "lib", "usr/lib").database("usr/lib/apk/db/installed", {"a=1"});
  CHECK(fold({usr, Layer().database("lib/apk/db/installed", {"a=1", "b=1"})}) == Strings{"a=1@1", "b=1@2"});
  CHECK(fold({usr, Layer().entry(PathKind::whiteout, "lib/apk/db/installed")}).empty());
  CHECK_MESSAGE((fold({usr, Layer().entry(PathKind::whiteout, "lib")}) == Strings{"a=1@1"}), "a whiteout of a link removes the link, not the target");
  CHECK_MESSAGE((fold({Layer().entry(PathKind::symlink, "var/lib/dpkg", "/usr/lib/sysimage/dpkg").database("var/lib/dpkg/status", {"a=1"}),
                      Layer().database("usr/lib/sysimage/dpkg/status", {"a=1", "b=1"})}) == Strings{"a=1@1", "b=1@2"}), "absolute targets stay in the image");
  CHECK_MESSAGE((fold({Layer().entry(PathKind::symlink, "a", "b").entry(PathKind::symlink, "b", "a").database("a/dpkg/status", {"a=1"})}) == Strings{"a=1@1"}), "loops end");
}

TEST_CASE("of a layer's paths those count that lie on the way to evidence, and links to it; others are not held") {
  const std::vector<LayerRecord> records{Layer().database(kStatus, {"a=1"}).entry(PathKind::symlink, "usr/bin/vi", "vim").entry(PathKind::symlink, "var/state", "lib")
                                             .entry(PathKind::symlink, "srv/root", "/").entry(PathKind::symlink, "etc/alternatives/x", "../y").done()};
  std::vector<Note> notes;
  std::vector<const LayerRecord*> pointers;
  for (const LayerRecord& one : records) pointers.push_back(&one);
  const auto paths = index::relevant_paths(pointers, Limits{}, notes);
  REQUIRE(paths.size() == 1);
  Strings held;
  for (const PathEntry& entry : paths[0]) held.push_back(entry.path);
  CHECK(held == Strings{kStatus, "var/state"});
  CHECK(notes.empty());
}

TEST_CASE("hard link to a file of a lower layer: the same evidence under another name") {
  const auto got = fold({Layer().database("srv/apk/copy", {"a=1"}), Layer().entry(PathKind::hardlink, "usr/lib/apk/db/installed", "srv/apk/copy")});
  CHECK(got == Strings{"a=1@1", "a=1@2"});
}

TEST_CASE("per-file evidence: each file is its own unit") {
  const auto file = [](const std::string& name, const std::string& package) {
    return Layer().database("var/lib/dpkg/status.d/" + name, {package}, Shape::per_file);
  };
  CHECK(fold({file("a", "a=1"), file("b", "b=1")}) == Strings{"a=1@1", "b=1@2"});
  CHECK(fold({file("a", "a=1"), file("a", "a=2")}) == Strings{"a=2@2"});
  CHECK(fold({file("a", "a=1"), file("a", "a=1")}) == Strings{"a=1@1"});
  CHECK(fold({file("a", "a=1"), file("b", "b=1"), Layer().entry(PathKind::whiteout, "var/lib/dpkg/status.d/a")}) == Strings{"b=1@2"});
}

TEST_CASE("alternatives: the newest layer's form of the database counts; within a layer, the preferred one") {
  const auto form = [](const std::string& name, std::uint8_t rank, const Strings& packages) {
    return Layer().database("var/lib/rpm/" + name, packages, Shape::alternatives, rank);
  };
  CHECK(fold({form("Packages", 2, {"a=1"}), form("rpmdb.sqlite", 0, {"a=1", "b=1"})}) == Strings{"a=1@1", "b=1@2"});
  CHECK(fold({form("rpmdb.sqlite", 0, {"a=1"}), form("Packages", 2, {"b=1"})}) == Strings{"b=1@2"});
  CHECK(fold({Layer().database("var/lib/rpm/Packages", {"old=1"}, Shape::alternatives, 2).database("var/lib/rpm/rpmdb.sqlite", {"new=1"}, Shape::alternatives, 0)}) ==
        Strings{"new=1@1"});
  CHECK_MESSAGE((fold({form("Packages", 2, {"a=1"}), form("rpmdb.sqlite", 0, {"b=1"}), Layer().entry(PathKind::whiteout, "var/lib/rpm/rpmdb.sqlite")}) ==
                    Strings{"a=1@3"}), "the older form is back when the newer one goes");
}

TEST_CASE("each layer's difference") {
  std::vector<LayerRecord> records{Layer().database(kStatus, {"a=1", "b=1"}).done(), Layer().database(kStatus, {"a=2"}).done(),
                                   Layer().entry(PathKind::file, "x").done()};
  const Inventory inventory = index::merge(records, Limits{}, {}, true);
  const auto names = [](const std::vector<PackageVersion>& packages) {
    Strings out;
    for (const PackageVersion& p : packages) out.push_back(p.name + "=" + p.version);
    return out;
  };
  REQUIRE(inventory.deltas.size() == 3);
  CHECK(names(inventory.deltas[0].added) == Strings{"a=1", "b=1"});
  CHECK(names(inventory.deltas[0].removed).empty());
  CHECK(names(inventory.deltas[1].added) == Strings{"a=2"});
  CHECK(names(inventory.deltas[1].removed) == Strings{"a=1", "b=1"});
  CHECK(names(inventory.deltas[2].added).empty());
}

TEST_CASE("a root folder within the image has a system of its own") {
  const std::vector<LayerRecord> records{Layer().os("usr/lib/os-release", "debian", "12").entry(PathKind::symlink, "etc/os-release", "../usr/lib/os-release").database(kStatus, {"a=1"}).done(),
                                         Layer().os("opt/root/etc/os-release", "ubuntu", "22.04").database("opt/root/var/lib/dpkg/status", {"b=1"}).done()};
  const Inventory inventory = index::merge(records, Limits{});
  REQUIRE(inventory.systems.size() == 2);
  CHECK(inventory.systems[0].id == "debian");
  CHECK(inventory.systems[1].id == "ubuntu");
  REQUIRE(inventory.packages.size() == 2);
  CHECK(inventory.packages[0].os == 0);
  CHECK(inventory.packages[1].os == 1);
}

TEST_CASE("the system is that of the final image, also behind a link whose target came in another layer") {
  const std::vector<LayerRecord> records{Layer().os("usr/lib/os-release", "debian", "11").done(),
                                         Layer().entry(PathKind::symlink, "etc/os-release", "../usr/lib/os-release").done(),
                                         Layer().os("usr/lib/os-release", "debian", "12").done()};
  const Inventory inventory = index::merge(records, Limits{});
  CHECK(inventory.systems[0].version == "12");
}

TEST_CASE("package sources tell Debian's sid from testing, those of the final image alone") {
  const std::vector<LayerRecord> sid{Layer().os("etc/os-release", "debian", "").done(), Layer().suites("etc/apt/sources.list", "sid").done()};
  CHECK(index::merge(sid, Limits{}).systems[0].codename == "sid");
  std::vector<LayerRecord> testing = sid;
  testing.push_back(Layer().entry(PathKind::whiteout, "etc/apt/sources.list").suites("etc/apt/sources.list.d/debian.sources", "forky").done());
  CHECK(index::merge(testing, Limits{}).systems[0].codename.empty());
}

TEST_CASE("evidence owned by a system package says whose it is") {
  const std::string egg = "usr/lib/python3/dist-packages/x.egg-info";
  const std::vector<LayerRecord> records{
      Layer().database(kStatus, {"python3-x=1"}).owns("var/lib/dpkg/info/python3-x.list", "python3-x", "lib/python3/dist-packages/x.egg-info").done(),
      Layer().entry(PathKind::symlink, "lib", "usr/lib").database(egg, {"x=1"}, Shape::per_file, 0, "lang_python").done()};
  const Inventory inventory = index::merge(records, Limits{});
  REQUIRE(inventory.packages.size() == 2);
  CHECK(inventory.packages[1].package.name == "x");
  CHECK(inventory.packages[1].owned_by == "python3-x:amd64");
  CHECK(inventory.packages[0].owned_by.empty());
}

TEST_CASE("repositories: those of a package's own layer, else the nearest below, else above") {
  const auto rpms = [](Layer layer, const std::vector<std::string>& packages) {
    layer.database("var/lib/rpm/rpmdb.sqlite", packages, Shape::alternatives, 0, "os_rpm");
    LayerRecord record = layer.done();
    for (PackageVersion& p : record.packages) p.type = "rpm";
    return record;
  };
  const std::string manifest = "root/buildinfo/content_manifests/";
  const auto repositories = [](const std::vector<LayerRecord>& records) {
    std::map<std::string, std::string> out;
    for (const Occurrence& o : index::merge(records, Limits{}).packages) {
      for (const std::string& id : o.repositories) out[o.package.name] += id + " ";
      out[o.package.name] += "";
    }
    return out;
  };
  using Of = std::map<std::string, std::string>;
  CHECK(repositories({rpms(Layer(), {"a=1"})}) == Of{{"a", ""}});
  // The base's record comes in the layer after its packages; a later layer has its own; a customer's has none.
  CHECK(repositories({rpms(Layer(), {"a=1"}), Layer().built(manifest + "base.json", "baseos").done(),
                      rpms(Layer().built(manifest + "tool.json", "appstream baseos"), {"a=1", "b=1"}), rpms(Layer(), {"a=1", "b=1", "c=1"})}) ==
        Of{{"a", "baseos "}, {"b", "appstream baseos "}, {"c", "appstream baseos "}});
  // Two records of one layer are one; one that is removed does not count.
  CHECK(repositories({rpms(Layer().built(manifest + "x.json", "two one").built(manifest + "y.json", "three"), {"a=1"})}) == Of{{"a", "one three two "}});
  CHECK(repositories({rpms(Layer().built(manifest + "x.json", "one"), {"a=1"}), Layer().entry(PathKind::whiteout, manifest + "x.json").done()}) == Of{{"a", ""}});
  // What Ubuntu Pro's client says holds for all packages of the final image's system, and for no other's.
  const std::string pro = "var/lib/ubuntu-advantage/status.json";
  CHECK(repositories({Layer().database(kStatus, {"a=1"}).done(), Layer().attached(pro, "esm-apps esm-infra").done(), Layer().database(kStatus, {"a=1", "b=1"}).done()}) ==
        Of{{"a", "esm-apps esm-infra "}, {"b", "esm-apps esm-infra "}});
  CHECK(repositories({Layer().attached(pro, "esm-infra").database(kStatus, {"a=1"}).done(), Layer().entry(PathKind::whiteout, pro).done()}) == Of{{"a", ""}});
  CHECK(repositories({Layer().attached("srv/" + pro, "esm-infra").database("srv/" + std::string(kStatus), {"b=1"}).database(kStatus, {"a=1"}).done()}) == Of{{"a", ""}, {"b", ""}});
  CHECK(repositories({rpms(Layer().attached(pro, "esm-infra"), {"a=1"})}) == Of{{"a", ""}});
  // Packages of other systems have none.
  CHECK(repositories({Layer().built(manifest + "x.json", "one").database(kStatus, {"a=1"}).done()}) == Of{{"a", ""}});
}

TEST_CASE("named files are those of the final image, and absent ones are said to be") {
  const std::vector<LayerRecord> records{Layer().named("usr/bin/nc").named("root/.ssh/id_rsa").done(),
                                         Layer().entry(PathKind::whiteout, "root/.ssh/id_rsa").done()};
  const Inventory inventory = index::merge(records, Limits{}, {"**/id_rsa", "usr/bin/nc"});
  REQUIRE(inventory.files.size() == 2);
  CHECK_FALSE(inventory.files[0].present);
  CHECK(inventory.files[1].present);
  CHECK(inventory.files[1].file.path == "usr/bin/nc");
  CHECK(inventory.files[1].layer == 1);
}

TEST_CASE("a note about a file that is no longer there does not matter") {
  const auto notes = [](std::vector<LayerRecord> records) { return index::merge(records, Limits{}).notes.size(); };
  CHECK(notes({Layer().database(kStatus, {}).note(kStatus).done()}) == 1);
  CHECK(notes({Layer().database(kStatus, {}).note(kStatus).done(), Layer().database(kStatus, {"a=1"}).done()}) == 0);
  CHECK(notes({Layer().database(kStatus, {}).note(kStatus).done(), Layer().entry(PathKind::whiteout, "var").done()}) == 0);
}

// The oracle is the kernel: layers are unpacked into a folder as a runtime would, and what is found there is compared.
TEST_CASE("random layers give what unpacking them gives") {
  namespace fs = std::filesystem;
  const fs::path root = fs::temp_directory_path() / ("eclair-merge-" + std::to_string(::getpid()));
  constexpr unsigned kSeed = 31337;
  std::mt19937 random(kSeed);
  const auto folder = [&] {
    static constexpr const char* kFolders[] = {"a", "b", "a/b", "a/c", "a/b/c", "c", "c/a"};
    return std::string(kFolders[random() % std::size(kFolders)]);
  };
  const auto link_target = [&](const std::string& at) {  // relative, never out of the root
    std::string up;
    for (long n = std::count(at.begin(), at.end(), '/'); n > 0; --n) up += "../";
    return up + folder();
  };
  const auto present = [](const fs::path& p) { return fs::symlink_status(p).type() != fs::file_type::not_found; };
  int interesting = 0;
  for (int round = 0; round < 600; ++round) {
    CAPTURE(kSeed);
    CAPTURE(round);
    fs::remove_all(root);
    fs::create_directories(root);
    std::vector<LayerRecord> records;
    std::string story;
    bool usable = true;
    const std::size_t layers = 1 + random() % 4;
    for (std::size_t l = 0; l < layers; ++l) {
      Layer layer;
      std::map<std::string, std::pair<PathKind, std::string>> entries;  // sorted: parents first
      std::set<std::string> whiteouts, opaques;
      for (const char* path : {"a", "b", "c", "a/b", "a/c", "a/b/c", "c/a"}) {
        if (l == 0) entries[path] = {PathKind::directory, ""};
      }
      for (unsigned n = 1 + random() % 5; n > 0; --n) {
        const std::string path = folder();
        switch (random() % 7) {
          case 0: entries[path] = {PathKind::symlink, link_target(path)}; break;
          case 1: entries[path] = {PathKind::file, ""}; break;
          case 2: entries[path] = {PathKind::directory, ""}; break;
          case 3: whiteouts.insert(random() % 2 == 0 ? path : path + "/status"); break;
          case 4: opaques.insert(path); break;
          default: entries[path + "/status"] = {PathKind::file, "db"};
        }
      }
      story += "layer " + std::to_string(l + 1) + ":";
      for (const std::string& w : whiteouts) layer.entry(PathKind::whiteout, w), story += " w:" + w;
      for (const std::string& q : opaques) layer.entry(PathKind::opaque, q), story += " q:" + q;
      for (const std::string& w : whiteouts) {
        std::error_code ignored;
        fs::remove_all(root / w, ignored);
      }
      for (const std::string& q : opaques) {
        std::error_code ignored;
        if (!fs::is_directory(root / q, ignored)) continue;
        const fs::path folder_itself = fs::canonical(root / q);  // a link on the way may be among what goes
        for (const auto& child : fs::directory_iterator(folder_itself)) fs::remove_all(child.path(), ignored);
      }
      std::vector<std::pair<std::string, std::pair<PathKind, std::string>>> ordered(entries.begin(), entries.end());
      std::stable_partition(ordered.begin(), ordered.end(), [](const auto& e) { return e.second.first != PathKind::file; });
      for (const auto& [path, what] : ordered) {
        const auto& [kind, target] = what;
        story += std::string(" ") + static_cast<char>(kind) + ":" + path + (kind == PathKind::symlink ? "->" + target : "");
        if (target == "db") {
          layer.database(path, {"p" + std::to_string(l) + "=" + path});
        } else {
          layer.entry(kind, path, target);
        }
        // A runtime: parents are made where missing, a file in the way of a folder goes, what is not folder upon folder is replaced.
        fs::path parent = root;
        for (const auto& part : fs::path(path).parent_path()) {
          parent /= part;
          std::error_code error;
          if (fs::is_directory(parent, error)) continue;
          if (fs::is_symlink(fs::symlink_status(parent)) || error) usable = false;  // dangling: runtimes differ
          if (!usable) break;
          fs::remove_all(parent);
          fs::create_directory(parent);
        }
        if (!usable) break;
        const fs::path at = root / path;
        const bool both_folders = kind == PathKind::directory && fs::symlink_status(at).type() == fs::file_type::directory;
        if (present(at) && !both_folders) fs::remove_all(at);
        if (kind == PathKind::directory) {
          if (!both_folders) fs::create_directory(at);
        } else if (kind == PathKind::symlink) {
          fs::create_symlink(target, at);
        } else {
          std::ofstream(at) << (target == "db" ? "p" + std::to_string(l) + "=" + path : "");
        }
      }
      if (!usable) break;
      records.push_back(layer.done());
      story += "\n";
    }
    if (!usable) continue;
    std::vector<std::pair<std::string, std::string>> want, got;
    for (const auto& entry : fs::recursive_directory_iterator(root)) {
      if (entry.is_symlink() || !entry.is_regular_file() || entry.path().filename() != "status") continue;
      std::string text;
      std::getline(std::ifstream(entry.path()), text);
      want.emplace_back(fs::relative(entry.path(), root).string(), text);
    }
    for (const Occurrence& o : index::merge(records, Limits{}).packages) got.emplace_back(o.paths.at(0), o.package.name + "=" + o.package.version);
    std::sort(want.begin(), want.end());
    std::sort(got.begin(), got.end());
    interesting += !want.empty() && records.size() > 1 ? 1 : 0;
    for (const auto& [path, text] : want) story += " want " + path + " " + text;
    for (const auto& [path, text] : got) story += " got " + path + " " + text;
    CHECK_MESSAGE((got == want), story);
  }
  fs::remove_all(root);
  CHECK(interesting > 100);
}

TEST_CASE("all layers: what a later layer removed or replaced is there too, with the layer that it went in") {
  const auto told = [](const std::vector<LayerRecord>& records) {
    std::string out;
    for (const Occurrence& o : index::merge(records, Limits{}, {}, false, true).packages) {
      out += o.package.name + "=" + o.package.version + "@" + std::to_string(o.layer) + (o.removed_in > 0 ? "-" + std::to_string(o.removed_in) : "") + " ";
    }
    return out;
  };
  const std::vector<LayerRecord> records{Layer().database(kStatus, {"a=1", "b=1", "c=1"}).done(), Layer().database(kStatus, {"a=2", "b=1"}).done(),
                                         Layer().entry(PathKind::file, "etc/x").done(), Layer().database(kStatus, {"b=1", "c=1"}).done()};
  CHECK(told(records) == "a=1@1-2 a=2@2-4 b=1@1 c=1@1-2 c=1@4 ");
  // Without that, as ever.
  CHECK(index::merge(records, Limits{}).packages.size() == 2);
  CHECK(told({Layer().database(kStatus, {"a=1"}).done(), Layer().entry(PathKind::whiteout, kStatus).done()}) == "a=1@1-2 ");
  // A database that moves takes its packages with it.
  CHECK(told({Layer().database("var/lib/dpkg/status", {"a=1", "b=1"}).done(),
              Layer().entry(PathKind::whiteout, "var/lib/dpkg/status").database("usr/lib/dpkg/status", {"a=1"}).done()}) == "a=1@2 b=1@1-2 ");
}
