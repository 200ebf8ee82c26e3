// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "feeds/rpm_notice.h"

#include <algorithm>
#include <set>

#include "util/text.h"
#include "version/rpm_branch.h"
#include "version/scheme.h"

namespace eclair::feeds {
namespace rpm_notice_detail {

const version::Scheme& rpm() {
  static const version::Scheme& one = *version::find_scheme("rpm");
  return one;
}

bool is_word(std::string_view s) {
  return !s.empty() && std::all_of(s.begin(), s.end(), [](char c) { return c > ' ' && c != 0x7f; });
}

/// The line of the description that is about one of several flaws: "* sinatra: path traversal possible (CVE-2022-29970)".
std::string_view line_about(std::string_view description, std::string_view id) {
  const std::string mark = "(" + std::string(id);
  for (std::size_t at = description.find(mark); at != std::string_view::npos; at = description.find(mark, at + 1)) {
    const std::size_t after = at + mark.size();
    if (after < description.size() && text::is_digit(description[after])) continue;
    const std::size_t start = description.find_last_of('\n', at);
    std::string_view line = description.substr(start == std::string_view::npos ? 0 : start + 1, at - (start == std::string_view::npos ? 0 : start + 1));
    line = text::trim(line);
    if (line.empty() || line.front() != '*') continue;
    return text::trim(line.substr(1));
  }
  return {};
}

/// "[epoch:]version-release", all of it there: of a build, nothing is left out.
bool is_build(std::string_view evr) {
  const std::size_t hyphen = evr.rfind('-'), colon = evr.find(':');
  const std::size_t start = colon == std::string_view::npos ? 0 : colon + 1;
  return hyphen != std::string_view::npos && hyphen > start && hyphen + 1 < evr.size() && rpm().is_valid(evr);
}

/// Debugging symbols and sources: no code that runs.
bool is_debug(std::string_view name) {
  const auto ends_with = [&](std::string_view end) { return name.size() > end.size() && name.substr(name.size() - end.size()) == end; };
  return ends_with("-debuginfo") || ends_with("-debugsource") || name.find("-debuginfo-") != std::string_view::npos;
}

std::string clean_word(std::string_view word) {
  word = text::trim(word);
  return text::iequals(word, "none") || text::iequals(word, "unknown") ? std::string() : std::string(word);
}

}  // namespace rpm_notice_detail

bool RpmNotice::add(std::string_view name_space, std::string_view name, std::string_view evr, std::string_view arch, std::string_view module) {
  using namespace rpm_notice_detail;
  if (evr.substr(0, 2) == "0:") evr.remove_prefix(2);
  if (!is_word(name) || !is_word(arch) || !is_build(evr)) return false;
  if (arch == "src" || arch == "nosrc" || is_debug(name)) return true;
  const auto [at, is_new] = builds_.emplace(Key{std::string(name_space), std::string(name), std::string(module), std::string(arch), std::string(version::rpm_branch(evr))}, evr);
  if (!is_new && rpm().compare(evr, at->second) < 0) at->second = evr;
  return true;
}

Result<> RpmNotice::emit(const Limits& limits, const Cancel& stop, AdvisorySink& out) {
  using namespace rpm_notice_detail;
  if (builds_.empty()) return {};
  if (flaws.empty()) flaws.push_back(Flaw{id, {}, {}, {}});
  // Architectures that have the same build share a row.
  std::map<std::tuple<std::string_view, std::string_view, std::string_view, std::string_view>, std::vector<std::string>> rows;
  for (const auto& [key, evr] : builds_) rows[{key.name_space, key.name, key.module, evr}].push_back(key.arch);
  if (rows.size() > limits.feed_record_rows / flaws.size()) {
    return fail(Errc::limit, text::quoted(id) + ": more rows than feed_record_rows (" + std::to_string(limits.feed_record_rows) + ")");
  }
  Advisory row;
  row.status = Status::fixed;
  row.name_kind = NameKind::binary;
  row.record = id;
  row.severity_word = clean_word(severity_word);
  if (!parse(row.severity_word, row.severity)) row.severity = Severity::unknown;
  for (auto& [key, arches] : rows) {
    if (stop.requested()) return fail(Errc::cancelled, "cancelled");
    const auto& [name_space, name, module, evr] = key;
    std::sort(arches.begin(), arches.end());
    row.arches = arches;
    row.module = module;
    row.fixed_in = evr;
    for (const Flaw& flaw : flaws) {
      Advisory one = row;
      one.vulnerability = flaw.id;
      one.references = references;
      if (flaw.id == id) {
        one.record.clear();
      } else {
        one.references.push_back(id);
      }
      std::sort(one.references.begin(), one.references.end());
      ECLAIR_CHECK_OK(out.advisory(name_space, name, std::move(one)));
    }
  }
  for (const Flaw& flaw : flaws) {
    VulnerabilityText text;
    text.id = flaw.id;
    text.severity = row.severity;
    text.published = published;
    text.modified = modified;
    text.cvss = flaw.cvss;
    text.cwes = flaw.cwes;
    text.urls = flaw.urls;
    text.urls.insert(text.urls.end(), urls.begin(), urls.end());
    std::sort(text.urls.begin(), text.urls.end());
    text.urls.erase(std::unique(text.urls.begin(), text.urls.end()), text.urls.end());
    text.title = line_about(description, flaw.id);
    if (text.title.empty()) text.title = title;
    // The words of a notice on dozens of flaws would be kept dozens of times, and say little of each.
    if (flaws.size() == 1) text.description = description;
    ECLAIR_CHECK_OK(out.vulnerability(std::move(text)));
  }
  return {};
}

RpmBuild rpm_build_of(std::string_view nevra) {
  constexpr std::string_view kEnding = ".rpm";
  if (nevra.size() > kEnding.size() && nevra.substr(nevra.size() - kEnding.size()) == kEnding) nevra.remove_suffix(kEnding.size());
  RpmBuild out;
  const std::size_t dot = nevra.rfind('.');
  if (dot == std::string_view::npos) return out;
  const std::size_t release = nevra.rfind('-', dot);
  if (release == std::string_view::npos || release == 0) return out;
  const std::size_t version = nevra.rfind('-', release - 1);
  if (version == std::string_view::npos) return out;
  out.name = nevra.substr(0, version);
  out.evr = nevra.substr(version + 1, dot - version - 1);
  out.arch = nevra.substr(dot + 1);
  return out;
}

std::string_view module_of_label(std::string_view label) {
  const std::size_t stream = label.find(':');
  if (stream == std::string_view::npos || stream == 0) return {};
  const std::size_t end = std::min(label.find(':', stream + 1), label.size());
  return end == stream + 1 ? std::string_view{} : label.substr(0, end);
}

std::vector<std::string> modules_of_title(std::string_view title) {
  std::set<std::string> out;
  for (std::string_view word : text::words(title)) {
    while (!word.empty() && (word.back() == ',' || word.back() == ';')) word.remove_suffix(1);
    const auto [name, stream] = text::cut(word, ':');  // "Important:" has nothing behind it
    if (name.empty() || stream.empty() || stream.find(':') != std::string_view::npos) continue;
    out.emplace(word);
  }
  return {out.begin(), out.end()};
}

bool is_module_build(std::string_view evr) {
  const std::size_t at = evr.find(".module");
  return at != std::string_view::npos && at + 8 < evr.size() && (evr[at + 7] == '+' || evr[at + 7] == '_') && evr.substr(at + 8, 2) == "el";
}

}  // namespace eclair::feeds
