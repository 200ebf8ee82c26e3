// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "version/compare_lines.h"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace eclair::version {

std::string_view answer(const Scheme& scheme, std::string_view line) noexcept {
  if (line.size() > kMaxCompareLineBytes) return "?";
  const auto tab = line.find('\t');
  if (tab == std::string_view::npos) return "?";
  const std::string_view a = line.substr(0, tab);
  const std::string_view b = line.substr(tab + 1);
  if (b.find('\t') != std::string_view::npos) return "?";
  if (!scheme.is_valid(a) || !scheme.is_valid(b)) return "?";
  const auto order = scheme.as_tool(a, b);
  return order < 0 ? "<" : order > 0 ? ">" : "=";
}

void LineAnswers::keep(std::string_view bytes) { pending_.append(bytes.substr(0, kMaxCompareLineBytes + 1 - pending_.size())); }

void LineAnswers::give(std::string_view line, std::string& out) const {
  out.append(answer(scheme_, line));
  out.push_back('\n');
}

void LineAnswers::feed(std::string_view bytes, std::string& out) {
  while (!bytes.empty()) {
    const auto end = bytes.find('\n');
    if (end == std::string_view::npos) return keep(bytes);
    if (pending_.empty()) {
      give(bytes.substr(0, end), out);
    } else {
      keep(bytes.substr(0, end));
      give(pending_, out);
      pending_.clear();
    }
    bytes.remove_prefix(end + 1);
  }
}

void LineAnswers::finish(std::string& out) {
  if (pending_.empty()) return;
  give(pending_, out);
  pending_.clear();
}

Result<> compare_lines(const Scheme& scheme, std::FILE* in, std::FILE* out) {
  LineAnswers answers(scheme);
  std::array<char, 64u << 10> buffer;
  std::string text;
  bool more = true;
  while (more) {
    const ssize_t count = ::read(::fileno(in), buffer.data(), buffer.size());
    if (count < 0) {
      if (errno == EINTR) continue;
      return fail(Errc::unavailable, std::string("reading versions to compare: ") + std::strerror(errno));
    }
    more = count > 0;
    text.clear();
    if (more) {
      answers.feed({buffer.data(), static_cast<std::size_t>(count)}, text);
    } else {
      answers.finish(text);
    }
    if (text.empty()) continue;
    if (std::fwrite(text.data(), 1, text.size(), out) != text.size() || std::fflush(out) != 0) {
      return fail(Errc::unavailable, std::string("writing the answers: ") + std::strerror(errno));
    }
  }
  return {};
}

}  // namespace eclair::version
