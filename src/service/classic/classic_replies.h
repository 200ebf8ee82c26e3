// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "service/http/http.h"
#include "util/result.h"

/// Answers in the shapes of the old APIs. What clients compare literally stands here, word for word.
namespace eclair::service::classic {

inline constexpr std::string_view kNotFound = "the resource cannot be found";
inline constexpr std::string_view kUnknownParent = "worker: parent layer is unknown, it must be processed first";
inline constexpr std::string_view kNoDistribution = "worker: OS and/or package manager are not supported";
inline constexpr std::string_view kNotAllowed = "this key may not be used for that";

/// Number of the analysis. Quay asks again for ever where it is below 2; generation 0 shows it as a string.
inline constexpr int kEngineVersion = 3;

/// Generation 1: JSON with a newline. Generation 0: without.
Reply v1_reply(int status, std::string body);
Reply v1_error(int status, std::string_view message);
Reply v1_failure(const Error& error);  ///< 500, whatever failed
Reply v0_reply(int status, std::string body);
Reply v0_error(int status, std::string_view message);
Reply v0_failure(const Error& error);  ///< 503 where the store is away or busy, else 500
/// Of DELETE on a layer, whose path both generations have: both shapes in one.
Reply shared_not_found();

/// Whether a path of a layer is fetched over the network.
bool is_url(std::string_view path);

}  // namespace eclair::service::classic
