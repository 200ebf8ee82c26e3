// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "service/classic/api_v1.h"

#include <doctest/doctest.h>

#include "support/classic_exchange.h"

// oracle for statuses and texts: quay/clair v2.1.8, driven over loopback; where it has a bug that no client can depend on, its document.

namespace eclair::service::api_v1_test_detail {

using test::ClassicApi;
using test::Exchange;
using test::whole_body;

std::string error(std::string_view text) { return R"({"Error":{"Message":")" + std::string(text) + "\"}}\n"; }

void hold(ClassicApi& api, const Exchange& wanted) {
  const Reply reply = test::held(api, wanted, "application/json;charset=utf-8");
  CAPTURE(wanted.line);
  using Headers = std::vector<std::pair<std::string, std::string>>;
  CHECK(reply.headers == (wanted.answer.empty() ? Headers{} : Headers{{"Server", "clair"}}));
}

TEST_CASE("v1: a layer is posted, and the request comes back with the number of the analysis") {
  ClassicApi api;
  hold(api, {"POST /v1/layers", R"({"Layer":{"Name":"a","Path":"http://x/a","Format":"Docker"}})", 201,
             R"({"Layer":{"Name":"a","Path":"http://x/a","Format":"Docker","IndexedByVersion":3}})"
             "\n"});
  // klar's way: members in any case, nulls, an Authorization that says nothing, members that mean nothing here
  hold(api, {"POST /v1/layers",
             R"({"layer":{"name":"b","PATH":"http://x/b?a=1&b","ParentName":"a","Format":"docker","Features":null,"Extra":[1],)"
             R"("Headers":{"Authorization":"","X":"<1>"}}} trailing)",
             201,
             R"({"Layer":{"Name":"b","Path":"http://x/b?a=1\u0026b","Headers":{"Authorization":"","X":"\u003c1\u003e"},"ParentName":"a",)"
             R"("Format":"docker","IndexedByVersion":3}})"
             "\n"});
  REQUIRE(api.layers.posts.size() == 2);
  const LayerPost& post = api.layers.posts.back();
  CHECK(post.name == "b");
  CHECK(post.parent == "a");
  CHECK(post.format == "docker");
  CHECK(post.api == 1);
  CHECK(post.headers == std::vector<std::pair<std::string, std::string>>{{"X", "<1>"}});
}

TEST_CASE("v1: what is wrong with a posted layer") {
  ClassicApi api;
  const Exchange kExchanges[] = {
      {"POST /v1/layers", "", 400, error("EOF")},
      {"POST /v1/layers", "{\"Layer\":{\"Name\":\"a", 400, error("unexpected EOF")},
      {"POST /v1/layers", R"({"Layer":7})", 400, error("json: cannot unmarshal number into Go struct field LayerEnvelope.Layer of type object")},
      {"POST /v1/layers", R"({"Layer":{"Name":7}})", 400, error("json: cannot unmarshal number into Go struct field Layer.Name of type string")},
      {"POST /v1/layers", "[]", 400, error("json: cannot unmarshal array into Go value of type v1.LayerEnvelope")},
      {"POST /v1/layers", "{}", 400, error("failed to provide layer")},
      {"POST /v1/layers", "null", 400, error("failed to provide layer")},
      {"POST /v1/layers", R"({"Layer":null})", 400, error("failed to provide layer")},
      {"POST /v1/layers", R"({"Layer":{}})", 400, error("could not process a layer which does not have a name")},
      {"POST /v1/layers", R"({"Layer":{"Name":"a"}})", 400, error("could not process a layer which does not have a path")},
      {"POST /v1/layers", R"({"Layer":{"Name":"a","Path":"p"}})", 400, error("could not process a layer which does not have a format")},
  };
  for (const Exchange& one : kExchanges) hold(api, one);
  CHECK(api.layers.posts.empty());
  const std::string deep = R"({"Layer":{"Name":"a","Features":)" + std::string(5000, '[') + std::string(5000, ']') + "}}";
  CHECK(api.ask("POST /v1/layers", deep).status == 400);
  CHECK(api.ask("POST /v1/layers", R"({"Layer":{"Path":"p","Format":"Docker","Name":")" + std::string(1025, 'n') + "\"}}").status == 400);
  CHECK(api.ask("POST /v1/layers", R"({"Layer":{"Path":"p","Format":"Docker","Name":")" + std::string(1024, 'n') + "\"}}").status == 201);
}

TEST_CASE("v1: why a layer could not be analysed") {
  struct {
    PostProblem problem;
    int status;
    const char* text;
  } const kProblems[] = {
      {PostProblem::unknown_parent, 400, "worker: parent layer is unknown, it must be processed first"},
      {PostProblem::unreachable, 400, "could not find layer"},
      {PostProblem::unsupported_format, 400, "unsupported image format 'X'"},
      {PostProblem::broken_archive, 422, "tarutil: could not extract the archive"},
      {PostProblem::too_large, 422, "tarutil: could not extract one or more files from the archive: file too big"},
      {PostProblem::no_distribution, 422, "worker: OS and/or package manager are not supported"},
      {PostProblem::refused, 422, "why"},
      {PostProblem::unavailable, 500, "database: an error occured when querying the backend"},
      {PostProblem::cancelled, 503, "the analysis was cancelled"},
      {PostProblem::internal, 500, "why"},
  };
  for (const auto& one : kProblems) {
    ClassicApi api;
    api.layers.failure = PostFailure{one.problem, "why"};
    hold(api, {"POST /v1/layers", R"({"Layer":{"Name":"a","Path":"p","Format":"X"}})", one.status, error(one.text)});
  }
}

TEST_CASE("v1: a layer's report") {
  ClassicApi api;
  LayerView view;
  view.name = "jessie";
  view.parent = "wheezy";
  view.name_space = "debian:8";
  FeatureVulnerability vulnerability = test::vulnerability("CVE-A", "debian:8", Severity::low, "2.99-1");
  vulnerability.metadata = R"({"NVD":{"CVSSv2":{"Score":7.5,"Vectors":"AV:N"}}})";
  view.features = {test::feature("db", "debian:7", "dpkg", "5.1", "wheezy"),
                   test::feature("glibc", "debian:8", "dpkg", "2.19-18+deb8u1", "jessie", {vulnerability})};
  api.layers.all["jessie"] = view;
  api.layers.all["empty"] = LayerView{.name = "empty", .parent = "", .name_space = "", .version_format = "", .features = {}};
  const std::string head = R"({"Layer":{"Name":"jessie","NamespaceName":"debian:8","ParentName":"wheezy","IndexedByVersion":3)";
  const std::string db = R"({"Name":"db","NamespaceName":"debian:7","VersionFormat":"dpkg","Version":"5.1","AddedBy":"wheezy"})";
  const std::string glibc = R"({"Name":"glibc","NamespaceName":"debian:8","VersionFormat":"dpkg","Version":"2.19-18+deb8u1",)";
  const std::string list =
      R"("Vulnerabilities":[{"Name":"CVE-A","NamespaceName":"debian:8","Description":"d","Link":"l","Severity":"Low",)"
      R"("Metadata":{"NVD":{"CVSSv2":{"Score":7.5,"Vectors":"AV:N"}}},"FixedBy":"2.99-1"}],)";
  const std::string by = R"("AddedBy":"jessie"})";
  hold(api, {"GET /v1/layers/jessie", "", 200, head + "}}\n"});
  const std::string features = head + R"(,"Features":[)" + db + "," + glibc + by + "]}}\n";
  hold(api, {"GET /v1/layers/jessie?features", "", 200, features});
  hold(api, {"GET /v1/layers/jessie?features=false", "", 200, features});
  const std::string all = head + R"(,"Features":[)" + db + "," + glibc + list + by + "]}}\n";
  hold(api, {"GET /v1/layers/jessie?vulnerabilities", "", 200, all});
  hold(api, {"GET /v1/layers/jessie?features&vulnerabilities=True", "", 200, all});
  // Without features the member is left out: yair tests for that.
  hold(api, {"GET /v1/layers/empty?vulnerabilities", "", 200, "{\"Layer\":{\"Name\":\"empty\",\"IndexedByVersion\":3}}\n"});
  hold(api, {"GET /v1/layers/none?vulnerabilities", "", 404, error("the resource cannot be found")});
  api.layers.broken = Error{Errc::unavailable, "disk"};
  hold(api, {"GET /v1/layers/jessie", "", 500, error("database: an error occured when querying the backend")});
}

TEST_CASE("v1: long lists of vulnerabilities are shared between reports, not copied") {
  ClassicApi api;
  LayerView view;
  view.name = "a";
  for (int i = 0; i < 3; ++i) {
    std::vector<FeatureVulnerability> list;
    for (int k = 0; k < (i == 1 ? 1 : 40); ++k) list.push_back(test::vulnerability("CVE-" + std::to_string(100 + k), "debian:8", Severity::high));
    view.features.push_back(test::feature("f" + std::to_string(i), "debian:8", "dpkg", "1", "a", list));
  }
  api.layers.all["a"] = view;
  const Reply reply = api.ask("GET /v1/layers/a?vulnerabilities");
  REQUIRE(reply.pieces.size() == 4);
  CHECK(reply.pieces[0].get() == &view.features[0].findings->v1);
  CHECK(reply.pieces[2].get() == &view.features[2].findings->v1);
  const std::string body = whole_body(reply);
  CHECK(body.substr(body.size() - 4) == "]}}\n");
  for (const Feature& feature : view.features) CHECK(body.find("\"Vulnerabilities\":" + feature.findings->v1) != std::string::npos);
}

TEST_CASE("v1: a layer goes, in the words of the generation that posted it") {
  ClassicApi api;
  api.ask("POST /v1/layers", R"({"Layer":{"Name":"new","Path":"p","Format":"Docker"}})");
  api.ask("POST /v1/layers", R"({"ID":"old","Path":"p"})");
  hold(api, {"DELETE /v1/layers/new", "", 200, ""});
  hold(api, {"DELETE /v1/layers/old", "", 204, ""});
  const std::string both = R"({"Error":{"Message":"the resource cannot be found"},"Message":"the resource cannot be found"})"
                           "\n";
  hold(api, {"DELETE /v1/layers/new", "", 404, both});
  CHECK(api.ask("PUT /v1/layers/new").status == 405);
}

TEST_CASE("v1: namespaces of feeds, clients and layers") {
  ClassicApi api;
  hold(api, {"GET /v1/namespaces", "", 200, "{\"Namespaces\":[]}\n"});
  api.layers.spaces = {"", "alpine:v3.19", "debian:8"};
  api.vulnerabilities.all["debian:8"];
  api.vulnerabilities.all["centos:7"];
  hold(api, {"GET /v1/namespaces", "", 200,
             R"({"Namespaces":[{"Name":"alpine:v3.19","VersionFormat":"dpkg"},{"Name":"centos:7","VersionFormat":"rpm"},)"
             R"({"Name":"debian:8","VersionFormat":"dpkg"}]})"
             "\n"});
}

TEST_CASE("v1: vulnerabilities of a namespace, page by page") {
  ClassicApi api;
  const char* const kList = "/v1/namespaces/debian:8/vulnerabilities";
  const auto get = [&](std::string query) { return "GET " + std::string(kList) + query; };
  for (const char* name : {"CVE-1", "CVE-2", "CVE-3"}) {
    api.vulnerabilities.all["debian:8"][name] = Vulnerability{
        .name = name, .name_space = "debian:8", .description = "", .link = "l", .severity = Severity::high, .metadata = "", .fixes = {{"f", "1"}}};
  }
  hold(api, {get("").c_str(), "", 400, error("must provide limit query parameter")});
  hold(api, {get("?limit=x").c_str(), "", 400, error(R"(invalid limit format: strconv.Atoi: parsing \"x\": invalid syntax)")});
  hold(api, {get("?limit=").c_str(), "", 400, error(R"(invalid limit format: strconv.Atoi: parsing \"\": invalid syntax)")});
  hold(api, {get("?limit=99999999999999999999").c_str(), "", 400,
             error(R"(invalid limit format: strconv.Atoi: parsing \"99999999999999999999\": value out of range)")});
  hold(api, {get("?limit=-1").c_str(), "", 400, error("limit value should not be less than zero")});
  hold(api, {get("?limit=2&page=x").c_str(), "", 400, error("invalid page format: invalid or expired pagination token")});
  hold(api, {"GET /v1/namespaces/none/vulnerabilities?limit=2", "", 404, error("the resource cannot be found")});
  const auto entry = [](const char* name) {
    return R"({"Name":")" + std::string(name) + R"(","NamespaceName":"debian:8","Link":"l","Severity":"High"})";
  };
  hold(api, {get("?limit=3").c_str(), "", 200,
             R"({"Vulnerabilities":[)" + entry("CVE-1") + "," + entry("CVE-2") + "," + entry("CVE-3") + "]}\n"});
  const std::string first = whole_body(api.ask(get("?limit=2")));
  const std::string start = R"({"Vulnerabilities":[)" + entry("CVE-1") + "," + entry("CVE-2") + R"(],"NextPage":")";
  REQUIRE(first.substr(0, start.size()) == start);
  const std::string token = first.substr(start.size(), first.size() - start.size() - 3);
  hold(api, {get("?limit=2&page=" + token).c_str(), "", 200, R"({"Vulnerabilities":[)" + entry("CVE-3") + "]}\n"});
  // nothing, but that there is more
  CHECK(whole_body(api.ask(get("?limit=0"))).substr(0, 34) == R"({"Vulnerabilities":[],"NextPage":")");
  hold(api, {get("?limit=0&page=").c_str(), "", 400, error("invalid page format: invalid or expired pagination token")});
  api.now += 3601;
  hold(api, {get("?limit=2&page=" + token).c_str(), "", 400, error("invalid page format: invalid or expired pagination token")});
  api.layers.spaces = {"layers:1"};
  hold(api, {"GET /v1/namespaces/layers:1/vulnerabilities?limit=2", "", 200, "{\"Vulnerabilities\":[]}\n"});
  api.vulnerabilities.all["new"];
  hold(api, {"GET /v1/namespaces/new/vulnerabilities?limit=0", "", 200, "{\"Vulnerabilities\":[]}\n"});
}

TEST_CASE("v1: a vulnerability is posted, read, changed and deleted") {
  ClassicApi api;
  const std::string path = "/v1/namespaces/debian:8/vulnerabilities";
  const auto line = [&](const char* method, const char* rest = "") { return method + (" " + path) + rest; };
  const std::string sent =
      R"({"Vulnerability":{"Name":"CVE-1","NamespaceName":"debian:8","Description":"d","Link":"l","severity":"low","Metadata":{"b":1e3,"a":[1.50,"<"]},)"
      R"("FixedIn":[{"Name":"glibc","NamespaceName":"debian:8","VersionFormat":"dpkg","Version":"2.9"},{"Name":"db","Version":"None"}]}})";
  const std::string echoed =
      R"({"Vulnerability":{"Name":"CVE-1","NamespaceName":"debian:8","Description":"d","Link":"l","Severity":"low",)"
      R"("Metadata":{"a":[1.5,"\u003c"],"b":1000},)"
      R"("FixedIn":[{"Name":"glibc","NamespaceName":"debian:8","VersionFormat":"dpkg","Version":"2.9"},{"Name":"db","Version":"None"}]}})"
      "\n";
  hold(api, {line("POST").c_str(), sent.c_str(), 201, echoed});
  const std::string head =
      R"({"Vulnerability":{"Name":"CVE-1","NamespaceName":"debian:8","Description":"d","Link":"l","Severity":"Low",)"
      R"("Metadata":{"a":[1.5,"\u003c"],"b":1000})";
  const std::string fixes =
      R"([{"Name":"db","NamespaceName":"debian:8","VersionFormat":"dpkg","Version":"None"},)"
      R"({"Name":"glibc","NamespaceName":"debian:8","VersionFormat":"dpkg","Version":"2.9"}])";
  hold(api, {line("GET", "/CVE-1").c_str(), "", 200, head + "}}\n"});
  hold(api, {line("GET", "/CVE-1?fixedIn").c_str(), "", 200, head + R"(,"FixedIn":)" + fixes + "}}\n"});
  hold(api, {line("GET", "/CVE-1/fixes").c_str(), "", 200, R"({"Features":)" + fixes + "}\n"});

  // again: an upsert that merges the fixes; #MINV# takes one away
  api.ask(line("POST"), R"({"Vulnerability":{"Name":"CVE-1","Severity":"Defcon1","FixedIn":[{"Name":"a","Version":"1"},{"Name":"db","Version":"#MINV#"},)"
                        R"({"Name":"z","Version":"#MAXV#"}]}})");
  CHECK(api.vulnerabilities.all["debian:8"]["CVE-1"].fixes == std::vector<Fix>{{"a", "1"}, {"glibc", "2.9"}, {"z", ""}});
  hold(api, {line("GET", "/CVE-1").c_str(), "", 200,
             R"({"Vulnerability":{"Name":"CVE-1","NamespaceName":"debian:8","Severity":"Defcon1"}})"
             "\n"});

  // PUT replaces the rest as a whole, keeps the fixes, and makes what is not there
  hold(api, {line("PUT", "/CVE-1").c_str(), R"({"Vulnerability":{"Name":"x","Severity":"High"}})", 200,
             R"({"Vulnerability":{"Name":"x","Severity":"High"}})"
             "\n"});
  CHECK(api.vulnerabilities.all["debian:8"]["CVE-1"].fixes.size() == 3);
  CHECK(api.vulnerabilities.all["debian:8"]["CVE-1"].severity == Severity::high);
  hold(api, {line("PUT", "/CVE-2").c_str(), R"({"Vulnerability":{"Severity":"Unknown"}})", 200, "{\"Vulnerability\":{\"Severity\":\"Unknown\"}}\n"});
  hold(api, {line("GET", "/CVE-2/fixes").c_str(), "", 200, "{\"Features\":[]}\n"});

  hold(api, {line("DELETE", "/CVE-1").c_str(), "", 200, ""});
  hold(api, {line("DELETE", "/CVE-1").c_str(), "", 404, error("the resource cannot be found")});
  hold(api, {line("GET", "/CVE-1").c_str(), "", 404, error("the resource cannot be found")});
  hold(api, {line("GET", "/CVE-1/fixes").c_str(), "", 404, error("the resource cannot be found")});
}

TEST_CASE("v1: what is wrong with a posted vulnerability") {
  ClassicApi api;
  const auto post = [&](const char* body, const char* text, int status = 400) {
    hold(api, {"POST /v1/namespaces/debian:8/vulnerabilities", body, status, error(text)});
  };
  post("", "EOF");
  post("{}", "failed to provide vulnerability");
  post(R"({"Vulnerability":{"Name":"v"}})", "failed to parse Severity from input");
  post(R"({"Vulnerability":{"Name":"v","Severity":"worst"}})", "failed to parse Severity from input");
  post(R"({"Vulnerability":{"Severity":"Low"}})", "insertVulnerability needs at least the Name and the Namespace");
  post(R"({"Vulnerability":{"Name":"v","Severity":"Low","FixedIn":[{"Name":"f","VersionFormat":"x","Version":"1"}]}})", "unknown version format");
  post(R"({"Vulnerability":{"Name":"v","Severity":"Low","FixedIn":[{"Name":"f","VersionFormat":"dpkg"}]}})", "invalid version");
  post(R"({"Vulnerability":{"Name":"v","Severity":"Low","FixedIn":[{"Name":"f","Version":"1 2"}]}})", "invalid version");
  post(R"({"Vulnerability":{"Name":"v","Severity":"Low","FixedIn":[{"Name":"f","Version":"1","NamespaceName":"debian:7"}]}})",
       "could not insert an invalid vulnerability that contains FixedIn FeatureVersion that are not in the same namespace as the Vulnerability");
  post(R"({"Vulnerability":{"Name":"v","Severity":"Low","Metadata":[]}})",
       "json: cannot unmarshal array into Go struct field Vulnerability.Metadata of type object");
  CHECK(api.vulnerabilities.all.empty());
  hold(api, {"PUT /v1/namespaces/debian:8/vulnerabilities/v", R"({"Vulnerability":{"Severity":"Low","FixedIn":[{"Name":"f","Version":"1"}]}})", 400,
             error("Vulnerability.FixedIn must be empty")});
  hold(api, {"PUT /v1/namespaces/debian:8/vulnerabilities/v", R"({"Vulnerability":{}})", 400, error("failed to parse Severity from input")});
  hold(api, {"PUT /v1/namespaces/debian:8/vulnerabilities/v", "{}", 400, error("failed to provide vulnerability")});
  // the namespace is the body's
  CHECK(api.ask("POST /v1/namespaces/debian:8/vulnerabilities", R"({"Vulnerability":{"Name":"v","NamespaceName":"my:own","Severity":"Low"}})").status ==
        201);
  CHECK(api.vulnerabilities.all.count("my:own") == 1);
}

TEST_CASE("v1: one fix is put and taken away") {
  ClassicApi api;
  const std::string path = "/v1/namespaces/centos:7/vulnerabilities/v/fixes/f";
  const std::string put = "PUT " + path, del = "DELETE " + path;
  const char* const kFix = R"({"Feature":{"Name":"f","Version":"1:2-3"}})";
  hold(api, {put.c_str(), kFix, 404, error("the resource cannot be found")});
  hold(api, {del.c_str(), "", 404, error("the resource cannot be found")});
  api.vulnerabilities.all["centos:7"]["v"] = Vulnerability{.name = "v", .name_space = "centos:7", .description = "", .link = "", .metadata = "", .fixes = {}};
  hold(api, {put.c_str(), kFix, 200, R"({"Feature":{"Name":"f","Version":"1:2-3"}})"
                                     "\n"});
  CHECK(api.vulnerabilities.all["centos:7"]["v"].fixes == std::vector<Fix>{{"f", "1:2-3"}});
  hold(api, {put.c_str(), "{}", 400, error("failed to provide feature")});
  hold(api, {put.c_str(), R"({"Feature":{"Name":"g","Version":"1"}})", 400, error("feature name in URL and JSON do not match")});
  hold(api, {put.c_str(), R"({"Feature":{"Name":"f"}})", 400, error("invalid version")});
  hold(api, {put.c_str(), R"({"Feature":{"Name":"f","Version":"None","VersionFormat":"rpm"}})", 200,
             R"({"Feature":{"Name":"f","VersionFormat":"rpm","Version":"None"}})"
             "\n"});
  CHECK(api.vulnerabilities.all["centos:7"]["v"].fixes == std::vector<Fix>{{"f", ""}});
  hold(api, {del.c_str(), "", 200, ""});
  hold(api, {del.c_str(), "", 200, ""});  // a feature without a fix
  CHECK(api.vulnerabilities.all["centos:7"]["v"].fixes.empty());
}

TEST_CASE("v1: a notification, page by page") {
  ClassicApi api;
  Notification one;
  one.name = "ec45ec87-bfc8-4129-a1c3-d2b82622175a";
  one.created = 1456247389;
  one.before = Vulnerability{.name = "v", .name_space = "debian:8", .description = "", .link = "", .metadata = "", .fixes = {{"f", ""}}};
  one.after = Vulnerability{.name = "v", .name_space = "debian:8", .description = "", .link = "l", .severity = Severity::high, .metadata = "", .fixes = {{"f", "1"}}};
  api.notifications.all[one.name] = one;
  api.notifications.before = {{3, "a"}};
  api.notifications.after = {{3, "a"}, {5, "b"}, {9, "c"}};
  const std::string path = "GET /v1/notifications/" + one.name;
  const std::string old_one =
      R"("Old":{"Vulnerability":{"Name":"v","NamespaceName":"debian:8","Severity":"Unknown",)"
      R"("FixedIn":[{"Name":"f","NamespaceName":"debian:8","VersionFormat":"dpkg","Version":"None"}]})";
  const std::string new_one =
      R"("New":{"Vulnerability":{"Name":"v","NamespaceName":"debian:8","Link":"l","Severity":"High",)"
      R"("FixedIn":[{"Name":"f","NamespaceName":"debian:8","VersionFormat":"dpkg","Version":"1"}]})";
  const std::string start = R"({"Notification":{"Name":"ec45ec87-bfc8-4129-a1c3-d2b82622175a","Created":"1456247389",)";
  const auto token_after = [](const std::string& body, const std::string& key) {
    const std::string mark = "\"" + key + "\":\"";
    const std::size_t at = body.find(mark);
    return at == std::string::npos ? std::string() : body.substr(at + mark.size(), body.find('"', at + mark.size()) - at - mark.size());
  };
  const std::string first = whole_body(api.ask(path + "?limit=2"));
  const std::string page = token_after(first, "Page"), next = token_after(first, "NextPage");
  CHECK(first == start + R"("Limit":2,"Page":")" + page + R"(","NextPage":")" + next + "\"," + old_one +
                     R"(,"OrderedLayersIntroducingVulnerability":[{"Index":3,"LayerName":"a"}],"LayersIntroducingVulnerability":["a"]},)" + new_one +
                     R"(,"OrderedLayersIntroducingVulnerability":[{"Index":3,"LayerName":"a"},{"Index":5,"LayerName":"b"}],)"
                     R"("LayersIntroducingVulnerability":["a","b"]}}})" +
                     "\n");
  // The side that is through keeps its vulnerability and has no lists.
  hold(api, {(path + "?limit=2&page=" + next).c_str(), "", 200,
             start + R"("Limit":2,"Page":")" + next + "\"," + old_one + "}," + new_one +
                 R"(,"OrderedLayersIntroducingVulnerability":[{"Index":9,"LayerName":"c"}],"LayersIntroducingVulnerability":["c"]}}})" + "\n"});
  CHECK(whole_body(api.ask(path + "?limit=2&page=" + page)).find(R"({"Index":3,"LayerName":"a"})") != std::string::npos);

  const std::string all = whole_body(api.ask(path));  // the document lets the limit be left out
  CHECK(token_after(all, "NextPage").empty());
  CHECK(all.find("\"Limit\":100") != std::string::npos);
  const std::string none = whole_body(api.ask(path + "?limit=-1"));
  CHECK(none == start + R"("Limit":-1,"Page":")" + token_after(none, "Page") + "\"," + old_one + "}," + new_one + "}}}\n");
  const std::string zero = whole_body(api.ask(path + "?limit=0"));
  CHECK(zero == start + R"("Page":")" + token_after(zero, "Page") + R"(","NextPage":")" + token_after(zero, "NextPage") + "\"," + old_one + "}," +
                    new_one + "}}}\n");

  hold(api, {(path + "?limit=x").c_str(), "", 400, error(R"(invalid limit format: strconv.Atoi: parsing \"x\": invalid syntax)")});
  hold(api, {(path + "?limit=2&page=x").c_str(), "", 400, error("invalid page format: invalid or expired pagination token")});
  hold(api, {"GET /v1/notifications/none?limit=2", "", 404, error("the resource cannot be found")});

  const std::string del = "DELETE /v1/notifications/" + one.name;
  hold(api, {del.c_str(), "", 200, ""});
  hold(api, {del.c_str(), "", 200, ""});
  CHECK(whole_body(api.ask(path + "?limit=1")).find(R"("Created":"1456247389","Deleted":"1456247389","Limit":1)") != std::string::npos);
  hold(api, {"DELETE /v1/notifications/none", "", 404, error("the resource cannot be found")});
  CHECK(api.ask("GET /v1/notification/" + one.name + "?limit=1").status == 200);  // as the document once spells it
  hold(api, {("DELETE /v1/notification/" + one.name).c_str(), "", 200, ""});

  api.notifications.all[one.name].before.reset();
  CHECK(whole_body(api.ask(path + "?limit=1")).find("\"Old\"") == std::string::npos);
  api.notifications.all[one.name].after.reset();
  api.notifications.all[one.name].before = one.before;
  const std::string gone = whole_body(api.ask(path + "?limit=1"));
  CHECK(gone.find("\"New\"") == std::string::npos);
  CHECK(gone.find("\"Old\"") != std::string::npos);
}

TEST_CASE("v1: a key of some layers sees no others, and changes nothing that is for all") {
  ClassicApi api;
  api.layers.all["mine/a"] = LayerView{.name = "mine/a", .parent = "", .name_space = "", .version_format = "", .features = {}};
  api.layers.all["theirs"] = LayerView{.name = "theirs", .parent = "", .name_space = "", .version_format = "", .features = {}};
  api.who.prefixes = {"mine"};
  CHECK(api.ask("GET /v1/layers/theirs").status == 404);
  CHECK(api.ask("DELETE /v1/layers/theirs").status == 404);
  hold(api, {"POST /v1/layers", R"({"Layer":{"Name":"theirs","Path":"p","Format":"Docker"}})", 403, error("this key may not be used for that")});
  hold(api, {"POST /v1/layers", R"({"Layer":{"Name":"mine2","ParentName":"theirs","Path":"p","Format":"Docker"}})", 400,
             error("worker: parent layer is unknown, it must be processed first")});
  CHECK(api.ask("POST /v1/layers", R"({"Layer":{"Name":"mine2","Path":"p","Format":"Docker"}})").status == 201);
  for (const char* line : {"POST /v1/namespaces/n/vulnerabilities", "PUT /v1/namespaces/n/vulnerabilities/v", "DELETE /v1/namespaces/n/vulnerabilities/v",
                           "PUT /v1/namespaces/n/vulnerabilities/v/fixes/f", "DELETE /v1/namespaces/n/vulnerabilities/v/fixes/f",
                           "DELETE /v1/notifications/n"}) {
    CAPTURE(line);
    CHECK(api.ask(line).status == 403);
  }
  Notification one;
  one.name = "n";
  one.after = Vulnerability{.name = "v", .name_space = "debian:8", .description = "", .link = "", .metadata = "", .fixes = {}};
  api.notifications.all["n"] = one;
  api.notifications.after = {{3, "theirs"}, {4, "mine2"}};
  const std::string shown = whole_body(api.ask("GET /v1/notifications/n"));
  CHECK(shown.find("theirs") == std::string::npos);
  CHECK(shown.find("mine2") != std::string::npos);
}

TEST_CASE("v1: the time limit has Clair's words") {
  ClassicApi api;
  const Reply reply = api.apis.front().timed_out();
  CHECK(reply.status == 503);
  CHECK(reply.content_type == "text/plain; charset=utf-8");
  CHECK(reply.body == R"({"Error":{"Message":"Clair failed to respond within the configured timeout window.","Type":"Timeout"}})");
}

}  // namespace eclair::service::api_v1_test_detail
