// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

/// Versions as clients of the old APIs write them.
namespace eclair::service::classic {

inline constexpr std::string_view kNone = "None";        ///< generation 1: there is no fix
inline constexpr std::string_view kMinVersion = "#MINV#";  ///< below all: in an update, "not affected"
inline constexpr std::string_view kMaxVersion = "#MAXV#";  ///< above all: no fix

/// What generation 0 finds wrong with a version, in its words; "" = nothing. All versions are dpkg's there; rpm's "^" is let through too.
std::string_view v0_version_fault(std::string_view version);
/// What generation 1 finds wrong. format: "" = the one of the namespace, by its name.
std::string_view v1_version_fault(std::string_view format, std::string_view name_space, std::string_view version);
/// "1.2" of "0:1.2", as generation 0 prints versions.
std::string v0_version(std::string_view version);

}  // namespace eclair::service::classic
