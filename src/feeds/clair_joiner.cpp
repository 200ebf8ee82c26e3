// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "feeds/clair_joiner.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "feeds/osv_ranges.h"

namespace eclair::feeds {
namespace clair_joiner_detail {

constexpr std::size_t kMost = 5'000;  // ranges or products of one row

bool same_place(const ClairRow& a, const ClairRow& b) { return a.name_space == b.name_space && a.package == b.package; }

bool join_ranges(ClairRow& into, const ClairRow& row, const version::Scheme* scheme) {
  const Advisory &a = into.advisory, &b = row.advisory;
  if (!same_place(into, row) || a.vulnerability != b.vulnerability || a.record != b.record || a.aliases != b.aliases || a.ranges.empty() ||
      b.ranges.empty()) {
    return false;
  }
  if (a.ranges.size() >= kMost) return false;
  Advisory& to = into.advisory;
  to.ranges.insert(to.ranges.end(), b.ranges.begin(), b.ranges.end());
  const bool open = std::any_of(to.ranges.begin(), to.ranges.end(), [](const Range& range) { return range.upper.empty(); });
  const bool later =
      to.fixed_in.empty() || (scheme != nullptr ? scheme->compare(to.fixed_in, b.fixed_in) < 0 : loose_before(to.fixed_in, b.fixed_in));
  if (!b.fixed_in.empty() && later) to.fixed_in = b.fixed_in;
  if (open) to.fixed_in.clear();
  to.status = to.fixed_in.empty() ? Status::affected : Status::fixed;
  return true;
}

}  // namespace clair_joiner_detail

Result<> ClairJoiner::add(ClairRow row, bool language, const version::Scheme* scheme) {
  if (language && ranges_ && clair_joiner_detail::join_ranges(*ranges_, row, scheme)) return {};
  ECLAIR_CHECK_OK(kind(std::exchange(ranges_, std::nullopt)));
  ranges_ = std::move(row);
  return {};
}

Result<> ClairJoiner::finish() {
  ECLAIR_CHECK_OK(kind(std::exchange(ranges_, std::nullopt)));
  ECLAIR_CHECK_OK(product(std::exchange(kind_, std::nullopt)));
  if (auto last = std::exchange(product_, std::nullopt)) return to_(*std::move(last));
  return {};
}

Result<> ClairJoiner::kind(std::optional<ClairRow> row) {
  if (!row) return {};
  if (kind_ && clair_joiner_detail::same_place(*kind_, *row) && kind_->advisory.name_kind == NameKind::source &&
      row->advisory.name_kind == NameKind::binary) {
    row->advisory.name_kind = NameKind::source;
    const bool same = kind_->advisory == row->advisory;
    row->advisory.name_kind = NameKind::binary;
    if (same) {
      kind_->advisory.name_kind = NameKind::both;
      return {};
    }
  }
  ECLAIR_CHECK_OK(product(std::exchange(kind_, std::move(row))));
  return {};
}

Result<> ClairJoiner::product(std::optional<ClairRow> row) {
  if (!row) return {};
  if (product_ && clair_joiner_detail::same_place(*product_, *row) && !row->advisory.cpes.empty() && !product_->advisory.cpes.empty() &&
      product_->advisory.cpes.size() < clair_joiner_detail::kMost) {
    std::vector<std::string> cpes = std::exchange(row->advisory.cpes, {}), before = std::exchange(product_->advisory.cpes, {});
    const bool same = product_->advisory == row->advisory;
    if (same) before.insert(before.end(), cpes.begin(), cpes.end());
    std::sort(before.begin(), before.end());
    before.erase(std::unique(before.begin(), before.end()), before.end());
    product_->advisory.cpes = std::move(before);
    if (same) return {};
    row->advisory.cpes = std::move(cpes);
  }
  if (product_) ECLAIR_CHECK_OK(to_(*std::exchange(product_, std::nullopt)));
  product_ = std::move(row);
  return {};
}

}  // namespace eclair::feeds
