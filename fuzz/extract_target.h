// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdlib>
#include <string>
#include <string_view>

#include "extract/collector.h"
#include "extract/extractor.h"

namespace eclair::fuzz {

[[noreturn]] inline void broken(const char* promise) {
  (void)std::fputs(promise, stderr);
  (void)std::fputc('\n', stderr);
  std::abort();
}

/// Runs one extractor over any bytes (and those of a companion, if named) and holds it to what all of them promise.
inline extract::Collected run(const extract::Extractor& extractor, const std::string& path, std::string_view bytes,
                              const std::string& companion = {}, std::string_view companion_bytes = {}) {
  const MemorySource source{std::string(bytes)}, beside{std::string(companion_bytes)};
  Limits limits;
  limits.field_bytes = 4096;
  limits.owned_path_bytes = 16384;
  const Cancel stop;
  extract::Collector first(limits), second(limits);
  extract::EvidenceFile file{{path, bytes.size(), 0644}, source, {}};
  if (!companion.empty()) file.companions.emplace(companion, &beside);
  const Result<> one = extractor.extract(file, limits, stop, first), two = extractor.extract(file, limits, stop, second);
  if (one.has_value() != two.has_value() || !(first.collected() == second.collected())) broken("two runs over the same bytes differ");
  if (!one && one.error().code != Errc::invalid_input && one.error().code != Errc::unsupported && one.error().code != Errc::limit) {
    broken("an error with a code that no extractor may give");
  }
  std::size_t owned = 0;
  for (const auto& [package, paths] : first.collected().packages) {
    if (package.type.empty() || package.name.empty() || package.version.empty()) broken("a package without type, name or version");
    if (package.source_name == package.name || package.source_version == package.version) broken("a source that repeats the package");
    if (package.name.size() > limits.field_bytes || package.version.size() > limits.field_bytes) broken("an overlong field");
    for (const std::string& owned_path : paths) owned += owned_path.size();
  }
  if (owned > limits.owned_path_bytes) broken("more owned paths than allowed");
  for (const auto& ownership : first.collected().ownership) {
    if (ownership.name.empty() || ownership.paths.empty()) broken("an ownership of nothing");
  }
  if (first.collected().notes.size() > limits.notes) broken("more notes than allowed");
  return first.take();
}

}  // namespace eclair::fuzz
