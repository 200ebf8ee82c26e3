// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "store/sql/location.h"

#include <algorithm>
#include <array>

#include "store/sql/memory_folder.h"

namespace eclair::store::sql {
namespace location_detail {

// What an address of libpq may begin with: the words of an operator who follows PostgreSQL's manual.
constexpr std::array<std::string_view, 10> kWords = {"host=", "hostaddr=", "port=", "dbname=", "user=", "password=", "passfile=", "service=", "sslmode=", "connect_timeout="};

bool begins(std::string_view text, std::string_view with) { return text.substr(0, with.size()) == with; }

}  // namespace location_detail

Result<Location> locate(const std::string& url) {
  using namespace location_detail;
  constexpr std::string_view kSqlite = "sqlite:", kMemory = "memory:";
  const bool words = std::any_of(kWords.begin(), kWords.end(), [&](std::string_view word) { return begins(url, word); });
  if (words || begins(url, "postgres://") || begins(url, "postgresql://")) return Location{Engine::postgres, url};
  if (begins(url, kMemory)) {
    ECLAIR_TRY(std::string folder, memory_folder(url.substr(kMemory.size())));
    return Location{Engine::sqlite, std::move(folder)};
  }
  return Location{Engine::sqlite, begins(url, kSqlite) ? url.substr(kSqlite.size()) : url};
}

}  // namespace eclair::store::sql
