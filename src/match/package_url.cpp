// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "match/package_url.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <vector>

#include "match/families.h"
#include "match/match.h"
#include "model/codenames.h"
#include "util/text.h"

namespace eclair::match {
namespace package_url_detail {

tl::unexpected<Error> bad(std::string_view text, std::string_view why) {
  return fail(Errc::invalid_input, text::quoted(text, 200) + " is no package URL: " + std::string(why));
}

int hex(char c) {
  if (text::is_digit(c)) return c - '0';
  const char low = text::lower(c);
  return low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
}

/// "%2B" as "+". A "%" that begins no such thing stays: many writers forget to encode it.
std::string decode(std::string_view s) {
  std::string out;
  for (std::size_t i = 0; i < s.size(); ++i) {
    const bool escape = s[i] == '%' && i + 2 < s.size() && hex(s[i + 1]) >= 0 && hex(s[i + 2]) >= 0;
    out += escape ? static_cast<char>(hex(s[i + 1]) * 16 + hex(s[i + 2])) : s[i];
    if (escape) i += 2;
  }
  return out;
}

std::string_view strip_slashes(std::string_view s) {
  while (s.starts_with('/')) s.remove_prefix(1);
  while (s.ends_with('/')) s.remove_suffix(1);
  return s;
}

/// Decoded pieces of a path; empty ones, and those that only move about in it, are dropped.
std::string decode_path(std::string_view s, bool drop_dots) {
  std::string out;
  for (const std::string_view one : text::split(s, '/')) {
    const std::string piece = decode(one);
    if (piece.empty() || (drop_dots && (piece == "." || piece == ".."))) continue;
    if (!out.empty()) out += '/';
    out += piece;
  }
  return out;
}

bool is_type(std::string_view s) {
  const auto fits = [](char c) { return text::is_alpha(c) || text::is_digit(c) || c == '.' || c == '-' || c == '+'; };
  return !s.empty() && !text::is_digit(s[0]) && std::all_of(s.begin(), s.end(), fits);
}

bool is_key(std::string_view s) {
  const auto fits = [](char c) { return text::is_alpha(c) || text::is_digit(c) || c == '.' || c == '-' || c == '_'; };
  return !s.empty() && !text::is_digit(s[0]) && std::all_of(s.begin(), s.end(), fits);
}

bool ignores_case(std::string_view type) {
  constexpr std::array<std::string_view, 8> kTypes = {"deb", "apk", "alpm", "bitbucket", "composer", "github", "hex", "pypi"};
  return std::find(kTypes.begin(), kTypes.end(), type) != kTypes.end();
}

/// "12.4" of "debian-12.4": what follows the name of a distribution, which may have hyphens and digits of its own.
std::pair<std::string_view, std::string_view> split_distro(std::string_view s) {
  for (std::size_t at = s.find('-'); at != std::string_view::npos; at = s.find('-', at + 1)) {
    if (at + 1 < s.size() && text::is_digit(s[at + 1])) return {s.substr(0, at), s.substr(at + 1)};
  }
  return {s, {}};
}

}  // namespace package_url_detail

using namespace package_url_detail;

std::string_view PackageUrl::qualifier(std::string_view key) const {
  const auto found = qualifiers.find(key);
  return found == qualifiers.end() ? std::string_view{} : std::string_view(found->second);
}

Result<PackageUrl> parse_purl(std::string_view whole) {
  if (whole.size() > kMaxPurlBytes) return fail(Errc::limit, "a package URL of more than " + std::to_string(kMaxPurlBytes) + " bytes");
  std::string_view rest = text::trim(whole);
  PackageUrl out;
  if (const std::size_t at = rest.rfind('#'); at != std::string_view::npos) {
    out.subpath = decode_path(rest.substr(at + 1), true);
    rest = rest.substr(0, at);
  }
  if (const std::size_t at = rest.rfind('?'); at != std::string_view::npos) {
    for (const std::string_view pair : text::split(rest.substr(at + 1), '&')) {
      const auto [key, value] = text::cut(pair, '=');
      if (key.empty() && value.empty()) continue;
      if (!is_key(key)) return bad(whole, text::quoted(key, 60) + " is no name of a qualifier");
      std::string decoded = decode(value);
      if (!decoded.empty()) out.qualifiers.insert_or_assign(text::lower(key), std::move(decoded));
    }
    rest = rest.substr(0, at);
  }
  const std::size_t colon = rest.find(':');
  if (colon == std::string_view::npos || !text::iequals(rest.substr(0, colon), "pkg")) return bad(whole, "it does not begin with \"pkg:\"");
  rest = strip_slashes(rest.substr(colon + 1));
  const std::size_t slash = rest.find('/');
  if (slash == std::string_view::npos) return bad(whole, "there is no type, or no name");
  if (!is_type(rest.substr(0, slash))) return bad(whole, text::quoted(rest.substr(0, slash), 60) + " is no type");
  out.type = text::lower(rest.substr(0, slash));
  rest = strip_slashes(rest.substr(slash + 1));
  // An "@" at the beginning of a piece is a scope that should have been encoded.
  if (const std::size_t at = rest.rfind('@'); at != std::string_view::npos && (at == 0 ? rest.find('/') == std::string_view::npos : rest[at - 1] != '/')) {
    out.version = decode(rest.substr(at + 1));
    rest = strip_slashes(rest.substr(0, at));
  }
  const std::size_t last = rest.rfind('/');
  out.name = decode(last == std::string_view::npos ? rest : rest.substr(last + 1));
  if (last != std::string_view::npos) out.name_space = decode_path(rest.substr(0, last), false);
  if (out.name.empty()) return bad(whole, "there is no name");
  if (ignores_case(out.type)) {
    out.name = text::lower(out.name);
    out.name_space = text::lower(out.name_space);
  }
  if (out.type == "rpm") out.name_space = text::lower(out.name_space);
  if (out.type == "pypi") std::replace(out.name.begin(), out.name.end(), '_', '-');
  return out;
}

PackageVersion package_of(const PackageUrl& url) {
  PackageVersion out;
  out.type = url.type;
  out.name = url.name;
  out.version = url.version;
  if (!is_system_type(url.type)) {
    if (!url.name_space.empty()) out.name = url.name_space + (url.type == "maven" ? ':' : '/') + url.name;
    return out;
  }
  out.arch = url.qualifier("arch");
  const std::string_view epoch = url.qualifier("epoch");
  const bool has_epoch = out.version.find(':') != std::string::npos;
  if (!epoch.empty() && !has_epoch && !out.version.empty() && (url.type == "rpm" || epoch != "0")) out.version.insert(0, std::string(epoch) + ":");
  out.module = url.qualifier("modularitylabel");
  if (out.module.empty()) out.module = url.qualifier("rpmmod");
  if (!out.module.empty()) {  // name:stream:version:context
    const auto parts = text::split(out.module, ':');
    if (parts.size() > 2) out.module = std::string(parts[0]) + ":" + std::string(parts[1]);
  }
  const std::string_view upstream = url.qualifier("upstream");
  if (url.type == "rpm") {
    std::string_view file = upstream;
    for (const std::string_view suffix : {".rpm", ".src", ".nosrc"}) {
      if (file.ends_with(suffix)) file.remove_suffix(suffix.size());
    }
    const std::size_t release = file.rfind('-');
    const std::size_t version = release == std::string_view::npos || release == 0 ? release : file.rfind('-', release - 1);
    if (release != std::string_view::npos && version != std::string_view::npos && version > 0) {
      out.source_name = file.substr(0, version);
      out.source_version = file.substr(version + 1);
    }
  } else {
    const std::size_t at = upstream.rfind('@');
    out.source_name = upstream.substr(0, at);
    if (at != std::string_view::npos) out.source_version = upstream.substr(at + 1);
  }
  if (out.source_name == out.name) out.source_name.clear();
  if (out.source_version == out.version) out.source_version.clear();
  return out;
}

Os distribution(std::string_view name, std::string_view version) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 22> kWords = {{{"redhat", "rhel"},
                                                                                     {"red hat", "rhel"},
                                                                                     {"alma", "almalinux"},
                                                                                     {"amazon", "amzn"},
                                                                                     {"amazonlinux", "amzn"},
                                                                                     {"oracle", "ol"},
                                                                                     {"oraclelinux", "ol"},
                                                                                     {"rockylinux", "rocky"},
                                                                                     {"archlinux", "arch"},
                                                                                     {"cbl-mariner", "mariner"},
                                                                                     {"azure", "azurelinux"},
                                                                                     {"opensuse.leap", "opensuse-leap"},
                                                                                     {"opensuse leap", "opensuse-leap"},
                                                                                     {"opensuse.tumbleweed", "opensuse-tumbleweed"},
                                                                                     {"opensuse tumbleweed", "opensuse-tumbleweed"},
                                                                                     {"suse linux enterprise server", "sles"},
                                                                                     {"suse linux enterprise", "sles"},
                                                                                     {"suse linux enterprise micro", "sle-micro"},
                                                                                     {"slem", "sle-micro"},
                                                                                     {"slemicro", "sle-micro"},
                                                                                     {"suse", "sles"},
                                                                                     {"minimus", "minimos"}}};
  Os out;
  out.id = text::lower(text::trim(name));
  for (const auto& [theirs, ours] : kWords) {
    if (out.id == theirs) {
      out.id = ours;
      break;
    }
  }
  version = text::trim(version);
  version = version.substr(0, version.find(' '));  // "2 (Karoo)"
  if (out.id == "opensuse" && !version.empty()) out.id = text::is_digit(version[0]) && version.size() < 8 ? "opensuse-leap" : "opensuse-tumbleweed";
  const bool is_number = !version.empty() && (text::is_digit(version[0]) || (version[0] == 'v' && version.size() > 1 && text::is_digit(version[1])));
  if (is_number) {
    out.version = version[0] == 'v' ? version.substr(1) : version;
    out.codename = codename_of_release(out.id, out.version.substr(0, out.id == "debian" ? out.version.find('.') : std::string::npos));
  } else if (!version.empty()) {
    out.codename = text::lower(version.substr(0, version.find('/')));  // "trixie/sid"
    out.version = release_of_codename(out.id, out.codename);
    if (out.id == "alpine" && out.codename == "edge") out.pretty = "Alpine Linux edge";
  }
  return out;
}

Os distribution_of(const PackageUrl& url) {
  if (!is_system_type(url.type)) return {};
  const std::string distro = text::lower(url.qualifier("distro"));
  auto [name, version] = split_distro(distro);
  if (version.empty() && !name.empty()) {
    // "bookworm", "12", or a rolling distribution's own name; "debian-sid", "alpine-edge"
    const std::string prefix = url.name_space + "-";
    if (!url.name_space.empty() && name.starts_with(prefix)) {
      version = name.substr(prefix.size());
      name = url.name_space;
    } else if (text::is_digit(name[0]) || (!url.name_space.empty() && name != url.name_space && !release_of_codename(url.name_space, name).empty()) || name == "edge") {
      version = name;
      name = url.name_space;
    } else if (const std::size_t dash = name.rfind('-'); dash != std::string_view::npos && find_family(name.substr(0, dash)) != nullptr && find_family(name) == nullptr) {
      version = name.substr(dash + 1);
      name = name.substr(0, dash);
    }
  }
  if (name.empty()) name = url.name_space;
  return distribution(name, version);
}

}  // namespace eclair::match
