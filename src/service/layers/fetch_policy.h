// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "util/result.h"

namespace eclair::service {

/// A range of addresses; IPv4 as the IPv6 addresses ::ffff:a.b.c.d that stand for it.
struct AddressRange {
  std::array<std::uint8_t, 16> first{};
  unsigned bits = 128;  ///< that must be equal

  /// "10.0.0.0/8", "fe80::/10", "192.0.2.7". errors: invalid_input.
  static Result<AddressRange> parse(std::string_view text);
  bool has(const std::array<std::uint8_t, 16>& address) const;
};
/// A numeric address, IPv4 or IPv6, perhaps with a zone ("fe80::1%eth0"). nullopt: none.
std::optional<std::array<std::uint8_t, 16>> parse_address(std::string_view text);

/// Where layers are fetched from. Never from link-local addresses, multicast, "this network", and the addresses where clouds keep what they
/// tell their machines alone (169.254.169.254, fd00:ec2::254, 100.100.100.200), unless an allowed range has them.
class FetchPolicy {
 public:
  FetchPolicy() = default;
  /// allow, deny: host names ("registry.example.com", "*.example.com") and ranges of addresses. deny goes before allow; with an allow list
  /// only what is on it is fetched from. errors: invalid_input (names the entry).
  static Result<FetchPolicy> make(const std::vector<std::string>& allow, const std::vector<std::string>& deny);

  /// host: as in the URL, address: numeric, one that it leads to. Both lists are asked about both.
  bool may_connect(std::string_view host, std::string_view address) const;

 private:
  struct List {
    std::vector<std::string> hosts;  ///< lower case, globs
    std::vector<AddressRange> ranges;
    bool has(std::string_view host, const std::array<std::uint8_t, 16>& address) const;
    bool empty() const { return hosts.empty() && ranges.empty(); }
  };
  static Result<List> list(const std::vector<std::string>& entries);
  List allow_, deny_;
};

/// Which repositories are analysed: globs over "registry.example.com/team/app". deny goes before allow; without an allow list all are.
struct RepositoryPolicy {
  std::vector<std::string> allow, deny;
  bool accepts(std::string_view repository) const;
};

}  // namespace eclair::service
