// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "store/service/session.h"

#include <algorithm>

namespace eclair::store::service {
namespace session_detail {

constexpr std::size_t kMostTogether = 128;  // changes of one transaction
constexpr int kTries = 5;                   // of a change that got in the way of another node's

}  // namespace session_detail

Result<sql::Statement*> Session::statement(std::string_view sql) {
  auto found = statements_.find(sql);
  if (found == statements_.end()) {
    ECLAIR_TRY(sql::Statement made, connection_.prepare(sql));
    found = statements_.emplace(std::string(sql), std::move(made)).first;
  } else {
    found->second.reset();
  }
  return &found->second;
}

Result<std::unique_ptr<Session>> Readers::take() {
  std::unique_lock lock(mutex_);
  freed_.wait(lock, [this] { return !free_.empty() || out_ < most_; });
  ++out_;
  if (!free_.empty()) {
    auto session = std::move(free_.back());
    free_.pop_back();
    return session;
  }
  lock.unlock();
  auto connection = open_();
  if (!connection) {
    give(nullptr, true);
    return fail(std::move(connection).error());
  }
  return std::make_unique<Session>(*std::move(connection));
}

void Readers::give(std::unique_ptr<Session> session, bool broken) {
  if (broken) session.reset();
  const std::lock_guard lock(mutex_);
  --out_;
  if (session) free_.push_back(std::move(session));
  freed_.notify_one();
}

Result<> Writer::run(const Work& work) {
  Waiting mine{&work};
  std::unique_lock lock(mutex_);
  waiting_.push_back(&mine);
  done_.wait(lock, [&] { return mine.done || !led_; });
  if (!mine.done) lead(lock, mine);
  return std::move(mine.result);
}

/// Commits what waits until the own work is done; then one of those who came meanwhile leads. Whoever led on while there is work would not come
/// back while others keep coming.
void Writer::lead(std::unique_lock<std::mutex>& lock, const Waiting& own) {
  led_ = true;
  std::vector<Waiting*> batch;
  while (!own.done) {
    const std::size_t count = std::min(waiting_.size(), session_detail::kMostTogether);
    batch.assign(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(count));
    waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(count));
    lock.unlock();
    commit(batch);
    lock.lock();
    for (Waiting* one : batch) one->done = true;
    if (!own.done) done_.notify_all();
  }
  led_ = false;
  done_.notify_all();
}

Result<Session*> Writer::session() {
  if (!session_) {
    ECLAIR_TRY(auto connection, open_());
    session_ = std::make_unique<Session>(std::move(connection));
  }
  return session_.get();
}

void Writer::commit(std::vector<Waiting*>& batch) {
  auto session = this->session();
  if (!session) {
    for (Waiting* one : batch) one->result = fail(session.error());
    return;
  }
  const auto together = [&]() -> Result<> {
    ECLAIR_TRY(auto transaction, sql::Transaction::begin((*session)->connection(), sql::Writers::many));
    for (Waiting* one : batch) ECLAIR_CHECK_OK(this->one(**session, *one, batch.size() == 1));
    return transaction.commit();
  }();
  if (together) return;
  const auto is_its_own = [](const Waiting& one) {
    return !one.result && one.result.error().code != Errc::conflict && one.result.error().code != Errc::unavailable;
  };
  if (batch.size() == 1 && is_its_own(*batch.front())) return;
  // One that cannot be done must not take the others with it: each by itself.
  for (Waiting* one : batch) {
    for (int tries = 0; tries < session_detail::kTries; ++tries) {
      session = this->session();
      one->result = session ? [&]() -> Result<> {
        ECLAIR_TRY(auto transaction, sql::Transaction::begin((*session)->connection(), sql::Writers::many));
        ECLAIR_CHECK_OK((*one->work)(**session));
        return transaction.commit();
      }() : fail(session.error());
      if (one->result || (one->result.error().code != Errc::conflict && one->result.error().code != Errc::unavailable)) break;
      if (one->result.error().code == Errc::unavailable) {
        session_.reset();
        break;
      }
    }
  }
}

/// Work that fails for a reason of its own is undone, and the others go on.
Result<> Writer::one(Session& session, Waiting& item, bool alone) {
  if (alone) return item.result = (*item.work)(session);
  ECLAIR_CHECK_OK(session.connection().execute("SAVEPOINT one"));
  item.result = (*item.work)(session);
  if (item.result) return session.connection().execute("RELEASE SAVEPOINT one");
  const Errc code = item.result.error().code;
  if (code == Errc::unavailable || code == Errc::conflict || code == Errc::internal) return item.result;
  return session.connection().execute("ROLLBACK TO SAVEPOINT one; RELEASE SAVEPOINT one");
}

}  // namespace eclair::store::service
