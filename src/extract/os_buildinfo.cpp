// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// Red Hat's build records in its images: which repositories the packages of a layer came from. Facts:
//
//   content_sets    ids of repositories, as written, sorted, without repeats, by blanks ("ubi-9-baseos-rpms ubi-9-appstream-rpms")
//   from_dnf_hint   "true" where the list is only a guess made from dnf's configuration
//
// source: content manifests of Red Hat's build service (atomic-reactor, Konflux), 2025
#include <algorithm>
#include <string>
#include <vector>

#include "extract/extractor.h"
#include "util/json.h"
#include "util/text.h"

namespace eclair::extract {
namespace os_buildinfo_detail {

constexpr std::string_view kDirs[] = {"buildinfo/content_manifests", "share/buildinfo"};
constexpr std::string_view kEndings[] = {".json"};
constexpr std::size_t kMaxSets = 2000;  // of one image; a few dozen are usual
constexpr std::size_t kMaxSetBytes = 200;

bool is_repository(std::string_view id) {
  return !id.empty() && id.size() <= kMaxSetBytes && std::all_of(id.begin(), id.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

class OsBuildinfo final : public Extractor {
 public:
  std::string_view id() const override { return "os_buildinfo"; }
  std::uint32_t revision() const override { return 1; }
  Shape shape() const override { return Shape::per_file; }
  Interest interest() const override { return {.dirs = kDirs, .extensions = kEndings, .max_bytes = 16u << 20}; }
  Result<> extract(const EvidenceFile& file, const Limits& limits, const Cancel& stop, Sink& out) const override {
    if (stop.requested()) return fail(Errc::cancelled, {});
    ECLAIR_TRY(const std::string text, read_all(file.bytes, 16u << 20));
    json::Document document;
    const auto root = document.parse(text, limits.json_depth);
    // Others keep files of their own there (labels.json), and a broken one proves nothing: the main stream is assumed, as without it.
    if (!root || !(*root)["content_sets"].is_array()) return fail(Errc::unsupported, "not a content manifest");
    std::vector<std::string> sets;
    bool more = false;
    (*root)["content_sets"].each([&](json::Value set) {
      const std::string_view id = text::trim(set.string());
      if (!is_repository(id)) return true;
      more = sets.size() >= kMaxSets;
      if (!more) sets.emplace_back(id);
      return !more;
    });
    if (more) out.note("limit", "more than " + std::to_string(kMaxSets) + " content sets; the others are left out");
    std::sort(sets.begin(), sets.end());
    sets.erase(std::unique(sets.begin(), sets.end()), sets.end());
    if (!sets.empty()) out.fact("content_sets", text::join(sets, " "));
    if ((*root)["from_dnf_hint"].boolean()) out.fact("from_dnf_hint", "true");
    return {};
  }
};

}  // namespace os_buildinfo_detail

const Extractor& os_buildinfo() {
  static const os_buildinfo_detail::OsBuildinfo one;
  return one;
}

}  // namespace eclair::extract
