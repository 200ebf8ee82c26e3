// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "feeds/import.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "support/http_server.h"
#include "support/tar_writer.h"
#include "support/zip_writer.h"

namespace fs = std::filesystem;

namespace eclair::feeds {
namespace import_test_detail {

struct Folder {
  Folder() {
    std::string name = (fs::temp_directory_path() / "eclair-import-XXXXXX").string();
    path = ::mkdtemp(name.data());
  }
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path, ignored);
  }
  std::string put(const std::string& name, const std::string& bytes) const {
    fs::create_directories((fs::path(path) / name).parent_path());
    std::ofstream(fs::path(path) / name, std::ios::binary) << bytes;
    return path + "/" + name;
  }
  std::string path;
};

/// A store and what is imported into it.
struct Bench {
  Folder folder;
  std::unique_ptr<store::AdvisoryStore> store = std::move(*store::open_advisories(folder.path + "/data"));
  Limits limits;
  Cancel stop;
  UnixTime at = 1000;

  Result<ImportReport> import(const std::string& feed, const std::vector<std::string>& origins, bool allow_shrink = false) {
    ImportRequest request;
    request.feed = feed;
    request.origins = origins;
    request.allow_shrink = allow_shrink;
    request.at = at++;
    request.network.retries = 0;
    return import_feed(*store, request, limits, stop);
  }
  std::size_t rows(const std::string& name_space, const std::string& package) { return store->rows(name_space, package)->size(); }
  store::FeedState state(const std::string& feed) {
    const auto states = store->feeds();
    for (const auto& one : *states) {
      if (one.name == feed) return one;
    }
    return {};
  }
};

/// Packages p0 ... of a release.
std::string tracker(int packages, const std::string& release = "bookworm") {
  std::string out = "{";
  for (int i = 0; i < packages; ++i) {
    out += (i == 0 ? "\"p" : ",\"p") + std::to_string(i) + "\":{\"CVE-2024-" + std::to_string(1000 + i) + "\":{\"description\":\"d\",\"releases\":{\"" + release +
           "\":{\"status\":\"open\",\"urgency\":\"low\"}}}}";
  }
  return out + "}";
}

std::string secdb(const std::string& repository, const std::string& package) {
  return "{\"distroversion\":\"v3.19\",\"reponame\":\"" + repository + "\",\"packages\":[" +
         (package.empty() ? "" : "{\"pkg\":{\"name\":\"" + package + "\",\"secfixes\":{\"1.0-r0\":[\"CVE-2024-0001\"]}}}") + "]}";
}

std::string osv(const std::string& id, const std::string& ecosystem, const std::string& package, const std::string& more = "") {
  return "{\"id\":\"" + id + "\",\"modified\":\"2024-01-01T00:00:00Z\"" + more + ",\"affected\":[{\"package\":{\"ecosystem\":\"" + ecosystem + "\",\"name\":\"" +
         package + "\"},\"ranges\":[{\"type\":\"SEMVER\",\"events\":[{\"introduced\":\"0\"},{\"fixed\":\"1.0.0\"}]}]}]}";
}

std::string answer(const std::string& body) {
  return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\nConnection: close\r\n\r\n" + body;
}

}  // namespace import_test_detail
using namespace import_test_detail;

TEST_CASE("import: a tracker file, again unchanged, then with a package less") {
  Bench bench;
  const std::string file = bench.folder.put("json", tracker(10));
  auto report = bench.import("debian", {file});
  REQUIRE(report);
  CHECK(report->summary.rows == 10);
  CHECK(report->summary.vulnerabilities == 10);
  CHECK(report->documents == 1);
  CHECK(bench.rows("debian:12", "p9") == 1);
  CHECK((*bench.store->text("debian", "CVE-2024-1009"))->description == "d");
  report = bench.import("debian", {file});
  REQUIRE(report);
  CHECK(report->summary.unchanged);
  CHECK(bench.state("debian").fetched_at == 1001);
  bench.folder.put("json", tracker(9));
  report = bench.import("debian", {file});
  REQUIRE(report);
  CHECK(report->summary.closed == 1);
  CHECK(bench.rows("debian:12", "p9") == 0);
}

TEST_CASE("import: what speaks of vulnerabilities alone is kept, told anew, and gone when it is no longer said") {
  Bench bench;
  const auto catalog = [](int entries) {
    std::string out = "{\"vulnerabilities\":[";
    for (int i = 0; i < entries; ++i) {
      out += std::string(i == 0 ? "" : ",") + "{\"cveID\":\"CVE-2024-" + std::to_string(1000 + i) + "\",\"dateAdded\":\"2024-02-10\"}";
    }
    return out + "]}";
  };
  auto report = bench.import("kev", {bench.folder.put("kev.json", catalog(10))});
  REQUIRE(report);
  CHECK(report->summary.vulnerabilities == 10);
  REQUIRE(bench.store->text("kev", "CVE-2024-1009")->has_value());
  CHECK((*bench.store->text("kev", "CVE-2024-1009"))->exploited == Exploited{1707523200, 0, false});
  CHECK(bench.store->search({.id = "CVE-2024-1009"})->at(0).name_space == kVulnerabilitySpace);
  REQUIRE(bench.import("kev", {bench.folder.put("kev.json", catalog(9))}));
  CHECK_FALSE(bench.store->text("kev", "CVE-2024-1009")->has_value());
  CHECK(bench.store->text("kev", "CVE-2024-1008")->has_value());
  CHECK_FALSE(bench.import("kev", {bench.folder.put("kev.json", catalog(1))}));
  CHECK(bench.store->text("kev", "CVE-2024-1008")->has_value());

  const auto scores = [](const char* score) { return std::string("cve,epss\nCVE-2024-1008,") + score + "\nCVE-2024-1009,0.5\n"; };
  REQUIRE(bench.import("epss", {bench.folder.put("epss_scores-2026-08-15.csv", scores("0.1"))}));
  report = bench.import("epss", {bench.folder.put("epss_scores-2026-08-16.csv", scores("0.2"))});
  REQUIRE(report);
  CHECK(report->summary.closed == 0);
  CHECK((*bench.store->text("epss", "CVE-2024-1008"))->epss == Epss{0.2, -1, 1786838400});

  // A week's changes speak for themselves alone; a CVE that was rejected goes.
  const auto nvd = [](const char* id, const char* status) {
    return std::string("{\"vulnerabilities\":[{\"cve\":{\"id\":\"") + id + "\",\"vulnStatus\":\"" + status + "\",\"descriptions\":[{\"lang\":\"en\",\"value\":\"d\"}]}}]}";
  };
  REQUIRE(bench.import("nvd", {bench.folder.put("2024.json", nvd("CVE-2024-1008", "Analyzed"))}));
  REQUIRE(bench.import("nvd", {bench.folder.put("modified.json", nvd("CVE-2024-1009", "Analyzed"))}));
  CHECK(bench.store->text("nvd", "CVE-2024-1008")->has_value());
  REQUIRE(bench.import("nvd", {bench.folder.put("modified.json", nvd("CVE-2024-1009", "Rejected"))}));
  CHECK(bench.store->text("nvd", "CVE-2024-1008")->has_value());
  CHECK_FALSE(bench.store->text("nvd", "CVE-2024-1009")->has_value());
}

TEST_CASE("import: a release that the source dropped keeps its rows; a shrunken one is refused") {
  Bench bench;
  REQUIRE(bench.import("debian", {bench.folder.put("a", tracker(10, "buster"))}));
  REQUIRE(bench.import("debian", {bench.folder.put("b", tracker(10))}));
  CHECK(bench.rows("debian:10", "p9") == 1);
  const auto refused = bench.import("debian", {bench.folder.put("c", tracker(6))});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == Errc::conflict);
  CHECK(bench.rows("debian:12", "p9") == 1);
  REQUIRE(bench.import("debian", {bench.folder.put("c", tracker(6))}, true));
  CHECK(bench.rows("debian:12", "p9") == 0);
}

TEST_CASE("import: whatever is broken, nothing of the import is kept") {
  Bench bench;
  REQUIRE(bench.import("debian", {bench.folder.put("good", tracker(10))}));
  const std::string before = bench.state("debian").snapshot, next = tracker(11);
  for (std::size_t n = 1; n < next.size(); n += 1 + next.size() / 37) {
    CAPTURE(n);
    const auto cut = bench.import("debian", {bench.folder.put("cut", next.substr(0, n))});
    REQUIRE_FALSE(cut);
    CHECK(cut.error().code == Errc::invalid_input);
  }
  const auto second_bad = bench.import("debian", {bench.folder.put("x/1.json", next), bench.folder.put("x/2.json", "{")});
  REQUIRE_FALSE(second_bad);
  CHECK(second_bad.error().text.find("2.json") != std::string::npos);
  test::ZipWriter zip;
  zip.add("json.json", next);
  const std::string archive = zip.finish();
  CHECK_FALSE(bench.import("debian", {bench.folder.put("cut.zip", archive.substr(0, archive.size() - 1))}));
  test::TarWriter tar;
  tar.file("tracker/1.json", next).file("tracker/2.json", "{");
  const auto bad_in_tar = bench.import("debian", {bench.folder.put("bad.tar", tar.finish())});
  REQUIRE_FALSE(bad_in_tar);
  CHECK(bad_in_tar.error().text.find("2.json") != std::string::npos);
  CHECK_FALSE(bench.import("debian", {bench.folder.path + "/none.json"}));
  CHECK(bench.import("debian", {bench.folder.path + "/none.json"}).error().code == Errc::not_found);
  CHECK(bench.import("debian", {}).error().code == Errc::invalid_input);
  CHECK(bench.import("nonesuch", {bench.folder.path}).error().code == Errc::unsupported);
  bench.stop.request();
  const auto cancelled = bench.import("debian", {bench.folder.put("more", next)});
  REQUIRE_FALSE(cancelled);
  CHECK(cancelled.error().code == Errc::cancelled);
  CHECK(bench.state("debian").snapshot == before);
  CHECK(bench.state("debian").fetched_at == 1000);
  CHECK(bench.state("debian").records == 10);
}

TEST_CASE("import: the two repositories of an Alpine release are one namespace") {
  Bench bench;
  bench.folder.put("secdb/v3.19/main.json", secdb("main", "openssl"));
  bench.folder.put("secdb/v3.19/community.json", secdb("community", "vim"));
  auto report = bench.import("alpine", {bench.folder.path + "/secdb"});
  REQUIRE(report);
  CHECK(report->notes.empty());
  CHECK(bench.rows("alpine:v3.19", "openssl") == 1);
  CHECK(bench.rows("alpine:v3.19", "vim") == 1);
  // One alone: what the other brought stays.
  report = bench.import("alpine", {bench.folder.put("main.json", secdb("main", "zlib"))});
  REQUIRE(report);
  CHECK(report->notes.size() == 1);
  CHECK(bench.rows("alpine:v3.19", "openssl") == 1);
  CHECK(bench.rows("alpine:v3.19", "vim") == 1);
  CHECK(bench.rows("alpine:v3.19", "zlib") == 1);
  // Both, named one by one: what is in neither goes.
  report = bench.import("alpine", {bench.folder.put("main.json", secdb("main", "zlib")), bench.folder.put("community.json", secdb("community", ""))}, true);
  REQUIRE(report);
  CHECK(bench.rows("alpine:v3.19", "openssl") == 0);
  CHECK(bench.rows("alpine:v3.19", "vim") == 0);
  CHECK(bench.rows("alpine:v3.19", "zlib") == 1);
}

TEST_CASE("import: OSV records add up; an archive speaks for its ecosystem; a withdrawn record goes") {
  Bench bench;
  REQUIRE(bench.import("osv", {bench.folder.put("1.json", osv("GHSA-1", "npm", "a"))}));
  REQUIRE(bench.import("osv", {bench.folder.put("2.json", osv("GHSA-2", "PyPI", "b"))}));
  CHECK(bench.rows("npm", "a") == 1);
  CHECK(bench.rows("pypi", "b") == 1);
  // Told anew of another package: it leaves the first.
  REQUIRE(bench.import("osv", {bench.folder.put("1.json", osv("GHSA-1", "npm", "c"))}));
  CHECK(bench.rows("npm", "a") == 0);
  CHECK(bench.rows("npm", "c") == 1);
  // The archive of npm has another record, and says something of PyPI in passing.
  test::ZipWriter zip;
  zip.add("GHSA-3.json", osv("GHSA-3", "npm", "d"));
  REQUIRE(bench.import("osv", {bench.folder.put("all.zip", zip.finish())}));
  CHECK(bench.rows("npm", "c") == 0);
  CHECK(bench.rows("npm", "d") == 1);
  CHECK(bench.rows("pypi", "b") == 1);
  REQUIRE(bench.import("osv", {bench.folder.put("2.json", osv("GHSA-2", "PyPI", "b", ",\"withdrawn\":\"2024-02-01T00:00:00Z\""))}));
  CHECK(bench.rows("pypi", "b") == 0);
  CHECK(bench.state("osv").records == 1);
}

TEST_CASE("import: from a URL, packed or not; an answer that is no document changes nothing") {
  Bench bench;
  const tests::HttpServer server([](const std::string& request) {
    if (request.find("GET /v3.19/main.json") == 0) return tests::HttpServer::Reply{answer(secdb("", "openssl"))};
    if (request.find("GET /v3.19/community.json?x=1") == 0) return tests::HttpServer::Reply{answer(secdb("", "vim"))};
    if (request.find("GET /cut.json") == 0) {
      std::string reply = answer(secdb("main", "zlib"));
      reply.resize(reply.size() - 10);
      return tests::HttpServer::Reply{reply};
    }
    if (request.find("GET /error.html") == 0) return tests::HttpServer::Reply{answer("<html>down for maintenance</html>")};
    return tests::HttpServer::Reply{"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"};
  });
  const auto report = bench.import("alpine", {server.url("/v3.19/main.json"), server.url("/v3.19/community.json?x=1")});
  REQUIRE(report);
  CHECK(report->notes.empty());
  CHECK(bench.state("alpine").records == 2);
  CHECK(bench.state("alpine").origin == server.url("/v3.19/main.json") + " " + server.url("/v3.19/community.json?x=1"));
  for (const char* path : {"/cut.json", "/error.html", "/none.json"}) {
    CAPTURE(path);
    CHECK_FALSE(bench.import("alpine", {server.url(path)}));
  }
  CHECK(bench.import("alpine", {server.url("/none.json")}).error().code == Errc::not_found);
  CHECK(bench.state("alpine").records == 2);
  CHECK(bench.state("alpine").fetched_at == 1000);
}

TEST_CASE("import: bounds are errors that name them") {
  Bench bench;
  const std::string file = bench.folder.put("json", tracker(100));
  bench.limits.feed_bytes = 1000;
  auto refused = bench.import("debian", {file});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == Errc::limit);
  CHECK(refused.error().text.find("feed_bytes (1000)") != std::string::npos);
  bench.limits = Limits{};
  bench.limits.feed_documents = 2;
  for (int i = 0; i < 3; ++i) bench.folder.put("many/" + std::to_string(i) + ".json", osv("X-1", "npm", "a"));
  refused = bench.import("osv", {bench.folder.path + "/many"});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == Errc::limit);
  CHECK(refused.error().text.find("feed_documents (2)") != std::string::npos);
}

TEST_CASE("import: progress counts up, and names what is read") {
  Bench bench;
  const std::string file = bench.folder.put("json", tracker(40000));
  ImportRequest request;
  request.feed = "debian";
  request.origins = {file};
  std::uint64_t rows = 0, calls = 0;
  REQUIRE(import_feed(*bench.store, request, bench.limits, bench.stop, [&](const ImportProgress& at) {
    CHECK(at.rows >= rows);
    CHECK(at.part == file);
    rows = at.rows;
    ++calls;
  }));
  CHECK(calls > 2);
  CHECK(rows > 30000);
}

TEST_CASE("import: links in a folder are not followed, and other files are passed over") {
  Bench bench;
  bench.folder.put("in/a.json", osv("GHSA-1", "npm", "a"));
  bench.folder.put("in/modified_id.csv", "x");
  bench.folder.put("outside.json", osv("GHSA-2", "npm", "b"));
  fs::create_symlink(bench.folder.path + "/outside.json", bench.folder.path + "/in/b.json");
  fs::create_directory_symlink(bench.folder.path, bench.folder.path + "/in/loop");
  const auto report = bench.import("osv", {bench.folder.path + "/in"});
  REQUIRE(report);
  CHECK(report->documents == 1);
}

}  // namespace eclair::feeds
