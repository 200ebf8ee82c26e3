// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "store/service/roles.h"

#include <algorithm>
#include <map>
#include <optional>

#include "store/service/together.h"

namespace eclair::store::service {
namespace packages_detail {

Result<PackageVersion> decoded(std::string_view key) {
  Decoder in(key);
  PackageVersion out = decode_package(in);
  if (!in.ok() || !in.done()) return fail(Errc::unavailable, "a package version in the store is damaged");
  return out;
}

Result<std::vector<ServiceStore::PackageNumber>> all(sql::Statement& list) {
  std::vector<ServiceStore::PackageNumber> out;
  ECLAIR_TRY(bool more, list.step());
  while (more) {
    ECLAIR_TRY(PackageVersion package, decoded(list.text_at(1)));
    out.push_back({static_cast<std::uint64_t>(list.number_at(0)), std::move(package)});
    ECLAIR_TRY(more, list.step());
  }
  return out;
}

}  // namespace packages_detail

Result<std::vector<std::uint64_t>> numbers_of(Session& session, const std::vector<std::string_view>& keys) {
  std::vector<std::uint64_t> out(keys.size(), 0);
  for (std::size_t begin = 0; begin < keys.size(); begin += kTogether) {
    const std::size_t count = std::min(kTogether, keys.size() - begin);
    const auto first = keys.begin() + static_cast<std::ptrdiff_t>(begin), last = first + static_cast<std::ptrdiff_t>(count);
    ECLAIR_CHECK_OK(ask_together(session, "SELECT id, key FROM package WHERE key IN (", begin, count,
                                 [&](sql::Statement& get, int parameter, std::size_t i) { get.blob(parameter, keys[i]); },
                                 [&](const sql::Statement& row) -> Result<> {
                                   const auto at = std::lower_bound(first, last, row.text_at(1));
                                   if (at != last && *at == row.text_at(1)) out[static_cast<std::size_t>(at - keys.begin())] = static_cast<std::uint64_t>(row.number_at(0));
                                   return {};
                                 }));
  }
  return out;
}

Result<std::vector<std::uint64_t>> intern(Session& session, const std::vector<const PackageVersion*>& packages, const std::vector<std::string_view>& keys) {
  ECLAIR_TRY(std::vector<std::uint64_t> out, numbers_of(session, keys));
  if (std::find(out.begin(), out.end(), 0u) == out.end()) return out;
  ECLAIR_TRY(auto* const put, session.statement("INSERT INTO package(key, name, source) VALUES(?1, ?2, ?3) ON CONFLICT (key) DO NOTHING"));
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (out[i] != 0) continue;
    const PackageVersion& package = *packages[i];
    put->blob(1, keys[i]).text(2, package.name);
    if (package.source() == package.name) {
      put->null(3);
    } else {
      put->text(3, package.source_name);
    }
    ECLAIR_CHECK_OK(put->run());
  }
  ECLAIR_TRY(out, numbers_of(session, keys));
  if (std::find(out.begin(), out.end(), 0u) == out.end()) return out;
  return fail(Errc::conflict, "a package version was being stored by another node");
}

Result<std::vector<PackageVersion>> packages(Session& session, const std::vector<std::uint64_t>& numbers) {
  std::vector<PackageVersion> out(numbers.size());
  std::vector<std::uint64_t> sorted = numbers;
  std::sort(sorted.begin(), sorted.end());
  sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
  std::vector<std::optional<PackageVersion>> found(sorted.size());
  for (std::size_t begin = 0; begin < sorted.size(); begin += kTogether) {
    ECLAIR_CHECK_OK(ask_together(session, "SELECT id, key FROM package WHERE id IN (", begin, std::min(kTogether, sorted.size() - begin),
                                 [&](sql::Statement& get, int parameter, std::size_t i) { get.number(parameter, static_cast<std::int64_t>(sorted[i])); },
                                 [&](const sql::Statement& row) -> Result<> {
                                   const auto at = std::lower_bound(sorted.begin(), sorted.end(), static_cast<std::uint64_t>(row.number_at(0)));
                                   ECLAIR_TRY(found[static_cast<std::size_t>(at - sorted.begin())], packages_detail::decoded(row.text_at(1)));
                                   return {};
                                 }));
  }
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const auto at = std::lower_bound(sorted.begin(), sorted.end(), numbers[i]);
    const auto& one = found[static_cast<std::size_t>(at - sorted.begin())];
    if (!one) return fail(Errc::not_found, "package version " + std::to_string(numbers[i]) + " is not in the store");
    out[i] = *one;
  }
  return out;
}

Result<std::vector<ServiceStore::PackageNumber>> versions_of(Session& session, std::string_view name) {
  ECLAIR_TRY(auto* const get, session.statement("SELECT id, key FROM package WHERE name=?1 UNION SELECT id, key FROM package WHERE source=?1 ORDER BY 1"));
  return packages_detail::all(get->text(1, name));
}

Result<std::vector<ServiceStore::PackageNumber>> versions_from(Session& session, std::string_view source_prefix) {
  std::string end(source_prefix);  // the first text after all that begin like that
  while (!end.empty() && end.back() == '\xff') end.pop_back();
  if (end.empty()) return std::vector<ServiceStore::PackageNumber>{};
  end.back() = static_cast<char>(end.back() + 1);
  ECLAIR_TRY(auto* const get, session.statement("SELECT id, key FROM package WHERE source>=?1 AND source<?2 ORDER BY id"));
  return packages_detail::all(get->text(1, source_prefix).text(2, end));
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
  for (std::size_t begin = 0; begin < nodes.size(); begin += kTogether) {
    ECLAIR_CHECK_OK(ask_together(session, "SELECT id, scope, name FROM node WHERE id IN (", begin, std::min(kTogether, nodes.size() - begin),
                                 [&](sql::Statement& get, int parameter, std::size_t i) { get.number(parameter, nodes[i]); },
                                 [&](const sql::Statement& row) -> Result<> {
                                   out.push_back({row.number_at(0), static_cast<Scope>(row.number_at(1)), std::string(row.text_at(2))});
                                   return {};
                                 }));
  }
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
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
