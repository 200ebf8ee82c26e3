// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "report/saved_part.h"

#include "util/text.h"

namespace eclair::report {

void SavedPart::fault(std::string_view key, std::string_view what) const {
  if (!fault_->empty()) return;
  const std::string name = text::clean(key, 80);
  *fault_ = place_ + (place_.empty() || name.empty() || name[0] == '[' ? "" : ".") + name + ": " + std::string(what);
}

std::string SavedPart::text(std::string_view key) const {
  const json::Value value = value_[key];
  if (value.kind() == json::Kind::null) return {};
  if (!value.is_string()) fault(key, "not a text");
  return std::string(value.string());
}

std::string SavedPart::needed_text(std::string_view key) const {
  std::string out = text(key);
  if (out.empty()) fault(key, "missing");
  return out;
}

std::uint64_t SavedPart::number(std::string_view key, std::uint64_t most) const {
  const json::Value value = value_[key];
  if (value.kind() == json::Kind::null) return 0;
  const auto number = value.integer();
  if (number && *number >= 0 && static_cast<std::uint64_t>(*number) <= most) return static_cast<std::uint64_t>(*number);
  fault(key, "not a number from 0 to " + std::to_string(most));
  return 0;
}

double SavedPart::real(std::string_view key, double most, double otherwise) const {
  const json::Value value = value_[key];
  if (value.kind() == json::Kind::null) return otherwise;
  const auto number = value.number();
  if (number && *number >= 0 && *number <= most) return *number;
  fault(key, "not a number, or out of bounds");
  return otherwise;
}

bool SavedPart::flag(std::string_view key) const {
  const json::Value value = value_[key];
  if (value.kind() != json::Kind::null && value.kind() != json::Kind::boolean) fault(key, "neither true nor false");
  return value.boolean();
}

UnixTime SavedPart::time(std::string_view key) const {
  const std::string said = text(key);
  if (said.empty()) return 0;
  constexpr UnixTime kFirst = -62135596800, kLast = 253402300799;  // what has four digits of a year
  const auto parsed = parse_time(said);
  if (!parsed) fault(key, parsed.error().text);
  if (!parsed) return 0;
  if (*parsed >= kFirst && *parsed <= kLast) return *parsed;
  fault(key, "not a time of the years 1 to 9999");
  return 0;
}

Digest SavedPart::digest(std::string_view key) const {
  const std::string said = text(key);
  if (said.empty()) return {};
  auto parsed = Digest::parse(said);
  if (parsed) return *std::move(parsed);
  fault(key, parsed.error().text);
  return {};
}

std::vector<std::string> SavedPart::texts(std::string_view key) const {
  std::vector<std::string> out;
  const json::Value value = value_[key];
  if (value.kind() != json::Kind::null && !value.is_array()) fault(key, "not a list");
  value.each([&](json::Value one) {
    if (!one.is_string()) fault(key, "not a list of texts");
    out.emplace_back(one.string());
    return ok();
  });
  return out;
}

SavedPart SavedPart::part(std::string_view key) const {
  const json::Value value = value_[key];
  if (value.kind() != json::Kind::null && !value.is_object()) fault(key, "not an object");
  return {value, place_.empty() ? std::string(key) : place_ + "." + std::string(key), *fault_};
}

void SavedPart::each(std::string_view key, const std::function<void(const SavedPart&)>& fn) const {
  const json::Value value = value_[key];
  if (value.kind() != json::Kind::null && !value.is_array()) fault(key, "not a list");
  std::size_t at = 0;
  value.each([&](json::Value one) {
    const std::string place = (place_.empty() ? "" : place_ + ".") + std::string(key) + "[" + std::to_string(at++) + "]";
    if (!one.is_object()) {
      if (ok()) *fault_ = place + ": not an object";
    } else if (ok()) {
      fn(SavedPart(one, place, *fault_));
    }
    return ok();
  });
}

void SavedPart::each_member(std::string_view key, const std::function<void(std::string_view, const SavedPart&)>& fn) const {
  const json::Value value = value_[key];
  if (value.kind() != json::Kind::null && !value.is_object()) fault(key, "not an object");
  value.each_member([&](std::string_view name, json::Value member) {
    const std::string place = (place_.empty() ? "" : place_ + ".") + std::string(key) + "." + text::clean(name, 80);
    if (!member.is_object()) {
      if (ok()) *fault_ = place + ": not an object";
    } else if (ok()) {
      fn(name, SavedPart(member, place, *fault_));
    }
    return ok();
  });
}

}  // namespace eclair::report
