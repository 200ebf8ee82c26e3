// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// dpkg's file lists: which package brought which path. They lie apart from the database, in the layer that installed the
// package, and prove no package by themselves.
#include "extract/deb_file_list.h"
#include "extract/extractor.h"

namespace eclair::extract {
namespace os_dpkg_files_detail {

constexpr std::string_view kDirs[] = {"dpkg/info"};
constexpr std::string_view kEndings[] = {".list"};

class DpkgFilesExtractor final : public Extractor {
 public:
  std::string_view id() const override { return "os_dpkg_files"; }
  std::uint32_t revision() const override { return 1; }
  Shape shape() const override { return Shape::per_file; }
  Interest interest() const override { return {.dirs = kDirs, .extensions = kEndings, .max_bytes = 64u << 20}; }
  Result<> extract(const EvidenceFile& file, const Limits& limits, const Cancel& stop, Sink& out) const override {
    std::string_view base = file.meta.path;
    base.remove_prefix(base.rfind('/') + 1);  // npos + 1 is 0
    if (!base.ends_with(kEndings[0])) return fail(Errc::invalid_input, "not a file list of dpkg");
    return read_file_list(file.bytes, ListForm::paths, list_owner(base, kEndings[0]), limits, stop, out);
  }
};

}  // namespace os_dpkg_files_detail

const Extractor& os_dpkg_files() {
  static const os_dpkg_files_detail::DpkgFilesExtractor one;
  return one;
}

}  // namespace eclair::extract
