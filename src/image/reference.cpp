// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "image/reference.h"

#include <algorithm>

#include "util/text.h"

namespace eclair::image {
namespace reference_detail {

constexpr std::size_t kMaxHostBytes = 253;  // as DNS has it
constexpr std::size_t kMaxPathBytes = 255;
constexpr std::size_t kMaxTagBytes = 128;
constexpr std::size_t kMaxReferenceBytes = 1024;  // more than the longest valid one, with host and port, path, tag and sha512 digest, needs
constexpr std::string_view kHub = "docker.io";

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool has_upper(std::string_view s) { return std::any_of(s.begin(), s.end(), is_upper); }
bool is_lower_or_digit(char c) { return (c >= 'a' && c <= 'z') || text::is_digit(c); }
bool is_hex(char c) { return text::is_digit(c) || (c >= 'a' && c <= 'f'); }

/// [a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*
bool is_path_component(std::string_view s) {
  std::size_t i = 0;
  while (true) {
    const std::size_t begin = i;
    while (i < s.size() && is_lower_or_digit(s[i])) ++i;
    if (i == begin) return false;
    if (i == s.size()) return true;
    const std::size_t separator = i;
    while (i < s.size() && s[i] == s[separator]) ++i;
    const std::size_t run = i - separator;
    const char c = s[separator];
    if (!((c == '.' && run == 1) || (c == '_' && run <= 2) || c == '-')) return false;
  }
}

/// Letters, digits and inner dashes.
bool is_host_label(std::string_view s) {
  if (s.empty() || s.front() == '-' || s.back() == '-') return false;
  return std::all_of(s.begin(), s.end(), [](char c) { return text::is_alpha(c) || text::is_digit(c) || c == '-'; });
}

bool is_port(std::string_view s) {
  const auto number = text::parse_number(s);
  return number && *number >= 1 && *number <= 65535 && s.size() <= 5;
}

bool is_domain(std::string_view s) {
  if (s.empty()) return false;
  if (s.front() == '[') {
    const std::size_t close = s.find(']');
    if (close == std::string_view::npos || close < 3 || close > kMaxHostBytes) return false;
    const std::string_view address = s.substr(1, close - 1), rest = s.substr(close + 1);
    const bool sound = std::all_of(address.begin(), address.end(), [](char c) { return is_hex(text::lower(c)) || c == ':' || c == '.'; });
    return sound && (rest.empty() || (rest.front() == ':' && is_port(rest.substr(1))));
  }
  const std::size_t colon = s.find(':');
  if (colon != std::string_view::npos && !is_port(s.substr(colon + 1))) return false;
  if (s.substr(0, colon).size() > kMaxHostBytes) return false;
  for (const std::string_view label : text::split(s.substr(0, colon), '.')) {
    if (!is_host_label(label)) return false;
  }
  return true;
}

/// [A-Za-z0-9_][A-Za-z0-9_.-]{0,127}
bool is_tag(std::string_view s) {
  if (s.empty() || s.size() > kMaxTagBytes || s.front() == '.' || s.front() == '-') return false;
  return std::all_of(s.begin(), s.end(),
                     [](char c) { return text::is_alpha(c) || text::is_digit(c) || c == '_' || c == '.' || c == '-'; });
}

tl::unexpected<Error> bad(std::string_view whole, const std::string& why, std::string hint = {}) {
  Error error{Errc::invalid_input, "not an image name: " + text::quoted(whole) + ": " + why};
  error.hint = std::move(hint);
  return fail(std::move(error));
}

}  // namespace reference_detail

using namespace reference_detail;

std::string Reference::text() const {
  return domain + "/" + path + (tag.empty() ? "" : ":" + tag) + (digest.empty() ? "" : "@" + digest.text);
}

std::string Reference::familiar() const {
  const bool official = path.rfind("library/", 0) == 0 && path.find('/', 8) == std::string::npos;
  const std::string_view first = std::string_view(path).substr(0, path.find('/'));
  const bool reads_as_host = first.find('.') != std::string_view::npos || first == "localhost";
  std::string out = domain + "/" + path;
  if (domain == kHub && official) out = path.substr(8);
  if (domain == kHub && !official && !reads_as_host) out = path;
  return out + (tag.empty() ? "@" + digest.text : ":" + tag);
}

std::string_view Reference::api_host() const { return domain == kHub ? std::string_view("registry-1.docker.io") : std::string_view(domain); }

bool Reference::looks_like_host() const {
  if (domain != kHub || path.rfind("library/", 0) != 0) return false;
  const std::string_view name = std::string_view(path).substr(8);
  return name == "localhost" || name.find('.') != std::string_view::npos;
}

Result<Reference> parse_reference(std::string_view typed) {
  if (typed.empty()) return bad(typed, "it is empty");
  if (typed.size() > kMaxReferenceBytes) return bad(typed, "longer than " + std::to_string(kMaxReferenceBytes) + " bytes");
  for (const std::string_view scheme : {"https://", "http://"}) {
    if (typed.substr(0, scheme.size()) == scheme) {
      return bad(typed, "it is a URL", "eclair scan " + text::clean(typed.substr(scheme.size()), 200));
    }
  }
  if (typed.size() == 64 && std::all_of(typed.begin(), typed.end(), is_hex)) {
    return bad(typed, "it is an image id, which only a container engine knows", "eclair scan docker:" + std::string(typed.substr(0, 12)));
  }

  Reference out;
  std::string_view rest = typed;
  if (const std::size_t at = rest.find('@'); at != std::string_view::npos) {
    auto digest = Digest::parse(rest.substr(at + 1));
    if (!digest) return bad(typed, digest.error().text);
    out.digest = *std::move(digest);
    rest = rest.substr(0, at);
  }
  // The first part is a host only if it cannot be taken for a user of Docker Hub.
  const std::size_t slash = rest.find('/');
  const std::string_view first = rest.substr(0, slash);
  const bool has_domain = slash != std::string_view::npos && (first.find_first_of(".:") != std::string_view::npos || first == "localhost" ||
                                                              has_upper(first));
  std::string_view name = rest;
  if (has_domain) {
    if (!is_domain(first)) return bad(typed, text::quoted(first) + " is not a host name with an optional port");
    out.domain = first;
    name = rest.substr(slash + 1);
  } else {
    out.domain = kHub;
  }
  if (out.domain == "index.docker.io") out.domain = kHub;
  if (const std::size_t colon = name.find(':'); colon != std::string_view::npos) {
    out.tag = name.substr(colon + 1);
    name = name.substr(0, colon);
    if (!is_tag(out.tag)) {
      return bad(typed, "the tag " + text::quoted(out.tag) + " is not one to 128 letters, digits, \"_\", \".\" or \"-\"");
    }
  }
  if (has_upper(name)) {
    const std::string lowered = std::string(rest.substr(0, static_cast<std::size_t>(name.data() - rest.data()))) + text::lower(name);
    const std::string whole = lowered + std::string(typed.substr(static_cast<std::size_t>(name.data() + name.size() - typed.data())));
    return bad(typed, "repository name must be lower case", "eclair scan " + text::clean(whole, 400));
  }
  for (const std::string_view component : text::split(name, '/')) {
    if (is_path_component(component)) continue;
    return bad(typed, component.empty() ? "a part of the name is empty" : "the part " + text::quoted(component) + " of the name is malformed");
  }
  out.path = out.domain == kHub && name.find('/') == std::string_view::npos ? "library/" + std::string(name) : std::string(name);
  if (out.path.size() > kMaxPathBytes) return bad(typed, "the name is longer than " + std::to_string(kMaxPathBytes) + " bytes");
  if (out.tag.empty() && out.digest.empty()) out.tag = "latest";
  return out;
}

}  // namespace eclair::image
