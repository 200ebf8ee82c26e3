// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "service/images/admission.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "service/images/api_admission.h"
#include "support/image_house.h"
#include "util/json.h"
#include "util/text.h"

// Cases: tests/cases/admission/NAME/{review.json,policy,answer.json}. The reviews have the form that the reference of Kubernetes documents
// (Dynamic Admission Control, "Webhook request and response"). policy: lines of "fail-on RULE", "mode WORD", "unknown WORD", "failure WORD",
// "except PATTERN".

namespace eclair::service::admission_test_detail {

using namespace eclair::test::image_house;

std::string read(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::ostringstream bytes;
  bytes << in.rdbuf();
  return bytes.str();
}

AdmissionPolicy policy_of(const std::string& text) {
  AdmissionPolicy out;
  std::vector<std::string> rules;
  for (const std::string_view line : text::split(text, '\n')) {
    if (line.empty() || line.front() == '#') continue;
    const auto [key, value] = text::cut(line, ' ');
    using Mode = AdmissionPolicy::Mode;
    using Unknown = AdmissionPolicy::Unknown;
    if (key == "fail-on") rules.emplace_back(value);
    else if (key == "mode") out.mode = value == "deny" ? Mode::deny : value == "warn" ? Mode::warn : Mode::audit;
    else if (key == "unknown") out.unknown = value == "deny" ? Unknown::deny : value == "warn" ? Unknown::warn : Unknown::allow;
    else if (key == "failure") out.deny_on_failure = value == "deny";
    else if (key == "except") out.except = {std::string(value)};
    else FAIL("no such word in a policy: " << key);
  }
  const auto parsed = report::parse_rules(rules);
  REQUIRE(parsed);
  out.rules = *parsed;
  return out;
}

/// JSON written alike, whatever blanks it had.
void normalise(json::Value in, std::string& out) {
  if (in.is_object()) {
    out += '{';
    in.each_member([&](std::string_view key, json::Value value) {
      out += std::string(key) + ":";
      normalise(value, out);
      out += ',';
      return true;
    });
    out += '}';
  } else if (in.is_array()) {
    out += '[';
    in.each([&](json::Value value) {
      normalise(value, out);
      out += ',';
      return true;
    });
    out += ']';
  } else if (const auto number = in.integer()) {
    out += std::to_string(*number);
  } else {
    out += in.is_string() ? "'" + std::string(in.string()) + "'" : in.boolean() ? "true" : "false";
  }
}
std::string normalised(const std::string& text) {
  json::Document document;
  const auto root = document.parse(text);
  if (!root) return "no JSON: " + text;
  std::string out;
  normalise(*root, out);
  return out;
}

/// shop/api has a grave flaw with a fix, shop/clean none, and library/nginx one without a fix.
struct Cluster {
  House house;
  Cluster() {
    house.post({kBase, kCurl}, "registry.example.com/shop/api:1");
    house.post({test::Files{{"etc/os-release", kOs}, {"var/lib/dpkg/status", status({{"bash", "5.2"}})}}.tar()}, "registry.example.com/shop/clean:1");
    house.post({test::Files{{"etc/os-release", kOs}, {"var/lib/dpkg/status", status({{"zlib", "1.2"}})}}.tar()}, "docker.io/library/nginx:1.25");
    house.knows({{"CVE-2023-0001", "openssl", "3.0.2-1"}, {"CVE-2023-0002", "zlib", ""}});
  }
  Reply ask(const AdmissionPolicy& policy, std::string body) {
    Metrics metrics;
    const Current<AdmissionPolicy> in_force(policy);
    const Api api = api_admission(in_force, *house.images, metrics);
    Request request;
    request.who = who("cluster", Role::read);
    request.body = std::move(body);
    return api.routes.at(0).handle(request);
  }
};

TEST_CASE("admission: reviews and their answers") {
  Cluster cluster;
  int cases = 0;
  std::vector<std::filesystem::path> folders;
  for (const auto& entry : std::filesystem::directory_iterator(ECLAIR_SOURCE_DIR "/tests/cases/admission")) folders.push_back(entry.path());
  std::sort(folders.begin(), folders.end());
  for (const auto& folder : folders) {
    const std::string name = folder.filename().string();
    CAPTURE(name);
    const Reply reply = cluster.ask(policy_of(read(folder / "policy")), read(folder / "review.json"));
    CHECK(reply.status == 200);
    CHECK(normalised(reply.body) == normalised(read(folder / "answer.json")));
    ++cases;
  }
  CHECK(cases >= 15);
}

TEST_CASE("admission: what is no review gets 400, and nothing gets 500") {
  Cluster cluster;
  AdmissionPolicy policy;
  for (const char* const body : {"", "x", "[]", "{}", "null", R"({"kind":"Pod","apiVersion":"v1"})", R"({"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1beta1","request":{"uid":"a"}})",
                                 R"({"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1"})", R"({"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","request":{}})",
                                 R"({"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","request":{"uid":7}})"}) {
    CAPTURE(body);
    CHECK(cluster.ask(policy, body).status == 400);
  }
  // Of a review every piece may be missing or of another kind.
  const std::string whole = read(ECLAIR_SOURCE_DIR "/tests/cases/admission/pod_denied/review.json");
  for (std::size_t at = whole.find(':'); at != std::string::npos; at = whole.find(':', at + 1)) {
    for (const char* const instead : {":7,\"x\":", ":null,\"x\":", ":[],\"x\":", ":{},\"x\":"}) {
      std::string broken = whole;
      broken.replace(at, 1, instead);
      const Reply reply = cluster.ask(policy, broken);
      CHECK((reply.status == 200 || reply.status == 400));
    }
  }
}

TEST_CASE("admission: what cannot be judged is answered as configured") {
  Cluster cluster;
  const std::string review = read(ECLAIR_SOURCE_DIR "/tests/cases/admission/pod_denied/review.json");
  AdmissionPolicy policy = policy_of("fail-on high");
  Cancel stop;
  stop.request();
  json::Document document;
  const auto question = read_admission_review(*document.parse(review));
  REQUIRE(question);
  const AdmissionAnswer open = judge_admission(*question, policy, *cluster.house.images, kAdmin, stop);
  CHECK(open.allowed);
  CHECK(open.verdict == "not judged");
  CHECK(open.warnings.size() == 1);
  policy.deny_on_failure = true;
  const AdmissionAnswer closed = judge_admission(*question, policy, *cluster.house.images, kAdmin, stop);
  CHECK_FALSE(closed.allowed);
  CHECK(closed.message.find("cancelled") != std::string::npos);
}

}  // namespace eclair::service::admission_test_detail
