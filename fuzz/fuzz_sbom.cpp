// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
//
// An SBOM in any form, as its beginning says. What comes out must hold together: every package has a system, every layer a place.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "match/match.h"
#include "match/package_url.h"
#include "sbom/sbom.h"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace eclair;
  Limits limits;
  limits.packages = 1000;
  limits.layers = 50;
  const MemorySource source(std::string(reinterpret_cast<const char*>(data), size));
  (void)sbom::may_be_sbom(source.bytes());
  for (const bool urls : {false, true}) {
    const auto bom = urls ? sbom::read_purls(source, limits) : sbom::read(source, limits);
    if (!bom) continue;
    require(!bom->inventory.systems.empty() && bom->image.history.size() <= limits.layers && bom->inventory.packages.size() <= limits.packages);
    for (std::size_t i = 0; i < bom->image.history.size(); ++i) require(bom->image.history[i].index == i + 1);
    for (const Occurrence& one : bom->inventory.packages) {
      require(one.os < bom->inventory.systems.size() && one.layer <= bom->image.history.size() && !one.package.name.empty() && !one.package.type.empty());
      (void)match::purl(one.package, bom->inventory.systems[one.os]);
    }
  }
  return 0;
}
