// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "suppress/vex.h"

#include <doctest/doctest.h>

#include <string>

#include "suppress/apply.h"
#include "support/report_sample.h"

namespace eclair::suppress {
namespace vex_test_detail {

/// What a document does to the sample: "-CVE" set aside, "+CVE status" said of one that stays; in the order of findings.
std::string effect(const std::string& document, std::string cpe = {}) {
  auto read = read_vex(document, "v.json");
  if (!read) return read.error().text;
  report::Report report = test::sample();
  report.inventory.systems[0].cpe = std::move(cpe);
  Use use;
  apply({*read}, report, use);
  std::string out;
  for (const report::Suppressed& one : report.suppressed) {
    out += "-" + one.finding.vulnerability + " " + one.by.status + (one.by.justification.empty() ? "" : " " + one.by.justification) + (one.by.reason.empty() ? "" : " (" + one.by.reason + ")") + "; ";
  }
  for (const report::Remark& one : report.remarks) out += "+" + report.findings[one.finding].vulnerability + " " + one.said.status + "; ";
  for (const std::string& one : read->warnings) out += "! " + one + "; ";
  return out;
}

std::string openvex(const std::string& statements) {
  return R"({"@context": "https://openvex.dev/ns/v0.2.0", "@id": "https://example.com/v", "author": "a", "timestamp": "2026-01-01T00:00:00Z", "version": 1, "statements": [)" + statements + "]}";
}

std::string csaf(const std::string& vulnerability) {
  return R"({"document": {"category": "csaf_vex", "csaf_version": "2.0", "tracking": {"current_release_date": "2026-01-01T00:00:00Z"}},
    "product_tree": {
      "branches": [{"category": "vendor", "name": "d", "branches": [
        {"category": "product_version", "name": "zlib", "product": {"name": "zlib", "product_id": "Z", "product_identification_helper": {"purl": "pkg:deb/debian/zlib1g"}}},
        {"category": "product_name", "name": "release", "product": {"name": "r", "product_id": "R9", "product_identification_helper": {"cpe": "cpe:/o:redhat:enterprise_linux:9"}}},
        {"category": "product_name", "name": "no help", "product": {"name": "n", "product_id": "N"}}]}],
      "full_product_names": [{"name": "image", "product_id": "I", "product_identification_helper": {"purl": "pkg:oci/api"}}],
      "relationships": [
        {"category": "default_component_of", "product_reference": "Z", "relates_to_product_reference": "R9", "full_product_name": {"name": "x", "product_id": "R9:Z"}},
        {"category": "default_component_of", "product_reference": "Z", "relates_to_product_reference": "I", "full_product_name": {"name": "x", "product_id": "I:Z"}},
        {"category": "default_component_of", "product_reference": "Z", "relates_to_product_reference": "N", "full_product_name": {"name": "x", "product_id": "N:Z"}}],
      "product_groups": [{"group_id": "G", "product_ids": ["Z", "I:Z"]}]},
    "vulnerabilities": [)" + vulnerability + "]}";
}

std::string cyclonedx(const std::string& vulnerability, const std::string& subject = "pkg:oci/api") {
  return R"({"bomFormat": "CycloneDX", "specVersion": "1.6", "metadata": {"component": {"type": "container", "name": "api", "bom-ref": "root", "purl": ")" + subject + R"("}},
    "components": [{"type": "library", "name": "zlib1g", "bom-ref": "z", "purl": "pkg:deb/debian/zlib1g@1:1.2.13.dfsg-1?arch=amd64&distro=debian-12"}],
    "vulnerabilities": [)" + vulnerability + "]}";
}

}  // namespace vex_test_detail
using namespace vex_test_detail;

TEST_CASE("OpenVEX: statuses, products, who speaks last") {
  const std::string zlib = R"("vulnerability": {"name": "CVE-2023-45853"}, "products": [{"@id": "pkg:deb/debian/zlib1g"}])";
  CHECK(effect(openvex("{" + zlib + R"(, "status": "not_affected", "justification": "vulnerable_code_not_present"})")) == "-CVE-2023-45853 not_affected vulnerable_code_not_present; ");
  CHECK(effect(openvex("{" + zlib + R"(, "status": "not_affected", "impact_statement": "no minizip"})")) == "-CVE-2023-45853 not_affected (no minizip); ");
  CHECK(effect(openvex("{" + zlib + R"(, "status": "fixed"})")) == "-CVE-2023-45853 fixed; ");
  CHECK(effect(openvex("{" + zlib + R"(, "status": "affected", "action_statement": "upgrade"})")) == "+CVE-2023-45853 affected; ");
  CHECK(effect(openvex("{" + zlib + R"(, "status": "under_investigation"})")) == "+CVE-2023-45853 under_investigation; ");
  CHECK(effect(openvex("{" + zlib + R"(, "status": "fixed", "timestamp": "2026-03-01T00:00:00Z"}, {)" + zlib + R"(, "status": "affected", "timestamp": "2026-02-01T00:00:00Z"})")) == "-CVE-2023-45853 fixed; ");
  CHECK(effect(openvex("{" + zlib + R"(, "status": "fixed"}, {)" + zlib + R"(, "status": "affected", "timestamp": "2026-02-01T00:00:00Z"})")) == "+CVE-2023-45853 affected; ");
  CHECK(effect(openvex(R"({"vulnerability": {"name": "GHSA-1", "aliases": ["cve-2023-45853"]}, "products": [{"identifiers": {"purl": "pkg:deb/debian/zlib1g"}}], "status": "fixed"})")) ==
        "-CVE-2023-45853 fixed; ");
  CHECK(effect(openvex(R"({"vulnerability": {"@id": "https://nvd.nist.gov/vuln/detail/CVE-2023-45853"}, "products": [{"@id": "pkg:deb/debian/zlib1g@1%3A1.2.13.dfsg-1?arch=amd64"}], "status": "fixed"})")) ==
        "-CVE-2023-45853 fixed; ");
  // 0.0.x
  CHECK(effect(R"({"@context": "https://openvex.dev/ns", "statements": [{"vulnerability": "CVE-2023-45853", "products": ["pkg:deb/debian/zlib1g"], "status": "fixed"}]})") == "-CVE-2023-45853 fixed; ");
}

TEST_CASE("OpenVEX: an image and what is in it") {
  const auto of = [](const std::string& product) {
    return effect(openvex(R"({"vulnerability": {"name": "CVE-2023-45853"}, "status": "fixed", "products": [)" + product + "]}"));
  };
  const std::string yes = "-CVE-2023-45853 fixed; ";
  CHECK(of(R"({"@id": "pkg:oci/api?repository_url=registry.example.com/shop/api"})") == yes);
  CHECK(of(R"({"@id": "pkg:oci/api", "subcomponents": [{"@id": "pkg:deb/debian/zlib1g"}]})") == yes);
  CHECK(of(R"({"@id": "registry.example.com/shop/api:1.4"})") == yes);
  CHECK(of(R"({"@id": "pkg:oci/api", "subcomponents": [{"@id": "pkg:deb/debian/curl"}]})").empty());
  CHECK(of(R"({"@id": "pkg:oci/web", "subcomponents": [{"@id": "pkg:deb/debian/zlib1g"}]})").empty());
  CHECK(of(R"({"@id": "pkg:deb/debian/zlib1g@1.2"})").empty());
  const std::string lost = "! v.json: 1 statements name no package URL and no image, and mean nothing here; ";
  CHECK(of(R"({"@id": "pkg:oci/api", "subcomponents": [{"@id": "https://example.com/zlib"}]})") == lost);
  CHECK(effect(openvex(R"({"vulnerability": {"name": "CVE-2023-45853"}, "status": "fixed"})")) == lost);
}

TEST_CASE("CSAF: products by package URL, in an image or a release") {
  const auto of = [](const std::string& status, const std::string& more = {}, const std::string& cpe = {}) {
    return effect(csaf(R"({"cve": "CVE-2023-45853", "product_status": {)" + status + "}" + more + "}"), cpe);
  };
  CHECK(of(R"("known_not_affected": ["Z"])", R"(, "flags": [{"label": "vulnerable_code_not_present", "product_ids": ["Z"]}])") == "-CVE-2023-45853 not_affected vulnerable_code_not_present; ");
  CHECK(of(R"("known_not_affected": ["I:Z"])", R"(, "flags": [{"label": "component_not_present", "group_ids": ["G"]}], "threats": [{"category": "impact", "details": "none", "product_ids": ["I:Z"]}])") ==
        "-CVE-2023-45853 not_affected component_not_present (none); ");
  CHECK(of(R"("fixed": ["Z"])") == "-CVE-2023-45853 fixed; ");
  CHECK(of(R"("known_affected": ["Z"])") == "+CVE-2023-45853 affected; ");
  CHECK(of(R"("under_investigation": ["Z"])") == "+CVE-2023-45853 under_investigation; ");
  CHECK(of(R"("fixed": ["R9:Z"])").empty());
  CHECK(of(R"("fixed": ["R9:Z"])", "", "cpe:/o:redhat:enterprise_linux:9.4") == "-CVE-2023-45853 fixed; ");
  CHECK(of(R"("fixed": ["R9:Z"])", "", "cpe:/o:redhat:enterprise_linux:8").empty());
  CHECK(of(R"("fixed": ["N", "N:Z", "unknown"])") == "! v.json: 3 products have no package URL, and mean nothing here; ");
}

TEST_CASE("CycloneDX: analyses of components of one image") {
  const auto of = [](const std::string& analysis, const std::string& ref, const std::string& subject = "pkg:oci/api") {
    return effect(cyclonedx(R"({"id": "CVE-2023-45853", "analysis": {)" + analysis + R"(}, "affects": [{"ref": ")" + ref + R"("}]})", subject));
  };
  CHECK(of(R"("state": "not_affected", "justification": "code_not_present", "detail": "no minizip")", "z") == "-CVE-2023-45853 not_affected vulnerable_code_not_present (no minizip); ");
  CHECK(of(R"("state": "false_positive")", "root") == "-CVE-2023-45853 not_affected (false positive); ");
  CHECK(of(R"("state": "resolved")", "urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/1#z") == "-CVE-2023-45853 fixed; ");
  CHECK(of(R"("state": "exploitable")", "z") == "+CVE-2023-45853 affected; ");
  CHECK(of(R"("state": "in_triage")", "z") == "+CVE-2023-45853 under_investigation; ");
  CHECK(of(R"("state": "resolved")", "pkg:deb/debian/zlib1g") == "-CVE-2023-45853 fixed; ");
  CHECK(of(R"("state": "resolved")", "z", "pkg:oci/web").empty());  // said of another image
  CHECK(of(R"("state": "resolved")", "nothing") == "! v.json: 1 components without a package URL are spoken of, which means nothing here; ");
  CHECK(effect(cyclonedx(R"({"id": "CVE-2023-45853", "affects": [{"ref": "z"}]})")).empty());
}

TEST_CASE("an in-toto statement around a document, and what is no VEX at all") {
  CHECK(effect(R"({"_type": "https://in-toto.io/Statement/v1", "predicateType": "https://openvex.dev/ns/v0.2.0", "predicate": )" +
               openvex(R"({"vulnerability": {"name": "CVE-2023-45853"}, "products": [{"@id": "pkg:oci/api"}], "status": "fixed"})") + "}") == "-CVE-2023-45853 fixed; ");
  CHECK(effect("{}") == "v.json is no VEX document");
  CHECK(effect("[") .substr(0, 8) == "v.json: ");
  CHECK(effect(openvex(R"({"vulnerability": {"name": "x"}, "status": "fine"})")) == "v.json: statements[0]: fine is no status of OpenVEX");
  CHECK(effect(openvex(R"({"status": "fixed"})")) == "v.json: statements[0]: no vulnerability");
  CHECK(effect(R"({"document": {"csaf_version": "3.0"}})") == "v.json: CSAF 3.0; this program knows 2.0");
}

}  // namespace eclair::suppress
