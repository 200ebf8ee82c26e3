// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "feeds/feed.h"

namespace eclair::feeds {

#define ECLAIR_FEED(name) const Feed& name();
#include "feeds/feeds.def"
#undef ECLAIR_FEED

std::span<const Feed* const> feeds() {
  static const Feed* const all[] = {
#define ECLAIR_FEED(name) &name(),
#include "feeds/feeds.def"
#undef ECLAIR_FEED
  };
  return all;
}

Result<std::vector<Portion>> Feed::portions(Lookup& look) const {
  static_cast<void>(look);
  std::vector<Portion> out(1);
  out[0].documents.push_back({.url = std::string(url())});
  return out;
}

const Feed* find_feed(std::string_view id) {
  if (id == "rhel-vex") id = "redhat-vex";  // as Clair calls it
  for (const Feed* feed : feeds()) {
    if (feed->id() == id) return feed;
  }
  return nullptr;
}

}  // namespace eclair::feeds
