// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "store/sql/places.h"

#include "util/bytes.h"

namespace eclair::store::sql {

std::string pack_places(const std::vector<Place>& places) {
  Encoder out;
  for (const Place& place : places) {
    out.text(place.package);
    out.number(place.namespaces.size());
    for (const std::int64_t name_space : place.namespaces) out.number(static_cast<std::uint64_t>(name_space));
  }
  return out.take();
}

std::vector<Place> unpack_places(std::string_view bytes) {
  std::vector<Place> out;
  Decoder in(bytes);
  while (in.ok() && !in.done()) {
    Place place;
    place.package = in.text();
    for (std::uint64_t n = in.count(); n > 0 && in.ok(); --n) place.namespaces.push_back(static_cast<std::int64_t>(in.number()));
    if (in.ok()) out.push_back(std::move(place));
  }
  return out;
}

}  // namespace eclair::store::sql
