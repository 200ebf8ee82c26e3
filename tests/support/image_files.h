// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "support/tar_writer.h"
#include "util/digest.h"

/// Images made in a test, as the files that a layout or archive consists of.
namespace eclair::test {

/// A folder of one test, removed with it.
class TempFolder {
 public:
  TempFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "eclair-test-XXXXXX").string();
    if (::mkdtemp(name.data()) != nullptr) path_ = name;
  }
  ~TempFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  const std::string& path() const { return path_; }
  std::string at(std::string_view name) const { return path_ + "/" + std::string(name); }
  std::string write(std::string_view name, std::string_view bytes) const {
    const std::string where = at(name);
    std::filesystem::create_directories(std::filesystem::path(where).parent_path());
    std::ofstream(where, std::ios::binary) << bytes;
    return where;
  }

 private:
  std::string path_;
};

/// 'x' for "x", so that JSON can be written in a test.
inline std::string json(std::string text) {
  for (char& c : text) c = c == '\'' ? '"' : c;
  return text;
}

/// Files by name. A body that begins with "-> " is a symlink.
struct Files : std::map<std::string, std::string> {
  using map::map;
  std::string tar(std::string_view prefix = {}) const {
    TarWriter out;
    for (const auto& [name, body] : *this) {
      if (body.starts_with("-> ")) out.symlink(std::string(prefix) + name, body.substr(3));
      else out.file(std::string(prefix) + name, body);
    }
    return out.finish();
  }
  /// Into a folder of its own.
  std::string folder(const TempFolder& temp, std::string_view name) const {
    std::filesystem::create_directories(temp.at(name));
    for (const auto& [file, body] : *this) {
      const std::string where = std::string(name) + "/" + file;
      if (body.starts_with("-> ")) {
        std::filesystem::create_directories(std::filesystem::path(temp.at(where)).parent_path());
        std::filesystem::create_symlink(body.substr(3), temp.at(where));
      } else {
        temp.write(where, body);
      }
    }
    return temp.at(name);
  }
  /// Adds a blob and returns its descriptor, without the closing brace.
  std::string blob(std::string_view bytes, std::string_view media_type) {
    const Digest digest = sha256(bytes);
    (*this)["blobs/sha256/" + std::string(digest.hex())] = bytes;
    return json("{'mediaType':'" + std::string(media_type) + "','digest':'" + digest.text + "','size':" + std::to_string(bytes.size()));
  }
};

inline const std::string kManifestType = "application/vnd.oci.image.manifest.v1+json";
inline const std::string kIndexType = "application/vnd.oci.image.index.v1+json";
inline const std::string kConfigType = "application/vnd.oci.image.config.v1+json";
inline const std::string kLayerType = "application/vnd.oci.image.layer.v1.tar";

/// The layer of one small file.
inline std::string layer_of(std::string_view name, std::string_view body) { return TarWriter().file(name, body).finish(); }

inline std::string config_of(const std::vector<std::string>& layers, std::string_view arch = "amd64", std::string_view os = "linux") {
  std::string ids, history;
  for (const std::string& layer : layers) {
    ids += (ids.empty() ? "'" : ",'") + sha256(layer).text + "'";
    history += std::string(history.empty() ? "" : ",") + "{'created_by':'RUN step" + std::to_string(&layer - layers.data()) + " # buildkit'}";
  }
  return json("{'os':'" + std::string(os) + "','architecture':'" + std::string(arch) + "','rootfs':{'type':'layers','diff_ids':[" + ids + "]},'history':[" + history + "]}");
}

/// Puts an image into a layout and returns its manifest's descriptor, without the closing brace.
inline std::string put_image(Files& files, const std::vector<std::string>& layers, std::string_view arch = "amd64", std::string_view os = "linux") {
  std::string list;
  for (const std::string& layer : layers) list += (list.empty() ? "" : ",") + files.blob(layer, kLayerType) + "}";
  const std::string config = files.blob(config_of(layers, arch, os), kConfigType) + "}";
  return files.blob("{\"schemaVersion\":2,\"mediaType\":\"" + kManifestType + "\",\"config\":" + config + ",\"layers\":[" + list + "]}", kManifestType);
}

inline std::string index_of(const std::vector<std::string>& entries) {
  std::string list;
  for (const std::string& entry : entries) list += (list.empty() ? "" : ",") + entry + "}";
  return "{\"schemaVersion\":2,\"mediaType\":\"" + kIndexType + "\",\"manifests\":[" + list + "]}";
}
inline std::string with_platform(std::string_view os, std::string_view arch) {
  return json(",'platform':{'os':'" + std::string(os) + "','architecture':'" + std::string(arch) + "'}");
}
inline std::string with_name(std::string_view name) { return json(",'annotations':{'org.opencontainers.image.ref.name':'" + std::string(name) + "'}"); }

inline void put_index(Files& files, const std::vector<std::string>& entries) {
  files["oci-layout"] = "{\"imageLayoutVersion\":\"1.0.0\"}";
  files["index.json"] = index_of(entries);
}

}  // namespace eclair::test
