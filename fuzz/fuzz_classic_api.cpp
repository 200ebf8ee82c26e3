// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// Requests of both old APIs, "METHOD target", an empty line and the body, as in tests/cases/api. Whatever is sent, the answer is one of the
// documented, and its JSON is JSON.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "support/classic_api.h"
#include "util/json.h"

namespace {

void expect(bool holds) {
  if (!holds) std::abort();
}

void fill(eclair::test::ClassicApi& api) {
  using namespace eclair;
  service::LayerView view;
  view.name = "a";
  view.name_space = "debian:12";
  view.features = {test::feature("f", "debian:12", "dpkg", "1", "a", {test::vulnerability("CVE-1", "debian:12", Severity::high, "2")})};
  api.layers.all["a"] = view;
  api.layers.spaces = {"debian:12"};
  service::Vulnerability one;
  one.name = "CVE-1";
  one.name_space = "debian:12";
  one.fixes = {{"f", "2"}};
  api.vulnerabilities.all["debian:12"]["CVE-1"] = one;
  service::Notification notification;
  notification.name = "n";
  notification.before = notification.after = one;
  api.notifications.all["n"] = notification;
  api.notifications.after = {{1, "a"}, {2, "b"}};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace eclair;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::size_t end = input.find('\n');
  if (end == std::string_view::npos) return 0;
  std::string_view body = input.substr(end + 1);
  if (!body.empty() && body.front() == '\n') body.remove_prefix(1);
  test::ClassicApi api;
  fill(api);
  for (int twice = 0; twice < 2; ++twice) {  // what the first changed must not matter for what is an answer
    const service::Reply reply = api.ask(input.substr(0, end), std::string(body));
    expect(reply.status >= 200 && reply.status < 500);
    const std::string text = test::whole_body(reply);
    expect(text.empty() == reply.content_type.empty());
    if (text.empty()) continue;
    json::Document document;
    expect(document.parse(text, 256).has_value());
  }
  return 0;
}
