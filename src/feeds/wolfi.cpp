// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// Wolfi's secdb: one document for the one release there is. What is unfixed, or judged to wait for upstream, is not in it.
#include "feeds/secdb.h"

namespace eclair::feeds {
namespace wolfi_detail {

constexpr SecdbPublisher kPublisher{"wolfi", "wolfi", "wolfi.dev"};

class WolfiFeed final : public Feed {
 public:
  std::string_view id() const override { return "wolfi"; }
  std::string_view title() const override { return "Wolfi secdb"; }
  std::string_view url() const override { return "https://packages.wolfi.dev/os/security.json"; }
  std::uint32_t revision() const override { return 1; }
  bool lists_unfixed() const override { return false; }
  std::vector<std::string_view> families() const override { return {"wolfi"}; }
  Result<> parse(std::string_view part, const ByteSource& in, const Limits& limits, const Cancel& stop, AdvisorySink& out) const override {
    return parse_secdb(kPublisher, part, in, limits, stop, out);
  }
};

}  // namespace wolfi_detail

const Feed& wolfi() {
  static const wolfi_detail::WolfiFeed one;
  return one;
}

}  // namespace eclair::feeds
