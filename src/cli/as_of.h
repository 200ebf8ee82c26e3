// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "cli/command.h"
#include "store/interface.h"

/// --as-of: answers by what was known on another day.
namespace eclair::cli {

/// The time that --as-of, or another option of its kind, names: a time, a day (its end, or now), or a snapshot of a feed (its id, or the first eight digits or more: when it
/// began). nullopt: not given, so it is what is known now.
/// errors: invalid_input (neither of them, the future), not_found (no such snapshot here), those of the store.
Result<std::optional<UnixTime>> as_of(const Settings& settings, store::AdvisoryStore& store, std::string_view option = "as-of");

}  // namespace eclair::cli
