// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
//
// What os_dpkg reads in a package database against what dpkg-query reads in it: oracle_dpkg_status [ROUNDS].
#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "extract/collector.h"
#include "extract/extractor.h"

namespace eclair::extract {
const Extractor& os_dpkg();
}

namespace {

using namespace eclair;
namespace fs = std::filesystem;

/// Databases that dpkg itself accepts, with what makes reading them hard.
std::string generate(std::mt19937& random) {
  const auto pick = [&random](const std::vector<std::string>& from) { return from[random() % from.size()]; };
  std::string out;
  for (int i = 0; i < 40; ++i) {
    const std::string name = pick({"lib", "x-", "g++", "py3.", "0ad"}) + std::to_string(i);
    const std::string version = pick({"1.0", "2:1.36", "0~rc1", "5.10.0+dfsg"}) + pick({"", "-1", "-1+b1", "-0ubuntu1~22.04"});
    const std::string status = pick({"install ok installed", "hold ok installed", "deinstall ok installed", "deinstall ok config-files", "purge ok not-installed",
                                     "install ok unpacked", "install ok half-configured", "install reinstreq half-installed", "install ok triggers-pending"});
    const bool absent = status.ends_with("not-installed"), configured = status.ends_with("config-files") || status.ends_with("half-configured");
    std::vector<std::string> fields = {pick({"Status", "status", "STATUS"}) + ": " + status};
    fields.push_back("Priority: optional");
    if (!absent) {
      fields.push_back("Version:" + pick({" ", "  ", "\t"}) + version + pick({"", " "}));
      fields.push_back("Architecture: " + pick({"amd64", "all"}));
      fields.push_back("Maintainer: Some One <one@example.org>");
      fields.push_back("Description: " + pick({"short", "Version: 9"}) + "\n Package: inner\n .\n\tVersion: 3");
      if (random() % 2 != 0) fields.push_back("Source: " + pick({"src" + std::to_string(i), "src" + std::to_string(i) + " (3:4.5-6)", name, name + " (1.0-1)"}));
      if (random() % 3 == 0) fields.push_back("Conffiles:\n /etc/" + name + " 0123456789abcdef0123456789abcdef");
      if (configured) fields.push_back("Config-Version: " + version);
      if (status.ends_with("triggers-pending")) fields.push_back("Triggers-Pending: /x");
    }
    std::shuffle(fields.begin() + 1, fields.end(), random);
    out += "Package: " + name + "\n";
    for (const std::string& field : fields) out += field + "\n";
    out += pick({"\n", "\n\n\n"});
  }
  return out;
}

std::string output_of(const std::string& command) {
  std::string out;
  FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return out;
  std::array<char, 4096> buffer;
  while (const std::size_t n = fread(buffer.data(), 1, buffer.size(), pipe)) out.append(buffer.data(), n);
  pclose(pipe);
  return out;
}

/// "name version arch source source-version" by tabs, of the packages whose files are there.
std::set<std::string> by_dpkg_query(const fs::path& folder) {
  const std::string said = output_of("dpkg-query --admindir=" + folder.string() +
                                     " -W -f '${db:Status-Status} ${Package}\\t${Version}\\t${Architecture}\\t${source:Package}\\t${source:Version}\\n'");
  std::set<std::string> packages;
  for (std::size_t at = 0, end; (end = said.find('\n', at)) != std::string::npos; at = end + 1) {
    const std::string line = said.substr(at, end - at);
    const std::size_t blank = line.find(' ');
    const std::string state = line.substr(0, blank);
    if (state != "config-files" && state != "not-installed") packages.insert(line.substr(blank + 1));
  }
  return packages;
}

std::set<std::string> by_us(const std::string& database) {
  const MemorySource source(database);
  const Limits limits;
  const Cancel stop;
  extract::Collector sink(limits);
  std::set<std::string> packages;
  if (!extract::os_dpkg().extract({{"var/lib/dpkg/status", database.size(), 0644}, source, {}}, limits, stop, sink)) return packages;
  for (const auto& entry : sink.collected().packages) {
    const PackageVersion& p = entry.package;
    packages.insert(p.name + "\t" + p.version + "\t" + p.arch + "\t" + std::string(p.source()) + "\t" + std::string(p.source_ver()));
  }
  return packages;
}

}  // namespace

int main(int argc, char** argv) {
  if (std::system("dpkg-query --version >/dev/null 2>&1") != 0) {
    std::puts("skipped: no dpkg-query to ask");
    return 77;
  }
  const int rounds = argc > 1 ? std::atoi(argv[1]) : 30;
  std::string folder = (fs::temp_directory_path() / "eclair-oracle-XXXXXX").string();
  if (mkdtemp(folder.data()) == nullptr) return 1;
  fs::create_directory(folder + "/info");
  fs::create_directory(folder + "/updates");
  int wrong = 0;
  std::size_t compared = 0;
  for (int seed = 1; seed <= rounds; ++seed) {
    std::mt19937 random(static_cast<unsigned>(seed));
    const std::string database = generate(random);
    std::ofstream(folder + "/status", std::ios::binary) << database;
    const std::set<std::string> want = by_dpkg_query(folder), got = by_us(database);
    compared += want.size();
    if (want == got && want.size() > 5) continue;
    ++wrong;
    std::printf("seed %d differs: dpkg-query has %zu packages, we %zu\n", seed, want.size(), got.size());
    for (const std::string& line : want) {
      if (!got.contains(line)) std::printf("  - %s\n", line.c_str());
    }
    for (const std::string& line : got) {
      if (!want.contains(line)) std::printf("  + %s\n", line.c_str());
    }
  }
  fs::remove_all(folder);
  std::printf("%zu packages in %d databases compared, %d databases differ\n", compared, rounds, wrong);
  return wrong == 0 ? 0 : 1;
}
