// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
//
// Version orders. The first byte chooses the scheme ("0" the first of schemes.def); line ends cut the rest into up to three texts. Whatever they are, the order must
// be total over them, and the line answerer must agree with it.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "version/compare_lines.h"
#include "version/scheme.h"

namespace {

void must(bool holds, const char* law) {
  if (holds) return;
  (void)std::fprintf(stderr, "violated: %s\n", law);
  std::abort();
}

void check_answer(const eclair::version::Scheme& scheme, std::string_view a, std::string_view b) {
  std::string line(a);
  line.append(1, '\t').append(b);
  const std::string_view said = eclair::version::answer(scheme, line);
  if (said == "?") return;
  const auto order = scheme.as_tool(a, b);
  must(said == (order < 0 ? "<" : order > 0 ? ">" : "="), "the answer to a line is the tool's order");
  must(scheme.is_valid(a) && scheme.is_valid(b), "only versions are answered for");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const auto all = eclair::version::schemes();
  const auto& scheme = all[static_cast<std::uint8_t>(data[0] - '0') % all.size()];
  std::string_view rest(reinterpret_cast<const char*>(data) + 1, size - 1);
  std::string_view texts[3];
  for (std::string_view& text : texts) {
    const auto end = rest.find('\n');
    text = rest.substr(0, end);
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  }
  for (const std::string_view a : texts) {
    must(scheme.compare(a, a) == 0, "a = a");
    for (const std::string_view b : texts) {
      const auto ab = scheme.compare(a, b);
      must(scheme.compare(b, a) == (0 <=> ab), "a < b means b > a");
      const auto bound = scheme.compare_to_bound(a, b);
      must(scheme.compare_to_bound(b, a) == (0 <=> bound), "the same for bounds");
      must(bound == 0 || bound == ab, "what is missing makes equal, and nothing else differs");
      for (const std::string_view c : texts) {
        if (ab <= 0 && scheme.compare(b, c) <= 0) must(scheme.compare(a, c) <= 0, "a <= b <= c means a <= c");
      }
    }
  }
  check_answer(scheme, texts[0], texts[1]);
  return 0;
}
