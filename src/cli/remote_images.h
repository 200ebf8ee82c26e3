// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "cli/command.h"
#include "service/images/images.h"
#include "util/result.h"

/// Images where --server says, or in the store of this machine.
namespace eclair::cli {

/// A running server, by --server, --token, --token-file, --cacert, --insecure. Whoever is named as asking in a call, the server decides by the
/// token. Errors have the server's own words.
/// threads: not for several at once.
std::unique_ptr<service::Images> remote_images(const Invocation& call, const std::string& server, const std::string& token);
/// The health that a server tells: a JSON document, and whether it is well.
struct ServerHealth {
  bool well = false;
  std::string document;
};
Result<ServerHealth> server_health(const Invocation& call, const std::string& server);

/// --server without a slash at its end; "" = none. errors: invalid_input (not an http or https address).
Result<std::string> server_of(const Invocation& call);

/// Images and what they lie in.
class KeptImages {
 public:
  /// errors: not_found (no server named, and none are kept on this machine), those of the stores.
  static Result<KeptImages> open(const Invocation& call);
  service::Images& operator*() const { return *images_; }
  service::Images* operator->() const { return images_.get(); }
  const service::Identity& who() const { return who_; }

 private:
  std::unique_ptr<store::ServiceStore> store_;
  std::unique_ptr<service::Advisories> advisories_;
  std::unique_ptr<service::Images> images_;
  service::Identity who_;
};

}  // namespace eclair::cli
