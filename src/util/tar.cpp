// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "util/tar.h"

#include <algorithm>
#include <cstring>
#include <deque>
#include <optional>

#include "util/tar_header.h"
#include "util/path.h"
#include "util/text.h"

namespace eclair {
namespace tar_detail {

constexpr std::size_t kSparseExtents = 1u << 16;
constexpr std::size_t kZeroBytes = 64u << 10;

/// The stream as blocks and runs of bytes, whatever the pieces it comes in.
class Blocks {
 public:
  explicit Blocks(ByteStream& in) : in_(in) {}

  /// The next 512 bytes, good until the next call; empty at the end of the stream.
  Result<std::string_view> block() {
    if (rest_.size() >= tar::kBlockBytes) return take(tar::kBlockBytes);
    std::size_t have = 0;
    while (have < tar::kBlockBytes) {
      ECLAIR_TRY(const bool more, refill());
      if (!more) break;
      const std::size_t n = std::min(tar::kBlockBytes - have, rest_.size());
      std::memcpy(split_ + have, rest_.data(), n);
      take(n);
      have += n;
    }
    if (have == 0) return std::string_view{};
    if (have < tar::kBlockBytes) return fail(Errc::invalid_input, "tar: ends inside a header, at byte " + std::to_string(offset_));
    return std::string_view(split_, have);
  }

  /// At most `max` bytes, good until the next call.
  Result<std::string_view> piece(std::uint64_t max) {
    ECLAIR_TRY(const bool more, refill());
    if (!more) return fail(Errc::invalid_input, "tar: ends early, inside a file, at byte " + std::to_string(offset_));
    return take(static_cast<std::size_t>(std::min<std::uint64_t>(max, rest_.size())));
  }

  Result<> skip(std::uint64_t n) {
    while (n > 0) {
      ECLAIR_TRY(const std::string_view skipped, piece(n));
      n -= skipped.size();
    }
    return {};
  }

  Result<> drain() {
    while (true) {
      ECLAIR_TRY(const bool more, refill());
      if (!more) return {};
      take(rest_.size());
    }
  }

  std::uint64_t offset() const { return offset_; }

 private:
  Result<bool> refill() {
    if (!rest_.empty()) return true;
    ECLAIR_TRY(rest_, in_.next());
    return !rest_.empty();
  }
  std::string_view take(std::size_t n) {
    const std::string_view out = rest_.substr(0, n);
    rest_.remove_prefix(n);
    offset_ += n;
    return out;
  }

  ByteStream& in_;
  std::string_view rest_;
  std::uint64_t offset_ = 0;
  char split_[tar::kBlockBytes];
};

class TarReader final : public EntryReader {
 public:
  TarReader(std::unique_ptr<ByteStream> owned, ByteStream& in, const Limits& limits) : owned_(std::move(owned)), blocks_(in), limits_(limits) {}

  Result<const Entry*> next() override {
    if (failed_) return fail(*failed_);
    auto entry = find_next();
    if (!entry) failed_ = entry.error();
    return entry;
  }

  Result<std::string_view> read() override {
    if (failed_) return fail(*failed_);
    if (entry_.kind != PathKind::file) return std::string_view{};  // data of a folder, a link, a device: passed over
    auto piece = sparse_.empty() ? read_plain() : read_sparse();
    if (!piece) failed_ = piece.error();
    return piece;
  }

  std::vector<Note> take_notes() override { return std::exchange(notes_, {}); }

 private:
  void note(std::string_view code, std::string message) {
    if (notes_.size() < limits_.notes) notes_.push_back({std::string(code), {}, std::move(message)});
  }

  Result<const Entry*> find_next() {
    if (pending_opaque_) {  // an overlay mark on a folder is an entry of its own
      pending_opaque_ = false;
      entry_.kind = PathKind::opaque;
      return &entry_;
    }
    ECLAIR_CHECK_OK(blocks_.skip(stored_ + padding_));
    stored_ = padding_ = 0;
    sparse_.clear();
    tar::Pax local = global_;
    std::optional<std::string> gnu_name, gnu_link;
    while (true) {
      if (ended_) return nullptr;
      const std::uint64_t at = blocks_.offset();
      ECLAIR_TRY(const std::string_view block, blocks_.block());
      if (block.empty() || tar::is_zero_block(block)) {
        ECLAIR_CHECK_OK(end_or_zero_block(block.empty()));
        continue;
      }
      zero_blocks_ = 0;
      auto header = tar::parse_header(block);
      if (!header) return fail(header.error().code, header.error().text + " at byte " + std::to_string(at));
      if (++entries_ > limits_.layer_entries) {
        return fail(Errc::limit, "tar: more entries than the limit layer_entries of " + std::to_string(limits_.layer_entries));
      }
      if (header->size > limits_.image_bytes) {
        return fail(Errc::limit, "tar: entry size " + std::to_string(header->size) + " at byte " + std::to_string(at) +
                                     " is larger than the limit image_bytes of " + std::to_string(limits_.image_bytes));
      }
      switch (header->type) {
        case 'x':
        case 'g': {
          ECLAIR_TRY(const auto body, metadata(header->size, "PAX header"));
          if (body && !local.parse(*body)) note("bad_record", "tar: malformed PAX header at byte " + std::to_string(at));
          if (header->type == 'g') global_ = local;
          continue;
        }
        case 'L':
        case 'K': {
          ECLAIR_TRY(auto body, metadata(header->size, "GNU long name"));
          if (body) (header->type == 'L' ? gnu_name : gnu_link) = body->substr(0, body->find('\0'));
          continue;
        }
        default: break;
      }
      // Beyond this point it is an entry for somebody, or is passed over with its data.
      ECLAIR_TRY(const bool usable, make_entry(*header, block, local, gnu_name, gnu_link, at));
      if (usable) return &entry_;
      ECLAIR_CHECK_OK(blocks_.skip(stored_ + padding_));
      stored_ = padding_ = 0;
      sparse_.clear();
      local = global_;
      gnu_name.reset();
      gnu_link.reset();
    }
  }

  Result<> end_or_zero_block(bool end_of_stream) {
    if (end_of_stream) {
      ended_ = true;
      return {};
    }
    if (++zero_blocks_ < 2) return {};
    ended_ = true;
    return blocks_.drain();
  }

  /// The body of a header entry; nullopt (and a note) when it is larger than Limits::header_bytes.
  Result<std::optional<std::string>> metadata(std::uint64_t size, const char* what) {
    const std::uint64_t padding = (tar::kBlockBytes - size % tar::kBlockBytes) % tar::kBlockBytes;
    if (size > limits_.header_bytes) {
      note("limit", std::string("tar: ") + what + " of " + std::to_string(size) + " bytes ignored (limit header_bytes " +
                        std::to_string(limits_.header_bytes) + ")");
      ECLAIR_CHECK_OK(blocks_.skip(size + padding));
      return std::optional<std::string>{};
    }
    std::string body;
    while (body.size() < size) {
      ECLAIR_TRY(const std::string_view piece, blocks_.piece(size - body.size()));
      body.append(piece);
    }
    ECLAIR_CHECK_OK(blocks_.skip(padding));
    return std::optional<std::string>(std::move(body));
  }

  void set_body(std::uint64_t size) {
    stored_ = size;
    padding_ = (tar::kBlockBytes - size % tar::kBlockBytes) % tar::kBlockBytes;
  }

  Result<bool> make_entry(const tar::Header& header, std::string_view block, const tar::Pax& pax, const std::optional<std::string>& gnu_name,
                          const std::optional<std::string>& gnu_link, std::uint64_t at) {
    entry_ = {};
    entry_.mode = header.mode;
    const auto kind = kind_of(header);
    const bool header_only = header.type >= '1' && header.type <= '6';
    const std::uint64_t size = pax.size.value_or(header.size);
    if (size > limits_.image_bytes) {
      return fail(Errc::limit, "tar: PAX size " + std::to_string(size) + " is larger than the limit image_bytes of " + std::to_string(limits_.image_bytes));
    }
    set_body(header_only ? 0 : size);
    std::string raw;
    if (pax.sparse && pax.sparse_name) {
      raw = *pax.sparse_name;
    } else if (pax.path) {
      raw = *pax.path;
    } else if (gnu_name) {
      raw = *gnu_name;
    } else if (header.prefix.empty()) {
      raw = header.name;
    } else {
      raw.assign(header.prefix).append("/").append(header.name);
    }
    // Read here, since a header's views end with the next block.
    const std::string link(pax.link ? std::string_view(*pax.link) : gnu_link ? std::string_view(*gnu_link) : header.link);
    if (header.type == 'S') ECLAIR_CHECK_OK(old_sparse(block));
    if (pax.sparse && header.type != 'S' && kind == PathKind::file) ECLAIR_CHECK_OK(pax_sparse(pax, at));
    if (!kind) return false;
    entry_.kind = *kind;
    if (entry_.kind == PathKind::file && !raw.empty() && raw.back() == '/' && header.type != 'S') entry_.kind = PathKind::directory;
    if (raw.size() > limits_.path_bytes) {
      note("limit", "tar: a path of " + std::to_string(raw.size()) + " bytes passed over (limit path_bytes " + std::to_string(limits_.path_bytes) + ")");
      return false;
    }
    path::clean(raw, path_);
    if (path_.empty()) return false;  // the root itself, or no name at all
    if (static_cast<std::size_t>(std::count(path_.begin(), path_.end(), '/')) >= limits_.path_depth) {
      note("limit", "tar: a path deeper than the limit path_depth of " + std::to_string(limits_.path_depth) + " passed over");
      return false;
    }
    entry_.path = path_;
    if (entry_.kind == PathKind::symlink) {
      target_ = link.substr(0, limits_.path_bytes);
      entry_.target = target_;
    } else if (entry_.kind == PathKind::hardlink) {
      path::clean(link, target_);
      entry_.target = target_;
    } else if (entry_.kind == PathKind::file && sparse_.empty()) {
      entry_.size = stored_;
    } else if (entry_.kind == PathKind::file) {
      entry_.size = real_size_;
    }
    pending_opaque_ = entry_.kind == PathKind::directory && pax.opaque;
    return true;
  }

  static std::optional<PathKind> kind_of(const tar::Header& header) {
    switch (header.type) {
      case '0':
      case '7':
      case 'S': return PathKind::file;
      case '1': return PathKind::hardlink;
      case '2': return PathKind::symlink;
      case '3': return header.device_major == 0 && header.device_minor == 0 ? PathKind::whiteout : PathKind::other;
      case '4':
      case '6': return PathKind::other;
      case '5':
      case 'D': return PathKind::directory;
      default: return std::nullopt;
    }
  }

  Result<> old_sparse(std::string_view block) {
    std::vector<tar::Extent> map;
    ECLAIR_TRY(real_size_, tar::gnu_real_size(block));
    ECLAIR_TRY(bool more, tar::parse_gnu_extents(block, false, map));
    while (more) {
      ECLAIR_TRY(const std::string_view extension, blocks_.block());
      if (extension.size() != tar::kBlockBytes) return fail(Errc::invalid_input, "tar: ends inside a sparse map");
      ECLAIR_TRY(more, tar::parse_gnu_extents(extension, true, map));
      if (map.size() > kSparseExtents) return fail(Errc::limit, "tar: a sparse map of more than " + std::to_string(kSparseExtents) + " extents");
    }
    return use_map(map);
  }

  Result<> pax_sparse(const tar::Pax& pax, std::uint64_t at) {
    real_size_ = pax.sparse_size.value_or(stored_);
    if (pax.sparse_major == 0) return use_map(pax.sparse_map);
    // Form 1.0: decimal lines at the start of the data, padded to a block: count, then offset and size of each extent.
    std::vector<tar::Extent> map;
    std::string digits;
    std::uint64_t used = 0, wanted = 1, count = 0, value = 0;
    bool have_count = false, have_offset = false;
    while (wanted > 0) {
      if (used + tar::kBlockBytes > stored_ + padding_) return fail(Errc::invalid_input, "tar: sparse map ends early at byte " + std::to_string(at));
      ECLAIR_TRY(const std::string_view block, blocks_.block());
      if (block.size() != tar::kBlockBytes) return fail(Errc::invalid_input, "tar: ends inside a sparse map");
      used += block.size();
      for (std::size_t i = 0; i < block.size() && wanted > 0; ++i) {
        if (block[i] != '\n') {
          digits += block[i];
          if (digits.size() > 20) return fail(Errc::invalid_input, "tar: malformed sparse map at byte " + std::to_string(at));
          continue;
        }
        const auto number = text::parse_number(digits);
        if (!number) return fail(Errc::invalid_input, "tar: malformed sparse map at byte " + std::to_string(at));
        digits.clear();
        --wanted;
        if (!have_count) {
          have_count = true;
          count = *number;
          if (count > kSparseExtents) return fail(Errc::limit, "tar: a sparse map of more than " + std::to_string(kSparseExtents) + " extents");
          wanted = count * 2;
        } else if (!have_offset) {
          have_offset = true;
          value = *number;
        } else {
          have_offset = false;
          map.push_back({value, *number});
        }
      }
    }
    const std::uint64_t total = stored_ + padding_;
    stored_ = stored_ > used ? stored_ - used : 0;
    padding_ = total - used - stored_;
    return use_map(map);
  }

  /// Checks a map and makes it what read_sparse() follows: ordered, within the real size, no more bytes than are stored.
  Result<> use_map(const std::vector<tar::Extent>& map) {
    std::uint64_t end = 0, bytes = 0;
    for (const tar::Extent& extent : map) {
      if (extent.offset < end || extent.size > real_size_ || extent.offset > real_size_ - extent.size) {
        return fail(Errc::invalid_input, "tar: a sparse map that overlaps or leads outside its file");
      }
      end = extent.offset + extent.size;
      bytes += extent.size;
      if (extent.size > 0) sparse_.push_back(extent);  // GNU tar ends a map with an empty extent where a hole ends the file
    }
    if (bytes > stored_) return fail(Errc::invalid_input, "tar: a sparse map of more bytes than are stored");
    const std::uint64_t data_end = sparse_.empty() ? 0 : sparse_.back().offset + sparse_.back().size;
    if (data_end < real_size_ || sparse_.empty()) sparse_.push_back({real_size_, 0});  // the hole at the end
    position_ = 0;
    return {};
  }

  Result<std::string_view> read_plain() {
    if (stored_ == 0) return std::string_view{};
    ECLAIR_TRY(const std::string_view piece, blocks_.piece(stored_));
    stored_ -= piece.size();
    return piece;
  }

  Result<std::string_view> read_sparse() {
    if (position_ >= real_size_) return std::string_view{};
    while (sparse_.size() > 1 && sparse_.front().size == 0) sparse_.pop_front();
    tar::Extent& next = sparse_.front();
    if (position_ < next.offset) {
      static const std::string zeros(kZeroBytes, '\0');
      const auto piece = std::string_view(zeros).substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(next.offset - position_, kZeroBytes)));
      position_ += piece.size();
      return piece;
    }
    ECLAIR_TRY(const std::string_view piece, blocks_.piece(next.size));
    stored_ -= piece.size();
    position_ += piece.size();
    next.offset += piece.size();
    next.size -= piece.size();
    return piece;
  }

  std::unique_ptr<ByteStream> owned_;
  Blocks blocks_;
  Limits limits_;
  Entry entry_;
  std::string path_, target_;
  tar::Pax global_;
  std::vector<Note> notes_;
  std::deque<tar::Extent> sparse_;   ///< what is left of the current file's map; empty: not sparse
  std::uint64_t stored_ = 0, padding_ = 0, real_size_ = 0, position_ = 0, entries_ = 0;
  unsigned zero_blocks_ = 0;
  std::optional<Error> failed_;
  bool ended_ = false, pending_opaque_ = false;
};

}  // namespace tar_detail

std::unique_ptr<EntryReader> tar_reader(ByteStream& in, const Limits& limits) {
  return std::make_unique<tar_detail::TarReader>(nullptr, in, limits);
}

std::unique_ptr<EntryReader> tar_reader(std::unique_ptr<ByteStream> in, const Limits& limits) {
  ByteStream& borrowed = *in;
  return std::make_unique<tar_detail::TarReader>(std::move(in), borrowed, limits);
}

}  // namespace eclair
