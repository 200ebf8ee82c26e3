#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Eclair authors
# SPDX-License-Identifier: Apache-2.0
# The official schemas and readers that reports are held against are there, take what is right and refuse what is wrong. No program of ours is run.
. "$SOURCE_DIR/tests/e2e/prelude.sh"
need_validators

cat >bom.json <<'J'
{"bomFormat": "CycloneDX", "specVersion": "1.6", "serialNumber": "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79", "version": 1,
 "components": [{"type": "library", "name": "zlib1g", "version": "1:1.2.13", "bom-ref": "a", "purl": "pkg:deb/debian/zlib1g@1:1.2.13"}],
 "vulnerabilities": [{"id": "CVE-2099-1", "ratings": [{"method": "CVSSv31", "severity": "high", "score": 7.5}], "affects": [{"ref": "a"}]}],
 "dependencies": [{"ref": "a"}]}
J
for version in 1.4 1.5 1.6 1.7; do
  sed "s/\"1.6\"/\"$version\"/" bom.json >"bom-$version.json"
  valid cyclonedx "bom-$version.json"
done
spoil() { sed "$1" bom.json >bad.json; ! cmp -s bom.json bad.json || die "nothing spoilt: $1"; invalid cyclonedx bad.json; }
spoil 's/"CVSSv31"/"EPSS"/'
spoil 's/"library"/"deb"/'
spoil 's/"affects": \[{"ref": "a"}/"affects": [{"ref": "b"}/'
spoil 's/urn:uuid:3e671687/urn:3e671687/'
spoil 's/"version": 1,/"version": 1, "more": 1,/'
spoil 's/pkg:deb/deb/'

cat >log.sarif <<'J'
{"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [{
 "tool": {"driver": {"name": "tool", "version": "1.0.0", "informationUri": "https://example.com", "rules": [
  {"id": "CVE-2099-1-zlib1g", "name": "OsPackageVulnerability", "shortDescription": {"text": "It breaks."}, "fullDescription": {"text": "It breaks badly."},
   "help": {"text": "Upgrade."}, "helpUri": "https://example.com/1", "defaultConfiguration": {"level": "error"},
   "properties": {"security-severity": "7.5", "precision": "high", "tags": ["security"]}}]}},
 "results": [{"ruleId": "CVE-2099-1-zlib1g", "ruleIndex": 0, "level": "error", "message": {"text": "zlib1g is affected."},
  "locations": [{"physicalLocation": {"artifactLocation": {"uri": "library/debian"}, "region": {"startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 1}}}],
  "partialFingerprints": {"primaryLocationLineHash": "0123456789abcdef:1"}}]}]}
J
valid sarif log.sarif
spoil() { sed "$1" log.sarif >bad.sarif; ! cmp -s log.sarif bad.sarif || die "nothing spoilt: $1"; invalid sarif bad.sarif; }
spoil 's/"2.1.0"/"2.0.0"/'
spoil 's/"level": "error", "message"/"level": "high", "message"/'
spoil 's/"help": {"text": "Upgrade."}, //'              # GitHub's
spoil 's/"ruleIndex": 0/"ruleIndex": 1/'
spoil 's/"7.5"/7.5/'
spoil 's/"partialFingerprints".*:1"}//; s/}}}\],/}}}]/'  # GitHub's

line() { printf '{"purl": "%s", "type": "deb", "namespace": "debian", "name": "libstdc++6", "version": "1:12~1", "qualifiers": {"arch": "amd64"}}\n' "$1" >purls; }
line 'pkg:deb/debian/libstdc%2B%2B6@1:12~1?arch=amd64' && valid purl purls
line 'pkg:deb/debian/libstdc%2B%2B6@1%3A12~1?arch=amd64' && invalid purl purls  # read, but written otherwise
line 'pkg:deb/debian/libstdc%2B%2B6@1:12~2?arch=amd64' && invalid purl purls
line 'deb/debian/libstdc%2B%2B6@1:12~1' && invalid purl purls
