// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "util/json.h"
#include "util/result.h"

/// JSON as Go's encoding/json reads it into structs: names of members in any case, the last of several wins, null leaves a field as it is,
/// unknown members do not matter, and what follows the first value is not looked at.
/// All errors are invalid_input, with a text like Go's.
namespace eclair::service::go_json {

/// A request's body.
class Body {
 public:
  /// errors: "EOF" (nothing there), "unexpected EOF" (it ends within the value), and others; nested deeper than 64.
  static Result<Body> parse(std::string_view text);
  json::Value value() const { return value_; }

 private:
  json::Document document_;
  json::Value value_;
};

/// The member, or an absent Value: there is none, or it is null.
json::Value member(json::Value object, std::string_view name);
/// Whether there is one, even if it is null.
bool has_member(json::Value object, std::string_view name);

/// Fields of a struct, their zero value where they are absent. Errors: of another kind. type: Go's name of the struct, for the message.
Result<std::string> string_field(json::Value object, std::string_view type, std::string_view name);
Result<bool> boolean_field(json::Value object, std::string_view type, std::string_view name);
Result<std::map<std::string, std::string>> map_field(json::Value object, std::string_view type, std::string_view name);
Result<json::Value> object_field(json::Value object, std::string_view type, std::string_view name);
Result<json::Value> list_field(json::Value object, std::string_view type, std::string_view name);
/// What a body must be as a whole: an object, or null. Error: of another kind.
Result<> expect_object(json::Value value, std::string_view type);

/// A value written anew as Go would after reading it: members sorted by name, numbers in their shortest form.
std::string rewritten(json::Value value);

}  // namespace eclair::service::go_json
