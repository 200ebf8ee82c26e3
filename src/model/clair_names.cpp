// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "model/clair_names.h"

#include <algorithm>
#include <vector>

#include "model/codenames.h"
#include "util/text.h"

namespace eclair {
namespace clair_names_detail {

bool starts_with(std::string_view s, std::string_view prefix) { return s.substr(0, prefix.size()) == prefix; }

struct Ecosystem {
  std::string_view name_space, uri;
};
constexpr Ecosystem kEcosystems[] = {{"go", "https://pkg.go.dev/"},
                                     {"maven", "https://repo1.maven.apache.org/maven2"},
                                     {"npm", "https://www.npmjs.com/"},
                                     {"pypi", "https://pypi.org/simple"},
                                     {"rubygems", "https://rubygems.org/gems/"}};

struct Updaters {
  std::string_view prefix, feed;
  bool whole;  ///< the prefix is the whole name
};
constexpr Updaters kUpdaters[] = {
    {"debian/updater", "debian", true},
    {"debian/updater/", "debian", false},  // of OVAL's time, one a release
    {"ubuntu/updater/", "ubuntu", false},
    {"ubuntu-", "ubuntu", false},
    {"alpine-", "alpine", false},
    {"aws-", "amazon", false},
    {"oracle-", "oracle", false},
    {"photon-updater-", "photon", false},
    {"suse-updater-", "suse", false},
    {"rhel-vex", "redhat-vex", true},
    {"osv/", "osv", false},
    {"clair.cvss", "nvd", true},
    {"clair.epss", "epss", true},
    {"clair.kev", "kev", true},
};

std::string capital(std::string_view word) {
  std::string out(word);
  if (!out.empty() && out[0] >= 'a' && out[0] <= 'z') out[0] = static_cast<char>(out[0] - 'a' + 'A');
  return out;
}

bool is_release(std::string_view s) {
  return !s.empty() && s.size() <= 16 && text::is_digit(s.front()) &&
         std::all_of(s.begin(), s.end(), [](char c) { return text::is_digit(c) || c == '.'; });
}

/// "2024" of "ELSA-2024-9999".
std::string_view year_of(std::string_view record) {
  const std::size_t at = record.find('-');
  if (at == std::string_view::npos || record.size() < at + 5) return {};
  const std::string_view year = record.substr(at + 1, 4);
  return std::all_of(year.begin(), year.end(), text::is_digit) ? year : std::string_view{};
}

}  // namespace clair_names_detail

std::string clair_updater(std::string_view feed, std::string_view name_space, std::string_view record) {
  using namespace clair_names_detail;
  const auto [family, release] = text::cut(name_space, ':');
  if (feed == "osv") {
    return clair_repository(name_space).name.empty() ? std::string() : "osv/" + std::string(name_space);
  }
  if (clair_distribution(name_space).did.empty()) return {};
  if (feed == "debian" && family == "debian") return "debian/updater";
  if (feed == "ubuntu" && family == "ubuntu") {
    const std::string_view codename = codename_of_release("ubuntu", release);
    return "ubuntu/updater/" + std::string(codename.empty() ? release : codename);
  }
  // Which of the two repositories a row came from is not kept.
  if (feed == "alpine" && family == "alpine") return "alpine-main-" + std::string(release) + "-updater";
  if (feed == "amazon" && family == "amzn") return "aws-AL" + std::string(release) + "-updater";
  if (feed == "oracle" && family == "ol") {
    const std::string_view year = year_of(record);
    return "oracle-" + std::string(year.empty() ? "other" : year) + "-updater";
  }
  if (feed == "photon" && family == "photon") return "photon-updater-" + std::string(release);
  if (feed == "suse" && family == "sles") return "suse-updater-suse.linux.enterprise.server." + std::string(release);
  if (feed == "suse" && family == "opensuse-leap") return "suse-updater-opensuse.leap." + std::string(release);
  if (feed == "redhat-vex" && family == "rhel") return "rhel-vex";
  return {};
}

bool clair_updater_spans(std::string_view feed) { return feed == "debian" || feed == "oracle" || feed == "redhat-vex"; }

std::string_view feed_of_clair_updater(std::string_view updater) {
  for (const auto& one : clair_names_detail::kUpdaters) {
    if (one.whole ? updater == one.prefix : clair_names_detail::starts_with(updater, one.prefix)) return one.feed;
  }
  return {};
}

ClairDistribution clair_distribution(std::string_view name_space) {
  using namespace clair_names_detail;
  const auto [family, number] = text::cut(name_space, ':');
  const std::string release(number);
  ClairDistribution out;
  if (family == "debian" && release == "unstable") {
    return {"debian", "Debian GNU/Linux", "", "sid", "", "", "Debian GNU/Linux sid"};
  }
  if (family == "alpine" && release == "edge") return {"alpine", "Alpine Linux", "", "", "edge", "", "Alpine Linux edge"};
  if (family == "alpine" && release.size() > 1 && release[0] == 'v' && is_release(release.substr(1))) {
    return {"alpine", "Alpine Linux", "", "", release.substr(1), "", "Alpine Linux " + release};
  }
  // "ubuntu:22.04:esm-apps" is no release, and a codename whose number is not known no version.
  if (!is_release(release)) return out;
  if (family == "debian") {
    const std::string codename(codename_of_release("debian", release));
    const std::string version = release + (codename.empty() ? "" : " (" + codename + ")");
    return {"debian", "Debian GNU/Linux", version, codename, release, "", "Debian GNU/Linux " + version};
  }
  if (family == "ubuntu") {
    const std::string codename(codename_of_release("ubuntu", release));
    return {"ubuntu", "Ubuntu",           release + (codename.empty() ? "" : " (" + capital(codename) + ")"), codename, release,
            "",       "Ubuntu " + release};
  }
  if (family == "rhel") {
    const std::string name = "Red Hat Enterprise Linux Server";
    return {"rhel", name, release, "", release, "cpe:2.3:o:redhat:enterprise_linux:" + release + ":*:*:*:*:*:*:*", name + " " + release};
  }
  if (family == "amzn" && release == "1") {
    return {
        "amzn", "Amazon Linux AMI", "2018.03", "", "2018.03", "cpe:2.3:o:amazon:linux:2018.03:ga:*:*:*:*:*:*", "Amazon Linux AMI 2018.03"};
  }
  if (family == "amzn") {
    return {"amzn",
            "Amazon Linux",
            release,
            "",
            release,
            "cpe:2.3:o:amazon:amazon_linux:" + release + ":*:*:*:*:*:*:*",
            "Amazon Linux " + release};
  }
  if (family == "ol")
    return {"ol", "Oracle Linux Server", release, "Oracle Linux " + release, release, "", "Oracle Linux Server " + release};
  if (family == "photon") return {"photon", "VMware Photon OS", release, "", release, "", "VMware Photon OS/Linux"};
  if (family == "sles") return {"sles", "SLES", release, "", release, "", "SUSE Linux Enterprise Server " + release};
  if (family == "opensuse-leap") return {"opensuse-leap", "openSUSE Leap", release, "", release, "", "openSUSE Leap " + release};
  return out;
}

std::string namespace_of_clair(const ClairDistribution& d) {
  using namespace clair_names_detail;
  // "12" of "12 (bookworm)": which of the fields is filled differs by updater, scanner and year.
  const std::string_view in_version = text::cut(d.version, ' ').first;
  std::string release(!d.version_id.empty() ? std::string_view(d.version_id) : in_version);
  if (release.empty() && (d.did == "debian" || d.did == "ubuntu")) release = release_of_codename(d.did, d.version_code_name);
  if (d.did == "debian" && release.empty() && d.version_code_name == "sid") return "debian:unstable";
  if (d.did == "alpine") {
    if (release.empty()) release = text::cut(d.pretty_name, 'v').second;  // "Alpine Linux v3.19"
    if (release == "edge" || d.pretty_name == "Alpine Linux edge") return "alpine:edge";
    if (!release.empty() && release[0] == 'v') release.erase(0, 1);
    const auto parts = text::split(release, '.');
    return is_release(release) && parts.size() >= 2 ? "alpine:v" + std::string(parts[0]) + "." + std::string(parts[1]) : std::string();
  }
  if (!is_release(release)) return {};
  const std::string major(text::cut(release, '.').first);
  if (d.did == "debian" || d.did == "rhel" || d.did == "ol") return d.did + ":" + major;
  if (d.did == "amzn") return major.size() == 4 && major < "2019" ? "amzn:1" : "amzn:" + major;
  if (d.did == "ubuntu") return "ubuntu:" + release;
  if (d.did == "photon") return "photon:" + release + (major == release ? ".0" : "");
  if (d.did == "opensuse-leap" || d.did == "opensuse") return "opensuse-leap:" + release;
  if (d.did == "sles" && release != major) return "sles:" + release;
  return {};
}

ClairRepository clair_repository(std::string_view name_space) {
  for (const auto& one : clair_names_detail::kEcosystems) {
    if (one.name_space == name_space) return {std::string(one.name_space), "", std::string(one.uri), ""};
  }
  return {};
}

std::string_view namespace_of_clair_repository(std::string_view name) {
  for (const auto& one : clair_names_detail::kEcosystems) {
    if (text::iequals(one.name_space, name)) return one.name_space;
  }
  return {};
}

std::string cpe_formatted(std::string_view uri) {
  constexpr std::size_t kParts = 11;
  if (!clair_names_detail::starts_with(uri, "cpe:/")) return {};
  std::string out = "cpe:2.3";
  const std::vector<std::string_view> parts = text::split(uri.substr(5), ':');
  for (std::size_t i = 0; i < kParts; ++i) {
    out += ':';
    const std::string_view part = i < parts.size() ? parts[i] : std::string_view{};
    if (part.empty()) {
      out += '*';
      continue;
    }
    for (std::size_t k = 0; k < part.size(); ++k) {
      char c = part[k];
      if (c == '%' && k + 2 < part.size()) {
        const auto digit = [](char h) { return text::is_digit(h) ? h - '0' : text::lower(h) - 'a' + 10; };
        c = static_cast<char>(digit(part[k + 1]) * 16 + digit(part[k + 2]));
        k += 2;
      }
      const bool plain = text::is_alpha(c) || text::is_digit(c) || c == '_' || c == '.' || c == '-';
      if (!plain && !(c == '*' && part.size() == 1)) out += '\\';
      out += c;
    }
  }
  return out;
}

std::string cpe_uri(std::string_view formatted) {
  constexpr std::string_view kPrefix = "cpe:2.3:";
  if (clair_names_detail::starts_with(formatted, "cpe:/")) return std::string(formatted);
  if (!clair_names_detail::starts_with(formatted, kPrefix)) return {};
  formatted.remove_prefix(kPrefix.size());
  std::vector<std::string> parts(1);
  for (std::size_t i = 0; i < formatted.size(); ++i) {
    if (formatted[i] == ':') {
      parts.emplace_back();
    } else if (formatted[i] == '\\' && i + 1 < formatted.size()) {
      const char c = formatted[++i];
      const bool plain = text::is_alpha(c) || text::is_digit(c) || c == '_' || c == '.' || c == '-';
      parts.back() += plain ? std::string(1, c) : text::lower(text::percent_encode(std::string_view(&c, 1)));
    } else {
      parts.back() += formatted[i];
    }
  }
  for (std::string& part : parts) {
    if (part == "*") part.clear();
  }
  while (!parts.empty() && parts.back().empty()) parts.pop_back();
  return parts.empty() ? std::string() : "cpe:/" + text::join(parts, ":");
}

}  // namespace eclair
