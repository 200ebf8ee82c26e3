// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// The database of OpenWrt's and Yocto's opkg, in dpkg's syntax. Its info/*.control files repeat it and are not read.
#include "extract/deb_stanza.h"
#include "extract/extractor.h"

namespace eclair::extract {
namespace os_opkg_detail {

constexpr std::string_view kPaths[] = {"opkg/status"};

class OpkgExtractor final : public Extractor {
 public:
  std::string_view id() const override { return "os_opkg"; }
  std::uint32_t revision() const override { return 1; }
  Shape shape() const override { return Shape::database; }
  Interest interest() const override { return {.path_suffixes = kPaths}; }
  Result<> extract(const EvidenceFile& file, const Limits& limits, const Cancel& stop, Sink& out) const override {
    return read_deb_stanzas(file.bytes, DebDialect::opkg, limits, stop, out);
  }
};

}  // namespace os_opkg_detail

const Extractor& os_opkg() {
  static const os_opkg_detail::OpkgExtractor one;
  return one;
}

}  // namespace eclair::extract
