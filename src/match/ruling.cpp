// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "match/ruling.h"

#include "util/text.h"

namespace eclair::match {
namespace ruling_detail {

std::string show(std::string_view version) { return text::clean(version, 120); }

/// Whether the version that ends a range is no fix that this row's readers can have: it comes from elsewhere, to subscribers.
bool declines_fix(const Advisory& advisory) {
  return advisory.status == Status::will_not_fix || advisory.status == Status::end_of_life || advisory.status == Status::fix_deferred;
}

/// The words for a row that names no fix.
std::string unfixed(const Advisory& advisory) {
  std::string words = "no fix yet";
  if (advisory.status == Status::fix_deferred) words = "the fix is deferred";
  if (advisory.status == Status::will_not_fix) words = "will not be fixed";
  if (advisory.status == Status::end_of_life) words = "out of support, no fix will come";
  if (advisory.status == Status::not_affected) words = "not affected";
  if (!advisory.reason.empty()) words += " (" + text::clean(advisory.reason, 120) + ")";
  return words;
}

bool open_below(const Range& range) { return range.introduced.empty() || range.introduced == "0"; }
bool open_above(const Range& range) { return range.upper.empty() || range.upper == "*"; }

Ruling incomparable(std::string_view version, const version::Scheme& scheme, bool installed) {
  return {Hit::incomparable,
          text::quoted(version) + (scheme.id == "apk" ? " is not an " : " is not a ") + std::string(scheme.id) + " version", installed};
}

Ruling in_range(const Advisory& advisory, const Range& range, std::string_view installed, const version::Scheme& scheme) {
  const bool low = !open_below(range), high = !open_above(range);
  if (!low && !high) return {Hit::yes, "every version is affected: " + unfixed(advisory)};
  // "below 0" is how a source says never; the order itself would let "0~1" in.
  if (!low && range.upper == "0" && !range.upper_inclusive) return {};
  if (low && !scheme.is_valid(range.introduced)) return incomparable(range.introduced, scheme, false);
  if (high && !scheme.is_valid(range.upper)) return incomparable(range.upper, scheme, false);
  if (!scheme.is_valid(installed)) return incomparable(installed, scheme, true);
  if (low && scheme.compare_to_bound(installed, range.introduced) < 0) return {};
  if (high) {
    const auto order = scheme.compare_to_bound(installed, range.upper);
    if (order > 0 || (order == 0 && !range.upper_inclusive)) return {};
  }
  std::string text = low ? show(range.introduced) + " <= " : std::string();
  text += show(installed);
  if (high) text += (range.upper_inclusive ? " <= " : " < ") + show(range.upper);
  text += " (" + std::string(scheme.id) + "): ";
  if (high && !range.upper_inclusive && declines_fix(advisory)) {
    text += unfixed(advisory);
  } else if (high && !range.upper_inclusive) {
    text += "fixed in " + show(range.upper);
  } else {
    text += (high ? "affected up to " + show(range.upper) + ", " : std::string("affected, ")) + unfixed(advisory);
  }
  return {Hit::yes, text};
}

/// Whether an explicit version is the installed one: in the order where both are versions, else letter by letter.
bool same(std::string_view listed, std::string_view installed, const version::Scheme& scheme) {
  if (listed == installed) return true;
  return scheme.is_valid(listed) && scheme.is_valid(installed) && scheme.compare_to_bound(installed, listed) == 0;
}

}  // namespace ruling_detail

bool says_not_affected(const Advisory& advisory) {
  return advisory.status == Status::not_affected ||
         (advisory.status == Status::fixed && advisory.fixed_in == "0" && advisory.ranges.empty() && advisory.versions.empty());
}

Ruling rule(const Advisory& advisory, std::string_view installed, const version::Scheme& scheme) {
  using namespace ruling_detail;
  if (says_not_affected(advisory) && advisory.ranges.empty() && advisory.versions.empty()) return {Hit::yes, "not affected"};
  for (const std::string& listed : advisory.versions) {
    if (same(listed, installed, scheme)) {
      return {Hit::yes, show(listed) + " = " + show(installed) + " (" + std::string(scheme.id) + "): named as affected"};
    }
  }
  if (advisory.ranges.empty()) {
    if (!advisory.versions.empty()) return {};
    if (advisory.status != Status::fixed) return {Hit::yes, "every version is affected: " + unfixed(advisory)};
    if (advisory.fixed_in.empty()) return {Hit::incomparable, "called fixed, but in no version"};
    return in_range(advisory, Range{"", advisory.fixed_in}, installed, scheme);
  }
  Ruling best;
  for (const Range& range : advisory.ranges) {
    const version::Scheme* order = range.semver ? version::find_scheme("semver") : &scheme;
    Ruling one = order != nullptr ? in_range(advisory, range, installed, *order)
                                  : Ruling{Hit::incomparable, "semantic versions cannot be compared here"};
    if (one.hit == Hit::yes) return one;
    // A range that could not be read may be the one that holds: not knowing outweighs "no".
    if (one.hit == Hit::incomparable && best.hit == Hit::no) best = std::move(one);
  }
  return best;
}

std::vector<std::string_view> offered_fixes(const Advisory& advisory) {
  std::vector<std::string_view> fixes;
  if (ruling_detail::declines_fix(advisory)) return fixes;
  if (!advisory.fixed_in.empty()) fixes.push_back(advisory.fixed_in);
  for (const Range& range : advisory.ranges) {
    if (!range.upper_inclusive && !ruling_detail::open_above(range)) fixes.push_back(range.upper);
  }
  return fixes;
}

}  // namespace eclair::match
