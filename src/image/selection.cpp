// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "image/selection.h"

#include "image/reference.h"

namespace eclair::image {

bool name_matches(std::string_view asked, std::string_view have) {
  if (asked == have) return true;
  const auto wanted = parse_reference(asked), known = parse_reference(have);
  if (wanted && known && wanted->text() == known->text()) return true;
  const std::size_t colon = have.rfind(':');
  return asked.find_first_of("/:") == std::string_view::npos && colon != std::string_view::npos && have.substr(colon + 1) == asked;
}

}  // namespace eclair::image
