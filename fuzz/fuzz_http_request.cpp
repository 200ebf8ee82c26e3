// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// What anybody may send to the service before it knows who that is: requests in pieces of any size, targets, paths, queries; and rules of
// access, so that a slip in one is never taken for another. First byte: size of the pieces.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "service/http/access.h"
#include "service/http/request_reader.h"
#include "service/http/router.h"
#include "service/http/target.h"
#include "service/http/wire_reply.h"

namespace {

using namespace eclair::service;

struct Outcome {
  RequestReader::Status status = RequestReader::Status::more;
  RequestHead head;
  std::string body;
};

/// The first request of `bytes`, given `step` bytes at a time.
Outcome read(std::string_view bytes, std::size_t step) {
  constexpr std::uint64_t kBody = 64;
  RequestReader reader(4096);
  Outcome out;
  std::string held;
  while (!bytes.empty()) {
    const std::size_t now = std::min(step, bytes.size());
    held += bytes.substr(0, now);
    bytes.remove_prefix(now);
    while (!held.empty()) {
      std::size_t used = 0;
      out.status = reader.take(held, used);
      if (used > held.size()) std::abort();
      held.erase(0, used);
      if (out.status == RequestReader::Status::more) break;
      if (out.status == RequestReader::Status::head) {
        out.head = reader.head();
        reader.allow_body(kBody);
        if (!reader.done()) continue;
        out.status = RequestReader::Status::done;
      }
      out.body = reader.take_body();
      if (out.body.size() > kBody) std::abort();
      return out;
    }
  }
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2 || size > 16'384) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const Outcome whole = read(bytes, bytes.size());
  const Outcome pieces = read(bytes, data[0] % 64 + 1u);
  // How it comes must not decide what it is. (Only how soon something broken is seen, and which bound a long head meets, may differ.)
  const bool told = whole.status == RequestReader::Status::done && pieces.status == RequestReader::Status::done;
  if (told && (whole.head.target != pieces.head.target || whole.head.headers != pieces.head.headers || whole.body != pieces.body)) std::abort();
  if (whole.status == RequestReader::Status::done && pieces.status == RequestReader::Status::broken) std::abort();

  static const Api api = [] {
    Api one;
    one.id = "one";
    one.prefix = "/v1";
    for (const std::string_view pattern : {"/", "/v1/layers", "/v1/layers/{name}", "/v1/layers/{name}/os", "/v1/{a}/x/{b}"}) {
      one.routes.push_back({.method = Method::get, .pattern = pattern, .name = pattern, .handle = {}});
    }
    return one;
  }();
  static const Api* const apis[] = {&api};
  static const Router router(apis);
  const std::string_view target_text = whole.head.target.empty() ? bytes : std::string_view(whole.head.target);
  if (const auto target = take_target_apart(target_text)) {
    const Router::Found found = router.find(whole.head.method, target->path);
    for (const std::string& part : found.params) {
      if (part.empty() || part.find('\0') != std::string::npos) std::abort();
    }
    (void)parse_query(target->query);
  }
  (void)accepts_gzip(bytes, Compression::large);
  Request request;
  request.headers = whole.head.headers;
  static const Access access({}, true);
  if (access.who(request, {})) std::abort();  // nobody has a key
  // No file is read: what names one is left out.
  if (bytes.find("file=") == std::string_view::npos) (void)parse_access_rules(bytes, "keys");
  return 0;
}
