// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "service/layers/advisories.h"
#include "service/http/http.h"
#include "service/images/images.h"
#include "store/service_store.h"
#include "util/result.h"
#include "util/time.h"

namespace eclair::service {

/// What our own API looks at; it must outlive it.
struct EclairParts {
  Images& images;
  store::ServiceStore& store;
  Advisories& advisories;
  std::string version;                 ///< of the program
  std::function<UnixTime()> clock;
  /// What waits and runs, for health. May be empty.
  struct Queue {
    std::uint64_t running = 0, waiting = 0, connections = 0;
  };
  std::function<Queue()> queue{};
};

/// Our own API, under /eclair/v1: images, where a vulnerability is, health. Documented in docs/api/eclair.yaml.
/// What a key may not see is not found; errors are {"error":{"code","message","hint"}}.
Api api_eclair(const EclairParts& parts);

/// An error in its shape. code: a word for programs.
Reply eclair_error(int status, std::string_view code, std::string_view message, std::string_view hint = {});
Reply eclair_failure(const Error& error);

/// The media type of a report that our own programs read back: report::encode().
inline constexpr std::string_view kReportType = "application/vnd.eclair.report.v1";
inline constexpr std::size_t kMaxEclairPage = 1000, kEclairPage = 100;  ///< entries of a page: at most, and where nothing is said

}  // namespace eclair::service
