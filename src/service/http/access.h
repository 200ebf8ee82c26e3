// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/http/http.h"
#include "util/result.h"

/// Who may do what: rules that an operator wrote, and what a request shows.
namespace eclair::service {

/// One rule: a key, or the name in a client's certificate, and what it may.
struct AccessRule {
  Identity who;
  std::array<char, 32> key_sha256{};  ///< of the key; not set where `certificate` is
  std::string certificate;
};

/// "name=ci role=write sha256=HEX prefix=team/ prefix=base/". role: read, write or admin. Of the key one of
///   sha256=HEX        the SHA-256 of the key's bytes
///   file=FILE         a file with the key itself; blanks and line ends around it are not part of it
///   certificate=NAME  no key: the common name of a client's certificate
/// errors: invalid_input (the text never has the key), and those of reading the file.
Result<AccessRule> parse_access_rule(std::string_view words);

/// One rule a line; empty lines and "#" comments are passed over. errors: as above, with the line.
Result<std::vector<AccessRule>> parse_access_rules(std::string_view text, const std::string& file);

/// The rules in force. threads: any, once made.
class Access {
 public:
  /// clients_verified: every certificate that a client shows was checked; where no rule is given at all, such a client may do everything.
  /// Without rules and without that, everybody may do everything.
  Access(std::vector<AccessRule> rules, bool clients_verified);
  /// By the key that the request shows (X-Api-Key, Authorization: Bearer, or the password of Basic), else by the certificate.
  /// nullopt: nobody that is known. All keys are compared, in constant time.
  std::optional<Identity> who(const Request& request, std::string_view certificate) const;
  bool open() const { return rules_.empty() && !clients_verified_; }

 private:
  std::vector<AccessRule> rules_;
  bool clients_verified_;
};

}  // namespace eclair::service
