// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "store/service/session.h"

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <thread>

#include "store/sqlite/connection.h"
#include "support/folder.h"
#include "util/result.h"

namespace eclair::store::service {

TEST_CASE("a change is answered while others keep coming") {
  const test::Folder folder;
  Writer writer([&] { return sqlite::open_file(folder.path + "/t.db", sqlite::Mode::create); });
  std::atomic<bool> answered{false};
  std::atomic<int> changes{0};
  std::atomic<bool> second_comes{false};
  // Each takes long enough for the other one to be waiting again when it ends, so that there is always work.
  const auto keep_coming = [&] {
    while (!answered && changes < 60) {
      const auto changed = writer.run([&](Session&) -> Result<> {
        ++changes;
        std::this_thread::sleep_for(std::chrono::milliseconds(25));
        return {};
      });
      CHECK(changed.has_value());
    }
  };
  std::thread first([&] {
    const auto led = writer.run([&](Session&) -> Result<> {
      while (!second_comes) std::this_thread::yield();
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
      return {};
    });
    CHECK(led.has_value());
    answered = true;
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(20));  // it leads
  std::thread second([&] {
    second_comes = true;
    keep_coming();
  });
  while (changes < 1 && !answered) std::this_thread::yield();
  std::thread third(keep_coming);  // while the second's is at work: they never wait together
  first.join();
  const int until_then = changes;
  second.join();
  third.join();
  CHECK(until_then < 20);
}

}  // namespace eclair::store::service
