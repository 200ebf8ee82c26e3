// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "store/sql/portion_state.h"

#include "util/bytes.h"

namespace eclair::store::sql {
namespace portion_state_detail {
constexpr std::uint64_t kFormat = 1;
}  // namespace portion_state_detail

std::string encode_portion(const PortionState& state) {
  Encoder out;
  out.number(portion_state_detail::kFormat);
  out.number(state.revision);
  out.text(state.cursor);
  out.number(state.documents.size());
  for (const PortionState::Document& one : state.documents) {
    for (const std::string* const text : {&one.url, &one.etag, &one.last_modified, &one.digest}) out.text(*text);
  }
  out.number(state.namespaces.size());
  for (const std::string& one : state.namespaces) out.text(one);
  return out.take();
}

std::optional<PortionState> decode_portion(std::string_view name, std::string_view bytes) {
  Decoder in(bytes);
  if (in.number() != portion_state_detail::kFormat) return std::nullopt;
  PortionState out;
  out.name = name;
  out.revision = static_cast<std::uint32_t>(in.number());
  out.cursor = in.text();
  // Every element takes at least a byte: a hostile count ends with the bytes.
  for (std::uint64_t left = in.number(); in.ok() && left > 0; --left) {
    PortionState::Document one;
    for (std::string* const text : {&one.url, &one.etag, &one.last_modified, &one.digest}) *text = in.text();
    out.documents.push_back(std::move(one));
  }
  for (std::uint64_t left = in.number(); in.ok() && left > 0; --left) out.namespaces.emplace_back(in.text());
  if (!in.ok() || !in.done()) return std::nullopt;
  return out;
}

Result<> put_portions(Connection& connection, std::int64_t feed, const std::vector<PortionState>& portions, UnixTime at) {
  if (portions.empty()) return {};
  ECLAIR_TRY(auto put, connection.prepare("INSERT INTO portion(feed, name, state) VALUES(?1,?2,?3) ON CONFLICT (feed, name) DO UPDATE SET state=excluded.state"));
  ECLAIR_TRY(auto touch, connection.prepare("UPDATE feed_namespace SET fetched_at=?3 WHERE feed=?1 AND namespace=(SELECT id FROM namespace WHERE name=?2)"));
  for (const PortionState& one : portions) {
    const std::string state = encode_portion(one);
    ECLAIR_CHECK_OK(put.number(1, feed).text(2, one.name).blob(3, state).run());
    for (const std::string& name : one.namespaces) ECLAIR_CHECK_OK(touch.number(1, feed).text(2, name).number(3, at).run());
  }
  return {};
}

Result<> seen_until(Connection& connection, std::int64_t feed, UnixTime at) {
  ECLAIR_TRY(auto touch, connection.prepare("UPDATE snapshot SET seen_until=?2 WHERE feed=?1 AND seen_until<?2 AND at=(SELECT max(at) FROM snapshot WHERE feed=?1)"));
  return touch.number(1, feed).number(2, at).run();
}

}  // namespace eclair::store::sql
