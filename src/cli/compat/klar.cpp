// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/compat/arguments.h"
#include "cli/compat/classic_image.h"
#include "cli/compat/go_table.h"
#include "cli/compat/go_text.h"
#include "cli/compat/verb.h"
#include "cli/compat/white_list.h"
#include "util/go_json.h"
#include "util/text.h"

/// klar: everything by the environment, and an exit code by a number of findings that is tolerated.
/// source: optiopay/klar 2.4.0: main.go, klar.go, format.go, clair/clair.go
namespace eclair::cli::compat {
namespace klar_detail {

enum Exit : int { kTolerable = 0, kTooMany = 1, kFailed = 2 };

constexpr std::string_view kHelp =
    "Usage: klar IMAGE\n"
    "\n"
    "  CLAIR_ADDR          an Eclair server that keeps and judges the image; not set: it is judged here\n"
    "  CLAIR_OUTPUT        least severity that is shown and counted (Unknown)\n"
    "  CLAIR_THRESHOLD     how many may be shown before the exit code is 1 (0)\n"
    "  JSON_OUTPUT         true: JSON\n"
    "  FORMAT_OUTPUT       standard, json, table\n"
    "  WHITELIST_FILE      vulnerabilities that do not count\n"
    "  IGNORE_UNFIXED      true: what has no fix is shown, but not counted\n"
    "  DOCKER_USER, DOCKER_PASSWORD, DOCKER_TOKEN, DOCKER_INSECURE, REGISTRY_INSECURE,\n"
    "  DOCKER_PLATFORM_OS, DOCKER_PLATFORM_ARCH, DOCKER_TIMEOUT (minutes), KLAR_TRACE\n"
    "\n"
    "Exit codes: 0 as many as are tolerated or fewer, 1 more, 2 an error.\n";

struct Config {
  std::size_t least = 0;  ///< place in kPriorities
  std::int64_t threshold = 0;
  std::string format = "standard";
  bool ignore_unfixed = false;
  std::string white_list;
  std::int64_t clair_minutes = 1, docker_minutes = 1;
};

std::string variable(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? std::string() : value;
}

bool is_true(const char* name) { return go_bool(variable(name)).value_or(false); }

/// As strconv.Atoi; what is no number counts as 0.
std::int64_t number(const char* name) {
  std::string value = variable(name);
  const bool minus = !value.empty() && value[0] == '-';
  if (!value.empty() && (minus || value[0] == '+')) value.erase(0, 1);
  const auto out = text::parse_number(value);
  if (!out || *out > 1'000'000'000) return 0;
  return minus ? -static_cast<std::int64_t>(*out) : static_cast<std::int64_t>(*out);
}

Result<Config> config() {
  Config out;
  if (const std::string least = variable("CLAIR_OUTPUT"); !least.empty()) {
    for (out.least = 0; out.least < std::size(kPriorities); ++out.least) {
      if (text::iequals(kPriorities[out.least], least)) break;
    }
    if (out.least == std::size(kPriorities)) {
      return fail(Errc::invalid_input,
                  "Clair output level " + least + " is not supported, only support [Unknown Negligible Low Medium High Critical Defcon1]");
    }
  }
  if (const std::string format = text::lower(variable("FORMAT_OUTPUT")); !format.empty() && !is_true("JSON_OUTPUT")) {
    if (format != "standard" && format != "json" && format != "table") {
      return fail(Errc::invalid_input,
                  "Format type " + variable("FORMAT_OUTPUT") + " is not supported, only support [standard json table]");
    }
    out.format = format;
  }
  if (is_true("JSON_OUTPUT")) out.format = "json";
  out.threshold = number("CLAIR_THRESHOLD");
  out.ignore_unfixed = is_true("IGNORE_UNFIXED");
  out.white_list = variable("WHITELIST_FILE");
  if (const auto minutes = number("CLAIR_TIMEOUT"); minutes != 0) out.clair_minutes = minutes;
  if (const auto minutes = number("DOCKER_TIMEOUT"); minutes != 0) out.docker_minutes = minutes;
  return out;
}

/// What its variables say of things that are options of ours.
Result<Settings> settings(const Settings& ours) {
  Settings out = ours;
  const auto put = [&](std::string_view option, std::string value, const char* where) -> Result<> {
    return value.empty() ? Result<>{} : out.put(find_option(option), value, Origin::flag, where);
  };
  ECLAIR_CHECK_OK(put("username", variable("DOCKER_USER"), "DOCKER_USER"));
  ECLAIR_CHECK_OK(put("password", variable("DOCKER_PASSWORD"), "DOCKER_PASSWORD"));
  ECLAIR_CHECK_OK(put("registry-token", variable("DOCKER_TOKEN"), "DOCKER_TOKEN"));
  if (is_true("DOCKER_INSECURE") || is_true("REGISTRY_INSECURE")) ECLAIR_CHECK_OK(put("insecure", "true", "REGISTRY_INSECURE"));
  const std::string os = variable("DOCKER_PLATFORM_OS"), architecture = variable("DOCKER_PLATFORM_ARCH");
  if (!os.empty() || !architecture.empty()) {
    ECLAIR_CHECK_OK(
        put("platform", (os.empty() ? "linux" : os) + "/" + (architecture.empty() ? "amd64" : architecture), "DOCKER_PLATFORM_ARCH"));
  }
  if (const auto minutes = number("DOCKER_TIMEOUT"); minutes > 0)
    ECLAIR_CHECK_OK(put("stall-timeout", std::to_string(minutes) + "m", "DOCKER_TIMEOUT"));
  if (!variable("KLAR_TRACE").empty()) ECLAIR_CHECK_OK(put("debug", "true", "KLAR_TRACE"));
  if (std::string server = variable("CLAIR_ADDR"); !server.empty()) {
    if (!server.starts_with("http://") && !server.starts_with("https://")) server.insert(0, "http://");
    if (server.rfind(':') < 6) server += ":6060";  // no port: the only colon is that of the scheme
    ECLAIR_CHECK_OK(put("server", server, "CLAIR_ADDR"));
  }
  return out;
}

struct Found {
  report::FeatureVulnerability vulnerability;
  std::string feature, version;
};
using BySeverity = std::map<std::string, std::vector<Found>, std::less<>>;

std::string json_of(const Found& one) {
  std::string out;
  go_json::Object object(out);
  object.string_if("Name", one.vulnerability.name).string_if("NamespaceName", one.vulnerability.name_space);
  object.string_if("Description", one.vulnerability.description).string_if("Link", one.vulnerability.link);
  object.string("Severity", priority_of(one.vulnerability));
  if (const std::string metadata = sorted_members(one.vulnerability.metadata); !metadata.empty()) object.raw("Metadata", metadata);
  object.string_if("FixedBy", one.vulnerability.fixed_by);
  object.string("FeatureName", one.feature).string("FeatureVersion", one.version).end();
  return out;
}

std::string as_json(const BySeverity& found, std::size_t least, std::size_t layers) {
  std::string out;
  go_json::Object outer(out);
  outer.number("LayerCount", static_cast<std::int64_t>(layers));
  go_json::Object lists(outer.key("Vulnerabilities"));
  for (const auto& [severity, list] : found) {
    const auto* const at = std::find(std::begin(kPriorities), std::end(kPriorities), severity);
    if (list.empty() || static_cast<std::size_t>(at - std::begin(kPriorities)) < least) continue;
    std::string& to = lists.key(severity);
    char before = '[';
    for (const Found& one : list) to += std::exchange(before, ',') + json_of(one);
    to += ']';
  }
  lists.end();
  outer.end();
  return out + "\n";
}

std::string as_standard(const std::vector<const Found*>& shown) {
  std::string out;
  for (const Found* const one : shown) {
    const auto& v = one->vulnerability;
    out += v.name + ": [" + std::string(priority_of(v)) + "] \nFound in: " + one->feature + " [" + one->version +
           "]\nFixed By: " + v.fixed_by + "\n" + v.description + "\n" + v.link + "\n-----------------------------------------\n";
  }
  return out;
}

std::string as_table(const std::vector<const Found*>& shown, bool color) {
  static const std::map<std::string_view, std::string_view> kColors = {{"Defcon1", "1;31"}, {"Critical", "1;31"}, {"High", "0;31"},
                                                                       {"Medium", "0;33"},  {"Low", "0;94"},      {"Negligible", "0;94"},
                                                                       {"Unknown", "0;97"}};
  std::vector<std::vector<std::string>> rows;
  for (const Found* const one : shown) {
    const auto& v = one->vulnerability;
    const std::string_view priority = priority_of(v);
    const std::string word =
        color ? "\x1b[" + std::string(kColors.at(priority)) + "m" + std::string(priority) + "\x1b[0m" : std::string(priority);
    rows.push_back({word, v.name, one->feature, one->version, v.fixed_by, v.description, v.link});
  }
  if (rows.empty()) return {};
  return go_table({"Severity", "Name", "FeatureName", "FeatureVersion", "FixedBy", "Description", "Link"}, rows, Words::by_space);
}

/// A text of an image or a feed, for a terminal: line ends stay.
std::string clean_lines(std::string_view text) {
  std::string out;
  for (const std::string_view line : text::split(text, '\n')) out += (out.empty() ? "" : "\n") + text::clean(line);
  return out;
}

Result<int> scan(const Invocation& call, const Config& how) {
  const bool json = how.format == "json";
  if (!json) {
    call.console.verdict("clair timeout " + std::to_string(how.clair_minutes) + "m0s");
    call.console.verdict("docker timeout: " + std::to_string(how.docker_minutes) + "m0s");
    call.console.verdict(how.white_list.empty() ? "no whitelist file" : "whitelist file: " + how.white_list);
  }
  ECLAIR_TRY(WhiteList white_list, WhiteList::read(call, how.white_list));
  const std::string& target = call.arguments.front();
  ECLAIR_TRY(report::Report report, scanned(call, target));
  const std::size_t all = count(classic_features(report));
  ECLAIR_TRY(report, white_list.applied(call, target, std::move(report)));
  std::vector<ClassicFeature> features = classic_features(report);
  const std::size_t white = all - count(features);

  BySeverity found;
  for (ClassicFeature& feature : features) {
    for (report::FeatureVulnerability& one : feature.vulnerabilities) {
      one.description = clean_lines(one.description);
      std::string severity(priority_of(one));
      found[std::move(severity)].push_back({std::move(one), feature.name, feature.version});
    }
  }
  std::size_t layers = 0;
  for (const LayerInfo& layer : report.image.history) layers += layer.empty ? 0 : 1;
  std::int64_t counted = 0;
  std::vector<const Found*> shown;
  for (std::size_t i = how.least; i < std::size(kPriorities); ++i) {
    for (const Found& one : found[std::string(kPriorities[i])]) {
      shown.push_back(&one);
      if (!how.ignore_unfixed || !one.vulnerability.fixed_by.empty()) ++counted;
    }
  }
  std::string out;
  if (json) {
    out = as_json(found, how.least, layers);
  } else {
    out = "Analysing " + std::to_string(layers) + " layers\nGot results from Clair API v1\n";
    if (white > 0) out += "Whitelisted " + std::to_string(white) + " vulnerabilities\n";
    out += "Found " + std::to_string(all - white) + " vulnerabilities\n";
    for (const std::string_view priority : kPriorities) {
      const auto& list = found[std::string(priority)];
      if (!list.empty()) out += std::string(priority) + ": " + std::to_string(list.size()) + "\n";
    }
    out += "\n" + (how.format == "table" ? as_table(shown, call.console.color()) : as_standard(shown));
  }
  ECLAIR_CHECK_OK(call.console.print(out));
  return int{counted > how.threshold ? kTooMany : kTolerable};
}

Result<int> run(const Invocation& call) {
  if (call.arguments.size() != 1) return fail(Errc::invalid_input, "Image name must be provided");
  if (call.arguments[0] == "--help" || call.arguments[0] == "-h") {
    ECLAIR_CHECK_OK(call.console.print(kHelp));
    return int{kTolerable};
  }
  auto how = config();
  if (!how) return fail(std::move(how).error().within("Invalid options"));
  ECLAIR_TRY(const Settings with, settings(call.settings));
  return scan({with, call.arguments, call.console, call.stop, call.version}, *how);
}

}  // namespace klar_detail

namespace verb {
const Verb& klar() {
  static constexpr Verb kOne = {.name = "klar",
                                .purpose = "optiopay/klar: everything by the environment.",
                                .help = klar_detail::kHelp,
                                .error_code = klar_detail::kFailed,
                                .run = &klar_detail::run};
  return kOne;
}
}  // namespace verb
}  // namespace eclair::cli::compat
