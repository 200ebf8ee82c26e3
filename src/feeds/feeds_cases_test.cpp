// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// Runs every case of tests/cases/feeds/<feed>/<case>: what is in in/ is imported as one folder (a case with a file "one" imports the
// single file named there), and all that reaches the store is compared with want.json. ECLAIR_UPDATE_GOLDEN=1 writes want.json anew,
// to be reviewed; about.txt says what the case is for, and where its truth comes from.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "feeds/feed.h"
#include "feeds/import.h"
#include "support/empty_advisories.h"
#include "util/json_writer.h"
#include "util/text.h"

namespace fs = std::filesystem;

namespace eclair::feeds {
namespace feeds_cases_test_detail {

const fs::path kSource = ECLAIR_SOURCE_DIR;
const fs::path kCases = kSource / "tests/cases/feeds";

std::string read_text(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

std::vector<fs::path> children(const fs::path& folder) {
  std::vector<fs::path> out;
  if (fs::is_directory(folder)) std::copy(fs::directory_iterator(folder), fs::directory_iterator(), std::back_inserter(out));
  std::sort(out.begin(), out.end());
  return out;
}

/// A store that only remembers what it was told.
class Recorder final : public test::EmptyAdvisories {
 public:
  struct Told {
    std::vector<std::tuple<std::string, std::string, Advisory>> rows;
    std::vector<VulnerabilityText> texts;
    std::set<std::string> completed, removed;
    std::vector<std::string> bad;
  };
  Told told;
  bool committed = false;

  class RecordingImport final : public Import {
   public:
    explicit RecordingImport(Recorder& to) : to_(to) {}
    Result<> advisory(std::string_view name_space, std::string_view package, Advisory row) override {
      to_.told.rows.emplace_back(name_space, package, std::move(row));
      return {};
    }
    Result<> vulnerability(VulnerabilityText text) override {
      to_.told.texts.push_back(std::move(text));
      return {};
    }
    void complete(std::string_view name_space) override { to_.told.completed.emplace(name_space); }
    Result<> remove(std::string_view record) override {
      to_.told.removed.emplace(record);
      return {};
    }
    void bad_record(std::string message) override { to_.told.bad.push_back(std::move(message)); }
    void keep(store::PortionState) override {}
    void fetched(std::string_view, UnixTime) override {}
    Result<store::ImportSummary> commit(bool) override {
      to_.committed = true;
      return store::ImportSummary{};
    }

   private:
    Recorder& to_;
  };

  Result<std::unique_ptr<Import>> begin_import(std::string_view, std::string_view, UnixTime) override {
    return std::make_unique<RecordingImport>(*this);
  }
};

template <class List>
void strings(json::Writer& w, std::string_view key, const List& list) {
  if (list.empty()) return;
  w.key(key).begin_array();
  for (const std::string& one : list) w.string(one);
  w.end_array();
}

void text_if(json::Writer& w, std::string_view key, const std::string& value) {
  if (!value.empty()) w.member(key, value);
}

void write_row(json::Writer& w, const std::string& name_space, const std::string& package, const Advisory& a) {
  constexpr std::string_view kKinds[] = {"source", "binary", "both"};
  w.begin_object().member("namespace", name_space).member("package", package).member("vulnerability", a.vulnerability);
  text_if(w, "record", a.record);
  strings(w, "aliases", a.aliases);
  strings(w, "references", a.references);
  w.member("status", name(a.status)).member("names", kKinds[static_cast<std::size_t>(a.name_kind)]);
  if (a.severity != Severity::unknown) w.member("severity", name(a.severity));
  text_if(w, "severity_word", a.severity_word);
  text_if(w, "fixed_in", a.fixed_in);
  if (!a.ranges.empty()) {
    w.key("ranges").begin_array();
    for (const Range& r : a.ranges) w.string("[" + r.introduced + ", " + r.upper + (r.upper_inclusive ? "]" : ")") + (r.semver ? " semver" : ""));
    w.end_array();
  }
  strings(w, "versions", a.versions);
  strings(w, "arches", a.arches);
  text_if(w, "module", a.module);
  strings(w, "cpes", a.cpes);
  text_if(w, "reason", a.reason);
  w.end_object();
}

void write_text(json::Writer& w, const VulnerabilityText& t) {
  w.begin_object().member("id", t.id);
  text_if(w, "title", t.title);
  text_if(w, "description", t.description);
  if (t.severity != Severity::unknown) w.member("severity", name(t.severity));
  if (!t.cvss.empty()) {
    w.key("cvss").begin_array();
    for (const auto& c : t.cvss) w.string(c.version + " " + c.vector + " " + (c.score < 0 ? "-" : std::to_string(c.score).substr(0, 4)) + (c.source.empty() ? "" : " by " + c.source));
    w.end_array();
  }
  strings(w, "cwes", t.cwes);
  strings(w, "urls", t.urls);
  if (t.published != 0) w.member("published", rfc3339(t.published));
  if (t.modified != 0) w.member("modified", rfc3339(t.modified));
  if (t.exploited) {
    w.member("exploited", (t.exploited->added == 0 ? "-" : rfc3339(t.exploited->added).substr(0, 10)) + ", due " +
                              (t.exploited->due == 0 ? "-" : rfc3339(t.exploited->due).substr(0, 10)) + (t.exploited->ransomware ? ", ransomware" : ""));
  }
  if (t.epss) {
    w.member("epss", std::to_string(t.epss->score) + ", " + (t.epss->percentile < 0 ? "-" : std::to_string(t.epss->percentile)) + ", " +
                         (t.epss->date == 0 ? "-" : rfc3339(t.epss->date)));
  }
  w.end_object();
}

std::string run_case(const Feed& feed, const fs::path& folder) {
  ImportRequest request;
  request.feed = feed.id();
  request.at = 1000;
  const std::string single(text::trim(read_text(folder / "one")));
  request.origins = {(folder / "in" / single).lexically_normal().string()};
  if (single.empty()) request.origins = {(folder / "in").string()};
  Recorder store;
  auto report = import_feed(store, request, Limits{}, Cancel{});
  const auto relative = [&](std::string s) {  // where the source tree lies is no part of the answer
    const std::string root = folder.string() + "/";
    for (std::size_t at = s.find(root); at != std::string::npos; at = s.find(root, at)) s.erase(at, root.size());
    return s;
  };

  json::Writer w(true);
  w.begin_object();
  w.member("about", text::trim(read_text(folder / "about.txt")));
  if (!report) {
    CHECK_FALSE(store.committed);
    return w.member("error", relative(report.error().text)).end_object().take() + "\n";
  }
  Recorder::Told& told = store.told;
  const auto bytes = [](const Advisory& a) {
    Encoder out;
    encode(a, out);
    return out.take();
  };
  std::sort(told.rows.begin(), told.rows.end(), [&](const auto& a, const auto& b) {
    return std::tuple(std::get<0>(a), std::get<1>(a), std::get<2>(a).vulnerability, bytes(std::get<2>(a))) <
           std::tuple(std::get<0>(b), std::get<1>(b), std::get<2>(b).vulnerability, bytes(std::get<2>(b)));
  });
  std::stable_sort(told.texts.begin(), told.texts.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
  w.key("rows").begin_array();
  for (const auto& [name_space, package, row] : told.rows) write_row(w, name_space, package, row);
  w.end_array();
  if (!told.texts.empty()) {
    w.key("texts").begin_array();
    for (const VulnerabilityText& t : told.texts) write_text(w, t);
    w.end_array();
  }
  strings(w, "completed", told.completed);
  strings(w, "told_anew", told.removed);
  for (std::string& bad : told.bad) bad = relative(bad);
  strings(w, "bad", told.bad);
  for (std::string& note : report->notes) note = relative(note);
  strings(w, "notes", report->notes);
  return w.end_object().take() + "\n";
}

}  // namespace feeds_cases_test_detail
using namespace feeds_cases_test_detail;

TEST_CASE("feeds: every case gives what it says") {
  const bool update = std::getenv("ECLAIR_UPDATE_GOLDEN") != nullptr;
  int cases = 0;
  for (const Feed* feed : feeds()) {
    for (const fs::path& folder : children(kCases / feed->id())) {
      const std::string name = fs::relative(folder, kCases).string();
      CAPTURE(name);
      ++cases;
      const std::string got = run_case(*feed, folder);
      if (update) std::ofstream(folder / "want.json", std::ios::binary) << got;
      const std::string want = read_text(folder / "want.json");
      CHECK(got == want);
    }
  }
  CHECK(cases > 20);
}

TEST_CASE("feeds: the registry, the sources and the cases go together") {
  std::set<std::string> ids;
  for (const Feed* feed : feeds()) {
    const std::string id(feed->id());
    CAPTURE(id);
    CHECK(ids.insert(id).second);
    CHECK(find_feed(id) == feed);
    CHECK_FALSE(feed->title().empty());
    CHECK(feed->url().rfind("https://", 0) == 0);
    CHECK(feed->revision() >= 1);
    std::string file = id;
    std::replace(file.begin(), file.end(), '-', '_');
    CHECK(fs::exists(kSource / "src/feeds" / (file + ".cpp")));
    CHECK(fs::exists(kSource / "fuzz" / ("fuzz_feed_" + file + ".cpp")));
    CHECK(children(kCases / id).size() >= 5);
    for (const char* needed : {"empty", "malformed"}) CHECK(fs::exists(kCases / id / needed / "want.json"));
    for (const fs::path& folder : children(kCases / id)) {
      CAPTURE(folder.string());
      CHECK_FALSE(text::trim(read_text(folder / "about.txt")).empty());
    }
  }
  CHECK(find_feed("nonesuch") == nullptr);
  for (const fs::path& folder : children(kCases)) {
    CAPTURE(folder.string());
    CHECK(ids.count(folder.filename().string()) == 1);
  }
}

}  // namespace eclair::feeds
