// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// dpkg's database: one file that names every package, rewritten whole by each run.
#include "extract/deb_stanza.h"
#include "extract/extractor.h"

namespace eclair::extract {
namespace os_dpkg_detail {

// Not "lib/dpkg/status": var/lib/dpkg may be a link, to usr/lib/sysimage/dpkg for one, and a layer names the target.
constexpr std::string_view kPaths[] = {"dpkg/status"};

class DpkgExtractor final : public Extractor {
 public:
  std::string_view id() const override { return "os_dpkg"; }
  std::uint32_t revision() const override { return 1; }
  Shape shape() const override { return Shape::database; }
  Interest interest() const override { return {.path_suffixes = kPaths}; }
  Result<> extract(const EvidenceFile& file, const Limits& limits, const Cancel& stop, Sink& out) const override {
    return read_deb_stanzas(file.bytes, DebDialect::dpkg, limits, stop, out);
  }
};

}  // namespace os_dpkg_detail

const Extractor& os_dpkg() {
  static const os_dpkg_detail::DpkgExtractor one;
  return one;
}

}  // namespace eclair::extract
