// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/parse.h"

#include "cli/habits.h"
#include "cli/option_table.h"
#include "cli/values.h"
#include "util/text.h"

namespace eclair::cli {
namespace parse_detail {

Error usage(std::string text, std::string hint = {}) { return Error{Errc::invalid_input, std::move(text), std::move(hint)}; }

Error unknown_flag(std::string_view name) {
  const std::string shown = "--" + text::clean(name, 60);
  if (const ForeignFlag* foreign = find_foreign(name)) return usage(shown + ": " + std::string(foreign->text), std::string(foreign->hint));
  std::string_view bare = name.substr(0, 3) == "no-" ? name.substr(3) : name;
  if (const ForeignFlag* foreign = find_foreign(bare)) return usage(shown + ": " + std::string(foreign->text), std::string(foreign->hint));
  const std::string_view near = nearest_option(name, {});
  return usage("unknown flag " + shown, near.empty() ? "eclair help scan lists the flags" : "did you mean --" + std::string(near) + "?");
}

/// Reads one argument list. A class only because every step needs the same four things.
class Reader {
 public:
  Reader(std::span<const std::string_view> arguments, Settings& settings) : arguments_(arguments), settings_(settings) {}

  Result<CommandLine> read() {
    bool options_end = false;
    while (at_ < arguments_.size()) {
      const std::string_view one = arguments_[at_++];
      if (options_end || one == "-" || one.empty() || one[0] != '-') {
        line_.words.emplace_back(one);
        if (!options_end) ++line_.words_before_dashes;
      } else if (one == "--") {
        options_end = true;
      } else if (one[1] == '-') {
        ECLAIR_CHECK_OK(long_option(one.substr(2)));
      } else {
        ECLAIR_CHECK_OK(letters(one.substr(1)));
      }
    }
    return std::move(line_);
  }

 private:
  Result<> put(std::size_t option, std::string_view value) {
    return settings_.put(option, value, Origin::flag, "--" + std::string(options()[option].name));
  }

  /// The value behind an option, from the next argument.
  Result<std::string_view> next_value(std::size_t option, std::string_view shown) {
    if (at_ < arguments_.size()) return arguments_[at_++];
    return fail(usage(std::string(shown) + ": needs a value (" + std::string(options()[option].value) + ")"));
  }

  Result<> long_option(std::string_view body) {
    const std::size_t equals = body.find('=');
    const std::string_view name = body.substr(0, equals);
    const bool has_value = equals != std::string_view::npos;
    const std::string_view value = has_value ? body.substr(equals + 1) : std::string_view{};
    if (name == "scanners" || name == "security-checks") return scanners(name, has_value, value);

    std::size_t option = find_option(name);
    if (option != kNone) {
      if (options()[option].kind == Kind::flag) return put(option, has_value ? value : "true");
      if (has_value) return put(option, value);
      ECLAIR_TRY(const std::string_view next, next_value(option, "--" + std::string(name)));
      return put(option, next);
    }
    if (name.substr(0, 3) == "no-") {
      option = find_option(name.substr(3));
      const bool flag = option != kNone && options()[option].kind == Kind::flag;
      if (flag) return put(option, has_value && (value == "false" || value == "0" || value == "no" || value == "off") ? "true" : "false");
      if (option != kNone && !options()[option].negative.empty()) return put(option, options()[option].negative);
    }
    if (goes_without_saying(name)) return {};
    if (const FlagAlias* const alias = find_alias(name)) {
      return has_value && !parse_flag(value).value_or(true) ? Result<>{} : put(find_option(alias->option), alias->value);
    }
    return fail(unknown_flag(name));
  }

  /// Another scanner's way to say what to look for: we look for just that.
  Result<> scanners(std::string_view name, bool has_value, std::string_view value) {
    if (!has_value && at_ < arguments_.size()) value = arguments_[at_++];
    if (value == "vuln") return {};
    return fail(unknown_flag(name));
  }

  Result<> letters(std::string_view body) {
    while (!body.empty()) {
      const char letter = body[0];
      const std::string shown = "-" + text::clean(body.substr(0, 1));
      body.remove_prefix(1);
      if (const FlagAlias* const alias = find_alias(letter)) {
        ECLAIR_CHECK_OK(put(find_option(alias->option), alias->value));
        continue;
      }
      const std::size_t option = find_letter(letter);
      if (option == kNone) {
        return fail(usage("unknown flag " + shown, letter == 't' ? "templates are not supported yet; -f json is meant to be processed further"
                                                                 : "eclair help scan lists the flags"));
      }
      if (options()[option].kind == Kind::flag) {
        if (!body.empty() && body[0] == '=') return put(option, body.substr(1));
        ECLAIR_CHECK_OK(put(option, "true"));
        continue;
      }
      if (body.empty()) {
        ECLAIR_TRY(const std::string_view next, next_value(option, shown));
        return put(option, next);
      }
      return put(option, body[0] == '=' ? body.substr(1) : body);
    }
    return {};
  }

  std::span<const std::string_view> arguments_;
  Settings& settings_;
  std::size_t at_ = 0;
  CommandLine line_;
};

std::string spoken(std::string_view commands) {
  std::string out;
  for (const std::string_view one : text::split(commands, ',')) {
    if (!out.empty()) out += ", ";
    out += "eclair " + std::string(one);
  }
  return out;
}

}  // namespace parse_detail

Result<CommandLine> parse_command_line(std::span<const std::string_view> arguments, Settings& settings) {
  return parse_detail::Reader(arguments, settings).read();
}

std::vector<std::string> with_two_dashes(std::span<const std::string_view> arguments) {
  std::vector<std::string> out(arguments.begin(), arguments.end());
  const bool serve = !out.empty() && out[0] == "serve";
  const bool check = out.size() > 1 && out[0] == "config" && out[1] == "check";
  if (!serve && !check) return out;
  for (std::string& word : out) {
    if (word == "--") break;
    if (word.size() < 3 || word[0] != '-' || word[1] == '-') continue;
    const std::string_view name = text::cut(std::string_view(word).substr(1), '=').first;
    if (name.size() > 1 && find_option(name) != kNone) word.insert(0, "-");
  }
  return out;
}

Result<> check_applicable(const Settings& settings, std::string_view command) {
  for (const Option& option : options()) {
    if (settings.origin(option.name) != Origin::flag || applies(option, command)) continue;
    return fail(parse_detail::usage("--" + std::string(option.name) + ": not an option of eclair " + std::string(command),
                                    "it belongs to " + parse_detail::spoken(option.commands)));
  }
  return {};
}

Result<> read_environment(const char* (*look_up)(const char* name), Settings& settings) {
  for (std::size_t i = 0; i < options().size(); ++i) {
    if (!options()[i].environment) continue;
    const std::string name = environment_name(options()[i]);
    const char* const value = look_up(name.c_str());
    if (value == nullptr || *value == '\0') continue;
    auto put = settings.put(i, value, Origin::environment, name);
    if (!put) return fail(std::move(put).error().within(name));
  }
  return {};
}

}  // namespace eclair::cli
