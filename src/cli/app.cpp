// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <iterator>

#include "cli/command.h"
#include "cli/compat/verb.h"
#include "cli/complete.h"
#include "cli/config_file.h"
#include "cli/habits.h"
#include "cli/help.h"
#include "cli/parse.h"
#include "cli/recent.h"
#include "util/text.h"

namespace eclair::cli {
namespace app_detail {

const char* look_up(const char* name) { return std::getenv(name); }

const Command* find_command(std::string_view name) {
  for (const Command* const command : commands()) {
    if (command->name == name) return command;
    for (const std::string_view alias : text::words(command->aliases)) {
      if (alias == name) return command;
    }
  }
  return nullptr;
}

bool is_group(std::string_view word) {
  for (const Command* const command : commands()) {
    const auto [first, second] = text::cut(command->name, ' ');
    if (first == word && !second.empty()) return true;
  }
  return false;
}

/// A command that a word may be a slip for. Words that look like an image (with "/", ":" or ".") are none.
std::string_view meant_command(std::string_view word) {
  if (word.find_first_of("/:.@") != std::string_view::npos) return {};
  std::string_view best;
  std::size_t best_distance = 3;
  for (const Command* const command : commands()) {
    if (command->hidden) continue;
    const std::string_view name = text::cut(command->name, ' ').first;
    const std::size_t away = text::distance(word, name, 3);
    // Two letters off a command of two or three is anything ("go", "gcc").
    if (name.size() >= 4 && away < best_distance) {
      best = name;
      best_distance = away;
    }
  }
  return best;
}

struct Chosen {
  const Command* command = nullptr;
  std::size_t words = 0;      ///< of the command line that name it
  std::string_view group;     ///< the word names only a group of commands
  std::string_view scheme{};  ///< goes before targets that have none
};

/// Other scanners' commands for folders: what they name is one, whatever image is called so.
std::string_view scheme_of_command(std::string_view word) {
  if (word == "fs" || word == "filesystem") return "dir:";
  return word == "rootfs" ? "rootfs:" : "";
}

/// Which command a line means. An argument that is no command is an image to scan.
Result<Chosen> choose(const CommandLine& line) {
  const Command* const scan = find_command("scan");
  if (line.words_before_dashes == 0) return Chosen{scan, 0, {}};
  const std::string& first = line.words[0];
  if (line.words_before_dashes >= 2) {
    if (const Command* const two = find_command(first + " " + line.words[1])) return Chosen{two, 2, {}};
  }
  if (const Command* const one = find_command(first)) return Chosen{one, 1, {}};
  if (is_group(first)) {
    if (line.words.size() == 1) return Chosen{nullptr, 1, first};
    return fail(Error{Errc::invalid_input, "unknown command \"" + first + " " + text::clean(line.words[1], 60) + "\"", "eclair help " + first});
  }
  if (line.words.size() >= 2) {  // alone, such a word may be an image
    if (!scheme_of_command(first).empty()) return Chosen{scan, 1, {}, scheme_of_command(first)};
    if (const ForeignCommand* const foreign = find_foreign_command(first)) {
      return fail(Error{Errc::invalid_input, "no command '" + first + "': " + std::string(foreign->text), std::string(foreign->hint)});
    }
  }
  const std::string_view meant = meant_command(first);
  if (!meant.empty()) {
    return fail(Error{Errc::invalid_input, "unknown command '" + text::clean(first, 60) + "'; did you mean '" + std::string(meant) + "'?",
                      "to scan an image of that name: eclair scan " + text::clean(first, 60)});
  }
  return Chosen{scan, 0, {}};
}

/// The settings of the environment and the files; not needed to say a version or a help text.
Result<> complete(Settings& settings, std::vector<std::string>& warnings) {
  ECLAIR_CHECK_OK(read_environment(&look_up, settings));
  ConfigNotes notes;
  const Result<> read = load_config_files(&look_up, settings, notes);
  warnings = std::move(notes.warnings);
  return read;
}

/// Images that were scanned here before, for completion.
std::vector<std::string> recent() {
  Settings settings;
  if (!read_environment(&look_up, settings)) return {};
  const auto folder = data_folder(settings);
  return folder ? recent_images(*folder) : std::vector<std::string>{};
}

int finish(Console& console, const Result<int>& result, const Cancel& stop) {
  console.clear_progress();
  if (stop.requested()) {
    if (::write(STDERR_FILENO, "\n", 1) < 0) return kInterrupted;
    return kInterrupted;
  }
  if (result) return *result;
  if (result.error().code == Errc::cancelled) return kBrokenPipe;
  console.error(result.error());
  return kError;
}

/// The words behind `compat`: another program's command line, which our table of options does not know.
int run_compat(std::span<const std::string_view> words, Settings& settings, std::string_view version, const Cancel& stop) {
  std::vector<std::string> warnings;
  if (Result<> ready = complete(settings, warnings); !ready) {
    Console early(settings);
    early.error(ready.error());
    return compat::find_verb(words.front())->error_code;
  }
  Console console(settings);
  for (const std::string& one : warnings) console.warning(one);
  const std::vector<std::string> rest(words.begin(), words.end());
  return finish(console, find_command("compat")->run({settings, rest, console, stop, version}), stop);
}

/// For a shell: the last word is the one under the cursor. Whatever it is, nothing is said on standard error.
int run_complete(std::span<const std::string_view> words, const Cancel& stop) {
  Console console;
  return finish(console, console.print(completion_lines(cli::complete(words, commands(), &recent))).map([] { return int{kOk}; }), stop);
}

}  // namespace app_detail

int run(std::span<const std::string_view> arguments, std::string_view version, const Cancel& stop) {
  if (!arguments.empty() && arguments[0] == "__complete") return app_detail::run_complete(arguments.subspan(1), stop);
  Settings settings;
  if (arguments.size() >= 2 && arguments[0] == "compat" && compat::find_verb(arguments[1]) != nullptr) {
    return app_detail::run_compat(arguments.subspan(1), settings, version, stop);
  }
  const std::vector<std::string> dashed = with_two_dashes(arguments);
  const std::vector<std::string_view> words(dashed.begin(), dashed.end());
  Result<CommandLine> line = parse_command_line(words, settings);
  Console early(settings);
  if (!line) return app_detail::finish(early, fail(std::move(line).error()), stop);
  if (arguments.empty()) return app_detail::finish(early, early.print(help_screen(commands())).map([] { return int{kOk}; }), stop);
  const bool only_v = arguments.size() == 1 && arguments[0] == "-v";
  if (settings.flag("version") || only_v) {
    const Command* const command = app_detail::find_command("version");
    if (only_v) early.note("-v alone is the version; with a command it says more", "eclair version, or -V");
    return app_detail::finish(early, command->run({settings, line->words, early, stop, version}), stop);
  }

  Result<app_detail::Chosen> chosen = app_detail::choose(*line);
  if (!chosen) return app_detail::finish(early, fail(std::move(chosen).error()), stop);
  if (chosen->command == nullptr || settings.flag("help")) {
    const bool first_screen = chosen->words == 0 && line->words.empty();
    const std::string text = chosen->command == nullptr ? help_group(commands(), chosen->group)
                             : first_screen             ? help_screen(commands())
                                                        : help_for(*chosen->command, settings.flag("all"));
    return app_detail::finish(early, early.print(text).map([] { return int{kOk}; }), stop);
  }

  const Command& command = *chosen->command;
  std::vector<std::string> warnings;
  Result<> ready = check_applicable(settings, command.name);
  constexpr std::string_view kWithoutSettings[] = {"help", "version", "completion", "config init"};
  const bool needs_settings = std::find(std::begin(kWithoutSettings), std::end(kWithoutSettings), command.name) == std::end(kWithoutSettings);
  if (ready && needs_settings) ready = app_detail::complete(settings, warnings);
  if (!ready) return app_detail::finish(early, fail(std::move(ready).error()), stop);

  Console console(settings);
  for (const std::string& one : warnings) console.warning(one);
  std::vector<std::string> rest(line->words.begin() + static_cast<std::ptrdiff_t>(chosen->words), line->words.end());
  for (std::string& one : rest) {
    if (!chosen->scheme.empty() && one.find(':') == std::string::npos) one.insert(0, chosen->scheme);
  }
  return app_detail::finish(console, command.run({settings, rest, console, stop, version}), stop);
}

Result<std::string> data_folder(const Settings& settings) {
  const std::string given = settings.text("data-dir");
  if (!given.empty()) return given;
  const char* const data_home = std::getenv("XDG_DATA_HOME");
  if (data_home != nullptr && data_home[0] == '/') return std::string(data_home) + "/eclair";
  const char* const home = std::getenv("HOME");
  if (home != nullptr && home[0] == '/') return std::string(home) + "/.local/share/eclair";
  return fail(Error{Errc::not_found, "no home folder to keep data in", "--data-dir FOLDER, or set ECLAIR_DATA_DIR"});
}

}  // namespace eclair::cli
