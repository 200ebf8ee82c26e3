// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// pacman's local database: a folder for each package, with its record in `desc` and its files in `files`. Both are sections: a line
// "%KEY%", then values a line each, up to an empty line. An upgrade removes the folder and makes another, so each speaks for itself.
// source: libalpm 13: lib/libalpm/be_local.c local_db_read
#include <algorithm>
#include <array>
#include <iterator>
#include <string>
#include <utility>

#include "extract/extractor.h"
#include "extract/field_check.h"
#include "util/text.h"

namespace eclair::extract {
namespace os_alpm_detail {

constexpr std::string_view kPaths[] = {"pacman/local/*/desc"};
constexpr std::string_view kFiles[] = {"files"};

/// "NAME" of "%NAME%"; "" of other lines.
std::string_view key_of(std::string_view line) {
  if (line.size() < 3 || line.front() != '%' || line.back() != '%') return {};
  return line.substr(1, line.size() - 2);
}

/// Keys with any number of values; others have one.
constexpr std::string_view kLists[] = {"GROUPS", "LICENSE", "REPLACES", "DEPENDS", "OPTDEPENDS", "CONFLICTS", "PROVIDES", "BACKUP", "FILES", "XDATA"};

/// Who built a package, by the end of the packager's address. "" where that says nothing, as makepkg's "Unknown Packager".
std::string_view vendor_of(std::string_view packager) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kDomains = {{{"archlinux.org", "arch"},
                                                                                     {"archlinuxarm.org", "archlinuxarm"},
                                                                                     {"manjaro.org", "manjaro"},
                                                                                     {"garudalinux.org", "garuda"},
                                                                                     {"artixlinux.org", "artix"},
                                                                                     {"blackarch.org", "blackarch"},
                                                                                     {"cachyos.org", "cachyos"},
                                                                                     {"msys2.org", "msys2"}}};
  const std::size_t at = packager.rfind('@');
  if (at == std::string_view::npos) return {};
  std::string_view domain = packager.substr(at + 1);
  domain = domain.substr(0, domain.find_first_of("> \t,"));
  for (const auto& [zone, vendor] : kDomains) {
    if (domain.size() < zone.size() || !text::iequals(domain.substr(domain.size() - zone.size()), zone)) continue;
    if (domain.size() == zone.size() || domain[domain.size() - zone.size() - 1] == '.') return vendor;
  }
  return {};
}

/// What a record says, and whether it is one.
struct Record {
  PackageVersion package;
  std::string packager;
  bool has_keys = false, too_long = false;
};

Result<Record> read_desc(const ByteSource& in, const Limits& limits, const Cancel& stop) {
  Record out;
  LineReader lines(in, limits.field_bytes);
  std::string_view line;
  std::string* field = nullptr;  // that the next line is the value of
  bool in_list = false;          // whose values are lines that may look like keys
  while (true) {
    ECLAIR_TRY(const bool more, lines.next(line));
    if (!more) return out;
    if (stop.requested()) return fail(Errc::cancelled, {});
    line = text::trim(line);
    if (line.empty()) {
      field = nullptr;
      in_list = false;
    } else if (in_list) {
      continue;
    } else if (field != nullptr) {
      if (field->empty()) {
        field->assign(line);
        out.too_long = out.too_long || lines.cut();
      }
      field = nullptr;
    } else if (const std::string_view key = key_of(line); !key.empty()) {
      out.has_keys = true;
      in_list = std::find(std::begin(kLists), std::end(kLists), key) != std::end(kLists);
      if (key == "NAME") field = &out.package.name;
      if (key == "VERSION") field = &out.package.version;
      if (key == "BASE") field = &out.package.source_name;
      if (key == "ARCH") field = &out.package.arch;
      if (key == "PACKAGER") field = &out.packager;
    }
  }
}

Result<> read_files(const ByteSource& in, const Limits& limits, const Cancel& stop, Sink& out, std::vector<std::string>& owned) {
  LineReader lines(in, limits.field_bytes);
  std::string_view line;
  bool within = false;
  std::uint64_t bytes = 0, dropped = 0;
  while (true) {
    ECLAIR_TRY(const bool more, lines.next(line));
    if (!more) break;
    if (stop.requested()) return fail(Errc::cancelled, {});
    if (const std::string_view key = key_of(line); !key.empty()) {
      within = key == "FILES";
      continue;
    }
    if (!within || line.empty() || line.back() == '/' || lines.cut()) continue;
    line.remove_prefix(std::min(line.find_first_not_of('/'), line.size()));
    if (!out.is_ownable(line)) continue;
    if (bytes + line.size() > limits.owned_path_bytes) {
      ++dropped;
      continue;
    }
    bytes += line.size();
    owned.emplace_back(line);
  }
  if (dropped > 0) {
    out.note("limit", std::to_string(dropped) + " owned paths beyond owned_path_bytes (" + std::to_string(limits.owned_path_bytes) + ")");
  }
  return {};
}

class AlpmExtractor final : public Extractor {
 public:
  std::string_view id() const override { return "os_alpm"; }
  std::uint32_t revision() const override { return 1; }
  Shape shape() const override { return Shape::per_file; }
  Interest interest() const override { return {.path_suffixes = kPaths, .companions = kFiles, .max_bytes = 64u << 20}; }
  Result<> extract(const EvidenceFile& file, const Limits& limits, const Cancel& stop, Sink& out) const override {
    ECLAIR_TRY(Record record, read_desc(file.bytes, limits, stop));
    if (!record.has_keys) return fail(Errc::invalid_input, "no record of pacman");
    PackageVersion& package = record.package;
    const bool named = is_plain_word(package.name), versioned = is_plain_word(package.version);
    if (record.too_long || !named || !versioned) {
      const std::string_view what = record.too_long ? "has an overlong field" : !named ? "has no usable name" : "has no usable version";
      out.note(record.too_long ? "limit" : "bad_record", "the record " + std::string(what) + ", package " + text::quoted(package.name));
      return {};
    }
    package.type = "alpm";
    package.vendor = vendor_of(record.packager);
    if (package.source_name == package.name || !is_plain_word(package.source_name)) package.source_name.clear();
    std::vector<std::string> owned;
    if (const auto files = file.companions.find(kFiles[0]); files != file.companions.end()) {
      // A damaged list costs the list.
      const auto read = read_files(*files->second, limits, stop, out, owned);
      if (!read && read.error().code == Errc::cancelled) return fail(read.error());
      if (!read) out.note("bad_record", "the list of files: " + read.error().text);
    }
    out.package(std::move(package), std::move(owned));
    return {};
  }
};

}  // namespace os_alpm_detail

const Extractor& os_alpm() {
  static const os_alpm_detail::AlpmExtractor one;
  return one;
}

}  // namespace eclair::extract
