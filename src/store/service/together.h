// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "store/service/session.h"
#include "util/result.h"

namespace eclair::store::service {

/// So many rows at most are asked for in one query: over a network each question costs a journey.
inline constexpr std::size_t kTogether = 64;

/// Asks for the rows [begin, begin + count) of a list, count at most kTogether.
/// sql: ends where a list of parameters is to follow: "SELECT ... WHERE id IN (".
/// bind(statement, parameter, index): gives a parameter its value.  each(statement): for every row that there is, in any order.
template <class Bind, class Each>
Result<> ask_together(Session& session, std::string_view sql, std::size_t begin, std::size_t count, const Bind& bind, const Each& each) {
  const std::size_t asked = count <= 1 ? 1 : count <= 8 ? 8 : kTogether;  // few forms, so that each is prepared once
  std::string whole(sql);
  for (std::size_t i = 0; i < asked; ++i) whole += (i > 0 ? ",?" : "?") + std::to_string(i + 1);
  ECLAIR_TRY(auto* const get, session.statement(whole + ")"));
  for (std::size_t i = 0; i < asked; ++i) {
    const int parameter = static_cast<int>(i + 1);
    if (i < count) bind(*get, parameter, begin + i);
    else bind(*get, parameter, begin);  // the same again finds nothing more
  }
  ECLAIR_TRY(bool more, get->step());
  while (more) {
    ECLAIR_CHECK_OK(each(*get));
    ECLAIR_TRY(more, get->step());
  }
  return {};
}

}  // namespace eclair::store::service
