// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/classic/vulnerabilities.h"
#include "store/interface.h"
#include "util/result.h"

namespace eclair::service {

/// What is kept of a notification: both sides as the APIs show them, and the rows by which the layers are found that each side hits.
struct NotificationContent {
  std::string name_space;     ///< in our own spelling
  std::string vulnerability;  ///< its name
  struct Side {
    Vulnerability vulnerability;
    std::vector<store::AdvisoryRow> rows;  ///< of that namespace
  };
  std::optional<Side> before, after;
};

/// Stored form: docs/design/encodings.md, "notification". decode(encode(c)) == c.
std::string encode(const NotificationContent& content);
/// errors: unavailable (damaged).
Result<NotificationContent> decode_notification(std::string_view stored);

}  // namespace eclair::service
