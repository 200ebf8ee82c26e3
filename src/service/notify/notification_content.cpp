// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "service/notify/notification_content.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "match/classic_names.h"
#include "util/bytes.h"

namespace eclair::service {
namespace notification_content_detail {

constexpr char kVersion = 1;
constexpr std::size_t kPackedFrom = 512;
constexpr std::size_t kMaxBytes = 64u << 20;
constexpr std::uint64_t kBefore = 1, kAfter = 2;

void put(const Vulnerability& one, Encoder& out) {
  out.text(one.description);
  out.text(one.link);
  out.number(static_cast<std::uint64_t>(one.severity));
  out.text(one.severity_word);
  out.text(one.metadata);
  out.number(one.fixes.size());
  for (const Fix& fix : one.fixes) {
    out.text(fix.feature);
    out.text(fix.version);
  }
}

void get(Decoder& in, Vulnerability& to) {
  to.description = in.text();
  to.link = in.text();
  const std::uint64_t severity = in.number();
  if (severity > static_cast<std::uint64_t>(Severity::critical)) in.fail();
  to.severity = static_cast<Severity>(severity);
  to.severity_word = in.text();
  to.metadata = in.text();
  for (std::uint64_t left = in.count(2); left > 0 && in.ok(); --left) {
    std::string feature(in.text());
    to.fixes.push_back({std::move(feature), std::string(in.text())});
  }
}

struct Row {
  const store::AdvisoryRow* row;
  std::uint64_t sides;
};

/// Most rows are on both sides, and are kept once.
std::vector<Row> rows_of(const NotificationContent& content) {
  std::vector<Row> out;
  if (content.before) {
    for (const store::AdvisoryRow& row : content.before->rows) out.push_back({&row, kBefore});
  }
  if (!content.after) return out;
  const std::size_t before = out.size();
  for (const store::AdvisoryRow& row : content.after->rows) {
    const auto end = out.begin() + static_cast<std::ptrdiff_t>(before);
    const auto same = std::find_if(out.begin(), end, [&](const Row& one) {
      return one.sides == kBefore && one.row->feed == row.feed && one.row->package == row.package && one.row->advisory == row.advisory;
    });
    if (same != end) {
      same->sides = kBefore | kAfter;
    } else {
      out.push_back({&row, kAfter});
    }
  }
  return out;
}

bool get_rows(Decoder& in, NotificationContent& to) {
  for (std::uint64_t left = in.count(4); left > 0 && in.ok(); --left) {
    const std::uint64_t sides = in.number();
    store::AdvisoryRow row;
    row.feed = in.text();
    row.name_space = to.name_space;
    row.package = in.text();
    Decoder advisory(in.text());
    row.advisory = decode_advisory(advisory);
    if (!advisory.ok() || !advisory.done()) return false;
    if ((sides & kBefore) != 0 && to.before) to.before->rows.push_back(row);
    if ((sides & kAfter) != 0 && to.after) to.after->rows.push_back(std::move(row));
  }
  return in.ok();
}

}  // namespace notification_content_detail
using namespace notification_content_detail;

std::string encode(const NotificationContent& content) {
  Encoder body;
  body.text(content.name_space);
  body.text(content.vulnerability);
  body.number((content.before ? kBefore : 0) | (content.after ? kAfter : 0));
  if (content.before) put(content.before->vulnerability, body);
  if (content.after) put(content.after->vulnerability, body);
  const std::vector<Row> rows = rows_of(content);
  body.number(rows.size());
  Encoder advisory;
  for (const Row& one : rows) {
    advisory.clear();
    encode(one.row->advisory, advisory);
    body.number(one.sides);
    body.text(one.row->feed);
    body.text(one.row->package);
    body.text(advisory.bytes());
  }
  std::string out(1, kVersion);
  const bool packed = body.bytes().size() >= kPackedFrom;
  out += packed ? '\1' : '\0';
  out += packed ? zstd_pack(body.bytes()) : body.bytes();
  return out;
}

Result<NotificationContent> decode_notification(std::string_view stored) {
  const auto damaged = [] { return fail(Errc::unavailable, "a stored notification is damaged"); };
  if (stored.size() < 2 || stored[0] != kVersion) return damaged();
  std::string unpacked;
  std::string_view bytes = stored.substr(2);
  if (stored[1] != '\0') {
    auto whole = zstd_unpack(bytes, kMaxBytes);
    if (!whole) return damaged();
    unpacked = *std::move(whole);
    bytes = unpacked;
  }
  Decoder in(bytes);
  NotificationContent out;
  out.name_space = in.text();
  out.vulnerability = in.text();
  const std::uint64_t sides = in.number();
  for (const auto& [bit, side] : {std::pair{kBefore, &out.before}, std::pair{kAfter, &out.after}}) {
    if ((sides & bit) == 0) continue;
    Vulnerability& one = side->emplace().vulnerability;
    one.name = out.vulnerability;
    one.name_space = match::classic_name_space(out.name_space);
    get(in, one);
  }
  if (!get_rows(in, out) || !in.done()) return damaged();
  return out;
}

}  // namespace eclair::service
