// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "extract/deb_vendor.h"

#include <string>

#include "util/text.h"

namespace eclair::extract {
namespace deb_vendor_detail {

struct Rule {
  std::string_view what, vendor;
};

// Marks that builders put into versions. They come first: these repositories keep Debian's Maintainer.
constexpr Rule kVersionMarks[] = {
    {".pgdg", "postgresql"},          // apt.postgresql.org: 15.5-1.pgdg120+1
    {"nodesource", "nodesource"},     // 18.19.0-1nodesource1
    {"deb.sury.org", "sury"},         // 8.2.14-1+ubuntu22.04.1+deb.sury.org+1
    {"~++20", "llvm"},                // apt.llvm.org: 1:17.0.6~++20231208085846+6009708b4367-1~exp1
    {"+rpi", "raspbian"},             // 1.1.1n-0+deb11u3+rpt1 and +rpi1
    {"+rpt", "raspbian"},
};

// Ends of the address's domain, whole labels. Only those that mail for a whole repository comes from.
constexpr Rule kDomains[] = {
    {"lists.ubuntu.com", "ubuntu"},  // not ubuntu.com: its people maintain packages in Debian under these addresses
    {"debian.org", "debian"},
    {"debian.net", "debian"},
    {"raspbian.org", "raspbian"},
    {"raspberrypi.com", "raspbian"},
    {"raspberrypi.org", "raspbian"},
    {"devuan.org", "devuan"},
    {"proxmox.com", "proxmox"},
    {"system76.com", "system76"},
    {"linuxmint.com", "linuxmint"},
    {"docker.com", "docker"},
    {"nodesource.com", "nodesource"},
    {"dotnetfoundation.org", "microsoft"},
    {"hashicorp.com", "hashicorp"},
    {"kubernetes.io", "kubernetes"},
    {"azul.com", "azul"},
    {"bell-sw.com", "bellsoft"},
    {"nginx.com", "nginx"},
    {"f5.com", "nginx"},
    {"mongodb.com", "mongodb"},
    {"mariadb.org", "mariadb"},
    {"mariadb.com", "mariadb"},
    {"percona.com", "percona"},
    {"redis.com", "redis"},
    {"redis.io", "redis"},
    {"rabbitmq.com", "rabbitmq"},
    {"elastic.co", "elastic"},
    {"grafana.com", "grafana"},
    {"influxdata.com", "influxdata"},
    {"influxdb.com", "influxdata"},
    {"gitlab.com", "gitlab"},
    {"datadoghq.com", "datadog"},
    {"newrelic.com", "newrelic"},
    {"confluent.io", "confluent"},
    {"clickhouse.com", "clickhouse"},
    {"citusdata.com", "citus"},
    {"varnish-software.com", "varnish"},
    {"puppet.com", "puppet"},
    {"chef.io", "chef"},
    {"zabbix.com", "zabbix"},
    {"bitnami.com", "bitnami"},
};

// Whole addresses, of firms and projects whose people maintain packages in Debian too.
constexpr Rule kAddresses[] = {
    {"devel@kali.org", "kali"},
    {"temurin-dev@eclipse.org", "adoptium"},
    {"opensource+cli@github.com", "github"},
    {"yarn@dan.cx", "yarn"},
};

struct Firm {
  std::string_view domain, vendor, word;  // a word of the firm itself in the maintainer's name, lower case
};
constexpr Firm kFirms[] = {
    {"microsoft.com", "microsoft", "microsoft"}, {"microsoft.com", "microsoft", ".net"},   {"microsoft.com", "microsoft", "azure"},
    {"google.com", "google", "google"},          {"google.com", "google", "chrome"},       {"amazon.com", "amazon", "amazon"},
    {"amazon.com", "amazon", "corretto"},        {"nvidia.com", "nvidia", "nvidia"},       {"nvidia.com", "nvidia", "cuda"},
    {"oracle.com", "oracle", "mysql"},           {"oracle.com", "oracle", "oracle"},       {"intel.com", "intel", "intel"},
    {"amd.com", "amd", "amd"},                   {"amd.com", "amd", "rocm"},
};

std::string_view domain_of(std::string_view maintainer) {
  const std::size_t at = maintainer.rfind('@');
  if (at == std::string_view::npos) return {};
  const std::string_view rest = maintainer.substr(at + 1);
  return rest.substr(0, rest.find_first_of("> \t\r\n,"));
}

bool is_within(std::string_view domain, std::string_view zone) {
  if (domain.size() < zone.size() || !text::iequals(domain.substr(domain.size() - zone.size()), zone)) return false;
  return domain.size() == zone.size() || domain[domain.size() - zone.size() - 1] == '.';
}

}  // namespace deb_vendor_detail

std::string_view deb_vendor(std::string_view maintainer, std::string_view version) {
  using namespace deb_vendor_detail;
  for (const Rule& rule : kVersionMarks) {
    if (version.find(rule.what) != std::string_view::npos) return rule.vendor;
  }
  // packages.sury.org dates its builds: 8.2.13-1+0~20231121.13+debian12~1.gbp5db2a0
  if (version.find("+0~20") != std::string_view::npos && version.find(".gbp") != std::string_view::npos) return "sury";
  const std::string_view domain = domain_of(maintainer);
  if (domain.empty()) return {};
  for (const Rule& rule : kDomains) {
    if (is_within(domain, rule.what)) return rule.vendor;
  }
  const std::string whole = text::lower(maintainer);
  const std::string_view name = std::string_view(whole).substr(0, whole.rfind('<'));
  for (const Rule& rule : kAddresses) {
    if (whole.find("<" + std::string(rule.what) + ">") != std::string::npos) return rule.vendor;
  }
  for (const Firm& firm : kFirms) {
    if (is_within(domain, firm.domain) && name.find(firm.word) != std::string_view::npos) return firm.vendor;
  }
  return {};
}

}  // namespace eclair::extract
