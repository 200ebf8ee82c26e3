// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "feeds/osv_ecosystems.h"

#include "util/text.h"

namespace eclair::feeds {
namespace osv_ecosystems_detail {

struct Distribution {
  std::string_view name, name_space, scheme;
  NameKind kind;
};

// Which names a distribution's records carry differs even where all of them say "OSV": AlmaLinux names binaries, Rocky sources.
constexpr Distribution kDistributions[] = {
    {"almalinux", "almalinux", "rpm", NameKind::binary},
    {"alpine", "alpine", "apk", NameKind::source},
    {"azure linux", "azurelinux", "rpm", NameKind::source},
    {"chainguard", "chainguard", "apk", NameKind::source},
    {"debian", "debian", "dpkg", NameKind::source},
    {"echo", "echo", "dpkg", NameKind::source},
    {"mageia", "mageia", "rpm", NameKind::both},
    {"minimos", "minimos", "apk", NameKind::source},
    {"openeuler", "openeuler", "rpm", NameKind::both},
    {"opensuse", "opensuse", "rpm", NameKind::source},
    {"photon os", "photon", "rpm", NameKind::both},
    {"red hat", "red hat", "rpm", NameKind::both},
    {"rocky linux", "rocky", "rpm", NameKind::source},
    {"suse", "suse", "rpm", NameKind::source},
    {"ubuntu", "ubuntu", "dpkg", NameKind::source},
    {"wolfi", "wolfi", "apk", NameKind::source},
};

bool is_not_of_images(std::string_view base) { return base == "linux" || base == "android" || base == "oss-fuzz" || base == "git"; }

std::string with_release(std::string_view base, std::string_view name_space, std::string release) {
  if (base == "ubuntu" && release.size() > 4 && release.substr(release.size() - 4) == ":lts") release.resize(release.size() - 4);
  if (base == "opensuse" && release == "tumbleweed") return "opensuse-tumbleweed";
  if (base == "opensuse" && release.rfind("leap ", 0) == 0 && release.find(' ', 5) == std::string::npos) return "opensuse-leap:" + release.substr(5);
  return release.empty() ? std::string(name_space) : std::string(name_space) + ":" + release;
}

}  // namespace osv_ecosystems_detail

OsvEcosystem osv_ecosystem(std::string_view name) {
  using namespace osv_ecosystems_detail;
  OsvEcosystem out;
  const std::string lower = text::lower(text::trim(name));
  const auto [base, release] = text::cut(lower, ':');
  if (base.empty() || is_not_of_images(base)) return out;
  out.base = base;
  for (const Distribution& one : kDistributions) {
    if (one.name != base) continue;
    out.distribution = true;
    out.name_kind = one.kind;
    out.scheme = version::find_scheme(one.scheme);
    out.name_space = with_release(base, one.name_space, std::string(release));
    return out;
  }
  out.scheme = version::find_scheme(base);
  out.name_space = lower;
  return out;
}

std::string osv_package_name(const OsvEcosystem& ecosystem, std::string_view name) {
  if (ecosystem.base == "pypi") {
    std::string out;
    for (const char c : name) {
      const bool separator = c == '-' || c == '_' || c == '.';
      if (!separator) {
        out += text::lower(c);
      } else if (out.empty() || out.back() != '-') {
        out += '-';
      }
    }
    return out;
  }
  if (ecosystem.base == "nuget" || ecosystem.base == "packagist" || ecosystem.base == "github actions") return text::lower(name);
  return std::string(name);
}

}  // namespace eclair::feeds
