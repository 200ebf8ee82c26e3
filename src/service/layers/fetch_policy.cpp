// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "service/layers/fetch_policy.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <cstring>

#include "util/text.h"

namespace eclair::service {
namespace fetch_policy_detail {

constexpr std::string_view kNever[] = {"0.0.0.0/8",    "169.254.0.0/16",    "100.100.100.200", "224.0.0.0/4", "240.0.0.0/4",
                                       "::/128",       "fe80::/10",         "fd00:ec2::254",   "ff00::/8"};

const std::vector<AddressRange>& never() {
  static const std::vector<AddressRange> ranges = [] {
    std::vector<AddressRange> out;
    for (const std::string_view text : kNever) {
      if (auto range = AddressRange::parse(text)) out.push_back(*range);
    }
    return out;
  }();
  return ranges;
}

bool any_has(const std::vector<AddressRange>& ranges, const std::array<std::uint8_t, 16>& address) {
  return std::any_of(ranges.begin(), ranges.end(), [&](const AddressRange& range) { return range.has(address); });
}

}  // namespace fetch_policy_detail
using namespace fetch_policy_detail;

std::optional<std::array<std::uint8_t, 16>> parse_address(std::string_view text) {
  std::string plain(text.substr(0, text.find('%')));
  if (plain.size() > 2 && plain.front() == '[' && plain.back() == ']') plain = plain.substr(1, plain.size() - 2);
  std::array<std::uint8_t, 16> out{};
  if (::inet_pton(AF_INET6, plain.c_str(), out.data()) == 1) return out;
  in_addr four{};
  if (::inet_pton(AF_INET, plain.c_str(), &four) != 1) return std::nullopt;
  out = {};
  out[10] = out[11] = 0xff;
  std::memcpy(out.data() + 12, &four, 4);
  return out;
}

Result<AddressRange> AddressRange::parse(std::string_view text) {
  const auto [address, length] = text::cut(text, '/');
  const auto first = parse_address(address);
  const bool four = address.find(':') == std::string_view::npos;
  const unsigned most = four ? 32 : 128;
  AddressRange out;
  std::optional<std::uint64_t> bits = most;
  if (text.find('/') != std::string_view::npos) bits = text::parse_number(length);
  if (!first || !bits || *bits > most) return fail(Errc::invalid_input, text::quoted(std::string(text)) + " is neither an address nor a range of addresses");
  out.first = *first;
  out.bits = static_cast<unsigned>(*bits) + (four ? 96 : 0);
  return out;
}

bool AddressRange::has(const std::array<std::uint8_t, 16>& address) const {
  for (unsigned bit = 0; bit < bits; bit += 8) {
    const unsigned left = std::min(8u, bits - bit);
    const auto mask = static_cast<std::uint8_t>(0xff << (8 - left));
    if (((address[bit / 8] ^ first[bit / 8]) & mask) != 0) return false;
  }
  return true;
}

Result<FetchPolicy::List> FetchPolicy::list(const std::vector<std::string>& entries) {
  List out;
  for (const std::string& entry : entries) {
    const bool looks_numeric = entry.find_first_not_of("0123456789./") == std::string::npos || entry.find(':') != std::string::npos;
    if (!looks_numeric) {
      out.hosts.push_back(text::lower(entry));
      continue;
    }
    ECLAIR_TRY(const AddressRange range, AddressRange::parse(entry));
    out.ranges.push_back(range);
  }
  return out;
}

Result<FetchPolicy> FetchPolicy::make(const std::vector<std::string>& allow, const std::vector<std::string>& deny) {
  FetchPolicy out;
  ECLAIR_TRY(out.allow_, list(allow));
  ECLAIR_TRY(out.deny_, list(deny));
  return out;
}

bool FetchPolicy::List::has(std::string_view host, const std::array<std::uint8_t, 16>& address) const {
  const std::string lower = text::lower(std::string(host));
  return any_has(ranges, address) || std::any_of(hosts.begin(), hosts.end(), [&](const std::string& one) { return one == lower || text::glob(one, lower); });
}

bool FetchPolicy::may_connect(std::string_view host, std::string_view address) const {
  const auto numeric = parse_address(address);
  if (!numeric || deny_.has(host, *numeric)) return false;
  if (any_has(never(), *numeric)) return any_has(allow_.ranges, *numeric);
  return allow_.empty() || allow_.has(host, *numeric);
}

bool RepositoryPolicy::accepts(std::string_view repository) const {
  const auto has = [&](const std::vector<std::string>& list) {
    return std::any_of(list.begin(), list.end(), [&](const std::string& one) { return text::glob(one, repository); });
  };
  return !has(deny) && (allow.empty() || has(allow));
}

}  // namespace eclair::service
