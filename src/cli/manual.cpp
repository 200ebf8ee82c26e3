// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/manual.h"

#include <algorithm>

#include "cli/help.h"
#include "cli/option_table.h"
#include "util/text.h"

// source: man(7) of mandoc: .TH, .SH, .TP, .nf; a line that begins with "." or "'" and every backslash are escaped.
namespace eclair::cli {
namespace manual_detail {

constexpr std::string_view kDate = "2026-11-28";  // of the text here; a page has no other, so that a version's pages are the same bytes everywhere

/// Text as roff takes it: "-" is the sign that people type.
std::string escaped(std::string_view text) {
  std::string out;
  bool line_begins = true;
  for (const char c : text) {
    if (line_begins && (c == '.' || c == '\'')) out += "\\&";
    line_begins = c == '\n';
    if (c == '\\') out += "\\e";
    else if (c == '-') out += "\\-";
    else out += c;
  }
  return out;
}

/// The same, in lines that are not long.
std::string filled(std::string_view text) {
  constexpr std::size_t kWidth = 76;
  std::string out, line;
  for (const std::string_view word : text::words(text)) {
    if (!line.empty() && line.size() + 1 + word.size() > kWidth) {
      out += escaped(line) + "\n";
      line.clear();
    }
    line += (line.empty() ? "" : " ") + std::string(word);
  }
  return out + escaped(line) + "\n";
}

std::string bold(std::string_view text) { return "\\fB" + escaped(text) + "\\fR"; }

std::string upper(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  return out;
}

std::string page_name(std::string_view command) {
  std::string out = "eclair-" + std::string(command);
  std::replace(out.begin(), out.end(), ' ', '-');
  return out;
}

std::string title(std::string_view name, int section, std::string_view version) {
  return ".\\\" Made from the tables of commands and options.\n.TH " + upper(name) + " " + std::to_string(section) + " " + std::string(kDate) + " \"eclair " +
         std::string(version) + "\" Eclair\n";
}

std::string section(std::string_view name) { return ".SH " + upper(name) + "\n"; }

/// A purpose without its full stop, beginning small, as the line after NAME has it.
std::string brief(std::string_view purpose) {
  std::string out(purpose);
  if (!out.empty() && out.back() == '.') out.pop_back();
  if (!out.empty()) out[0] = text::lower(out[0]);
  return out;
}

std::string item(const std::string& term, std::string_view help) { return ".TP\n" + term + "\n" + filled(help); }

std::string as_typed(std::string_view lines) { return ".nf\n" + escaped(lines) + "\n.fi\n"; }

std::string exit_codes() {
  return section("exit status") + item(bold("0"), "done, and the policy passed") + item(bold("1"), "error: no report, or not a complete one; wrong usage") +
         item(bold("2"), "the policy failed; --exit-code changes it") + item(bold("3"), "the policy failed, but only by: incomplete, stale, eol") +
         item(bold("130"), "interrupted") + item(bold("141"), "nobody reads standard output any more");
}

std::string see_also(const std::vector<std::string>& pages) {
  std::string out;
  for (const std::string& one : pages) {
    const std::size_t dot = one.rfind('.');
    out += (out.empty() ? ".BR " : " ,\n.BR ") + escaped(one.substr(0, dot)) + " (" + one.substr(dot + 1) + ")";
  }
  return section("see also") + out + "\n";
}

std::string term_of(const Option& option) {
  std::string out;
  if (!option.letters.empty()) out += bold("-" + std::string(option.letters.substr(0, 1))) + ", ";
  if (!option.shown.empty()) return out + bold(option.shown);
  out += bold("--" + std::string(option.name));
  if (!option.value.empty()) out += " \\fI" + escaped(option.value) + "\\fR";
  return out;
}

std::string help_of(const Option& option) {
  std::string out(option.help);
  const bool told = option.kind != Kind::flag && option.kind != Kind::choice && !option.fallback.empty();
  return out + (told ? " (default " + std::string(option.fallback) + ")" : "") + ".";
}

}  // namespace manual_detail
using namespace manual_detail;

std::string manual(std::span<const Command* const> commands, std::string_view version) {
  std::string out = title("eclair", 1, version);
  out += section("name") + "eclair \\- tells which vulnerabilities threaten a container image\n";
  out += section("synopsis") + bold("eclair") + " \\fICOMMAND\\fR [\\fIARGUMENT\\fR ...] [\\fIOPTION\\fR ...]\n.br\n" + bold("eclair") + " \\fIIMAGE\\fR\n";
  out += section("description") +
         filled("Reads each layer of an image once, while its bytes arrive, and tells which known vulnerabilities its packages have, which layer brought them in, "
                 "and why. A word that is no command is an image to scan. The report goes to standard output, everything else to standard error.");
  out += section("commands");
  for (const Command* const command : commands) {
    if (!command->hidden) out += item(bold(command->name), command->purpose);
  }
  out += exit_codes();
  out += section("environment") + item(bold("ECLAIR_") + "\\fIOPTION\\fR", "sets an option: ECLAIR_FAIL_ON=high is --fail-on high. The command line is stronger, files are weaker.") +
         item(bold("HTTPS_PROXY") + ", " + bold("HTTP_PROXY") + ", " + bold("NO_PROXY"), "proxies, and the hosts that are asked without one.") +
         item(bold("DOCKER_CONFIG") + ", " + bold("REGISTRY_AUTH_FILE"), "where credentials for registries are.") +
         item(bold("NO_COLOR") + ", " + bold("CLICOLOR_FORCE") + ", " + bold("FORCE_HYPERLINK"), "no colours; colours, links also where no terminal is.") +
         item(bold("CI"), "set: no progress is drawn.") + item(bold("SOURCE_DATE_EPOCH"), "the time that reports tell, in seconds since 1970, for equal bytes.");
  out += section("files") + item("\\fI/etc/eclair/config.yaml\\fR, \\fI$XDG_CONFIG_HOME/eclair/config.yaml\\fR, \\fI./.eclair.yaml\\fR", "settings; a later file is stronger.") +
         item("\\fI$XDG_DATA_HOME/eclair\\fR", "advisories and known layers.");
  std::vector<std::string> others = manual_names(commands);
  others.erase(others.begin());
  return out + see_also(others);
}

std::string manual_of(const Command& command, std::string_view version) {
  const std::string name = page_name(command.name);
  std::string out = title(name, 1, version);
  out += section("name") + escaped(name) + " \\- " + escaped(brief(command.purpose)) + "\n";
  out += section("synopsis") + bold("eclair " + std::string(command.name)) + " " + escaped(command.usage) + "\n";
  for (const std::string_view alias : text::words(command.aliases)) out += ".br\n" + bold("eclair " + std::string(alias)) + " " + escaped(command.usage) + "\n";
  out += section("examples") + as_typed(command.examples);
  if (!command.notes.empty()) out += section("description") + filled(command.notes);
  out += section("options");
  for (const Option& option : options()) {
    if (!option.hidden && applies(option, command.name)) out += item(term_of(option), help_of(option));
  }
  return out + exit_codes() + see_also({"eclair.1", "eclair-config.5"});
}

std::string manual_of_config(std::string_view version) {
  std::string out = title("eclair-config", 5, version);
  out += section("name") + "eclair\\-config \\- the configuration file of eclair\n";
  out += section("description") +
         filled("YAML: sections, and in them keys that are named like the options. A command line option is stronger than its environment variable, that is stronger "
                 "than a file, that is stronger than the default. A key that does not exist is an error with its place. eclair config init prints a file with all "
                 "defaults, eclair config show --origin what is in force and where it comes from.");
  out += section("files") + filled("A later one is stronger; with --config FILE that one alone is read.") + ".TP\n\\fI/etc/eclair/config.yaml\\fR\n" + "of the machine\n" +
         ".TP\n\\fI$XDG_CONFIG_HOME/eclair/config.yaml\\fR\nof the user; else \\fI~/.config/eclair/config.yaml\\fR\n" + ".TP\n\\fI./.eclair.yaml\\fR\n" +
         filled("of the project: what concerns connections and data is not taken from it, its policy is told, and --no-project-config does without it");
  std::vector<std::string_view> sections;
  for (const Option& option : options()) {
    const std::string_view first = text::cut(option.config, '.').first;
    if (!option.config.empty() && !option.hidden && std::find(sections.begin(), sections.end(), first) == sections.end()) sections.push_back(first);
  }
  for (const std::string_view one : sections) {
    out += section("section " + std::string(one));
    for (const Option& option : options()) {
      if (option.config.empty() || option.hidden || text::cut(option.config, '.').first != one) continue;
      const std::string_view key = text::cut(text::words(option.config).front(), '.').second;
      out += item(bold(key), help_of(option));
    }
  }
  out += section("examples") + as_typed("policy:\n  fail-on: [\"high,fixable\", eol]\ndata:\n  max-db-age: 7d\nscan:\n  facts: [usr/bin/nc, \"**/id_rsa\"]\n");
  return out + see_also({"eclair.1"});
}

std::vector<std::string> manual_names(std::span<const Command* const> commands) {
  std::vector<std::string> out = {"eclair.1"};
  for (const Command* const command : commands) {
    if (!command->hidden) out.push_back(page_name(command->name) + ".1");
  }
  out.push_back("eclair-config.5");
  return out;
}

std::string manual_named(std::string_view name, std::span<const Command* const> commands, std::string_view version) {
  if (name == "eclair.1") return manual(commands, version);
  if (name == "eclair-config.5") return manual_of_config(version);
  for (const Command* const command : commands) {
    if (!command->hidden && page_name(command->name) + ".1" == name) return manual_of(*command, version);
  }
  return {};
}

}  // namespace eclair::cli
