// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/interface.h"
#include "store/sql/connection.h"

namespace eclair::store::sql {

/// The stored form of what is kept of a portion, but for its name: format number 1, revision, cursor, list(url, etag, last_modified,
/// digest), list(namespace); numbers and texts as in an advisory chunk.
std::string encode_portion(const PortionState& state);
/// nullopt: not one, or of another format. Then everything is fetched anew, which costs time and loses nothing.
std::optional<PortionState> decode_portion(std::string_view name, std::string_view bytes);

/// Writes them, and the times of their namespaces. Within a transaction.
Result<> put_portions(Connection& connection, std::int64_t feed, const std::vector<PortionState>& portions, UnixTime at);
/// The source of a feed was asked: its newest snapshot held until then. Within a transaction.
Result<> seen_until(Connection& connection, std::int64_t feed, UnixTime at);

}  // namespace eclair::store::sql
