// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "feeds/fetch.h"
#include "util/text.h"

namespace eclair::support {

/// Answers what a feed asks while it works out its portions, from a table of pages; everything else is "404".
class FakeLookup final : public feeds::Lookup {
 public:
  std::map<std::string, std::string> pages;    ///< by URL
  std::map<std::string, Errc> broken;          ///< URLs that fail otherwise
  std::map<std::string, std::string> cursors;  ///< by portion
  std::set<std::string> unchanged;             ///< URLs
  std::vector<std::string> wanted_spaces;      ///< none: everything
  std::vector<std::string> asked;              ///< in order
  UnixTime time = 1'700'000'000;

  const std::vector<std::string>& wanted() const override { return wanted_spaces; }
  bool wants(std::string_view name_space) const override {
    return wanted_spaces.empty() || std::find(wanted_spaces.begin(), wanted_spaces.end(), name_space) != wanted_spaces.end();
  }
  std::string cursor(std::string_view portion) const override {
    const auto found = cursors.find(std::string(portion));
    return found == cursors.end() ? std::string() : found->second;
  }
  UnixTime at() const override { return time; }
  Result<std::unique_ptr<ByteSource>> read(const std::string& url) override {
    asked.push_back(url);
    if (const auto found = broken.find(url); found != broken.end()) return fail(found->second, "cannot read " + url);
    const auto found = pages.find(url);
    if (found == pages.end()) return fail(Errc::not_found, "no such page: " + url);
    return std::make_unique<MemorySource>(found->second);
  }
  Result<std::unique_ptr<ByteSource>> read_if_changed(std::string_view, const std::string& url) override {
    if (unchanged.count(url) > 0) return std::unique_ptr<ByteSource>();
    return read(url);
  }
};

}  // namespace eclair::support
