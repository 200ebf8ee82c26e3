// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "store/postgres/link.h"

#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "store/postgres/pq_library.h"

namespace eclair::store::postgres {
namespace link_detail {

constexpr int kOldestServer = 130000;
constexpr Oid kBigint = 20;
// So much may be on its way: enough to fill a network, little enough to hold.
constexpr std::size_t kMostSent = 1024, kMostBytes = 8u << 20;
constexpr std::size_t kFlushEach = 128, kFlushBytes = 1u << 20;
constexpr std::size_t kShownSql = 80;

/// Before the address, which may say otherwise. A server that is gone without a word is noticed in about a minute.
constexpr std::pair<const char*, const char*> kDefaults[] = {
    {"fallback_application_name", "eclair"}, {"connect_timeout", "10"}, {"keepalives_idle", "30"}, {"keepalives_interval", "10"}, {"keepalives_count", "3"},
    {"tcp_user_timeout", "60000"},
};

/// Which failures are whose: SQLSTATE classes of PostgreSQL's appendix A.
Errc code_of(std::string_view state) {
  if (state == "40001" || state == "40P01" || state == "23505" || state == "23503") return Errc::conflict;
  if (state == "22021" || state == "22P05") return Errc::invalid_input;  // bytes that are no text
  const std::string_view kind = state.substr(0, 2);
  if (kind == "08" || kind == "28" || kind == "53" || kind == "55" || kind == "57" || kind == "58" || kind == "XX" || kind == "25") return Errc::unavailable;
  if (state == "42501" || state == "3D000") return Errc::unavailable;  // no permission, no such database
  return Errc::internal;
}

std::string one_line(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  text.erase(std::remove(text.begin(), text.end(), '\t'), text.end());
  while (!text.empty() && text.back() == ' ') text.pop_back();
  return text;
}

}  // namespace link_detail
using namespace link_detail;

void ResultDeleter::operator()(pg_result* result) const { pq->clear(result); }

Link::Link(const PqLibrary& pq, std::string address, std::string search_path)
    : pq_(pq), address_(std::move(address)), search_path_(std::move(search_path)) {}

Link::~Link() { close(); }

void Link::close() {
  if (conn_ != nullptr) pq_.finish(std::exchange(conn_, nullptr));
  sent_.clear();
  bytes_ = since_flush_ = bytes_since_flush_ = 0;
}

Result<> Link::parse() {
  char* why = nullptr;
  PQconninfoOption* const options = pq_.conninfoParse(address_.c_str(), &why);
  if (why != nullptr) pq_.freemem(why);  // may quote the password
  if (options == nullptr) return fail(Errc::invalid_input, "the address of the PostgreSQL database does not parse");
  std::string host, port, database;
  for (const PQconninfoOption* one = options; one->keyword != nullptr; ++one) {
    if (one->val == nullptr) continue;
    const std::string_view keyword = one->keyword;
    if (keyword == "host" || (keyword == "hostaddr" && host.empty())) host = one->val;
    if (keyword == "port") port = one->val;
    if (keyword == "dbname") database = one->val;
    if (keyword == "password") password_ = one->val;
  }
  pq_.conninfoFree(options);
  // A password with "/" or "@" in it that was not escaped has its parts taken for something else.
  if (port.find_first_not_of("0123456789,") != std::string::npos) return fail(Errc::invalid_input, "the address of the PostgreSQL database does not parse");
  if (database.find_first_of("@:/?") != std::string::npos) database.clear();
  name_ = "PostgreSQL at " + (host.empty() ? "this machine" : host) + (port.empty() ? "" : ":" + port) + (database.empty() ? "" : "/" + database);
  return {};
}

std::string Link::without_password(std::string text) const {
  constexpr std::size_t kShortest = 4;  // of less, every word would be full
  if (password_.size() < kShortest) return text;
  for (std::size_t at = 0; (at = text.find(password_, at)) != std::string::npos; at += 3) text.replace(at, password_.size(), "***");
  return text;
}

Result<> Link::connect() {
  close();
  std::vector<const char*> keys, values;
  for (const auto& [key, value] : kDefaults) {
    keys.push_back(key);
    values.push_back(value);
  }
  keys.insert(keys.end(), {"dbname", "client_encoding", nullptr});
  values.insert(values.end(), {address_.c_str(), "UTF8", nullptr});
  conn_ = pq_.connectdbParams(keys.data(), values.data(), 1);
  if (conn_ == nullptr) return fail(Errc::unavailable, "cannot connect to " + name_ + ": no memory");
  ++epoch_;
  failed_.reset();
  if (pq_.status(conn_) != CONNECTION_OK) {
    Error error{Errc::unavailable, "cannot connect to " + name_ + ": " + without_password(one_line(pq_.errorMessage(conn_)))};
    close();
    return fail(std::move(error));
  }
  pq_.setNoticeProcessor(conn_, [](void*, const char*) {}, nullptr);
  const int version = pq_.serverVersion(conn_);
  if (version < kOldestServer) {
    close();
    return fail(Errc::unsupported, name_ + " is PostgreSQL " + std::to_string(version / 10000) + "; 13 or later is needed");
  }
  pq_.setnonblocking(conn_, 1);
  // Queries are small and many: compiling one costs more than it saves. A writer waits for others as long as in SQLite, ten minutes.
  const auto set = simple("SET search_path TO " + search_path_ + "; SET jit TO off; SET lock_timeout TO '10min'; SET standard_conforming_strings TO on; "
                          // A machine that is gone without a word must not keep others waiting for the hours of the server's own settings.
                          "SET tcp_keepalives_idle TO 30; SET tcp_keepalives_interval TO 10; SET tcp_keepalives_count TO 3; SET tcp_user_timeout TO 60000");
  if (!set) {
    close();
    return fail(set.error());
  }
  return {};
}

bool Link::alive() {
  if (conn_ == nullptr) return false;
  return pq_.consumeInput(conn_) == 1 && pq_.status(conn_) == CONNECTION_OK;
}

Error Link::lost(std::string_view doing) {
  std::string why = conn_ == nullptr ? "" : without_password(one_line(pq_.errorMessage(conn_)));
  std::string text = "the connection to " + name_ + " was lost" + (doing.empty() ? "" : " at: " + std::string(doing.substr(0, kShownSql)));
  close();
  return Error{Errc::unavailable, text + (why.empty() ? "" : " (" + why + ")")};
}

Error Link::error_of(const pg_result* answer, std::string_view sql) const {
  const auto field = [&](int code) {
    const char* text = pq_.resultErrorField(answer, code);
    return std::string(text == nullptr ? "" : text);
  };
  const std::string state = field(PG_DIAG_SQLSTATE);
  const std::string shown = one_line(std::string(sql.substr(0, kShownSql)));
  return Error{code_of(state), "cannot use " + name_ + ": " + without_password(one_line(field(PG_DIAG_MESSAGE_PRIMARY))) + " [" + state + "] at: " + shown};
}

Result<Answer> Link::simple(const std::string& statements) {
  if (conn_ == nullptr) return fail(lost(statements));
  pq_.exitPipelineMode(conn_);
  Answer answer(pq_.exec(conn_, statements.c_str()), ResultDeleter{&pq_});
  if (answer == nullptr || pq_.status(conn_) != CONNECTION_OK) return fail(lost(statements));
  const ExecStatusType status = pq_.resultStatus(answer.get());
  std::optional<Error> error;
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && status != PGRES_EMPTY_QUERY) error = error_of(answer.get(), statements);
  if (pq_.enterPipelineMode(conn_) != 1) return fail(lost(statements));
  if (error) return fail(*std::move(error));
  return answer;
}

Result<> Link::sent(Prepared* prepare, std::string_view sql, std::size_t bytes, int ok) {
  if (ok != 1) return fail(lost(sql));
  sent_.push_back({false, prepare, sql, bytes});
  bytes_ += bytes;
  bytes_since_flush_ += bytes;
  if (++since_flush_ < kFlushEach && bytes_since_flush_ < kFlushBytes) return {};
  // Answers up to here are to come without being asked for again.
  since_flush_ = bytes_since_flush_ = 0;
  if (pq_.sendFlushRequest(conn_) != 1 || pq_.flush(conn_) < 0) return fail(lost(sql));
  if (sent_.size() < kMostSent && bytes_ < kMostBytes) return {};
  return take_until(kMostSent / 2, kMostBytes / 2);
}

Result<> Link::send(Prepared& statement, const std::vector<Value>& values) {
  if (conn_ == nullptr) return fail(lost(statement.sql));
  std::vector<Oid> types;
  std::vector<const char*> bytes;
  std::vector<int> sizes, formats;
  std::size_t total = 0;
  for (const Value& one : values) {
    types.push_back(one.is_number ? kBigint : 0);
    bytes.push_back(one.is_null ? nullptr : one.bytes.data() == nullptr ? "" : one.bytes.data());
    sizes.push_back(static_cast<int>(one.bytes.size()));
    formats.push_back(1);
    total += one.bytes.size();
  }
  const int n = static_cast<int>(values.size());
  if (statement.name.empty()) {
    return sent(nullptr, statement.sql, total,
                pq_.sendQueryParams(conn_, statement.sql.c_str(), n, types.data(), bytes.data(), sizes.data(), formats.data(), 1));
  }
  if (statement.epoch != epoch_) {
    const int ok = pq_.sendPrepare(conn_, statement.name.c_str(), statement.sql.c_str(), n, types.data());
    statement.epoch = epoch_;
    ECLAIR_CHECK_OK(sent(&statement, statement.sql, 0, ok));
  }
  return sent(nullptr, statement.sql, total,
              pq_.sendQueryPrepared(conn_, statement.name.c_str(), n, bytes.data(), sizes.data(), formats.data(), 1));
}

Result<> Link::send(std::string_view statement) {
  if (conn_ == nullptr) return fail(lost(statement));
  const int ok = pq_.sendQueryParams(conn_, std::string(statement).c_str(), 0, nullptr, nullptr, nullptr, nullptr, 1);
  return sent(nullptr, statement, 0, ok);
}

/// Writes all there is to write, and reads meanwhile: a server whose answers nobody takes stops reading.
Result<> Link::push_out() {
  while (true) {
    const int left = pq_.flush(conn_);
    if (left == 0) return {};
    pollfd both{pq_.socket(conn_), POLLIN | POLLOUT, 0};
    if (left < 0 || (::poll(&both, 1, -1) < 0 && errno != EINTR)) return fail(lost(""));
    if ((both.revents & POLLIN) != 0 && pq_.consumeInput(conn_) != 1) return fail(lost(""));
  }
}

/// The answer to what was sent first.
Result<Answer> Link::take() {
  ECLAIR_CHECK_OK(push_out());
  const Sent first = sent_.front();
  if (first.is_sync) {
    const Answer end(pq_.getResult(conn_), ResultDeleter{&pq_});
    if (end == nullptr || pq_.resultStatus(end.get()) != PGRES_PIPELINE_SYNC) return fail(lost(""));
    sent_.pop_front();
    return Answer(nullptr, ResultDeleter{&pq_});
  }
  Answer out(nullptr, ResultDeleter{&pq_});
  while (pg_result* const answer = pq_.getResult(conn_)) out.reset(answer);
  if (out == nullptr || pq_.status(conn_) != CONNECTION_OK) {
    // The server may have said why before it hung up.
    std::optional<Error> said;
    if (out != nullptr && pq_.resultErrorField(out.get(), PG_DIAG_SQLSTATE) != nullptr) said = error_of(out.get(), first.sql);
    out.reset();
    Error error = lost(first.sql);
    if (said) error.text += ": " + said->text;
    return fail(std::move(error));
  }
  bytes_ -= std::min(bytes_, first.bytes);
  sent_.pop_front();
  const ExecStatusType status = pq_.resultStatus(out.get());
  if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY) return out;
  if (first.prepare != nullptr) first.prepare->epoch = 0;
  if (!failed_ && status != PGRES_PIPELINE_ABORTED) failed_ = error_of(out.get(), first.sql);
  return Answer(nullptr, ResultDeleter{&pq_});
}

Result<> Link::take_until(std::size_t left, std::size_t bytes_left) {
  // Only what was asked to be flushed is sure to come.
  while (sent_.size() > since_flush_ && (sent_.size() > left || bytes_ > bytes_left)) {
    ECLAIR_CHECK_OK(take());
    if (failed_) return {};  // settle() tells
  }
  return {};
}

Result<> Link::sync() {
  if (conn_ == nullptr || pq_.pipelineSync(conn_) != 1) return fail(lost(""));
  sent_.push_back({true, nullptr, {}, 0});
  since_flush_ = bytes_since_flush_ = 0;
  return {};
}

Result<> Link::post() {
  ECLAIR_CHECK_OK(sync());
  return push_out();
}

Result<Answer> Link::settle() {
  ECLAIR_CHECK_OK(sync());
  Answer last(nullptr, ResultDeleter{&pq_});
  while (!sent_.empty()) {
    const bool is_end = sent_.front().is_sync;
    ECLAIR_TRY(Answer answer, take());
    if (!is_end) last = std::move(answer);
  }
  bytes_ = 0;
  if (failed_) return fail(*std::exchange(failed_, std::nullopt));
  return last;
}

}  // namespace eclair::store::postgres
