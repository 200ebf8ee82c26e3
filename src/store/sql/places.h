// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace eclair::store::sql {

/// A package whose rows have some name, and the namespaces in which they do.
struct Place {
  std::string package;
  std::vector<std::int64_t> namespaces;  ///< sorted, not empty
};

/// Stored form (advisory_schema.h, name.places): for each place its package: text, the number of namespaces, the namespaces: numbers.
std::string pack_places(const std::vector<Place>& places);  ///< sorted by package
std::vector<Place> unpack_places(std::string_view bytes);   ///< of damaged bytes, what comes before the damage

}  // namespace eclair::store::sql
