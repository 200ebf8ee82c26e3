// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "report/template/template.h"

#include <algorithm>
#include <array>
#include <utility>

#include "report/escape.h"
#include "report/words.h"
#include "util/go_json.h"
#include "util/text.h"

namespace eclair::report {
namespace template_detail {

constexpr std::size_t kPiece = 64u << 10;
constexpr std::size_t kMostValue = 1u << 20;  // bytes of one value

std::string as_it_is(std::string_view cleaned) { return std::string(cleaned); }

/// What stands between the quotes of a JSON text.
std::string json_text(std::string_view value) {
  std::string out;
  go_json::append_string(out, value);
  return out.substr(1, out.size() - 2);
}

struct Kind {
  std::string_view extension;
  std::string (*escape)(std::string_view);
  bool keeps_lines;
};
constexpr std::array<Kind, 8> kKinds = {{{"html", &markup, false}, {"htm", &markup, false}, {"xml", &markup, false}, {"svg", &markup, false},
                                         {"md", &markdown_text, false}, {"csv", &csv_cell, false}, {"tsv", &tsv_cell, false}, {"json", &json_text, true}}};

/// Words that begin a tag of Go's text/template. Mustache has no tag with a blank in it.
bool is_go(std::string_view tag) {
  if (tag.empty()) return false;
  if (tag.front() == '-' || tag.back() == '-' || tag.front() == '$') return true;
  if (tag.front() == '.' && tag.size() > 1) return true;  // ".Results"
  const auto words = text::words(tag);
  constexpr std::string_view kWords[] = {"range", "if", "else", "end", "with", "define", "template", "block", "len", "index", "printf", "print", "println", "include", "escapeXML", "toJson"};
  return !words.empty() && std::find(std::begin(kWords), std::end(kWords), words.front()) != std::end(kWords) && (words.size() > 1 || words.front() == "end" || words.front() == "else");
}

/// The format that does what a template of another scanner does.
Error go_template(std::string_view text, std::size_t line) {
  Error out{Errc::unsupported, "template: line " + std::to_string(line) + ": a Go template, which is not supported"};
  const std::string lower = text::lower(text.substr(0, 1u << 16));
  const auto has = [&](std::string_view word) { return lower.find(word) != std::string::npos; };
  if (has("codequality") || has("code_quality") || has("check_name")) {
    out.hint = "-f gitlab-codequality";
  } else if (has("container-scanning") || has("container_scanning") || has("security-report-schemas")) {
    out.hint = "-f gitlab";
  } else if (has("<testsuite")) {
    out.hint = "-f junit";
  } else if (has("<html") || has("<!doctype")) {
    out.hint = "-f html";
  } else if (has("| ---") || has("|---") || has("| :-")) {
    out.hint = "-f markdown";
  } else if (has("\",\"") || has("csv")) {
    out.hint = "-f csv";
  } else {
    out.hint = "built in: -f html, junit, gitlab, gitlab-codequality, markdown, csv, sarif; the language of templates: docs/user/templates.md";
  }
  return out;
}

bool is_path(std::string_view name) {
  if (name == ".") return true;
  if (name.empty() || name.size() > 200) return false;
  for (const std::string_view part : text::split(name, '.')) {
    if (part.empty()) return false;
    for (const char c : part) {
      if (!text::is_alpha(c) && !text::is_digit(c) && c != '_' && c != '-') return false;
    }
  }
  return true;
}

bool says_something(json::Value value) {
  switch (value.kind()) {
    case json::Kind::null: return false;
    case json::Kind::boolean: return value.boolean();
    case json::Kind::array: return value.size() > 0;
    case json::Kind::string: return !value.string().empty();
    case json::Kind::number:
    case json::Kind::object: break;
  }
  return true;
}

std::string written(json::Value value) {
  switch (value.kind()) {
    case json::Kind::string: return std::string(value.string());
    case json::Kind::boolean: return value.boolean() ? "true" : "false";
    case json::Kind::number: {
      if (const auto whole = value.integer()) return std::to_string(*whole);
      return decimal(value.number().value_or(0));
    }
    case json::Kind::null:
    case json::Kind::array:
    case json::Kind::object: break;
  }
  return {};
}

}  // namespace template_detail

// ---- reading

class Template::Parser {
 public:
  Parser(std::string_view text, std::vector<Node>& nodes) : text_(text), nodes_(nodes) {}

  Result<> run() {
    while (at_ < text_.size()) {
      const std::size_t open = text_.find("{{", at_);
      if (open == std::string_view::npos) {
        add_text(text_.substr(at_));
        break;
      }
      const std::string_view before = text_.substr(at_, open - at_);
      ECLAIR_CHECK_OK(tag(open, before));
    }
    if (!open_.empty()) return fault("no {{/" + nodes_[open_.back()].text + "}}");
    return {};
  }

 private:
  tl::unexpected<Error> fault(const std::string& what) const { return fail(Errc::invalid_input, "template: line " + std::to_string(line()) + ": " + what); }
  std::size_t line() const { return 1 + static_cast<std::size_t>(std::count(text_.begin(), text_.begin() + static_cast<std::ptrdiff_t>(std::min(at_, text_.size())), '\n')); }

  void add_text(std::string_view text) {
    if (!text.empty()) nodes_.push_back({Node::Kind::text, std::string(text), false, 0});
  }

  Result<> tag(std::size_t open, std::string_view before) {
    const std::size_t began = at_;
    at_ = open;
    const bool triple = text_.substr(open, 3) == "{{{";
    const std::string_view closer = triple ? "}}}" : "}}";
    const std::size_t inner_at = open + (triple ? 3 : 2);
    const std::size_t close = text_.find(closer, inner_at);
    if (close == std::string_view::npos) return fault("a tag without its end " + std::string(closer));
    std::string_view inner = text::trim(text_.substr(inner_at, close - inner_at));
    std::size_t after = close + closer.size();
    if (template_detail::is_go(inner)) return fail(template_detail::go_template(text_, line()));
    const char sign = !triple && !inner.empty() ? inner.front() : '\0';
    const bool structural = sign == '#' || sign == '^' || sign == '/' || sign == '!';
    if (structural) take_line(before, began, after);
    add_text(before);
    if (sign == '!') {
      at_ = after;
      return {};
    }
    if (sign == '>' || sign == '=' || sign == '<' || sign == '$') {
      Error error{Errc::unsupported, "template: line " + std::to_string(line()) + ": {{" + text::clean(inner, 40) + "}}: not supported"};
      error.hint = "partials, blocks and other delimiters are not there: docs/user/templates.md";
      return fail(std::move(error));
    }
    if (structural || sign == '&') inner = text::trim(inner.substr(1));
    bool members = false;
    if ((sign == '#' || sign == '/') && inner.size() > 2 && inner.substr(inner.size() - 2) == ".*") {
      members = true;
      inner.remove_suffix(2);
    }
    if (!template_detail::is_path(inner)) return fault("not a name: {{" + text::clean(inner, 40) + "}}");
    if (sign == '/') {
      if (open_.empty()) return fault("{{/" + std::string(inner) + "}} closes nothing");
      Node& section = nodes_[open_.back()];
      if (section.text != inner || section.members != members) return fault("{{/" + std::string(inner) + "}} where {{/" + section.text + (section.members ? ".*" : "") + "}} is due");
      section.end = nodes_.size();
      open_.pop_back();
    } else {
      const Node::Kind kind = sign == '#' ? Node::Kind::section : sign == '^' ? Node::Kind::inverted : triple || sign == '&' ? Node::Kind::raw : Node::Kind::value;
      if (kind == Node::Kind::section || kind == Node::Kind::inverted) {
        if (open_.size() >= kMostDepth) return fail(Errc::limit, "template: line " + std::to_string(line()) + ": sections nested deeper than " + std::to_string(kMostDepth));
        open_.push_back(nodes_.size());
      }
      nodes_.push_back({kind, std::string(inner), members, 0});
    }
    at_ = after;
    return {};
  }

  /// A tag that is alone on its line: neither the blanks before it nor the line's end are written.
  void take_line(std::string_view& before, std::size_t began, std::size_t& after) const {
    std::size_t blanks = before.size();
    while (blanks > 0 && (before[blanks - 1] == ' ' || before[blanks - 1] == '\t')) --blanks;
    const bool line_begins = blanks > 0 ? before[blanks - 1] == '\n' : (began == 0 || text_[began - 1] == '\n');
    std::size_t end = after;
    while (end < text_.size() && (text_[end] == ' ' || text_[end] == '\t' || text_[end] == '\r')) ++end;
    if (!line_begins || (end < text_.size() && text_[end] != '\n')) return;
    before = before.substr(0, blanks);
    after = std::min(end + 1, text_.size());
  }

  std::string_view text_;
  std::vector<Node>& nodes_;
  std::vector<std::size_t> open_;  // sections, as indexes of nodes
  std::size_t at_ = 0;
};

Result<Template> Template::parse(std::string_view text, std::string_view file) {
  if (text.size() > kMostBytes) return fail(Errc::limit, "template: larger than " + std::to_string(kMostBytes) + " bytes");
  Template out;
  ECLAIR_CHECK_OK(Parser(text, out.nodes_).run());
  out.escape_ = &template_detail::as_it_is;
  const auto parts = text::split(file.substr(file.find_last_of('/') + 1), '.');
  for (std::size_t i = 1; i < parts.size(); ++i) {
    for (const template_detail::Kind& kind : template_detail::kKinds) {
      if (!text::iequals(kind.extension, parts[i])) continue;
      out.escape_ = kind.escape;
      out.keeps_lines_ = kind.keeps_lines;
    }
  }
  return out;
}

// ---- writing

class Template::Run {
 public:
  Run(const Template& of, std::vector<json::Value> contexts, const Sink& out, const Resolve& resolve)
      : of_(of), out_(out), resolve_(resolve), stack_(std::move(contexts)) {
    if (stack_.empty()) stack_.emplace_back();
  }

  Result<> all() {
    ECLAIR_CHECK_OK(nodes(0, of_.nodes_.size()));
    return out_(text_);
  }

 private:
  Result<> nodes(std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      const Node& node = of_.nodes_[i];
      if (++steps_ > kMostSteps) return fail(Errc::limit, "template: writes more than " + std::to_string(kMostSteps) + " tags: lists within lists");
      switch (node.kind) {
        case Node::Kind::text: ECLAIR_CHECK_OK(write(node.text)); break;
        case Node::Kind::value:
        case Node::Kind::raw: ECLAIR_CHECK_OK(write(value(node))); break;
        case Node::Kind::section:
          ECLAIR_CHECK_OK(section(node, i + 1));
          i = node.end - 1;
          break;
        case Node::Kind::inverted:
          if (!template_detail::says_something(find(node.text))) ECLAIR_CHECK_OK(nodes(i + 1, node.end));
          i = node.end - 1;
          break;
      }
    }
    return {};
  }

  std::string value(const Node& node) const {
    const std::string whole = template_detail::written(find(node.text));
    if (node.kind == Node::Kind::value && of_.keeps_lines_) return of_.escape_(whole);
    const std::string cleaned = text::clean(whole, template_detail::kMostValue);
    return node.kind == Node::Kind::raw ? cleaned : of_.escape_(cleaned);
  }

  Result<> section(const Node& node, std::size_t begin) {
    const json::Value found = find(node.text);
    if (!template_detail::says_something(found)) return {};
    Result<> done;
    const auto once = [&](json::Value one) {
      stack_.push_back(one);
      done = nodes(begin, node.end);
      stack_.pop_back();
      return done.has_value();
    };
    if (found.is_array()) {
      found.each(once);
    } else if (node.members) {
      found.each_member([&](std::string_view, json::Value one) { return once(one); });
    } else {
      once(found);
    }
    return done;
  }

  json::Value member(json::Value of, std::string_view name) const {
    const json::Value found = of[name];
    if (!resolve_ || !found) return found;
    return resolve_(found, name, [&](std::string_view other) {
      json::Value out;
      for (auto at = stack_.rbegin(); at != stack_.rend() && !out; ++at) out = (*at)[other];
      return out;
    });
  }

  /// The first part of a name is looked for from the innermost section outwards, the others in what was found.
  json::Value find(std::string_view path) const {
    if (path == ".") return stack_.back();
    const auto parts = text::split(path, '.');
    json::Value found;
    for (auto at = stack_.rbegin(); at != stack_.rend() && !found; ++at) found = member(*at, parts[0]);
    for (std::size_t i = 1; i < parts.size() && found; ++i) found = member(found, parts[i]);
    return found;
  }

  Result<> write(std::string_view text) {
    written_ += text.size();
    if (written_ > kMostOutputBytes) return fail(Errc::limit, "template: writes more than " + std::to_string(kMostOutputBytes) + " bytes");
    text_ += text;
    if (text_.size() < template_detail::kPiece) return {};
    return out_(std::exchange(text_, {}));
  }

  const Template& of_;
  const Sink& out_;
  const Resolve& resolve_;
  std::vector<json::Value> stack_;
  std::string text_;
  std::uint64_t steps_ = 0, written_ = 0;
};

Result<> Template::render(std::vector<json::Value> contexts, const Sink& out, const Resolve& resolve) const {
  return Run(*this, std::move(contexts), out, resolve).all();
}

}  // namespace eclair::report
