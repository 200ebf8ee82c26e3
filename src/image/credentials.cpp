// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "image/credentials.h"

#include "net/base64.h"
#include "util/byte_source.h"
#include "util/json.h"
#include "util/text.h"

namespace eclair::image {
namespace credentials_detail {

constexpr std::uint64_t kFileBytes = 4u << 20;

/// A key of `auths` as it is compared: without scheme, without the API version that some tools append.
std::string_view bare(std::string_view key) {
  for (const std::string_view scheme : {"https://", "http://"}) {
    if (key.starts_with(scheme)) key.remove_prefix(scheme.size());
  }
  while (key.ends_with('/')) key.remove_suffix(1);
  for (const std::string_view version : {"/v1", "/v2"}) {
    if (key.ends_with(version)) key.remove_suffix(version.size());
  }
  return key;
}

/// The keys that lead to a repository, most particular first.
std::vector<std::string> keys_of(const Reference& reference) {
  std::vector<std::string> out;
  std::string_view path = reference.path;
  while (!path.empty()) {
    out.push_back(reference.domain + "/" + std::string(path));
    const std::size_t slash = path.rfind('/');
    path = slash == std::string_view::npos ? std::string_view{} : path.substr(0, slash);
  }
  out.push_back(reference.domain);
  if (reference.domain == "docker.io") {
    out.emplace_back("index.docker.io");
    out.emplace_back("registry-1.docker.io");
  }
  return out;
}

/// One entry of `auths`.
Result<Credentials> parse_entry(json::Value entry, const std::string& key) {
  Credentials out;
  out.registry_token = entry["registrytoken"].string();
  if (!out.registry_token.empty()) return out;
  out.identity_token = entry["identitytoken"].string();
  if (!out.identity_token.empty()) return out;
  out.username = entry["username"].string();
  out.password = entry["password"].string();
  const std::string_view auth = entry["auth"].string();
  if (!out.empty() || auth.empty()) return out;
  const auto pair = net::base64_decode(auth);
  const std::size_t colon = pair ? pair->find(':') : std::string::npos;
  if (colon == std::string::npos) return fail(Errc::invalid_input, "auth of " + text::quoted(key) + " is not user:password in base64");
  out.username = pair->substr(0, colon);
  out.password = pair->substr(colon + 1);
  while (!out.password.empty() && out.password.back() == '\0') out.password.pop_back();  // old docker padded with them
  return out;
}

}  // namespace credentials_detail

using namespace credentials_detail;

Result<Credentials> parse_credentials(std::string_view bytes, const Reference& reference) {
  json::Document document;
  ECLAIR_TRY(const json::Value root, document.parse(bytes));
  if (!root.is_object()) return fail(Errc::invalid_input, "not a JSON object");
  Credentials out;
  const std::vector<std::string> keys = keys_of(reference);
  for (const std::string& key : keys) {
    Result<> bad;
    root["auths"].each_member([&](std::string_view name, json::Value entry) {
      if (bare(name) != key) return true;
      auto found = parse_entry(entry, key);
      if (!found) {
        bad = fail(std::move(found).error());
        return false;
      }
      out = *std::move(found);
      return out.empty();
    });
    ECLAIR_CHECK_OK(bad);
    if (!out.empty()) return out;
  }
  for (const std::string& key : keys) {
    root["credHelpers"].each_member([&](std::string_view name, json::Value helper) {
      if (bare(name) == key && out.helper.empty()) out.helper = text::clean(helper.string(), 60);
      return true;
    });
  }
  if (out.helper.empty()) out.helper = text::clean(root["credsStore"].string(), 60);
  return out;
}

Credentials find_credentials(const Reference& reference, const OpenOptions& options, const Environment& environment) {
  Credentials out;
  const auto given = [&](std::string token, std::string username, std::string password, const char* token_origin, const char* user_origin) {
    if (!token.empty()) {
      out.registry_token = std::move(token);
      out.origin = token_origin;
    } else if (!username.empty()) {
      out.username = std::move(username);
      out.password = std::move(password);
      out.origin = user_origin;
    }
    return !out.empty();
  };
  if (given(options.registry_token, options.username, options.password, "--registry-token", "--username")) return out;
  if (given(environment("ECLAIR_REGISTRY_TOKEN"), environment("ECLAIR_USERNAME"), environment("ECLAIR_PASSWORD"), "ECLAIR_REGISTRY_TOKEN",
            "ECLAIR_USERNAME")) {
    return out;
  }

  const std::string home = environment("HOME"), docker = environment("DOCKER_CONFIG"), file = environment("REGISTRY_AUTH_FILE"),
                    runtime = environment("XDG_RUNTIME_DIR"), config = environment("XDG_CONFIG_HOME");
  std::vector<std::string> files;
  if (!docker.empty()) files.push_back(docker + "/config.json");
  if (docker.empty() && !home.empty()) files.push_back(home + "/.docker/config.json");
  if (!file.empty()) files.push_back(file);
  if (!runtime.empty()) files.push_back(runtime + "/containers/auth.json");
  if (!config.empty()) files.push_back(config + "/containers/auth.json");
  if (config.empty() && !home.empty()) files.push_back(home + "/.config/containers/auth.json");

  std::string helper;
  std::vector<std::string> notes;
  for (const std::string& path : files) {
    const auto read = [&]() -> Result<Credentials> {
      ECLAIR_TRY(const auto source, FileSource::open(path));
      ECLAIR_TRY(const std::string bytes, read_all(*source, kFileBytes));
      return parse_credentials(bytes, reference);
    };
    auto found = read();
    if (!found) {
      if (found.error().code != Errc::not_found) notes.push_back("credentials in " + text::clean(path) + " not used: " + found.error().text);
      continue;
    }
    if (helper.empty()) helper = found->helper;
    if (found->empty()) continue;
    out = *std::move(found);
    out.origin = path;
    break;
  }
  out.helper = helper;
  out.notes = std::move(notes);
  return out;
}

}  // namespace eclair::image
