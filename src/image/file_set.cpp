// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "image/file_set.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "util/path.h"
#include "util/text.h"

namespace eclair::image {
namespace file_set_detail {

class Handle {
 public:
  explicit Handle(int number = -1) : number_(number) {}
  ~Handle() {
    if (number_ >= 0) ::close(number_);
  }
  Handle(Handle&& o) noexcept : number_(std::exchange(o.number_, -1)) {}
  Handle& operator=(Handle&& o) noexcept {
    std::swap(number_, o.number_);
    return *this;
  }
  int get() const { return number_; }
  int release() { return std::exchange(number_, -1); }

 private:
  int number_;
};

PathKind kind_of(mode_t mode) {
  if (S_ISREG(mode)) return PathKind::file;
  if (S_ISDIR(mode)) return PathKind::directory;
  return S_ISLNK(mode) ? PathKind::symlink : PathKind::other;
}

class Folder final : public FileSet {
 public:
  Folder(std::string path, Handle root, FolderLinks links) : path_(std::move(path)), root_(std::move(root)), links_(links) {}

  bool look(std::string_view name, Found& found) const override {
    const auto [folder, last] = parent_of(name);
    struct stat st {};
    if (folder.get() < 0 || ::fstatat(folder.get(), last.c_str(), &st, links_ == FolderLinks::inside ? AT_SYMLINK_NOFOLLOW : 0) != 0) return false;
    found = {kind_of(st.st_mode), S_ISREG(st.st_mode) ? static_cast<std::uint64_t>(st.st_size) : 0, {}};
    if (found.kind == PathKind::symlink) {
      char target[4096];
      const ssize_t n = ::readlinkat(folder.get(), last.c_str(), target, sizeof target);
      if (n < 0) return false;
      found.target.assign(target, static_cast<std::size_t>(n));
    }
    return true;
  }

  Result<std::shared_ptr<const ByteSource>> open(std::string_view name) const override {
    const auto [folder, last] = parent_of(name);
    // O_NONBLOCK: opening a pipe must not wait for its other end.
    Handle file(folder.get() < 0 ? -1
                                     : ::openat(folder.get(), last.c_str(),
                                                O_RDONLY | O_CLOEXEC | O_NONBLOCK | (links_ == FolderLinks::inside ? O_NOFOLLOW : 0)));
    if (file.get() < 0) {
      const int why = errno;
      return fail(why == ENOENT || why == ENOTDIR ? Errc::not_found : Errc::unavailable,
                  "cannot open " + text::quoted(name) + ": " + std::strerror(why));
    }
    struct stat st {};
    if (::fstat(file.get(), &st) != 0 || !S_ISREG(st.st_mode)) return fail(Errc::invalid_input, text::quoted(name) + " is not a regular file");
    return std::make_shared<const FileSource>(file.release(), static_cast<std::uint64_t>(st.st_size));
  }

  bool has_folder(std::string_view name) const override {
    Found found;
    return look(name, found) && found.kind == PathKind::directory;
  }
  std::string_view noun() const override { return "folder"; }

 private:
  struct Place {
    Handle folder{};
    std::string last{};
  };
  /// Opens the folder that a name lies in, component by component.
  Place parent_of(std::string_view name) const {
    Handle at(::fcntl(root_.get(), F_DUPFD_CLOEXEC, 0));
    while (at.get() >= 0) {
      const std::size_t slash = name.find('/');
      if (slash == std::string_view::npos) return {std::move(at), std::string(name)};
      at = Handle(::openat(at.get(), std::string(name.substr(0, slash)).c_str(),
                               O_PATH | O_DIRECTORY | O_CLOEXEC | (links_ == FolderLinks::inside ? O_NOFOLLOW : 0)));
      name.remove_prefix(slash + 1);
    }
    return Place{};
  }

  std::string path_;
  Handle root_;
  FolderLinks links_;
};

/// A part of an archive that keeps the archive open.
class ArchivePart final : public ByteSource {
 public:
  ArchivePart(std::shared_ptr<const ByteSource> archive, std::uint64_t offset, std::uint64_t size)
      : archive_(std::move(archive)), slice_(*archive_, offset, size) {}
  std::uint64_t size() const override { return slice_.size(); }
  Result<std::size_t> read_at(std::uint64_t offset, std::span<char> into) const override { return slice_.read_at(offset, into); }

 private:
  std::shared_ptr<const ByteSource> archive_;
  SliceSource slice_;
};

class Archive final : public FileSet {
 public:
  Archive(std::shared_ptr<const ByteSource> bytes, ArchiveIndex index) : bytes_(std::move(bytes)), index_(std::move(index)) {}
  bool look(std::string_view name, Found& found) const override {
    const ArchiveIndex::Entry* entry = index_.find(name);
    if (entry == nullptr) return false;
    found = {entry->kind, entry->size, entry->target};
    return true;
  }
  Result<std::shared_ptr<const ByteSource>> open(std::string_view name) const override {
    const ArchiveIndex::Entry* entry = index_.find(name);
    if (entry == nullptr || entry->kind != PathKind::file) return fail(Errc::not_found, text::quoted(name) + " is not in the archive");
    return std::make_shared<const ArchivePart>(bytes_, entry->offset, entry->size);
  }
  bool has_folder(std::string_view name) const override { return index_.has_folder(name); }
  std::string_view noun() const override { return "archive"; }

 private:
  std::shared_ptr<const ByteSource> bytes_;
  ArchiveIndex index_;
};

class SingleFile final : public FileSet {
 public:
  explicit SingleFile(std::shared_ptr<const ByteSource> file) : file_(std::move(file)) {}
  bool look(std::string_view name, Found& found) const override {
    found = {PathKind::file, file_->size(), {}};
    return name.empty();
  }
  Result<std::shared_ptr<const ByteSource>> open(std::string_view) const override { return file_; }
  bool has_folder(std::string_view) const override { return false; }
  std::string_view noun() const override { return "file"; }

 private:
  std::shared_ptr<const ByteSource> file_;
};

/// A stream that keeps what it reads open.
class HeldStream final : public ByteStream {
 public:
  explicit HeldStream(std::shared_ptr<const ByteSource> bytes) : bytes_(std::move(bytes)), stream_(*bytes_) {}
  Result<std::string_view> next() override { return stream_.next(); }

 private:
  std::shared_ptr<const ByteSource> bytes_;
  SourceStream stream_;
};

class FilesSource final : public Source {
 public:
  FilesSource(Image image, std::shared_ptr<const FileSet> files, std::vector<std::string> names, std::string prefix)
      : image_(std::move(image)), files_(std::move(files)), names_(std::move(names)), prefix_(std::move(prefix)) {}
  const Image& image() const override { return image_; }
  std::string_view path_prefix() const override { return prefix_; }
  Result<std::unique_ptr<ByteStream>> open_layer(std::uint32_t index) const override {
    if (index == 0 || index > names_.size()) return fail(Errc::internal, "there is no layer " + std::to_string(index));
    for (const LayerInfo& layer : image_.history) {
      if (layer.index == index && !layer.not_analysed.empty()) return fail(Errc::unsupported, "layer " + std::to_string(index) + ": " + layer.not_analysed);
    }
    auto bytes = files_->open(names_[index - 1]);
    if (!bytes) return fail(std::move(bytes).error().within("layer " + std::to_string(index)));
    return std::make_unique<HeldStream>(*std::move(bytes));
  }

 private:
  Image image_;
  std::shared_ptr<const FileSet> files_;
  std::vector<std::string> names_;
  std::string prefix_;
};

bool climbs(std::string_view name) {
  const std::vector<std::string_view> parts = text::split(name, '/');
  return std::find(parts.begin(), parts.end(), "..") != parts.end();
}

}  // namespace file_set_detail

using namespace file_set_detail;

Result<std::shared_ptr<const FileSet>> open_folder(const std::string& path, FolderLinks links) {
  Handle root(::open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (root.get() < 0) {
    const int why = errno;
    return fail(why == ENOENT || why == ENOTDIR ? Errc::not_found : Errc::unavailable, std::string("cannot open the folder: ") + std::strerror(why));
  }
  return std::make_shared<const Folder>(path, std::move(root), links);
}

std::shared_ptr<const FileSet> archive_files(std::shared_ptr<const ByteSource> archive, ArchiveIndex index) {
  return std::make_shared<const Archive>(std::move(archive), std::move(index));
}

std::shared_ptr<const FileSet> single_file(std::shared_ptr<const ByteSource> file) { return std::make_shared<const SingleFile>(std::move(file)); }

Result<Resolved> resolve(const FileSet& files, std::string_view raw, const Limits& limits) {
  if (climbs(raw)) return fail(Errc::invalid_input, text::quoted(raw) + " leads outside the " + std::string(files.noun()));
  std::string name = path::clean(raw);
  const std::string missing = text::quoted(raw) + " is not in the " + std::string(files.noun());
  for (std::uint32_t hops = 0; hops <= limits.symlink_hops; ++hops) {
    FileSet::Found found;
    if (name.empty() || !files.look(name, found)) {
      return fail(Errc::not_found, hops == 0 ? missing : text::quoted(raw) + " is a link to " + text::quoted(name) + ", which is not in the " + std::string(files.noun()));
    }
    switch (found.kind) {
      case PathKind::file: return Resolved{std::move(name), found.size};
      case PathKind::symlink: {
        const std::string from = found.target.starts_with('/') ? std::string{} : std::string(path::parent(name));
        name = path::clean(path::join(from, found.target));
        continue;
      }
      case PathKind::hardlink: name = found.target; continue;
      default: return fail(Errc::invalid_input, text::quoted(raw) + " is not a file");
    }
  }
  return fail(Errc::invalid_input, text::quoted(raw) + ": links go round in circles (limit symlink_hops of " + std::to_string(limits.symlink_hops) + ")");
}

Result<std::string> read_document(const FileSet& files, std::string_view name, const Limits& limits) {
  ECLAIR_TRY(const Resolved found, resolve(files, name, limits));
  ECLAIR_TRY(const auto bytes, files.open(found.name));
  auto text = read_all(*bytes, limits.manifest_bytes);
  if (!text) return fail(std::move(text).error().within(text::quoted(name)));
  return text;
}

std::unique_ptr<Source> file_source(Image image, std::shared_ptr<const FileSet> files, std::vector<std::string> names, std::string prefix) {
  return std::make_unique<FilesSource>(std::move(image), std::move(files), std::move(names), std::move(prefix));
}

std::string layer_text(std::size_t index, std::size_t count, std::string_view name) {
  return "layer " + std::to_string(index) + " of " + std::to_string(count) + " (" + text::clean(name, 120) + ")";
}

}  // namespace eclair::image
