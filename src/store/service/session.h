// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "store/sql/connection.h"
#include "util/result.h"

namespace eclair::store::service {

using Opener = std::function<Result<sql::Connection>()>;

/// A connection with the statements that were prepared on it. Not for two threads at once.
class Session {
 public:
  explicit Session(sql::Connection connection) : connection_(std::move(connection)) {}
  sql::Connection& connection() { return connection_; }
  /// The statement of this text, prepared at its first use; it is ready for its parameters.
  Result<sql::Statement*> statement(std::string_view sql);

 private:
  sql::Connection connection_;
  std::map<std::string, sql::Statement, std::less<>> statements_;
};

/// Sessions for reading, opened as they are needed and kept. A reader that finds none free opens one, at most `most` in all; others wait.
class Readers {
 public:
  Readers(Opener open, std::size_t most) : open_(std::move(open)), most_(most) {}
  /// Runs work with a session of its own.
  template <class Work>
  auto with(Work&& work) -> decltype(work(std::declval<Session&>())) {
    auto session = take();
    if (!session) return fail(std::move(session).error());
    auto out = work(**session);
    give(std::move(*session), !out && out.error().code == Errc::unavailable);
    return out;
  }

 private:
  Result<std::unique_ptr<Session>> take();
  void give(std::unique_ptr<Session> session, bool broken);

  const Opener open_;
  const std::size_t most_;
  std::mutex mutex_;  // guards all below
  std::condition_variable freed_;
  std::vector<std::unique_ptr<Session>> free_;
  std::size_t out_ = 0;
};

/// The one writer. Changes that come from several threads while a transaction is being made durable are committed together in the next: making
/// something durable costs a wait for the disk, whatever it is.
class Writer {
 public:
  explicit Writer(Opener open) : open_(std::move(open)) {}
  using Work = std::function<Result<>(Session&)>;
  /// Returns when the work's changes are durable. The work may be run again, when what it was committed with failed. What it changed in memory
  /// of its caller's, it must set, not add to.
  /// errors: the work's, then nothing of it was changed; those of the store.
  Result<> run(const Work& work);

 private:
  struct Waiting {
    const Work* work;
    Result<> result{};
    bool done = false;
  };
  void lead(std::unique_lock<std::mutex>& lock, const Waiting& own);
  void commit(std::vector<Waiting*>& batch);
  Result<> one(Session& session, Waiting& item, bool alone);
  Result<Session*> session();

  const Opener open_;
  std::mutex mutex_;  // guards all below but session_, which is the leader's
  std::condition_variable done_;
  std::deque<Waiting*> waiting_;
  bool led_ = false;
  std::unique_ptr<Session> session_;
};

}  // namespace eclair::store::service
