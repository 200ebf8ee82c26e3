// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/compat/arguments.h"

#include <cstddef>

#include "util/text.h"

namespace eclair::cli::compat {
namespace arguments_detail {

constexpr std::string_view kTrue = "1 t T TRUE true True", kFalse = "0 f F FALSE false False";

bool is_among(std::string_view word, std::string_view choices) {
  for (const std::string_view one : text::words(choices)) {
    if (one == word) return true;
  }
  return false;
}

const Flag* by_name(std::span<const Flag> flags, std::string_view name) {
  for (const Flag& flag : flags) {
    if (is_among(name, flag.names)) return &flag;
  }
  return nullptr;
}

const Flag* by_letter(std::span<const Flag> flags, char letter) {
  for (const Flag& flag : flags) {
    if (flag.letter == letter && letter != '\0') return &flag;
  }
  return nullptr;
}

std::string key(const Flag& flag) { return std::string(text::words(flag.names).front()); }

}  // namespace arguments_detail
using namespace arguments_detail;

std::optional<bool> go_bool(std::string_view word) {
  if (is_among(word, kTrue)) return true;
  if (is_among(word, kFalse)) return false;
  return std::nullopt;
}

Result<Arguments> Arguments::read(std::span<const std::string> words, std::span<const Flag> flags) {
  Arguments out;
  std::size_t at = 0;
  /// The value of a flag that came as `shown`: what is tied to it, else the next word where it takes one.
  const auto take = [&](const Flag& flag, const std::string& shown, std::optional<std::string_view> tied) -> Result<> {
    std::string value(tied.value_or("true"));
    if (!tied && flag.value) {
      if (at == words.size()) return fail(Errc::invalid_input, "flag needs an argument: " + shown);
      value = words[at++];
    }
    if (!flag.value && !go_bool(value))
      return fail(Errc::invalid_input, "invalid argument " + text::quoted(value) + " for " + shown + ": neither true nor false");
    out.values_[key(flag)] = std::move(value);
    return {};
  };
  while (at < words.size()) {
    const std::string word = words[at++];
    if (word == "--") {
      out.rest_.insert(out.rest_.end(), words.begin() + static_cast<std::ptrdiff_t>(at), words.end());
      break;
    }
    if (word.size() < 2 || word[0] != '-') {
      out.rest_.push_back(word);
      continue;
    }
    const bool two = word[1] == '-';
    const std::string_view body = std::string_view(word).substr(two ? 2 : 1);
    const auto [name, behind] = text::cut(body, '=');
    const std::optional<std::string_view> tied = name.size() < body.size() ? std::optional(behind) : std::nullopt;
    const Flag* const letter = two ? nullptr : by_letter(flags, body[0]);
    // A word of one dash that is a long name: as such, unless its first letter is a flag that takes the rest as its value.
    const Flag* const whole = two || name.size() > 1 ? by_name(flags, name) : nullptr;
    if (whole != nullptr && (two || letter == nullptr || !letter->value)) {
      ECLAIR_CHECK_OK(take(*whole, (two ? "--" : "-") + std::string(name), tied));
      continue;
    }
    if (two) return fail(Errc::invalid_input, "unknown flag: --" + text::clean(name, 100));
    for (std::size_t i = 0; i < body.size(); ++i) {
      const Flag* const flag = by_letter(flags, body[i]);
      const std::string shown = std::string("-") + body[i];
      if (flag == nullptr)
        return fail(Errc::invalid_input, "unknown shorthand flag: '" + text::clean(body.substr(i, 1)) + "' in -" + text::clean(body, 100));
      std::string_view value = body.substr(i + 1);
      const bool equals = !value.empty() && value[0] == '=';
      if (equals) value.remove_prefix(1);
      if (equals || (flag->value && !value.empty())) {
        ECLAIR_CHECK_OK(take(*flag, shown, value));
        break;
      }
      ECLAIR_CHECK_OK(take(*flag, shown, std::nullopt));
    }
  }
  return out;
}

std::string Arguments::text(std::string_view name, std::string_view otherwise) const {
  const auto found = values_.find(std::string(name));
  return found == values_.end() ? std::string(otherwise) : found->second;
}

bool Arguments::flag(std::string_view name, bool otherwise) const {
  const auto found = values_.find(std::string(name));
  return found == values_.end() ? otherwise : go_bool(found->second).value_or(otherwise);
}

}  // namespace eclair::cli::compat
