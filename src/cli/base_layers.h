// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "cli/command.h"
#include "image/source.h"
#include "model/image.h"
#include "report/report.h"
#include "store/interface.h"
#include "util/result.h"

/// Base layers and own layers: docs/user/layers.md.
namespace eclair::cli {

/// The image of --base, of which only manifest and config are read; nullopt: not given. errors: those of image::open, naming the option.
Result<std::optional<Image>> given_base(const Invocation& call, const image::OpenOptions& options);

/// Says on stderr that base and own layers were asked for (--layer) where no base is known.
void warn_of_unknown_base(const Invocation& call, const report::Report& report);

/// Says which image a report's image was built on: the given one, else one that was seen here. Then remembers the report's image, so that
/// others are told apart by it; a store that cannot be written to is none. known: may be null.
/// errors: invalid_input (the given one is not its base).
Result<> find_base(const Invocation& call, store::LayerStore* known, const std::optional<Image>& given, report::Report& report);

}  // namespace eclair::cli
