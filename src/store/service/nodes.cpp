// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "store/service/roles.h"

#include <algorithm>

#include "store/service/together.h"

namespace eclair::store::service {
namespace nodes_detail {

constexpr std::string_view kColumns =
    "SELECT n.id, n.scope, n.name, n.parent, l.digest, n.api, o.content, s.name, n.revision, n.version, n.created, n.delta FROM node n "
    "LEFT JOIN layer l ON l.id=n.layer LEFT JOIN os o ON o.id=n.os LEFT JOIN namespace s ON s.id=n.namespace WHERE ";

/// The row that a statement of kColumns stands on.
Result<Node> node_at(sql::Statement& row) {
  Node out;
  out.id = row.number_at(0);
  out.scope = static_cast<Scope>(row.number_at(1));
  out.name = row.text_at(2);
  out.parent = row.null_at(3) ? 0 : row.number_at(3);
  out.record = digest_of(row.text_at(4));
  out.api = static_cast<int>(row.number_at(5));
  if (!row.null_at(6)) {
    Decoder in(row.text_at(6));
    out.os = decode_os(in);
  }
  out.name_space = row.text_at(7);
  out.revision = static_cast<std::uint32_t>(row.number_at(8));
  out.version = row.number_at(9);
  out.created = row.number_at(10);
  auto delta = decode_delta(row.text_at(11));
  if (!delta) return fail(Errc::unavailable, "the differences of layer " + out.name + " are damaged: " + delta.error().text);
  out.delta = std::move(*delta);
  return out;
}

Result<std::optional<Node>> only(sql::Statement& statement) {
  ECLAIR_TRY(const bool there, statement.step());
  if (!there) return std::nullopt;
  auto out = node_at(statement);
  statement.reset();
  if (!out) return fail(std::move(out).error());
  return std::optional<Node>(std::move(*out));
}

Result<std::int64_t> os_number(Session& session, const Os& os) {
  Encoder content;
  encode(os, content);
  ECLAIR_TRY(auto* const get, session.statement("SELECT id FROM os WHERE content=?1"));
  for (int tries = 0; tries < 2; ++tries) {
    ECLAIR_TRY(const bool there, get->blob(1, content.bytes()).step());
    if (there) {
      const std::int64_t id = get->number_at(0);
      get->reset();
      return id;
    }
    ECLAIR_TRY(auto* const put, session.statement("INSERT INTO os(content) VALUES(?1) ON CONFLICT (content) DO NOTHING"));
    ECLAIR_CHECK_OK(put->blob(1, content.bytes()).run());
  }
  return fail(Errc::conflict, "a distribution was being stored by another node");
}

/// The row of the record that a node is to refer to; 0 = none.
Result<std::int64_t> record_row(Session& session, const Node& node, const EncodedRecord* record) {
  if (record != nullptr) return put_record(session, *record);
  if (node.record.empty()) return 0;
  const std::string key = key_of(node.record);
  ECLAIR_TRY(auto* const get, session.statement("SELECT id FROM layer WHERE digest=?1"));
  ECLAIR_TRY(const bool there, get->blob(1, key).step());
  if (!there) return fail(Errc::not_found, "the record of layer " + node.name + " is no longer in the store");
  const std::int64_t id = get->number_at(0);
  get->reset();
  return id;
}

void number_or_null(sql::Statement& statement, int parameter, std::int64_t value) {
  if (value == 0) {
    statement.null(parameter);
  } else {
    statement.number(parameter, value);
  }
}

struct Fields {
  std::int64_t layer = 0, os = 0, space = 0;
};
Result<Fields> fields_of(Session& session, const Node& node, const EncodedRecord* record) {
  Fields out;
  ECLAIR_TRY(out.layer, record_row(session, node, record));
  if (node.os) {
    ECLAIR_TRY(out.os, os_number(session, node.os));
  }
  ECLAIR_TRY(out.space, namespace_number(session, node.name_space));
  return out;
}

/// The node and all that stand on it, level by level; empty: it is not there. A recursive query would be one question, but one for which a database with a few
/// nodes that carry most of the others reads all of them.
Result<std::vector<std::int64_t>> with_descendants(Session& session, std::int64_t id) {
  std::vector<std::int64_t> out;
  ECLAIR_TRY(auto* const get, session.statement("SELECT id FROM node WHERE id=?1"));
  ECLAIR_TRY(const bool there, get->number(1, id).step());
  get->reset();
  if (there) out.push_back(id);
  for (std::size_t begin = 0; begin < out.size();) {
    const std::size_t count = std::min(kTogether, out.size() - begin);
    ECLAIR_CHECK_OK(ask_together(session, "SELECT id FROM node WHERE parent IN (", begin, count,
                                 [&](sql::Statement& ask, int parameter, std::size_t i) { ask.number(parameter, out[i]); },
                                 [&](const sql::Statement& row) -> Result<> {
                                   out.push_back(row.number_at(0));
                                   return {};
                                 }));
    begin += count;
  }
  return out;
}

}  // namespace nodes_detail
using namespace nodes_detail;

Result<std::int64_t> put_node(Session& session, const Node& node, const EncodedRecord* record, UnixTime now) {
  ECLAIR_TRY(const auto known, mark(session, node.scope, node.name));
  if (known) return known->id;
  if (node.parent != 0) {
    ECLAIR_TRY(auto* const parent, session.statement("SELECT id FROM node WHERE id=?1"));
    ECLAIR_TRY(const bool there, parent->number(1, node.parent).step());
    parent->reset();
    if (!there) return fail(Errc::not_found, "the parent of layer " + node.name + " is no longer in the store");
  }
  ECLAIR_TRY(const Fields fields, fields_of(session, node, record));
  ECLAIR_TRY(auto* const put, session.statement("INSERT INTO node(scope, name, parent, layer, api, os, namespace, revision, version, created, delta) "
                                                "VALUES(?1,?2,?3,?4,?5,?6,?7,?8,1,?9,?10) ON CONFLICT (scope, name) DO NOTHING RETURNING id"));
  const std::string delta = encode(node.delta);
  put->number(1, static_cast<int>(node.scope)).text(2, node.name).number(5, node.api).number(8, node.revision).number(9, now).blob(10, delta);
  number_or_null(*put, 3, node.parent);
  number_or_null(*put, 4, fields.layer);
  number_or_null(*put, 6, fields.os);
  number_or_null(*put, 7, fields.space);
  ECLAIR_TRY(const bool there, put->step());
  if (!there) return fail(Errc::conflict, "layer " + node.name + " was being stored by another node");
  const std::int64_t id = put->number_at(0);
  put->reset();
  ECLAIR_CHECK_OK(index_delta(session, id, node.delta));
  return id;
}

Result<> replace_node(Session& session, std::int64_t id, const Node& node, const EncodedRecord* record) {
  ECLAIR_TRY(const auto before, service::node(session, id));
  if (!before) return fail(Errc::not_found, "layer " + node.name + " is no longer in the store");
  ECLAIR_CHECK_OK(unindex_delta(session, id, before->delta));
  ECLAIR_TRY(const Fields fields, fields_of(session, node, record));
  ECLAIR_TRY(const std::vector<std::int64_t> above, with_descendants(session, id));
  ECLAIR_TRY(auto* const raise, session.statement("UPDATE node SET version=version+1 WHERE id=?1"));
  for (const std::int64_t one : above) ECLAIR_CHECK_OK(raise->number(1, one).run());
  ECLAIR_TRY(auto* const put, session.statement("UPDATE node SET layer=?2, os=?3, namespace=?4, revision=?5, delta=?6 WHERE id=?1"));
  const std::string delta = encode(node.delta);
  put->number(1, id).number(5, node.revision).blob(6, delta);
  number_or_null(*put, 2, fields.layer);
  number_or_null(*put, 3, fields.os);
  number_or_null(*put, 4, fields.space);
  ECLAIR_CHECK_OK(put->run());
  return index_delta(session, id, node.delta);
}

Result<std::optional<Node>> node(Session& session, Scope scope, std::string_view name) {
  static const std::string sql = std::string(kColumns) + "n.scope=?1 AND n.name=?2";
  ECLAIR_TRY(auto* const get, session.statement(sql));
  return only(get->number(1, static_cast<int>(scope)).text(2, name));
}

Result<std::optional<Node>> node(Session& session, std::int64_t id) {
  static const std::string sql = std::string(kColumns) + "n.id=?1";
  ECLAIR_TRY(auto* const get, session.statement(sql));
  return only(get->number(1, id));
}

Result<std::optional<ServiceStore::NodeMark>> mark(Session& session, Scope scope, std::string_view name) {
  ECLAIR_TRY(auto* const get, session.statement("SELECT id, version, api FROM node WHERE scope=?1 AND name=?2"));
  ECLAIR_TRY(const bool there, get->number(1, static_cast<int>(scope)).text(2, name).step());
  if (!there) return std::nullopt;
  const ServiceStore::NodeMark out{get->number_at(0), get->number_at(1), static_cast<int>(get->number_at(2))};
  get->reset();
  return std::optional(out);
}

Result<bool> remove_node(Session& session, std::int64_t id) {
  struct Gone {
    std::int64_t id, layer;
    Delta delta;
  };
  std::vector<Gone> gone;
  std::vector<std::int64_t> layers;
  ECLAIR_TRY(const std::vector<std::int64_t> ids, with_descendants(session, id));
  for (std::size_t begin = 0; begin < ids.size(); begin += kTogether) {
    ECLAIR_CHECK_OK(ask_together(session, "SELECT id, layer, delta FROM node WHERE id IN (", begin, std::min(kTogether, ids.size() - begin),
                                 [&](sql::Statement& get, int parameter, std::size_t i) { get.number(parameter, ids[i]); },
                                 [&](const sql::Statement& row) -> Result<> {
                                   auto delta = decode_delta(row.text_at(2));  // a damaged one leaves rows that lead nowhere, which readers pass over
                                   gone.push_back({row.number_at(0), row.null_at(1) ? 0 : row.number_at(1), delta ? std::move(*delta) : Delta{}});
                                   if (gone.back().layer != 0) layers.push_back(gone.back().layer);
                                   return {};
                                 }));
  }
  if (gone.empty()) return false;
  ECLAIR_CHECK_OK(drop_images_with(session, ids));
  ECLAIR_TRY(auto* const drop, session.statement("DELETE FROM node WHERE id=?1"));
  std::sort(gone.begin(), gone.end(), [](const Gone& a, const Gone& b) { return a.id > b.id; });  // children before their parents
  for (const Gone& one : gone) {
    ECLAIR_CHECK_OK(unindex_delta(session, one.id, one.delta));
    ECLAIR_CHECK_OK(drop->number(1, one.id).run());
  }
  ECLAIR_CHECK_OK(drop_unused_records(session, layers));
  return true;
}

}  // namespace eclair::store::service
