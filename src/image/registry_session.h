// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "image/credentials.h"
#include "image/reference.h"
#include "image/source.h"
#include "net/client.h"
#include "util/byte_source.h"
#include "util/result.h"

namespace eclair::image {

/// The process's own environment.
std::string process_environment(const char* name);

/// Talks to one repository of one registry: knows its address, what to show it, and how to say that it refused.
/// HTTPS; plain HTTP only after HTTPS failed, and only for loopback hosts or with OpenOptions::insecure. What answered once is kept to.
/// Credentials and tokens are for the registry's own host: never for one that it redirects to, or names as the place of an upload.
/// threads: all functions but the constructor may be called from several at once.
class RegistrySession {
 public:
  enum class Access : unsigned char { pull, push };
  RegistrySession(const Reference& reference, const OpenOptions& options, Credentials credentials, Access access = Access::pull);

  const Reference& reference() const { return reference_; }
  const Credentials& credentials() const { return credentials_; }

  struct Wanted {
    std::string path{};  ///< "manifests/1.0" within the repository
    std::string url{};   ///< instead: an absolute one, from upload_url()
    std::string what{};  ///< "reading the manifest"
    bool manifest = false;  ///< takes every type of manifest
    bool head = false;
    std::uint64_t max_bytes = 0, expected_bytes = 0;
    std::string method{};   ///< "POST", "PUT"; "" = GET or HEAD
    std::string content_type{};
    const ByteSource* body = nullptr;
    std::function<void(std::uint64_t done, std::uint64_t total)> progress{};
  };

  /// Asks, and answers the registry's question who we are. Any status but 401 is the caller's to judge.
  Result<net::Response> get(const Wanted& wanted, net::Trouble* trouble = nullptr);
  Result<std::unique_ptr<net::Body>> open(const Wanted& wanted);
  /// The same as get(); where the answer is 403 or 404, once more after introduce().
  Result<net::Response> get_introduced(const Wanted& wanted, net::Trouble* trouble = nullptr);

  /// Where an upload goes on: the Location of an answer, and what is to be added to its query.
  /// errors: unavailable (no Location, or one that makes no sense, or that leaves TLS without OpenOptions::insecure).
  Result<std::string> upload_url(const net::Head& head, const std::string& query) const;

  /// A new authorization in place of one that stopped to be accepted, unless another thread was faster.
  Result<std::string> renew(const std::string& stale);
  /// Asks the registry itself who may come in, for those that say "not found" to strangers. True when there is something new to show.
  Result<bool> introduce();

  /// An answer other than the one hoped for, in words.
  Error refusal(const net::Head& head) const;
  /// status: "401", or "403: denied: no such project".
  Error refused(const std::string& status) const;
  bool was_refused() const { return refused_; }
  /// "acme/api:1.0", "acme/api@sha256:0123456789ab".
  std::string short_name() const;

 private:
  template <class Answer, class Send, class HeadOf>
  Result<Answer> answered(const Wanted& wanted, Send send, HeadOf head_of);
  template <class Answer, class Send>
  Result<Answer> asked(const Wanted& wanted, const std::string& authorization, Send send);
  void settle(const std::string& url);
  bool may_be_plain(const std::string& url) const;
  std::string base() const;
  std::string current() const;

  // constant after construction
  const Reference reference_;
  const bool insecure_;
  const Access access_;
  const Credentials credentials_;
  const net::Client client_;
  // own synchronisation
  mutable std::atomic<bool> refused_{false};
  // guarded by mutex_
  mutable std::mutex mutex_;
  std::string base_;           ///< "https://host"
  bool settled_ = false;       ///< base_ has answered
  std::string authorization_;  ///< what was accepted last
  net::Head challenge_;        ///< the 401 that it answers
};

}  // namespace eclair::image
