// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// Distroless images: one paragraph a file in dpkg's status.d, each package in a layer of its own, so that no file speaks for the
// folder. Beside them lie the digests of each package's files, which tell whose the files are.
#include <optional>

#include "extract/deb_file_list.h"
#include "extract/deb_stanza.h"
#include "extract/extractor.h"
#include "util/text.h"

namespace eclair::extract {
namespace os_dpkg_split_detail {

constexpr std::string_view kDirs[] = {"dpkg/status.d"};
constexpr std::string_view kDigests = ".md5sums";

/// Without "+" and "/": no name of a package is spelled with them.
int base64_value(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (text::is_digit(c)) return c - '0' + 52;
  return -1;
}

std::optional<std::string> decode_base64(std::string_view s) {
  if (s.size() % 4 != 0) return std::nullopt;
  std::string out;
  unsigned bits = 0;
  int have = 0;
  while (s.ends_with('=')) s.remove_suffix(1);
  for (const char c : s) {
    const int value = base64_value(c);
    if (value < 0) return std::nullopt;
    bits = (bits << 6 | static_cast<unsigned>(value)) & 0xffffff;
    have += 6;
    if (have >= 8) {
      have -= 8;
      out += static_cast<char>(bits >> have & 0xff);
    }
  }
  return out;
}

/// deb-control(5): lower-case letters, digits, "+", "-", "."; at least two, the first a letter or digit.
bool is_package_name(std::string_view s) {
  if (s.size() < 2) return false;
  for (std::size_t i = 0; i < s.size(); ++i) {
    const char c = s[i];
    const bool plain = text::is_digit(c) || (c >= 'a' && c <= 'z');
    if (!plain && (i == 0 || (c != '+' && c != '-' && c != '.'))) return false;
  }
  return true;
}

class DpkgSplitExtractor final : public Extractor {
 public:
  std::string_view id() const override { return "os_dpkg_split"; }
  std::uint32_t revision() const override { return 1; }
  Shape shape() const override { return Shape::per_file; }
  Interest interest() const override { return {.dirs = kDirs, .max_bytes = 64u << 20}; }
  Result<> extract(const EvidenceFile& file, const Limits& limits, const Cancel& stop, Sink& out) const override {
    std::string_view base = file.meta.path;
    base.remove_prefix(base.rfind('/') + 1);  // npos + 1 is 0
    if (!base.ends_with(kDigests)) return read_deb_stanzas(file.bytes, DebDialect::dpkg, limits, stop, out);
    ListOwner owner = list_owner(base, kDigests);
    // The first images of this kind spelled the file names in base64.
    if (const auto decoded = decode_base64(owner.name); decoded && is_package_name(*decoded)) owner.name = *decoded;
    return read_file_list(file.bytes, ListForm::md5sums, std::move(owner), limits, stop, out);
  }
};

}  // namespace os_dpkg_split_detail

const Extractor& os_dpkg_split() {
  static const os_dpkg_split_detail::DpkgSplitExtractor one;
  return one;
}

}  // namespace eclair::extract
