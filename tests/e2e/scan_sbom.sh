#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Eclair authors
# SPDX-License-Identifier: Apache-2.0
# An SBOM is judged as the image that it describes: by file, scheme, pipe, package URL; and what is no SBOM is called what it is.
. "$SOURCE_DIR/tests/e2e/prelude.sh"
debian_layer a "zlib1g 1:1.2.13.dfsg-1 zlib" "libssl3 3.0.11-1~deb12u1 openssl"
debian_layer b "zlib1g 1:1.2.13.dfsg-1 zlib" "libssl3 3.0.11-1~deb12u1 openssl" "curl 7.88.1-10"
image img a b --history "COPY a /" --history "RUN apt-get install curl" >ids
layer1=$(sed -n 2p ids) layer2=$(sed -n 3p ids)
cat >debian.json <<'J'
{"zlib": {"CVE-2099-0001": {"releases": {"bookworm": {"status": "resolved", "fixed_version": "1:1.2.13.dfsg-2", "urgency": "high"}}}},
 "openssl": {"CVE-2099-0002": {"releases": {"bookworm": {"status": "resolved", "fixed_version": "3.0.11-1~deb12u2", "urgency": "low"}}}},
 "curl": {"CVE-2099-0003": {"releases": {"bookworm": {"status": "open", "urgency": "unimportant"}}}}}
J
expect 0 db import --feed debian debian.json
findings() { json '[(f["vulnerability"], f["severity"], f["fixed_in"], r["packages"][f["package"]]["name"], f.get("layer"), f["id"]) for f in r["findings"]]'; }
expect 0 scan oci-dir:img --offline -f json
of_image=$(findings)
[ "$(json 'len(r["findings"])')" = 3 ] || die "three findings in the image"

component() {  # NAME PURL SOURCE LAYER
  printf '{"type":"library","name":"%s","purl":"%s","properties":[{"name":"aquasecurity:trivy:SrcName","value":"%s"},{"name":"aquasecurity:trivy:LayerDiffID","value":"%s"},{"name":"aquasecurity:trivy:FilePath","value":"var/lib/dpkg/status"}]}' "$@"
}
{
  printf '{"bomFormat":"CycloneDX","specVersion":"1.6","metadata":{"component":{"type":"container","name":"shop","properties":[{"name":"aquasecurity:trivy:DiffID","value":"%s"},{"name":"aquasecurity:trivy:DiffID","value":"%s"}]}},"components":[{"type":"operating-system","name":"debian","version":"12.4"},' "$layer1" "$layer2"
  component zlib1g 'pkg:deb/debian/zlib1g@1.2.13.dfsg-1?arch=amd64&distro=debian-12.4&epoch=1' zlib "$layer1"; printf ','
  component libssl3 'pkg:deb/debian/libssl3@3.0.11-1~deb12u1?arch=amd64&distro=debian-12.4' openssl "$layer1"; printf ','
  component curl 'pkg:deb/debian/curl@7.88.1-10?arch=amd64&distro=debian-12.4' curl "$layer2"
  printf ']}'
} >bom.json
for target in ./bom.json bom.json sbom:bom.json sbom://bom.json; do
  expect 0 scan "$target" --offline -f json
  silent
  [ "$(findings)" = "$of_image" ] || die "$target: $(findings) instead of $of_image"
done
is 'r["target"]["kind"] + " " + r["target"]["source"] + " " + r["target"]["name"]' "sbom CycloneDX 1.6 shop"
is '[l["diff_id"] for l in r["layers"]]' "['$layer1', '$layer2']"
python3 "$SOURCE_DIR/tests/support/check_schema.py" "$SOURCE_DIR/schema/report-1.json" out
# A pipe, named and not; and a statement around it.
expect 0 scan - --offline -f json <bom.json
[ "$(findings)" = "$of_image" ] || die "standard input"
rc=0; cat bom.json | "$ECLAIR" scan --offline -f json >out 2>err || rc=$?
[ "$rc" = 0 ] && [ "$(findings)" = "$of_image" ] || die "a pipe without a target"
(sleep 3; cat bom.json) | "$ECLAIR" scan --offline -f json >out 2>err
says "note: no target is named: waiting for an image or an SBOM on standard input"
[ "$(findings)" = "$of_image" ] || die "a slow pipe"
expect 1 scan --offline </dev/null
says "no image named"
python3 - <<'P'
import base64, json
bom = json.load(open("bom.json"))
statement = {"_type": "https://in-toto.io/Statement/v1", "predicateType": "https://cyclonedx.org/bom", "predicate": bom}
json.dump({"payloadType": "application/vnd.in-toto+json", "payload": base64.b64encode(json.dumps(statement).encode()).decode(), "signatures": []}, open("dsse.json", "w"))
P
expect 0 scan dsse.json --offline -f json
[ "$(findings)" = "$of_image" ] || die "an envelope"
# Package URLs, one and many.
expect 2 scan 'pkg:deb/debian/libssl3@3.0.11-1~deb12u1?distro=debian-12&upstream=openssl' --offline --fail-on low
has CVE-2099-0002
printf 'pkg:deb/debian/zlib1g@1:1.2.13.dfsg-1?distro=bookworm&upstream=zlib\n# and\npkg:deb/debian/curl@7.88.1-10?distro=debian-12\n' >list.txt
expect 0 scan purl:list.txt --offline
has CVE-2099-0001
has CVE-2099-0003
expect 0 layers bom.json
has 'shop'
expect 0 explain --offline CVE-2099-0002 bom.json
has 'fixed in 3.0.11-1~deb12u2'
# What is missing is said, and counts.
echo '{"bomFormat":"CycloneDX","specVersion":"1.5","components":[{"type":"library","name":"zlib1g","version":"1","purl":"pkg:deb/zlib1g@1"},{"type":"library","name":"mystery","version":"1"}]}' >weak.json
expect 3 scan weak.json --offline --fail-on incomplete
says "unknown distribution"
says "1 component without a package URL was not judged: mystery"
# What is none.
echo '{"SchemaVersion":2,"ArtifactName":"x","Results":[]}' >report.json
expect 1 scan report.json --offline
one_error
says "error: report.json is a Trivy report, not an SBOM"
says "hint: trivy convert --format cyclonedx"
expect 1 scan sbom:nowhere.json --offline
says "nowhere.json"
echo 'hello' >text.json
expect 1 scan sbom:text.json --offline
says "error: text.json is not an SBOM"
echo '{"bomFormat":"CycloneDX","components":[' >broken.json
expect 1 scan broken.json --offline
one_error
says "error: broken.json: json"
