// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace eclair {

/// A UUID that is always the same for a name: version 5 (RFC 9562), below a namespace of this program: "c9b8f0ce-....".
/// The name tells what it is for, too: "cyclonedx sha256:... 8f31c2".
std::string uuid5(std::string_view name);

namespace util_detail {
/// The same below any namespace, 16 bytes.
std::string uuid5(std::string_view name_space, std::string_view name);
}  // namespace util_detail

}  // namespace eclair
