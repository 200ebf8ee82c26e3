// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/server_settings.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <thread>
#include <utility>

#include "cli/background_settings.h"
#include "cli/command.h"
#include "report/policy.h"
#include "util/byte_source.h"
#include "util/text.h"

namespace eclair::cli {
namespace server_settings_detail {

constexpr std::uint64_t kMostFileBytes = 1u << 20;

Result<std::string> read_file(const std::string& file) {
  ECLAIR_TRY(const auto source, FileSource::open(file));
  return read_all(*source, kMostFileBytes);
}

Error bad(const Settings& settings, std::string_view name, std::string text) {
  return Error{Errc::invalid_input, settings.where(name) + ": " + std::move(text)};
}

std::chrono::milliseconds duration(const Settings& settings, std::string_view name) {
  return std::chrono::milliseconds(static_cast<std::int64_t>(settings.number(name).value_or(0)) * 1000);
}

/// "host", "host:port", "[v6]:port", ":port", "*".
Result<> take_address(const Settings& settings, ServerSettings& out) {
  std::string address = settings.text("listen");
  std::string port;
  if (!address.empty() && address.front() == '[') {
    const std::size_t end = address.find(']');
    if (end == std::string::npos) return fail(bad(settings, "listen", "no ']' in " + text::quoted(address)));
    port = address.substr(end + 1);
    address = address.substr(1, end - 1);
  } else if (std::count(address.begin(), address.end(), ':') == 1) {
    const std::size_t colon = address.find(':');
    port = address.substr(colon);
    address.resize(colon);
  }
  if (address.empty() || address == "0.0.0.0" || address == "::") address = "*";
  if (address == "localhost") address = "127.0.0.1";
  out.address = std::move(address);
  std::uint64_t main = settings.number("listen-port").value_or(0);
  if (!port.empty()) {
    const auto number = text::parse_number(std::string_view(port).substr(1));
    if (port.front() != ':' || !number) return fail(bad(settings, "listen", "no port: " + text::quoted(port)));
    main = *number;
  }
  const std::uint64_t health = settings.number("health-port").value_or(main == 0 ? 0 : settings.flag("original") ? 6061 : main + 1);
  constexpr std::uint64_t kMost = std::numeric_limits<std::uint16_t>::max();
  if (main > kMost || health > kMost) return fail(Errc::invalid_input, "a port is at most 65535");
  if (main == health && main != 0) return fail(Errc::invalid_input, "the main port and the health port are both " + std::to_string(main));
  out.port = static_cast<std::uint16_t>(main);
  out.health_port = static_cast<std::uint16_t>(health);
  // The original listened on every address, and a file of it is expected to go on doing what it did.
  const bool from_original = settings.flag("original") || settings.is_set("db-type");
  if (from_original && settings.origin("listen") == Origin::fallback) out.address = "*";
  return {};
}

Result<> take_tls(const Settings& settings, ServerSettings& out) {
  out.tls.certificate = settings.text("tls-cert");
  out.tls.key = settings.text("tls-key");
  out.tls.client_ca = settings.text("tls-client-ca");
  if (out.tls.certificate.empty() != out.tls.key.empty()) return fail(Errc::invalid_input, "TLS needs both --tls-cert and --tls-key");
  if (!out.tls.client_ca.empty() && out.tls.certificate.empty()) {
    // The original took this and checked nobody: an operator who set it believes that somebody is checked.
    return fail(bad(settings, "tls-client-ca", "clients can be asked for certificates only with --tls-cert and --tls-key"));
  }
  return {};
}

Result<> take_store(const Settings& settings, ServerSettings& out) {
  const std::string type = settings.text("db-type");
  const std::string path = settings.text("db-path");
  out.service.store_url = settings.text("store");
  if (out.service.store_url.empty() && type == "sql") out.service.store_url = path;
  if (out.service.store_url.empty() && type == "memstore") out.service.store_url = "memory:";
  const bool postgres = type == "pgsql" || type == "sql" || type.empty();
  if (!postgres && type != "memstore") out.warnings.push_back("database type " + text::quoted(type) + " is not read here: the store is SQLite in the data folder");
  if (type == "sql" && path.empty()) return fail(Error{Errc::invalid_input, "--db-type sql needs --db-path", "postgres://user@host/name"});
  if (out.service.store_url.empty()) {
    ECLAIR_TRY(out.service.store_url, data_folder(settings));
  }
  return {};
}

void take_bounds(const Settings& settings, ServerSettings& out) {
  const unsigned processors = std::max(1u, std::thread::hardware_concurrency());
  const auto number = [&settings](std::string_view name) { return static_cast<std::size_t>(settings.number(name).value_or(0)); };
  service::ServerOptions& http = out.http;
  http.connections = std::max<std::size_t>(1, number("max-connections"));
  http.analysis_queue = number("max-queue");
  http.quick_workers = static_cast<unsigned>(number("workers") != 0 ? std::min<std::size_t>(number("workers"), 256) : std::max(2u, processors));
  // Most of a layer's time is waiting: for its origin, and for the disk, which several changes then wait for together.
  http.analysis_workers = static_cast<unsigned>(number("parallel") != 0 ? std::min<std::size_t>(number("parallel"), 256) : std::max(16u, 4 * processors));
  http.io_threads = std::clamp(processors / 2, 1u, 8u);
  http.request_time = duration(settings, "request-timeout");
  out.grace_seconds = settings.number("stop-grace").value_or(0);
}

Result<> take_fetching(const Settings& settings, ServerSettings& out) {
  service::FetchSettings& fetch = out.service.layers.fetch;
  auto policy = service::FetchPolicy::make(settings.list("fetch-allow"), settings.list("fetch-deny"));
  if (!policy) {
    const std::string& where = settings.is_set("fetch-allow") ? settings.where("fetch-allow") : settings.where("fetch-deny");
    return fail(std::move(policy).error().within(where));
  }
  fetch.policy = std::move(*policy);
  fetch.repositories = {.allow = settings.list("allow-repository"), .deny = settings.list("deny-repository")};
  fetch.local_files = settings.flag("fetch-local");
  fetch.insecure = settings.flag("insecure-tls");
  fetch.stall_seconds = static_cast<unsigned>(std::min<std::uint64_t>(settings.number("stall-timeout").value_or(60), 86'400));
  fetch.max_bytes = settings.number("max-layer-size").value_or(fetch.max_bytes);
  out.service.layers.limits.memory_bytes = settings.number("memory").value_or(out.service.layers.limits.memory_bytes);
  return {};
}

Result<> take_admission(const Settings& settings, ServerSettings& out) {
  service::AdmissionPolicy& policy = out.service.admission;
  auto rules = report::parse_rules(settings.list("admission-fail-on"));
  if (!rules) return fail(std::move(rules).error().within(settings.where("admission-fail-on")));
  policy.rules = std::move(*rules);
  const auto files = report::files_of(policy.rules), olds = report::olds_of(policy.rules);
  if (!files.empty() || !olds.empty()) {
    const std::string what = files.empty() ? "compares with another report (new:...@" + text::clean(olds[0], 100) + ")" : "is about a file (" + text::clean(files[0], 100) + ")";
    return fail(Error{Errc::unsupported, settings.where("admission-fail-on") + ": a rule that " + what + " cannot be kept at the gate: it knows packages and vulnerabilities of images", {}});
  }
  const std::string mode = settings.text("admission-mode"), unknown = settings.text("admission-unknown");
  using Mode = service::AdmissionPolicy::Mode;
  using Unknown = service::AdmissionPolicy::Unknown;
  policy.mode = mode == "warn" ? Mode::warn : mode == "audit" ? Mode::audit : Mode::deny;
  policy.unknown = unknown == "allow" ? Unknown::allow : unknown == "deny" ? Unknown::deny : Unknown::warn;
  policy.deny_on_failure = settings.text("admission-failure") == "deny";
  policy.except = settings.list("admission-except");
  return {};
}

void warn(const Settings& settings, ServerSettings& out) {
  if (!is_loopback_address(out.address) && out.rules.empty() && out.tls.client_ca.empty()) {
    out.warnings.push_back("whoever reaches " + (out.address == "*" ? std::string("any address of this machine") : out.address) +
                           " may read and change everything: no keys and no client certificates are configured");
  }
  if (!out.rules.empty() && out.tls.certificate.empty() && !is_loopback_address(out.address)) out.warnings.push_back("keys are sent in the clear: TLS is not configured");
  if (settings.text("notify-cert").empty() != settings.text("notify-key").empty()) out.warnings.push_back("no certificate is shown to endpoints: that needs both --notify-cert and --notify-key");
  if (settings.is_set("cpu-profile")) out.warnings.push_back("--cpu-profile: none is written; perf record does it from outside");
  if (settings.is_set("notifier-type") && settings.text("notifier-type") != "http") out.warnings.push_back("--notifier-type: only http is known");
}

}  // namespace server_settings_detail

bool is_loopback_address(std::string_view address) { return address == "::1" || address.substr(0, 4) == "127."; }

Result<std::string> secret_of(const Settings& settings, std::string_view name) {
  const std::string file_option = std::string(name) + "-file";
  const std::string file = settings.text(file_option);
  if (file.empty()) return settings.text(name);
  if (settings.is_set(name)) return fail(server_settings_detail::bad(settings, file_option, "--" + std::string(name) + " is set too"));
  auto bytes = server_settings_detail::read_file(file);
  if (!bytes) return fail(std::move(bytes).error().within("--" + file_option));
  return std::string(text::trim(*bytes));
}

Result<std::vector<service::AccessRule>> access_rules(const Settings& settings) {
  std::vector<service::AccessRule> out;
  std::size_t number = 0;
  for (const std::string& words : settings.list("key")) {
    ++number;
    auto rule = service::parse_access_rule(words);
    if (!rule) return fail(std::move(rule).error().within(settings.where("key") + ": key " + std::to_string(number)));
    out.push_back(std::move(*rule));
  }
  const std::string file = settings.text("key-file");
  if (file.empty()) return out;
  auto bytes = server_settings_detail::read_file(file);
  if (!bytes) return fail(std::move(bytes).error().within("--key-file"));
  ECLAIR_TRY(std::vector<service::AccessRule> more, service::parse_access_rules(*bytes, file));
  std::move(more.begin(), more.end(), std::back_inserter(out));
  if (out.empty()) return fail(Errc::invalid_input, text::quoted(file) + " has no rule: that would let everybody in");
  return out;
}

std::string without_password(std::string_view url) {
  std::string out(url);
  const std::size_t scheme = out.find("://");
  if (scheme != std::string::npos) {
    const std::size_t path = std::min(out.find_first_of("/?", scheme + 3), out.size());
    const std::size_t at = out.rfind('@', path);
    const std::size_t colon = out.find(':', scheme + 3);
    if (at != std::string::npos && at > scheme && colon < at) out.replace(colon + 1, at - colon - 1, "***");
  }
  for (std::size_t found = 0; (found = text::lower(out).find("password", found)) != std::string::npos;) {
    found += std::string_view("password").size();
    std::size_t value = out.find_first_not_of(' ', found);
    if (value == std::string::npos || out[value] != '=') continue;
    value = out.find_first_not_of(' ', value + 1);
    if (value == std::string::npos) break;
    const char end_mark = out[value] == '\'' ? '\'' : ' ';
    std::size_t end = value + (end_mark == '\'' ? 1 : 0);
    while (end < out.size() && out[end] != end_mark && !(end_mark == ' ' && out[end] == '&')) end += out[end] == '\\' ? 2 : 1;
    end = std::min(out.size(), end + (end_mark == '\'' ? 1 : 0));
    out.replace(value, end - value, "***");
  }
  return out;
}

Result<ServerSettings> server_settings(const Settings& settings) {
  ServerSettings out;
  ECLAIR_CHECK_OK(server_settings_detail::take_address(settings, out));
  ECLAIR_CHECK_OK(server_settings_detail::take_tls(settings, out));
  ECLAIR_CHECK_OK(server_settings_detail::take_store(settings, out));
  ECLAIR_CHECK_OK(server_settings_detail::take_fetching(settings, out));
  ECLAIR_CHECK_OK(server_settings_detail::take_admission(settings, out));
  server_settings_detail::take_bounds(settings, out);
  ECLAIR_TRY(out.rules, access_rules(settings));
  ECLAIR_TRY(out.service.page_key, secret_of(settings, "page-key"));
  ECLAIR_CHECK_OK(take_background(settings, out.service));
  out.log_level = service::parse_log_level(settings.text("log-level")).value_or(service::LogLevel::info);
  if (settings.flag("debug")) out.log_level = std::min(out.log_level, service::LogLevel::debug);
  if (settings.flag("quiet")) out.log_level = std::max(out.log_level, service::LogLevel::warning);
  out.log_form = settings.text("log-format") == "json" ? service::Log::Form::json : service::Log::Form::text;
  server_settings_detail::warn(settings, out);
  return out;
}

}  // namespace eclair::cli
