// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
//
// What a target means, in this order: a scheme; "-"; an existing path that is written like one; a registry reference.
// A file or folder is then taken for what its content is, whatever its name: for a scheme only the choice among contents is narrower.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "image/aci.h"
#include "image/archive.h"
#include "image/containers_storage.h"
#include "image/docker_archive.h"
#include "image/engine.h"
#include "image/file_set.h"
#include "image/oci_layout.h"
#include "image/recognise.h"
#include "image/reference.h"
#include "image/registry.h"
#include "image/registry_session.h"
#include "image/rootfs.h"
#include "image/selection.h"
#include "image/source.h"
#include "util/decompress.h"
#include "util/path.h"
#include "util/text.h"

namespace eclair::image {
namespace open_detail {

constexpr std::size_t kSniffedBytes = 4096;
constexpr const char* kUnderstood =
    "understood are docker save and OCI archives, OCI layouts, ACI, and tars of a root file system or layer, plain or compressed by gzip, zstd, xz or bzip2";

enum class Form : unsigned char { any, oci, docker_archive, aci, rootfs, layer, file, registry, docker, podman, storage, containerd, other };

struct Scheme {
  std::string_view word;
  Form form;
};
/// Longer words before those that begin them: docker:// is a registry, docker: a daemon.
constexpr std::array<Scheme, 25> kSchemes = {{{"oci-dir:", Form::oci},
                                              {"oci-archive:", Form::oci},
                                              {"oci:", Form::oci},
                                              {"docker-archive:", Form::docker_archive},
                                              {"archive:", Form::any},
                                              {"aci:", Form::aci},
                                              {"rootfs:", Form::rootfs},
                                              {"dir:", Form::rootfs},
                                              {"fs:", Form::rootfs},
                                              {"layer:", Form::layer},
                                              {"file:", Form::file},
                                              {"registry:", Form::registry},
                                              {"docker://", Form::registry},
                                              {"docker-daemon:", Form::docker},
                                              {"docker:", Form::docker},
                                              {"local://", Form::docker},
                                              {"podman:", Form::podman},
                                              {"containerd:", Form::containerd},
                                              {"containers-storage:", Form::storage},
                                              {"sbom:", Form::other},
                                              {"pkg:", Form::other},
                                              {"purl:", Form::other},
                                              {"cpes:", Form::other},
                                              {"http://", Form::other},
                                              {"https://", Form::other}}};

constexpr std::array<std::string_view, 12> kFileSuffixes = {".tar",     ".tar.gz", ".tgz",     ".tar.zst", ".tar.zstd", ".tzst",
                                                            ".tar.xz",  ".txz",    ".tar.bz2", ".tbz2",    ".json",     ".aci"};

bool exists(const std::string& path) {
  struct stat st {};
  return ::stat(path.c_str(), &st) == 0;
}

bool has_file_suffix(std::string_view target) {
  return std::any_of(kFileSuffixes.begin(), kFileSuffixes.end(), [&](std::string_view suffix) { return target.ends_with(suffix); });
}

/// Written so that it can be nothing but a path.
bool must_be_path(std::string_view target) {
  return target == "." || target == ".." || target.starts_with("/") || target.starts_with("./") || target.starts_with("../");
}

/// Whether a target without a scheme names a path rather than an image.
bool is_path(std::string_view target) {
  return must_be_path(target) || ((has_file_suffix(target) || target.find('/') != std::string_view::npos) && exists(std::string(target)));
}

/// "registry:2" and "registry:2.8.3" are versions of the image called registry; no image is called "2".
bool is_version(std::string_view rest) {
  return !rest.empty() && std::all_of(rest.begin(), rest.end(), [](char c) { return text::is_digit(c) || c == '.'; });
}

Error with_hint(Error error, std::string hint) {
  if (error.hint.empty()) error.hint = std::move(hint);
  return error;
}

/// Opens one target whose bytes are on this machine.
class Local {
 public:
  Local(Form form, Selection selection, const OpenOptions& options) : form_(form), selection_(std::move(selection)), options_(options), limits_(options.limits) {}

  /// path: to open; shown: what the report calls it.
  Result<std::unique_ptr<Source>> open(const std::string& path, const std::string& shown) {
    image_.kind = "image";
    image_.name = options_.name.empty() ? shown : options_.name;
    base_name_ = std::string(path::base_name(path));
    struct stat st {};
    if (::stat(path.c_str(), &st) != 0) {
      return fail(errno == ENOENT || errno == ENOTDIR ? Errc::not_found : Errc::unavailable, errno == ENOENT ? "no such file or folder" : std::strerror(errno));
    }
    if (S_ISDIR(st.st_mode)) return folder(path);
    if (S_ISREG(st.st_mode)) {
      ECLAIR_TRY(std::shared_ptr<const ByteSource> bytes, FileSource::open(path));
      return file(std::move(bytes));
    }
    if (!S_ISFIFO(st.st_mode)) return fail(Errc::invalid_input, "not a file, folder or pipe");
    const int pipe = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (pipe < 0) return fail(Errc::unavailable, std::strerror(errno));
    auto bytes = spool(pipe, limits_, options_.stop);
    ::close(pipe);
    if (!bytes) return fail(std::move(bytes).error());
    return file(*std::move(bytes));
  }

  /// The same for bytes that are at hand.
  Result<std::unique_ptr<Source>> open_bytes(std::shared_ptr<const ByteSource> bytes, const std::string& shown) {
    image_.kind = "image";
    image_.name = options_.name.empty() ? shown : options_.name;
    base_name_ = std::string(path::base_name(shown));
    return file(std::move(bytes));
  }

 private:
  Result<std::unique_ptr<Source>> folder(const std::string& path) {
    if (form_ == Form::rootfs) return open_folder_rootfs(path, std::move(image_), options_);
    if (form_ == Form::aci || form_ == Form::layer || form_ == Form::file) return fail(Errc::invalid_input, "is a folder, not a file");
    ECLAIR_TRY(const auto files, open_folder(path, FolderLinks::inside));
    const bool docker = form_ != Form::oci && has_docker_manifest(*files);
    if (docker || form_ == Form::docker_archive) return docker_archive(files);
    FileSet::Found found;
    if (files->look("oci-layout", found) || files->look("index.json", found)) return oci(path, BlobNames::layout);
    // "Directory Transport Version": skopeo's dir:
    if (files->look("manifest.json", found) && files->look("version", found)) return oci(path, BlobNames::flat);
    if (form_ == Form::oci) return fail(Errc::invalid_input, "not an OCI layout: no oci-layout and no index.json in it");
    if (files->look("repositories", found) && !files->has_folder("etc") && !files->has_folder("usr")) return docker_archive(files);
    return open_folder_rootfs(path, std::move(image_), options_);
  }

  Result<std::unique_ptr<Source>> oci(const std::string& path, BlobNames names) {
    ECLAIR_TRY(auto files, open_folder(path, FolderLinks::anywhere));
    image_.source = "oci-dir";
    return open_oci_layout(std::move(files), names, selection_, std::move(image_), options_);
  }

  Result<std::unique_ptr<Source>> docker_archive(std::shared_ptr<const FileSet> files) {
    image_.source = "docker-archive";
    FileSet::Found found;
    const bool v1 = !files->look("manifest.json", found) && files->look("repositories", found);
    return (v1 ? open_docker_v1_archive : open_docker_archive)(std::move(files), selection_, std::move(image_), options_);
  }

  Result<std::unique_ptr<Source>> file(std::shared_ptr<const ByteSource> bytes) {
    if (bytes->size() == 0) return fail(Errc::invalid_input, "no bytes");
    std::string first(static_cast<std::size_t>(std::min<std::uint64_t>(bytes->size(), kSniffedBytes)), '\0');
    ECLAIR_CHECK_OK(read_exact(*bytes, 0, first));
    if (sniff_compression(first) == Compression::none) return is_tar(first) ? plain_tar(bytes, bytes) : not_an_archive(std::move(bytes), looks_like(first));
    return compressed(std::move(bytes), name(sniff_compression(first)));
  }

  Result<std::unique_ptr<Source>> not_an_archive(std::shared_ptr<const ByteSource> bytes, const std::string& what) {
    if (form_ == Form::file) {
      image_.kind = "layer";
      image_.source = "file";
      return open_single_file(std::move(bytes), base_name_, std::move(image_));
    }
    return fail(with_hint(Error{Errc::unsupported, "is " + what + ", not an image"}, kUnderstood));
  }

  Result<std::unique_ptr<Source>> compressed(std::shared_ptr<const ByteSource> bytes, std::string_view by) {
    SourceStream stored(*bytes, 4u << 10);
    const auto beginning = decompress(stored, limits_);
    std::string first;
    while (first.size() < kSniffedBytes) {
      auto piece = beginning->next();
      if (!piece) return fail(std::move(piece).error());
      if (piece->empty()) break;
      first.append(*piece);
    }
    if (first.empty()) return fail(Errc::invalid_input, "no bytes, once " + std::string(by) + " is undone");
    first.resize(std::min(first.size(), kSniffedBytes));
    if (!is_tar(first)) return not_an_archive(std::move(bytes), looks_like(first) + " compressed by " + std::string(by));
    if (form_ == Form::rootfs || form_ == Form::layer) return single_layer(std::move(bytes));

    SourceStream again(*bytes);
    const auto tar = decompress(again, limits_);
    ECLAIR_TRY(const Survey found, survey(*tar, limits_, options_.stop));
    if (found.needs_index || form_ == Form::oci || form_ == Form::docker_archive) {
      SourceStream whole(*bytes);
      const auto opened = decompress(whole, limits_);
      ECLAIR_TRY(const auto spooled, spool(*opened, bytes->size(), limits_, options_.stop));
      return plain_tar(spooled, std::move(bytes));
    }
    if (found.aci_manifest) return open_aci(std::move(bytes), *found.aci_manifest, std::move(image_), options_);
    return single_layer(std::move(bytes));
  }

  /// tar: uncompressed; stored: the same as it was given, which is what a single layer is read from.
  Result<std::unique_ptr<Source>> plain_tar(const std::shared_ptr<const ByteSource>& tar, std::shared_ptr<const ByteSource> stored) {
    if (form_ == Form::rootfs || form_ == Form::layer) return single_layer(std::move(stored));
    ECLAIR_TRY(ArchiveIndex index, ArchiveIndex::read(*tar, limits_, options_.stop));
    const bool system = index.has_system_folders(), complete = index.complete();
    const auto files = archive_files(tar, std::move(index));
    FileSet::Found found;
    const bool oci = files->look("oci-layout", found) || (files->look("index.json", found) && files->has_folder("blobs"));
    const bool docker = files->look("manifest.json", found) && (!system || has_docker_manifest(*files));
    const bool v1 = files->look("repositories", found) && !system;
    if (!complete && (oci || docker || v1)) {
      return fail(Errc::limit, "more than " + std::to_string(ArchiveIndex::kMaxKept) + " entries in an archive of an image");
    }
    if (form_ == Form::oci || (oci && !docker && form_ != Form::docker_archive)) {
      image_.source = "oci-archive";
      return open_oci_layout(files, BlobNames::layout, selection_, std::move(image_), options_);
    }
    if (docker || v1 || form_ == Form::docker_archive) return docker_archive(files);
    if (form_ == Form::aci || (files->look("manifest", found) && found.kind == PathKind::file && files->has_folder("rootfs") && !system)) {
      ECLAIR_TRY(const std::string manifest, read_document(*files, "manifest", limits_));
      return open_aci(std::move(stored), manifest, std::move(image_), options_);
    }
    return single_layer(std::move(stored));
  }

  Result<std::unique_ptr<Source>> single_layer(std::shared_ptr<const ByteSource> stored) {
    if (form_ == Form::aci) return fail(Errc::invalid_input, "not an ACI: no manifest with a rootfs in it");
    if (!selection_.empty()) return fail(Errc::not_found, "is a root file system, not several images to choose from by name");
    image_.kind = image_.source = form_ == Form::layer ? "layer" : "rootfs";
    return open_single_layer(std::move(stored), std::move(image_));
  }

  /// Whether manifest.json is a list, as docker save writes it; a root file system may have a file of this name too.
  bool has_docker_manifest(const FileSet& files) const {
    FileSet::Found found;
    if (!files.look("manifest.json", found)) return false;
    const auto at = resolve(files, "manifest.json", limits_);
    const auto bytes = at ? files.open(at->name) : Result<std::shared_ptr<const ByteSource>>(fail(at.error()));
    std::string first(256, '\0');
    const auto n = bytes ? (*bytes)->read_at(0, first) : Result<std::size_t>(std::size_t{0});
    return n && text::trim(std::string_view(first).substr(0, *n)).starts_with("[");
  }

  Form form_;
  Selection selection_;
  const OpenOptions& options_;
  const Limits& limits_;
  Image image_;
  std::string base_name_;
};

Result<std::unique_ptr<Source>> open_path(Form form, std::string_view target, const OpenOptions& options) {
  auto split = split_selection(target, exists);
  if (!split) return fail(std::move(split).error().within(text::clean(target)));
  auto source = Local(form, std::move(split->selection), options).open(split->path, std::string(target));
  if (!source) return fail(std::move(source).error().within(text::clean(target)));
  return source;
}

Result<std::unique_ptr<Source>> open_reference(std::string_view target, const OpenOptions& options, bool* refused = nullptr) {
  ECLAIR_TRY(Reference reference, parse_reference(target));
  if (!options.network) {
    return fail(Error{Errc::unavailable, reference.text() + " would have to come from its registry, and --no-network is set",
                      "docker save IMAGE -o image.tar where there is a network"});
  }
  const Environment nothing = [](const char*) { return std::string(); };
  const Environment environment = options.look_for_credentials ? Environment(&process_environment) : nothing;
  const auto mirror = options.mirrors.find(reference.domain);
  if (mirror == options.mirrors.end()) return open_registry(reference, options, environment, refused);
  // What is shown to a registry is not for its mirror, which has credentials of its own.
  OpenOptions how = options;
  if (how.name.empty()) how.name = reference.familiar();
  reference.domain = mirror->second;
  return open_registry(reference, how, environment, refused);
}

Result<std::unique_ptr<Source>> containerd(std::string_view name) {
  const std::string shown = text::clean(name, 300);
  Error error{Errc::unsupported, "containerd:" + shown + ": images in containerd's store cannot be read"};
  error.hint = "ctr images export image.tar " + shown + ", then: eclair scan image.tar";
  return fail(std::move(error));
}

/// A source that says one thing more in the report.
class NotedSource final : public Source {
 public:
  NotedSource(std::unique_ptr<Source> inner, std::string note) : inner_(std::move(inner)), image_(inner_->image()) { image_.notes.push_back(std::move(note)); }
  const Image& image() const override { return image_; }
  Result<std::unique_ptr<ByteStream>> open_layer(std::uint32_t index) const override { return inner_->open_layer(index); }
  Result<std::unique_ptr<EntryReader>> walk_layer(std::uint32_t index) const override { return inner_->walk_layer(index); }
  std::string_view path_prefix() const override { return inner_->path_prefix(); }

 private:
  std::unique_ptr<Source> inner_;
  Image image_;
};
std::unique_ptr<Source> noted(std::unique_ptr<Source> source, std::string note) { return std::make_unique<NotedSource>(std::move(source), std::move(note)); }

Result<std::unique_ptr<Source>> open_scheme(Form form, std::string_view word, std::string_view rest, std::string_view target, const OpenOptions& options) {
  if (form == Form::containerd) return containerd(rest);
  if (form == Form::other) return fail(Errc::unsupported, text::clean(target) + ": " + text::quoted(word) + " does not name an image");
  if (rest.starts_with("//")) rest.remove_prefix(2);
  if (rest.empty()) return fail(Errc::invalid_input, text::quoted(target) + ": nothing after " + text::quoted(word));
  if (form == Form::docker) return open_engine(Engine::docker, rest, options, &process_environment);
  if (form == Form::podman) return open_engine(Engine::podman, rest, options, &process_environment);
  if (form == Form::storage) return open_containers_storage(rest, options, &process_environment);
  return form == Form::registry ? open_reference(rest, options) : open_path(form, rest, options);
}

/// One of the words of --from.
Result<std::unique_ptr<Source>> open_from(const std::string& place, std::string_view name, const OpenOptions& options) {
  if (place == "registry" || place == "remote") return open_reference(name, options);
  if (place == "docker") return open_engine(Engine::docker, name, options, &process_environment);
  if (place == "podman") return open_engine(Engine::podman, name, options, &process_environment);
  if (place == "containers-storage") return open_containers_storage(name, options, &process_environment);
  if (place == "containerd") return containerd(name);
  Error error{Errc::invalid_input, "--from " + text::clean(place, 60) + ": not a place of images (registry, docker, podman, containers-storage)"};
  error.text += text::did_you_mean(place, "registry docker podman containers-storage");
  return fail(std::move(error));
}

/// The places in their order. That an image is not in one, or that there is no such place, is said only when it is in none.
Result<std::unique_ptr<Source>> open_in_order(std::string_view name, const OpenOptions& options) {
  std::optional<Error> first;
  for (const std::string& place : options.from) {
    auto source = open_from(place, name, options);
    if (source || source.error().code == Errc::cancelled || options.from.size() == 1) return source;
    const Errc code = source.error().code;
    if (code != Errc::not_found && code != Errc::unavailable) return source;
    if (!first || (first->code == Errc::not_found && code == Errc::unavailable)) first = std::move(source).error();
  }
  if (first->code == Errc::unavailable) return fail(*std::move(first));  // it may well be there
  Error error{Errc::not_found, "image not found: " + text::clean(name, 300) + " (looked in " + text::join(options.from, ", ") + ")"};
  error.hint = "--from " + options.from.front() + " alone tells more";
  return fail(std::move(error));
}

/// An image that a registry does not have, or does not give us, may have been built here.
std::unique_ptr<Source> open_built_here(std::string_view name, bool refused, const OpenOptions& options) {
  const auto with_note = [&](Result<std::unique_ptr<Source>> source, std::string_view place) -> std::unique_ptr<Source> {
    return source ? noted(*std::move(source), "using local image from " + std::string(place) + (refused ? " (refused by registry)" : " (not found in registry)")) : nullptr;
  };
  for (const char* const place : {"docker", "podman", "containers-storage"}) {
    if (auto source = with_note(open_from(place, name, options), place)) return source;
  }
  return nullptr;
}

}  // namespace open_detail

Result<std::unique_ptr<Source>> open(std::string_view target, const OpenOptions& options) {
  using namespace open_detail;
  if (target.empty()) return fail(Errc::invalid_input, "no target given");
  if (target == "-") {
    auto bytes = standard_input(options);
    if (!bytes) return fail(std::move(bytes).error().within("standard input"));
    auto source = open_bytes(*std::move(bytes), "stdin", options);
    if (!source) return fail(std::move(source).error().within("standard input"));
    return source;
  }
  for (const Scheme& scheme : kSchemes) {
    if (!target.starts_with(scheme.word)) continue;
    const std::string_view rest = target.substr(scheme.word.size());
    if (scheme.word == "registry:" && is_version(rest)) break;
    return open_scheme(scheme.form, scheme.word, rest, target, options);
  }
  if (!options.from.empty()) return open_in_order(target, options);
  const bool path_like = must_be_path(target) || has_file_suffix(target);
  if (is_path(target)) return open_path(Form::any, target, options);
  if (path_like) {
    Error error{Errc::not_found, text::clean(target) + ": no such file or folder"};
    return fail(with_hint(std::move(error), "for an image of this name in a registry: registry:" + text::clean(target)));
  }
  bool refused = false;
  auto source = open_reference(target, options, &refused);
  if (!source && options.local_engines && (refused || source.error().code == Errc::not_found)) {
    if (auto local = open_built_here(target, refused, options)) return local;
  }
  if (source || source.error().code == Errc::cancelled || !exists(std::string(target))) return source;
  return fail(with_hint(std::move(source).error(), "there is a file or folder of this name here: ./" + text::clean(target)));
}

std::optional<std::string> named_file(std::string_view target) {
  using namespace open_detail;
  const bool has_scheme = std::any_of(kSchemes.begin(), kSchemes.end(), [&](const Scheme& scheme) { return target.starts_with(scheme.word); });
  struct stat st {};
  const std::string path(target);
  if (has_scheme || !is_path(target) || ::stat(path.c_str(), &st) != 0 || !S_ISREG(st.st_mode)) return std::nullopt;
  return path;
}

Result<std::shared_ptr<const ByteSource>> standard_input(const OpenOptions& options) {
  using namespace open_detail;
  struct stat st {};
  if (::fstat(STDIN_FILENO, &st) != 0) return fail(Errc::unavailable, std::strerror(errno));
  if (::isatty(STDIN_FILENO) != 0) return fail(with_hint(Error{Errc::invalid_input, "is a terminal"}, "docker save IMAGE | eclair scan -"));
  if (S_ISREG(st.st_mode) && ::lseek(STDIN_FILENO, 0, SEEK_CUR) == 0) {  // "eclair scan - < image.tar": no copy needed
    const int again = ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0);
    if (again < 0) return fail(Errc::unavailable, std::strerror(errno));
    return std::shared_ptr<const ByteSource>(std::make_shared<const FileSource>(again, static_cast<std::uint64_t>(st.st_size)));
  }
  return spool(STDIN_FILENO, options.limits, options.stop);
}

Result<std::unique_ptr<Source>> open_bytes(std::shared_ptr<const ByteSource> bytes, std::string_view shown, const OpenOptions& options) {
  return open_detail::Local(open_detail::Form::any, {}, options).open_bytes(std::move(bytes), std::string(shown));
}

}  // namespace eclair::image
