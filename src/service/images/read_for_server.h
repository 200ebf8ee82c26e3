// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>

#include "image/source.h"
#include "index/index.h"
#include "service/images/sent_image.h"
#include "store/interface.h"
#include "util/cancel.h"
#include "util/digest.h"
#include "util/result.h"

namespace eclair::service {

/// The client's half: reads an image for a server that has the records of some layers already; those are not read.
/// known: records of this machine; may be null.  options: layer_ready and deltas are not looked at, and there may be no fact patterns.
/// errors: those of index::index_image.
Result<SentImage> read_for_server(const image::Source& source, store::LayerStore* known, const std::set<Digest>& server_has, index::IndexOptions options,
                                  const Cancel& stop);

}  // namespace eclair::service
