// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "extract/rpm_package.h"

#include <algorithm>
#include <vector>

#include "extract/field_check.h"
#include "util/text.h"

namespace eclair::extract {
namespace rpm_package_detail {

struct Distribution {
  std::string_view prefix, id;
};
// Whole beginnings, not first words: "Fedora Copr - user" and "Oracle and/or its affiliates" (MySQL's own packages) are third parties.
constexpr Distribution kDistributions[] = {
    {"Red Hat", "redhat"},
    {"CentOS", "centos"},
    {"Fedora Project", "fedora"},
    {"Rocky", "rocky"},
    {"AlmaLinux", "almalinux"},
    {"Oracle America", "oracle"},
    {"Amazon", "amazon"},  // "Amazon Linux", "Amazon.com", "Amazon AWS"
    {"openSUSE", "opensuse"},
    {"SUSE", "suse"},
    {"VMware", "vmware"},
    {"Microsoft Corporation", "microsoft"},
    {"CloudLinux", "cloudlinux"},
};
constexpr std::string_view kCopr = " copr";  // "CentOS Copr", "Fedora Copr": builds of users
constexpr std::size_t kMaxIdBytes = 40;

bool is_distribution(std::string_view id) {
  return std::any_of(std::begin(kDistributions), std::end(kDistributions), [id](const Distribution& d) { return d.id == id; });
}

/// Lower-case words of letters, digits and inner dots and hyphens.
std::vector<std::string> id_words(std::string_view vendor) {
  if (const std::size_t scheme = vendor.find("://"); scheme != std::string_view::npos && vendor.find(' ') > scheme) vendor.remove_prefix(scheme + 3);
  std::vector<std::string> words(1);
  const auto close = [&words] {
    while (!words.back().empty() && !text::is_digit(words.back().back()) && !text::is_alpha(words.back().back())) words.back().pop_back();
    if (!words.back().empty() && words.back() != "the") {
      words.emplace_back();
    } else {
      words.back().clear();
    }
  };
  for (const char c : vendor.substr(0, 200)) {
    const bool inner = (c == '.' || c == '-') && !words.back().empty();
    if (text::is_alpha(c) || text::is_digit(c) || inner) {
      words.back().push_back(text::lower(c));
    } else {
      close();
    }
  }
  close();
  words.pop_back();
  return words;
}

std::string_view value(std::string_view field) {
  field = text::trim(field);
  return field == "(none)" ? std::string_view{} : field;
}

/// An optional field that has to be one word; odd ones are left out rather than shown.
std::string_view word(std::string_view field) {
  field = value(field);
  return is_plain_word(field) ? field : std::string_view{};
}

}  // namespace rpm_package_detail

std::string rpm_vendor_id(std::string_view vendor, std::string_view release) {
  using namespace rpm_package_detail;
  vendor = value(vendor);
  if (vendor.empty()) return release.find("amzn") != std::string_view::npos ? "amazon" : "";
  const std::string lower = text::lower(vendor.substr(0, 200));
  if (lower.find(kCopr) == std::string::npos) {
    for (const auto& [prefix, id] : kDistributions) {
      if (text::iequals(vendor.substr(0, prefix.size()), prefix)) return std::string(id);
    }
  }
  const std::vector<std::string> words = id_words(vendor);
  if (words.empty()) return "";
  std::string id = words[0];
  if (is_distribution(id)) id += "-" + (words.size() > 1 ? words[1] : std::string("other"));
  return id.substr(0, kMaxIdBytes);
}

SourceRpm split_source_rpm(std::string_view file_name) {
  for (const std::string_view ending : {".rpm", ".src", ".nosrc"}) {
    if (file_name.size() > ending.size() && file_name.substr(file_name.size() - ending.size()) == ending) file_name.remove_suffix(ending.size());
  }
  const std::size_t release = file_name.rfind('-');
  if (release == std::string_view::npos || release == 0) return {};
  const std::size_t version = file_name.rfind('-', release - 1);
  if (version == std::string_view::npos || version == 0 || version + 1 == release || release + 1 == file_name.size()) return {};
  return {file_name.substr(0, version), file_name.substr(version + 1)};
}

PackageVersion to_package(const RpmFields& fields) {
  using namespace rpm_package_detail;
  PackageVersion out;
  out.type = "rpm";
  out.name = fields.name;
  const std::string_view epoch = value(fields.epoch);
  if (!epoch.empty()) out.version.append(epoch).append(":");
  out.version.append(fields.version_release);
  out.arch = word(fields.arch);
  const SourceRpm source = split_source_rpm(word(fields.source_rpm));
  if (source.name != fields.name) out.source_name = source.name;
  if (source.version != out.version) out.source_version = source.version;
  const std::string_view label = word(fields.modularity_label);
  if (const std::size_t stream = label.find(':'); stream != std::string_view::npos && stream > 0 && stream + 1 < label.size()) {
    out.module = label.substr(0, label.find(':', stream + 1));
  }
  const std::size_t release = fields.version_release.rfind('-');
  out.vendor = rpm_vendor_id(fields.vendor, release == std::string_view::npos ? std::string_view{} : fields.version_release.substr(release + 1));
  return out;
}

}  // namespace eclair::extract
