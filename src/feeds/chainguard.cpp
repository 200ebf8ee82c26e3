// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// Chainguard's secdb: Wolfi's packages and its own. What is unfixed, or judged to wait for upstream, is not in it.
#include "feeds/secdb.h"

namespace eclair::feeds {
namespace chainguard_detail {

constexpr SecdbPublisher kPublisher{"chainguard", "chainguard", "cgr.dev"};

class ChainguardFeed final : public Feed {
 public:
  std::string_view id() const override { return "chainguard"; }
  std::string_view title() const override { return "Chainguard secdb"; }
  std::string_view url() const override { return "https://packages.cgr.dev/chainguard/security.json"; }
  std::uint32_t revision() const override { return 1; }
  bool lists_unfixed() const override { return false; }
  std::vector<std::string_view> families() const override { return {"chainguard"}; }
  Result<> parse(std::string_view part, const ByteSource& in, const Limits& limits, const Cancel& stop, AdvisorySink& out) const override {
    return parse_secdb(kPublisher, part, in, limits, stop, out);
  }
};

}  // namespace chainguard_detail

const Feed& chainguard() {
  static const chainguard_detail::ChainguardFeed one;
  return one;
}

}  // namespace eclair::feeds
