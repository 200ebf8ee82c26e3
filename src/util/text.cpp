// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "util/text.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace eclair::text {
namespace text_detail {

/// Length of the UTF-8 sequence at s[i] that is well formed, not overlong and not a surrogate; 0 if there is none. Sets the code point.
std::size_t utf8_at(std::string_view s, std::size_t i, char32_t& code) {
  const auto byte = [&](std::size_t k) { return static_cast<unsigned char>(s[k]); };
  const unsigned char first = byte(i);
  std::size_t size = 0;
  if (first < 0x80) {
    code = first;
    return 1;
  }
  if (first >= 0xc2 && first <= 0xdf) size = 2;
  if (first >= 0xe0 && first <= 0xef) size = 3;
  if (first >= 0xf0 && first <= 0xf4) size = 4;
  if (size == 0 || i + size > s.size()) return 0;
  code = first & (0xff >> (size + 1));
  for (std::size_t k = 1; k < size; ++k) {
    if ((byte(i + k) & 0xc0) != 0x80) return 0;
    code = (code << 6) | (byte(i + k) & 0x3f);
  }
  if ((size == 3 && code < 0x800) || (size == 4 && (code < 0x10000 || code > 0x10ffff)) || (code >= 0xd800 && code <= 0xdfff)) return 0;
  return size;
}

bool is_dangerous(char32_t c) {
  return c < 0x20 || (c >= 0x7f && c <= 0x9f) || (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0x200e || c == 0x200f ||
         c == 0x2028 || c == 0x2029 || c == 0xfeff || c == 0x061c;
}

void escape(unsigned char byte, std::string& out) {
  out += "\\x";
  out += "0123456789abcdef"[byte >> 4];
  out += "0123456789abcdef"[byte & 15];
}

bool glob_component(std::string_view pattern, std::string_view name) {
  std::size_t p = 0, n = 0, star = std::string_view::npos, mark = 0;
  while (n < name.size()) {
    bool matched = false;
    std::size_t used = 1;
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      mark = n;
      continue;
    }
    if (p < pattern.size()) {
      if (pattern[p] == '?') {
        matched = true;
      } else if (pattern[p] == '[') {
        const std::size_t close = pattern.find(']', p + 2);
        if (close != std::string_view::npos) {
          bool negate = pattern[p + 1] == '!' || pattern[p + 1] == '^';
          bool inside = false;
          for (std::size_t k = p + 1 + (negate ? 1 : 0); k < close; ++k) {
            if (k + 2 < close && pattern[k + 1] == '-') {
              inside = inside || (name[n] >= pattern[k] && name[n] <= pattern[k + 2]);
              k += 2;
            } else {
              inside = inside || name[n] == pattern[k];
            }
          }
          matched = inside != negate;
          used = close - p + 1;
        } else {
          matched = name[n] == '[';
        }
      } else {
        matched = pattern[p] == name[n];
      }
    }
    if (matched) {
      p += used;
      ++n;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      n = ++mark;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

}  // namespace text_detail

std::string lower(std::string_view s) {
  std::string out(s);
  for (char& c : out) c = lower(c);
  return out;
}

bool iequals(std::string_view a, std::string_view b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower(x) == lower(y); });
}

std::string_view trim(std::string_view s) {
  while (!s.empty() && is_space(s.front())) s.remove_prefix(1);
  while (!s.empty() && is_space(s.back())) s.remove_suffix(1);
  return s;
}

std::vector<std::string_view> split(std::string_view s, char by) {
  std::vector<std::string_view> out;
  while (true) {
    const std::size_t at = s.find(by);
    out.push_back(s.substr(0, at));
    if (at == std::string_view::npos) return out;
    s.remove_prefix(at + 1);
  }
}

std::vector<std::string_view> words(std::string_view s) {
  std::vector<std::string_view> out;
  std::size_t i = 0;
  while (i < s.size()) {
    while (i < s.size() && is_space(s[i])) ++i;
    const std::size_t begin = i;
    while (i < s.size() && !is_space(s[i])) ++i;
    if (i > begin) out.push_back(s.substr(begin, i - begin));
  }
  return out;
}

std::pair<std::string_view, std::string_view> cut(std::string_view s, char by) {
  const std::size_t at = s.find(by);
  if (at == std::string_view::npos) return {s, {}};
  return {s.substr(0, at), s.substr(at + 1)};
}

std::optional<std::uint64_t> parse_number(std::string_view s) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(s.data(), s.data() + s.size(), value);
  if (error != std::errc{} || end != s.data() + s.size() || s.empty()) return std::nullopt;
  return value;
}

std::string join(const std::vector<std::string>& parts, std::string_view by) {
  std::string out;
  for (const std::string& part : parts) {
    if (&part != &parts.front()) out += by;
    out += part;
  }
  return out;
}

std::string clean(std::string_view untrusted, std::size_t max_bytes) {
  std::string out;
  for (std::size_t i = 0; i < untrusted.size();) {
    const std::size_t before = out.size();
    char32_t code = 0;
    const std::size_t size = text_detail::utf8_at(untrusted, i, code);
    if (size == 1 && (code == '\n' || code == '\r' || code == '\t')) {
      out += ' ';
    } else if (size == 0 || text_detail::is_dangerous(code)) {
      for (std::size_t k = 0; k < std::max<std::size_t>(size, 1); ++k) text_detail::escape(static_cast<unsigned char>(untrusted[i + k]), out);
    } else {
      out.append(untrusted.substr(i, size));
    }
    if (out.size() > max_bytes) return out.substr(0, before) + "...";
    i += std::max<std::size_t>(size, 1);
  }
  return out;
}

std::string quoted(std::string_view untrusted, std::size_t max_bytes) {
  std::string out = clean(untrusted, max_bytes);
  if (out.empty() || out.find(' ') != std::string::npos) out = '"' + out + '"';
  return out;
}

bool glob(std::string_view pattern, std::string_view path) {
  // reachable[i]: the first i components of the pattern match the components of the path seen so far.
  const std::vector<std::string_view> want = split(pattern, '/');
  std::vector<char> reachable(want.size() + 1, 0);
  reachable[0] = 1;
  for (std::size_t i = 0; i < want.size() && want[i] == "**"; ++i) reachable[i + 1] = 1;
  for (const std::string_view component : split(path, '/')) {
    std::vector<char> next(want.size() + 1, 0);
    for (std::size_t i = 0; i < want.size(); ++i) {
      if (want[i] == "**") {
        if (reachable[i] != 0 || reachable[i + 1] != 0) next[i + 1] = 1;
      } else if (reachable[i] != 0 && text_detail::glob_component(want[i], component)) {
        next[i + 1] = 1;
      }
    }
    for (std::size_t i = 0; i < want.size(); ++i) {
      if (next[i] != 0 && want[i] == "**") next[i + 1] = 1;
    }
    reachable = std::move(next);
  }
  return reachable[want.size()] != 0;
}

std::size_t distance(std::string_view a, std::string_view b, std::size_t limit) {
  if (a.size() > 64 || b.size() > 64) return limit + 1;
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)});
      diagonal = above;
    }
  }
  return std::min(row[b.size()], limit + 1);
}

std::string did_you_mean(std::string_view word, std::string_view choices) {
  std::string_view best;
  std::size_t best_distance = 3;
  const std::string low = lower(word);
  for (const std::string_view one : words(choices)) {
    const std::size_t away = distance(low, one, 3);
    if (away < best_distance) {
      best = one;
      best_distance = away;
    }
  }
  return best.empty() ? std::string{} : "; did you mean " + std::string(best) + "?";
}

std::string percent_encode(std::string_view s, std::string_view also_keep) {
  std::string out;
  for (const char c : s) {
    if (is_digit(c) || is_alpha(c) || c == '-' || c == '.' || c == '_' || c == '~' || also_keep.find(c) != std::string_view::npos) {
      out += c;
    } else {
      out += '%';
      out += "0123456789ABCDEF"[static_cast<unsigned char>(c) >> 4];
      out += "0123456789ABCDEF"[static_cast<unsigned char>(c) & 15];
    }
  }
  return out;
}

}  // namespace eclair::text
