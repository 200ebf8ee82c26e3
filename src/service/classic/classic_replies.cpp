// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "service/classic/classic_replies.h"

#include <utility>

#include "service/classic/go_json.h"

namespace eclair::service::classic {

Reply v1_reply(int status, std::string body) {
  Reply reply;
  reply.status = status;
  reply.content_type = "application/json;charset=utf-8";
  reply.headers = {{"Server", "clair"}};
  reply.body = std::move(body);
  reply.body += '\n';
  return reply;
}

Reply v1_error(int status, std::string_view message) {
  std::string body;
  go_json::Object outer(body);
  go_json::Object inner(outer.key("Error"));
  inner.string("Message", message).end();
  outer.end();
  return v1_reply(status, std::move(body));
}

Reply v1_failure(const Error& error) {
  return v1_error(500, error.code == Errc::unavailable ? "database: an error occured when querying the backend" : std::string_view(error.text));
}

Reply v0_reply(int status, std::string body) {
  Reply reply;
  reply.status = status;
  reply.content_type = "application/json; charset=utf-8";
  reply.body = std::move(body);
  return reply;
}

Reply v0_error(int status, std::string_view message) {
  std::string body;
  go_json::Object object(body);
  object.string("Message", message).end();
  return v0_reply(status, std::move(body));
}

Reply v0_failure(const Error& error) {
  if (error.code == Errc::unavailable) return v0_error(503, "database: could not query backend");
  if (error.code == Errc::conflict) return v0_error(503, "database: transaction failed (concurrent modification?)");
  return v0_error(500, error.text);
}

Reply shared_not_found() {
  std::string body;
  go_json::Object outer(body);
  go_json::Object inner(outer.key("Error"));
  inner.string("Message", kNotFound).end();
  outer.string("Message", kNotFound).end();
  return v1_reply(404, std::move(body));
}

bool is_url(std::string_view path) { return path.substr(0, 7) == "http://" || path.substr(0, 8) == "https://"; }

}  // namespace eclair::service::classic
