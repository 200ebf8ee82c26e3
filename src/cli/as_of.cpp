// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/as_of.h"

#include <algorithm>
#include <string>
#include <vector>

#include "util/text.h"
#include "util/time.h"

namespace eclair::cli {
namespace as_of_detail {

constexpr std::size_t kFewestDigits = 8;
constexpr std::size_t kDateLength = 10;  // "2026-11-20"
constexpr UnixTime kDay = 86400;

bool is_hex(std::string_view s) {
  return s.size() >= kFewestDigits && std::all_of(s.begin(), s.end(), [](char c) { return text::is_digit(c) || (c >= 'a' && c <= 'f'); });
}

Result<UnixTime> begin_of(const std::string& id, const std::string& flag, store::AdvisoryStore& store) {
  ECLAIR_TRY(const std::vector<store::Snapshot> all, store.snapshots());
  const store::Snapshot* found = nullptr;
  for (const store::Snapshot& one : all) {
    if (!one.id.starts_with(id)) continue;
    if (found != nullptr && found->id != one.id) return fail(Errc::invalid_input, flag + " " + id + " names more than one snapshot: " + found->id + ", " + one.id);
    if (found == nullptr || one.at > found->at) found = &one;  // a feed may have come back to a state
  }
  if (found == nullptr) return fail(Error{Errc::not_found, flag + " " + id + ": no feed here had that snapshot", "eclair db status --history lists those there were"});
  return found->at;
}

}  // namespace as_of_detail

Result<std::optional<UnixTime>> as_of(const Settings& settings, store::AdvisoryStore& store, std::string_view option) {
  using namespace as_of_detail;
  const std::string word = settings.text(option);
  if (word.empty()) return std::nullopt;
  const std::string flag = "--" + std::string(option);
  if (is_hex(word)) {
    ECLAIR_TRY(const UnixTime at, begin_of(word, flag, store));
    return at;
  }
  auto at = parse_time(word);
  if (!at) return fail(Error{Errc::invalid_input, flag + " " + text::quoted(word, 40) + " is neither a day, a time nor a snapshot", "2026-11-20, 2026-11-20T08:00:00Z, or an id of eclair db status --history"});
  const UnixTime present = now();
  if (*at > present) return fail(Errc::invalid_input, flag + " " + word + " lies in the future");
  return word.size() == kDateLength ? std::min(*at + kDay - 1, present) : *at;
}

}  // namespace eclair::cli
