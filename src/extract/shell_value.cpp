// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "extract/shell_value.h"

#include "util/text.h"

namespace eclair::extract {

std::string shell_value(std::string_view text) {
  text = text::trim(text);
  std::string out;
  char quote = '\0';
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool last = i + 1 == text.size();
    if (quote == '\'') {
      if (c == quote) quote = '\0';
      else out += c;
    } else if (quote == '"') {
      if (c == quote) quote = '\0';
      else if (c == '\\' && !last && std::string_view("\\\"$`").find(text[i + 1]) != std::string_view::npos) out += text[++i];
      else out += c;
    } else if (c == '\'' || c == '"') {
      quote = c;
    } else if (c == '\\' && !last) {
      out += text[++i];
    } else if (c == '#' && i > 0 && text::is_space(text[i - 1])) {
      while (!out.empty() && text::is_space(out.back())) out.pop_back();
      return out;
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace eclair::extract
