// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/complete.h"

#include <algorithm>
#include <set>

#include "cli/option_table.h"
#include "feeds/feed.h"
#include "report/report.h"
#include "util/text.h"

namespace eclair::cli {
namespace complete_detail {

constexpr std::string_view kSeverities = "critical high medium low negligible unknown all";
constexpr std::string_view kRules = "critical high medium low negligible unknown fixable kev own base eol stale incomplete none";
constexpr std::string_view kPlatforms = "linux/amd64 linux/arm64 linux/arm/v7 linux/386 linux/ppc64le linux/riscv64 linux/s390x";
constexpr std::string_view kTakeImages = "scan layers explain fix graph sbom diff";  // commands whose arguments are images

bool is_among(std::string_view word, std::string_view list) {
  const auto all = text::words(list);
  return std::find(all.begin(), all.end(), word) != all.end();
}

/// What was typed before the word that is completed.
struct Before {
  std::vector<std::string_view> words;  ///< that are no options and no values of some
  std::size_t waiting = kNone;          ///< the option whose value comes next
  bool options_ended = false;
};

Before read(std::span<const std::string_view> words) {
  Before out;
  for (const std::string_view word : words) {
    if (out.waiting != kNone) {
      out.waiting = kNone;
    } else if (out.options_ended || word.empty() || word == "-" || word[0] != '-') {
      out.words.push_back(word);
    } else if (word == "--") {
      out.options_ended = true;
    } else if (word[1] == '-') {
      const std::size_t option = find_option(word.substr(2));
      if (option != kNone && options()[option].kind != Kind::flag) out.waiting = option;
    } else {
      for (std::size_t i = 1; i < word.size(); ++i) {
        const std::size_t option = find_letter(word[i]);
        if (option == kNone) break;
        if (options()[option].kind == Kind::flag) continue;
        if (i + 1 == word.size()) out.waiting = option;
        break;
      }
    }
  }
  return out;
}

/// The command that the words name, and how many of them do; nullptr: none yet.
const Command* command_of(const std::vector<std::string_view>& words, std::span<const Command* const> commands, std::size_t& used) {
  const auto named = [&](const std::string& name) -> const Command* {
    for (const Command* const one : commands) {
      if (one->name == name || is_among(name, one->aliases)) return one;
    }
    return nullptr;
  };
  used = 2;
  if (words.size() >= 2) {
    if (const Command* const two = named(std::string(words[0]) + " " + std::string(words[1]))) return two;
  }
  used = 1;
  return words.empty() ? nullptr : named(std::string(words[0]));
}

class Finder {
 public:
  explicit Finder(std::string_view current) : current_(current) {}

  void add(std::string word, std::string_view help = {}) {
    if (word.starts_with(current_)) out_.candidates.push_back({std::move(word), std::string(help)});
  }

  /// The first or second words of commands.
  void add_commands(std::span<const Command* const> commands, std::string_view group) {
    std::set<std::string_view> seen;
    for (const Command* const one : commands) {
      const auto [first, second] = text::cut(one->name, ' ');
      if (one->hidden || (!group.empty() && (first != group || second.empty()))) continue;
      const std::string_view word = group.empty() ? first : second;
      if (seen.insert(word).second) add(std::string(word), second.empty() || !group.empty() ? one->purpose : std::string_view{});
    }
  }

  void add_options(std::string_view command) {
    for (const Option& one : options()) {
      if (one.hidden || !applies(one, command)) continue;
      const std::string name(one.name);
      const bool is_on = one.kind == Kind::flag && one.fallback == "true";
      if (!is_on) add("--" + name, one.help);
      if (is_on || (one.kind == Kind::flag && current_.starts_with("--no-")) || !one.negative.empty()) add("--no-" + name, is_on ? one.help : std::string_view{});
    }
  }

  /// before: what stands in the same word already ("--severity=").
  void add_values(const Option& option, std::string_view before) {
    std::string_view value = current_.substr(before.size());
    std::string kept(before);
    const bool by_comma = option.kind == Kind::severities || option.kind == Kind::choices || option.kind == Kind::columns || option.name == "fail-on";
    if (by_comma) {
      const std::size_t comma = value.rfind(',');
      if (comma != std::string_view::npos) kept += value.substr(0, comma + 1);
    }
    if (option.kind == Kind::columns && current_.size() > kept.size() && (current_[kept.size()] == '+' || current_[kept.size()] == '-')) kept += current_[kept.size()];
    const auto add_all = [&](std::string_view list) {
      for (const std::string_view one : text::words(list)) add(kept + std::string(one));
    };
    if (option.kind == Kind::choice || option.kind == Kind::choices || option.kind == Kind::columns) return add_all(option.choices);
    if (option.kind == Kind::severities) return add_all(kSeverities);
    if (option.kind == Kind::flag) return add_all("true false");
    if (option.name == "fail-on") return add_all(kRules);
    if (option.name == "platform") return add_all(kPlatforms);
    if (option.name == "feed") return add_feeds(kept);
    if (option.name == "format") {
      if (value.find('=') != std::string_view::npos) return look_for(Completion::Files::files);
      for (const report::Format* const one : report::formats()) add(kept + std::string(one->id), one->title);
      return;
    }
    if (option.value.find("FILE") != std::string_view::npos) return look_for(Completion::Files::files);
    if (option.value == "FOLDER") return look_for(Completion::Files::folders);
  }

  void add_feeds(const std::string& kept = {}) {
    for (const feeds::Feed* const one : feeds::feeds()) add(kept + std::string(one->id()), one->title());
  }

  void look_for(Completion::Files files) { out_.files = files; }
  Completion take() { return std::move(out_); }

 private:
  std::string_view current_;
  Completion out_;
};

}  // namespace complete_detail
using namespace complete_detail;

Completion complete(std::span<const std::string_view> words, std::span<const Command* const> commands,
                    const std::function<std::vector<std::string>()>& recent) {
  const std::string_view current = words.empty() ? std::string_view{} : words.back();
  const Before before = read(words.empty() ? words : words.first(words.size() - 1));
  Finder finder(current);
  if (before.waiting != kNone) {
    finder.add_values(options()[before.waiting], "");
    return finder.take();
  }
  std::size_t used = 0;
  const Command* const command = command_of(before.words, commands, used);
  if (!before.options_ended && current.starts_with('-')) {
    const std::size_t equals = current.find('=');
    if (equals == std::string_view::npos) {
      finder.add_options(command == nullptr ? "scan" : command->name);
    } else if (const std::size_t option = current.starts_with("--") ? find_option(current.substr(2, equals - 2)) : kNone; option != kNone) {
      finder.add_values(options()[option], current.substr(0, equals + 1));
    }
    return finder.take();
  }

  const auto add_images = [&] {
    for (std::string& one : recent()) finder.add(std::move(one), "scanned lately");
    finder.look_for(Completion::Files::files);
  };
  if (before.words.empty()) {
    finder.add_commands(commands, "");
    if (!current.empty()) add_images();
    return finder.take();
  }
  if (command == nullptr) {
    if (before.words.size() == 1) finder.add_commands(commands, before.words[0]);
    Completion out = finder.take();
    if (!out.candidates.empty()) return out;
    Finder targets(current);  // the first word is no command: it is an image, and more may follow
    for (std::string& one : recent()) targets.add(std::move(one), "scanned lately");
    targets.look_for(Completion::Files::files);
    return targets.take();
  }
  const std::size_t arguments = before.words.size() - std::min(used, before.words.size());
  if (command->name == "help") {
    finder.add_commands(commands, arguments == 0 ? std::string_view{} : before.words.back());
  } else if (command->name == "completion") {
    for (const std::string_view shell : {"bash", "zsh", "fish"}) finder.add(std::string(shell));
  } else if (command->name == "db update") {
    finder.add_feeds();
  } else if (is_among(command->name, kTakeImages)) {
    if (command->name != "explain" || arguments > 0) add_images();
  } else if (command->name != "version" && command->name != "health" && command->name != "serve") {
    finder.look_for(Completion::Files::files);
  }
  return finder.take();
}

std::string completion_lines(const Completion& completion) {
  std::string out;
  for (const Completion::Candidate& one : completion.candidates) {
    // A line is a candidate: what would break it is not offered.
    if (text::clean(one.word, one.word.size() + 1) != one.word) continue;
    out += one.word + (one.help.empty() ? "" : "\t" + text::clean(one.help, 200)) + "\n";
  }
  constexpr std::string_view kEnds[] = {":none\n", ":files\n", ":folders\n"};
  return out + std::string(kEnds[static_cast<std::size_t>(completion.files)]);
}

}  // namespace eclair::cli
