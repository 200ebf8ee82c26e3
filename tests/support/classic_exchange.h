// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <doctest/doctest.h>

#include <string>
#include <utility>

#include "support/classic_api.h"

namespace eclair::test {

/// A request line with its body, and what must come back.
struct Exchange {
  const char* line;
  const char* body;
  int status;
  std::string answer;  ///< "" = no body, and then no type
};

/// What is common to the generations of an exchange; the reply, for what is not.
inline service::Reply held(ClassicApi& api, const Exchange& wanted, std::string_view content_type) {
  CAPTURE(wanted.line);
  CAPTURE(wanted.body);
  service::Reply reply = api.ask(wanted.line, wanted.body);
  CHECK(reply.status == wanted.status);
  CHECK(whole_body(reply) == wanted.answer);
  CHECK(reply.content_type == (wanted.answer.empty() ? std::string_view() : content_type));
  return reply;
}

}  // namespace eclair::test
