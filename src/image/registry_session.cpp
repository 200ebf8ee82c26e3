// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "image/registry_session.h"

#include <algorithm>
#include <cstdlib>
#include <string_view>

#include "image/manifest.h"
#include "image/registry_auth.h"
#include "net/url.h"
#include "util/text.h"

namespace eclair::image {
namespace registry_session_detail {

constexpr std::string_view kManifestTypes[] = {
    media::kOciIndex, media::kOciManifest, media::kDockerIndex, media::kDockerManifest, "application/vnd.docker.distribution.manifest.v1+prettyjws",
    "application/vnd.docker.distribution.manifest.v1+json",
};

}  // namespace registry_session_detail

using namespace registry_session_detail;

std::string process_environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string{} : std::string(value);
}

RegistrySession::RegistrySession(const Reference& reference, const OpenOptions& options, Credentials credentials, Access access)
    : reference_(reference),
      insecure_(options.insecure),
      access_(access),
      credentials_(std::move(credentials)),
      client_(net::Options{.insecure = options.insecure, .ca_file = options.ca_file, .stall_seconds = options.stall_seconds, .stop = options.stop, .may_connect = options.may_connect}),
      base_("https://" + std::string(reference.api_host())),
      authorization_(credentials_.registry_token.empty() ? "" : "Bearer " + credentials_.registry_token) {}

Result<net::Response> RegistrySession::get(const Wanted& wanted, net::Trouble* trouble) {
  return answered<net::Response>(
      wanted,
      [this, trouble](const net::Request& request, net::Trouble* seen) {
        auto answer = client_.send(request, seen);
        if (trouble != nullptr) *trouble = *seen;
        return answer;
      },
      [](const net::Response& response) -> const net::Head& { return response.head; });
}

Result<std::unique_ptr<net::Body>> RegistrySession::open(const Wanted& wanted) {
  return answered<std::unique_ptr<net::Body>>(
      wanted, [this](const net::Request& request, net::Trouble* trouble) { return client_.open(request, trouble); },
      [](const std::unique_ptr<net::Body>& body) -> const net::Head& { return body->head(); });
}

Result<net::Response> RegistrySession::get_introduced(const Wanted& wanted, net::Trouble* trouble) {
  auto answer = get(wanted, trouble);
  if (!answer || (answer->head.status != 403 && answer->head.status != 404)) return answer;
  ECLAIR_TRY(const bool known, introduce());
  return known ? get(wanted, trouble) : std::move(answer);
}

Result<std::string> RegistrySession::renew(const std::string& stale) {
  const std::lock_guard lock(mutex_);
  if (authorization_ != stale) return authorization_;
  const std::string scope = "repository:" + reference_.path + (access_ == Access::push ? ":pull,push" : ":pull");
  ECLAIR_TRY(authorization_, authorize(client_, challenge_, credentials_, scope, insecure_));
  return authorization_;
}

Result<bool> RegistrySession::introduce() {
  if (credentials_.empty() || !current().empty()) return false;
  ECLAIR_TRY(const net::Response answer, client_.send({.url = base() + "/v2/", .what = "asking for the registry's terms"}));
  if (answer.head.status != 401) return false;
  {
    const std::lock_guard lock(mutex_);
    challenge_ = answer.head;
  }
  auto shown = renew("");
  if (!shown && shown.error().code == Errc::conflict) return fail(refused(shown.error().text));
  if (!shown) return fail(std::move(shown).error());
  return !shown->empty();
}

Result<std::string> RegistrySession::upload_url(const net::Head& head, const std::string& query) const {
  const std::string location(head.header("Location"));
  if (location.empty()) return fail(Errc::unavailable, "registry " + reference_.domain + " does not say where an upload goes");
  std::string url = net::resolve_url(head.url, location);
  if (url.empty()) return fail(Errc::unavailable, "registry " + reference_.domain + " sends an upload to something that is not an http or https address");
  if (head.url.starts_with("https:") && url.starts_with("http:") && !insecure_) {
    Error error{Errc::unavailable, "registry " + reference_.domain + " sends an upload to " + net::host_of(url) + " without TLS"};
    if (net::take_apart(url).host == net::take_apart(head.url).host) error.hint = "its proxy has to tell it that clients come by HTTPS (X-Forwarded-Proto)";
    return fail(std::move(error));
  }
  url.resize(std::min(url.size(), url.find('#')));
  return url + (url.find('?') == std::string::npos ? "?" : "&") + query;
}

Error RegistrySession::refusal(const net::Head& head) const {
  const std::string& registry = reference_.domain;
  const std::string status = std::to_string(head.status);
  Error error = net::status_error(head);
  if (head.status == 401 || head.status == 403) {
    error = refused(status);
  } else if (head.status == 404) {
    error = Error{Errc::not_found, "image not found: " + reference_.text() + " (registry answered 404)"};
    error.hint = "is the name right? local images: eclair scan --from docker " + reference_.familiar();
    if (reference_.looks_like_host()) {
      error.hint = "without a \"/\" this is the name of an image on Docker Hub; on a host of your own: " + reference_.familiar() + "/NAME";
    }
  } else if (head.status == 429) {
    const std::string when = net::retry_after(head);
    const bool push = access_ == Access::push;
    error.text = registry + " limits " + (push ? "requests" : "pulls") + " from this address (429" + (when.empty() ? "" : ", retry in " + when) + ")";
    const std::string mirror = push ? "" : (credentials_.empty() ? ", or a mirror: " : "a mirror: ") + std::string("--registry-mirror ") + registry + "=HOST";
    error.hint = (credentials_.empty() ? "eclair login " + registry : "") + mirror;
  } else {
    error.text = "registry " + registry + " answered " + status + " for " + short_name();
  }
  return error;
}

Error RegistrySession::refused(const std::string& status) const {
  refused_ = true;
  const std::string& registry = reference_.domain;
  const bool push = access_ == Access::push;
  Error error{Errc::unavailable, "registry " + registry + " refused " + (push ? "to store " : "") + short_name() + " (" + status};
  if (!credentials_.empty()) {
    if (push && !credentials_.username.empty()) error.text += ", user \"" + text::clean(credentials_.username, 100) + "\"";
    error.text += ", credentials from " + text::clean(credentials_.origin, 200) + ")";
    error.hint = std::string(push ? "may this user write there? " : "") + "they may be wrong or too old: eclair login " + registry +
                 ", or set ECLAIR_USERNAME and ECLAIR_PASSWORD";
  } else if (!credentials_.helper.empty()) {
    error.text += ")";
    error.hint = "credentials are in the helper \"" + credentials_.helper + "\", which eclair does not run; use: echo " + registry +
                 " | docker-credential-" + credentials_.helper + " get, and then eclair login " + registry;
  } else {
    error.text += ", no credentials sent)";
    error.hint = std::string(registry == "docker.io" && !push ? "is the name right? if it is private: " : "") + "eclair login " + registry +
                 ", or set ECLAIR_USERNAME and ECLAIR_PASSWORD";
  }
  return error;
}

std::string RegistrySession::short_name() const {
  return reference_.path + (reference_.digest.empty() ? ":" + reference_.tag : "@sha256:" + std::string(reference_.digest.brief()));
}

/// Sends a request, answering the registry's question who we are.
template <class Answer, class Send, class HeadOf>
Result<Answer> RegistrySession::answered(const Wanted& wanted, Send send, HeadOf head_of) {
  std::string shown = current();
  auto answer = asked<Answer>(wanted, shown, send);
  if (!answer || head_of(*answer).status != 401) return answer;
  // Another host has its own ideas of who may come in, and is shown nothing.
  if (!wanted.url.empty() && !net::same_server(base(), wanted.url)) return answer;
  {
    const std::lock_guard lock(mutex_);
    if (authorization_ == shown) challenge_ = head_of(*answer);
  }
  auto renewed = renew(shown);
  if (!renewed && renewed.error().code == Errc::conflict) return fail(refused(renewed.error().text));
  if (!renewed) return fail(std::move(renewed).error());
  if (*renewed == shown) return answer;  // nothing else to show
  answer = Result<Answer>(fail(Errc::internal, ""));  // the old answer's connection is free again
  return asked<Answer>(wanted, *renewed, send);
}

template <class Answer, class Send>
Result<Answer> RegistrySession::asked(const Wanted& wanted, const std::string& authorization, Send send) {
  net::Request request;
  request.url = wanted.url.empty() ? base() + "/v2/" + reference_.path + "/" + wanted.path : wanted.url;
  if (wanted.url.empty() || net::same_server(base(), wanted.url)) request.authorization = authorization;
  request.head = wanted.head;
  request.method = wanted.method;
  request.body = wanted.body;
  request.progress = wanted.progress;
  request.what = wanted.what;
  request.immutable = true;  // blobs and, where it matters, manifests are named by digest
  request.expected_bytes = wanted.expected_bytes;
  if (wanted.max_bytes > 0) {
    request.max_bytes = wanted.max_bytes;
    request.limit_name = "manifest_bytes";
  }
  if (wanted.manifest) {
    for (const std::string_view type : kManifestTypes) request.headers.push_back({"Accept", std::string(type)});
  }
  if (!wanted.content_type.empty()) request.headers.push_back({"Content-Type", wanted.content_type});
  request.renew = [this](const std::string& refused) { return renew(refused); };
  net::Trouble trouble = net::Trouble::none;
  auto answer = send(request, &trouble);
  if (!wanted.url.empty()) return answer;
  if (answer) settle(request.url);
  const bool no_tls = trouble == net::Trouble::connect || trouble == net::Trouble::tls;
  if (answer || !no_tls || !may_be_plain(request.url)) return answer;
  // Docker's habit: HTTPS first; without TLS only where nobody can listen, or where the user said so.
  request.url.replace(0, 5, "http");
  const bool listens = trouble == net::Trouble::tls;
  auto plain = send(request, &trouble);
  if (!plain) return listens ? std::move(plain) : std::move(answer);
  settle(request.url);
  return plain;
}

/// What answered once is kept to: a registry that spoke TLS is never asked without.
void RegistrySession::settle(const std::string& url) {
  const std::lock_guard lock(mutex_);
  if (!settled_ && url.starts_with("http:")) base_ = "http://" + std::string(reference_.api_host());
  settled_ = true;
}

bool RegistrySession::may_be_plain(const std::string& url) const {
  const std::lock_guard lock(mutex_);
  return !settled_ && url.starts_with("https:") && (insecure_ || net::is_loopback(reference_.domain));
}

std::string RegistrySession::base() const {
  const std::lock_guard lock(mutex_);
  return base_;
}

std::string RegistrySession::current() const {
  const std::lock_guard lock(mutex_);
  return authorization_;
}

}  // namespace eclair::image
