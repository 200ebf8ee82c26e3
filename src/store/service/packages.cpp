// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "store/service/roles.h"

#include <algorithm>
#include <map>

namespace eclair::store::service {
namespace packages_detail {

Result<PackageVersion> decoded(std::string_view key) {
  Decoder in(key);
  PackageVersion out = decode_package(in);
  if (!in.ok() || !in.done()) return fail(Errc::unavailable, "a package version in the store is damaged");
  return out;
}

}  // namespace packages_detail

Result<std::uint64_t> number_of(Session& session, std::string_view key) {
  ECLAIR_TRY(auto* const get, session.statement("SELECT id FROM package WHERE key=?1"));
  ECLAIR_TRY(const bool there, get->blob(1, key).step());
  if (!there) return 0;
  const std::int64_t id = get->number_at(0);
  get->reset();
  return static_cast<std::uint64_t>(id);
}

Result<std::uint64_t> intern(Session& session, const PackageVersion& package, std::string_view key) {
  ECLAIR_TRY(std::uint64_t number, number_of(session, key));
  if (number != 0) return number;
  ECLAIR_TRY(auto* const put, session.statement("INSERT INTO package(key, name, source) VALUES(?1, ?2, ?3) ON CONFLICT (key) DO NOTHING RETURNING id"));
  put->blob(1, key).text(2, package.name);
  if (package.source() == package.name) {
    put->null(3);
  } else {
    put->text(3, package.source_name);
  }
  ECLAIR_TRY(const bool made, put->step());
  if (made) {
    const std::int64_t id = put->number_at(0);
    put->reset();
    return static_cast<std::uint64_t>(id);
  }
  // Another node was first.
  ECLAIR_TRY(number, number_of(session, key));
  return number != 0 ? Result<std::uint64_t>(number) : fail(Errc::conflict, "a package version was being stored by another node");
}

Result<PackageVersion> package(Session& session, std::uint64_t number) {
  ECLAIR_TRY(auto* const get, session.statement("SELECT key FROM package WHERE id=?1"));
  ECLAIR_TRY(const bool there, get->number(1, static_cast<std::int64_t>(number)).step());
  if (!there) return fail(Errc::not_found, "package version " + std::to_string(number) + " is not in the store");
  auto out = packages_detail::decoded(get->text_at(0));
  get->reset();
  return out;
}

Result<std::vector<ServiceStore::PackageNumber>> versions_of(Session& session, std::string_view name) {
  std::vector<ServiceStore::PackageNumber> out;
  ECLAIR_TRY(auto* const get, session.statement("SELECT id, key FROM package WHERE name=?1 UNION SELECT id, key FROM package WHERE source=?1 ORDER BY 1"));
  ECLAIR_TRY(bool more, get->text(1, name).step());
  while (more) {
    ECLAIR_TRY(PackageVersion package, packages_detail::decoded(get->text_at(1)));
    out.push_back({static_cast<std::uint64_t>(get->number_at(0)), std::move(package)});
    ECLAIR_TRY(more, get->step());
  }
  return out;
}

Result<std::vector<ServiceStore::NodeName>> adding(Session& session, std::string_view name_space, const std::vector<std::uint64_t>& packages,
                                                   std::int64_t after, std::size_t limit) {
  std::vector<ServiceStore::NodeName> out;
  if (limit == 0) return out;
  std::int64_t space = 0;
  if (!name_space.empty()) {
    ECLAIR_TRY(auto* const find, session.statement("SELECT id FROM namespace WHERE name=?1"));
    ECLAIR_TRY(const bool there, find->text(1, name_space).step());
    if (!there) return out;
    space = find->number_at(0);
    find->reset();
  }
  // Of each package version the first ones; of all together, the first ones again.
  std::vector<std::int64_t> nodes;
  ECLAIR_TRY(auto* const list, session.statement("SELECT node FROM node_package WHERE package=?1 AND namespace=?2 AND node>?3 ORDER BY node LIMIT ?4"));
  for (const std::uint64_t number : packages) {
    ECLAIR_TRY(bool more, list->number(1, static_cast<std::int64_t>(number)).number(2, space).number(3, after).number(4, static_cast<std::int64_t>(limit)).step());
    while (more) {
      nodes.push_back(list->number_at(0));
      ECLAIR_TRY(more, list->step());
    }
  }
  std::sort(nodes.begin(), nodes.end());
  nodes.erase(std::unique(nodes.begin(), nodes.end()), nodes.end());
  if (nodes.size() > limit) nodes.resize(limit);
  ECLAIR_TRY(auto* const get, session.statement("SELECT scope, name FROM node WHERE id=?1"));
  for (const std::int64_t id : nodes) {
    ECLAIR_TRY(const bool there, get->number(1, id).step());
    if (!there) continue;
    out.push_back({id, static_cast<Scope>(get->number_at(0)), std::string(get->text_at(1))});
    get->reset();
  }
  return out;
}

Result<std::vector<std::string>> namespaces(Session& session) {
  std::vector<std::string> out;
  ECLAIR_TRY(auto* const list, session.statement("SELECT name FROM namespace"));
  ECLAIR_TRY(bool more, list->step());
  while (more) {
    out.emplace_back(list->text_at(0));
    ECLAIR_TRY(more, list->step());
  }
  std::sort(out.begin(), out.end());  // by bytes, whatever the database's order of texts is
  return out;
}

Result<std::int64_t> namespace_number(Session& session, std::string_view name) {
  if (name.empty()) return 0;
  ECLAIR_TRY(auto* const get, session.statement("SELECT id FROM namespace WHERE name=?1"));
  for (int tries = 0; tries < 2; ++tries) {
    ECLAIR_TRY(const bool there, get->text(1, name).step());
    if (there) {
      const std::int64_t id = get->number_at(0);
      get->reset();
      return id;
    }
    ECLAIR_TRY(auto* const put, session.statement("INSERT INTO namespace(name) VALUES(?1) ON CONFLICT (name) DO NOTHING"));
    ECLAIR_CHECK_OK(put->text(1, name).run());
  }
  return fail(Errc::conflict, "a namespace was being stored by another node");
}

Result<> index_delta(Session& session, std::int64_t node, const Delta& delta) {
  for (const PackageGroup& group : delta.added) {
    ECLAIR_TRY(const std::int64_t space, namespace_number(session, group.name_space));
    ECLAIR_TRY(auto* const put, session.statement("INSERT INTO node_package(package, namespace, node) VALUES(?1,?2,?3) ON CONFLICT DO NOTHING"));
    for (const std::uint64_t number : group.packages) {
      ECLAIR_CHECK_OK(put->number(1, static_cast<std::int64_t>(number)).number(2, space).number(3, node).run());
    }
  }
  return {};
}

Result<> unindex_delta(Session& session, std::int64_t node, const Delta& delta) {
  for (const PackageGroup& group : delta.added) {
    ECLAIR_TRY(const std::int64_t space, namespace_number(session, group.name_space));
    ECLAIR_TRY(auto* const drop, session.statement("DELETE FROM node_package WHERE package=?1 AND namespace=?2 AND node=?3"));
    for (const std::uint64_t number : group.packages) {
      ECLAIR_CHECK_OK(drop->number(1, static_cast<std::int64_t>(number)).number(2, space).number(3, node).run());
    }
  }
  return {};
}

}  // namespace eclair::store::service
