// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/compat/verb.h"

namespace eclair::cli::compat {

#define ECLAIR_VERB(name) const Verb& name();
namespace verb {
#include "cli/compat/verbs.def"
}
#undef ECLAIR_VERB

std::span<const Verb* const> verbs() {
#define ECLAIR_VERB(name) &verb::name(),
  static const Verb* const kAll[] = {
#include "cli/compat/verbs.def"
  };
#undef ECLAIR_VERB
  return kAll;
}

const Verb* find_verb(std::string_view name) {
  for (const Verb* const one : verbs()) {
    if (one->name == name) return one;
  }
  return nullptr;
}

}  // namespace eclair::cli::compat
