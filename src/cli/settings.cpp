// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/settings.h"

#include <algorithm>
#include <cassert>

#include "cli/values.h"
#include "util/text.h"

namespace eclair::cli {

Settings::Settings() : held_(options().size()) {}

Result<> Settings::put(std::size_t option, std::string_view value, Origin origin, std::string_view where) {
  const Option& row = options()[option];
  ECLAIR_CHECK_OK(check_value(row, value));
  Held& held = held_[option];
  if (origin < held.origin) return {};
  const bool by_comma = row.kind == Kind::list || row.kind == Kind::choices || row.kind == Kind::columns;
  const bool adds = origin == held.origin && (by_comma || row.kind == Kind::rules || row.kind == Kind::flag ||
                                              row.kind == Kind::severities);
  if (!adds) held.words.clear();
  held.origin = origin;
  held.where = where;
  if (!by_comma) {
    held.words.push_back({std::string(value), next_order_++});
    return {};
  }
  for (const std::string_view one : text::split(value, ',')) {
    const std::string_view word = text::trim(one);
    if (!word.empty()) held.words.push_back({std::string(word), next_order_++});
  }
  return {};
}

const Settings::Held& Settings::held(std::string_view name) const {
  const std::size_t option = find_option(name);
  assert(option != kNone);
  return held_[option];
}

bool Settings::is_set(std::string_view name) const { return !held(name).words.empty(); }

std::string Settings::text(std::string_view name) const {
  const Held& one = held(name);
  if (!one.words.empty()) return one.words.back().text;
  return std::string(options()[find_option(name)].fallback);
}

bool Settings::flag(std::string_view name) const { return parse_flag(text(name)).value_or(false); }

std::vector<std::string> Settings::list(std::string_view name) const {
  std::vector<std::string> out;
  for (const Word& word : held(name).words) out.push_back(word.text);
  return out;
}

std::optional<std::uint64_t> Settings::number(std::string_view name) const {
  const std::string value = text(name);
  if (value.empty()) return std::nullopt;
  switch (options()[find_option(name)].kind) {
    case Kind::size: return parse_size(value);
    case Kind::duration: return parse_duration(value);
    default: return text::parse_number(value);
  }
}

std::optional<double> Settings::decimal(std::string_view name) const { return parse_decimal(text(name)); }

std::vector<Severity> Settings::severities(std::string_view name) const {
  std::vector<Severity> out;
  for (const Word& word : held(name).words) {
    const auto some = parse_severities(word.text);
    if (some) out.insert(out.end(), some->begin(), some->end());
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

const std::vector<Settings::Word>& Settings::words(std::string_view name) const { return held(name).words; }
Origin Settings::origin(std::string_view name) const { return held(name).origin; }
const std::string& Settings::where(std::string_view name) const { return held(name).where; }
unsigned Settings::count(std::string_view name) const { return static_cast<unsigned>(held(name).words.size()); }

Settings Settings::flags_alone() const {
  Settings out;
  for (std::size_t i = 0; i < held_.size(); ++i) {
    if (held_[i].origin == Origin::flag && !held_[i].words.empty()) out.held_[i] = held_[i];
  }
  out.next_order_ = next_order_;
  return out;
}

void Settings::take(std::string_view name, const Settings& other) {
  const std::size_t option = find_option(name);
  if (option != kNone) held_[option] = other.held_[option];
}

std::vector<std::string_view> Settings::differences(const Settings& other) const {
  std::vector<std::string_view> out;
  for (std::size_t i = 0; i < held_.size(); ++i) {
    const auto same = [](const Word& a, const Word& b) { return a.text == b.text; };
    if (!std::equal(held_[i].words.begin(), held_[i].words.end(), other.held_[i].words.begin(), other.held_[i].words.end(), same)) out.push_back(options()[i].name);
  }
  return out;
}

}  // namespace eclair::cli
