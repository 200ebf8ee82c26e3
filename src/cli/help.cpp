// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/help.h"

#include <algorithm>
#include <set>
#include <utility>

#include "util/text.h"

namespace eclair::cli {
namespace help_detail {

constexpr std::size_t kWidth = 100;

std::string_view title(Section section) {
  constexpr std::string_view kTitles[] = {"Scan", "Inspect", "Server", "Data", "Settings"};
  return kTitles[static_cast<std::size_t>(section)];
}

void pad(std::string& line, std::size_t to) { line.resize(std::max(line.size() + 2, to), ' '); }

/// Appends `text` behind `line`, which is filled to `indent`, broken at blanks.
std::string wrapped(std::string line, std::size_t indent, std::string_view words_of) {
  std::string out;
  if (line.size() + 2 > indent) {
    out += line + "\n";
    line.clear();
  }
  line.resize(indent, ' ');
  bool fresh = true;
  for (const std::string_view word : text::words(words_of)) {
    if (!fresh && line.size() + 1 + word.size() > kWidth) {
      out += line + "\n";
      line.assign(indent, ' ');
      fresh = true;
    }
    if (!fresh) line += ' ';
    line += word;
    fresh = false;
  }
  return out + line + "\n";
}

std::string shown(const Option& option) {
  if (!option.shown.empty()) return std::string(option.shown);
  std::string out = "--" + std::string(option.name);
  if (!option.value.empty()) out += " " + std::string(option.value);
  return out;
}

std::string explained(const Option& option) {
  std::string out(option.help);
  const bool plain_flag = option.kind == Kind::flag || option.kind == Kind::choice;
  if (!plain_flag && !option.fallback.empty()) out += " (default " + std::string(option.fallback) + ")";
  return out;
}

/// What a group of commands is about, on the first screen.
std::string_view group_subject(std::string_view first_word) {
  constexpr std::pair<std::string_view, std::string_view> kSubjects[] = {
      {"db", "The advisories"}, {"store", "What a service keeps"}, {"config", "The settings"}, {"ignore", "What need not be reported"}, {"policy", "What fails"},
  };
  for (const auto& [word, subject] : kSubjects) {
    if (word == first_word) return subject;
  }
  return {};
}

/// "The advisories: update, import, export."
std::string group_line(std::span<const Command* const> commands, std::string_view first_word) {
  std::string words;
  for (const Command* const command : commands) {
    const auto [first, second] = text::cut(command->name, ' ');
    if (first == first_word && !command->hidden) words += (words.empty() ? "" : ", ") + std::string(second);
  }
  const std::string_view subject = group_subject(first_word);
  return std::string(subject) + (subject.empty() ? "" : ": ") + words + ".";
}

}  // namespace help_detail

std::string help_screen(std::span<const Command* const> commands) {
  std::string out =
      "eclair tells which vulnerabilities threaten a container image, and which layer brought them in.\n\n"
      "  eclair scan alpine:3.19          or just: eclair alpine:3.19\n"
      "  eclair scan --fail-on high image.tar\n";
  for (const Section section : {Section::scan, Section::inspect, Section::data, Section::serve, Section::settings}) {
    std::string part;
    std::set<std::string_view> groups;
    for (const Command* const command : commands) {
      const auto [first, second] = text::cut(command->name, ' ');
      if (command->section != section || command->hidden || (!second.empty() && !groups.insert(first).second)) continue;
      std::string line = "  " + std::string(first);
      help_detail::pad(line, 14);
      part += line + (second.empty() ? std::string(command->purpose) : help_detail::group_line(commands, first)) + "\n";
    }
    if (!part.empty()) out += "\n" + std::string(help_detail::title(section)) + "\n" + part;
  }
  return out + "\neclair help COMMAND tells more of each.\n";
}

std::string help_group(std::span<const Command* const> commands, std::string_view first_word) {
  std::string out;
  for (const Command* const command : commands) {
    if (text::cut(command->name, ' ').first != first_word) continue;
    std::string line = "  eclair " + std::string(command->name);
    help_detail::pad(line, 34);
    out += line + std::string(command->purpose) + "\n";
  }
  return out;
}

std::string help_for(const Command& command, bool hidden) {
  std::string out = std::string(command.purpose) + "\n\n";
  out += "Usage: eclair " + std::string(command.name) + " " + std::string(command.usage) + "\n";
  std::string aliases;
  for (const std::string_view alias : text::words(command.aliases)) aliases += (aliases.empty() ? "eclair " : ", eclair ") + std::string(alias);
  if (!aliases.empty()) out += "Also:  " + aliases + "\n";
  if (!command.examples.empty()) {
    out += "\nExamples\n";
    for (const std::string_view example : text::split(command.examples, '\n')) {
      if (!example.empty()) out += "  " + std::string(example) + "\n";
    }
  }
  if (!command.notes.empty()) out += "\n" + std::string(command.notes) + "\n";

  for (const Group group : {Group::target, Group::filter, Group::policy, Group::output, Group::data, Group::network, Group::bounds, Group::server, Group::run}) {
    std::string part;
    for (const Option& option : options()) {
      if (option.group != group || !applies(option, command.name) || (option.hidden && !hidden)) continue;
      std::string line = option.letters.empty() ? "      " : "  -" + std::string(option.letters.substr(0, 1)) + ", ";
      line += help_detail::shown(option);
      part += help_detail::wrapped(line, 34, help_detail::explained(option));
    }
    if (!part.empty()) out += "\n" + std::string(title(group)) + "\n" + part;
  }
  out +=
      "\nEvery option may also be set by the environment (ECLAIR_FAIL_ON=high) or in a configuration file; the command line wins.\n"
      "\nExit codes\n"
      "  0    done, and the policy passed\n"
      "  1    error: no report, or not a complete one; wrong usage\n"
      "  2    the policy failed (--exit-code N changes it)\n"
      "  3    the policy failed, but only by: incomplete, stale, eol\n"
      "  130  interrupted\n";
  return out;
}

std::string option_tables() {
  std::string out;
  for (const Group group : {Group::target, Group::filter, Group::policy, Group::output, Group::data, Group::network, Group::bounds, Group::server, Group::run}) {
    out += "### " + std::string(title(group)) + "\n\n";
    out += "| option | meaning | default | environment | configuration |\n| --- | --- | --- | --- | --- |\n";
    for (const Option& option : options()) {
      if (option.group != group || option.hidden) continue;
      std::string name = help_detail::shown(option);
      if (!option.letters.empty()) name = "-" + std::string(option.letters.substr(0, 1)) + ", " + name;
      std::string meaning(option.help);
      if (option.commands != "*") {
        std::string where;
        for (const std::string_view command : text::split(option.commands, ',')) where += (where.empty() ? "" : ", ") + std::string(command);
        meaning += " (" + where + ")";
      }
      const std::string environment = option.environment ? "`" + environment_name(option) + "`" : "";
      const auto config = text::words(option.config);
      out += "| `" + name + "` | " + meaning + " | " + std::string(option.fallback) + " | " + environment + " | " +
             (config.empty() ? "" : "`" + std::string(config.front()) + "`") + " |\n";
    }
    out += "\n";
  }
  return out;
}

std::string clair_key_table() {
  std::string out = "| below `clair:` | is our | default |\n| --- | --- | --- |\n";
  for (const Option& option : options()) {
    if (option.clair.empty() || option.hidden) continue;
    std::string keys;
    for (const std::string_view key : text::words(option.clair)) keys += (keys.empty() ? "`" : ", `") + std::string(key) + "`";
    out += "| " + keys + " | `--" + std::string(option.name) + "` | " + std::string(option.fallback) + " |\n";
  }
  return out;
}

}  // namespace eclair::cli
