// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/advisory.h"
#include "util/result.h"

/// Vulnerabilities as the old APIs show and change them: one of a (namespace, name), with its fixes.
namespace eclair::service {

struct Fix {
  std::string feature;   ///< name of the package
  std::string version;   ///< "" = affected, no fix ("None" in v1)
  bool operator==(const Fix&) const = default;
};

struct Vulnerability {
  std::string name, name_space;  ///< name_space in v1's spelling ("debian:8", "centos:7")
  std::string description, link;
  Severity severity = Severity::unknown;
  std::string severity_word{};   ///< "Defcon1" where a client called it so; "" else
  std::string metadata;          ///< a JSON object as text; "" = none
  std::vector<Fix> fixes;        ///< sorted by feature, one of each
};

/// What the feeds say, and over it what clients wrote: those rows are the feed "api", which decides before all others (match/judge.h).
/// threads: all functions may be called from several threads at once.
class Vulnerabilities {
 public:
  virtual ~Vulnerabilities() = default;
  /// In v1's spelling, sorted: those that feeds speak of, and those of "api".
  virtual Result<std::vector<std::string>> namespaces() = 0;
  /// Without fixes, by name, after the name `after` ("" = from the first), at most limit. nullopt: no such namespace.
  virtual Result<std::optional<std::vector<Vulnerability>>> list(std::string_view name_space, std::string_view after, std::size_t limit) = 0;
  virtual Result<std::optional<Vulnerability>> get(std::string_view name_space, std::string_view name) = 0;
  /// In every namespace that has it.
  virtual Result<std::vector<Vulnerability>> everywhere(std::string_view name) = 0;
  /// Makes or replaces it: description, link, severity, metadata as given; the fixes given are added or changed, others stay.
  /// Then get() gives it, and layers' reports show it.
  virtual Result<> put(const Vulnerability& value) = 0;
  /// false: there is no such vulnerability.
  virtual Result<bool> put_fix(std::string_view name_space, std::string_view name, const Fix& fix) = 0;
  virtual Result<bool> remove_fix(std::string_view name_space, std::string_view name, std::string_view feature) = 0;
  virtual Result<bool> remove(std::string_view name_space, std::string_view name) = 0;
};

}  // namespace eclair::service
