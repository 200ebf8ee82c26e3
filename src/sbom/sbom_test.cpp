// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "sbom/sbom.h"

#include <doctest/doctest.h>

#include <string>

#include "match/match.h"
#include "net/base64.h"

namespace eclair::sbom {
namespace {

Result<Bom> of(std::string text) { return read(MemorySource(std::move(text)), Limits{}); }

/// One line a package: "type name version source source-version module vendor os layer path".
std::string told(const Result<Bom>& bom) {
  if (!bom) return "error: " + bom.error().text;
  std::string out;
  for (const Occurrence& one : bom->inventory.packages) {
    const PackageVersion& p = one.package;
    out += p.type + " " + p.name + " " + p.version + " " + std::string(p.source()) + " " + std::string(p.source_ver()) + " " + p.module + "|" + p.vendor + "|" +
           match::name_space(bom->inventory.systems.at(one.os)) + "|" + std::to_string(one.layer) + "|" + (one.paths.empty() ? "" : one.paths[0]) + "\n";
  }
  for (const Note& note : bom->inventory.notes) out += "note " + note.code + ": " + note.message + "\n";
  return out;
}

const std::string kLayer1(64, '1'), kLayer2(64, '2');

/// Trivy's shape: source packages and layers as properties.
std::string trivy_cyclonedx() {
  return R"({"bomFormat":"CycloneDX","specVersion":"1.6","version":1,"metadata":{"component":{"type":"container","name":"shop:1",
    "properties":[{"name":"aquasecurity:trivy:ImageID","value":"sha256:)" + std::string(64, 'c') + R"("},
      {"name":"aquasecurity:trivy:DiffID","value":"sha256:)" + kLayer1 + R"("},{"name":"aquasecurity:trivy:DiffID","value":"sha256:)" + kLayer2 + R"("}]}},
    "components":[
     {"bom-ref":"x","type":"operating-system","name":"debian","version":"12.4"},
     {"type":"library","name":"zlib1g","version":"1.2.13.dfsg-1","supplier":{"name":"Mark Brown <broonie@debian.org>"},
      "purl":"pkg:deb/debian/zlib1g@1.2.13.dfsg-1?arch=amd64&distro=debian-12.4&epoch=1","properties":[
      {"name":"aquasecurity:trivy:SrcName","value":"zlib"},{"name":"aquasecurity:trivy:SrcVersion","value":"1.2.13.dfsg"},
      {"name":"aquasecurity:trivy:SrcRelease","value":"1"},{"name":"aquasecurity:trivy:SrcEpoch","value":"1"},
      {"name":"aquasecurity:trivy:LayerDiffID","value":"sha256:)" + kLayer1 + R"("},{"name":"aquasecurity:trivy:PkgType","value":"debian"}]},
     {"type":"application","name":"app/package-lock.json","components":[
      {"type":"library","group":"@example","name":"bootstrap","version":"5.0.2","purl":"pkg:npm/@example/bootstrap@5.0.2",
       "properties":[{"name":"aquasecurity:trivy:FilePath","value":"app/package.json"},{"name":"aquasecurity:trivy:LayerDiffID","value":"sha256:)" + kLayer2 + R"("}]}]},
     {"type":"file","name":"etc/passwd"},
     {"type":"library","name":"mystery","version":"1"}
    ]})";
}

}  // namespace

TEST_CASE("CycloneDX as Trivy writes it: source packages, layers, nested components; what has no package URL is said") {
  const auto bom = of(trivy_cyclonedx());
  CHECK(told(bom) ==
        "deb zlib1g 1:1.2.13.dfsg-1 zlib 1:1.2.13.dfsg-1 |debian|debian:12|1|\n"
        "generic mystery 1 mystery 1 ||debian:12|0|\n"
        "npm @example/bootstrap 5.0.2 @example/bootstrap 5.0.2 ||debian:12|2|app/package.json\n"
        "note incomplete: 1 component without a package URL was not judged: mystery\n");
  REQUIRE(bom);
  CHECK(bom->image.kind == "sbom");
  CHECK(bom->image.source == "CycloneDX 1.6");
  CHECK(bom->image.name == "shop:1");
  CHECK(bom->image.config_digest.text == "sha256:" + std::string(64, 'c'));
  REQUIRE(bom->image.history.size() == 2);
  CHECK(bom->image.history[1].diff_id.text == "sha256:" + kLayer2);
  CHECK(bom->inventory.systems[0].codename == "bookworm");
  CHECK(bom->inventory.had_package_database);
}

TEST_CASE("CycloneDX as Syft writes it: upstream, distro and locations; the lowest layer brought it") {
  const std::string syft = R"({"$schema":"http://cyclonedx.org/schema/bom-1.5.schema.json","bomFormat":"CycloneDX","specVersion":"1.5","components":[
    {"type":"library","name":"libssl3","version":"3.0.11-1~deb12u2","publisher":"Docker <support@docker.com>",
     "purl":"pkg:deb/debian/libssl3@3.0.11-1~deb12u2?arch=amd64&distro=debian-12&upstream=openssl","properties":[
     {"name":"syft:location:0:path","value":"/var/lib/dpkg/status"},{"name":"syft:location:0:layerID","value":"sha256:)" + kLayer2 + R"("},
     {"name":"syft:location:1:path","value":"/usr/share/doc/libssl3/copyright"},{"name":"syft:location:1:layerID","value":"sha256:)" + kLayer1 + R"("}]},
    {"type":"library","name":"openssl-libs","version":"1:3.0.7-6.el9_2","publisher":"Red Hat, Inc.",
     "purl":"pkg:rpm/redhat/openssl-libs@3.0.7-6.el9_2?arch=x86_64&epoch=1&upstream=openssl-3.0.7-6.el9_2.src.rpm&distro=rhel-9.2"},
    {"type":"operating-system","name":"debian","version":"12","description":"Debian 12 of a test","properties":[
     {"name":"syft:distro:id","value":"debian"},{"name":"syft:distro:versionID","value":"12"}]},
    {"type":"library","name":"x","purl":"pkg:nonsense"},
    {"type":"container","name":"base","purl":"pkg:oci/debian@sha256%3Aabc"}
  ]})";
  const auto bom = of(syft);
  // Layers that only packages name are numbered as they come: nobody says which is below.
  CHECK(told(bom) ==
        "deb libssl3 3.0.11-1~deb12u2 openssl 3.0.11-1~deb12u2 |docker|debian:12|1|var/lib/dpkg/status\n"
        "rpm openssl-libs 1:3.0.7-6.el9_2 openssl 3.0.7-6.el9_2 |redhat|rhel:9|0|\n"
        "note bad_record: pkg:nonsense is no package URL: there is no type, or no name\n");
  REQUIRE(bom);
  CHECK(bom->inventory.systems[0].pretty == "Debian 12 of a test");
}

TEST_CASE("CycloneDX in XML says the same as in JSON") {
  const auto bom = of(R"(<?xml version="1.0"?><bom xmlns="http://cyclonedx.org/schema/bom/1.4" version="1"><metadata><timestamp>x</timestamp>
    <component type="container" bom-ref="a"><name>shop:1</name><version>sha256:)" + std::string(64, 'd') + R"(</version></component></metadata>
    <components>
     <component type="library"><supplier><name>Mark Brown &lt;broonie@debian.org&gt;</name></supplier><name>zlib1g</name><version>1:1.2.13.dfsg-1</version>
      <purl>pkg:deb/debian/zlib1g@1:1.2.13.dfsg-1?arch=amd64&amp;distro=debian-12</purl>
      <properties><property name="eclair:source:name">zlib</property><property name="eclair:layer:index">2</property>
       <property name="eclair:layer:diff_id">sha256:)" + kLayer2 + R"(</property></properties>
      <components><component type="library"><name>nested</name><version>1</version><purl>pkg:pypi/nested@1</purl>
       <evidence><identity><field>purl</field></identity><occurrences><occurrence><location>/app/nested</location></occurrence></occurrences></evidence></component></components>
     </component>
     <component type="operating-system"><name>debian</name><version>12</version></component>
    </components></bom>)");
  CHECK(told(bom) ==
        "deb zlib1g 1:1.2.13.dfsg-1 zlib 1:1.2.13.dfsg-1 |debian|debian:12|2|\n"
        "pypi nested 1 nested 1 ||debian:12|0|app/nested\n");
  REQUIRE(bom);
  CHECK(bom->image.source == "CycloneDX 1.4");
  CHECK(bom->image.digest.text == "sha256:" + std::string(64, 'd'));
  REQUIRE(bom->image.history.size() == 2);
  CHECK(bom->image.history[1].diff_id.text == "sha256:" + kLayer2);
  CHECK(told(of("<html><body/></html>")) == "error: is XML, but not an SBOM");
  CHECK(told(of("<bom xmlns='http://cyclonedx.org/schema/bom/1.4'><components>")).find("error: xml: line 1") == 0);
}

TEST_CASE("SPDX in JSON, as tag-value, and version 3") {
  const std::string want =
      "apk libssl3 3.1.4-r1 openssl 3.1.4-r1 ||alpine:v3.19|2|\n"
      "deb zlib1g 1:1.2.13.dfsg-1 zlib 1:1.2.13.dfsg-1 |docker|debian:12|1|\n";
  const std::string json = R"({"spdxVersion":"SPDX-2.2","SPDXID":"SPDXRef-DOCUMENT","name":"shop:1","documentDescribes":["SPDXRef-ContainerImage-1"],"packages":[
    {"SPDXID":"SPDXRef-Package-1","name":"zlib1g","versionInfo":"1:1.2.13.dfsg-1","sourceInfo":"built package from: zlib 1:1.2.13.dfsg-1","supplier":"Organization: Docker (support@docker.com\u0029",
     "attributionTexts":["LayerDiffID: sha256:)" + kLayer1 + R"("],
     "externalRefs":[{"referenceCategory":"PACKAGE_MANAGER","referenceType":"purl","referenceLocator":"pkg:deb/debian/zlib1g@1%3A1.2.13.dfsg-1?distro=debian-12"}]},
    {"SPDXID":"SPDXRef-Package-2","name":"libssl3","versionInfo":"3.1.4-r1","sourceInfo":"built package from: openssl 3.1.4-r1",
     "annotations":[{"annotator":"Tool: trivy-0.60","comment":"LayerDiffID: sha256:)" + kLayer2 + R"("}],
     "externalRefs":[{"referenceCategory":"PACKAGE-MANAGER","referenceType":"purl","referenceLocator":"pkg:apk/alpine/libssl3@3.1.4-r1?distro=3.19.1"}]},
    {"SPDXID":"SPDXRef-Application-1","name":"Java"},
    {"SPDXID":"SPDXRef-OperatingSystem-1","name":"debian","versionInfo":"12.4"},
    {"SPDXID":"SPDXRef-ContainerImage-1","name":"shop:1","attributionTexts":["DiffID: sha256:)" + kLayer1 + R"(","DiffID: sha256:)" + kLayer2 + R"("]}]})";
  CHECK(told(of(json)) == want);
  CHECK(of(json)->image.source == "SPDX 2.2");
  CHECK(told(of("\xef\xbb\xbf " + json)) == want);

  const std::string tags = "# made by hand\nSPDXVersion: SPDX-2.3\nSPDXID: SPDXRef-DOCUMENT\nDocumentName: shop:1\n\nPackageName: shop:1\nSPDXID: SPDXRef-Root\n"
      "PrimaryPackagePurpose: CONTAINER\nPackageAttributionText: <text>DiffID: sha256:" + kLayer1 + "</text>\nPackageAttributionText: DiffID: sha256:" + kLayer2 +
      "\n\nPackageName: zlib1g\nSPDXID: SPDXRef-Package-1\nPackageVersion: 1:1.2.13.dfsg-1\nPackageSupplier: Organization: Docker (support@docker.com)\n"
      "PackageSourceInfo: <text>built package from: zlib\n1:1.2.13.dfsg-1</text>\nPackageAttributionText: <text>LayerDiffID: sha256:" + kLayer1 +
      "</text>\nExternalRef: PACKAGE-MANAGER purl pkg:deb/debian/zlib1g@1%3A1.2.13.dfsg-1?distro=debian-12\nPackageName: libssl3\nSPDXID: SPDXRef-Package-2\n"
      "PackageVersion: 3.1.4-r1\nPackageSourceInfo: built package from: openssl 3.1.4-r1\nPackageAttributionText: LayerDiffID: sha256:" + kLayer2 +
      "\nExternalRef: PACKAGE-MANAGER purl pkg:apk/alpine/libssl3@3.1.4-r1?distro=3.19.1\nPackageName: debian\nPrimaryPackagePurpose: OPERATING-SYSTEM\n"
      "PackageVersion: 12\nFileName: ./x\nSPDXID: SPDXRef-File\nRelationship: SPDXRef-DOCUMENT DESCRIBES SPDXRef-Root\n";
  CHECK(told(of(tags)) == want);
  CHECK(of(tags)->image.source == "SPDX 2.3");

  const std::string three = R"({"@context":"https://spdx.org/rdf/3.0.1/spdx-context.jsonld","@graph":[
    {"type":"CreationInfo","@id":"_:c","specVersion":"3.0.1"},
    {"type":"SpdxDocument","spdxId":"https://x/doc","name":"shop:1","rootElement":["https://x/root"]},
    {"type":"software_Package","spdxId":"https://x/root","name":"shop:1","software_primaryPurpose":"container","software_attributionText":["DiffID: sha256:)" + kLayer1 + R"(","DiffID: sha256:)" + kLayer2 + R"("]},
    {"type":"software_Package","spdxId":"https://x/os","name":"debian","software_packageVersion":"12","software_primaryPurpose":"operatingSystem"},
    {"type":"software_Package","spdxId":"https://x/1","name":"libssl3","software_packageVersion":"3.1.4-r1","software_sourceInfo":"built package from: openssl 3.1.4-r1",
     "software_packageUrl":"pkg:apk/alpine/libssl3@3.1.4-r1?distro=3.19.1","software_attributionText":["LayerDiffID: sha256:)" + kLayer2 + R"("]},
    {"type":"software_Package","spdxId":"https://x/2","name":"zlib1g","software_packageVersion":"1:1.2.13.dfsg-1","software_sourceInfo":"built package from: zlib 1:1.2.13.dfsg-1",
     "externalIdentifier":[{"type":"ExternalIdentifier","externalIdentifierType":"packageUrl","identifier":"pkg:deb/debian/zlib1g@1%3A1.2.13.dfsg-1?distro=debian-12"}],
     "software_attributionText":["LayerDiffID: sha256:)" + kLayer1 + R"(","eclair:vendor: docker"]}]})";
  CHECK(told(of(three)) == want);
  CHECK(of(three)->image.source == "SPDX 3.0.1");
}

TEST_CASE("Syft's own JSON") {
  const auto bom = of(R"({"artifacts":[
    {"name":"perl-base","version":"5.36.0-7+b1","type":"deb","purl":"pkg:deb/debian/perl-base@5.36.0-7%2Bb1?distro=debian-12","locations":[{"path":"/var/lib/dpkg/status","layerID":"sha256:)" +
                      kLayer2 + R"("},{"path":"/var/lib/dpkg/info/perl-base.list","layerID":"sha256:)" + kLayer1 + R"("}],
     "metadata":{"package":"perl-base","source":"perl","sourceVersion":"5.36.0-7","architecture":"amd64","maintainer":"Niko Tyni <ntyni@debian.org>"}},
    {"name":"bash","version":"5.1.8-4.el9","type":"rpm","metadata":{"sourceRpm":"bash-5.1.8-4.el9.src.rpm","vendor":"Rocky Enterprise Software Foundation","modularityLabel":"a:b:c:d"}}],
    "source":{"type":"image","target":{"userInput":"shop:1","imageID":"sha256:)" + std::string(64, 'c') + R"(","manifestDigest":"sha256:)" + std::string(64, 'd') +
                      R"(","os":"linux","architecture":"amd64","layers":[{"digest":"sha256:)" + kLayer1 + R"(","size":7},{"digest":"sha256:)" + kLayer2 + R"(","size":8}]}},
    "distro":{"prettyName":"Debian 12 of a test","id":"debian","versionID":"12"},"descriptor":{"name":"syft"},"schema":{"version":"5.1.0"}})");
  CHECK(told(bom) ==
        "deb perl-base 5.36.0-7+b1 perl 5.36.0-7 |debian|debian:12|1|var/lib/dpkg/status\n"
        "rpm bash 5.1.8-4.el9 bash 5.1.8-4.el9 a:b|rocky|debian:12|0|\n");
  REQUIRE(bom);
  CHECK(bom->image.platform.text() == "linux/amd64");
  CHECK(bom->image.size == 15);
  CHECK(bom->image.source == "Syft 5.1.0");
}

TEST_CASE("what wraps an SBOM is undone, and not without end") {
  const std::string bom = R"({"bomFormat":"CycloneDX","specVersion":"1.4","components":[{"type":"library","name":"x","purl":"pkg:pypi/x@1"}]})";
  const std::string want = "pypi x 1 x 1 |||0|\n";
  const std::string statement = R"({"_type":"https://in-toto.io/Statement/v1","predicateType":"https://cyclonedx.org/bom","predicate":)" + bom + "}";
  const std::string envelope = R"({"payloadType":"application/vnd.in-toto+json","payload":")" + net::base64_encode(statement) + R"(","signatures":[]})";
  CHECK(told(of(statement)) == want);
  CHECK(told(of(envelope)) == want);
  CHECK(told(of(R"({"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json","dsseEnvelope":)" + envelope + "}")) == want);
  CHECK(told(of(R"({"predicateType":"cosign.sigstore.dev/attestation/v1","predicate":{"Data":"{\"bomFormat\":\"CycloneDX\",\"components\":[{\"purl\":\"pkg:pypi/x@1\"}]}"}})")) == want);
  CHECK(told(of(R"({"payloadType":"x","payload":"???"})")) == "error: the payload of the envelope is not base64");
  std::string deep = bom;
  for (int i = 0; i < 6; ++i) deep = R"({"payloadType":"x","payload":")" + net::base64_encode(deep) + R"("})";
  CHECK(told(of(deep)) == "error: wrapped more than 4 times");
}

TEST_CASE("what is no SBOM is called what it is") {
  CHECK(told(of(R"({"SchemaVersion":2,"ArtifactName":"x","Results":[]})")) == "error: is a Trivy report, not an SBOM");
  CHECK(of(R"({"SchemaVersion":2,"ArtifactName":"x"})").error().hint == "trivy convert --format cyclonedx");
  CHECK(told(of(R"({"matches":[],"descriptor":{"name":"grype"}})")) == "error: is a Grype report, not an SBOM");
  CHECK(told(of(R"({"schema_version":"1.0","findings":[]})")) == "error: is a report of eclair, not an SBOM");
  CHECK(told(of(R"({"a":1})")) == "error: is JSON, but neither an image nor an SBOM");
  CHECK(told(of("[]")) == "error: is not an SBOM");
  CHECK(told(of("")) == "error: is not an SBOM");
  CHECK(told(of("{")).find("error: json") == 0);
  CHECK(told(of(R"({"predicateType":"https://slsa.dev/provenance/v1","predicate":{}})")) == "error: is a provenance statement, not an SBOM");
}

TEST_CASE("our own CycloneDX: layers by number, digest and diff id; builder, module, repositories") {
  const std::string blob(64, 'b');
  const auto bom = of(R"({"bomFormat":"CycloneDX","specVersion":"1.6","metadata":{"component":{"type":"container","name":"shop:1","properties":[
    {"name":"eclair:image:config_digest","value":"sha256:)" + std::string(64, 'c') + R"("},{"name":"eclair:image:diff_id","value":"sha256:)" + kLayer1 + R"("},
    {"name":"eclair:image:diff_id","value":"sha256:)" + kLayer2 + R"("}]}},"components":[
    {"type":"operating-system","name":"rhel","version":"9.2","properties":[{"name":"eclair:distribution:id","value":"rhel"},{"name":"eclair:distribution:version","value":"9.2"}]},
    {"type":"library","name":"nginx","version":"1:1.20-1.module+el9","purl":"pkg:rpm/redhat/nginx@1.20-1.module%2Bel9?arch=x86_64&distro=rhel-9.2&epoch=1","properties":[
     {"name":"eclair:type","value":"rpm"},{"name":"eclair:layer:index","value":"2"},{"name":"eclair:layer:digest","value":"sha256:)" + blob + R"("},
     {"name":"eclair:layer:diff_id","value":"sha256:)" + kLayer2 + R"("},{"name":"eclair:source:name","value":"nginx"},{"name":"eclair:source:version","value":"1.20-1.module+el9"},
     {"name":"eclair:vendor","value":"redhat"},{"name":"eclair:module","value":"nginx:1.20"},{"name":"eclair:path","value":"var/lib/rpm/rpmdb.sqlite"},
     {"name":"eclair:repository","value":"rhel-9-for-x86_64-appstream-rpms"},{"name":"eclair:cpe","value":"cpe:/a:redhat:enterprise_linux:9::appstream"}]}]})");
  CHECK(told(bom) == "rpm nginx 1:1.20-1.module+el9 nginx 1.20-1.module+el9 nginx:1.20|redhat|rhel:9|2|var/lib/rpm/rpmdb.sqlite\n");
  REQUIRE(bom);
  REQUIRE(bom->image.history.size() == 2);
  CHECK(bom->image.history[1].digest.text == "sha256:" + blob);
  CHECK(bom->image.history[1].diff_id.text == "sha256:" + kLayer2);
  CHECK(bom->inventory.packages[0].repositories == std::vector<std::string>{"rhel-9-for-x86_64-appstream-rpms"});
  CHECK(bom->inventory.packages[0].cpes == std::vector<std::string>{"cpe:/a:redhat:enterprise_linux:9::appstream"});
}

TEST_CASE("a list that names no source packages is said to be weak") {
  std::string list;
  for (int i = 0; i < 12; ++i) list += "pkg:deb/debian/p" + std::to_string(i) + "@1?distro=debian-12\n";
  const auto bom = read_purls(MemorySource("# a comment\n\n" + list), Limits{});
  REQUIRE(bom);
  CHECK(bom->inventory.packages.size() == 12);
  REQUIRE(bom->inventory.notes.size() == 1);
  CHECK(bom->inventory.notes[0].message.find("no package names the source package") == 0);
  CHECK(told(read_purl("pkg:deb/debian/p@1?distro=debian-12", Limits{})) == "deb p 1 p 1 ||debian:12|0|\n");
}

TEST_CASE("bounds") {
  Limits few;
  few.packages = 1;
  const std::string two = R"({"bomFormat":"CycloneDX","components":[{"purl":"pkg:pypi/x@1"},{"purl":"pkg:pypi/y@1"}]})";
  CHECK(read(MemorySource(two), few).error().code == Errc::limit);
  few.sbom_bytes = 10;
  CHECK(read(MemorySource(two), few).error().text == "larger than the limit sbom_bytes of 10");
  Limits shallow;
  shallow.json_depth = 8;
  std::string nested = R"({"purl":"pkg:pypi/x@1"})";
  for (int i = 0; i < 20; ++i) nested = R"({"components":[)" + nested + "]}";
  CHECK(!read(MemorySource(R"({"bomFormat":"CycloneDX","components":[)" + nested + "]}"), shallow));
}

}  // namespace eclair::sbom
