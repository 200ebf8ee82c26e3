// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// Ubuntu's OpenVEX documents: what its OSV records leave out. A statement speaks of the source packages among its products (the binary
// ones follow from them); fixes are told by OSV, and a package that a release does not have needs no word.
// source: https://security-metadata.canonical.com/vex/vex-all.tar.xz (2026-05), openvex/spec: OPENVEX-SPEC.md (0.2.0)
#include <set>
#include <string>

#include "feeds/json_members.h"
#include "feeds/ubuntu.h"
#include "util/text.h"
#include "version/scheme.h"

namespace eclair::feeds {
namespace ubuntu_vex_detail {

/// Of "pkg:deb/ubuntu/curl@7.81.0-1ubuntu1.24?arch=source&distro=jammy", what is encoded with % decoded.
struct Product {
  std::string name, version, arch, distro;
};

std::string decoded(std::string_view s) {
  std::string out;
  const auto digit = [](char c) { return text::is_digit(c) ? c - '0' : (text::lower(c) >= 'a' && text::lower(c) <= 'f') ? text::lower(c) - 'a' + 10 : -1; };
  for (std::size_t i = 0; i < s.size(); ++i) {
    if (s[i] == '%' && i + 2 < s.size() && digit(s[i + 1]) >= 0 && digit(s[i + 2]) >= 0) {
      out += static_cast<char>(digit(s[i + 1]) * 16 + digit(s[i + 2]));
      i += 2;
    } else {
      out += s[i];
    }
  }
  return out;
}

bool read_product(std::string_view purl, Product& to) {
  constexpr std::string_view kPrefix = "pkg:deb/ubuntu/";
  if (purl.substr(0, kPrefix.size()) != kPrefix) return false;
  const auto [name_and_version, qualifiers] = text::cut(purl.substr(kPrefix.size()), '?');
  const auto [name, version] = text::cut(name_and_version, '@');
  to.name = decoded(name);
  to.version = decoded(version);
  for (const std::string_view qualifier : text::split(qualifiers, '&')) {
    const auto [key, value] = text::cut(qualifier, '=');
    if (key == "arch") to.arch = value;
    if (key == "distro") to.distro = decoded(value);
  }
  return !to.name.empty();
}

bool contains(std::string_view s, std::string_view part) { return s.find(part) != std::string_view::npos; }

/// Status and reason; false: nothing that we keep.
bool read_status(json::Value statement, Advisory& to, bool& known) {
  const std::string_view word = statement["status"].string(), justification = statement["justification"].string();
  const std::string_view action = statement["action_statement"].string();
  known = true;
  if (word == "not_affected") {
    to.status = Status::not_affected;
    to.reason = justification;
    return justification != "component_not_present";
  }
  if (word == "under_investigation") {
    to.status = Status::under_investigation;
    return true;
  }
  if (word == "affected") {
    to.status = Status::affected;
    if (contains(action, "decided to not fix")) {
      to.status = Status::will_not_fix;
      to.reason = "the security team decided to not fix it";
    } else if (contains(action, "no longer supported")) {
      to.status = Status::end_of_life;
      to.reason = "no longer supported";
    }
    return true;
  }
  known = word == "fixed";
  return false;
}

}  // namespace ubuntu_vex_detail

Result<> read_ubuntu_vex(const ByteSource& in, const Limits& limits, const Cancel& stop, AdvisorySink& out) {
  using namespace ubuntu_vex_detail;
  const version::Scheme& dpkg = *version::find_scheme("dpkg");
  MemberReader reader(in, limits);
  json::Document document;
  std::set<std::string> removed, spaces;
  const auto statement = [&](json::Value one) -> Result<> {
    Advisory row;
    row.vulnerability = one["vulnerability"]["name"].string();
    if (row.vulnerability.rfind("CVE-", 0) != 0) {
      // Those of notices (USN) say only what was fixed.
      if (row.vulnerability.rfind("USN-", 0) != 0) out.bad_record("ubuntu: a statement on no CVE: " + text::quoted(row.vulnerability));
      return {};
    }
    row.record = "vex/" + row.vulnerability;
    row.name_kind = NameKind::source;
    if (removed.insert(row.record).second) ECLAIR_CHECK_OK(out.remove(row.record));  // told anew: where it no longer applies, it goes
    bool known = false;
    const bool keep = read_status(one, row, known);
    if (!known) {
      out.bad_record("ubuntu: " + text::quoted(row.record) + ": unknown status " + text::quoted(one["status"].string()));
      return {};
    }
    Result<> done;
    one["products"].each([&](json::Value product) {
      Product read;
      UbuntuPlace place;
      if (!read_product(product["@id"].string(), read)) {
        out.bad_record("ubuntu: " + text::quoted(row.record) + ": not a package of Ubuntu's: " + text::quoted(product["@id"].string()));
        return true;
      }
      if (read.arch != "source" || !ubuntu_place_of_suite(read.distro, place)) return true;
      spaces.insert(place.name_space());
      if (!keep) return true;
      Advisory told = row;
      // It speaks of what the release has now; a later version may come from a channel that has the fix.
      const bool affected = row.status != Status::not_affected && row.status != Status::under_investigation;
      if (affected && dpkg.is_valid(read.version)) told.ranges = {Range{.upper = read.version, .upper_inclusive = true}};
      done = out.advisory(place.name_space(), read.name, std::move(told));
      return done.has_value();
    });
    return done;
  };
  ECLAIR_CHECK_OK(reader.enter('{'));
  while (true) {
    ECLAIR_TRY(const bool more, reader.next());
    if (!more) break;
    if (reader.key() != "statements") continue;
    ECLAIR_TRY(const char list, reader.peek());
    if (list != '[') return fail(Errc::invalid_input, "statements is not a list");
    ECLAIR_CHECK_OK(reader.enter('['));
    while (true) {
      if (stop.requested()) return fail(Errc::cancelled, "cancelled");
      ECLAIR_TRY(const bool another, reader.next());
      if (!another) break;
      ECLAIR_TRY(const std::string_view text, reader.value());
      ECLAIR_TRY(const json::Value one, document.parse(text, limits.json_depth));
      ECLAIR_CHECK_OK(statement(one));
    }
  }
  ECLAIR_CHECK_OK(reader.finish());
  for (const std::string& name_space : spaces) out.complete(name_space, "vex");
  return {};
}

}  // namespace eclair::feeds
