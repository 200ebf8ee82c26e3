// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "util/digest.h"
#include "util/json.h"
#include "util/time.h"

namespace eclair::report {

/// An object of a JSON document by somebody, read member by member. The first member that is not as it should be is remembered, with its
/// place; what is asked for then is empty. Optional members may be absent, or null.
class SavedPart {
 public:
  /// fault: takes the first one; outlives this.
  SavedPart(json::Value value, std::string place, std::string& fault) : value_(value), place_(std::move(place)), fault_(&fault) {}

  bool has(std::string_view key) const { return static_cast<bool>(value_[key]); }
  std::string text(std::string_view key) const;
  std::string needed_text(std::string_view key) const;         ///< absent or empty is a fault
  std::uint64_t number(std::string_view key, std::uint64_t most = INT64_MAX) const;  ///< 0 when absent
  double real(std::string_view key, double most, double otherwise) const;            ///< from 0 to most
  bool flag(std::string_view key) const;
  UnixTime time(std::string_view key) const;                   ///< a day or RFC 3339; 0 when absent
  Digest digest(std::string_view key) const;
  std::vector<std::string> texts(std::string_view key) const;
  SavedPart part(std::string_view key) const;                  ///< absent: one without members
  /// Elements of an array, members of an object. fn: told each with its place. Ends at the first fault.
  void each(std::string_view key, const std::function<void(const SavedPart& element)>& fn) const;
  void each_member(std::string_view key, const std::function<void(std::string_view name, const SavedPart& member)>& fn) const;

  void fault(std::string_view key, std::string_view what) const;
  bool ok() const { return fault_->empty(); }

 private:
  json::Value value_;
  std::string place_;  ///< "findings[3]"; "" = the document
  std::string* fault_;
};

}  // namespace eclair::report
