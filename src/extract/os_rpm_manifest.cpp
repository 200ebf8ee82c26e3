// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
//
// The list of packages that distroless images of Azure Linux (CBL-Mariner) have in place of rpm's database, one a line:
//
//   NAME VERSION-RELEASE INSTALLTIME BUILDTIME VENDOR EPOCH SIZE ARCH EPOCHNUM SOURCERPM      separated by tabs
//
// Absent values are "(none)"; EPOCHNUM is 0 where EPOCH is absent. It says nothing of files.
#include "extract/extractor.h"
#include "extract/field_check.h"
#include "extract/rpm_package.h"
#include "util/text.h"

namespace eclair::extract {
namespace os_rpm_manifest_detail {

constexpr std::string_view kPaths[] = {"rpmmanifest/container-manifest-2"};
constexpr std::size_t kFields = 10;

bool is_number(std::string_view s) { return text::parse_number(s).has_value(); }

class RpmManifestExtractor final : public Extractor {
 public:
  std::string_view id() const override { return "os_rpm_manifest"; }
  std::uint32_t revision() const override { return 1; }
  Shape shape() const override { return Shape::database; }
  Interest interest() const override { return {.path_suffixes = kPaths}; }

  Result<> extract(const EvidenceFile& file, const Limits& limits, const Cancel& stop, Sink& out) const override {
    LineReader lines(file.bytes, limits.field_bytes);
    std::string_view line;
    std::uint64_t packages = 0;
    while (true) {
      ECLAIR_TRY(const bool more, lines.next(line));
      if (!more) return {};
      if (stop.requested()) return fail(Errc::cancelled, "cancelled");
      if (text::trim(line).empty()) continue;
      const std::vector<std::string_view> f = text::split(line, '\t');
      const std::string where = "line " + std::to_string(lines.line_number());
      if (lines.cut() || f.size() != kFields) {
        out.note("bad_record", where + ": not the " + std::to_string(kFields) + " fields of a package");
        continue;
      }
      const bool has_epoch = f[5] != "(none)" && !f[5].empty();
      if (!is_plain_word(f[0]) || f[0] == "gpg-pubkey" || !is_plain_word(f[1]) || f[1].find('-') == std::string_view::npos || (has_epoch && !is_number(f[5]))) {
        if (f[0] != "gpg-pubkey") out.note("bad_record", where + ": a package without a name or version, or with an odd epoch");
        continue;
      }
      if (++packages > limits.packages) return fail(Errc::limit, "more packages than the limit packages (" + std::to_string(limits.packages) + ")");
      out.package(to_package({.name = f[0],
                              .epoch = has_epoch ? f[5] : std::string_view{},
                              .version_release = f[1],
                              .arch = f[7],
                              .source_rpm = f[9],
                              .vendor = f[4],
                              .modularity_label = {}}));
    }
  }
};

}  // namespace os_rpm_manifest_detail

const Extractor& os_rpm_manifest() {
  static const os_rpm_manifest_detail::RpmManifestExtractor one;
  return one;
}

}  // namespace eclair::extract
