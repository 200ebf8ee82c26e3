// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace eclair::version {

/// The minor release of Enterprise Linux that a build was made for, as its release says: "el9_3" of "32:9.16.23-14.el9_3.4",
/// "el8.9.0" of "1.7.0-1.module+el8.9.0+52+21733919"; "" of a build that names the major only ("5.1.8-6.el9"), or none.
/// A fix comes to several minor releases at once, so that a lower version of one has it and a higher version of another has not.
std::string_view rpm_branch(std::string_view version) noexcept;
/// "9" of "…el9_3.4", "…el9", "…module_el9.1.0+…"; "" where the release does not say.
std::string_view rpm_major(std::string_view version) noexcept;

}  // namespace eclair::version
