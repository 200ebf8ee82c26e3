// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "store/service/roles.h"

#include <algorithm>

namespace eclair::store::service {
namespace images_detail {

std::string packed(const std::vector<std::int64_t>& nodes) {
  Encoder out;
  out.number(nodes.size());
  for (const std::int64_t node : nodes) out.number(static_cast<std::uint64_t>(node));
  return out.take();
}

std::vector<std::int64_t> unpacked(std::string_view bytes) {
  Decoder in(bytes);
  std::vector<std::int64_t> out(in.count());
  for (std::int64_t& node : out) node = static_cast<std::int64_t>(in.number());
  return in.ok() ? out : std::vector<std::int64_t>{};
}

struct Row {
  std::int64_t id = 0;
  StoredImage image;
};

/// Without names and document.
Row row_at(const sql::Statement& row) {
  Row out;
  out.id = row.number_at(0);
  out.image.digest = digest_of(row.text_at(1));
  out.image.nodes = unpacked(row.text_at(2));
  out.image.created = row.number_at(3);
  out.image.seen = row.number_at(4);
  return out;
}

Result<> add_names(Session& session, Row& row) {
  ECLAIR_TRY(auto* const list, session.statement("SELECT name FROM image_name WHERE image=?1"));
  ECLAIR_TRY(bool more, list->number(1, row.id).step());
  while (more) {
    row.image.names.emplace_back(list->text_at(0));
    ECLAIR_TRY(more, list->step());
  }
  std::sort(row.image.names.begin(), row.image.names.end());
  return {};
}

/// Without names and document.
Result<std::optional<Row>> find(Session& session, std::string_view digest_or_name) {
  if (const auto digest = Digest::parse(digest_or_name)) {
    ECLAIR_TRY(auto* const get, session.statement("SELECT id, digest, nodes, created, seen FROM image WHERE digest=?1"));
    const std::string key = key_of(*digest);
    ECLAIR_TRY(const bool there, get->blob(1, key).step());
    if (!there) return std::nullopt;
    Row out = row_at(*get);
    get->reset();
    return std::optional(std::move(out));
  }
  ECLAIR_TRY(auto* const get, session.statement("SELECT i.id, i.digest, i.nodes, i.created, i.seen FROM image_name m JOIN image i ON i.id=m.image WHERE m.name=?1"));
  ECLAIR_TRY(const bool there, get->text(1, digest_or_name).step());
  if (!there) return std::nullopt;
  Row out = row_at(*get);
  get->reset();
  return std::optional(std::move(out));
}

/// Layers of scope `image` that neither an image nor a child has, from the top down.
Result<> drop_unused_nodes(Session& session, const std::vector<std::int64_t>& nodes) {
  ECLAIR_TRY(auto* const used, session.statement("SELECT 1 FROM image_node WHERE node=?1 UNION ALL SELECT 1 FROM node WHERE parent=?1 "
                                                 "UNION ALL SELECT 1 FROM node WHERE id=?1 AND scope<>?2 LIMIT 1"));
  for (auto node = nodes.rbegin(); node != nodes.rend(); ++node) {
    ECLAIR_TRY(const bool there, used->number(1, *node).number(2, static_cast<int>(Scope::image)).step());
    used->reset();
    if (there) continue;
    ECLAIR_TRY([[maybe_unused]] const bool gone, remove_node(session, *node));
  }
  return {};
}

Result<> drop_row(Session& session, const Row& row) {
  ECLAIR_TRY(auto* const names, session.statement("DELETE FROM image_name WHERE image=?1"));
  ECLAIR_CHECK_OK(names->number(1, row.id).run());
  ECLAIR_TRY(auto* const nodes, session.statement("DELETE FROM image_node WHERE node=?1 AND image=?2"));
  for (const std::int64_t node : row.image.nodes) ECLAIR_CHECK_OK(nodes->number(1, node).number(2, row.id).run());
  ECLAIR_TRY(auto* const image, session.statement("DELETE FROM image WHERE id=?1"));
  return image->number(1, row.id).run();
}

}  // namespace images_detail
using namespace images_detail;

Result<> put_image(Session& session, const StoredImage& image) {
  const std::string key = key_of(image.digest), nodes = packed(image.nodes);
  ECLAIR_TRY(const auto before, find(session, image.digest.text));
  if (before) {
    ECLAIR_TRY(auto* const drop, session.statement("DELETE FROM image_node WHERE node=?1 AND image=?2"));
    for (const std::int64_t node : before->image.nodes) ECLAIR_CHECK_OK(drop->number(1, node).number(2, before->id).run());
  }
  ECLAIR_TRY(auto* const put, session.statement("INSERT INTO image(digest, document, nodes, created, seen) VALUES(?1,?2,?3,?4,?5) ON CONFLICT (digest) "
                                                "DO UPDATE SET document=excluded.document, nodes=excluded.nodes, seen=excluded.seen RETURNING id"));
  ECLAIR_TRY(const bool there, put->blob(1, key).blob(2, image.document).blob(3, nodes).number(4, image.created).number(5, image.seen).step());
  if (!there) return fail(Errc::internal, "an image was not kept");
  const std::int64_t id = put->number_at(0);
  put->reset();
  ECLAIR_TRY(auto* const name, session.statement("INSERT INTO image_name(name, image) VALUES(?1,?2) ON CONFLICT (name) DO UPDATE SET image=excluded.image"));
  for (const std::string& one : image.names) ECLAIR_CHECK_OK(name->text(1, one).number(2, id).run());
  ECLAIR_TRY(auto* const exists, session.statement("SELECT id FROM node WHERE id=?1"));
  ECLAIR_TRY(auto* const node, session.statement("INSERT INTO image_node(node, image) VALUES(?1,?2) ON CONFLICT DO NOTHING"));
  for (const std::int64_t one : image.nodes) {
    ECLAIR_TRY(const bool known, exists->number(1, one).step());
    exists->reset();
    if (!known) return fail(Errc::not_found, "a layer of the image is no longer in the store");
    ECLAIR_CHECK_OK(node->number(1, one).number(2, id).run());
  }
  return {};
}

Result<std::optional<StoredImage>> image(Session& session, std::string_view digest_or_name) {
  ECLAIR_TRY(auto row, find(session, digest_or_name));
  if (!row) return std::nullopt;
  ECLAIR_CHECK_OK(add_names(session, *row));
  ECLAIR_TRY(auto* const get, session.statement("SELECT document FROM image WHERE id=?1"));
  ECLAIR_TRY(const bool there, get->number(1, row->id).step());
  if (!there) return std::nullopt;
  row->image.document = get->text_at(0);
  get->reset();
  return std::optional(std::move(row->image));
}

Result<std::vector<StoredImage>> images(Session& session, std::string_view after, std::size_t limit) {
  std::string key;
  if (const auto digest = Digest::parse(after)) key = key_of(*digest);
  std::vector<Row> rows;
  ECLAIR_TRY(auto* const list, session.statement("SELECT id, digest, nodes, created, seen FROM image WHERE digest>?1 ORDER BY digest LIMIT ?2"));
  ECLAIR_TRY(bool more, list->blob(1, key).number(2, static_cast<std::int64_t>(limit)).step());
  while (more) {
    rows.push_back(row_at(*list));
    ECLAIR_TRY(more, list->step());
  }
  std::vector<StoredImage> out;
  for (Row& row : rows) {
    ECLAIR_CHECK_OK(add_names(session, row));
    out.push_back(std::move(row.image));
  }
  return out;
}

Result<std::vector<StoredImage>> images_with(Session& session, const std::vector<std::int64_t>& nodes, std::string_view after, std::size_t limit) {
  std::string key;
  if (const auto digest = Digest::parse(after)) key = key_of(*digest);
  std::vector<Row> rows;
  ECLAIR_TRY(auto* const list, session.statement("SELECT i.id, i.digest, i.nodes, i.created, i.seen FROM image_node m JOIN image i ON i.id=m.image WHERE m.node=?1 "
                                                 "AND i.digest>?2 ORDER BY i.digest LIMIT ?3"));
  for (const std::int64_t node : nodes) {
    ECLAIR_TRY(bool more, list->number(1, node).blob(2, key).number(3, static_cast<std::int64_t>(limit)).step());
    while (more) {
      rows.push_back(row_at(*list));
      ECLAIR_TRY(more, list->step());
    }
  }
  std::sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) { return a.image.digest < b.image.digest; });
  rows.erase(std::unique(rows.begin(), rows.end(), [](const Row& a, const Row& b) { return a.id == b.id; }), rows.end());
  if (rows.size() > limit) rows.resize(limit);
  std::vector<StoredImage> out;
  for (Row& row : rows) {
    ECLAIR_CHECK_OK(add_names(session, row));
    out.push_back(std::move(row.image));
  }
  return out;
}

Result<> drop_images_with(Session& session, const std::vector<std::int64_t>& nodes) {
  std::vector<Row> rows;
  ECLAIR_TRY(auto* const list, session.statement("SELECT i.id, i.digest, i.nodes, i.created, i.seen FROM image_node m JOIN image i ON i.id=m.image WHERE m.node=?1"));
  for (const std::int64_t node : nodes) {
    ECLAIR_TRY(bool more, list->number(1, node).step());
    while (more) {
      rows.push_back(row_at(*list));
      ECLAIR_TRY(more, list->step());
    }
  }
  for (const Row& row : rows) ECLAIR_CHECK_OK(drop_row(session, row));
  return {};
}

Result<bool> remove_image(Session& session, std::string_view digest_or_name) {
  ECLAIR_TRY(const auto row, find(session, digest_or_name));
  if (!row) return false;
  ECLAIR_CHECK_OK(drop_row(session, *row));
  ECLAIR_CHECK_OK(drop_unused_nodes(session, row->image.nodes));
  return true;
}

Result<std::uint64_t> expire(Session& session, UnixTime before) {
  std::uint64_t gone = 0;
  std::vector<Row> rows;
  ECLAIR_TRY(auto* const list, session.statement("SELECT id, digest, nodes, created, seen FROM image WHERE seen<?1 ORDER BY seen LIMIT 200"));
  ECLAIR_TRY(bool more, list->number(1, before).step());
  while (more) {
    rows.push_back(row_at(*list));
    ECLAIR_TRY(more, list->step());
  }
  for (const Row& row : rows) {
    ECLAIR_CHECK_OK(drop_row(session, row));
    ECLAIR_CHECK_OK(drop_unused_nodes(session, row.image.nodes));
    ++gone;
  }
  std::vector<std::int64_t> leaves;
  ECLAIR_TRY(auto* const old, session.statement("SELECT n.id FROM node n WHERE n.created<?1 AND NOT EXISTS (SELECT 1 FROM node c WHERE c.parent=n.id) "
                                                "AND (n.scope=?2 OR NOT EXISTS (SELECT 1 FROM image_node m WHERE m.node=n.id)) LIMIT 500"));
  ECLAIR_TRY(more, old->number(1, before).number(2, static_cast<int>(Scope::v1)).step());
  while (more) {
    leaves.push_back(old->number_at(0));
    ECLAIR_TRY(more, old->step());
  }
  for (const std::int64_t leaf : leaves) {
    ECLAIR_TRY([[maybe_unused]] const bool there, remove_node(session, leaf));
    ++gone;
  }
  return gone;
}

}  // namespace eclair::store::service
