#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Eclair authors
# SPDX-License-Identifier: Apache-2.0
# Rules: terms that look at exploitation, scores, vectors, files and older reports; policy files; what --no-fail leaves of them.
. "$SOURCE_DIR/tests/e2e/prelude.sh"
debian_layer a "zlib1g 1:1.2.13.dfsg-1 zlib" "openssl 3.0.11-1~deb12u1"
mkdir -p a/usr/bin && echo x >a/usr/bin/nc
image img a >/dev/null
cat >debian.json <<'J'
{"zlib": {"CVE-2099-0001": {"description": "made up", "scope": "remote", "releases": {"bookworm": {"status": "resolved", "repositories": {"bookworm": "1:1.2.13.dfsg-2"}, "fixed_version": "1:1.2.13.dfsg-2", "urgency": "high"}}}},
 "openssl": {"CVE-2099-0002": {"releases": {"bookworm": {"status": "open", "repositories": {"bookworm": "3.0.11-1~deb12u1"}, "urgency": "low"}}}}}
J
cat >kev.json <<'J'
{"title": "t", "catalogVersion": "2026.01.01", "dateReleased": "2026-01-01T00:00:00.0000Z", "count": 1, "vulnerabilities": [{"cveID": "CVE-2099-0001", "vendorProject": "v", "product": "p",
 "vulnerabilityName": "n", "dateAdded": "2026-01-01", "shortDescription": "s", "requiredAction": "r", "dueDate": "2026-02-01", "knownRansomwareCampaignUse": "Unknown", "notes": ""}]}
J
printf '#model_version:v2023.03.01,score_date:2026-01-01T00:00:00+0000\ncve,epss,percentile\nCVE-2099-0001,0.61,0.99\nCVE-2099-0002,0.01,0.10\n' >epss.csv
cat >nvd.json <<'J'
{"resultsPerPage": 1, "startIndex": 0, "totalResults": 1, "format": "NVD_CVE", "version": "2.0", "timestamp": "2026-01-01T00:00:00.000", "vulnerabilities": [{"cve": {"id": "CVE-2099-0001",
 "sourceIdentifier": "a@b", "published": "2026-01-01T00:00:00.000", "lastModified": "2026-01-01T00:00:00.000", "vulnStatus": "Analyzed", "descriptions": [{"lang": "en", "value": "made up"}],
 "metrics": {"cvssMetricV31": [{"source": "nvd@nist.gov", "type": "Primary", "cvssData": {"version": "3.1", "vectorString": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", "baseScore": 9.8, "baseSeverity": "CRITICAL"}, "exploitabilityScore": 3.9, "impactScore": 5.9}]},
 "references": []}}]}
J
for feed in debian:debian.json kev:kev.json epss:epss.csv nvd:nvd.json; do expect 0 db import --feed ${feed%%:*} ${feed#*:}; done
scan() { expect "$1" scan oci-dir:img --offline "${@:2}"; }

scan 2 --fail-on kev; says "policy failed: kev: 1 finding (CVE-2099-0001 zlib1g)"
scan 2 --fail-on 'epss>0.5'; scan 0 --fail-on 'epss>0.61'; scan 2 --fail-on 'epss>=0.61,fixable'
scan 2 --fail-on 'cvss>=9.8'; scan 0 --fail-on 'cvss>9.8'
scan 2 --fail-on av:network,ac:low; scan 0 --fail-on av:local; scan 0 --fail-on low,av:adjacent
scan 2 --fail-on own; scan 0 --fail-on base
scan 2 --fail-on repo:docker.io/library/shop --name shop:1; scan 0 --fail-on repo:docker.io/library/web --name shop:1
scan 2 --fail-on file:usr/bin/nc; says "policy failed: file:usr/bin/nc: usr/bin/nc is there, in layer 1"
scan 0 --fail-on 'file:**/id_rsa'; scan 2 --fail-on 'no-file:**/id_rsa'; scan 0 --fail-on no-file:/usr/bin/nc; scan 0 --fail-on critical,file:usr/bin/nc
expect 1 scan oci-dir:img --fail-on 'epss>2'; one_error; says "error: --fail-on epss>2: a score is a number between 0 and 1"
expect 1 scan oci-dir:img --server http://127.0.0.1:1 --fail-on file:x; says "a rule about a file (x) cannot be had with --server"
expect 1 serve --data-dir memory --listen 127.0.0.1:0 --admission-fail-on file:x; says "cannot be kept at the gate"

# The JSON tells the vectors' parts.
scan 0 -f json; is 'sorted((c["access_vector"], c["access_complexity"]) for f in r["findings"] for c in f["cvss"])' "[('network', 'low')]"; cp out now.json
if python3 -c 'import jsonschema' 2>/dev/null; then python3 "$SOURCE_DIR/tests/support/check_schema.py" "$SOURCE_DIR/schema/report-1.json" now.json || die "not valid"; fi

# No worse than before: an older report, an older image.
scan 0 --fail-on new:low@now.json
debian_layer b "zlib1g 1:1.2.13.dfsg-2 zlib" "openssl 3.0.11-1~deb12u1"; image older b >/dev/null
scan 2 --fail-on new:low@oci-dir:older; says "policy failed: new:low@oci-dir:older: 1 finding (CVE-2099-0001 zlib1g)"
scan 0 --fail-on new:critical@oci-dir:older
expect 1 scan oci-dir:img --offline --fail-on new:low@oci-dir:missing; one_error; says "what new:...@oci-dir:missing compares with"

# Policy files.
printf 'version: 1\nrules:\n  - name: nothing exploited\n    fail-on: kev\n  - name: nothing grave\n    fail-on: [critical, "high,av:local"]\n' >policy.yaml
scan 2 --policy policy.yaml; says "policy failed: nothing exploited (kev): 1 finding (CVE-2099-0001 zlib1g)"
scan 2 --policy policy.yaml -f json; is '[(x["name"], x["place"], x["rule"], x["passed"]) for x in r["policy"]["rules"]]' \
  "[('nothing exploited', 'policy.yaml:4', 'kev', False), ('nothing grave', 'policy.yaml:6', 'critical', True), ('nothing grave', 'policy.yaml:6', 'high,av:local', True)]"
if python3 -c 'import jsonschema' 2>/dev/null; then python3 "$SOURCE_DIR/tests/support/check_schema.py" "$SOURCE_DIR/schema/report-1.json" out || die "not valid"; fi
cp out policy.json; expect 0 convert policy.json -f json; cmp out policy.json
scan 0 --policy policy.yaml --no-fail; says "policy failed: nothing exploited"
scan 0 --policy policy.yaml -n
expect 0 policy check policy.yaml; has "policy.yaml:4  nothing exploited: kev"; has "policy.yaml: 3 rules"
printf 'rules:\n  - name: x\n    fail-on: hihg\n' >bad.yaml
expect 1 policy check bad.yaml; says "error: bad.yaml:3:14: rule x: hihg: "; says "did you mean high?"
expect 1 scan oci-dir:img --policy bad.yaml; one_error
printf 'policy:\n  policy: policy.yaml\n' >.eclair.yaml
scan 2; says "note: policy from ./.eclair.yaml: policy policy.yaml"
