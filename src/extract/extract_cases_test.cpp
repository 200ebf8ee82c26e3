// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// Runs every case of tests/cases/extract/<format>/<case>: the tree in/ is offered file by file as a layer would be, and what the
// format makes of it is compared with want.json. ECLAIR_UPDATE_GOLDEN=1 writes want.json anew, to be reviewed.
// The second half holds all formats to the rules of docs/design/extending.md.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "extract/collector.h"
#include "extract/extractor.h"
#include "extract/interest_index.h"
#include "util/json_writer.h"
#include "util/text.h"

namespace fs = std::filesystem;

namespace eclair::extract {
namespace extract_cases_test_detail {

const fs::path kSource = ECLAIR_SOURCE_DIR;
const fs::path kCases = kSource / "tests/cases/extract";

std::string read_text(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

std::vector<fs::path> sorted_children(const fs::path& folder) {
  std::vector<fs::path> children;
  if (fs::is_directory(folder)) std::copy(fs::directory_iterator(folder), fs::directory_iterator(), std::back_inserter(children));
  std::sort(children.begin(), children.end());
  return children;
}

/// The files below `root`, relative to it, sorted.
std::vector<std::string> files_below(const fs::path& root) {
  std::vector<std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    if (entry.is_regular_file()) files.push_back(fs::relative(entry.path(), root).generic_string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

/// What became of one wanted file.
struct Outcome {
  std::string path;
  std::uint8_t rank = 0;
  Collected collected;
  std::string error;  // "code: text"; "" = none
  bool operator==(const Outcome&) const = default;
};

const char* name_of(Errc code) {
  switch (code) {
    case Errc::invalid_input: return "invalid_input";
    case Errc::unsupported: return "unsupported";
    case Errc::limit: return "limit";
    case Errc::cancelled: return "cancelled";
    default: return "unexpected";  // no extractor may fail with the others
  }
}

struct Case {
  const Extractor* extractor;
  fs::path folder;
  std::string name;  // "os_apk/basic"
};

std::vector<Case> all_cases() {
  std::vector<Case> cases;
  for (const Extractor* extractor : extractors()) {
    for (const fs::path& folder : sorted_children(kCases / extractor->id())) {
      if (fs::is_directory(folder)) cases.push_back({extractor, folder, std::string(extractor->id()) + "/" + folder.filename().string()});
    }
  }
  return cases;
}

/// Offers a tree to one format the way the core does.
std::vector<Outcome> run(const Extractor& extractor, const fs::path& tree) {
  const Extractor* const only[] = {&extractor};
  const InterestIndex index(only);
  const Limits limits;
  const Cancel stop;
  std::vector<Outcome> outcomes;
  for (const std::string& path : files_below(tree)) {
    const std::string bytes = read_text(tree / path);
    std::vector<InterestIndex::Hit> hits;
    index.match(path, std::string_view(bytes).substr(0, index.magic_bytes()), hits);
    if (hits.empty() || hits[0].companion) continue;
    const MemorySource source{bytes};
    EvidenceFile file{{path, bytes.size(), 0644}, source, {}};
    std::vector<std::unique_ptr<MemorySource>> held;
    for (const std::string_view companion : extractor.interest().companions) {
      const fs::path beside = (tree / path).parent_path() / companion;
      if (!fs::is_regular_file(beside)) continue;
      held.push_back(std::make_unique<MemorySource>(read_text(beside)));
      file.companions.emplace(companion, held.back().get());
    }
    Outcome outcome{path, hits[0].rank, {}, {}};
    Collector sink(limits);
    const Result<> result = extractor.extract(file, limits, stop, sink);
    if (!result) outcome.error = std::string(name_of(result.error().code)) + ": " + result.error().text;
    outcome.collected = sink.take();
    auto& packages = outcome.collected.packages;
    for (auto& entry : packages) std::sort(entry.owned_paths.begin(), entry.owned_paths.end());
    std::sort(packages.begin(), packages.end(),
              [](const auto& a, const auto& b) { return std::tie(a.package, a.owned_paths) < std::tie(b.package, b.owned_paths); });
    outcomes.push_back(std::move(outcome));
  }
  return outcomes;
}

void write_strings(json::Writer& out, std::string_view key, const std::vector<std::string>& strings) {
  if (strings.empty()) return;
  out.key(key).begin_array();
  for (const std::string& s : strings) out.string(s);
  out.end_array();
}

void write_package(json::Writer& out, const Collected::Entry& entry) {
  const PackageVersion& p = entry.package;
  const std::pair<std::string_view, std::string_view> fields[] = {{"type", p.type}, {"name", p.name}, {"version", p.version},
      {"arch", p.arch}, {"source_name", p.source_name}, {"source_version", p.source_version}, {"module", p.module}, {"vendor", p.vendor}};
  out.begin_object();
  for (const auto& [key, value] : fields) {
    if (!value.empty()) out.member(key, value);
  }
  write_strings(out, "owns", entry.owned_paths);
  out.end_object();
}

std::string to_json(const std::vector<Outcome>& outcomes) {
  json::Writer out(true);
  out.begin_array();
  for (const Outcome& outcome : outcomes) {
    const Collected& found = outcome.collected;
    out.begin_object().member("path", outcome.path);
    if (outcome.rank != 0) out.member("rank", std::int64_t{outcome.rank});
    if (!outcome.error.empty()) out.member("error", outcome.error);
    if (!found.packages.empty()) {
      out.key("packages").begin_array();
      for (const auto& entry : found.packages) write_package(out, entry);
      out.end_array();
    }
    if (!found.ownership.empty()) {
      out.key("ownership").begin_array();
      for (const Ownership& ownership : found.ownership) {
        out.begin_object().member("name", ownership.name);
        if (!ownership.arch.empty()) out.member("arch", ownership.arch);
        write_strings(out, "paths", ownership.paths);
        out.end_object();
      }
      out.end_array();
    }
    if (!found.facts.empty()) {
      out.key("facts").begin_object();
      for (const auto& [key, value] : found.facts) out.member(key, value);
      out.end_object();
    }
    if (!found.notes.empty()) {
      out.key("notes").begin_array();
      for (const Note& note : found.notes) out.begin_object().member("code", note.code).member("message", note.message).end_object();
      out.end_array();
    }
    out.end_object();
  }
  out.end_array();
  return out.take() + "\n";
}

/// The lines where two texts part, for a failure message.
std::string first_difference(const std::string& want, const std::string& got) {
  const auto a = text::split(want, '\n'), b = text::split(got, '\n');
  std::size_t at = 0;
  while (at < a.size() && at < b.size() && a[at] == b[at]) ++at;
  std::string out = "from line " + std::to_string(at + 1) + ":\n";
  for (std::size_t i = at; i < std::min(at + 8, a.size()); ++i) out += "- " + std::string(a[i]) + "\n";
  for (std::size_t i = at; i < std::min(at + 8, b.size()); ++i) out += "+ " + std::string(b[i]) + "\n";
  return out;
}

/// Lines of a list of data, without comments and empty ones.
std::vector<std::string> list_lines(const fs::path& path) {
  std::vector<std::string> lines;
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);) {
    if (!line.empty() && line[0] != '#') lines.push_back(line);
  }
  return lines;
}

/// The names in formats.def, in order.
std::vector<std::string> listed_formats() {
  std::vector<std::string> names;
  for (const std::string& line : list_lines(kSource / "src/extract/formats.def")) {
    const std::size_t open = line.find('('), close = line.find(')');
    if (line.starts_with("ECLAIR_FORMAT(") && close != std::string::npos) names.push_back(line.substr(open + 1, close - open - 1));
  }
  return names;
}

TEST_CASE("cases: every format makes of its files what want.json says, each time") {
  const bool update = std::getenv("ECLAIR_UPDATE_GOLDEN") != nullptr;
  const std::vector<Case> cases = all_cases();
  REQUIRE(!cases.empty());
  for (const Case& one : cases) {
    CAPTURE(one.name);
    REQUIRE(fs::is_directory(one.folder / "in"));
    const std::vector<Outcome> outcomes = run(*one.extractor, one.folder / "in");
    CHECK_MESSAGE(!outcomes.empty(), "interest() matches none of the case's files");
    CHECK(outcomes == run(*one.extractor, one.folder / "in"));
    const std::string got = to_json(outcomes);
    if (update) {
      std::ofstream(one.folder / "want.json", std::ios::binary) << got;
      continue;
    }
    REQUIRE_MESSAGE(fs::is_regular_file(one.folder / "want.json"), "no want.json; ECLAIR_UPDATE_GOLDEN=1 writes it");
    const std::string want = read_text(one.folder / "want.json");
    CHECK_MESSAGE(want == got, first_difference(want, got));
    CHECK(got.find("unexpected: ") == std::string::npos);
  }
}

TEST_CASE("conformance: a cancelled run ends, with nothing but that to say") {
  Cancel stop;
  stop.request();
  for (const Case& one : all_cases()) {
    CAPTURE(one.name);
    for (const std::string& path : files_below(one.folder / "in")) {
      const MemorySource source(read_text(one.folder / "in" / path));
      const Limits limits;
      Collector sink(limits);
      const EvidenceFile file{{path, source.size(), 0644}, source, {}};
      const Result<> result = one.extractor->extract(file, limits, stop, sink);
      if (!result) CHECK(std::string(name_of(result.error().code)) != "unexpected");
      CHECK(sink.collected().packages.empty());
      CHECK(sink.collected().ownership.empty());
      CHECK(sink.collected().facts.empty());
    }
  }
}

TEST_CASE("conformance: the list names every format's file, and nothing else") {
  std::set<std::string> defined;
  for (const fs::path& file : sorted_children(kSource / "src/extract")) {
    const std::string name = file.filename().string();
    if (file.extension() != ".cpp" || name.ends_with("_test.cpp")) continue;
    if (read_text(file).find(": public Extractor") != std::string::npos) defined.insert(file.stem().string());
  }
  const std::vector<std::string> listed = listed_formats();
  CHECK(std::set<std::string>(listed.begin(), listed.end()) == defined);
  CHECK(std::set<std::string>(listed.begin(), listed.end()).size() == listed.size());
  REQUIRE(extractors().size() == listed.size());
  for (std::size_t i = 0; i < listed.size(); ++i) CHECK(extractors()[i]->id() == listed[i]);
  CHECK(current_revisions().size() == listed.size());
  for (const auto& revision : current_revisions()) {
    CAPTURE(revision.first);
    CHECK(revision.second > 0);
  }
}

TEST_CASE("conformance: every format has cases, among them `empty` and `malformed`, and a row in the user's table") {
  const std::string table = read_text(kSource / "docs/user/formats.md");
  for (const Extractor* extractor : extractors()) {
    const std::string id(extractor->id());
    CAPTURE(id);
    std::set<std::string> names;
    for (const fs::path& folder : sorted_children(kCases / id)) names.insert(folder.filename().string());
    CHECK(names.size() >= 3);
    CHECK(names.contains("empty"));
    CHECK(names.contains("malformed"));
    CHECK_MESSAGE(table.find("| `" + id + "` |") != std::string::npos, "docs/user/formats.md has no row for it");
  }
  for (const fs::path& folder : sorted_children(kCases)) {
    if (!fs::is_directory(folder)) continue;
    const auto is_it = [&](const Extractor* e) { return e->id() == folder.filename().string(); };
    CHECK_MESSAGE(std::any_of(extractors().begin(), extractors().end(), is_it), "cases of an unknown format: " << folder.string());
  }
}

TEST_CASE("conformance: no interest is over-broad") {
  const std::vector<std::string> paths = list_lines(kCases / "not-evidence.txt");
  REQUIRE(paths.size() > 20);
  std::vector<InterestIndex::Hit> hits;
  for (const std::string& path : paths) {
    CAPTURE(path);
    InterestIndex::standard().match(path, {}, hits);
    for (const auto& hit : hits) CHECK_MESSAGE(false, "wanted by " << extractors()[hit.extractor]->id());
    CHECK_FALSE(InterestIndex::standard().wants(path));
  }
}

}  // namespace extract_cases_test_detail
}  // namespace eclair::extract
