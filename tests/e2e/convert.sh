#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Eclair authors
# SPDX-License-Identifier: Apache-2.0
# A saved report in other formats: the same as if it had been written in them at once.
. "$SOURCE_DIR/tests/e2e/prelude.sh"
debian_layer a "zlib1g 1:1.2.13.dfsg-1 zlib" "openssl 3.0.11-1~deb12u1"
image img a --history "COPY a /" >/dev/null
echo '{"zlib": {"CVE-2099-0001": {"description": "made up", "releases": {"bookworm": {"status": "resolved", "repositories": {"bookworm": "1:1.2.13.dfsg-2"}, "fixed_version": "1:1.2.13.dfsg-2", "urgency": "high"}}}},
 "openssl": {"CVE-2099-0002": {"releases": {"bookworm": {"status": "open", "repositories": {"bookworm": "3.0.11-1~deb12u1"}, "urgency": "low"}}}}}' >debian.json
expect 0 db import --feed debian debian.json
expect 2 scan oci-dir:img --offline --fail-on high -f json=r.json
cp out table
# In every format there is the bytes are those of a scan.
export SOURCE_DATE_EPOCH=$(($(date +%s) + 60))
expect 2 scan oci-dir:img --offline --fail-on high -f json -o same.json
expect 1 scan oci-dir:img -f no-such-format
formats=$(sed -n 's/.*not a format (\(.*\))$/\1/p' err | tr -d ,)
[ "$(wc -w <<<"$formats")" -ge 20 ] || die "few formats: $formats"
for format in $formats; do
  [ "$format" != template ] || continue
  run scan oci-dir:img --offline --fail-on high -f "$format" && cp out want
  expect 0 convert same.json -f "$format" && cmp out want || die "$format differs"
done
unset SOURCE_DATE_EPOCH
rm -rf data                                                # nothing is looked up any more
expect 0 convert r.json && cmp out table
silent
expect 0 convert r.json -f json && cmp out r.json
expect 0 convert - -f json <r.json && cmp out r.json
expect 0 convert r.json --severity high
has "CVE-2099-0001"
lacks "CVE-2099-0002"
expect 0 convert r.json r.json -f json=two.json -f table
has "TARGET"
expect 0 convert two.json -f json && cmp out two.json
expect 0 convert r.json --severity high -f json -o part.json
expect 0 convert part.json
says "part.json was written with a filter: 1 finding is not in it"

expect 1 convert
one_error
expect 1 convert missing.json
one_error && says "missing.json"
echo '{"SchemaVersion":2,"ArtifactName":"x"}' >trivy.json
expect 1 convert trivy.json
one_error && says "trivy.json: a Trivy report, not a report of eclair"
sed -E 's/"package": ?"p1"/"package": "p7"/' r.json >bad.json
expect 1 convert bad.json
one_error && says "findings[1].package: no such package"
