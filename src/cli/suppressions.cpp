// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/suppressions.h"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <memory>
#include <system_error>

#include "suppress/ignore_file.h"
#include "suppress/presets.h"
#include "suppress/vex.h"
#include "util/byte_source.h"
#include "util/text.h"

namespace eclair::cli {
namespace suppressions_detail {

constexpr std::string_view kOwnFiles[] = {".eclairignore.yaml", ".eclairignore"};

std::string plural(std::size_t n, std::string_view one) { return std::to_string(n) + " " + std::string(one) + (n == 1 ? "" : "s"); }

Result<suppress::IgnoreFile> read(const std::string& file) {
  ECLAIR_TRY(const std::unique_ptr<FileSource> opened, FileSource::open(file));
  ECLAIR_TRY(const std::string bytes, read_all(*opened, suppress::kMaxIgnoreBytes));
  return suppress::read_ignore_file(bytes, file);
}

/// "./.eclair.yaml" for what lies in the working folder.
std::string shown_place(const std::string& file) { return (file.find('/') == std::string::npos ? "./" : "") + text::clean(file, 200); }

/// What the project's own configuration sets of a policy; "" = nothing. ignores: how many entries it has.
std::string policy_of_project(const Settings& settings, std::size_t ignores) {
  const auto by_project = [&](std::string_view option) { return settings.is_set(option) && settings.origin(option) == Origin::project_file; };
  std::vector<std::string> parts;
  if (by_project("ignores-of")) parts.push_back(plural(ignores, "ignore"));
  for (const std::string_view option : {"vex", "ignorefile", "fail-on", "policy"}) {
    if (by_project(option)) parts.push_back(std::string(option) + " " + text::clean(text::join(settings.list(option), " "), 300));
  }
  if (by_project("ignore-kernel") && settings.flag("ignore-kernel")) parts.emplace_back("ignore-kernel");
  return text::join(parts, ", ");
}

bool is_there(const std::string& file) {
  const auto opened = FileSource::open(file);
  return opened || opened.error().code != Errc::not_found;
}

/// The folder of a target that is a file here; "" = it is none, or in the working folder.
std::string folder_of(std::string_view target) {
  for (const std::string_view scheme : {"docker-archive:", "oci-archive:", "archive://", "sbom://", "sbom:", "file:"}) {
    if (target.starts_with(scheme)) target.remove_prefix(scheme.size());
  }
  const std::size_t slash = target.rfind('/');
  if (slash == std::string_view::npos || !FileSource::open(std::string(target))) return {};
  const std::string folder(target.substr(0, slash == 0 ? 1 : slash));
  return folder == "." ? std::string() : folder;
}

void append(const std::vector<suppress::Source>& from, std::vector<suppress::Source>& to) { to.insert(to.end(), from.begin(), from.end()); }

/// All JSON files of a folder in the order of their names, or one file.
Result<> add_vex(const Invocation& call, const std::string& place, std::vector<suppress::Source>& to) {
  if (place == "oci" || place == "repo") {
    return fail(Error{Errc::unsupported, "--vex " + place + ": statements that are published beside an image are not fetched", "save them to a file: --vex FILE (a file of that name: --vex ./" + place + ")"});
  }
  std::vector<std::string> files = {place};
  std::error_code error;
  if (std::filesystem::is_directory(place, error)) {
    files.clear();
    for (auto at = std::filesystem::directory_iterator(place, error); !error && at != std::filesystem::directory_iterator(); at.increment(error)) {
      if (at->path().extension() == ".json") files.push_back(at->path().string());
    }
    if (error) return fail(Errc::unavailable, "--vex " + text::quoted(place, 200) + ": the folder cannot be read");
    std::sort(files.begin(), files.end());
    if (files.empty()) call.console.warning("--vex " + text::clean(place, 200) + ": no .json files in that folder");
  }
  for (const std::string& file : files) {
    auto opened = FileSource::open(file);
    if (!opened) return fail(std::move(opened).error().within("reading VEX"));
    auto bytes = read_all(**opened, suppress::kMaxVexBytes);
    auto found = bytes ? suppress::read_vex(*bytes, file) : fail(std::move(bytes).error().within("reading VEX " + text::quoted(file, 200)));
    if (!found) return fail(std::move(found).error());
    for (const std::string& one : found->warnings) call.console.warning(one);
    call.console.detail("VEX " + text::clean(file, 200) + ": " + plural(found->statements.size(), "statement"));
    to.push_back(*std::move(found));
  }
  return {};
}

}  // namespace suppressions_detail
using namespace suppressions_detail;

Result<> Suppressions::add_project(const Invocation& call, const std::string& file, std::vector<suppress::Source>& to) {
  if (!is_there(file)) return {};
  ECLAIR_TRY(suppress::IgnoreFile found, read(file));
  for (const std::string& one : found.source.warnings) call.console.warning(one);
  const std::string what = plural(found.source.statements.size(), "ignore");
  call.console.note("policy from " + shown_place(file) + ": " + what);
  announced_.emplace_back(file, what);
  to.push_back(std::move(found.source));
  return {};
}

Result<Suppressions> Suppressions::load(const Invocation& call) {
  Suppressions out;
  for (const std::string& place : call.settings.list("vex")) ECLAIR_CHECK_OK(add_vex(call, place, out.first_));
  if (call.settings.flag("ignore-kernel")) out.last_.push_back(suppress::kernel_preset());
  for (const std::string& file : call.settings.list("ignorefile")) {
    auto found = read(file);
    if (!found) return fail(std::move(found).error().within("reading " + text::quoted(file)));
    for (const std::string& one : found->source.warnings) call.console.warning(one);
    call.console.detail("ignore file " + text::clean(file, 200) + " (" + std::string(suppress::name(found->shape)) + "): " + std::to_string(found->source.statements.size()) + " entries");
    out.first_.push_back(std::move(found->source));
  }
  std::size_t ignores = 0;
  if (const std::string file = call.settings.text("ignores-of"); !file.empty()) {
    ECLAIR_TRY(const std::unique_ptr<FileSource> opened, FileSource::open(file));
    ECLAIR_TRY(const std::string bytes, read_all(*opened, suppress::kMaxIgnoreBytes));
    ECLAIR_TRY(suppress::IgnoreFile found, suppress::read_ignores_of_config(bytes, file));
    ignores = found.source.statements.size();
    out.first_.push_back(std::move(found.source));
  }
  if (const std::string said = policy_of_project(call.settings, ignores); !said.empty()) {
    call.console.note("policy from ./.eclair.yaml: " + said);
    out.announced_.emplace_back("./.eclair.yaml", said);
  }
  if (!call.settings.flag("project-config")) return out;
  for (const std::string_view file : kOwnFiles) ECLAIR_CHECK_OK(out.add_project(call, std::string(file), out.project_));
  return out;
}

Result<> Suppressions::apply(const Invocation& call, const std::string& target, report::Report& report) {
  std::vector<suppress::Source> sources;
  append(first_, sources);
  append(project_, sources);
  const std::string folder = call.settings.flag("project-config") ? folder_of(target) : std::string();
  if (!folder.empty() && beside_.count(folder) == 0) {
    std::vector<suppress::Source> found;
    for (const std::string_view file : kOwnFiles) ECLAIR_CHECK_OK(add_project(call, folder + "/" + std::string(file), found));
    beside_[folder] = std::move(found);
  }
  if (!folder.empty()) append(beside_[folder], sources);
  append(last_, sources);

  suppress::Use use;
  suppress::apply(sources, report, use);
  for (const auto& [file, what] : announced_) {
    // Those beside another target had no part in this report.
    const bool here = file == "./.eclair.yaml" || std::any_of(sources.begin(), sources.end(), [&name = file](const suppress::Source& one) { return one.file == name; });
    if (here) report.inventory.notes.push_back({"project_policy", file, "policy from " + shown_place(file) + ": " + what});
  }
  for (std::size_t i = 0; i < sources.size(); ++i) {
    for (std::size_t k = 0; k < sources[i].statements.size(); ++k) {
      const report::Suppression& by = sources[i].statements[k].by;
      if (by.kind != "ignore") continue;  // a vendor's document speaks of much that is not here
      auto& held = used_[by.file + ":" + std::to_string(by.line) + " " + std::to_string(k)];
      held.first = by.rule + " (" + by.file + (by.line > 0 ? ":" + std::to_string(by.line) : "") + ")";
      held.second = held.second || use.used[i][k];
    }
  }
  return {};
}

void Suppressions::tell_unused(const Invocation& call) const {
  for (const auto& [key, entry] : used_) {
    if (!entry.second) call.console.detail("ignore of no use: " + entry.first);
  }
}

}  // namespace eclair::cli
