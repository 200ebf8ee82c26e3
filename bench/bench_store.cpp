// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// Makes a store as a registry would fill it, and says what that took. Deterministic. Prints one JSON object.
//   bench_store URL --layers N [--threads N]     images of a base layer of 400 packages and nine upper ones that each upgrade 20
//   bench_store URL --advisories                 20 rows for each of 3,000 packages, 1.28 of which hit, as 510 for 400 packages
//   bench_store URL --hits CVE                   an import of one advisory that hits layers, and the first page of 100 of those
//   bench_store --layer-files DIR N              the same layers as tar files, to be posted: base.tar, 0.tar, 1.tar, ...
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "extract/extractor.h"
#include "service/layers/advisories.h"
#include "service/layers/affected_layers.h"
#include "service/layers/layer_place.h"
#include "store/interface.h"
#include "store/service_store.h"
#include "util/json_writer.h"
#include "util/tar_writer.h"

namespace {

using namespace eclair;
using Clock = std::chrono::steady_clock;

constexpr unsigned kNames = 3000, kVersions = 10, kBase = 400, kUpper = 20, kStack = 10;

[[noreturn]] void give_up(const std::string& why) {
  std::fprintf(stderr, "bench_store: %s\n", why.c_str());
  std::exit(1);
}
template <class T>
T need(Result<T> result) {
  if (!result) give_up(result.error().text);
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

double seconds_since(Clock::time_point then) { return std::chrono::duration<double>(Clock::now() - then).count(); }

/// xorshift: the same store on every machine.
struct Random {
  std::uint64_t state;
  unsigned below(unsigned n) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return static_cast<unsigned>((state >> 11) % n);
  }
};

std::string name_of(unsigned name) { return "package-" + std::to_string(10000 + name); }
std::string version_of(unsigned version) { return "1." + std::to_string(version) + "-1+deb12u1"; }

PackageVersion package_of(unsigned name, unsigned version) {
  PackageVersion out;
  out.type = "deb";
  out.name = name_of(name);
  out.version = version_of(version);
  out.arch = "amd64";
  out.vendor = "debian";
  return out;
}

Os debian() {
  Os os;
  os.id = "debian";
  os.version = "12";
  os.codename = "bookworm";
  os.pretty = "Debian GNU/Linux 12 (bookworm)";
  return os;
}

/// Versions of the packages that a layer's database lists, by name.
using Installed = std::map<unsigned, unsigned>;

Installed base_of(unsigned image) {
  Random random{88172645463325252ull + image * 7919ull};
  Installed out;
  while (out.size() < kBase) out[random.below(kNames)] = random.below(kVersions / 2);
  return out;
}

std::vector<unsigned> upgrade(Installed& installed, unsigned image, unsigned layer) {
  Random random{362436069ull + image * 104729ull + layer * 31ull};
  std::vector<unsigned> changed;
  while (changed.size() < kUpper) {
    auto at = installed.begin();
    std::advance(at, random.below(kBase));
    if (at->second + 1 >= kVersions || std::find(changed.begin(), changed.end(), at->first) != changed.end()) continue;
    ++at->second;
    changed.push_back(at->first);
  }
  return changed;
}

LayerRecord record_of(const Installed& installed, const std::string& name) {
  LayerRecord out;
  out.digest = sha256(name);
  out.blob_bytes = 4u << 20;
  out.uncompressed_bytes = 12u << 20;
  out.entries = 900;
  out.revisions = extract::current_revisions();
  Evidence evidence;
  evidence.extractor = "os_dpkg";
  evidence.path = "var/lib/dpkg/status";
  evidence.shape = Shape::database;
  for (const auto& [package, version] : installed) {
    evidence.packages.push_back({static_cast<std::uint32_t>(out.packages.size()), {}});
    out.packages.push_back(package_of(package, version));
  }
  out.evidence.push_back(std::move(evidence));
  PathListBuilder paths;
  paths.add(PathKind::file, "var/lib/dpkg/status");
  for (unsigned i = 0; i < 200; ++i) paths.add(PathKind::file, "usr/share/doc/" + name + "/file" + std::to_string(i));
  out.paths = paths.finish();
  return out;
}

void make_image(store::ServiceStore& store, unsigned image, std::uint64_t& layers_left) {
  Installed installed = base_of(image);
  std::int64_t parent = 0;
  for (unsigned layer = 0; layer < kStack && layers_left > 0; ++layer, --layers_left) {
    std::vector<PackageVersion> added, removed;
    if (layer == 0) {
      for (const auto& [name, version] : installed) added.push_back(package_of(name, version));
    } else {
      for (const unsigned name : upgrade(installed, image, layer)) {
        added.push_back(package_of(name, installed[name]));
        removed.push_back(package_of(name, installed[name] - 1));
      }
    }
    const std::string name = "image" + std::to_string(image) + "-" + std::to_string(layer);
    const LayerRecord record = record_of(installed, name);
    store::Node node;
    node.name = record.digest.text;
    node.parent = parent;
    node.record = record.digest;
    node.os = debian();
    node.name_space = "debian:12";
    node.revision = service::LayerPlaces::revision();
    store::PackageGroup group;
    group.name_space = "debian:12";
    group.packages = need(store.intern(added));
    std::sort(group.packages.begin(), group.packages.end());
    node.delta.added.push_back(std::move(group));
    node.delta.removed = need(store.intern(removed));
    std::sort(node.delta.removed.begin(), node.delta.removed.end());
    parent = need(store.put_node(node, &record));
  }
}

void make_layers(const std::string& url, std::uint64_t layers, unsigned threads) {
  auto store = need(store::open_service_store(url));
  const auto began = Clock::now();
  std::atomic<unsigned> next{0};
  const auto images = static_cast<unsigned>((layers + kStack - 1) / kStack);
  std::vector<std::thread> workers;
  for (unsigned t = 0; t < threads; ++t) {
    workers.emplace_back([&] {
      for (unsigned image = next++; image < images; image = next++) {
        std::uint64_t of_it = std::min<std::uint64_t>(kStack, layers - std::uint64_t{image} * kStack);
        make_image(*store, image, of_it);
      }
    });
  }
  for (std::thread& one : workers) one.join();
  std::printf("{\"layers\":%llu,\"seconds\":%.1f}\n", static_cast<unsigned long long>(layers), seconds_since(began));
}

Advisory row_of(const std::string& vulnerability, const std::string& fixed) {
  Advisory out;
  out.vulnerability = vulnerability;
  out.status = Status::fixed;
  out.severity = Severity::medium;
  out.severity_word = "medium";
  out.fixed_in = fixed;
  out.ranges = {Range{"", fixed}};
  return out;
}

void make_advisories(const std::string& url) {
  auto store = need(store::open_advisories(url));
  auto import = need(store->begin_import("debian", "bench", 1'700'000'000));
  const std::string filler = "An issue was discovered in the parser of crafted files that allows remote attackers to cause a denial of service via memory "
                             "corruption before the version named; a heap based overflow was found by fuzzing and a fix is available from the distribution. "
                             "Systems that read such files from the network are exposed; there is no workaround but not to read them at all.";
  Random random{521288629ull};
  for (unsigned name = 0; name < kNames; ++name) {
    for (unsigned i = 0; i < 20; ++i) {
      const std::string id = "CVE-20" + std::to_string(10 + i) + "-" + std::to_string(10000 + name);
      // One of twenty hits every version, another a quarter of those in use; the others were fixed before the oldest.
      const std::string fixed = i == 0 ? "2.0-1" : i == 1 && random.below(100) < 28 ? "1.9-2" : "1.0-0";
      need(import->advisory("debian:12", name_of(name), row_of(id, fixed)));
      VulnerabilityText text;
      text.id = id;
      text.description = filler;
      text.urls = {"https://security-tracker.debian.org/tracker/" + id};
      need(import->vulnerability(std::move(text)));
    }
  }
  import->complete("debian:12");
  const auto began = Clock::now();
  const auto summary = need(import->commit(true));
  std::printf("{\"rows\":%llu,\"seconds\":%.2f}\n", static_cast<unsigned long long>(summary.rows), seconds_since(began));
}

void measure_hits(const std::string& url, const std::string& id) {
  service::Advisories advisories(url);
  auto known = need(store::open_advisories(url));
  auto store = need(store::open_service_store(url));
  service::AffectedLayers affected(*store, advisories);
  auto import = need(known->begin_import("osv", "bench", 1'700'000'001));
  need(import->advisory("debian:12", name_of(7), row_of(id, "1.9-9")));
  const auto began = Clock::now();
  need(import->commit(true));
  const double imported = seconds_since(began);
  const auto page_began = Clock::now();
  const auto page = need(affected.now("debian:12", id, 0, 100));
  const double first = seconds_since(page_began);
  std::size_t all = 0;
  const auto all_began = Clock::now();
  for (std::int64_t after = 0;;) {
    const auto some = need(affected.now("debian:12", id, after, 1000));
    all += some.size();
    if (some.size() < 1000) break;
    after = some.back().id;
  }
  std::printf("{\"import_seconds\":%.4f,\"first_page_seconds\":%.4f,\"first_page\":%zu,\"all_seconds\":%.3f,\"all\":%zu}\n", imported, first, page.size(),
              seconds_since(all_began), all);
}

void write_layer(const std::string& path, const Installed& installed) {
  std::string status;
  for (const auto& [name, version] : installed) {
    status += "Package: " + name_of(name) + "\nStatus: install ok installed\nPriority: optional\nSection: libs\nInstalled-Size: 100\nMaintainer: Debian <d@debian.org>\n"
              "Architecture: amd64\nVersion: " + version_of(version) + "\nDescription: a package\n of a benchmark\n\n";
  }
  const std::string release = "ID=debian\nVERSION_ID=\"12\"\nVERSION_CODENAME=bookworm\nPRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\n";
  std::string out;
  for (const auto& [name, body] : {std::pair<std::string, const std::string&>{"etc/os-release", release}, {"var/lib/dpkg/status", status}}) {
    out += need(tar::file_header(name, body.size())) + body + tar::padding(body.size());
  }
  std::ofstream(path, std::ios::binary) << out << tar::end();
}

void write_layers(const std::string& folder, unsigned count) {
  write_layer(folder + "/base.tar", base_of(0));
  for (unsigned i = 0; i < count; ++i) {
    Installed installed = base_of(0);
    upgrade(installed, i, 1);
    write_layer(folder + "/" + std::to_string(i) + ".tar", installed);
  }
}

}  // namespace

int main(int argc, char** argv) {
  std::map<std::string, std::string> options;
  std::vector<std::string> words;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word == "--advisories") {
      options[word] = "";
    } else if (word.rfind("--", 0) == 0 && i + 1 < argc) {
      options[word] = argv[++i];
    } else {
      words.push_back(word);
    }
  }
  if (options.count("--layer-files") > 0 && words.size() == 1) {
    write_layers(options["--layer-files"], static_cast<unsigned>(std::atoi(words[0].c_str())));
    return 0;
  }
  if (words.size() != 1) give_up("see the head of bench_store.cpp");
  if (options.count("--layers") > 0) {
    make_layers(words[0], std::strtoull(options["--layers"].c_str(), nullptr, 10), options.count("--threads") > 0 ? static_cast<unsigned>(std::atoi(options["--threads"].c_str())) : 4);
  }
  if (options.count("--advisories") > 0) make_advisories(words[0]);
  if (options.count("--hits") > 0) measure_hits(words[0], options["--hits"]);
  return 0;
}
