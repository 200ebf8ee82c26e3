// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "image/registry_auth.h"

#include "net/base64.h"
#include "net/url.h"
#include "util/json.h"
#include "util/text.h"

namespace eclair::image {
namespace registry_auth_detail {

constexpr std::size_t kChallengeBytes = 16u << 10;
constexpr std::size_t kChallenges = 16;
constexpr std::uint64_t kTokenBytes = 1u << 20;

class Scanner {
 public:
  explicit Scanner(std::string_view in) : in_(in) {}
  bool done() const { return at_ >= in_.size(); }
  char peek() const { return done() ? '\0' : in_[at_]; }
  void skip() { ++at_; }
  void skip_blanks() {
    while (!done() && text::is_space(in_[at_])) ++at_;
  }
  void skip_separators() {
    while (!done() && (text::is_space(in_[at_]) || in_[at_] == ',')) ++at_;
  }
  std::string_view token() {
    const std::size_t begin = at_;
    while (!done() && !text::is_space(in_[at_]) && in_[at_] != ',' && in_[at_] != '=' && in_[at_] != '"') ++at_;
    return in_.substr(begin, at_ - begin);
  }
  std::string value() {
    if (peek() != '"') {
      const std::size_t begin = at_;
      while (!done() && !text::is_space(in_[at_]) && in_[at_] != ',') ++at_;
      return std::string(in_.substr(begin, at_ - begin));
    }
    std::string out;
    for (++at_; !done() && in_[at_] != '"'; ++at_) {
      if (in_[at_] == '\\' && at_ + 1 < in_.size()) ++at_;
      out += in_[at_];
    }
    if (!done()) ++at_;
    return out;
  }

 private:
  std::string_view in_;
  std::size_t at_ = 0;
};

std::string query(const std::string& url, const std::string& parameters) {
  return url + (url.find('?') == std::string::npos ? "?" : "&") + parameters;
}

/// The scope to ask for: the challenge's, which is of the one request that was refused, with all that we are going to do.
std::string scope_for(const Challenge& challenge, const std::string& what) {
  const std::string& asked = challenge.scope;
  if (asked.empty()) return what;
  const bool to_write = what.ends_with(":pull,push"), only_reads = asked.ends_with(":pull") && asked.find(' ') == std::string::npos;
  return to_write && only_reads ? asked + ",push" : asked;
}

Result<std::string> fetch_token(const net::Client& client, const Challenge& challenge, const std::string& registry_url,
                                const Credentials& credentials, const std::string& what, bool insecure) {
  net::Request request;
  request.url = net::resolve_url(registry_url, challenge.realm);
  request.what = "asking for a token";
  request.max_bytes = kTokenBytes;
  if (request.url.empty()) return fail(Errc::invalid_input, net::host_of(registry_url) + " names a token service that is no http or https address");
  const std::string scope = scope_for(challenge, what);
  const bool secret = !credentials.identity_token.empty() || !credentials.username.empty();
  if (secret && request.url.starts_with("http://") && !insecure && !net::is_loopback(net::host_of(request.url))) {
    return fail(Errc::invalid_input, net::host_of(registry_url) + " wants the credentials sent to " + net::host_of(request.url) + " without TLS");
  }
  std::string parameters;
  if (!challenge.service.empty()) parameters += "service=" + text::percent_encode(challenge.service) + "&";
  if (!credentials.identity_token.empty()) {
    request.form = "grant_type=refresh_token&client_id=eclair&" + parameters + "scope=" + text::percent_encode(scope) +
                   "&refresh_token=" + text::percent_encode(credentials.identity_token);
  } else {
    for (const std::string_view one : text::words(scope)) parameters += "scope=" + text::percent_encode(one) + "&";
    if (!credentials.username.empty()) {
      parameters += "account=" + text::percent_encode(credentials.username) + "&";
      request.authorization = "Basic " + net::base64_encode(credentials.username + ":" + credentials.password);
    }
    if (parameters.ends_with('&')) parameters.pop_back();
    request.url = query(request.url, parameters);
  }
  ECLAIR_TRY(const net::Response answer, client.send(request));
  if (answer.head.status == 400 || answer.head.status == 401 || answer.head.status == 403) {
    return fail(Errc::conflict, std::to_string(answer.head.status));
  }
  if (answer.head.status != 200) return fail(net::status_error(answer.head).within("token service"));
  json::Document document;
  auto root = document.parse(answer.body);
  std::string token;
  if (root) token = (*root)["token"].string((*root)["access_token"].string());
  if (token.empty()) return fail(Errc::unavailable, "token service " + net::host_of(request.url) + " answered without a token");
  return token;
}

}  // namespace registry_auth_detail

using namespace registry_auth_detail;

std::vector<Challenge> parse_challenges(std::string_view header) {
  std::vector<Challenge> out;
  Scanner in(header.substr(0, kChallengeBytes));
  while (true) {
    in.skip_separators();
    if (in.done()) return out;
    const std::string name = text::lower(in.token());
    if (name.empty()) {  // a stray '=' or quoted string
      if (in.peek() == '"') {
        in.value();
      } else {
        in.skip();
      }
      continue;
    }
    in.skip_blanks();
    if (in.peek() != '=') {
      if (out.size() >= kChallenges) return out;
      out.push_back({name, "", "", ""});
      continue;
    }
    in.skip();
    in.skip_blanks();
    std::string value = in.value();
    if (out.empty()) continue;
    if (name == "realm") {
      out.back().realm = std::move(value);
    } else if (name == "service") {
      out.back().service = std::move(value);
    } else if (name == "scope") {
      out.back().scope = std::move(value);
    }
  }
}

Result<std::string> authorize(const net::Client& client, const net::Head& refused, const Credentials& credentials, const std::string& what,
                              bool insecure) {
  if (!credentials.registry_token.empty()) return "Bearer " + credentials.registry_token;
  const Challenge* basic = nullptr;
  std::vector<Challenge> challenges;
  for (const net::Header& header : refused.headers) {
    if (!text::iequals(header.name, "WWW-Authenticate")) continue;
    for (Challenge& one : parse_challenges(header.value)) challenges.push_back(std::move(one));
  }
  for (const Challenge& one : challenges) {
    if (one.scheme == "bearer" && !one.realm.empty()) {
      ECLAIR_TRY(const std::string token, fetch_token(client, one, refused.url, credentials, what, insecure));
      return "Bearer " + token;
    }
    if (one.scheme == "basic") basic = &one;
  }
  if (basic == nullptr || credentials.username.empty()) return std::string{};
  return "Basic " + net::base64_encode(credentials.username + ":" + credentials.password);
}

}  // namespace eclair::image
