// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "service/classic/api_v0.h"

#include <doctest/doctest.h>

#include "support/classic_exchange.h"

// oracle for statuses and texts: quay/clair at 941a10cc2b (4 Dec 2015), driven over loopback; where it has a bug that no client can depend
// on, its document.

namespace eclair::service::api_v0_test_detail {

using test::ClassicApi;
using test::Exchange;

std::string message(std::string_view text) { return R"({"Message":")" + std::string(text) + "\"}"; }

void hold(ClassicApi& api, const Exchange& wanted) { test::held(api, wanted, "application/json; charset=utf-8"); }

/// A chain of two layers: 8 packages of one release stay when the next comes.
void fill(ClassicApi& api) {
  LayerView base;
  base.name = "wheezy";
  base.name_space = "debian:7";
  base.api = 0;
  LayerView top;
  top.name = "jessie";
  top.parent = "wheezy";
  top.name_space = "debian:8";
  top.api = 0;
  top.features = {
      test::feature("db", "debian:7", "dpkg", "0:5.1", "wheezy", {test::vulnerability("CVE-LOW", "debian:7", Severity::low)}),
      test::feature("glibc", "debian:8", "dpkg", "2.19", "jessie",
                    {test::vulnerability("CVE-A", "debian:8", Severity::high, "2.20"), test::vulnerability("CVE-B", "debian:8", Severity::critical)}),
      test::feature("zlib", "debian:8", "dpkg", "1", "jessie", {test::vulnerability("CVE-A", "debian:8", Severity::high)})};
  LayerChange change;
  change.added = {top.features[1], top.features[2]};
  change.removed = {test::feature("glibc", "debian:7", "dpkg", "2.13", "wheezy",
                                  {test::vulnerability("CVE-B", "debian:7", Severity::critical), test::vulnerability("CVE-OLD", "debian:7", Severity::high)})};
  api.layers.all["wheezy"] = base;
  api.layers.all["jessie"] = top;
  api.layers.changes["jessie"] = change;
}

const std::string kNotFound = message("the resource cannot be found");

TEST_CASE("v0: versions") {
  ClassicApi api;
  hold(api, {"GET /v1/versions", "", 200, R"({"APIVersion":"1","EngineVersion":"3"})"});
}

TEST_CASE("v0: a layer is posted") {
  ClassicApi api;
  hold(api, {"POST /v1/layers", R"({"ID":"a","Path":"/tmp/a/layer.tar"})", 201, R"({"Version":"3"})"});
  // As the OpenVZ tool writes it, with its misspelt member
  hold(api, {"POST /v1/layers", R"({"id":"b","PATH":"http://x/","ParentID":"a","ParantID":"","ImageFormat":"ACI"})", 201, R"({"Version":"3"})"});
  REQUIRE(api.layers.posts.size() == 2);
  CHECK(api.layers.posts[0].format == "Docker");
  CHECK(api.layers.posts[0].api == 0);
  CHECK(api.layers.posts[1].parent == "a");
  CHECK(api.layers.posts[1].format == "ACI");
  hold(api, {"POST /v1/layers", R"({"ID":"","Path":"p"})", 400, message("could not process a layer which does not have ID")});
  hold(api, {"POST /v1/layers", R"({"ID":"c"})", 400, message("could not process a layer which does not have a path")});
  hold(api, {"POST /v1/layers", R"({"ID":7})", 415, message("json: cannot unmarshal number into Go struct field POSTLayersRequest.ID of type string")});
  CHECK(api.layers.posts.size() == 2);
}

TEST_CASE("v0: why a layer could not be analysed") {
  struct {
    PostProblem problem;
    const char* path;
    int status;
    const char* text;
  } const kProblems[] = {
      {PostProblem::unknown_parent, "p", 400, "worker: parent layer is unknown, it must be processed first"},
      {PostProblem::no_distribution, "p", 400, "worker: OS and/or package manager are not supported"},
      {PostProblem::unreachable, "/tmp/none", 404, "the resource cannot be found"},
      {PostProblem::unreachable, "http://x/", 500, "could not download requested ressource"},
      {PostProblem::unsupported_format, "p", 400, "unsupported image format 'Docker'"},
      {PostProblem::broken_archive, "p", 500, "utils: could not extract the archive"},
      {PostProblem::too_large, "p", 500, "utils: could not extract one or more files from the archive: file too big"},
      {PostProblem::refused, "p", 400, "why"},
      {PostProblem::unavailable, "p", 503, "database: could not query backend"},
      {PostProblem::cancelled, "p", 503, "the analysis was cancelled"},
      {PostProblem::internal, "p", 500, "why"},
  };
  for (const auto& one : kProblems) {
    ClassicApi api;
    api.layers.failure = PostFailure{one.problem, "why"};
    hold(api, {"POST /v1/layers", (R"({"ID":"a","Path":")" + std::string(one.path) + "\"}").c_str(), one.status, message(one.text)});
  }
}

TEST_CASE("v0: what is known of a layer") {
  ClassicApi api;
  fill(api);
  const Exchange kExchanges[] = {
      {"GET /v1/layers/jessie/os", "", 200, R"({"OS":"debian:8"})"},
      {"GET /v1/layers/jessie/parent", "", 200, R"({"ID":"wheezy"})"},
      {"GET /v1/layers/wheezy/parent", "", 200, R"({"ID":""})"},
      {"GET /v1/layers/wheezy/packages", "", 200, R"({"Packages":[]})"},
      {"GET /v1/layers/jessie/packages", "", 200,
       R"({"Packages":[{"OS":"debian:7","Name":"db","Version":"5.1"},{"OS":"debian:8","Name":"glibc","Version":"2.19"},)"
       R"({"OS":"debian:8","Name":"zlib","Version":"1"}]})"},
      {"GET /v1/layers/jessie/packages/diff", "", 200,
       R"({"InstalledPackages":[{"OS":"debian:8","Name":"glibc","Version":"2.19"},{"OS":"debian:8","Name":"zlib","Version":"1"}],)"
       R"("RemovedPackages":[{"OS":"debian:7","Name":"glibc","Version":"2.13"}]})"},
      {"GET /v1/layers/wheezy/packages/diff", "", 200, R"({"InstalledPackages":[],"RemovedPackages":[]})"},
  };
  for (const Exchange& one : kExchanges) hold(api, one);
  for (const char* what : {"os", "parent", "packages", "packages/diff", "vulnerabilities", "vulnerabilities/diff"}) {
    hold(api, {("GET /v1/layers/none/" + std::string(what)).c_str(), "", 404, kNotFound});
  }
  api.layers.broken = Error{Errc::unavailable, "disk"};
  hold(api, {"GET /v1/layers/jessie/os", "", 503, message("database: could not query backend")});
  api.layers.broken = Error{Errc::conflict, "busy"};
  hold(api, {"GET /v1/layers/jessie/packages/diff", "", 503, message("database: transaction failed (concurrent modification?)")});
  api.layers.broken = Error{Errc::internal, "odd"};
  hold(api, {"GET /v1/layers/jessie/os", "", 500, message("odd")});
}

TEST_CASE("v0: vulnerabilities of a layer, one of each name, from High on unless asked otherwise") {
  ClassicApi api;
  fill(api);
  const std::string a = R"({"ID":"CVE-A","Link":"l","Priority":"High","Description":"d","CausedByPackage":"glibc"})";
  const std::string b = R"({"ID":"CVE-B","Link":"l","Priority":"Critical","Description":"d","CausedByPackage":"glibc"})";
  const std::string low = R"({"ID":"CVE-LOW","Link":"l","Priority":"Low","Description":"d","CausedByPackage":"db"})";
  const std::string old = R"({"ID":"CVE-OLD","Link":"l","Priority":"High","Description":"d","CausedByPackage":"glibc"})";
  const std::string path = "GET /v1/layers/jessie/vulnerabilities";
  const auto list = [](const std::string& inner) { return R"({"Vulnerabilities":[)" + inner + "]}"; };
  hold(api, {path.c_str(), "", 200, list(a + "," + b)});
  hold(api, {(path + "?minimumPriority=").c_str(), "", 200, list(a + "," + b)});
  hold(api, {(path + "?minimumPriority=Low").c_str(), "", 200, list(a + "," + b + "," + low)});
  hold(api, {(path + "?minimumPriority=Critical").c_str(), "", 200, list(b)});
  hold(api, {(path + "?minimumPriority=Defcon1").c_str(), "", 200, list("")});
  hold(api, {(path + "?minimumPriority=low").c_str(), "", 400, message("invalid priority")});
  hold(api, {"GET /v1/layers/none/vulnerabilities?minimumPriority=x", "", 400, message("invalid priority")});
  hold(api, {(path + "/diff").c_str(), "", 200, R"({"Adds":[)" + a + R"(],"Removes":[)" + old + "]}"});
  hold(api, {(path + "/diff?minimumPriority=Critical").c_str(), "", 200, R"({"Adds":[],"Removes":[]})"});
  hold(api, {(path + "/diff?minimumPriority=x").c_str(), "", 400, message("invalid priority")});

  const char* const kBatch = "POST /v1/batch/layers/vulnerabilities";
  hold(api, {kBatch, R"({"LayersIDs":["wheezy","jessie","jessie"]})", 200,
             R"({"jessie":)" + list(a + "," + b) + R"(,"wheezy":)" + list("") + "}"});
  hold(api, {(kBatch + std::string("?minimumPriority=Critical")).c_str(), R"({"layersids":["jessie"]})", 200, R"({"jessie":)" + list(b) + "}"});
  hold(api, {kBatch, R"({"LayersIDs":["jessie","none"]})", 404, kNotFound});
  hold(api, {kBatch, "", 415, message("EOF")});
  hold(api, {kBatch, "[", 415, message("unexpected EOF")});
  CHECK(api.ask(kBatch, R"({"LayersIDs":"jessie"})").status == 415);
  CHECK(api.ask(kBatch, R"({"LayersIDs":[7]})").status == 415);
  hold(api, {(kBatch + std::string("?minimumPriority=x")).c_str(), "{}", 400, message("at least one LayerID query parameter must be provided")});
  hold(api, {(kBatch + std::string("?minimumPriority=x")).c_str(), R"({"LayersIDs":["none"]})", 400, message("invalid priority")});
}

const char* const kSent =
    R"({"ID":"CVE-A","Link":"https://x/","Priority":"Medium","Description":"d","AffectedPackages":[)"
    R"({"OS":"debian:8","Name":"glibc","AllVersions":false,"BeforeVersion":"2.99-1"},{"OS":"centos:7","Name":"bash","AllVersions":true,"BeforeVersion":""}]})";

TEST_CASE("v0: a vulnerability is one of all distributions") {
  ClassicApi api;
  hold(api, {"POST /v1/vulnerabilities", kSent, 201, ""});
  CHECK(api.vulnerabilities.all["debian:8"]["CVE-A"].fixes == std::vector<Fix>{{"glibc", "2.99-1"}});
  CHECK(api.vulnerabilities.all["centos:7"]["CVE-A"].fixes == std::vector<Fix>{{"bash", ""}});
  const std::string shown =
      R"({"ID":"CVE-A","Link":"https://x/","Priority":"Medium","Description":"d","AffectedPackages":[)"
      R"({"OS":"centos:7","Name":"bash","AllVersions":true,"BeforeVersion":""},{"OS":"debian:8","Name":"glibc","AllVersions":false,"BeforeVersion":"2.99-1"}]})";
  hold(api, {"GET /v1/vulnerabilities/CVE-A", "", 200, shown});
  hold(api, {"POST /v1/vulnerabilities", kSent, 400, message("vulnerability already exists")});

  // PUT: what is given replaces, packages are added or changed, the rest stays
  hold(api, {"PUT /v1/vulnerabilities/CVE-A",
             R"({"ID":"other","Priority":"Critical","AffectedPackages":[{"OS":"debian:8","Name":"glibc","BeforeVersion":"3"},)"
             R"({"OS":"ubuntu:14.04","Name":"eglibc","BeforeVersion":"2"}]})",
             201, ""});
  CHECK(api.vulnerabilities.all["debian:8"]["CVE-A"].fixes == std::vector<Fix>{{"glibc", "3"}});
  CHECK(api.vulnerabilities.all["centos:7"]["CVE-A"].severity == Severity::critical);
  CHECK(api.vulnerabilities.all["ubuntu:14.04"]["CVE-A"].link == "https://x/");
  CHECK(api.vulnerabilities.all["ubuntu:14.04"]["CVE-A"].severity == Severity::critical);
  hold(api, {"PUT /v1/vulnerabilities/CVE-A", R"({"Priority":"Unknown","Link":"","Description":"new"})", 201, ""});
  CHECK(api.vulnerabilities.all["debian:8"]["CVE-A"].severity == Severity::critical);
  CHECK(api.vulnerabilities.all["debian:8"]["CVE-A"].description == "new");
  CHECK(api.vulnerabilities.all["debian:8"]["CVE-A"].link == "https://x/");
  hold(api, {"PUT /v1/vulnerabilities/CVE-A", R"({"Priority":"worst"})", 400, message("Could not update a vulnerability which has an invalid priority")});
  hold(api, {"PUT /v1/vulnerabilities/none", "{}", 404, kNotFound});
  hold(api, {"PUT /v1/vulnerabilities/CVE-A", "", 415, message("EOF")});
  hold(api, {"PUT /v1/vulnerabilities/CVE-A", R"({"AffectedPackages":[{"OS":"debian:8"}]})", 400, message("could not insert an incomplete package")});

  hold(api, {"DELETE /v1/vulnerabilities/CVE-A", "", 204, ""});
  hold(api, {"DELETE /v1/vulnerabilities/CVE-A", "", 404, kNotFound});
  hold(api, {"GET /v1/vulnerabilities/CVE-A", "", 404, kNotFound});
  hold(api, {"POST /v1/vulnerabilities", kSent, 201, ""});  // again
}

TEST_CASE("v0: what is wrong with a posted vulnerability, in this order") {
  ClassicApi api;
  const auto post = [&](const char* body, int status, const char* text) { hold(api, {"POST /v1/vulnerabilities", body, status, message(text)}); };
  const auto bad_version = [&](const char* version, const char* text) {
    post((R"({"AffectedPackages":[{"OS":"o","Name":"n","BeforeVersion":")" + std::string(version) + "\"}]}").c_str(), 415, text);
  };
  post("", 415, "EOF");
  post("{", 415, "unexpected EOF");
  bad_version("a1", "version does not start with digit");
  bad_version("-1", "No version");
  bad_version("x:1", "epoch in version is not a number");
  bad_version("-1:1", "epoch in version is negative");
  bad_version("1 2", "invalid character in version");
  bad_version("1-2!", "invalid character in revision");
  post(R"({"AffectedPackages":[{"OS":"o","Name":"n","BeforeVersion":""}]})", 400, "could not insert an incomplete package");
  post(R"({"AffectedPackages":[{"OS":"","Name":"n","AllVersions":true}]})", 400, "could not insert an incomplete package");
  post(R"({"ID":"v","Link":"l"})", 400, "Could not insert an incomplete vulnerability");
  post("null", 400, "Could not insert an incomplete vulnerability");
  post(R"({"ID":"v","Link":"l","Priority":"low"})", 400, "Could not insert a vulnerability which has an invalid priority");
  post(R"({"ID":"v","Link":"l","Priority":"Low"})", 400, "could not insert a vulnerability which doesn't affect any package");
  CHECK(api.vulnerabilities.all.empty());
}

TEST_CASE("v0: the layers that a vulnerability came with, and those that have it") {
  ClassicApi api;
  fill(api);
  hold(api, {"GET /v1/vulnerabilities/CVE-A/introducing-layers", "", 404, kNotFound});
  api.ask("POST /v1/vulnerabilities", kSent);
  hold(api, {"GET /v1/vulnerabilities/CVE-A/introducing-layers", "", 200, R"({"IntroducingLayers":[],"IntroducingLayersIDs":[]})"});
  api.layers.introduced[{"debian:8", "CVE-A"}] = {{2, "jessie"}, {5, "five"}};
  api.layers.introduced[{"centos:7", "CVE-A"}] = {{1, "one"}, {2, "jessie"}};
  const std::string three = R"(["one","jessie","five"])";
  hold(api, {"GET /v1/vulnerabilities/CVE-A/introducing-layers", "", 200, R"({"IntroducingLayers":)" + three + R"(,"IntroducingLayersIDs":)" + three + "}"});
  const char* const kAffected = "POST /v1/vulnerabilities/CVE-A/affected-layers";
  hold(api, {kAffected, R"({"LayersIDs":["wheezy","jessie"]})", 200, R"({"jessie":{"Vulnerable":true},"wheezy":{"Vulnerable":false}})"});
  hold(api, {kAffected, R"({"LayersIDs":["none"]})", 404, kNotFound});
  hold(api, {"POST /v1/vulnerabilities/none/affected-layers", R"({"LayersIDs":["jessie"]})", 404, kNotFound});
  hold(api, {kAffected, "{}", 400,
             message("getting the entire list of affected layers is not supported yet: at least one LayerID query parameter must be provided")});
  hold(api, {kAffected, "", 415, message("EOF")});
}

TEST_CASE("v0: a key of some layers sees no others") {
  ClassicApi api;
  fill(api);
  api.ask("POST /v1/vulnerabilities", kSent);
  api.layers.introduced[{"debian:8", "CVE-A"}] = {{2, "jessie"}, {5, "five"}};
  api.who.prefixes = {"five"};
  CHECK(api.ask("GET /v1/layers/jessie/packages").status == 404);
  CHECK(api.ask("GET /v1/layers/jessie/packages/diff").status == 404);
  CHECK(api.ask("POST /v1/batch/layers/vulnerabilities", R"({"LayersIDs":["jessie"]})").status == 404);
  hold(api, {"GET /v1/vulnerabilities/CVE-A/introducing-layers", "", 200, R"({"IntroducingLayers":["five"],"IntroducingLayersIDs":["five"]})"});
  hold(api, {"POST /v1/layers", R"({"ID":"a","Path":"p"})", 403, message("this key may not be used for that")});
  hold(api, {"POST /v1/layers", R"({"ID":"five2","ParentID":"jessie","Path":"p"})", 400,
             message("worker: parent layer is unknown, it must be processed first")});
  for (const char* line : {"POST /v1/vulnerabilities", "PUT /v1/vulnerabilities/CVE-A", "DELETE /v1/vulnerabilities/CVE-A"}) {
    CAPTURE(line);
    CHECK(api.ask(line, "{}").status == 403);
  }
}

TEST_CASE("v0: the time limit has the words of its time") {
  ClassicApi api;
  CHECK(api.apis.back().timed_out().status == 503);
  CHECK(api.apis.back().timed_out().body == message("http: Handler timeout"));
}

}  // namespace eclair::service::api_v0_test_detail
