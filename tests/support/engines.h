// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <vector>

#include "support/folder.h"
#include "support/postgres.h"

namespace eclair::test {

/// The engines that stores are tested on. "memory:" is SQLite in another folder: each_engine() has it, too.
inline std::vector<std::string> engines() {
  std::vector<std::string> out = {"sqlite"};
  if (Postgres::get() != nullptr) out.push_back("postgres");
  else MESSAGE("PostgreSQL is not installed: its tests are left out");
  return out;
}

/// Runs the rest of the test once for each engine. To be called once, at the test's begin.
inline std::string each_engine() {
  std::string out = "sqlite";
  SUBCASE("sqlite") {}
  SUBCASE("memory") { out = "memory"; }
  SUBCASE("postgres") { out = Postgres::get() != nullptr ? "postgres" : "sqlite"; }
  return out;
}

/// A place for stores where nothing is yet.
struct Place {
  explicit Place(const std::string& on) : engine(on) {
    static int made = 0;
    if (engine == "sqlite") {
      folder = std::make_unique<Folder>();
      url = folder->path;
    } else {
      url = engine == "memory" ? "memory:test-" + std::to_string(++made) : Postgres::get()->database();
    }
  }
  const std::string engine;
  std::string url;                 ///< what open_advisories() and the others take
  std::unique_ptr<Folder> folder;  ///< of sqlite alone
};

}  // namespace eclair::test
