// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "image/credential_file.h"

#include <functional>

#include "image/reference.h"
#include "image/registry_session.h"
#include "net/base64.h"
#include "util/json.h"
#include "util/json_writer.h"
#include "util/text.h"

namespace eclair::image {
namespace credential_file_detail {

constexpr std::string_view kHubKey = "https://index.docker.io/v1/";

/// A key without scheme and version, to be compared: "ghcr.io" of "https://ghcr.io/v2/".
std::string_view bare(std::string_view key) {
  for (const std::string_view scheme : {"https://", "http://"}) {
    if (key.starts_with(scheme)) key.remove_prefix(scheme.size());
  }
  return key.substr(0, key.find('/'));
}

bool is_of(std::string_view key, std::string_view domain) {
  const std::string_view host = bare(key);
  // "ghcr.io/acme" is another entry than "ghcr.io".
  const std::string_view rest = key.substr(key.find(host) + host.size());
  if (!rest.empty() && rest != "/" && rest != "/v1" && rest != "/v1/" && rest != "/v2" && rest != "/v2/") return false;
  return host == domain || (domain == "docker.io" && (host == "index.docker.io" || host == "registry-1.docker.io"));
}

void copy(json::Value value, json::Writer& out) {
  switch (value.kind()) {
    case json::Kind::null: out.null(); break;
    case json::Kind::boolean: out.boolean(value.boolean()); break;
    case json::Kind::string: out.string(value.string()); break;
    case json::Kind::number:
      if (const auto whole = value.integer()) out.number(*whole);
      else out.number(value.number().value_or(0));
      break;
    case json::Kind::array:
      out.begin_array();
      value.each([&](json::Value one) {
        copy(one, out);
        return true;
      });
      out.end_array();
      break;
    case json::Kind::object:
      out.begin_object();
      value.each_member([&](std::string_view key, json::Value one) {
        out.key(key);
        copy(one, out);
        return true;
      });
      out.end_object();
      break;
  }
}

/// Writes the file anew without the entries of `domain`, and lets `add` put one at the end of `auths`.
Result<std::string> rewritten(std::string_view text, std::string_view domain, bool& had, const std::function<void(json::Writer&)>& add) {
  json::Document document;
  const bool fresh = text::trim(text).empty();
  ECLAIR_TRY(const json::Value root, document.parse(fresh ? std::string_view("{}") : text));
  if (!root.is_object()) return fail(Errc::invalid_input, "not a JSON object");
  json::Writer out(true);
  out.begin_object();
  const auto auths = [&](json::Value old) {
    out.key("auths").begin_object();
    old.each_member([&](std::string_view key, json::Value one) {
      if (is_of(key, domain)) {
        had = true;
        return true;
      }
      out.key(key);
      copy(one, out);
      return true;
    });
    if (add) add(out);
    out.end_object();
  };
  bool written = false;
  root.each_member([&](std::string_view key, json::Value one) {
    if (key == "auths" && !written) {
      auths(one);
      written = true;
      return true;
    }
    out.key(key);
    copy(one, out);
    return true;
  });
  if (!written && add) auths({});
  out.end_object();
  return out.take() + "\n";
}

}  // namespace credential_file_detail

using namespace credential_file_detail;

Result<std::string> credential_file(const Environment& environment) {
  const std::string folder = environment("DOCKER_CONFIG"), home = environment("HOME");
  if (!folder.empty()) return folder + "/config.json";
  if (home.empty()) return fail(Error{Errc::not_found, "no home folder to keep credentials in", "set HOME or DOCKER_CONFIG"});
  return home + "/.docker/config.json";
}

std::string credential_key(std::string_view domain) { return std::string(domain == "docker.io" ? kHubKey : domain); }

Result<std::string> with_login(std::string_view text, std::string_view domain, std::string_view username, std::string_view password) {
  bool had = false;
  return rewritten(text, domain, had, [&](json::Writer& out) {
    out.key(credential_key(domain)).begin_object();
    out.member("auth", net::base64_encode(std::string(username) + ":" + std::string(password)));
    out.end_object();
  });
}

Result<std::string> without_login(std::string_view text, std::string_view domain, bool& had) { return rewritten(text, domain, had, {}); }

Result<std::string> helper_of(std::string_view text, std::string_view domain) {
  ECLAIR_TRY(const Reference reference, parse_reference(std::string(domain) + "/x"));
  ECLAIR_TRY(const Credentials found, parse_credentials(text::trim(text).empty() ? std::string_view("{}") : text, reference));
  return found.helper;
}

Result<> try_login(std::string_view domain, const OpenOptions& options) {
  // Any repository will do: who is known is told that it does not exist, or that it is another's.
  auto reference = parse_reference(std::string(domain) + "/eclair-login");
  if (!reference || reference->domain != domain) return fail(Errc::invalid_input, text::quoted(domain) + " is not the host of a registry");
  Credentials credentials;
  credentials.username = options.username;
  credentials.password = options.password;
  credentials.origin = "--username";
  RegistrySession session(*reference, options, credentials);
  ECLAIR_TRY(const net::Response answer, session.get({.path = "manifests/latest", .what = "logging in", .manifest = true, .max_bytes = options.limits.manifest_bytes}));
  if (answer.head.status == 429 || answer.head.status >= 500) return fail(session.refusal(answer.head));
  ECLAIR_TRY(const bool asked, session.introduce());
  (void)asked;
  ECLAIR_TRY(const std::string shown, session.renew(""));
  // A token is given to who is known; what is not allowed with it is another matter. A password is judged by the answer.
  if (answer.head.status == 401 && !shown.starts_with("Bearer ")) return fail(session.refusal(answer.head));
  return {};
}

}  // namespace eclair::image
