// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "cli/settings.h"
#include "service/http/access.h"
#include "service/http/http_server.h"
#include "service/http/log.h"
#include "service/service.h"
#include "service/http/tls.h"
#include "util/result.h"

namespace eclair::cli {

/// What `eclair serve` needs of the settings, checked and with what lies in files read.
struct ServerSettings {
  std::string address;                ///< numeric; "*" = every one
  std::uint16_t port = 0, health_port = 0;  ///< 0 = any that is free
  service::TlsFiles tls;              ///< empty certificate: no TLS
  service::ServerOptions http;        ///< bounds, times and workers; no listeners
  std::vector<service::AccessRule> rules;
  service::ServiceSettings service;
  std::uint64_t grace_seconds = 0;
  service::LogLevel log_level = service::LogLevel::info;
  service::Log::Form log_form = service::Log::Form::text;
  std::vector<std::string> warnings;  ///< for people: what was set and means nothing, or is dangerous
};

/// errors: invalid_input (naming option and place), and those of reading files.
Result<ServerSettings> server_settings(const Settings& settings);

/// The rules of --key and --key-file. errors: as above.
Result<std::vector<service::AccessRule>> access_rules(const Settings& settings);

/// What an option says, or the file that its twin "NAME-file" names, blanks and line ends at its ends cut off; "" = neither.
/// errors: invalid_input (both), and those of reading.
Result<std::string> secret_of(const Settings& settings, std::string_view name);

/// A store's URL or connection string without its password, to be shown.
std::string without_password(std::string_view url);

/// Whether an address is this machine's own.
bool is_loopback_address(std::string_view address);

}  // namespace eclair::cli
