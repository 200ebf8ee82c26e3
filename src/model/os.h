// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace eclair {

/// The distribution of an image, or of a root folder within it.
struct Os {
  std::string id;        ///< os-release ID, lower case: "debian"; "" = unknown
  std::string version;   ///< VERSION_ID as written: "12", "3.19.1"; "" for rolling ones and Debian testing
  std::string codename;  ///< "bookworm"
  std::string id_like;
  std::string cpe;
  std::string pretty;
  bool operator==(const Os&) const = default;
  explicit operator bool() const { return !id.empty(); }
};

}  // namespace eclair
