// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "store/copy.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "store/content_sum.h"
#include "store/sql/advisory_schema.h"
#include "store/sql/connection.h"
#include "store/sql/layer_schema.h"
#include "store/sql/open.h"
#include "store/sqlite/connection.h"
#include "util/bytes.h"
#include "util/text.h"

namespace eclair::store {
namespace copy_detail {

constexpr std::uint64_t kProgressRows = 4096;
constexpr std::string_view kMadeWithRow = "state";  // of one row that is there from the beginning

struct Part {
  std::string_view name;
  const sql::Schema& schema;
};
// Layers first: they hold how far somebody has followed the advisories' changes, and that must not be ahead of them.
const Part kParts[] = {{"layers", sql::kLayers}, {"advisories", sql::kAdvisories}};

bool has_id(const sql::Table& table) { return table.columns.front().name == "id" && table.columns.front().kind == sql::Table::Kind::number; }

std::string selection(const sql::Table& table) {
  std::string out;
  for (const auto& column : table.columns) out += (out.empty() ? "SELECT \"" : ", \"") + column.name + "\"";
  out += " FROM \"" + table.name + "\"";
  return has_id(table) ? out + " ORDER BY id" : out;  // what a row refers to was there before it
}

std::string insertion(const sql::Table& table) {
  std::string names, values;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    names += (i > 0 ? ", \"" : "\"") + table.columns[i].name + "\"";
    values += (i > 0 ? ",?" : "?") + std::to_string(i + 1);
  }
  return "INSERT INTO \"" + table.name + "\"(" + names + ") VALUES(" + values + ")";
}

/// Rows that were read: how many, and what they were.
struct Seen {
  std::uint64_t rows = 0;
  std::int64_t last_id = 0;
  ContentSum sum;
  Encoder encoder;

  void add(const sql::Table& table, const sql::Statement& row) {
    encoder.clear();
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      const int column = static_cast<int>(i);
      encoder.number(row.null_at(column) ? 0 : 1);
      if (table.columns[i].kind == sql::Table::Kind::number) encoder.number(static_cast<std::uint64_t>(row.number_at(column)));
      else encoder.text(row.text_at(column));
    }
    sum.add(ContentSum::of({encoder.bytes()}));
    ++rows;
    if (has_id(table)) last_id = std::max(last_id, row.number_at(0));
  }
};

/// One store on its way.
class Move {
 public:
  Move(const Part& part, std::vector<sql::Table> tables, sql::Connection from, sql::Connection to)
      : part_(part), tables_(std::move(tables)), from_(std::move(from)), to_(std::move(to)) {}

  Result<> begin() {
    ECLAIR_CHECK_OK(from_.begin_read());
    ECLAIR_CHECK_OK(to_.expect_import());
    ECLAIR_TRY(auto transaction, sql::Transaction::begin(to_));
    transaction_.emplace(std::move(transaction));
    for (const sql::Table& table : tables_) {
      ECLAIR_TRY(auto some, to_.prepare("SELECT 1 FROM \"" + table.name + "\" LIMIT 1"));
      ECLAIR_TRY(const bool there, some.step());
      if (there && table.name != kMadeWithRow) {
        return fail(Errc::conflict, to_.name() + " is not empty: there are rows of " + text::quoted(table.name) + "; a copy is made where nothing is yet");
      }
    }
    return {};
  }

  template <class Progress>
  Result<> copy(const Progress& progress, const Cancel& stop, std::vector<CopiedTable>& done) {
    for (const sql::Table& table : tables_) {
      if (table.name == kMadeWithRow) {
        ECLAIR_TRY(auto drop, to_.prepare("DELETE FROM \"" + table.name + "\""));
        ECLAIR_CHECK_OK(drop.run());
      }
      Seen there, here;
      ECLAIR_TRY(auto put, to_.prepare(insertion(table)));
      ECLAIR_CHECK_OK(walk(from_, table, [&](const sql::Statement& row) -> Result<> {
        there.add(table, row);
        if (there.rows % kProgressRows == 0) {
          if (stop.requested()) return fail(Errc::cancelled, "interrupted");
          progress(part_.name, table.name, there.rows);
        }
        return put_row(table, row, put);
      }));
      ECLAIR_TRY(const std::int64_t last, from_.last_number(table.name));
      if (has_id(table)) ECLAIR_CHECK_OK(to_.set_last_number(table.name, std::max(last, there.last_id)));
      ECLAIR_CHECK_OK(walk(to_, table, [&](const sql::Statement& row) -> Result<> {
        here.add(table, row);
        if (here.rows % kProgressRows == 0 && stop.requested()) return fail(Errc::cancelled, "interrupted");
        return {};
      }));
      if (here.rows != there.rows || here.sum.stored() != there.sum.stored()) {
        return fail(Errc::internal, "the copy of " + text::quoted(table.name) + " is not what was copied: " + std::to_string(here.rows) + " rows, sum " + here.sum.id() +
                                        ", of " + std::to_string(there.rows) + ", sum " + there.sum.id());
      }
      done.push_back({part_.name, table.name, there.rows, there.sum.id()});
    }
    return {};
  }

  Result<> commit() {
    ECLAIR_CHECK_OK(transaction_->commit());
    to_.checkpoint();
    return {};
  }

 private:
  template <class Row>
  static Result<> walk(sql::Connection& connection, const sql::Table& table, const Row& each) {
    ECLAIR_TRY(auto list, connection.prepare(selection(table), sql::Rows::many));
    ECLAIR_TRY(bool more, list.step());
    while (more) {
      ECLAIR_CHECK_OK(each(list));
      ECLAIR_TRY(more, list.step());
    }
    return {};
  }

  static Result<> put_row(const sql::Table& table, const sql::Statement& row, sql::Statement& put) {
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      const int column = static_cast<int>(i), parameter = column + 1;
      if (row.null_at(column)) put.null(parameter);
      else if (table.columns[i].kind == sql::Table::Kind::number) put.number(parameter, row.number_at(column));
      else if (table.columns[i].kind == sql::Table::Kind::text) put.text(parameter, row.text_at(column));
      else put.blob(parameter, row.text_at(column));
    }
    return put.run();
  }

  const Part& part_;
  const std::vector<sql::Table> tables_;
  sql::Connection from_, to_;
  std::optional<sql::Transaction> transaction_;  // goes first
};

}  // namespace copy_detail

Result<std::vector<CopiedTable>> copy_stores(const std::string& from, const std::string& to,
                                             const std::function<void(std::string_view, std::string_view, std::uint64_t)>& progress, const Cancel& stop) {
  using namespace copy_detail;
  std::vector<std::unique_ptr<Move>> moves;  // stay where they are: their transactions point to them
  for (const Part& part : kParts) {
    ECLAIR_TRY(const bool there, sql::exists(from, part.schema));
    if (!there) continue;
    ECLAIR_TRY(auto tables, sqlite::tables_of(part.schema));
    ECLAIR_TRY(auto source, sql::open(from, part.schema));
    ECLAIR_TRY(auto target, sql::open(to, part.schema));
    moves.push_back(std::make_unique<Move>(part, std::move(tables), std::move(source), std::move(target)));
  }
  if (moves.empty()) return fail(Errc::not_found, "nothing is kept there that could be copied: neither layers nor advisories");
  for (const auto& one : moves) ECLAIR_CHECK_OK(one->begin());
  std::vector<CopiedTable> out;
  for (const auto& one : moves) ECLAIR_CHECK_OK(one->copy(progress, stop, out));
  for (const auto& one : moves) ECLAIR_CHECK_OK(one->commit());
  return out;
}

}  // namespace eclair::store
