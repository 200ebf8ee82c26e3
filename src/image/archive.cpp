// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "image/archive.h"

#include <algorithm>
#include <array>
#include <optional>

#include "util/tar_header.h"
#include "util/path.h"
#include "util/text.h"

namespace eclair::image {
namespace archive_detail {

constexpr std::size_t kWindowBytes = 32u << 10;

std::uint64_t padded(std::uint64_t size) { return (size + tar::kBlockBytes - 1) / tar::kBlockBytes * tar::kBlockBytes; }

/// Reads blocks at rising offsets. One read serves the headers of many small files; large bodies are jumped over.
class Window {
 public:
  explicit Window(const ByteSource& in) : in_(in), bytes_(kWindowBytes, '\0') {}
  /// 512 bytes, good until the next call; empty at the end; fewer: the archive is cut there.
  Result<std::string_view> block(std::uint64_t offset) {
    if (offset < begin_ || offset + tar::kBlockBytes > begin_ + have_) {
      begin_ = offset;
      ECLAIR_TRY(have_, in_.read_at(offset, bytes_));
    }
    return std::string_view(bytes_).substr(offset - begin_, std::min(tar::kBlockBytes, have_ - static_cast<std::size_t>(offset - begin_)));
  }

 private:
  const ByteSource& in_;
  std::string bytes_;
  std::uint64_t begin_ = 0;
  std::size_t have_ = 0;
};

PathKind kind_of(const tar::Header& header, std::string_view name, const tar::Pax& pax) {
  if (pax.sparse) return PathKind::other;
  switch (header.type) {
    case '0':
    case '7': return !name.empty() && name.back() == '/' ? PathKind::directory : PathKind::file;
    case '1': return PathKind::hardlink;
    case '2': return PathKind::symlink;
    case '5': return PathKind::directory;
    default: return PathKind::other;
  }
}

std::string at_byte(std::uint64_t offset) { return " at byte " + std::to_string(offset); }

}  // namespace archive_detail

bool is_image_marker(std::string_view name) {
  return name == "manifest.json" || name == "index.json" || name == "oci-layout" || name == "repositories";
}

bool is_system_path(std::string_view path) {
  constexpr std::array<std::string_view, 20> kFolders = {"bin", "boot", "dev", "etc", "home", "lib",  "lib32", "lib64", "libx32", "media",
                                                         "mnt", "opt",  "proc", "root", "run", "sbin", "srv",   "sys",   "tmp",    "usr"};
  const std::string_view first = text::cut(path, '/').first;
  return std::find(kFolders.begin(), kFolders.end(), first) != kFolders.end() || first == "var" || first == ".dockerenv";
}

void ArchiveIndex::add(std::string name, Entry entry) {
  ++count_;
  system_folders_ = system_folders_ || is_system_path(name);
  if (count_ == kMaxKept + 1) {
    std::erase_if(entries_, [](const auto& kept) { return !is_image_marker(kept.first) && kept.first != "manifest"; });
  }
  if (complete() || is_image_marker(name) || name == "manifest") entries_.insert_or_assign(std::move(name), std::move(entry));
}

const ArchiveIndex::Entry* ArchiveIndex::find(std::string_view name) const {
  const auto found = entries_.find(name);
  return found == entries_.end() ? nullptr : &found->second;
}

bool ArchiveIndex::has_folder(std::string_view name) const {
  if (const Entry* entry = find(name)) return entry->kind == PathKind::directory;
  const std::string inside = std::string(name) + "/";
  const auto next = entries_.lower_bound(inside);
  return next != entries_.end() && next->first.starts_with(inside);
}

Result<ArchiveIndex> ArchiveIndex::read(const ByteSource& in, const Limits& limits, const Cancel* stop) {
  using namespace archive_detail;
  ArchiveIndex out;
  Window window(in);
  tar::Pax global, local;
  std::optional<std::string> gnu_name, gnu_link;
  std::uint64_t at = 0, headers = 0;
  unsigned zero_blocks = 0;
  while (zero_blocks < 2) {
    if (stop != nullptr && stop->requested()) return fail(Errc::cancelled, "stopped");
    ECLAIR_TRY(const std::string_view block, window.block(at));
    if (block.empty()) break;  // the closing blocks are often missing
    if (block.size() < tar::kBlockBytes) return fail(Errc::invalid_input, "tar: ends inside a header," + at_byte(at));
    if (tar::is_zero_block(block)) {
      ++zero_blocks;
      at += tar::kBlockBytes;
      continue;
    }
    zero_blocks = 0;
    const auto header = tar::parse_header(block);
    if (!header) return fail(header.error().code, header.error().text + at_byte(at));
    if (++headers > limits.layer_entries) {
      return fail(Errc::limit, "tar: more entries than the limit layer_entries of " + std::to_string(limits.layer_entries));
    }
    const bool is_metadata = header->type == 'x' || header->type == 'g' || header->type == 'L' || header->type == 'K';
    const std::uint64_t size = is_metadata ? header->size : local.size.value_or(header->size);
    if (size > limits.image_bytes) {
      return fail(Errc::limit, "tar: entry of " + std::to_string(size) + " bytes," + at_byte(at) + ", more than the limit image_bytes of " +
                                   std::to_string(limits.image_bytes));
    }
    const std::uint64_t body = at + tar::kBlockBytes;
    const bool has_body = header->type < '1' || header->type > '6';
    std::string name = local.path ? *local.path : gnu_name ? *gnu_name : header->prefix.empty() ? std::string(header->name) : std::string(header->prefix) + "/" + std::string(header->name);
    std::string target = local.link ? *local.link : gnu_link ? *gnu_link : std::string(header->link);
    // The header's views end here: the window moves on.
    const char type = header->type;
    PathKind kind = kind_of(*header, name, local);
    if (has_body && size > in.size() - std::min(in.size(), body)) {
      return fail(Errc::invalid_input, "tar: ends early, inside " + text::quoted(name) + "," + at_byte(in.size()));
    }
    at = body + (has_body ? padded(size) : 0);
    if (type == 'S') {  // old GNU sparse: extension blocks follow the header, before the body
      bool more = block[482] != '\0';
      for (; more; at += tar::kBlockBytes) {
        ECLAIR_TRY(const std::string_view extension, window.block(at - padded(size)));
        if (extension.size() < tar::kBlockBytes) return fail(Errc::invalid_input, "tar: ends inside a sparse map," + at_byte(at));
        more = extension[504] != '\0';
      }
    }
    if (is_metadata) {
      std::string text;
      if (size <= limits.header_bytes) {
        text.resize(static_cast<std::size_t>(size));
        ECLAIR_CHECK_OK(read_exact(in, body, text));
      }
      if (type == 'x') local.parse(text);
      if (type == 'g') {
        local.parse(text);
        global = local;
      }
      if (type == 'L') gnu_name = text.substr(0, text.find('\0'));
      if (type == 'K') gnu_link = text.substr(0, text.find('\0'));
      continue;
    }
    local = global;
    gnu_name.reset();
    gnu_link.reset();
    if (name.size() > limits.path_bytes || target.size() > limits.path_bytes) continue;
    name = path::clean(name);
    if (name.empty()) continue;
    if (kind == PathKind::hardlink) target = path::clean(target);
    if (kind != PathKind::hardlink && kind != PathKind::symlink) target.clear();
    out.add(std::move(name), Entry{kind, kind == PathKind::file ? body : 0, kind == PathKind::file ? size : 0, std::move(target)});
  }
  return out;
}

}  // namespace eclair::image
