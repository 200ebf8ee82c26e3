// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/config_defaults.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "cli/option_table.h"
#include "util/text.h"

namespace eclair::cli {
namespace config_defaults_detail {

constexpr std::size_t kWidth = 100;

/// The help of an option as comment lines.
std::string comment(std::string_view help) {
  std::string out, line = "  #";
  for (const std::string_view word : text::words(help)) {
    if (line.size() > 3 && line.size() + 1 + word.size() > kWidth) {
      out += line + "\n";
      line = "  #";
    }
    line += " " + std::string(word);
  }
  return out + line + "\n";
}

/// A value as YAML takes it; what has no default is shown by the word for it.
std::string value_of(const Option& option) {
  if (option.kind == Kind::flag) return option.fallback.empty() ? "false" : std::string(option.fallback);
  if (!option.fallback.empty()) return "\"" + std::string(option.fallback) + "\"";
  return takes_many(option.kind) ? "[]" : "";
}

}  // namespace config_defaults_detail

std::string config_defaults() {
  std::vector<std::string_view> sections;
  for (const Option& option : options()) {
    const std::string_view section = text::cut(option.config, '.').first;
    const bool named = option.config.find('.') != std::string_view::npos && section != "feeds" && !option.hidden;
    if (named && std::find(sections.begin(), sections.end(), section) == sections.end()) sections.push_back(section);
  }
  std::string out =
      "# Settings of eclair: eclair-config(5). Places, a later one is stronger: /etc/eclair/config.yaml,\n"
      "# $XDG_CONFIG_HOME/eclair/config.yaml (or ~/.config/eclair/config.yaml), ./.eclair.yaml.\n"
      "# Everything here is a default. To change one, take the # away before its section and its key.\n";
  for (const std::string_view section : sections) {
    out += "\n#" + std::string(section) + ":\n";
    for (const Option& option : options()) {
      if (option.config.empty() || option.hidden || text::cut(option.config, '.').first != section) continue;
      out += config_defaults_detail::comment(option.help);
      out += "#  " + std::string(text::cut(text::words(option.config).front(), '.').second) + ": " + config_defaults_detail::value_of(option);
      while (out.back() == ' ') out.pop_back();
      out += "\n";
    }
  }
  return out + "\n#feeds:\n  # where one feed is published instead\n#  debian:\n#    url: \"https://mirror.example.org/debian.json\"\n";
}

}  // namespace eclair::cli
