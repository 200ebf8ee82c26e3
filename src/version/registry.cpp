// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "version/scheme.h"

namespace eclair::version {

#define ECLAIR_SCHEME(name) const Scheme& name();
#include "version/schemes.def"
#undef ECLAIR_SCHEME

std::span<const Scheme> schemes() {
  static const Scheme all[] = {
#define ECLAIR_SCHEME(name) name(),
#include "version/schemes.def"
#undef ECLAIR_SCHEME
  };
  return all;
}

const Scheme* find_scheme(std::string_view id) {
  for (const Scheme& scheme : schemes()) {
    if (scheme.id == id) return &scheme;
  }
  return nullptr;
}

}  // namespace eclair::version
