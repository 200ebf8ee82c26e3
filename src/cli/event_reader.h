// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "util/result.h"

namespace eclair::cli {

/// Takes server-sent events apart, in whatever pieces they come.
/// source: html.spec.whatwg.org, "Server-sent events"
class EventReader {
 public:
  static constexpr std::size_t kMaxBytes = 16u << 20;  ///< of one event
  using EventFn = std::function<Result<>(std::string_view kind, std::string_view data)>;

  /// Calls `event` for each that is complete. errors: those of `event`; limit.
  Result<> take(std::string_view bytes, const EventFn& event);
  /// The id of the last event that was complete; "" = none had one.
  const std::string& last_id() const { return last_id_; }

 private:
  Result<> line(std::string_view line, const EventFn& event);

  std::string rest_;  ///< a line whose end did not come yet
  std::string kind_, data_, id_, last_id_;
};

}  // namespace eclair::cli
