// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// What feeds ask for, and how documents of an update go into the store. Servers and their faults: tests/e2e/update_*.sh.
#include "feeds/update.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "feeds/feed.h"
#include "feeds/import.h"
#include "support/zip_writer.h"
#include "util/digest.h"

namespace fs = std::filesystem;

namespace eclair::feeds {
namespace update_test_detail {

/// A source as a table of documents, with a memory of what was asked.
class FakeSource final : public Lookup {
 public:
  std::map<std::string, std::string> documents;  ///< by URL
  std::map<std::string, std::string> cursors;    ///< by portion
  std::vector<std::string> wanted_namespaces;
  std::map<std::string, bool> unchanged;         ///< URLs that are as they were
  UnixTime time = 1'785'830'400;
  std::vector<std::string> asked;

  const std::vector<std::string>& wanted() const override { return wanted_namespaces; }
  bool wants(std::string_view name_space) const override {
    return wanted_namespaces.empty() || std::find(wanted_namespaces.begin(), wanted_namespaces.end(), name_space) != wanted_namespaces.end();
  }
  std::string cursor(std::string_view portion) const override {
    const auto found = cursors.find(std::string(portion));
    return found == cursors.end() ? "" : found->second;
  }
  UnixTime at() const override { return time; }
  Result<std::unique_ptr<ByteSource>> read(const std::string& url) override {
    asked.push_back(url);
    const auto found = documents.find(url);
    if (found == documents.end()) return fail(Errc::not_found, url + ": answered 404");
    return std::unique_ptr<ByteSource>(std::make_unique<MemorySource>(found->second));
  }
  Result<std::unique_ptr<ByteSource>> read_if_changed(std::string_view, const std::string& url) override {
    if (unchanged[url]) return std::unique_ptr<ByteSource>();
    return read(url);
  }
};

std::vector<std::string> names_of(const std::vector<Portion>& portions) {
  std::vector<std::string> out;
  for (const Portion& one : portions) out.push_back(one.name);
  return out;
}
std::vector<std::string> urls_of(const Portion& portion) {
  std::vector<std::string> out;
  for (const Document& one : portion.documents) out.push_back(one.url);
  return out;
}

const std::string kAlpine = "https://secdb.alpinelinux.org/";
const std::string kPyPI = "https://osv-vulnerabilities.storage.googleapis.com/PyPI/";

std::string record(const std::string& id, const std::string& fixed) {
  return "{\"id\":\"" + id + "\",\"modified\":\"2026-01-01T00:00:00Z\",\"affected\":[{\"package\":{\"ecosystem\":\"PyPI\",\"name\":\"" + id +
         "\"},\"ranges\":[{\"type\":\"ECOSYSTEM\",\"events\":[{\"introduced\":\"0\"},{\"fixed\":\"" + fixed + "\"}]}]}]}";
}

}  // namespace update_test_detail
using namespace update_test_detail;

TEST_CASE("mirrors: the tree, and what stands in the place of a feed's own address") {
  struct Case {
    const char *tree, *own, *feed_url, *url, *want;
  };
  const Case cases[] = {
      {"", "", "https://a.org/x.json", "https://a.org/x.json", "https://a.org/x.json"},
      {"http://m/t", "", "https://a.org/x.json", "https://a.org/x.json?y=1", "http://m/t/a.org/x.json?y=1"},
      {"http://m/t/", "", "https://a.org/", "http://b.org/c", "http://m/t/b.org/c"},
      {"", "http://m/mine.json", "https://a.org/x.json", "https://a.org/x.json", "http://m/mine.json"},
      {"", "http://m/secdb", "https://a.org/", "https://a.org/v1/main.json", "http://m/secdb/v1/main.json"},
      {"", "http://m/secdb/", "https://a.org/", "https://a.org/v1/main.json", "http://m/secdb/v1/main.json"},
      {"http://tree", "http://m/secdb", "https://a.org/", "https://a.org/v1", "http://m/secdb/v1"},
      {"http://tree", "http://m/secdb", "https://a.org/", "https://b.org/v1", "http://tree/b.org/v1"},
      {"", "http://m/secdb", "https://a.org/", "https://b.org/v1", "https://b.org/v1"},
  };
  for (const Case& one : cases) {
    CAPTURE(one.tree);
    CAPTURE(one.own);
    CAPTURE(one.url);
    Mirrors mirrors;
    mirrors.tree = one.tree;
    if (*one.own != '\0') mirrors.feed_urls["f"] = one.own;
    mirrors.feed_urls["other"] = "http://wrong/";
    CHECK(mirrors.resolve("f", one.feed_url, one.url) == one.want);
  }
}

TEST_CASE("every feed says what it wants of an empty source, or why it cannot, and its portions have names of their own") {
  for (const Feed* const feed : feeds()) {
    CAPTURE(feed->id());
    FakeSource source;
    const auto portions = feed->portions(source);
    if (!portions) continue;
    std::vector<std::string> names = names_of(*portions);
    std::sort(names.begin(), names.end());
    CHECK(std::adjacent_find(names.begin(), names.end()) == names.end());
    for (const Portion& one : *portions) {
      for (const Document& document : one.documents) {
        CAPTURE(document.url);
        CHECK((document.url.rfind("https://", 0) == 0 || document.url.rfind("http://", 0) == 0));
        CHECK(document.url.find(' ') == std::string::npos);
      }
    }
  }
}

TEST_CASE("alpine: the listing's releases, or those that are wanted; nothing while last-update is the same") {
  FakeSource source;
  source.documents[kAlpine + "last-update"] = "123\n";
  source.documents[kAlpine] = "<a href=\"../\">../</a><a href=\"v3.2/\">v3.2/</a><a href='x'><a href=\"edge/\">edge/</a><a href=\"v3.19/\">v3.19</a><a href=\"v3/\">";
  const Feed& alpine = *find_feed("alpine");
  auto portions = alpine.portions(source);
  REQUIRE(portions);
  CHECK(names_of(*portions) == std::vector<std::string>{"edge", "v3.19", "v3.2"});
  CHECK(urls_of((*portions)[1]) == std::vector<std::string>{kAlpine + "v3.19/main.json", kAlpine + "v3.19/community.json"});
  CHECK(urls_of((*portions)[2]) == std::vector<std::string>{kAlpine + "v3.2/main.json"});
  CHECK((*portions)[1].cursor == "123");

  source.wanted_namespaces = {"alpine:v3.19", "alpine:../../etc"};
  source.asked.clear();
  portions = alpine.portions(source);
  REQUIRE(portions);
  CHECK(names_of(*portions) == std::vector<std::string>{"v3.19"});
  CHECK(source.asked == std::vector<std::string>{kAlpine + "last-update"});
  source.cursors["v3.19"] = "123";
  portions = alpine.portions(source);
  REQUIRE(portions);
  CHECK((*portions)[0].documents.empty());
  source.documents.erase(kAlpine + "last-update");  // then it is up to the documents
  portions = alpine.portions(source);
  REQUIRE(portions);
  CHECK((*portions)[0].documents.size() == 2);

  source.wanted_namespaces.clear();
  source.documents[kAlpine] = "<html>moved</html>";
  const auto refused = alpine.portions(source);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == Errc::invalid_input);
}

TEST_CASE("osv: the archive first, then what changed, the archive again after a week or where too much changed") {
  FakeSource source;
  source.wanted_namespaces = {"pypi"};
  source.documents[kPyPI + "modified_id.csv"] = "2026-08-03T10:00:00.25Z,GHSA-2\n2026-08-03T10:00:00Z,GHSA-1\n2026-08-01T00:00:00Z,PYSEC-2026-1\n";
  const Feed& osv = *find_feed("osv");
  auto portions = osv.portions(source);
  REQUIRE(portions);
  CHECK(names_of(*portions) == std::vector<std::string>{"PyPI"});
  CHECK(urls_of((*portions)[0]) == std::vector<std::string>{kPyPI + "all.zip"});
  CHECK_FALSE((*portions)[0].documents[0].once);
  CHECK((*portions)[0].cursor == "2026-08-03T10:00:00.25Z " + std::to_string(source.time));

  source.cursors["PyPI"] = "2026-08-03T10:00:00Z " + std::to_string(source.time - 86400);
  portions = osv.portions(source);
  REQUIRE(portions);
  CHECK(urls_of((*portions)[0]) == std::vector<std::string>{kPyPI + "GHSA-2.json"});  // with a fraction: later
  CHECK((*portions)[0].documents[0].name == "GHSA-2.json");
  CHECK((*portions)[0].documents[0].once);
  CHECK((*portions)[0].documents[0].optional);
  CHECK((*portions)[0].cursor == "2026-08-03T10:00:00.25Z " + std::to_string(source.time - 86400));

  source.unchanged[kPyPI + "modified_id.csv"] = true;
  portions = osv.portions(source);
  REQUIRE(portions);
  CHECK((*portions)[0].documents.empty());
  CHECK((*portions)[0].cursor == source.cursors["PyPI"]);
  source.cursors["PyPI"] = "2026-08-03T10:00:00Z " + std::to_string(source.time - 7 * 86400);
  portions = osv.portions(source);
  REQUIRE(portions);
  CHECK(urls_of((*portions)[0]) == std::vector<std::string>{kPyPI + "all.zip"});
  CHECK((*portions)[0].cursor == "2026-08-03T10:00:00Z " + std::to_string(source.time));

  source.unchanged.clear();
  source.cursors["PyPI"] = "2026-08-01T00:00:00Z " + std::to_string(source.time);
  for (const int changes : {1000, 1001}) {
    std::string& csv = source.documents[kPyPI + "modified_id.csv"] = "";
    for (int i = 0; i < changes; ++i) csv += "2026-08-03T10:00:00Z,PYSEC-" + std::to_string(i) + "\n";
    portions = osv.portions(source);
    REQUIRE(portions);
    CHECK((*portions)[0].documents.size() == (changes == 1000 ? 1000 : 1));
  }
  source.documents.erase(kPyPI + "modified_id.csv");  // a mirror without it
  portions = osv.portions(source);
  REQUIRE(portions);
  CHECK(urls_of((*portions)[0]) == std::vector<std::string>{kPyPI + "all.zip"});
  CHECK((*portions)[0].cursor.empty());
  for (const char* const damaged : {"<html>\n", "2026-08-03T10:00:00Z,../../x\n", "2026-08-03T10:00:00Z\n", "yesterday,GHSA-1\n"}) {
    CAPTURE(damaged);
    source.documents[kPyPI + "modified_id.csv"] = damaged;
    const auto refused = osv.portions(source);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Errc::invalid_input);
    CHECK(refused.error().text.find("modified_id.csv, line 1") != std::string::npos);
  }
}

TEST_CASE("portions: what changed since an archive was made wins over its members, what was withdrawn goes, digests of the content count") {
  std::string name = (fs::temp_directory_path() / "eclair-update-XXXXXX").string();
  const std::string folder = ::mkdtemp(name.data());
  {
    auto store = store::open_advisories(folder);
    REQUIRE(store);
    test::ZipWriter zip;
    for (const char* const id : {"PYSEC-2024-1", "PYSEC-2024-2", "PYSEC-2024-3"}) zip.add("2024/" + std::string(id) + ".json", record(id, "1.0"));
    const std::string archive = zip.finish();

    std::vector<FetchedPortion> portions(1);
    portions[0].state.name = "PyPI";
    portions[0].state.cursor = "c";
    portions[0].documents.push_back({"PyPI/all.zip", sha256(archive).text, std::make_unique<MemorySource>(archive)});
    portions[0].documents.push_back({"pysec-2024-2.json", "", std::make_unique<MemorySource>(record("PYSEC-2024-2", "2.0"))});
    portions[0].withdrawn.push_back({"2024/PYSEC-2024-3.json", "PYSEC-2024-3"});
    ImportRequest request;
    request.feed = "osv";
    request.at = 1000;
    const Limits limits;
    const Cancel stop;
    const auto done = import_portions(**store, request, portions, limits, stop);
    REQUIRE(done);
    CHECK(done->summary.rows == 2);
    CHECK((*store)->rows("pypi", "pysec-2024-1")->size() == 1);
    REQUIRE((*store)->rows("pypi", "pysec-2024-2")->size() == 1);
    CHECK((*store)->rows("pypi", "pysec-2024-2")->front().advisory.fixed_in == "2.0");
    CHECK((*store)->rows("pypi", "pysec-2024-3")->empty());
    auto kept = (*store)->portions("osv");
    REQUIRE(kept);
    REQUIRE(kept->size() == 1);
    CHECK(kept->front().cursor == "c");
    CHECK(kept->front().namespaces == std::vector<std::string>{"pypi"});
    CHECK(*present_namespaces(**store, "osv") == std::vector<std::string>{"pypi"});

    // Only a withdrawal, later: nothing else goes, and what the portion speaks for stays.
    std::vector<FetchedPortion> later(1);
    later[0].state = kept->front();
    later[0].withdrawn.push_back({"", "PYSEC-2024-1"});
    request.at = 2000;
    REQUIRE(import_portions(**store, request, later, limits, stop));
    CHECK((*store)->rows("pypi", "pysec-2024-1")->empty());
    CHECK((*store)->rows("pypi", "pysec-2024-2")->size() == 1);
    CHECK((*store)->portions("osv")->front().namespaces == std::vector<std::string>{"pypi"});

    // Another content than was published.
    std::vector<FetchedPortion> wrong(1);
    wrong[0].documents.push_back({"PyPI/all.zip", sha256("another").text, std::make_unique<MemorySource>(archive)});
    const auto refused = import_portions(**store, request, wrong, limits, stop);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().text.find("PyPI/all.zip: its content has the digest sha256:") != std::string::npos);
    CHECK((*store)->rows("pypi", "pysec-2024-1")->empty());
  }
  fs::remove_all(folder);
}

TEST_CASE("update: a source of pages has no archive that speaks for its namespaces; what its records speak of is kept") {
  std::string name = (fs::temp_directory_path() / "eclair-update-XXXXXX").string();
  const std::string folder = ::mkdtemp(name.data());
  {
    auto store = store::open_advisories(folder);
    REQUIRE(store);
    const std::string page =
        R"({"advisories":[{"name":"RLSA-2024:1","kind":"Security","severity":"Low","synopsis":"Low: a security update","cves":[{"cve":"CVE-2024-0001"}],)"
        R"("packages":[{"nevra":"a-0:1-1.el9.x86_64.rpm","product_name":"Rocky Linux 9 x86_64"}]}],"total":1})";
    ImportRequest request;
    request.feed = "rocky";
    request.at = 1000;
    std::vector<FetchedPortion> portions(1);
    portions[0].state.cursor = "1";
    portions[0].documents.push_back({"page 1", "", std::make_unique<MemorySource>(page)});
    REQUIRE(import_portions(**store, request, portions, Limits{}, Cancel{}));
    CHECK((*store)->rows("rocky:9", "a")->size() == 1);
    REQUIRE((*store)->portions("rocky")->size() == 1);
    CHECK((*store)->portions("rocky")->front().namespaces == std::vector<std::string>{"rocky:9"});
  }
  fs::remove_all(folder);
}

TEST_CASE("update: a release that Ubuntu's archives no longer speak of keeps its last rows; of the others what went is gone") {
  std::string name = (fs::temp_directory_path() / "eclair-update-XXXXXX").string();
  const std::string folder = ::mkdtemp(name.data());
  {
    auto store = store::open_advisories(folder);
    REQUIRE(store);
    const auto osv = [](const std::string& id, const std::vector<std::pair<std::string, std::string>>& affected) {
      std::string out = "{\"id\":\"UBUNTU-" + id + "\",\"upstream\":[\"" + id + "\"],\"affected\":[";
      for (const auto& [release, package] : affected) {
        out += std::string(out.back() == '[' ? "" : ",") + "{\"package\":{\"ecosystem\":\"Ubuntu:" + release + ":LTS\",\"name\":\"" + package +
               "\"},\"ranges\":[{\"type\":\"ECOSYSTEM\",\"events\":[{\"introduced\":\"0\"},{\"fixed\":\"1-1\"}]}]}";
      }
      return out + "]}";
    };
    const std::string vex = R"({"@context":"https://openvex.dev/ns/v0.2.0","statements":[{"vulnerability":{"name":"CVE-2024-0009"},"status":"not_affected",)"
                            R"("products":[{"@id":"pkg:deb/ubuntu/quiet@1-1?arch=source&distro=jammy"}]}]})";
    const auto update = [&](const std::vector<std::string>& records, UnixTime at, bool with_vex) {
      test::ZipWriter records_zip, vex_zip;
      for (std::size_t i = 0; i < records.size(); ++i) records_zip.add("osv/cve/UBUNTU-CVE-2024-" + std::to_string(i) + ".json", records[i]);
      vex_zip.add("vex/cve/CVE-2024-0009.json", vex);
      std::vector<FetchedPortion> portions(1);
      portions[0].documents.push_back({"osv-all.zip", "", std::make_unique<MemorySource>(records_zip.finish())});
      if (with_vex) portions[0].documents.push_back({"vex-all.zip", "", std::make_unique<MemorySource>(vex_zip.finish())});
      ImportRequest request;
      request.feed = "ubuntu";
      request.at = at;
      request.allow_shrink = true;
      auto done = import_portions(**store, request, portions, Limits{}, Cancel{});
      REQUIRE_MESSAGE(done, done.error().text);
      return done->notes;
    };
    const auto rows = [&](const char* space, const char* package) { return (*store)->rows(space, package)->size(); };
    // The VEX archive has nothing to say of 18.04, and yet all was told.
    CHECK(update({osv("CVE-2024-0001", {{"18.04", "a"}, {"22.04", "a"}, {"22.04", "b"}}), osv("CVE-2024-0002", {{"18.04", "a"}}), osv("CVE-2024-0003", {{"18.04", "c"}, {"22.04", "c"}})}, 1000, true)
              .empty());
    CHECK(rows("ubuntu:18.04", "a") == 2);
    CHECK(rows("ubuntu:22.04", "b") == 1);
    CHECK(rows("ubuntu:22.04", "quiet") == 1);
    // 18.04 left the archive; CVE-2024-0001 no longer names b; CVE-2024-0002 is withdrawn, which says something of 18.04 after all.
    CHECK(update({osv("CVE-2024-0001", {{"22.04", "a"}}), R"({"id":"UBUNTU-CVE-2024-0002","withdrawn":"2025-01-01T00:00:00Z","affected":[]})"}, 2000, true).empty());
    CHECK(rows("ubuntu:18.04", "a") == 1);
    CHECK(rows("ubuntu:18.04", "c") == 1);
    CHECK(rows("ubuntu:22.04", "a") == 1);
    CHECK(rows("ubuntu:22.04", "b") == 0);
    CHECK(rows("ubuntu:22.04", "c") == 0);
    // One archive alone tells records anew, and nothing else.
    const auto notes = update({osv("CVE-2024-0001", {{"24.04", "a"}, {"25.04", "a"}})}, 3000, false);
    CHECK(notes == std::vector<std::string>{"ubuntu:24.04 and ubuntu:25.04: no vex in this import; absent records were not removed"});
    CHECK(rows("ubuntu:22.04", "a") == 0);
    CHECK(rows("ubuntu:24.04", "a") == 1);
    CHECK(rows("ubuntu:22.04", "quiet") == 1);
    CHECK(rows("ubuntu:18.04", "c") == 1);
  }
  fs::remove_all(folder);
}

}  // namespace eclair::feeds
