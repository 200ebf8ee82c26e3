// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "util/json.h"
#include "util/result.h"

/// A small template language over the JSON report, after mustache. docs/user/templates.md has it for users.
///
///   {{name}} {{a.b}} {{.}}      a value, escaped for the kind of file
///   {{{name}}} {{&name}}        a value as it is, but for control characters
///   {{#name}}...{{/name}}       once for each element of a list; once within an object; once for anything else that says something
///   {{#name.*}}...{{/name.*}}   once for each member of an object
///   {{^name}}...{{/name}}       where there is nothing: no such member, null, false, an empty list or text
///   {{! remark }}
///
/// A section's tag or a remark that stands alone on a line takes the line with it. No partials, no lambdas, no other delimiters.
/// source: mustache(5)
namespace eclair::report {

class Template {
 public:
  static constexpr std::size_t kMostBytes = 1u << 20;             ///< of a template
  static constexpr std::size_t kMostDepth = 32;                   ///< sections within sections
  static constexpr std::uint64_t kMostSteps = 20'000'000;        ///< tags and texts that one rendering may write: nested lists multiply
  static constexpr std::uint64_t kMostOutputBytes = 1ull << 30;

  /// file: its name tells how values are escaped: by the last of its extensions that is html, htm, xml, svg, md, csv, tsv or json; else not
  /// at all.  errors: invalid_input with the line; unsupported (a Go template, a partial, ...), with a hint; limit.
  static Result<Template> parse(std::string_view text, std::string_view file = {});

  /// Where a value is the name of another one ("p1"): that one, or the value itself. Asked for each member that is looked up.
  /// look_up: finds a name as a tag at this place would.
  using LookUp = std::function<json::Value(std::string_view name)>;
  using Resolve = std::function<json::Value(json::Value value, std::string_view member, const LookUp& look_up)>;
  using Sink = std::function<Result<>(std::string_view piece)>;
  /// contexts: where names are looked up, the outermost first.  errors: limit; those of the sink.
  Result<> render(std::vector<json::Value> contexts, const Sink& out, const Resolve& resolve = {}) const;

 private:
  struct Node {
    enum class Kind : std::uint8_t { text, value, raw, section, inverted };
    Kind kind = Kind::text;
    std::string text;       ///< or the path of a name
    bool members = false;   ///< "name.*"
    std::size_t end = 0;    ///< of a section: the node behind its last one
  };
  class Parser;
  class Run;
  std::vector<Node> nodes_;
  std::string (*escape_)(std::string_view cleaned) = nullptr;
  bool keeps_lines_ = false;  ///< the escape takes control characters too (JSON)
};

}  // namespace eclair::report
