// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
//
// Templates: read, and filled in from a small report. What is written for HTML has no tag that the template has not.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "report/template/template.h"
#include "util/json.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using eclair::report::Template;
  if (size > 4096) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  static eclair::json::Document document;
  static const auto root = document.parse(R"({"a":[{"b":"<x\u001b>","c":[1,2.5,true,null]},{"b":""}],"d":{"e":{"f":"g"}},"h":"<i>","packages":{"p1":{"name":"n"}},"package":"p1"})");
  if (!root) std::abort();
  for (const std::string_view file : {"t.txt", "t.html", "t.json", "t.md", "t.csv"}) {
    const auto parsed = Template::parse(text, file);
    if (!parsed) {
      if (parsed.error().text.empty()) std::abort();
      return 0;
    }
    std::size_t written = 0;
    bool bad = false;
    (void)parsed->render({*root}, [&](std::string_view piece) -> eclair::Result<> {
      bad = bad || (text.find('\x1b') == std::string_view::npos && piece.find('\x1b') != std::string_view::npos);
      written += piece.size();
      if (written > 1u << 20) return eclair::fail(eclair::Errc::limit, "enough");
      return {};
    });
    if (bad) std::abort();
  }
  return 0;
}
