// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "image/rootfs.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <optional>

#include "image/file_set.h"
#include "util/path.h"
#include "util/text.h"

namespace eclair::image {
namespace rootfs_detail {

constexpr std::size_t kPieceBytes = 256u << 10;

/// File systems that systems are installed on. Numbers that linux/magic.h lacks are from statfs(2).
bool holds_systems(decltype(statfs::f_type) type) {
  constexpr std::array<std::uint32_t, 9> kTypes = {EXT4_SUPER_MAGIC, XFS_SUPER_MAGIC, BTRFS_SUPER_MAGIC, F2FS_SUPER_MAGIC, 0x2fc12fc1 /* zfs */,
                                                   0xca451a4e /* bcachefs */, 0x3153464a /* jfs */, REISERFS_SUPER_MAGIC, EROFS_SUPER_MAGIC_V1};
  return std::find(kTypes.begin(), kTypes.end(), static_cast<std::uint32_t>(type)) != kTypes.end();
}

class FolderReader final : public EntryReader {
 public:
  FolderReader(int root, bool is_host_root, const Limits& limits, const Cancel* stop, FolderMarks marks)
      : limits_(limits), stop_(stop), is_host_root_(is_host_root), marks_(marks) {
    enter(root, {});
  }
  ~FolderReader() override {
    close_body();
    for (const Level& level : levels_) ::close(level.descriptor);
  }
  FolderReader(const FolderReader&) = delete;
  FolderReader& operator=(const FolderReader&) = delete;

  Result<const Entry*> next() override {
    close_body();
    if (std::exchange(marked_, false)) {  // the mark was given; now the folder itself
      entry_.kind = PathKind::directory;
      return &entry_;
    }
    if (pending_folder_) {  // its own entry was given; now what is in it
      pending_folder_ = false;
      enter_child();
    }
    while (!levels_.empty()) {
      if (stop_ != nullptr && stop_->requested()) return fail(Errc::cancelled, "stopped");
      Level& level = levels_.back();
      if (level.next == level.names.size()) {
        ::close(level.descriptor);
        levels_.pop_back();
        continue;
      }
      const std::string& name = level.names[level.next++];
      if (!describe(level, name)) continue;
      if (++entries_ > limits_.layer_entries) {
        return fail(Errc::limit, "more files than the limit layer_entries of " + std::to_string(limits_.layer_entries));
      }
      bytes_ += entry_.size;
      if (bytes_ > limits_.image_bytes) return fail(Errc::limit, "more bytes than the limit image_bytes of " + std::to_string(limits_.image_bytes));
      return &entry_;
    }
    return nullptr;
  }

  Result<std::string_view> read() override {
    if (entry_.kind != PathKind::file || left_ == 0) return std::string_view{};
    if (body_ < 0 && !open_body()) {
      left_ = 0;
      return std::string_view{};
    }
    piece_.resize(kPieceBytes);
    ssize_t n = 0;
    do {
      n = ::read(body_, piece_.data(), static_cast<std::size_t>(std::min<std::uint64_t>(left_, piece_.size())));
    } while (n < 0 && errno == EINTR);
    if (n <= 0) {
      note("unreadable", path_, n < 0 ? std::strerror(errno) : "became shorter while it was read");
      left_ = 0;
      return std::string_view{};
    }
    left_ -= static_cast<std::uint64_t>(n);
    return std::string_view(piece_).substr(0, static_cast<std::size_t>(n));
  }

  std::vector<Note> take_notes() override { return std::exchange(notes_, {}); }

 private:
  struct Level {
    int descriptor = -1;
    std::string path;
    dev_t device = 0;
    std::vector<std::string> names;
    std::size_t next = 0;
  };

  void note(std::string code, std::string path, std::string message) {
    if (notes_.size() < limits_.notes) notes_.push_back({std::move(code), std::move(path), std::move(message)});
  }

  /// Takes an open folder (and its descriptor) as the next to walk.
  void enter(int descriptor, std::string path) {
    Level level;
    level.descriptor = descriptor;
    level.path = std::move(path);
    struct stat st {};
    const int listing = ::openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR* open = listing < 0 || ::fstat(descriptor, &st) != 0 ? nullptr : ::fdopendir(listing);
    if (open == nullptr) {
      note("unreadable", level.path, std::string("the folder cannot be read: ") + std::strerror(errno));
      if (listing >= 0) ::close(listing);
      ::close(descriptor);
      return;
    }
    level.device = st.st_dev;
    while (const dirent* one = ::readdir(open)) {
      const std::string_view name(one->d_name);
      if (name != "." && name != "..") level.names.emplace_back(name);
    }
    ::closedir(open);
    std::sort(level.names.begin(), level.names.end());
    levels_.push_back(std::move(level));
  }

  void enter_child() {
    const Level& parent = levels_.back();
    const int descriptor = ::openat(parent.descriptor, child_.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (descriptor < 0) {
      note("unreadable", path_, std::string("the folder cannot be opened: ") + std::strerror(errno));
      return;
    }
    struct stat st {};
    struct statfs fs {};
    if (::fstat(descriptor, &st) == 0 && st.st_dev != parent.device && (::fstatfs(descriptor, &fs) != 0 || !holds_systems(fs.f_type))) {
      note("skipped", path_, "not entered: another file system is mounted there");
      ::close(descriptor);
      return;
    }
    enter(descriptor, path_);
  }

  /// Makes entry_ from a name of a folder; false when it is passed over.
  bool describe(const Level& level, const std::string& name) {
    path_ = path::join(level.path, name);
    if (path_.size() > limits_.path_bytes) {
      note("limit", {}, "a path of " + std::to_string(path_.size()) + " bytes passed over (limit path_bytes " + std::to_string(limits_.path_bytes) + ")");
      return false;
    }
    struct stat st {};
    if (::fstatat(level.descriptor, name.c_str(), &st, AT_SYMLINK_NOFOLLOW) != 0) {
      if (errno != ENOENT) note("unreadable", path_, std::strerror(errno));  // ENOENT: removed since the folder was listed
      return false;
    }
    entry_ = {};
    entry_.path = path_;
    entry_.mode = st.st_mode & 07777;
    inode_ = st.st_ino;
    device_ = st.st_dev;
    if (S_ISDIR(st.st_mode)) {
      entry_.kind = PathKind::directory;
      child_ = name;
      if (levels_.size() >= limits_.path_depth) {
        note("limit", path_.substr(0, 200), "not entered: deeper than the limit path_depth of " + std::to_string(limits_.path_depth));
      } else {
        pending_folder_ = !(is_host_root_ && (path_ == "proc" || path_ == "sys" || path_ == "dev"));
      }
      marked_ = (marks_ == FolderMarks::whole_tree && level.path.empty()) || (marks_ == FolderMarks::overlay && is_opaque(level, name));
      if (marked_) entry_.kind = PathKind::opaque;
    } else if (marks_ == FolderMarks::overlay && S_ISCHR(st.st_mode) && major(st.st_rdev) == 0 && minor(st.st_rdev) == 0) {
      entry_.kind = PathKind::whiteout;
    } else if (S_ISLNK(st.st_mode)) {
      entry_.kind = PathKind::symlink;
      target_.resize(4096);
      const ssize_t n = ::readlinkat(level.descriptor, name.c_str(), target_.data(), target_.size());
      target_.resize(n < 0 ? 0 : static_cast<std::size_t>(n));
      entry_.target = target_;
    } else if (S_ISREG(st.st_mode)) {
      entry_.kind = PathKind::file;
      entry_.size = left_ = static_cast<std::uint64_t>(st.st_size);
      child_ = name;
    } else {
      entry_.kind = PathKind::other;
    }
    return true;
  }

  /// Rootless engines may not write the attributes of root's.  source: kernel, Documentation/filesystems/overlayfs.rst
  static bool is_opaque(const Level& level, const std::string& name) {
    const int folder = ::openat(level.descriptor, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (folder < 0) return false;
    char value = 0;
    bool out = false;
    for (const char* const attribute : {"trusted.overlay.opaque", "user.overlay.opaque", "user.fuseoverlayfs.opaque"}) {
      out = out || (::fgetxattr(folder, attribute, &value, 1) == 1 && value == 'y');
    }
    ::close(folder);
    return out;
  }

  bool open_body() {
    // The file is in the last level still: a body is read before the next call of next().
    body_ = ::openat(levels_.back().descriptor, child_.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (body_ < 0) {
      note("unreadable", path_, std::strerror(errno));
      return false;
    }
    struct stat st {};
    if (::fstat(body_, &st) != 0 || !S_ISREG(st.st_mode) || st.st_ino != inode_ || st.st_dev != device_) {
      note("unreadable", path_, "was replaced while the folder was read");
      return false;
    }
    return true;
  }

  void close_body() {
    if (body_ >= 0) ::close(std::exchange(body_, -1));
    left_ = 0;
  }

  Limits limits_;
  const Cancel* stop_;
  bool is_host_root_, pending_folder_ = false, marked_ = false;
  FolderMarks marks_;
  std::vector<Level> levels_;
  Entry entry_;
  std::string path_, child_, target_, piece_;
  ino_t inode_ = 0;
  dev_t device_ = 0;
  int body_ = -1;
  std::uint64_t left_ = 0, entries_ = 0, bytes_ = 0;
  std::vector<Note> notes_;
};

class FolderSource final : public Source {
 public:
  FolderSource(std::string path, bool is_host_root, Image image, const OpenOptions& options)
      : path_(std::move(path)), is_host_root_(is_host_root), image_(std::move(image)), limits_(options.limits), stop_(options.stop) {}
  const Image& image() const override { return image_; }
  Result<std::unique_ptr<ByteStream>> open_layer(std::uint32_t) const override {
    return fail(Errc::unsupported, "a folder has no blob: its entries are walked");
  }
  Result<std::unique_ptr<EntryReader>> walk_layer(std::uint32_t index) const override {
    if (index != 1) return fail(Errc::internal, "there is no layer " + std::to_string(index));
    const int root = ::open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (root < 0) return fail(Errc::unavailable, "cannot open the folder " + text::quoted(path_) + ": " + std::strerror(errno));
    return folder_reader(root, is_host_root_, limits_, stop_);
  }

 private:
  std::string path_;
  bool is_host_root_;
  Image image_;
  Limits limits_;
  const Cancel* stop_;
};

/// One file as a layer of one entry.
class OneFileReader final : public EntryReader {
 public:
  OneFileReader(std::shared_ptr<const ByteSource> file, const std::string& name) : file_(std::move(file)), stream_(*file_) {
    entry_.path = name;
    entry_.kind = PathKind::file;
    entry_.size = file_->size();
    entry_.mode = 0644;
  }
  Result<const Entry*> next() override { return std::exchange(given_, true) ? nullptr : &entry_; }
  Result<std::string_view> read() override { return stream_.next(); }
  std::vector<Note> take_notes() override { return {}; }

 private:
  std::shared_ptr<const ByteSource> file_;
  SourceStream stream_;
  Entry entry_;
  bool given_ = false;
};

class OneFileSource final : public Source {
 public:
  OneFileSource(std::shared_ptr<const ByteSource> file, std::string name, Image image) : file_(std::move(file)), name_(std::move(name)), image_(std::move(image)) {}
  const Image& image() const override { return image_; }
  Result<std::unique_ptr<ByteStream>> open_layer(std::uint32_t) const override { return fail(Errc::unsupported, "a file has no blob: it is the only entry"); }
  Result<std::unique_ptr<EntryReader>> walk_layer(std::uint32_t) const override { return std::make_unique<OneFileReader>(file_, name_); }

 private:
  std::shared_ptr<const ByteSource> file_;
  std::string name_;
  Image image_;
};

Image with_one_layer(Image image, std::uint64_t size) {
  LayerInfo layer;
  layer.index = 1;
  layer.size = image.size = size;
  image.history = {layer};
  return image;
}

}  // namespace rootfs_detail

using namespace rootfs_detail;

std::unique_ptr<EntryReader> folder_reader(int root_descriptor, bool is_host_root, const Limits& limits, const Cancel* stop, FolderMarks marks) {
  return std::make_unique<FolderReader>(root_descriptor, is_host_root, limits, stop, marks);
}

Result<std::unique_ptr<Source>> open_folder_rootfs(const std::string& path, Image described, const OpenOptions& options) {
  struct stat st {}, root {};
  if (::stat(path.c_str(), &st) != 0) {
    return fail(errno == ENOENT || errno == ENOTDIR ? Errc::not_found : Errc::unavailable, std::string("cannot open the folder: ") + std::strerror(errno));
  }
  if (!S_ISDIR(st.st_mode)) return fail(Errc::invalid_input, "not a folder");
  const int readable = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (readable < 0) return fail(Errc::unavailable, std::string("cannot open the folder: ") + std::strerror(errno));
  ::close(readable);
  const bool is_host_root = ::stat("/", &root) == 0 && root.st_ino == st.st_ino && root.st_dev == st.st_dev;
  described.kind = "rootfs";
  described.source = "rootfs";
  return std::make_unique<FolderSource>(path, is_host_root, with_one_layer(std::move(described), 0), options);
}

std::unique_ptr<Source> open_single_layer(std::shared_ptr<const ByteSource> file, Image described) {
  described = with_one_layer(std::move(described), file->size());
  return file_source(std::move(described), single_file(std::move(file)), {std::string{}});
}

std::unique_ptr<Source> open_single_file(std::shared_ptr<const ByteSource> file, std::string name, Image described) {
  described = with_one_layer(std::move(described), file->size());
  return std::make_unique<OneFileSource>(std::move(file), std::move(name), std::move(described));
}

}  // namespace eclair::image
