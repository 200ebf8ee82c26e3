// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "model/cvss_vector.h"

#include <cstddef>
#include <string>

#include "util/text.h"

namespace eclair {
namespace cvss_vector_detail {

constexpr std::string_view kVectors[] = {"physical", "local", "adjacent", "network"};
constexpr std::string_view kComplexities[] = {"low", "medium", "high"};

template <class T, std::size_t n>
bool find(const std::string_view (&names)[n], std::string_view word, T& to) {
  for (std::size_t i = 0; i < n; ++i) {
    if (!text::iequals(names[i], word)) continue;
    to = static_cast<T>(i);
    return true;
  }
  return false;
}

/// By the first letter, as vectors write it.
template <class T, std::size_t n>
std::optional<T> by_letter(const std::string_view (&names)[n], std::string_view value) {
  for (std::size_t i = 0; i < n && value.size() == 1; ++i) {
    if (text::lower(value[0]) == names[i][0]) return static_cast<T>(i);
  }
  return std::nullopt;
}

}  // namespace cvss_vector_detail
using namespace cvss_vector_detail;

std::string_view name(AccessVector vector) { return kVectors[static_cast<std::size_t>(vector)]; }
std::string_view name(AccessComplexity complexity) { return kComplexities[static_cast<std::size_t>(complexity)]; }

bool parse(std::string_view word, AccessVector& to) {
  if (text::iequals(word, "adjacent_network")) word = "adjacent";
  return find(kVectors, word, to);
}
bool parse(std::string_view word, AccessComplexity& to) { return find(kComplexities, word, to); }

CvssVector cvss_vector(std::string_view text) {
  CvssVector out;
  if (text.size() > kMaxCvssVectorBytes) return out;
  text = text::trim(text);
  if (!text.empty() && text.front() == '(' && text.back() == ')') text = text.substr(1, text.size() - 2);
  // Version 2 alone has a medium complexity, and no physical access.
  const bool second = !text::iequals(text.substr(0, 5), "CVSS:");
  bool access_twice = false, complexity_twice = false;
  for (const std::string_view metric : text::split(text, '/')) {
    const auto [key, value] = text::cut(metric, ':');
    if (text::iequals(key, "AV")) {
      auto read = by_letter<AccessVector>(kVectors, value);
      if (second && read == AccessVector::physical) read.reset();
      access_twice = access_twice || (out.access && out.access != read);
      out.access = read;
    } else if (text::iequals(key, "AC")) {
      auto read = by_letter<AccessComplexity>(kComplexities, value);
      if (!second && read == AccessComplexity::medium) read.reset();
      complexity_twice = complexity_twice || (out.complexity && out.complexity != read);
      out.complexity = read;
    }
  }
  if (access_twice) out.access.reset();
  if (complexity_twice) out.complexity.reset();
  return out;
}

}  // namespace eclair
