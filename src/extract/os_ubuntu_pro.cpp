// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// Whether a system is attached to Ubuntu Pro, as its client says: then packages of those services are on offer too. A fact:
//
//   services   those that are enabled, sorted, by blanks ("esm-apps esm-infra"); absent where the system is not attached
//
// source: canonical/ubuntu-pro-client: uaclient/status.py (schema 0.1), aquasecurity/trivy: pkg/fanal/analyzer/os/ubuntu (2026)
#include <algorithm>
#include <string>
#include <vector>

#include "extract/extractor.h"
#include "util/json.h"
#include "util/text.h"

namespace eclair::extract {
namespace os_ubuntu_pro_detail {

constexpr std::string_view kPaths[] = {"ubuntu-advantage/status.json"};
constexpr std::uint64_t kMaxBytes = 1u << 20;
constexpr std::size_t kMaxServices = 100;

bool is_service(std::string_view name) {
  return !name.empty() && name.size() <= 60 && std::all_of(name.begin(), name.end(), [](char c) { return text::is_alpha(c) || text::is_digit(c) || c == '-'; });
}

class UbuntuProExtractor final : public Extractor {
 public:
  std::string_view id() const override { return "os_ubuntu_pro"; }
  std::uint32_t revision() const override { return 1; }
  Shape shape() const override { return Shape::per_file; }
  Interest interest() const override { return {.path_suffixes = kPaths, .max_bytes = kMaxBytes}; }
  Result<> extract(const EvidenceFile& file, const Limits& limits, const Cancel& stop, Sink& out) const override {
    if (stop.requested()) return fail(Errc::cancelled, {});
    ECLAIR_TRY(const std::string text, read_all(file.bytes, kMaxBytes));
    json::Document document;
    const auto root = document.parse(text, limits.json_depth);
    // One that is broken proves nothing: the system counts as not attached.
    if (!root || !root->is_object()) return fail(Errc::unsupported, "not a status of Ubuntu Pro's client");
    if (!(*root)["attached"].boolean()) return {};
    std::vector<std::string> services;
    (*root)["services"].each([&](json::Value one) {
      const std::string_view name = one["name"].string();
      if (is_service(name) && one["status"].string() == "enabled") services.emplace_back(name);
      return services.size() < kMaxServices;
    });
    std::sort(services.begin(), services.end());
    services.erase(std::unique(services.begin(), services.end()), services.end());
    if (!services.empty()) out.fact("services", text::join(services, " "));
    return {};
  }
};

}  // namespace os_ubuntu_pro_detail

const Extractor& os_ubuntu_pro() {
  static const os_ubuntu_pro_detail::UbuntuProExtractor one;
  return one;
}

}  // namespace eclair::extract
