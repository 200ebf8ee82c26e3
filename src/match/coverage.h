// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "match/judge.h"

namespace eclair::match {

/// Counts, package by package, what could be judged and what not, and says it in the end.
class CoverageBook {
 public:
  CoverageBook(const Inventory& inventory, const std::vector<store::FeedState>& feeds, const MatchOptions& options)
      : inventory_(inventory), feeds_(feeds), options_(options) {}

  /// Takes note of one package; whether there is anything to judge it with.
  bool judged(const Occurrence& occurrence, const Os& os, std::string_view name_space);
  void unjudged(const Occurrence& occurrence, const Unjudged& what);
  /// A package of which no repository is known to the data, and which is therefore judged by the main stream.
  void unknown_repository(const Occurrence& occurrence);
  /// All that there is to say, the gravest first, then what concerns most packages.
  std::vector<Coverage> pages(const std::optional<EndOfLife>& eol) const;

 private:
  struct Open {
    std::uint32_t packages = 0, rows = 0;
    std::string first;
  };
  bool has_data(std::string_view name_space, bool given_too) const;  ///< given: by clients; a few such rows are no feed
  void data_pages(std::vector<Coverage>& out) const;
  void notes_pages(std::vector<Coverage>& out) const;
  void inventory_pages(std::vector<Coverage>& out, const std::optional<EndOfLife>& eol) const;

  const Inventory& inventory_;
  const std::vector<store::FeedState>& feeds_;
  const MatchOptions& options_;
  std::map<std::pair<std::string, std::string>, std::uint32_t> refused_;  ///< (code, message without the number) → packages
  std::map<std::string, std::uint32_t, std::less<>> needed_;              ///< namespace → packages
  std::map<std::string, std::uint32_t> repositories_;                     ///< unknown ones, the first of each package → packages
  Open bad_rows_, bad_versions_;
};

}  // namespace eclair::match
