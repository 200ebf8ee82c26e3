// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/narrow.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "model/package_kind.h"
#include "report/words.h"
#include "util/text.h"

namespace eclair::cli {
namespace narrow_detail {

constexpr std::string_view kLeftOut = "left_out", kGiven = "given_distribution";

/// A pattern names files, or a folder with all below it.
bool matches(const std::vector<std::string>& patterns, std::string_view path) {
  return std::any_of(patterns.begin(), patterns.end(), [&](const std::string& one) { return text::glob(one, path) || text::glob(one + "/**", path); });
}

std::vector<std::string> cleaned(const std::vector<std::string>& patterns) {
  std::vector<std::string> out;
  for (std::string_view one : patterns) {
    while (one.starts_with("./")) one.remove_prefix(2);
    while (one.starts_with("/")) one.remove_prefix(1);
    while (one.ends_with("/")) one.remove_suffix(1);
    if (!one.empty()) out.emplace_back(one);
  }
  return out;
}

template <class Unwanted>
void leave_out(Inventory& inventory, const std::string& by, const Unwanted& unwanted) {
  const std::size_t before = inventory.packages.size();
  std::erase_if(inventory.packages, unwanted);
  const std::size_t gone = before - inventory.packages.size();
  if (gone > 0) inventory.notes.push_back({std::string(kLeftOut), "", report::plural(gone, "package") + " left out by " + by});
}

}  // namespace narrow_detail
using namespace narrow_detail;

Result<Os> parse_distribution(std::string_view word) {
  const std::size_t at = word.find_first_of(":/@");
  const std::string_view id = word.substr(0, at);
  const std::string_view version = at == std::string_view::npos ? std::string_view{} : word.substr(at + 1);
  const auto is_fit = [](std::string_view part) {
    return !part.empty() && part.size() <= 64 && std::all_of(part.begin(), part.end(), [](char c) {
      return text::is_alpha(c) || text::is_digit(c) || c == '.' || c == '-' || c == '_' || c == '+';
    });
  };
  if (!is_fit(id) || !is_fit(version)) return fail(Error{Errc::invalid_input, "--distro " + text::quoted(word) + ": not ID:VERSION", "--distro debian:12"});
  Os out;
  out.id = text::lower(id);
  out.version = version;
  out.pretty = out.id + " " + out.version;
  return out;
}

Result<> narrow(const Settings& settings, Inventory& inventory) {
  if (settings.is_set("distro")) {
    ECLAIR_TRY(Os given, parse_distribution(settings.text("distro")));
    if (inventory.systems.empty()) inventory.systems.emplace_back();
    const Os& own = inventory.systems.front();
    const std::string found = own ? own.id + (own.version.empty() ? "" : " " + own.version) : "an unknown distribution";
    inventory.notes.push_back({std::string(kGiven), "", "judged as " + given.pretty + " because of --distro; the image says " + found});
    inventory.systems.front() = std::move(given);
  }
  const std::vector<std::string> patterns = cleaned(settings.list("exclude"));
  if (!patterns.empty()) {
    leave_out(inventory, "--exclude " + text::join(patterns, ","), [&](const Occurrence& one) {
      return !one.paths.empty() && std::all_of(one.paths.begin(), one.paths.end(), [&](const std::string& path) { return matches(patterns, path); });
    });
  }
  const std::vector<std::string> kinds = settings.list("pkg-types");
  const auto wants = [&](std::string_view kind) { return kinds.empty() || std::find(kinds.begin(), kinds.end(), kind) != kinds.end(); };
  if (!wants("os") || !wants("library")) {
    leave_out(inventory, "--pkg-types " + text::join(kinds, ","),
              [&](const Occurrence& one) { return is_system_type(one.package.type) ? !wants("os") : !wants("library"); });
  }
  return {};
}

void tell_narrowing(report::Report& report) {
  for (const Note& note : report.inventory.notes) {
    if (note.code == kLeftOut || note.code == kGiven) report.coverage.push_back({note.code, note.message, 0, false});
  }
  std::erase_if(report.inventory.notes, [](const Note& note) { return note.code == kLeftOut || note.code == kGiven; });
}

}  // namespace eclair::cli
