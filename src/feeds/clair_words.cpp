// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "feeds/clair_words.h"

#include <functional>
#include <set>
#include <utility>

#include "feeds/enrichment.h"
#include "util/text.h"

namespace eclair::feeds {
namespace clair_words_detail {

constexpr std::size_t kMostNames = 5'000;

}  // namespace clair_words_detail

std::string ClairSemver::text() const { return std::to_string(parts[0]) + "." + std::to_string(parts[1]) + "." + std::to_string(parts[2]); }

std::optional<ClairSemver> clair_semver(std::string_view word) {
  const auto [kind, numbers] = text::cut(word, ':');
  const auto parts = text::split(numbers, '.');
  if (kind != "semver" || parts.size() < 4) return std::nullopt;
  ClairSemver out;
  out.end = parts[0] != "0";
  for (std::size_t i = 0; i < 3; ++i) {
    const auto number = text::parse_number(parts[i + 1]);
    if (!number) return std::nullopt;
    out.parts[i] = *number;
  }
  return out;
}

std::string query_decoded(std::string_view word) {
  const auto digit = [](char c) {
    const char l = text::lower(c);
    return text::is_digit(c) ? c - '0' : l >= 'a' && l <= 'f' ? l - 'a' + 10 : -1;
  };
  std::string out;
  for (std::size_t i = 0; i < word.size(); ++i) {
    if (word[i] == '%' && i + 2 < word.size() && digit(word[i + 1]) >= 0 && digit(word[i + 2]) >= 0) {
      out += static_cast<char>(digit(word[i + 1]) * 16 + digit(word[i + 2]));
      i += 2;
    } else {
      out += word[i] == '+' ? ' ' : word[i];
    }
  }
  return out;
}

std::vector<std::string> cves_of_links(std::string_view links) {
  std::vector<std::string> out;
  std::set<std::string, std::less<>> known;  // links may be millions
  for (std::size_t at = links.find("CVE-"); at != std::string_view::npos && out.size() < clair_words_detail::kMostNames;
       at = links.find("CVE-", at + 4)) {
    std::size_t end = at + 4;
    while (end < links.size() && (text::is_digit(links[end]) || links[end] == '-')) ++end;
    std::string id(links.substr(at, end - at));
    if (is_cve_id(id) && known.insert(id).second) out.push_back(std::move(id));
  }
  return out;
}

std::string id_of_title(std::string_view title) {
  title = text::trim(title);
  return std::string(title.substr(0, title.find_first_of(": \t")));
}

std::vector<std::string> clair_aliases(json::Value list) {
  std::vector<std::string> out;
  list.each([&](json::Value one) {
    std::string_view space = one["space"].string(one["Space"].string()), name = one["name"].string(one["Name"].string(one.string()));
    if (name.empty()) return true;
    out.push_back(space.empty() || name.substr(0, space.size()) == space ? std::string(name)
                                                                         : std::string(space) + "-" + std::string(name));
    return out.size() < clair_words_detail::kMostNames;
  });
  return out;
}

}  // namespace eclair::feeds
