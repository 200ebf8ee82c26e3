// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace eclair {

/// One gzip member of all parts, one after the other. For replies that are made once and sent once: speed before size (ISA-L, level 1).
/// threads: any; each keeps its state of about 400 KiB for the next time.
std::string gzip(std::span<const std::string_view> parts);

}  // namespace eclair
