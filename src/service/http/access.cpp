// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "service/http/access.h"

#include <utility>

#include "net/base64.h"
#include "util/byte_source.h"
#include "util/digest.h"
#include "util/text.h"

namespace eclair::service {
namespace access_detail {

constexpr std::uint64_t kMostKeyBytes = 64u << 10;

std::optional<std::array<char, 32>> from_hex(std::string_view hex) {
  if (hex.substr(0, 7) == "sha256:") hex.remove_prefix(7);
  if (!Digest::parse("sha256:" + text::lower(hex))) return std::nullopt;
  const auto value = [](char c) { return text::is_digit(c) ? c - '0' : text::lower(c) - 'a' + 10; };
  std::array<char, 32> out{};
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<char>(value(hex[2 * i]) * 16 + value(hex[2 * i + 1]));
  return out;
}

std::array<char, 32> hash(std::string_view key) { return sha256_bytes(std::span(&key, 1)); }

Result<std::array<char, 32>> hash_of_file(const std::string& file) {
  ECLAIR_TRY(const auto source, FileSource::open(file));
  ECLAIR_TRY(const std::string bytes, read_all(*source, kMostKeyBytes));
  const std::string_view key = text::trim(bytes);
  if (key.empty()) return fail(Errc::invalid_input, text::quoted(file) + " is empty");
  return hash(key);
}

/// No early end: how long it takes says nothing of where two differ.
bool same(const std::array<char, 32>& a, const std::array<char, 32>& b) {
  unsigned char difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i) difference = static_cast<unsigned char>(difference | (a[i] ^ b[i]));
  return difference == 0;
}

/// The key that a request shows.
std::optional<std::string> shown_key(const Request& request) {
  const std::string_view plain = request.header("x-api-key");
  if (!plain.empty()) return std::string(plain);
  const auto [scheme, rest] = text::cut(request.header("authorization"), ' ');
  const std::string_view value = text::trim(rest);
  if (value.empty()) return std::nullopt;
  if (text::iequals(scheme, "bearer")) return std::string(value);
  if (!text::iequals(scheme, "basic")) return std::nullopt;
  const std::optional<std::string> pair = net::base64_decode(value);
  if (!pair) return std::nullopt;
  const std::size_t colon = pair->find(':');
  return colon == std::string::npos ? std::nullopt : std::optional(pair->substr(colon + 1));
}

}  // namespace access_detail

Result<AccessRule> parse_access_rule(std::string_view words) {
  AccessRule rule;
  bool has_key = false;
  for (const std::string_view word : text::words(words)) {
    const auto [name, value] = text::cut(word, '=');
    if (value.empty()) return fail(Errc::invalid_input, "a rule's word is name=value, and one is not");
    if (name == "name") {
      rule.who.name = text::clean(value, 100);
    } else if (name == "role") {
      if (value == "read") rule.who.role = Role::read;
      else if (value == "write") rule.who.role = Role::write;
      else if (value == "admin") rule.who.role = Role::admin;
      else return fail(Errc::invalid_input, "no role " + text::quoted(value) + ": read, write or admin");
    } else if (name == "prefix") {
      rule.who.prefixes.emplace_back(value);
    } else if (name == "sha256" || name == "file" || name == "certificate") {
      if (has_key) return fail(Errc::invalid_input, "a rule has one of sha256, file and certificate");
      has_key = true;
      if (name == "certificate") {
        rule.certificate = value;
      } else if (name == "file") {
        ECLAIR_TRY(rule.key_sha256, access_detail::hash_of_file(std::string(value)));
      } else {
        const auto hash = access_detail::from_hex(value);
        if (!hash) return fail(Errc::invalid_input, "sha256= needs 64 hex digits");
        rule.key_sha256 = *hash;
      }
    } else {
      return fail(Errc::invalid_input, "a rule knows name, role, prefix, sha256, file and certificate, not " + text::quoted(name, 20));
    }
  }
  if (rule.who.role == Role::none) return fail(Errc::invalid_input, "a rule needs role=read, role=write or role=admin");
  if (!has_key) return fail(Errc::invalid_input, "a rule needs sha256=, file= or certificate=");
  if (rule.who.name.empty()) rule.who.name = rule.certificate;
  if (rule.who.name.empty()) return fail(Errc::invalid_input, "a rule needs name=, for the log");
  return rule;
}

Result<std::vector<AccessRule>> parse_access_rules(std::string_view text, const std::string& file) {
  std::vector<AccessRule> out;
  std::size_t number = 0;
  for (const std::string_view line : text::split(text, '\n')) {
    ++number;
    const std::string_view words = text::trim(line);
    if (words.empty() || words.front() == '#') continue;
    auto rule = parse_access_rule(words);
    if (!rule) return fail(std::move(rule).error().within(file + ":" + std::to_string(number)));
    out.push_back(std::move(*rule));
  }
  return out;
}

Access::Access(std::vector<AccessRule> rules, bool clients_verified) : rules_(std::move(rules)), clients_verified_(clients_verified) {}

std::optional<Identity> Access::who(const Request& request, std::string_view certificate) const {
  if (open()) return Identity{"", Role::admin, {}};
  const std::optional<std::string> key = access_detail::shown_key(request);
  const Identity* found = nullptr;
  if (key) {
    const std::array<char, 32> hash = access_detail::hash(*key);
    for (const AccessRule& rule : rules_) {
      const bool is = access_detail::same(rule.key_sha256, hash) && rule.certificate.empty();
      if (is && found == nullptr) found = &rule.who;
    }
  }
  if (found == nullptr && !certificate.empty()) {
    if (rules_.empty()) return Identity{std::string(certificate), Role::admin, {}};
    for (const AccessRule& rule : rules_) {
      if (rule.certificate == certificate) found = &rule.who;
    }
  }
  return found == nullptr ? std::nullopt : std::optional(*found);
}

}  // namespace eclair::service
