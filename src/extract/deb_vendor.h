// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace eclair::extract {

/// Who built a Debian package, as far as its Maintainer and version tell: "debian", "ubuntu", or a third party whose builds
/// carry the names of distribution packages ("docker", "nodesource", "postgresql", ...). "" = unknown, which for most packages
/// means the distribution itself: Debian's maintainers use addresses of their own.
/// A distribution that rebuilds another's packages may leave the Maintainer as it was, so "debian" in a derivative is no third party.
/// maintainer: "Name <address>".  returns: a static short id.
std::string_view deb_vendor(std::string_view maintainer, std::string_view version);

}  // namespace eclair::extract
