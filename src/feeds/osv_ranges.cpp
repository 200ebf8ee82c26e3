// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "feeds/osv_ranges.h"

#include <algorithm>
#include <optional>

#include "util/text.h"

namespace eclair::feeds {
namespace osv_ranges_detail {

/// The next piece of a version: what it is, then what it says. Pieces compare in this order.
struct Piece {
  enum Kind { pre_release, end, post_release, number } kind = end;
  std::string text;  ///< letters in lower case; digits without leading zeros
};

Piece next_piece(std::string_view& rest) {
  while (!rest.empty() && !text::is_digit(rest.front()) && !text::is_alpha(rest.front())) rest.remove_prefix(1);
  if (rest.empty()) return {};
  Piece out;
  const bool digits = text::is_digit(rest.front());
  std::size_t n = 0;
  while (n < rest.size() && (digits ? text::is_digit(rest[n]) : text::is_alpha(rest[n]))) ++n;
  out.text = text::lower(rest.substr(0, n));
  rest.remove_prefix(n);
  if (digits) {
    out.kind = Piece::number;
    out.text.erase(0, std::min(out.text.find_first_not_of('0'), out.text.size()));
  } else {
    const bool later = out.text == "post" || out.text == "patch" || out.text == "p" || out.text == "pl" || out.text == "sp" || out.text == "final" ||
                       out.text == "release" || out.text == "ga";
    out.kind = later ? Piece::post_release : Piece::pre_release;
  }
  return out;
}

/// "0" as a lower bound is below every version, whatever the scheme thinks of "0". RustSec writes "0.0.0-0".
bool is_beginning(std::string_view version, bool semver) { return version == "0" || version.empty() || (semver && version == "0.0.0-0"); }

int rank(Bound bound) {
  switch (bound) {
    case Bound::introduced: return 0;
    case Bound::last_affected: return 1;
    case Bound::fixed: return 2;
    default: return 3;
  }
}

}  // namespace osv_ranges_detail

bool loose_before(std::string_view a, std::string_view b) {
  using osv_ranges_detail::Piece;
  if (!a.empty() && text::lower(a.front()) == 'v') a.remove_prefix(1);
  if (!b.empty() && text::lower(b.front()) == 'v') b.remove_prefix(1);
  while (true) {
    const Piece x = osv_ranges_detail::next_piece(a), y = osv_ranges_detail::next_piece(b);
    if (x.kind != y.kind) return x.kind < y.kind;
    if (x.kind == Piece::end) return false;
    if (x.kind == Piece::number && x.text.size() != y.text.size()) return x.text.size() < y.text.size();
    if (x.text != y.text) return x.text < y.text;
  }
}

std::vector<Range> fold_osv_events(std::vector<OsvEvent> events, const version::Scheme* scheme, bool semver) {
  using namespace osv_ranges_detail;
  const auto before = [&](std::string_view a, std::string_view b) { return scheme != nullptr ? scheme->compare(a, b) < 0 : loose_before(a, b); };
  std::stable_sort(events.begin(), events.end(), [&](const OsvEvent& a, const OsvEvent& b) {
    const bool a_first = a.bound == Bound::introduced && is_beginning(a.version, semver);
    const bool b_first = b.bound == Bound::introduced && is_beginning(b.version, semver);
    if (a_first || b_first) return a_first && !b_first;
    if (before(a.version, b.version)) return true;
    if (before(b.version, a.version)) return false;
    return rank(a.bound) < rank(b.bound);
  });

  std::vector<Range> out;
  std::optional<Range> open;
  const auto close = [&](const std::string& upper, bool inclusive) {
    open->upper = upper;
    open->upper_inclusive = inclusive;
    const bool empty = !inclusive && !open->introduced.empty() && !before(open->introduced, upper);
    if (!empty) out.push_back(*open);
    open.reset();
  };
  const std::string* limit = nullptr;  // the highest; a version must be below one of them
  bool has_star = false;
  for (std::size_t i = 0; i < events.size(); ++i) {
    const OsvEvent& event = events[i];
    switch (event.bound) {
      case Bound::introduced:
        if (open) break;
        open = Range{.introduced = is_beginning(event.version, semver) ? std::string() : event.version, .semver = semver};
        break;
      case Bound::fixed:
        if (open) close(event.version, false);
        break;
      case Bound::last_affected: {
        std::size_t next = i + 1;  // the last one affected, and fixed: at one version the fix has the last word
        while (next < events.size() && events[next].bound == Bound::last_affected && !before(event.version, events[next].version)) ++next;
        const bool fixed_too = next < events.size() && events[next].bound == Bound::fixed && !before(event.version, events[next].version);
        if (open) close(event.version, !fixed_too);
        break;
      }
      case Bound::limit:
        has_star = has_star || event.version == "*";
        if (limit == nullptr || before(*limit, event.version)) limit = &event.version;
        break;
    }
  }
  if (open) out.push_back(*open);
  if (has_star || limit == nullptr) return out;
  std::vector<Range> limited;
  for (Range& range : out) {
    if (!range.introduced.empty() && !before(range.introduced, *limit)) continue;
    if (range.upper.empty() || before(*limit, range.upper) || (range.upper_inclusive && !before(range.upper, *limit))) {
      range.upper = *limit;
      range.upper_inclusive = false;
    }
    limited.push_back(std::move(range));
  }
  return limited;
}

}  // namespace eclair::feeds
