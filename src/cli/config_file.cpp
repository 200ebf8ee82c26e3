// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/config_file.h"

#include <yaml-cpp/yaml.h>

#include "util/byte_source.h"
#include "util/text.h"
#include "util/yaml_bounds.h"

namespace eclair::cli {
namespace config_file_detail {

constexpr std::uint64_t kMostBytes = 1u << 20;
constexpr std::string_view kClairSections = "database api updater notifier";
// Of the original's keys those that we know and do not need.
constexpr std::string_view kClairIdle =
    "database.options.cachesize database.options.managedatabaselifecycle database.options.fixturepath database.cachesize "
    "database.managedatabaselifecycle database.fixturepath api.servername notifier.http.servername";

std::string place(const std::string& file, const YAML::Node& node) {
  const YAML::Mark mark = node.Mark();
  return file + ":" + std::to_string(mark.line + 1) + ":" + std::to_string(mark.column + 1);
}

/// Row of the option whose key this is; kNone.
std::size_t find_key(std::string_view key) {
  for (std::size_t i = 0; i < options().size(); ++i) {
    for (const std::string_view one : text::words(options()[i].config)) {
      if (one == key) return i;
    }
  }
  return kNone;
}

/// All sections, by blanks: those of the options, and what stands at the top by itself.
std::string sections() {
  std::string out = "feeds ignore ";
  for (const Option& option : options()) {
    for (const std::string_view one : text::words(option.config)) {
      const std::string_view name = text::cut(one, '.').first;
      bool known = false;
      for (const std::string_view other : text::words(out)) known = known || other == name;
      if (!known) out += std::string(name) + " ";
    }
  }
  return out;
}

/// All keys of a section, by blanks.
std::string keys_of(std::string_view section) {
  std::string out;
  for (const Option& option : options()) {
    for (const std::string_view one : text::words(option.config)) {
      const auto [head, key] = text::cut(one, '.');
      if (head == section && !key.empty()) out += std::string(key) + " ";
    }
  }
  return out;
}

/// Row of the option that has this key of the original; kNone.
std::size_t find_clair_key(std::string_view key) {
  for (std::size_t i = 0; i < options().size(); ++i) {
    for (const std::string_view one : text::words(options()[i].clair)) {
      if (one == key) return i;
    }
  }
  return kNone;
}

std::string clair_keys() {
  std::string out;
  for (const Option& option : options()) {
    if (!option.clair.empty()) out += std::string(option.clair) + " ";
  }
  return out;
}

std::string nearest(std::string_view word, std::string_view among) {
  std::string_view best;
  std::size_t best_distance = 4;
  for (const std::string_view one : text::words(among)) {
    const std::size_t away = text::distance(word, one, 4);
    if (away < best_distance) {
      best = one;
      best_distance = away;
    }
  }
  return best.empty() ? std::string{} : "; did you mean \"" + std::string(best) + "\"?";
}

class Reader {
 public:
  Reader(const std::string& file, Origin origin, Settings& settings, ConfigNotes& notes)
      : file_(file), origin_(origin), settings_(settings), notes_(notes) {}

  Result<> document(const YAML::Node& root) {
    if (root.IsNull()) return {};
    if (!root.IsMap()) return bad(root, "not a list of sections");
    for (const auto& section : root) {
      ECLAIR_CHECK_OK(scalar(section.first));
      const std::string name = section.first.Scalar();
      const bool is_root = text::iequals(name, "clair");
      if ((is_root || is_among(text::lower(name), kClairSections)) && origin_ == Origin::project_file) {
        notes_.refused.push_back(place(file_, section.first) + ": " + name);
        continue;
      }
      if (is_root) {
        ECLAIR_CHECK_OK(clair_root(section.second));
        continue;
      }
      if (is_among(text::lower(name), kClairSections)) {
        rootless_ = true;
        ECLAIR_CHECK_OK(clair(section.second, section.first, text::lower(name)));
        continue;
      }
      if (!is_among(name, sections())) return bad(section.first, "unknown section " + in_quotes(name) + nearest(name, sections() + "clair"));
      if (name == "ignore") {  // entries as in an ignore file: read by who sets findings aside
        if (!section.second.IsNull()) ECLAIR_CHECK_OK(settings_.put(find_option("ignores-of"), file_, origin_, place(file_, section.first)));
        continue;
      }
      if (name == "feeds") {
        ECLAIR_CHECK_OK(feeds(section.second));
        continue;
      }
      if (find_key(name) != kNone) {
        ECLAIR_CHECK_OK(value(find_key(name), section.second));
        continue;
      }
      if (section.second.IsNull()) continue;
      if (!section.second.IsMap()) return bad(section.second, in_quotes(name) + " is a section and needs keys below it");
      for (const auto& entry : section.second) {
        ECLAIR_CHECK_OK(scalar(entry.first));
        const std::string key = entry.first.Scalar();
        const std::size_t option = find_key(name + "." + key);
        if (option == kNone) return bad(entry.first, "unknown key " + in_quotes(key) + nearest(key, keys_of(name)));
        ECLAIR_CHECK_OK(value(option, entry.second));
      }
    }
    return {};
  }

 private:
  /// feeds: {debian: {url: https://...}}
  Result<> feeds(const YAML::Node& section) {
    if (section.IsNull()) return {};
    if (!section.IsMap()) return bad(section, "\"feeds\" is a section and needs names of feeds below it");
    const std::size_t option = find_option("feed-url");
    for (const auto& feed : section) {
      ECLAIR_CHECK_OK(scalar(feed.first));
      if (feed.second.IsNull()) continue;
      if (!feed.second.IsMap()) return bad(feed.second, in_quotes(feed.first.Scalar()) + " needs keys below it (url)");
      for (const auto& entry : feed.second) {
        ECLAIR_CHECK_OK(scalar(entry.first));
        if (entry.first.Scalar() != "url") return bad(entry.first, "unknown key " + in_quotes(entry.first.Scalar()) + nearest(entry.first.Scalar(), "url"));
        if (!entry.second.IsScalar()) return bad(entry.second, "\"url\" needs one value");
        const std::string where = place(file_, entry.second);
        if (origin_ == Origin::project_file) {
          notes_.refused.push_back(where + ": " + std::string(options()[option].name));
          continue;
        }
        ECLAIR_CHECK_OK(settings_.put(option, feed.first.Scalar() + "=" + entry.second.Scalar(), origin_, where));
      }
    }
    return {};
  }

  Result<> clair_root(const YAML::Node& root) {
    notes_.clair = true;
    if (root.IsNull()) return {};
    if (!root.IsMap()) return bad(root, "\"clair\" is a section and needs keys below it");
    for (const auto& section : root) {
      ECLAIR_CHECK_OK(scalar(section.first));
      ECLAIR_CHECK_OK(clair(section.second, section.first, text::lower(section.first.Scalar())));
    }
    return {};
  }

  /// Something of the original's file. path: what leads to it, in lower case.
  Result<> clair(const YAML::Node& node, const YAML::Node& key, const std::string& path) {
    notes_.clair = true;
    if (path == "api") ECLAIR_CHECK_OK(settings_.put(find_option("original"), "true", origin_, place(file_, key)));
    if (node.IsNull()) {
      if (path == "updater") return settings_.put(find_option("update-interval"), "0", origin_, place(file_, key));
      return {};
    }
    if (node.IsMap()) {
      for (const auto& entry : node) {
        ECLAIR_CHECK_OK(scalar(entry.first));
        ECLAIR_CHECK_OK(clair(entry.second, entry.first, path + "." + text::lower(entry.first.Scalar())));
      }
      return {};
    }
    // Before there was a root, what was sent to the endpoint was another document.
    if (rootless_ && path == "notifier.endpoint") return value(find_option("notify-endpoint-v0"), node, true);
    const std::size_t option = find_clair_key(path);
    if (option != kNone) return value(option, node, true);
    if (!is_among(path, kClairIdle)) {
      notes_.warnings.push_back(place(file_, key) + ": " + in_quotes(path) + " means nothing here" + nearest(path, clair_keys()));
    }
    return {};
  }

  static bool is_among(std::string_view word, std::string_view list) {
    for (const std::string_view one : text::words(list)) {
      if (one == word) return true;
    }
    return false;
  }
  static std::string in_quotes(std::string_view word) { return '"' + text::clean(word, 60) + '"'; }

  Result<> bad(const YAML::Node& node, const std::string& what) { return fail(Errc::invalid_input, place(file_, node) + ": " + what); }

  Result<> scalar(const YAML::Node& key) { return key.IsScalar() ? Result<>{} : bad(key, "a key that is not a word"); }

  /// lenient: an empty word counts as not given, as in the original's own example.
  Result<> value(std::size_t option, const YAML::Node& node, bool lenient = false) {
    const Option& row = options()[option];
    if (lenient && node.IsScalar() && node.Scalar().empty()) return {};
    if (origin_ == Origin::project_file && !row.in_project) {
      notes_.refused.push_back(place(file_, node) + ": " + std::string(row.name));
      return {};
    }
    if (node.IsNull()) return {};
    const bool many = takes_many(row.kind);
    if (node.IsSequence() && many) {
      for (const auto& one : node) {
        if (one.IsMap() && row.kind == Kind::rules) {
          ECLAIR_CHECK_OK(put_words(option, one));
          continue;
        }
        if (!one.IsScalar()) return bad(one, "a value of " + in_quotes(row.name) + " is not a word");
        ECLAIR_CHECK_OK(put(option, one));
      }
      return {};
    }
    if (!node.IsScalar()) return bad(node, in_quotes(row.name) + (many ? " needs a word or a list of words" : " needs one value"));
    return put(option, node);
  }

  /// {name: ci, role: write, prefix: [a/, b/]} is "name=ci role=write prefix=a/ prefix=b/".
  Result<> put_words(std::size_t option, const YAML::Node& map) {
    std::string words;
    const auto add = [&words](const std::string& key, const std::string& word) { words += (words.empty() ? "" : " ") + key + "=" + word; };
    for (const auto& entry : map) {
      ECLAIR_CHECK_OK(scalar(entry.first));
      if (entry.second.IsScalar()) add(entry.first.Scalar(), entry.second.Scalar());
      else if (!entry.second.IsSequence()) return bad(entry.second, "a value of " + in_quotes(entry.first.Scalar()) + " is neither a word nor a list");
      for (const auto& one : entry.second) {
        if (!one.IsScalar()) return bad(one, "a value of " + in_quotes(entry.first.Scalar()) + " is not a word");
        add(entry.first.Scalar(), one.Scalar());
      }
    }
    const std::string where = place(file_, map);
    auto done = settings_.put(option, words, origin_, where);
    if (!done) return fail(std::move(done).error().within(where));
    return {};
  }

  Result<> put(std::size_t option, const YAML::Node& node) {
    const std::string where = place(file_, node);
    // A format may name a file to write ("json=FILE"): that is not for the scanned project to say.
    if (origin_ == Origin::project_file && options()[option].name == "format" && node.Scalar().find('=') != std::string::npos) {
      notes_.refused.push_back(where + ": format with a file");
      return {};
    }
    auto done = settings_.put(option, node.Scalar(), origin_, where);
    if (!done) return fail(std::move(done).error().within(where));
    return {};
  }

  const std::string& file_;
  Origin origin_;
  Settings& settings_;
  ConfigNotes& notes_;
  bool rootless_ = false;
};

Result<> load(const std::string& file, Origin origin, bool must_exist, Settings& settings, ConfigNotes& notes) {
  auto opened = FileSource::open(file);
  if (!opened) {
    if (!must_exist && opened.error().code == Errc::not_found) return {};
    return fail(std::move(opened).error().within("reading configuration"));
  }
  auto bytes = read_all(**opened, kMostBytes);
  if (!bytes) return fail(std::move(bytes).error().within("reading configuration " + text::quoted(file)));
  return read_config(*bytes, file, origin, settings, notes);
}

/// "$NAME" and "${NAME}" in a path.
std::string expanded(std::string_view path, const char* (*look_up)(const char*)) {
  std::string out;
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (path[i] != '$') {
      out += path[i];
      continue;
    }
    const bool braced = path.substr(i + 1, 1) == "{";
    std::size_t end = i + 1 + braced;
    while (end < path.size() && (text::is_alpha(path[end]) || text::is_digit(path[end]) || path[end] == '_')) ++end;
    const char* const value = look_up(std::string(path.substr(i + 1 + braced, end - i - 1 - braced)).c_str());
    if (value != nullptr) out += value;
    i = braced && end < path.size() && path[end] == '}' ? end : end - 1;
  }
  return out;
}

std::string user_file(const char* (*look_up)(const char*)) {
  const char* const config_home = look_up("XDG_CONFIG_HOME");
  if (config_home != nullptr && config_home[0] == '/') return std::string(config_home) + "/eclair/config.yaml";
  const char* const home = look_up("HOME");
  return home != nullptr && home[0] == '/' ? std::string(home) + "/.config/eclair/config.yaml" : std::string{};
}

}  // namespace config_file_detail

Result<> read_config(std::string_view yaml, const std::string& file, Origin origin, Settings& settings, ConfigNotes& notes) {
  if (yaml::nests_too_deep(yaml)) return fail(Errc::limit, file + ": nested deeper than 32");
  try {
    const YAML::Node root = YAML::Load(std::string(yaml));
    return config_file_detail::Reader(file, origin, settings, notes).document(root);
  } catch (const YAML::Exception& e) {
    return fail(Errc::invalid_input, file + ":" + std::to_string(e.mark.line + 1) + ":" + std::to_string(e.mark.column + 1) +
                                         ": not YAML: " + text::clean(e.msg, 200));
  }
}

Result<> load_config_files(const char* (*look_up)(const char* name), Settings& settings, ConfigNotes& notes) {
  if (settings.is_set("config")) {
    const std::string path = config_file_detail::expanded(settings.text("config"), look_up);
    return path.empty() ? Result<>{} : config_file_detail::load(path, Origin::named_file, true, settings, notes);
  }
  ECLAIR_CHECK_OK(config_file_detail::load("/etc/eclair/config.yaml", Origin::system_file, false, settings, notes));
  const std::string user = config_file_detail::user_file(look_up);
  if (!user.empty()) ECLAIR_CHECK_OK(config_file_detail::load(user, Origin::user_file, false, settings, notes));
  if (!settings.flag("project-config")) return {};

  ECLAIR_CHECK_OK(config_file_detail::load("./.eclair.yaml", Origin::project_file, false, settings, notes));
  for (const std::string& one : notes.refused) notes.warnings.push_back(one + " is not taken from a project's own file");
  return {};
}

}  // namespace eclair::cli
