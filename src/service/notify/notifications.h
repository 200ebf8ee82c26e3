// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/layers/layers.h"
#include "service/classic/vulnerabilities.h"
#include "util/result.h"
#include "util/time.h"

namespace eclair::service {

/// What changed of one vulnerability between two states. The layers it hits are looked up when somebody asks (Layers::introducing).
struct Notification {
  std::string name;  ///< UUID
  UnixTime created = 0, notified = 0, read = 0;  ///< 0 = not yet
  std::optional<Vulnerability> before, after;    ///< before: none of a new one; after: none of one that went
};

/// threads: all functions may be called from several threads at once.
class Notifications {
 public:
  virtual ~Notifications() = default;
  virtual Result<std::optional<Notification>> get(std::string_view name) = 0;
  enum class Side : std::uint8_t { before, after };
  /// The layers that add a package which the vulnerability affected before, or affects after the change: by index, after `after`; at most limit.
  virtual Result<std::vector<Layers::Introduced>> layers(const Notification& notification, Side side, std::int64_t after, std::size_t limit) = 0;
  /// false: not known. Again is no error.
  virtual Result<bool> mark_read(std::string_view name, UnixTime at) = 0;
};

}  // namespace eclair::service
