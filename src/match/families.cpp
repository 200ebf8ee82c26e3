// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "match/families.h"

#include <algorithm>
#include <iterator>

namespace eclair::match {
namespace families_detail {

// A vendor is guessed from a maintainer's address, and Debian and Ubuntu share maintainers: each takes the other's addresses for its own.
// Fedora is not one of Enterprise Linux's: its packages there come from EPEL, of which the distribution's advisories do not speak.
constexpr Family kFamilies[] = {
    {"debian", "deb", "dpkg", "debian", "debian ubuntu raspbian", true, true},
    {"ubuntu", "deb", "dpkg", "ubuntu", "ubuntu canonical debian", true, true},
    {"alpine", "apk", "apk", "alpine", "alpine", false, false},
    {"wolfi", "apk", "apk", "wolfi", "wolfi chainguard", false, false},
    {"chainguard", "apk", "apk", "chainguard", "chainguard wolfi", false, false},
    {"minimos", "apk", "apk", "minimos", "minimos", false, false},
    {"rhel", "rpm", "rpm", "redhat-vex redhat", "redhat centos", true, false},  // CentOS rebuilds it, and has no advisories of its own
    {"rocky", "rpm", "rpm", "rocky", "rocky", false, false},
    {"almalinux", "rpm", "rpm", "almalinux alma", "almalinux alma", false, false},
    {"ol", "rpm", "rpm", "oracle ol", "oracle ol", false, false},
    {"fedora", "rpm", "rpm", "fedora", "fedora", false, false},
    {"amzn", "rpm", "rpm", "amazon amzn", "amazon amzn", false, false},
    {"sles", "rpm", "rpm", "suse", "suse", true, false},
    {"sle-micro", "rpm", "rpm", "suse", "suse", true, false},
    {"opensuse-leap", "rpm", "rpm", "suse opensuse", "suse opensuse", true, false},
    {"opensuse-tumbleweed", "rpm", "rpm", "suse opensuse", "suse opensuse", true, false},
    {"photon", "rpm", "rpm", "photon", "photon vmware broadcom", true, false},
    {"mariner", "rpm", "rpm", "azure", "microsoft mariner azurelinux", true, true},
    {"azurelinux", "rpm", "rpm", "azure", "microsoft azurelinux mariner", true, true},
    {"arch", "alpm", "pacman", "arch", "arch", true, true, "the tracker of Arch has recorded few vulnerabilities since 2021"},
    // ecosystems are called as OSV calls them, in lower case
    {"pypi", "pypi", "pep440", "", ""},
    {"npm", "npm", "semver", "", ""},
    {"go", "golang", "semver", "", ""},
    {"crates.io", "cargo", "semver", "", ""},
    {"hex", "hex", "semver", "", ""},
    {"maven", "maven", "maven", "", ""},
    {"rubygems", "gem", "gem", "", ""},
    {"nuget", "nuget", "nuget", "", ""},
    {"packagist", "composer", "composer", "", ""},
};

bool has_word(std::string_view list, std::string_view word) {
  while (!list.empty()) {
    const std::size_t end = list.find(' ');
    if (list.substr(0, end) == word) return true;
    list.remove_prefix(end == std::string_view::npos ? list.size() : end + 1);
  }
  return false;
}

}  // namespace families_detail

const Family* find_family(std::string_view name_space) {
  const std::string_view id = name_space.substr(0, name_space.find(':'));
  for (const Family& family : families_detail::kFamilies) {
    if (family.id == id) return &family;
  }
  return nullptr;
}

bool has_family(std::string_view type) {
  return std::any_of(std::begin(families_detail::kFamilies), std::end(families_detail::kFamilies),
                     [&](const Family& family) { return family.type == type; });
}

const Family* find_ecosystem(std::string_view type) {
  if (is_system_type(type)) return nullptr;
  for (const Family& family : families_detail::kFamilies) {
    if (family.type == type) return &family;
  }
  return nullptr;
}

bool is_system_type(std::string_view type) {
  return type == "deb" || type == "rpm" || type == "apk" || type == "alpm" || type == "opkg" || type == "ebuild";
}

bool is_own_feed(const Family& family, std::string_view feed) { return families_detail::has_word(family.feeds, feed); }

bool is_own_vendor(const Family& family, std::string_view vendor) {
  return vendor.empty() || family.vendors.empty() || families_detail::has_word(family.vendors, vendor);
}

bool lists_fixes_only(const Family& family, std::string_view feed) {
  return is_own_feed(family, feed) ? !family.own_unfixed : !family.osv_unfixed;
}

}  // namespace eclair::match
