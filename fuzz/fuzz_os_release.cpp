// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// The files by which a distribution names itself, and what they make together. The input is a line with a file's path, an empty line,
// the file's bytes; then, after a line of "%%", the next file.
#include <cstdint>
#include <cstdio>
#include <map>

#include "extract_target.h"
#include "index/os_detect.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace eclair;
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  std::map<std::string, std::map<std::string, std::string>> facts;
  for (int files = 0; files < 8 && !rest.empty(); ++files) {
    const std::size_t end = rest.find("\n%%\n");
    std::string_view file = rest.substr(0, end);
    rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 4);
    const std::size_t line = file.find('\n');
    if (line == std::string_view::npos) continue;
    const std::string path(file.substr(0, line));
    std::vector<extract::InterestIndex::Hit> hits;
    extract::InterestIndex::standard().match(path, {}, hits);
    for (const auto& hit : hits) {
      const extract::Extractor& extractor = *extract::extractors()[hit.extractor];
      if (extractor.id() != "os_release" && extractor.id() != "os_sources") continue;
      facts[path] = fuzz::run(extractor, path, file.substr(line + 1)).facts;
      for (const auto& [key, value] : facts[path]) {
        if (key.find('.') == std::string::npos || value.size() > (1u << 20)) fuzz::broken("an odd fact");
      }
    }
  }
  const Os os = index::detect_os(facts);
  for (const char c : os.id) {
    if (static_cast<unsigned char>(c) <= ' ' || c == ':' || c == '/') fuzz::broken("an id that is no id");
  }
  if (!os && !(os == Os{})) fuzz::broken("details of an unknown distribution");
  return 0;
}
