// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <doctest/doctest.h>

#include <array>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "image/source.h"
#include "service/images/images.h"
#include "service/images/read_for_server.h"
#include "support/debian_says.h"
#include "support/image_files.h"

/// Images of Debian 12 in a service over real stores.
namespace eclair::test::image_house {

using namespace eclair::service;

inline constexpr UnixTime kNow = 2000;

inline std::string status(const std::vector<std::array<std::string, 2>>& packages) {
  std::string out;
  for (const auto& [name, version] : packages) {
    out += "Package: " + name + "\nStatus: install ok installed\nArchitecture: amd64\nMaintainer: Debian <d@debian.org>\nVersion: " + version + "\n\n";
  }
  return out;
}

inline const std::string kOs = "ID=debian\nVERSION_ID=\"12\"\nVERSION_CODENAME=bookworm\nPRETTY_NAME=\"Debian GNU/Linux 12\"\n";
inline const std::string kBase = test::Files{{"etc/os-release", kOs}, {"var/lib/dpkg/status", status({{"openssl", "3.0.1-1"}, {"zlib", "1.2"}})}}.tar();
inline const std::string kCurl = test::Files{{"var/lib/dpkg/status", status({{"curl", "7.88"}, {"openssl", "3.0.1-1"}, {"zlib", "1.2"}})}}.tar();
inline const std::string kUpgrade = test::Files{{"var/lib/dpkg/status", status({{"openssl", "3.0.2-1"}, {"zlib", "1.2"}})}}.tar();

inline Identity who(std::string name, Role role, std::vector<std::string> prefixes = {}) {
  Identity out;
  out.name = std::move(name);
  out.role = role;
  out.prefixes = std::move(prefixes);
  return out;
}
inline const Identity kAdmin = who("admin", Role::admin);

/// A service with images as OCI layouts in folders.
struct House {
  test::TempFolder folder;
  std::unique_ptr<store::ServiceStore> store;
  Advisories advisories;
  std::unique_ptr<Images> images;
  int made = 0;

  House() : store(*store::open_service_store(folder.at("data"))), advisories(folder.at("data")) {
    ImageSettings settings;
    settings.version = "1.2.3";
    settings.clock = [] { return kNow; };
    images = make_images(*store, advisories, settings);
  }

  std::unique_ptr<image::Source> open(const std::vector<std::string>& layers, const std::string& name = "") {
    test::Files files;
    test::put_index(files, {test::put_image(files, layers)});
    image::OpenOptions options;
    options.name = name;
    options.platform = "linux/amd64";
    auto source = image::open("oci-dir:" + files.folder(folder, "image" + std::to_string(++made)), options);
    REQUIRE(source);
    return std::move(*source);
  }

  /// As a client does it.
  SentImage read(const image::Source& source, const Identity& by, const std::vector<std::string>& names = {}) {
    std::vector<Digest> layers;
    for (const LayerInfo& layer : source.image().history) layers.push_back(layer.digest);
    const auto known = images->known(layers, by);
    REQUIRE(known);
    auto sent = read_for_server(source, nullptr, {known->begin(), known->end()}, {}, Cancel{});
    REQUIRE(sent);
    sent->names = names;
    // Over the wire and back.
    auto arrived = decode_sent_image(encode(*sent), Limits{});
    REQUIRE(arrived);
    return std::move(*arrived);
  }

  std::string post(const std::vector<std::string>& layers, const std::string& name, const Identity& by = kAdmin) {
    const auto source = open(layers, name);
    const auto kept = images->put(read(*source, by), by);
    REQUIRE(kept);
    CHECK(kept->missing.empty());
    return kept->id;
  }

  /// As debian_says().
  void knows(const std::vector<std::array<std::string, 3>>& rows, const std::string& name_space = "debian:12") {
    debian_says(folder.at("data"), name_space, rows);
  }

  report::Report report(const std::string& image, const Identity& by = kAdmin) {
    auto out = images->report(image, 5 * 86400, by, Cancel{});
    REQUIRE(out);
    REQUIRE(*out);
    return std::move(**out);
  }
  std::vector<std::string> findings(const std::string& image, const Identity& by = kAdmin) {
    std::vector<std::string> out;
    const report::Report found = report(image, by);
    for (const Finding& one : found.findings) {
      out.push_back(one.vulnerability + " " + found.inventory.packages[one.package].package.name + " " + std::to_string(one.layer));
    }
    return out;
  }
};

}  // namespace eclair::test::image_house
