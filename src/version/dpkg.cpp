// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
//
// Debian's order, of [epoch:]upstream[-revision]; source: dpkg's lib/dpkg/parsehelp.c and version.c.
//
// dpkg refuses some texts; an order must have a place for all. Each text is therefore first cut into the three parts by a rule that
// cannot fail, and the parts are compared one after the other: whatever the cutting does with nonsense, the order stays total.
#include "version/digits.h"
#include "version/scheme.h"

namespace eclair::version {
namespace dpkg_detail {

constexpr std::string_view kMaxEpoch = "2147483647";

constexpr bool is_blank(char c) { return c == ' ' || c == '\t'; }

struct Parts {
  std::string_view epoch{};  // digits; empty is zero
  std::string_view upstream{};
  std::string_view revision{};
  bool well_formed = true;  // dpkg reports no error; what it only warns about is well-formed
};

/// The number before the first colon as strtol(3) reads it, which is what dpkg does: line ends and a sign may stand before it.
/// False: no number, or a negative one.
bool read_epoch(std::string_view field, std::string_view& digits) noexcept {
  take_while(field, text::is_space);
  const bool negative = field.starts_with('-');
  if (negative || field.starts_with('+')) field.remove_prefix(1);
  digits = take_digits(field);
  if (digits.empty() || !field.empty()) return false;
  return !negative || compare_numbers(digits, {}) == 0;
}

Parts parse(std::string_view version) noexcept {
  Parts parts;
  while (!version.empty() && is_blank(version.front())) version.remove_prefix(1);
  while (!version.empty() && is_blank(version.back())) version.remove_suffix(1);
  for (const char c : version) {
    if (is_blank(c) || c == '\0') parts.well_formed = false;
  }
  if (const auto colon = version.find(':'); colon != std::string_view::npos) {
    if (read_epoch(version.substr(0, colon), parts.epoch)) {
      version.remove_prefix(colon + 1);
      if (compare_numbers(parts.epoch, kMaxEpoch) > 0) parts.well_formed = false;
    } else {
      parts.epoch = {};  // the text before the colon counts as upstream
      parts.well_formed = false;
    }
  }
  parts.upstream = version;
  if (const auto hyphen = version.rfind('-'); hyphen != std::string_view::npos) {
    parts.upstream = version.substr(0, hyphen);
    parts.revision = version.substr(hyphen + 1);
    if (parts.revision.empty()) parts.well_formed = false;
  }
  if (parts.upstream.empty()) parts.well_formed = false;
  return parts;
}

/// Tilde, then the end (or a digit: there the number decides), then letters, then all else.
/// Bytes from 128 up follow in byte order. dpkg takes a plain char, so that there its answer depends on the machine; it warns of them.
int weight(std::string_view rest) noexcept {
  if (rest.empty() || text::is_digit(rest.front())) return 0;
  const char c = rest.front();
  if (c == '~') return -1;
  const int code = static_cast<unsigned char>(c);
  return text::is_alpha(c) ? code : code + 256;
}

std::strong_ordering compare_part(std::string_view a, std::string_view b) noexcept {
  const auto at_text = [](std::string_view s) { return !s.empty() && !text::is_digit(s.front()); };
  while (!a.empty() || !b.empty()) {
    while (at_text(a) || at_text(b)) {
      if (const auto order = weight(a) <=> weight(b); order != 0) return order;
      a.remove_prefix(1);  // equal weights: neither is at its end or at a digit, as no character weighs 0
      b.remove_prefix(1);
    }
    const std::string_view left = take_digits(a);
    const std::string_view right = take_digits(b);
    if (const auto order = compare_numbers(left, right); order != 0) return order;
  }
  return std::strong_ordering::equal;
}

std::strong_ordering compare(std::string_view a, std::string_view b) noexcept {
  const Parts left = parse(a);
  const Parts right = parse(b);
  if (const auto order = compare_numbers(left.epoch, right.epoch); order != 0) return order;
  if (const auto order = compare_part(left.upstream, right.upstream); order != 0) return order;
  return compare_part(left.revision, right.revision);
}

bool is_valid(std::string_view version) noexcept { return parse(version).well_formed; }

constexpr Scheme kScheme{"dpkg", "Debian and opkg packages, as dpkg compares them", &compare, &compare, &compare, &is_valid};

}  // namespace dpkg_detail

const Scheme& dpkg() { return dpkg_detail::kScheme; }

}  // namespace eclair::version
