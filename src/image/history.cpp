// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "image/history.h"

#include <algorithm>

#include "util/plural.h"
#include "util/text.h"

namespace eclair::image {
namespace history_detail {

constexpr std::string_view kShell = "/bin/sh -c ";
constexpr std::string_view kInstruction = "#(nop)";  // how the classic builder marked what ran no command

bool take_prefix(std::string_view& s, std::string_view prefix) {
  if (!s.starts_with(prefix)) return false;
  s.remove_prefix(prefix.size());
  return true;
}

/// buildah adds "|unsetLabel=true|force-mtime=10": notes to itself.
std::string_view without_trailing_notes(std::string_view s) {
  while (true) {
    const std::size_t bar = s.rfind('|');
    if (bar == std::string_view::npos || bar == 0) return s;
    const auto [key, value] = text::cut(s.substr(bar + 1), '=');
    const auto word = [](char c) { return text::is_alpha(c) || text::is_digit(c) || c == '-' || c == '_' || c == '.' || c == ':' || c == '/'; };
    const bool has_value = key.size() < s.size() - bar - 1;
    if (!has_value || key.empty() || !std::all_of(key.begin(), key.end(), word) || !std::all_of(value.begin(), value.end(), word)) return s;
    s = text::trim(s.substr(0, bar));
  }
}

/// "|2 A=1 B=2 /bin/sh -c make": the build arguments before the command. Values may hold blanks, so the shell is looked for first.
std::string_view without_arguments(std::string_view s) {
  if (!s.starts_with('|')) return s;
  const std::size_t digits_end = s.find_first_not_of("0123456789", 1);
  if (digits_end == 1 || digits_end == std::string_view::npos || s[digits_end] != ' ') return s;
  const std::size_t shell = s.find(kShell);
  if (shell != std::string_view::npos) return s.substr(shell);
  std::uint64_t arguments = text::parse_number(s.substr(1, digits_end - 1)).value_or(0);
  s.remove_prefix(digits_end + 1);
  for (; arguments > 0 && !s.empty(); --arguments) s = text::cut(s, ' ').second;
  return s;
}

}  // namespace history_detail

std::string dockerfile_command(std::string_view created_by) {
  using namespace history_detail;
  std::string_view s = text::trim(created_by);
  constexpr std::string_view kBuildkit = "# buildkit";
  if (s.ends_with(kBuildkit)) {
    s = text::trim(s.substr(0, s.size() - kBuildkit.size()));
    std::string_view rest = s;
    // buildkit writes instructions as they are; only build arguments need to go.
    if (take_prefix(rest, "RUN ") && rest.starts_with('|')) return "RUN " + std::string(text::trim(without_arguments(rest)));
    return std::string(s);
  }
  s = without_trailing_notes(s);
  if (s.starts_with("RUN |")) return "RUN " + std::string(text::trim(without_arguments(s.substr(4))));
  s = without_arguments(s);
  for (const std::string_view shell : {kShell, std::string_view("cmd /S /C ")}) {
    std::string_view rest = s;
    if (!take_prefix(rest, shell)) continue;
    rest = text::trim(rest);
    if (take_prefix(rest, kInstruction)) return std::string(text::trim(rest));
    return rest.empty() ? std::string{} : "RUN " + std::string(rest);
  }
  return std::string(s);
}

Result<> describe(std::vector<LayerInfo> blobs, const Config& config, Image& into) {
  if (config.diff_ids.size() != blobs.size()) {
    return fail(Errc::invalid_input, "the config names " + std::to_string(config.diff_ids.size()) + " diff ids for " + std::to_string(blobs.size()) +
                                         " layers: not an image that can run");
  }
  into.platform = config.platform;
  into.base_name = config.base_name;
  into.base_digest = config.base_digest;
  if (!config.platform.os.empty() && config.platform.os != "linux") {
    into.notes.push_back("operating system " + text::quoted(config.platform.os) + " is not supported: its own packages are not known");
  }
  const auto steps_with_layer =
      static_cast<std::size_t>(std::count_if(config.history.begin(), config.history.end(), [](const HistoryStep& s) { return !s.empty_layer; }));
  const bool fits = steps_with_layer == blobs.size();
  if (!fits && !config.history.empty()) {
    into.notes.push_back("the history names " + text::plural(steps_with_layer, "layer") + ", the image has " + std::to_string(blobs.size()) +
                         ": which command made which layer is unknown");
  }
  into.size = 0;
  for (std::size_t i = 0; i < blobs.size(); ++i) {
    blobs[i].index = static_cast<std::uint32_t>(i + 1);
    blobs[i].diff_id = config.diff_ids[i];
    into.size += blobs[i].size;
  }
  into.history.clear();
  if (!fits) {
    into.history = std::move(blobs);
    return {};
  }
  auto blob = blobs.begin();
  for (const HistoryStep& step : config.history) {
    LayerInfo layer;
    if (step.empty_layer) {
      layer.empty = true;
    } else {
      layer = std::move(*blob++);
    }
    layer.created_by = dockerfile_command(step.created_by);
    layer.created = step.created;
    into.history.push_back(std::move(layer));
  }
  return {};
}

Result<> describe(const Manifest& manifest, const Config& config, Image& into) {
  std::vector<LayerInfo> blobs(manifest.layers.size());
  for (std::size_t i = 0; i < blobs.size(); ++i) {
    blobs[i].digest = manifest.layers[i].digest;
    blobs[i].media_type = manifest.layers[i].media_type;
    blobs[i].size = manifest.layers[i].size;
  }
  into.config_digest = manifest.config.digest;
  ECLAIR_CHECK_OK(describe(std::move(blobs), config, into));
  const auto name = manifest.annotations.find(std::string(kBaseName)), digest = manifest.annotations.find(std::string(kBaseDigest));
  if (name == manifest.annotations.end() && digest == manifest.annotations.end()) return {};
  // Of this very image; its labels may be those of the image below.
  into.base_name = name == manifest.annotations.end() ? "" : name->second;
  into.base_digest = digest == manifest.annotations.end() ? "" : digest->second;
  return {};
}

}  // namespace eclair::image
