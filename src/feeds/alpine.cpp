// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// Alpine's secdb: one document a release and repository.
#include <algorithm>
#include <string>
#include <vector>

#include "feeds/secdb.h"
#include "util/text.h"

namespace eclair::feeds {
namespace alpine_detail {

constexpr SecdbPublisher kPublisher{"alpine", "", ""};

constexpr std::uint64_t kListingBytes = 1u << 20;

/// The releases that the listing links to: href="v3.19/".
std::vector<std::string> releases_of(std::string_view listing) {
  std::vector<std::string> out;
  constexpr std::string_view kLink = "href=\"";
  for (std::size_t at = listing.find(kLink); at != std::string_view::npos; at = listing.find(kLink, at + 1)) {
    std::string_view target = listing.substr(at + kLink.size());
    target = target.substr(0, target.find_first_of("\"/"));
    if (is_secdb_release(target)) out.emplace_back(target);
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

class AlpineFeed final : public Feed {
 public:
  std::string_view id() const override { return "alpine"; }
  std::string_view title() const override { return "Alpine secdb"; }
  std::string_view url() const override { return "https://secdb.alpinelinux.org/"; }
  std::uint32_t revision() const override { return 1; }
  bool lists_unfixed() const override { return false; }
  std::vector<std::string_view> pieces(std::string_view name_space) const override {
    if (name_space == "alpine:v3.0" || name_space == "alpine:v3.1" || name_space == "alpine:v3.2") return {"main"};  // community came with 3.3
    return {"main", "community"};
  }
  std::vector<std::string_view> families() const override { return {"alpine"}; }
  /// Two files a release; `last-update` changes with every rebuild of any.
  Result<std::vector<Portion>> portions(Lookup& look) const override {
    const std::string base(url());
    std::string last_update;
    if (const auto told = look.read(base + "last-update"); told) {
      ECLAIR_TRY(const std::string text, read_all(**told, kListingBytes));
      last_update = text::trim(text).substr(0, 100);
    } else if (told.error().code != Errc::not_found) {
      return fail(told.error());
    }
    std::vector<std::string> releases;
    for (const std::string& name_space : look.wanted()) releases.emplace_back(text::cut(name_space, ':').second);
    if (releases.empty()) {
      ECLAIR_TRY(const auto listing, look.read(base));
      ECLAIR_TRY(const std::string text, read_all(*listing, kListingBytes));
      releases = releases_of(text);
      if (releases.empty()) return fail(Errc::invalid_input, "no release in the listing of " + base);
    }
    std::vector<Portion> out;
    for (const std::string& release : releases) {
      if (!is_secdb_release(release)) continue;
      Portion one;
      one.name = release;
      one.cursor = last_update;
      if (last_update.empty() || look.cursor(release) != last_update) {
        for (const std::string_view repository : pieces("alpine:" + release)) {
          one.documents.push_back({.url = base + release + "/" + std::string(repository) + ".json"});
        }
      }
      out.push_back(std::move(one));
    }
    return out;
  }
  Result<> parse(std::string_view part, const ByteSource& in, const Limits& limits, const Cancel& stop, AdvisorySink& out) const override {
    return parse_secdb(kPublisher, part, in, limits, stop, out);
  }
};

}  // namespace alpine_detail

const Feed& alpine() {
  static const alpine_detail::AlpineFeed one;
  return one;
}

}  // namespace eclair::feeds
