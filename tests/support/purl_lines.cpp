// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
//
// purl_lines N: N package URLs of packages and images with odd names, as lines of JSON, each with the parts that a reader must find in it.
// tests/e2e/purl.sh hands them to another implementation.
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "match/match.h"
#include "support/random.h"
#include "util/json_writer.h"
#include "util/text.h"

namespace {

using eclair::test::Random;

constexpr std::string_view kPlain[] = {"a", "b", "z", "0", "9", "-", "_", ".", "x", "lib", "2"};
constexpr std::string_view kOdd[] = {"A", "Z", "+", "~", ":", "@", "%", "?", "#", "&", "=", " ", "\\", "\"", "\n", "ä", "漢", "🦀", "%41", "'", "(", "*", "!", ";", ",", "|", "^"};

std::string word(Random& random, bool odd, std::size_t most) {
  std::string out(1, static_cast<char>('a' + random.below(26)));  // what may come first is each type's own affair
  for (std::size_t n = random.below(most); n > 0; --n) {
    out += odd && random.below(2) == 0 ? kOdd[random.below(std::size(kOdd))] : kPlain[random.below(std::size(kPlain))];
  }
  return out + 'e';  // blanks at an end are no part of a name
}

struct Parts {
  std::string type, name_space, name, version;
  std::map<std::string, std::string> qualifiers;
};

void print(const std::string& purl, const Parts& parts) {
  eclair::json::Writer w;
  w.begin_object().member("purl", purl).member("type", parts.type);
  if (!parts.name_space.empty()) w.member("namespace", parts.name_space);
  w.member("name", parts.name);
  if (!parts.version.empty()) w.member("version", parts.version);
  w.key("qualifiers").begin_object();
  for (const auto& [key, value] : parts.qualifiers) {
    if (!value.empty()) w.member(key, value);
  }
  w.end_object().end_object();
  std::puts(w.take().c_str());
}

void system_package(Random& random) {
  static constexpr std::string_view kTypes[] = {"deb", "rpm", "apk", "alpm", "opkg"};
  static constexpr std::string_view kSystems[] = {"debian", "ubuntu", "fedora", "arch", "openwrt", "wolfi"};
  eclair::PackageVersion package;
  package.type = kTypes[random.below(std::size(kTypes))];
  package.name = word(random, true, 12);
  package.version = random.below(10) == 0 ? "" : word(random, true, 10);
  const std::string epoch = random.below(3) == 0 ? std::to_string(1 + random.below(20)) : "";
  package.arch = random.below(4) == 0 ? "" : word(random, true, 4);
  for (char& c : package.arch) c = c == '%' ? '+' : c;  // packageurl-js decodes those of qualifiers twice
  eclair::Os os;
  os.id = kSystems[random.below(std::size(kSystems))];
  if (os.id != "wolfi") os.version = random.below(4) == 0 ? "" : word(random, false, 3);
  Parts want;
  want.type = package.type;
  want.name_space = os.id;
  want.name = package.type == "rpm" ? package.name : eclair::text::lower(package.name);  // so the specification has it
  if (package.type == "rpm") {
    for (char& c : package.version) c = c == ':' ? '_' : c;
    want.version = package.version;
    if (!epoch.empty() && !package.version.empty()) {
      want.qualifiers["epoch"] = epoch;
      package.version = epoch + ":" + package.version;
    }
  } else {
    if (!epoch.empty() && !package.version.empty()) package.version = epoch + ":" + package.version;
    want.version = package.version;
  }
  want.qualifiers["arch"] = package.arch;
  want.qualifiers["distro"] = os.version.empty() ? os.id : os.id + "-" + os.version;
  print(eclair::match::purl(package, os), want);
}

void language_package(Random& random) {
  static constexpr std::string_view kTypes[] = {"npm", "golang", "maven", "composer", "gem", "cargo", "pypi"};
  eclair::PackageVersion package;
  package.type = kTypes[random.below(std::size(kTypes))];
  package.version = package.type == "golang" ? "v1.2." + std::to_string(random.below(100)) : word(random, true, 8);
  Parts want;
  want.type = package.type;
  want.name = word(random, false, 8);
  want.version = package.version;
  package.name = want.name;
  if (package.type == "pypi") {
    for (char& c : want.name) c = c == '.' || c == '_' ? '-' : c;
    std::string single;
    for (const char c : want.name) {
      if (c != '-' || single.empty() || single.back() != '-') single += c;
    }
    want.name = single;
  } else if (package.type != "gem" && package.type != "cargo" && (package.type != "npm" || random.below(2) == 0)) {
    want.name_space = (package.type == "npm" ? "@" : "") + word(random, false, 6);
    package.name = want.name_space + (package.type == "maven" ? ":" : "/") + want.name;
  }
  print(eclair::match::purl(package, {}), want);
}

void image(Random& random) {
  eclair::Image image;
  image.source = "registry";
  const std::string last = word(random, false, 8), host = random.below(2) == 0 ? "localhost:5000" : "ghcr.io", tag = random.below(3) == 0 ? "" : word(random, false, 5);
  image.name = host + "/team/" + last + (tag.empty() ? "" : ":" + tag);
  image.digest.text = "sha256:" + std::string(64, static_cast<char>('0' + random.below(10)));
  image.platform.architecture = random.below(2) == 0 ? "" : "arm64";
  Parts want{"oci", "", last, image.digest.text, {{"arch", image.platform.architecture}, {"repository_url", host + "/team/" + last}, {"tag", tag}}};
  print(eclair::match::oci_purl(image), want);
}

}  // namespace

int main(int argc, char** argv) {
  const long n = argc > 1 ? std::strtol(argv[1], nullptr, 10) : 1000;
  Random random(20260821);
  for (long i = 0; i < n; ++i) {
    switch (random.below(5)) {
      case 0: image(random); break;
      case 1: language_package(random); break;
      default: system_package(random);
    }
  }
}
