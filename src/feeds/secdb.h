// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "feeds/feed.h"

namespace eclair::feeds {

/// Who publishes fixes of apk packages in the form of Alpine's secdb.
struct SecdbPublisher {
  std::string_view feed;        ///< its id; of Alpine also the family of its namespaces
  std::string_view name_space;  ///< of a rolling distribution; "" = the document or its path says the release
  std::string_view domain;      ///< where a rolling distribution's packages are downloaded: told from documents of others by it
};

/// Whether a word is the name of a release of Alpine's: "edge", "v3.19".
bool is_secdb_release(std::string_view word);

/// Reads one secdb document: fixes by origin package, version and ids. "0" is never affected; nothing unfixed, no severities.
/// An id that stands under several versions is fixed in the highest. A rolling distribution's document is all of its namespace.
/// errors: as Feed::parse; invalid_input also for another publisher's document.
Result<> parse_secdb(const SecdbPublisher& publisher, std::string_view part, const ByteSource& in, const Limits& limits, const Cancel& stop,
                     AdvisorySink& out);

}  // namespace eclair::feeds
