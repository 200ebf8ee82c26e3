// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "store/sql/advisory_changes.h"

#include <string>

#include "util/text.h"

// The stored form of a change (docs/design/encodings.md, "change"): what must be done to have the rows of before. So the state before any
// number of imports can be told, whatever the clock said, from the state that is read now.
namespace eclair::store::sql {
namespace advisory_changes_detail {

void encode_rows(const std::vector<std::string_view>& rows, Encoder& out) {
  out.number(rows.size());
  for (const std::string_view row : rows) out.text(row);
}

bool decode_rows(Decoder& in, std::vector<Advisory>& to) {
  const std::uint64_t count = in.count();
  for (std::uint64_t i = 0; i < count; ++i) {
    Decoder row(in.text());
    to.push_back(decode_advisory(row));
    if (!row.ok() || !row.done()) return false;
  }
  return in.ok();
}

bool decode(std::string_view stored, Change& to) {
  Decoder in(stored);
  if (!to.package.empty()) return decode_rows(in, to.gone) && decode_rows(in, to.come) && in.done();
  to.text_before = decode_vulnerability(in);
  return in.ok() && in.done();
}

}  // namespace advisory_changes_detail
using namespace advisory_changes_detail;

bool rates_alike(const VulnerabilityText& a, const VulnerabilityText& b) { return a.severity == b.severity && a.cvss == b.cvss; }

Result<> ChangeLog::begin(std::int64_t feed, std::int64_t last) {
  feed_ = feed;
  last_ = last;
  ECLAIR_TRY(put_, db_.prepare("INSERT INTO change(id, at, feed, namespace, vulnerability, package, undo) VALUES(?1,?2,?3,?4,?5,?6,?7)"));
  return {};
}

Result<> ChangeLog::put(std::int64_t name_space, std::string_view vulnerability, std::string_view package) {
  put_.number(1, ++last_).number(2, at_).number(3, feed_).number(4, name_space).text(5, vulnerability).text(6, package);
  return put_.blob(7, encoder_.bytes()).run();
}

Result<> ChangeLog::rows(std::int64_t name_space, std::string_view vulnerability, std::string_view package, const std::vector<std::string_view>& gone,
                         const std::vector<std::string_view>& come) {
  encoder_.clear();
  encode_rows(gone, encoder_);
  encode_rows(come, encoder_);
  return put(name_space, vulnerability, package);
}

Result<> ChangeLog::text(std::int64_t name_space, std::string_view vulnerability, const VulnerabilityText& before, bool whole) {
  VulnerabilityText kept;
  if (whole) kept = before;
  kept.id = vulnerability;
  kept.severity = before.severity;
  kept.cvss = before.cvss;
  encoder_.clear();
  encode(kept, encoder_);
  return put(name_space, vulnerability, "");
}

Result<> forget_changes(Connection& connection, UnixTime before) {
  ECLAIR_TRY(auto drop, connection.prepare("DELETE FROM change WHERE at<?1"));
  return drop.number(1, before).run();
}

Result<std::vector<Change>> changes(Connection& connection, std::int64_t after, std::size_t limit) {
  ECLAIR_TRY(auto list, connection.prepare("SELECT c.id, c.at, f.name, n.name, c.vulnerability, c.package, c.undo FROM change c JOIN feed f ON f.id=c.feed "
                                           "JOIN namespace n ON n.id=c.namespace WHERE c.id>?1 ORDER BY c.id LIMIT ?2"));
  std::vector<Change> out;
  ECLAIR_TRY(bool more, list.number(1, after).number(2, static_cast<std::int64_t>(limit)).step());
  while (more) {
    Change one;
    one.id = list.number_at(0);
    one.at = list.number_at(1);
    one.feed = list.text_at(2);
    one.name_space = list.text_at(3);
    one.vulnerability = list.text_at(4);
    one.package = list.text_at(5);
    if (!decode(list.text_at(6), one)) {
      return fail(Errc::unavailable, "what changed of " + text::quoted(one.vulnerability) + " in " + one.name_space + " (" + connection.name() + ") is damaged");
    }
    out.push_back(std::move(one));
    ECLAIR_TRY(more, list.step());
  }
  return out;
}

Result<std::int64_t> last_change(Connection& connection) {
  ECLAIR_TRY(auto get, connection.prepare("SELECT changes FROM state"));
  ECLAIR_TRY(const bool there, get.step());
  const std::int64_t out = there ? get.number_at(0) : 0;
  get.reset();
  return out;
}

}  // namespace eclair::store::sql
