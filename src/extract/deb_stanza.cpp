// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "extract/deb_stanza.h"

#include <string>

#include "extract/deb_vendor.h"
#include "extract/field_check.h"
#include "util/text.h"

namespace eclair::extract {
namespace deb_stanza_detail {

enum Field : std::size_t { kPackage, kStatus, kVersion, kArchitecture, kSource, kMaintainer, kPortVersion, kAbi, kFeature, kDefaultFeatures };
constexpr std::string_view kFields[] = {"Package",    "Status",       "Version", "Architecture", "Source",
                                        "Maintainer", "Port-Version", "Abi",     "Feature",      "Default-Features"};

bool is_vcpkg(const Stanza& stanza) {
  return stanza.has(kPortVersion) || stanza.has(kAbi) || stanza.has(kFeature) || stanza.has(kDefaultFeatures);
}

/// Why a paragraph cannot become a package; "" = it can.
std::string_view fault_of(const Stanza& stanza) {
  if (stanza.cut(kPackage) || stanza.cut(kVersion) || stanza.cut(kSource) || stanza.cut(kArchitecture)) return "an overlong field";
  if (stanza[kPackage].empty()) return "no Package field";
  if (!is_plain_word(stanza[kPackage])) return "a Package field that is no name";
  if (stanza[kVersion].empty()) return "no Version field";
  for (const char c : stanza[kVersion]) {  // blanks are wrong there too, but tell a reader more than nothing
    if (static_cast<unsigned char>(c) < ' ' || c == '\x7f') return "a Version field that is no version";
  }
  return {};
}

PackageVersion to_package(const Stanza& stanza, DebDialect dialect) {
  PackageVersion package;
  package.type = dialect == DebDialect::dpkg ? "deb" : "opkg";
  package.name = stanza[kPackage];
  package.version = stanza[kVersion];
  if (is_plain_word(stanza[kArchitecture])) package.arch = stanza[kArchitecture];
  if (dialect == DebDialect::opkg) return package;
  const SourceField source = parse_source(stanza[kSource]);
  if (source.name != package.name && is_plain_word(source.name)) package.source_name = source.name;
  if (source.version != package.version && is_plain_word(source.version)) package.source_version = source.version;
  package.vendor = deb_vendor(stanza[kMaintainer], package.version);
  return package;
}

}  // namespace deb_stanza_detail

bool is_present(std::string_view status) {
  const std::vector<std::string_view> words = text::words(status);
  if (words.empty()) return true;
  return !text::iequals(words.back(), "not-installed") && !text::iequals(words.back(), "config-files");
}

SourceField parse_source(std::string_view field) {
  field = text::trim(field);
  const std::size_t end = field.find_first_of(" \t\n(");
  SourceField source{field.substr(0, end), {}};
  if (end == std::string_view::npos) return source;
  const std::size_t open = field.find('(', end);
  if (open == std::string_view::npos) return source;
  const std::string_view rest = field.substr(open + 1);
  source.version = text::trim(rest.substr(0, rest.find(')')));
  return source;
}

Result<> read_deb_stanzas(const ByteSource& in, DebDialect dialect, const Limits& limits, const Cancel& stop, Sink& out) {
  using namespace deb_stanza_detail;
  Deb822Reader reader(in, kFields, limits.field_bytes);
  Stanza stanza;
  std::uint64_t stanzas = 0, good = 0;
  while (true) {
    if (stop.requested()) return fail(Errc::cancelled, {});
    ECLAIR_TRY(const bool more, reader.next(stanza));
    if (!more) break;
    if (stanzas++ == 0 && is_vcpkg(stanza)) return fail(Errc::unsupported, "a database of vcpkg, not of the system");
    if (!is_present(stanza[kStatus])) {
      ++good;
      continue;
    }
    const std::string_view fault = fault_of(stanza);
    if (fault.empty()) {
      ++good;
      out.package(to_package(stanza, dialect));
      continue;
    }
    out.note(fault == "an overlong field" ? "limit" : "bad_record", "paragraph at line " + std::to_string(stanza.line()) + " has " + std::string(fault) +
                               (stanza[kPackage].empty() ? std::string() : ", package " + text::quoted(stanza[kPackage])));
  }
  if (reader.bad_lines() > 0) {
    out.note("bad_record", std::to_string(reader.bad_lines()) + " lines that are no fields, first line " + std::to_string(reader.first_bad_line()));
  }
  if (good == 0 && (stanzas > 0 || reader.bad_lines() > 0)) return fail(Errc::invalid_input, "no package paragraph in a package database");
  return {};
}

}  // namespace eclair::extract
