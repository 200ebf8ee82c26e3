// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "extract/extractor.h"
#include "extract/interest_index.h"

namespace eclair::extract {

/// What one run of an extractor put out, in the order it came.
struct Collected {
  struct Entry {
    PackageVersion package;
    std::vector<std::string> owned_paths;
    bool operator==(const Entry&) const = default;
  };
  std::deque<Entry> packages;  ///< may be many: a deque has no moment with two copies
  std::vector<Ownership> ownership;
  std::map<std::string, std::string> facts;
  std::vector<Note> notes;  ///< at most Limits::notes; without paths
  std::uint64_t notes_dropped = 0;
  bool operator==(const Collected&) const = default;
};

/// A Sink that keeps everything, for one evidence file at a time.
class Collector final : public Sink {
 public:
  explicit Collector(const Limits& limits, const InterestIndex& index = InterestIndex::standard()) : limits_(limits), index_(index) {}

  void package(PackageVersion package, std::vector<std::string> owned_paths) override {
    collected_.packages.push_back({std::move(package), std::move(owned_paths)});
  }
  void owns(Ownership ownership) override { collected_.ownership.push_back(std::move(ownership)); }
  void fact(std::string_view key, std::string_view value) override { collected_.facts.insert_or_assign(std::string(key), std::string(value)); }
  void note(std::string_view code, std::string message) override {
    if (collected_.notes.size() < limits_.notes) {
      collected_.notes.push_back({std::string(code), {}, std::move(message)});
    } else {
      ++collected_.notes_dropped;
    }
  }
  bool is_ownable(std::string_view path) const override { return index_.is_ownable(path); }

  const Collected& collected() const { return collected_; }
  Collected take() { return std::move(collected_); }

 private:
  const Limits& limits_;
  const InterestIndex& index_;
  Collected collected_;
};

}  // namespace eclair::extract
