// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// Feeds and the table of families are apart, as neither knows the other; here they are held together.
#include <doctest/doctest.h>

#include <string>

#include "feeds/feed.h"
#include "match/families.h"
#include "match/match.h"

namespace eclair::cli {

TEST_CASE("feeds and families agree on who lists what is not fixed") {
  int own = 0;
  for (const feeds::Feed* const feed : feeds::feeds()) {
    for (const std::string_view name : feed->families()) {
      CAPTURE(feed->id());
      CAPTURE(name);
      const match::Family* const family = match::find_family(name);
      if (family == nullptr) {
        CHECK(feed->id() == "osv");  // ecosystems that nothing is judged in yet
        continue;
      }
      if (feed->id() == "osv") continue;  // not a distribution's own word
      // A distribution's own feed, whose silence means what the table says.
      CHECK(match::is_own_feed(*family, feed->id()));
      CHECK(match::lists_fixes_only(*family, feed->id()) == !feed->lists_unfixed());
      ++own;
    }
  }
  CHECK(own >= 15);
}

}  // namespace eclair::cli
