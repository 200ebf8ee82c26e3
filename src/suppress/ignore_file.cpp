// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "suppress/ignore_file.h"

#include <yaml-cpp/yaml.h>

#include <functional>
#include <utility>

#include "util/text.h"
#include "util/yaml_bounds.h"

namespace eclair::suppress {
namespace ignore_file_detail {

constexpr std::string_view kKeys = "id reason expires status justification packages paths images layers owner ticket";
constexpr std::string_view kStatuses = "accepted not_affected fixed";
constexpr std::string_view kJustifications =
    "component_not_present vulnerable_code_not_present vulnerable_code_not_in_execute_path vulnerable_code_cannot_be_controlled_by_adversary "
    "inline_mitigations_already_exist";
constexpr std::string_view kTrivyOther = "misconfigurations secrets licenses";

bool is_among(std::string_view word, std::string_view list) {
  for (const std::string_view one : text::words(list)) {
    if (one == word) return true;
  }
  return false;
}

std::uint32_t line_of(const YAML::Node& node) { return static_cast<std::uint32_t>(node.Mark().line + 1); }
std::string in_quotes(std::string_view word) { return '"' + text::clean(word, 60) + '"'; }

/// An entry with what every form has; more is added by the form.
Statement entry(const std::string& id, const std::string& file, std::uint32_t line) {
  Statement out;
  out.ids = {text::lower(id)};
  out.by.kind = "ignore";
  out.by.file = file;
  out.by.line = line;
  out.by.rule = id;
  out.by.status = "accepted";
  return out;
}

class YamlReader {
 public:
  YamlReader(const std::string& file, IgnoreFile& out) : file_(file), out_(out) { out_.source.file = file; }

  Result<> document(const YAML::Node& root) {
    if (root.IsNull()) return {};
    if (!root.IsMap()) return bad(root, "not an ignore file: no \"ignore:\" with a list of entries");
    if (root["vulnerabilities"] && !root["ignore"]) return trivy(root);
    if (root["generalwhitelist"]) return white_list(root, Shape::clairctl);
    if (root["general"]) return white_list(root, Shape::klar);
    if (root["images"] && !root["ignore"]) return white_list(root, is_klar(root["images"]) ? Shape::klar : Shape::clairctl);
    return own(root);
  }

  Result<> config(const YAML::Node& root) {
    out_.shape = Shape::config;
    if (!root.IsMap() || !root["ignore"]) return {};
    return entries(root["ignore"]);
  }

 private:
  Result<> bad(const YAML::Node& node, const std::string& what, std::string hint = {}) {
    const YAML::Mark mark = node.Mark();
    return fail(Error{Errc::invalid_input, file_ + ":" + std::to_string(mark.line + 1) + ":" + std::to_string(mark.column + 1) + ": " + what, std::move(hint)});
  }
  Result<std::string> word(const YAML::Node& node, std::string_view of) {
    if (!node.IsScalar() || text::trim(node.Scalar()).empty()) return fail(std::move(bad(node, in_quotes(of) + " needs a word")).error());
    return std::string(text::trim(node.Scalar()));
  }
  /// One word or a list of them.
  Result<> each_word(const YAML::Node& node, std::string_view of, const std::function<Result<>(const YAML::Node&, std::string)>& take) {
    if (!node.IsSequence()) {
      ECLAIR_TRY(std::string one, word(node, of));
      return take(node, std::move(one));
    }
    for (const auto& each : node) {
      ECLAIR_TRY(std::string one, word(each, of));
      ECLAIR_CHECK_OK(take(each, std::move(one)));
    }
    return {};
  }
  Result<> add(Statement one, const YAML::Node& at) {
    if (out_.source.statements.size() >= kMaxIgnoreEntries) return bad(at, "more than " + std::to_string(kMaxIgnoreEntries) + " entries");
    out_.source.statements.push_back(std::move(one));
    return {};
  }

  // ---- our own

  Result<> own(const YAML::Node& root) {
    out_.shape = Shape::own;
    for (const auto& part : root) {
      if (!part.first.IsScalar()) return bad(part.first, "a key that is not a word");
      const std::string& key = part.first.Scalar();
      if (key == "version") {
        if (!part.second.IsScalar() || part.second.Scalar() != "1") {
          return fail(Errc::unsupported, file_ + ":" + std::to_string(line_of(part.second)) + ": version " + text::clean(part.second.IsScalar() ? part.second.Scalar() : "", 20) + " of the ignore file; this program knows 1");
        }
      } else if (key == "require_reason") {
        const std::string value = part.second.IsScalar() ? text::lower(part.second.Scalar()) : "";
        if (value != "true" && value != "false") return bad(part.second, "\"require_reason\" is true or false");
        out_.require_reason = value == "true";
      } else if (key != "ignore") {
        return bad(part.first, "unknown key " + in_quotes(key) + text::did_you_mean(key, "version require_reason ignore"));
      }
    }
    return root["ignore"] ? entries(root["ignore"]) : Result<>{};
  }

  Result<> entries(const YAML::Node& list) {
    if (list.IsNull()) return {};
    if (!list.IsSequence()) return bad(list, "\"ignore\" needs a list of entries");
    for (const auto& one : list) ECLAIR_CHECK_OK(own_entry(one));
    return {};
  }

  Result<> own_entry(const YAML::Node& node) {
    if (!node.IsMap()) return bad(node, "an entry needs keys: id, reason, expires, ...");
    if (!node["id"]) return bad(node, "an entry without \"id\"");
    ECLAIR_TRY(const std::string id, word(node["id"], "id"));
    Statement out = entry(id, file_, line_of(node));
    for (const auto& part : node) {
      if (!part.first.IsScalar()) return bad(part.first, "a key that is not a word");
      ECLAIR_CHECK_OK(own_key(part.first.Scalar(), part.first, part.second, out));
    }
    if (out.by.reason.empty() && out_.require_reason) {
      return bad(node, "the entry for " + text::clean(id, 60) + " has no reason", "reason: \"why it does not matter\", or once at the top of the file: require_reason: false");
    }
    if (!out.by.justification.empty() && out.by.status != "not_affected") {
      return bad(node["justification"], "a justification needs \"status: not_affected\"");
    }
    return add(std::move(out), node);
  }

  Result<> own_key(const std::string& key, const YAML::Node& at, const YAML::Node& value, Statement& out) {
    if (!is_among(key, kKeys)) return bad(at, "unknown key " + in_quotes(key) + text::did_you_mean(key, kKeys));
    if (value.IsNull()) return {};
    if (key == "packages") {
      return each_word(value, key, [&](const YAML::Node& node, std::string one) { return package(node, std::move(one), out); });
    }
    if (key == "paths" || key == "images") {
      std::vector<std::string>& to = key == "paths" ? out.paths : out.images;
      return each_word(value, key, [&](const YAML::Node&, std::string one) {
        const bool rooted = key == "paths" && one[0] == '/';  // places in an image are told without it
        to.push_back(rooted ? one.substr(1) : std::move(one));
        return Result<>{};
      });
    }
    ECLAIR_TRY(const std::string said, word(value, key));
    if (key == "reason") out.by.reason = said;
    if (key == "owner") out.by.owner = said;
    if (key == "ticket") out.by.ticket = said;
    if (key == "expires") return expires(value, said, out);
    if (key == "layers") return layers(value, said, out);
    if (key == "status") {
      if (!is_among(said, kStatuses)) return bad(value, in_quotes(said) + " is not accepted, not_affected or fixed" + text::did_you_mean(said, kStatuses));
      out.by.status = said;
    }
    if (key == "justification") {
      if (!is_among(said, kJustifications)) return bad(value, in_quotes(said) + " is no justification of OpenVEX" + text::did_you_mean(said, kJustifications));
      out.by.justification = said;
    }
    return {};
  }

  Result<> package(const YAML::Node& node, std::string one, Statement& out) {
    if (one.substr(0, 4) != "pkg:") {
      out.names.push_back(std::move(one));
      return {};
    }
    auto purl = match::parse_purl(one);
    if (!purl) return bad(node, purl.error().text);
    out.packages.push_back(*std::move(purl));
    return {};
  }

  Result<> expires(const YAML::Node& node, const std::string& day, Statement& out) {
    const auto end = end_of(day);
    if (!end) return bad(node, in_quotes(day) + " is no day", "expires: 2026-12-31");
    out.expires = *end;
    out.by.expires = day;
    return {};
  }

  Result<> layers(const YAML::Node& node, const std::string& said, Statement& out) {
    using Kind = report::LayerChoice::Kind;
    if (said == "base") out.layer.kind = Kind::base;
    else if (said == "own") out.layer.kind = Kind::own;
    else if (said.substr(0, 7) == "sha256:" && said.size() > 13) out.layer = {Kind::one, 0, said};
    else return bad(node, in_quotes(said) + " is not base, own or a layer's digest (sha256:...)");
    return {};
  }

  // ---- those of others

  Result<> trivy(const YAML::Node& root) {
    out_.shape = Shape::trivy;
    for (const auto& part : root) {
      const std::string key = part.first.IsScalar() ? part.first.Scalar() : "";
      if (key == "vulnerabilities") continue;
      if (!is_among(key, kTrivyOther)) return bad(part.first, "unknown key " + in_quotes(key) + text::did_you_mean(key, "vulnerabilities misconfigurations secrets licenses"));
      out_.source.warnings.push_back(file_ + ":" + std::to_string(line_of(part.first)) + ": only vulnerabilities are looked for: " + key + " mean nothing here");
    }
    const YAML::Node list = root["vulnerabilities"];
    if (list.IsNull()) return {};
    if (!list.IsSequence()) return bad(list, "\"vulnerabilities\" needs a list of entries");
    constexpr std::string_view kKnown = "id paths purls expired_at statement";
    for (const auto& node : list) {
      if (!node.IsMap() || !node["id"]) return bad(node, "an entry without \"id\"");
      ECLAIR_TRY(const std::string id, word(node["id"], "id"));
      Statement out = entry(id, file_, line_of(node));
      for (const auto& part : node) {
        const std::string key = part.first.IsScalar() ? part.first.Scalar() : "";
        if (!is_among(key, kKnown)) return bad(part.first, "unknown key " + in_quotes(key) + text::did_you_mean(key, kKnown));
        if (part.second.IsNull()) continue;
        if (key == "paths") ECLAIR_CHECK_OK(own_key("paths", part.first, part.second, out));
        if (key == "purls") ECLAIR_CHECK_OK(own_key("packages", part.first, part.second, out));
        if (key == "expired_at") ECLAIR_CHECK_OK(own_key("expires", part.first, part.second, out));
        if (key == "statement") ECLAIR_CHECK_OK(own_key("reason", part.first, part.second, out));
      }
      ECLAIR_CHECK_OK(add(std::move(out), node));
    }
    return {};
  }

  static bool is_klar(const YAML::Node& images) {
    if (!images.IsMap()) return false;
    for (const auto& one : images) return one.second.IsSequence();
    return false;
  }

  Result<> white_list(const YAML::Node& root, Shape shape) {
    out_.shape = shape;
    const std::string general = shape == Shape::klar ? "general" : "generalwhitelist";
    for (const auto& part : root) {
      const std::string key = part.first.IsScalar() ? part.first.Scalar() : "";
      if (key == general) {
        ECLAIR_CHECK_OK(white_list_of(part.second, shape, {}));
      } else if (key == "images") {
        if (part.second.IsNull()) continue;
        if (!part.second.IsMap()) return bad(part.second, "\"images\" needs names of images with what is accepted in each");
        for (const auto& image : part.second) {
          ECLAIR_TRY(const std::string name, word(image.first, "images"));
          ECLAIR_CHECK_OK(white_list_of(image.second, shape, name));
        }
      } else {
        return bad(part.first, "unknown key " + in_quotes(key) + text::did_you_mean(key, general + " images"));
      }
    }
    return {};
  }

  /// {CVE: reason} or [CVE].
  Result<> white_list_of(const YAML::Node& list, Shape shape, const std::string& image) {
    if (list.IsNull()) return {};
    if (!list.IsMap() && !list.IsSequence()) return bad(list, "needs a list of vulnerabilities");
    const auto take = [&](const YAML::Node& id_node, std::string reason) -> Result<> {
      ECLAIR_TRY(const std::string id, word(id_node, "a vulnerability"));
      Statement one = entry(id, file_, line_of(id_node));
      one.by.reason = std::move(reason);
      if (!image.empty()) {
        one.images = {image};
        // clairctl looks the key up as the namespace of a vulnerability, cut at its colon.
        if (shape == Shape::clairctl) one.distributions = {image};
      }
      return add(std::move(one), id_node);
    };
    for (const auto& one : list) {
      if (list.IsMap()) {
        ECLAIR_CHECK_OK(take(one.first, one.second.IsScalar() ? std::string(text::trim(one.second.Scalar())) : std::string()));
      } else {
        ECLAIR_CHECK_OK(take(one, {}));
      }
    }
    return {};
  }

  const std::string& file_;
  IgnoreFile& out_;
};

/// "CVE-2023-45853 exp:2026-12-31 # reason"
Result<> plain_line(std::string_view line, std::uint32_t number, const std::string& file, Source& out) {
  std::string_view comment;
  for (std::size_t at = line.find('#'); at != std::string_view::npos; at = line.find('#', at + 1)) {
    if (at > 0 && !text::is_space(line[at - 1])) continue;
    comment = text::trim(line.substr(at + 1));
    line = line.substr(0, at);
    break;
  }
  const auto words = text::words(line);
  if (words.empty()) return {};
  const std::string where = file + ":" + std::to_string(number) + ": ";
  if (out.statements.size() >= kMaxIgnoreEntries) return fail(Errc::limit, where + "more than " + std::to_string(kMaxIgnoreEntries) + " entries");
  Statement one = entry(std::string(words[0]), file, number);
  one.by.reason = comment;
  for (std::size_t i = 1; i < words.size(); ++i) {
    if (words[i].substr(0, 4) != "exp:") return fail(Error{Errc::invalid_input, where + in_quotes(words[i]) + " is not understood", "a line is: CVE-2023-45853 exp:2026-12-31 # reason"});
    one.by.expires = words[i].substr(4);
    const auto end = end_of(one.by.expires);
    if (!end) return fail(Error{Errc::invalid_input, where + in_quotes(one.by.expires) + " is no day", "a line is: CVE-2023-45853 exp:2026-12-31 # reason"});
    one.expires = *end;
  }
  out.statements.push_back(std::move(one));
  return {};
}

/// By the first line that says something.
bool is_yaml(std::string_view document) {
  for (const std::string_view raw : text::split(document, '\n')) {
    const std::string_view line = text::trim(raw);
    if (line.empty() || line[0] == '#') continue;
    const std::string_view said = text::trim(line.substr(0, line.find(" #")));
    return line[0] == '{' || line[0] == '[' || line.substr(0, 3) == "---" || line.substr(0, 2) == "- " || said.back() == ':' || said.find(": ") != std::string_view::npos;
  }
  return false;
}

Result<IgnoreFile> read_yaml(std::string_view document, const std::string& file, bool config) {
  if (document.size() > kMaxIgnoreBytes) return fail(Errc::limit, file + ": larger than " + std::to_string(kMaxIgnoreBytes >> 20) + " MiB");
  if (yaml::nests_too_deep(document)) return fail(Errc::limit, file + ": nested deeper than 32");
  try {
    const YAML::Node root = YAML::Load(std::string(document));
    IgnoreFile out;
    YamlReader reader(file, out);
    ECLAIR_CHECK_OK(config ? reader.config(root) : reader.document(root));
    return out;
  } catch (const YAML::Exception& e) {
    return fail(Errc::invalid_input, file + ":" + std::to_string(e.mark.line + 1) + ":" + std::to_string(e.mark.column + 1) + ": not YAML: " + text::clean(e.msg, 200));
  }
}

}  // namespace ignore_file_detail
using namespace ignore_file_detail;

std::string_view name(Shape shape) {
  constexpr std::string_view kNames[] = {"eclair", "lines", "Trivy", "clairctl white list", "klar white list", "configuration"};
  return kNames[static_cast<std::size_t>(shape)];
}

Result<UnixTime> end_of(std::string_view day) {
  ECLAIR_TRY(const UnixTime begin, parse_time(day));
  return day.size() == 10 ? begin + 86400 : begin;
}

Result<IgnoreFile> read_ignore_file(std::string_view document, const std::string& file) {
  if (is_yaml(document)) return read_yaml(document, file, false);
  if (document.size() > kMaxIgnoreBytes) return fail(Errc::limit, file + ": larger than " + std::to_string(kMaxIgnoreBytes >> 20) + " MiB");
  IgnoreFile out;
  out.shape = Shape::plain;
  out.source.file = file;
  std::uint32_t number = 0;
  for (const std::string_view line : text::split(document, '\n')) ECLAIR_CHECK_OK(plain_line(line, ++number, file, out.source));
  return out;
}

Result<IgnoreFile> read_ignores_of_config(std::string_view document, const std::string& file) { return read_yaml(document, file, true); }

}  // namespace eclair::suppress
