// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "image/containers_storage.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <set>

#include "image/history.h"
#include "image/manifest.h"
#include "image/platform.h"
#include "image/reference.h"
#include "image/rootfs.h"
#include "image/selection.h"
#include "net/base64.h"
#include "util/byte_source.h"
#include "util/json.h"
#include "util/text.h"

namespace eclair::image {
namespace containers_storage_detail {

constexpr std::uint64_t kListBytes = 256u << 20;  // images.json and layers.json: with the names of everything an engine has
constexpr std::size_t kShortestId = 12;

bool is_id(std::string_view s) {
  const auto fits = [](char c) { return text::is_alpha(c) || text::is_digit(c) || c == '-' || c == '_'; };
  return !s.empty() && s.size() <= 128 && std::all_of(s.begin(), s.end(), fits);
}

Result<std::string> read_file(const std::string& path, std::uint64_t max_bytes) {
  const auto file = FileSource::open(path);
  if (!file) return fail(file.error());
  auto bytes = read_all(**file, max_bytes);
  if (!bytes) return fail(std::move(bytes).error().within(text::clean(path, 300)));
  return bytes;
}

bool is_there(const std::string& path) {
  struct stat st {};
  return ::stat(path.c_str(), &st) == 0;
}

/// The names in a folder, without those of what lies deeper.
std::set<std::string> names_in(const std::string& path) {
  std::set<std::string> out;
  DIR* const open = ::opendir(path.c_str());
  if (open == nullptr) return out;
  while (const dirent* one = ::readdir(open)) {
    const std::string_view name(one->d_name);
    if (name != "." && name != "..") out.emplace(name);
  }
  ::closedir(open);
  return out;
}

/// A layer of the driver vfs is the whole tree: what the layer below had at the root and this one lacks, is removed.
class WholeTree final : public EntryReader {
 public:
  WholeTree(std::unique_ptr<EntryReader> inner, std::vector<std::string> gone) : inner_(std::move(inner)), gone_(std::move(gone)) {}
  Result<const Entry*> next() override {
    if (at_ == gone_.size()) return inner_->next();
    entry_ = {};
    entry_.path = gone_[at_++];
    entry_.kind = PathKind::whiteout;
    return &entry_;
  }
  Result<std::string_view> read() override { return at_ < gone_.size() ? Result<std::string_view>(std::string_view{}) : inner_->read(); }
  std::vector<Note> take_notes() override { return inner_->take_notes(); }

 private:
  std::unique_ptr<EntryReader> inner_;
  std::vector<std::string> gone_;
  Entry entry_;
  std::size_t at_ = 0;
};

/// folders: of the layers, base first.
class StorageSource final : public Source {
 public:
  StorageSource(Image image, std::vector<std::string> folders, bool whole_trees, const OpenOptions& options)
      : image_(std::move(image)), folders_(std::move(folders)), whole_trees_(whole_trees), limits_(options.limits), stop_(options.stop) {}
  const Image& image() const override { return image_; }
  Result<std::unique_ptr<ByteStream>> open_layer(std::uint32_t) const override {
    return fail(Errc::unsupported, "a stored layer has no blob: its folder is walked");
  }
  Result<std::unique_ptr<EntryReader>> walk_layer(std::uint32_t index) const override {
    if (index == 0 || index > folders_.size()) return fail(Errc::internal, "there is no layer " + std::to_string(index));
    const std::string& folder = folders_[index - 1];
    const int root = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (root < 0) return fail(Errc::unavailable, "cannot open the folder " + text::quoted(folder) + ": " + std::strerror(errno));
    auto reader = folder_reader(root, false, limits_, stop_, whole_trees_ ? FolderMarks::whole_tree : FolderMarks::overlay);
    if (!whole_trees_ || index == 1) return reader;
    std::vector<std::string> gone;
    const std::set<std::string> below = names_in(folders_[index - 2]), here = names_in(folder);
    std::set_difference(below.begin(), below.end(), here.begin(), here.end(), std::back_inserter(gone));
    return std::unique_ptr<EntryReader>(std::make_unique<WholeTree>(std::move(reader), std::move(gone)));
  }

 private:
  Image image_;
  std::vector<std::string> folders_;
  bool whole_trees_;
  Limits limits_;
  const Cancel* stop_;
};

struct Place {
  std::string root, driver;
};

/// "[overlay@/path+/run:options]name"
Result<Place> split_place(std::string_view& name) {
  Place out;
  if (!name.starts_with('[')) return out;
  const std::size_t close = name.find(']');
  if (close == std::string_view::npos) return fail(Errc::invalid_input, "\"[\" without \"]\"");
  std::string_view inside = name.substr(1, close - 1);
  name.remove_prefix(close + 1);
  if (const std::size_t at = inside.find('@'); at != std::string_view::npos) {
    out.driver = inside.substr(0, at);
    inside.remove_prefix(at + 1);
  }
  out.root = inside.substr(0, inside.find_first_of("+:"));
  return out;
}

Result<Place> find_place(Place given, const Environment& environment) {
  const bool root = ::geteuid() == 0;
  const std::string home = environment("HOME");
  std::string config_home = environment("XDG_CONFIG_HOME"), data_home = environment("XDG_DATA_HOME");
  if (config_home.empty()) config_home = home + "/.config";
  if (data_home.empty()) data_home = home + "/.local/share";
  if (given.root.empty()) {
    std::vector<std::string> files;
    if (const std::string named = environment("CONTAINERS_STORAGE_CONF"); !named.empty()) files.push_back(named);
    if (!root) files.push_back(config_home + "/containers/storage.conf");
    if (root) files.insert(files.end(), {"/etc/containers/storage.conf", "/usr/share/containers/storage.conf"});
    for (const std::string& file : files) {
      const auto bytes = read_file(file, 1u << 20);
      if (!bytes) continue;
      const StorageConfig config = parse_storage_config(*bytes);
      given.root = config.root;
      if (given.driver.empty()) given.driver = config.driver;
      break;
    }
    if (given.root.empty()) given.root = root ? "/var/lib/containers/storage" : data_home + "/containers/storage";
  }
  const auto has = [&](const std::string& driver) { return is_there(given.root + "/" + driver + "-images/images.json"); };
  if (!given.driver.empty() && given.driver != "overlay" && given.driver != "vfs") {
    return fail(Errc::unsupported, "containers-storage of the driver " + text::quoted(given.driver, 60) + " cannot be read, only overlay and vfs");
  }
  if (given.driver.empty() || !has(given.driver)) {
    for (const char* const driver : {"overlay", "vfs"}) {
      if (has(driver)) {
        given.driver = driver;
        return given;
      }
    }
    const std::string list = given.root + "/overlay-images";
    if (::access(given.root.c_str(), R_OK | X_OK) != 0 && errno == EACCES) return fail(Errc::unavailable, "containers-storage in " + text::clean(given.root, 300) + ": permission denied");
    Error error{Errc::not_found, "no containers-storage in " + text::clean(given.root, 300)};
    error.hint = "another place: containers-storage:[overlay@/path/of/storage]NAME";
    return fail(std::move(error));
  }
  return given;
}

bool is_meant(const StoredImage& image, std::string_view asked) {
  const bool hex = std::all_of(asked.begin(), asked.end(), [](char c) { return text::is_digit(c) || (c >= 'a' && c <= 'f'); });
  std::string_view id = asked;
  if (id.starts_with("sha256:")) id.remove_prefix(7);
  if ((hex || id.size() != asked.size()) && id.size() >= kShortestId && std::string_view(image.id).starts_with(id)) return true;
  const std::string local = "localhost/" + std::string(asked);
  return std::any_of(image.names.begin(), image.names.end(), [&](const std::string& name) {
    if (asked.find_first_of("/:") == std::string_view::npos && name.ends_with(":" + std::string(asked))) return false;  // a tag is no name
    return name_matches(asked, name) || (asked.find('/') == std::string_view::npos && name_matches(local, name));
  });
}

/// The name of the file that big data is kept in.
std::string big_data_file(const std::string& key) {
  const auto plain = [](char c) { return text::is_alpha(c) || text::is_digit(c) || c == '.' || c == '_' || c == '-'; };
  return std::all_of(key.begin(), key.end(), plain) ? key : "=" + net::base64_encode(key);
}

}  // namespace containers_storage_detail

using namespace containers_storage_detail;

Result<std::vector<StoredImage>> parse_stored_images(std::string_view bytes, const Limits& limits) {
  json::Document document;
  ECLAIR_TRY(const json::Value root, document.parse(bytes, limits.json_depth));
  std::vector<StoredImage> out;
  bool bad = !root.is_array();
  root.each([&](json::Value one) {
    StoredImage image;
    image.id = one["id"].string();
    image.digest = one["digest"].string();
    image.layer = one["layer"].string();
    one["names"].each([&](json::Value name) {
      image.names.emplace_back(name.string());
      return true;
    });
    bad = bad || !is_id(image.id) || (!image.layer.empty() && !is_id(image.layer));
    out.push_back(std::move(image));
    return !bad;
  });
  if (bad) return fail(Errc::invalid_input, "images.json: not a list of images with ids");
  return out;
}

Result<std::map<std::string, StoredLayer>> parse_stored_layers(std::string_view bytes, const Limits& limits) {
  json::Document document;
  ECLAIR_TRY(const json::Value root, document.parse(bytes, limits.json_depth));
  std::map<std::string, StoredLayer> out;
  bool bad = !root.is_array();
  root.each([&](json::Value one) {
    StoredLayer layer;
    layer.parent = one["parent"].string();
    layer.size = static_cast<std::uint64_t>(std::max<std::int64_t>(one["diff-size"].integer().value_or(0), 0));
    const std::string id(one["id"].string());
    bad = bad || !is_id(id) || (!layer.parent.empty() && !is_id(layer.parent));
    out.emplace(id, std::move(layer));
    return !bad;
  });
  if (bad) return fail(Errc::invalid_input, "layers.json: not a list of layers with ids");
  return out;
}

StorageConfig parse_storage_config(std::string_view toml) {
  StorageConfig out;
  std::string_view section;
  for (const std::string_view raw : text::split(toml, '\n')) {
    const std::string_view line = text::trim(raw);
    if (line.starts_with('[')) section = line;
    if (section != "[storage]") continue;
    const auto [key, value] = text::cut(line, '=');
    std::string_view word = text::trim(value);
    if (word.size() < 2 || (word[0] != '"' && word[0] != '\'')) continue;
    word = word.substr(1, word.find(word[0], 1) - 1);
    if (text::trim(key) == "graphroot") out.root = word;
    if (text::trim(key) == "driver") out.driver = word;
  }
  return out;
}

Result<std::unique_ptr<Source>> open_containers_storage(std::string_view name, const OpenOptions& options, const Environment& environment) {
  const Limits& limits = options.limits;
  ECLAIR_TRY(Place place, split_place(name));
  if (name.empty()) return fail(Errc::invalid_input, "no image named");
  ECLAIR_TRY(place, find_place(std::move(place), environment));
  const std::string images_folder = place.root + "/" + place.driver + "-images", layers_folder = place.root + "/" + place.driver + "-layers";
  ECLAIR_TRY(const std::string images_json, read_file(images_folder + "/images.json", kListBytes));
  auto images = parse_stored_images(images_json, limits);
  if (!images) return fail(std::move(images).error().within(text::clean(images_folder, 300)));
  const auto found = std::find_if(images->begin(), images->end(), [&](const StoredImage& one) { return is_meant(one, name); });
  const std::string where = "containers-storage (" + text::clean(place.root, 300) + ")";
  if (found == images->end()) return fail(Errc::not_found, "no image " + text::clean(name, 300) + " in " + where);

  const std::string what = "image " + found->id.substr(0, 12) + " in " + where;
  auto config_bytes = read_file(images_folder + "/" + found->id + "/" + big_data_file("sha256:" + found->id), limits.manifest_bytes);
  if (!config_bytes) return fail(std::move(config_bytes).error().within(what + ": config"));
  Image described;
  described.kind = "image";
  described.source = "containers-storage";
  described.name = options.name.empty() ? std::string(name) : options.name;
  described.config_digest = sha256(*config_bytes);
  if (described.config_digest.hex() != found->id) return fail(Errc::invalid_input, what + ": its config has the digest " + described.config_digest.text);
  if (auto digest = Digest::parse(found->digest)) described.digest = *std::move(digest);
  auto config = parse_config(*config_bytes, limits);
  if (!config) return fail(std::move(config).error().within(what + ": config"));

  ECLAIR_TRY(const std::string layers_json, read_file(layers_folder + "/layers.json", kListBytes));
  auto layers = parse_stored_layers(layers_json, limits);
  if (!layers) return fail(std::move(layers).error().within(text::clean(layers_folder, 300)));
  std::vector<std::string> folders;
  std::vector<LayerInfo> blobs;
  for (std::string id = found->layer; !id.empty();) {
    const auto layer = layers->find(id);
    if (layer == layers->end()) return fail(Errc::not_found, what + ": its layer " + text::clean(id, 20) + " is missing");
    if (folders.size() >= limits.layers) return fail(Errc::limit, what + ": more layers than the limit layers of " + std::to_string(limits.layers));
    folders.push_back(place.driver == "vfs" ? place.root + "/vfs/dir/" + id : place.root + "/overlay/" + id + "/diff");
    LayerInfo info;
    info.size = layer->second.size;
    blobs.push_back(std::move(info));
    id = layer->second.parent;
  }
  std::reverse(folders.begin(), folders.end());
  std::reverse(blobs.begin(), blobs.end());
  if (auto fits = describe(std::move(blobs), *config, described); !fits) return fail(std::move(fits).error().within(what));
  return std::unique_ptr<Source>(std::make_unique<StorageSource>(std::move(described), std::move(folders), place.driver == "vfs", options));
}

}  // namespace eclair::image
