// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace eclair::cli {

/// A configuration file with every key that a file may set: what it means, and its default, as comments. Whoever takes a "#" away before
/// "section:" and "  key:" sets it. Pure.
std::string config_defaults();

}  // namespace eclair::cli
