// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "extract/rpm_header.h"

#include <algorithm>
#include <vector>

namespace eclair::extract {
namespace rpm_header_detail {

constexpr std::size_t kIntroBytes = 8, kEntryBytes = 16;
constexpr std::uint32_t kMaxEntries = 0xffff;
constexpr std::uint32_t kMaxDirs = 1u << 20;
// Bytes of all paths of a header per byte of header. An honest file costs its base name and ten bytes or more in other arrays;
// hostile headers share one long directory among millions of files.
constexpr std::uint64_t kPathBytesPerHeaderByte = 8;

enum Type : std::uint32_t { null = 0, character = 1, int8 = 2, int16 = 3, int32 = 4, int64 = 5, string = 6, binary = 7, string_array = 8, i18n = 9 };

enum Tag : std::uint32_t {
  tag_name = 1000, tag_version = 1001, tag_release = 1002, tag_epoch = 1003, tag_vendor = 1011, tag_arch = 1022, tag_old_names = 1027,
  tag_states = 1029, tag_flags = 1037, tag_source_rpm = 1044, tag_dir_indexes = 1116, tag_base_names = 1117, tag_dir_names = 1118,
  tag_modularity_label = 5096,
};

constexpr std::uint32_t kGhost = 0x40;

std::uint32_t be32(std::string_view bytes, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

/// Bytes of one value; for strings at least their NUL.
std::uint32_t least_bytes(std::uint32_t type) {
  switch (type) {
    case null: return 0;
    case int16: return 2;
    case int32: return 4;
    case int64: return 8;
    default: return 1;
  }
}

bool is_text(const RpmEntry& e) { return e.type == string || e.type == string_array || e.type == i18n; }

tl::unexpected<Error> bad_tag(std::uint32_t tag, std::string_view why) {
  return fail(Errc::invalid_input, "rpm header: tag " + std::to_string(tag) + " " + std::string(why));
}

/// The first string of an entry; "" when there is none.
Result<std::string_view> first_string(std::string_view data, std::uint32_t tag, const RpmEntry& e, const Limits& limits) {
  if (e.count == 0) return std::string_view{};
  if (!is_text(e)) return bad_tag(tag, "has type " + std::to_string(e.type) + ", not a string");
  const std::string_view window = data.substr(e.offset, std::size_t{limits.field_bytes} + 1);
  const std::size_t end = window.find('\0');
  if (end != std::string_view::npos) return window.substr(0, end);
  if (window.size() <= limits.field_bytes) return bad_tag(tag, "is a string without an end");
  return fail(Errc::limit, "rpm header: tag " + std::to_string(tag) + " is longer than field_bytes (" + std::to_string(limits.field_bytes) + ")");
}

/// Walks the strings of an array one after another.
class Strings {
 public:
  Strings(std::string_view data, const RpmEntry& e) : rest_(e.count == 0 ? std::string_view{} : data.substr(e.offset)) {}
  bool next(std::string_view& into) {
    const std::size_t end = rest_.find('\0');
    if (end == std::string_view::npos) return false;
    into = rest_.substr(0, end);
    rest_.remove_prefix(end + 1);
    return true;
  }
  const char* position() const { return rest_.data(); }

 private:
  std::string_view rest_;
};

/// Where each string of an array starts, and where the last one ends: neighbours give the length (their NUL included).
Result<std::vector<std::uint32_t>> starts(std::string_view data, const RpmEntry& e) {
  if (e.count > kMaxDirs) return fail(Errc::limit, "rpm header: " + std::to_string(e.count) + " directories, more than " + std::to_string(kMaxDirs));
  std::vector<std::uint32_t> out;
  out.reserve(std::size_t{e.count} + 1);
  Strings strings(data, e);
  std::string_view one;
  for (std::uint32_t i = 0; i < e.count; ++i) {
    out.push_back(static_cast<std::uint32_t>(strings.position() - data.data()));
    if (!strings.next(one)) return bad_tag(tag_dir_names, "has fewer strings than it says");
  }
  if (e.count > 0) out.push_back(static_cast<std::uint32_t>(strings.position() - data.data()));
  return out;
}

}  // namespace rpm_header_detail

Result<RpmHeader> RpmHeader::parse(std::string_view blob, const Limits& limits) {
  using namespace rpm_header_detail;
  if (blob.size() < kIntroBytes) return fail(Errc::invalid_input, "rpm header: " + std::to_string(blob.size()) + " bytes are too few");
  const std::uint64_t entries = be32(blob, 0), data_bytes = be32(blob, 4);
  if (entries == 0 || entries > kMaxEntries || kIntroBytes + entries * kEntryBytes + data_bytes != blob.size()) {
    return fail(Errc::invalid_input, "rpm header: " + std::to_string(entries) + " entries and " + std::to_string(data_bytes) +
                                         " bytes of data do not make up its " + std::to_string(blob.size()) + " bytes");
  }
  const std::string_view data = blob.substr(kIntroBytes + entries * kEntryBytes);

  RpmEntry name_at, version_at, release_at, epoch_at, vendor_at, arch_at, source_at, module_at;
  RpmHeader out;
  out.files.data_ = data;
  struct Wanted {
    std::uint32_t tag;
    RpmEntry* to;
  };
  const std::array<Wanted, 14> wanted{{{tag_name, &name_at},
                                       {tag_version, &version_at},
                                       {tag_release, &release_at},
                                       {tag_epoch, &epoch_at},
                                       {tag_vendor, &vendor_at},
                                       {tag_arch, &arch_at},
                                       {tag_old_names, &out.files.old_names_},
                                       {tag_states, &out.files.states_},
                                       {tag_flags, &out.files.flags_},
                                       {tag_source_rpm, &source_at},
                                       {tag_dir_indexes, &out.files.dir_indexes_},
                                       {tag_base_names, &out.files.base_names_},
                                       {tag_dir_names, &out.files.dir_names_},
                                       {tag_modularity_label, &module_at}}};

  for (std::size_t i = 0; i < entries; ++i) {
    const std::size_t at = kIntroBytes + i * kEntryBytes;
    const std::uint32_t tag = be32(blob, at);
    const RpmEntry e{be32(blob, at + 4), be32(blob, at + 8), be32(blob, at + 12)};  // a negative offset is a huge one here
    if (e.type > i18n) return bad_tag(tag, "has the unknown type " + std::to_string(e.type));
    if (e.offset > data.size() || std::uint64_t{e.count} * least_bytes(e.type) > data.size() - e.offset) {
      return bad_tag(tag, "lies outside the data");
    }
    if (e.type == null) continue;
    const auto* hit = std::find_if(wanted.begin(), wanted.end(), [tag](const Wanted& w) { return w.tag == tag; });
    if (hit != wanted.end()) *hit->to = e;
  }

  ECLAIR_TRY(out.name, first_string(data, tag_name, name_at, limits));
  ECLAIR_TRY(out.version, first_string(data, tag_version, version_at, limits));
  ECLAIR_TRY(out.release, first_string(data, tag_release, release_at, limits));
  ECLAIR_TRY(out.vendor, first_string(data, tag_vendor, vendor_at, limits));
  ECLAIR_TRY(out.arch, first_string(data, tag_arch, arch_at, limits));
  ECLAIR_TRY(out.source_rpm, first_string(data, tag_source_rpm, source_at, limits));
  ECLAIR_TRY(out.modularity_label, first_string(data, tag_modularity_label, module_at, limits));
  if (out.name.empty()) return bad_tag(tag_name, "is missing or empty");
  if (out.version.empty()) return bad_tag(tag_version, "is missing or empty");
  if (out.release.empty()) return bad_tag(tag_release, "is missing or empty");
  if (epoch_at.count > 0) {
    if (epoch_at.type != int32) return bad_tag(tag_epoch, "has type " + std::to_string(epoch_at.type) + ", not a number");
    out.epoch = be32(data, epoch_at.offset);
  }
  return out;
}

Result<> RpmFileList::each(std::uint32_t max_path_bytes, const std::function<bool(std::string_view path)>& fn) const {
  using namespace rpm_header_detail;
  const bool old_form = base_names_.count == 0;  // version 3 packages hold whole paths
  const RpmEntry& names = old_form ? old_names_ : base_names_;
  const std::uint32_t count = names.count;
  if (count == 0) return {};
  if (!is_text(names)) return bad_tag(old_form ? tag_old_names : tag_base_names, "is not a list of strings");
  if (flags_.count > 0 && (flags_.type != int32 || flags_.count != count)) return bad_tag(tag_flags, "does not fit the list of files");
  if (states_.count > 0 && ((states_.type != character && states_.type != int8) || states_.count != count)) {
    return bad_tag(tag_states, "does not fit the list of files");
  }
  std::vector<std::uint32_t> dirs;
  if (!old_form) {
    if (!is_text(dir_names_)) return bad_tag(tag_dir_names, "is not a list of strings");
    if (dir_indexes_.type != int32 || dir_indexes_.count != count) return bad_tag(tag_dir_indexes, "does not fit the list of files");
    ECLAIR_TRY(dirs, starts(data_, dir_names_));
  }

  Strings strings(data_, names);
  std::string_view base;
  std::string path;
  std::uint64_t bytes_left = std::uint64_t{data_.size()} * kPathBytesPerHeaderByte;
  for (std::size_t i = 0; i < count; ++i) {
    if (!strings.next(base)) return bad_tag(old_form ? tag_old_names : tag_base_names, "has fewer strings than it says");
    std::string_view dir;
    if (!old_form) {
      const std::size_t at = be32(data_, dir_indexes_.offset + i * 4);
      if (at + 1 >= dirs.size()) return bad_tag(tag_dir_indexes, "names a directory that is not there");
      dir = data_.substr(dirs[at], dirs[at + 1] - dirs[at] - 1);
    }
    if (flags_.count > 0 && (be32(data_, flags_.offset + i * 4) & kGhost) != 0) continue;
    if (states_.count > 0 && data_[states_.offset + i] != 0) continue;
    if (dir.size() + base.size() > max_path_bytes) continue;
    if (dir.size() + base.size() > bytes_left) {
      return fail(Errc::limit, "rpm header: the paths are longer than " + std::to_string(kPathBytesPerHeaderByte) + " times the header");
    }
    bytes_left -= dir.size() + base.size();
    path.assign(dir).append(base);
    const std::size_t begin = path.find_first_not_of('/');
    if (begin == std::string::npos) continue;
    if (!fn(std::string_view(path).substr(begin))) return {};
  }
  return {};
}

}  // namespace eclair::extract
