// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// The files by which a distribution names itself. Only facts leave here, under the keys below; which distribution they make is
// decided over the whole image, by index/os_detect.h.
//
//   os-release.KEY    assignments of os-release, unquoted: ID, VERSION_ID, ... (kKeys)
//   lsb-release.KEY   the same of lsb-release: DISTRIB_ID, DISTRIB_RELEASE, DISTRIB_CODENAME, DISTRIB_DESCRIPTION
//   release.line      the first line of files such as redhat-release, alpine-release, debian_version
//   release.VERSION, release.PATCHLEVEL   assignments below that line (SuSE-release)
//   release.cpe       the line of system-release-cpe
//
// source: os-release(5); file list: docs/user/formats.md
#include <algorithm>
#include <string>

#include "extract/extractor.h"
#include "extract/shell_value.h"
#include "util/text.h"

namespace eclair::extract {
namespace os_release_detail {

// "os-release" is an ending, since etc/os-release may be a link to a file of any such name: usr/lib/os.release.d/os-release-fedora
// is listed below, nix has store/<digest>-etc-os-release.
constexpr std::string_view kEndings[] = {"os-release"};
constexpr std::string_view kPaths[] = {
    "os.release.d/os-release-fedora",      "os.release.d/os-release-container", "os.release.d/os-release-server",
    "os.release.d/os-release-workstation", "os.release.d/os-release-cloud",     "etc/lsb-release",
    "etc/alpine-release",                  "etc/debian_version",                "redhat-release",
    "centos-release",                      "oracle-release",                    "rocky-release",
    "almalinux-release",                   "fedora-release",                    "system-release",
    "system-release-cpe",                  "etc/SuSE-release",                  "etc/photon-release",
    "mariner-release",                     "azurelinux-release",
};
constexpr std::string_view kKeys[] = {
    "ID",         "ID_LIKE",    "VERSION_ID",      "VERSION_CODENAME", "UBUNTU_CODENAME", "VERSION",         "PRETTY_NAME",
    "NAME",       "VARIANT_ID", "BUILD_ID",        "CPE_NAME",         "SUPPORT_END",     "REDHAT_BUGZILLA_PRODUCT",
    "DISTRIB_ID", "DISTRIB_RELEASE", "DISTRIB_CODENAME", "DISTRIB_DESCRIPTION",
};
constexpr std::size_t kMaxLineBytes = 16u << 10;
constexpr std::size_t kMaxValueBytes = 4096;

bool contains(std::span<const std::string_view> list, std::string_view word) { return std::find(list.begin(), list.end(), word) != list.end(); }

/// centos-release ends in "os-release" too, and is not one.
bool is_os_release(std::string_view base) {
  return base == "os-release" || base.ends_with("-os-release") || base.ends_with(".os-release") || base.starts_with("os-release-");
}

Result<> read_assignments(const ByteSource& in, std::string_view prefix, std::span<const std::string_view> keys, Sink& out) {
  LineReader lines(in, kMaxLineBytes);
  std::string_view line;
  while (true) {
    ECLAIR_TRY(const bool more, lines.next(line));
    if (!more) return {};
    if (lines.line_number() == 1 && line.starts_with("\xef\xbb\xbf")) line.remove_prefix(3);
    line = text::trim(line);
    const std::size_t equals = line.find('=');
    if (line.starts_with('#') || equals == std::string_view::npos) continue;
    const std::string_view key = text::trim(line.substr(0, equals));
    if (!contains(keys, key)) continue;
    const std::string value = shell_value(line.substr(equals + 1));
    out.fact(std::string(prefix) + std::string(key), std::string_view(value).substr(0, kMaxValueBytes));
  }
}

Result<> read_first_line(const ByteSource& in, std::string_view key, Sink& out) {
  LineReader lines(in, kMaxLineBytes);
  std::string_view line;
  while (true) {
    ECLAIR_TRY(const bool more, lines.next(line));
    if (!more) return {};
    if (lines.line_number() == 1 && line.starts_with("\xef\xbb\xbf")) line.remove_prefix(3);
    line = text::trim(line);
    if (line.empty() || line.find('\0') != std::string_view::npos) continue;
    out.fact(key, line.substr(0, kMaxValueBytes));
    return {};
  }
}

class OsReleaseExtractor final : public Extractor {
 public:
  std::string_view id() const override { return "os_release"; }
  std::uint32_t revision() const override { return 1; }
  Shape shape() const override { return Shape::per_file; }
  Interest interest() const override { return {.path_suffixes = kPaths, .extensions = kEndings, .max_bytes = 1u << 20}; }
  Result<> extract(const EvidenceFile& file, const Limits&, const Cancel& stop, Sink& out) const override {
    if (stop.requested()) return fail(Errc::cancelled, {});
    std::string_view base = file.meta.path;
    base.remove_prefix(base.rfind('/') + 1);  // npos + 1 is 0
    if (base == "lsb-release") return read_assignments(file.bytes, "lsb-release.", kKeys, out);
    if (base == "system-release-cpe") return read_first_line(file.bytes, "release.cpe", out);
    if (is_os_release(base)) return read_assignments(file.bytes, "os-release.", kKeys, out);
    ECLAIR_CHECK_OK(read_first_line(file.bytes, "release.line", out));
    if (base != "SuSE-release") return {};
    constexpr std::string_view kSuse[] = {"VERSION", "PATCHLEVEL"};
    return read_assignments(file.bytes, "release.", kSuse, out);
  }
};

}  // namespace os_release_detail

const Extractor& os_release() {
  static const os_release_detail::OsReleaseExtractor one;
  return one;
}

}  // namespace eclair::extract
