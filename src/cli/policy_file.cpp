// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/policy_file.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <memory>
#include <utility>

#include "util/byte_source.h"
#include "util/text.h"
#include "util/yaml_bounds.h"

namespace eclair::cli {
namespace policy_file_detail {

constexpr std::uint64_t kMostBytes = 1u << 20;

std::string place(const std::string& file, const YAML::Node& node, bool column) {
  const YAML::Mark mark = node.Mark();
  return file + ":" + std::to_string(std::max(mark.line, 0) + 1) + (column ? ":" + std::to_string(std::max(mark.column, 0) + 1) : "");  // an empty file has none
}

class Reader {
 public:
  explicit Reader(const std::string& file) : file_(file) {}

  Result<std::vector<report::Rule>> document(const YAML::Node& root) {
    if (!root.IsMap() || !root["rules"]) return bad(root, "not a policy file: no \"rules:\"");
    for (const auto& part : root) {
      const std::string key = word(part.first);
      if (key == "version") {
        if (word(part.second) != "1") return fail(Errc::unsupported, place(file_, part.second, false) + ": version " + text::clean(word(part.second), 20) + " of the policy file; this program knows 1");
      } else if (key != "rules") {
        return bad(part.first, "unknown key " + text::quoted(key, 60) + text::did_you_mean(key, "version rules"));
      }
    }
    const YAML::Node rules = root["rules"];
    if (rules.IsMap()) {  // NAME: EXPRESSION
      for (const auto& one : rules) ECLAIR_CHECK_OK(rule(word(one.first), one.second));
    } else if (rules.IsSequence()) {
      for (const auto& one : rules) ECLAIR_CHECK_OK(entry(one));
    } else {
      return bad(rules, "\"rules\" needs a list of rules");
    }
    return std::move(out_);
  }

 private:
  tl::unexpected<Error> bad(const YAML::Node& node, const std::string& what, std::string hint = {}) {
    return fail(Error{Errc::invalid_input, place(file_, node, true) + ": " + what, std::move(hint)});
  }
  static std::string word(const YAML::Node& node) { return node.IsScalar() ? std::string(text::trim(node.Scalar())) : std::string(); }

  /// "high,fixable", or {name: ..., fail-on: ...}.
  Result<> entry(const YAML::Node& node) {
    if (node.IsScalar()) return expression({}, node);
    if (!node.IsMap() || !node["fail-on"]) return bad(node, "a rule needs \"fail-on\"", "- {name: nothing exploited, fail-on: kev}");
    for (const auto& part : node) {
      const std::string key = word(part.first);
      if (key != "name" && key != "fail-on") return bad(part.first, "unknown key " + text::quoted(key, 60) + text::did_you_mean(key, "name fail-on"));
    }
    return rule(node["name"] ? word(node["name"]) : std::string(), node["fail-on"]);
  }

  Result<> rule(const std::string& name, const YAML::Node& expressions) {
    if (!expressions.IsSequence()) return expression(name, expressions);
    for (const auto& one : expressions) ECLAIR_CHECK_OK(expression(name, one));
    return {};
  }

  Result<> expression(const std::string& name, const YAML::Node& node) {
    if (word(node).empty()) return bad(node, "a rule needs an expression such as high,fixable");
    auto rule = report::parse_rule(word(node));
    if (!rule) return bad(node, (name.empty() ? "" : "rule " + text::quoted(name, 100) + ": ") + rule.error().text);
    rule->name = name;
    rule->place = place(file_, node, false);
    out_.push_back(*std::move(rule));
    return {};
  }

  const std::string& file_;
  std::vector<report::Rule> out_;
};

}  // namespace policy_file_detail

Result<std::vector<report::Rule>> read_policy(std::string_view document, const std::string& file) {
  if (yaml::nests_too_deep(document)) return fail(Errc::limit, file + ": nested deeper than 32");
  try {
    return policy_file_detail::Reader(file).document(YAML::Load(std::string(document)));
  } catch (const YAML::Exception& e) {
    return fail(Errc::invalid_input, file + ":" + std::to_string(e.mark.line + 1) + ":" + std::to_string(e.mark.column + 1) + ": not YAML: " + text::clean(e.msg, 200));
  }
}

Result<std::vector<report::Rule>> read_policy_file(const std::string& file) {
  auto opened = FileSource::open(file);
  if (!opened) return fail(std::move(opened).error().within("reading the policy"));
  auto bytes = read_all(**opened, policy_file_detail::kMostBytes);
  if (!bytes) return fail(std::move(bytes).error().within("reading the policy " + text::quoted(file)));
  return read_policy(*bytes, file);
}

Result<std::vector<report::Rule>> rules_of(const Settings& settings) {
  ECLAIR_TRY(std::vector<report::Rule> out, report::parse_rules(settings.list("fail-on")));
  for (const std::string& file : settings.list("policy")) {
    ECLAIR_TRY(std::vector<report::Rule> more, read_policy_file(file));
    std::move(more.begin(), more.end(), std::back_inserter(out));
  }
  return out;
}

std::vector<std::string> wanted_files(const Settings& settings) {
  std::vector<std::string> out = settings.list("facts");
  const auto rules = rules_of(settings);
  for (const std::string& one : rules ? report::files_of(*rules) : std::vector<std::string>{}) {
    if (std::find(out.begin(), out.end(), one) == out.end()) out.push_back(one);
  }
  return out;
}

}  // namespace eclair::cli
