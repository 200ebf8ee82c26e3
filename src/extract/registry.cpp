// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// The list of formats, from formats.def. Not self-registration: a linker drops from an archive what nobody names.
#include "extract/extractor.h"

namespace eclair::extract {

#define ECLAIR_FORMAT(name) const Extractor& name();
#include "extract/formats.def"
#undef ECLAIR_FORMAT

std::span<const Extractor* const> extractors() {
  static const Extractor* const all[] = {
#define ECLAIR_FORMAT(name) &name(),
#include "extract/formats.def"
#undef ECLAIR_FORMAT
  };
  return all;
}

Revisions current_revisions() {
  Revisions revisions;
  for (const Extractor* extractor : extractors()) revisions.emplace(extractor->id(), extractor->revision());
  return revisions;
}

}  // namespace eclair::extract
