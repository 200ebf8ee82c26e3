#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Eclair authors
# SPDX-License-Identifier: Apache-2.0
# Ignore files: found by themselves or named, in every form that is known; what is set aside is counted, told on demand, and fails nothing.
. "$SOURCE_DIR/tests/e2e/prelude.sh"
debian_layer a "zlib1g 1:1.2.13.dfsg-1 zlib" "openssl 3.0.11-1~deb12u1"
image img a >/dev/null
cat >debian.json <<'J'
{"zlib": {"CVE-2099-0001": {"description": "made up", "scope": "remote", "releases": {"bookworm": {"status": "resolved", "repositories": {"bookworm": "1:1.2.13.dfsg-2"}, "fixed_version": "1:1.2.13.dfsg-2", "urgency": "high"}}}},
 "openssl": {"CVE-2099-0002": {"releases": {"bookworm": {"status": "open", "repositories": {"bookworm": "3.0.11-1~deb12u1"}, "urgency": "low"}}}}}
J
expect 0 db import --feed debian debian.json
export SOURCE_DATE_EPOCH=$(date -u -d 2026-06-01 +%s) ECLAIR_MAX_DB_AGE=3650d
scan() { expect "$1" scan oci-dir:img --offline "${@:2}"; }

scan 2 --fail-on low; lacks "suppressed"
printf 'version: 1\nignore:\n  - id: CVE-2099-0001\n    reason: not reachable\n    expires: 2026-12-31\n    owner: platform\n' >.eclairignore.yaml
scan 2 --fail-on low; says "policy failed: low: 1 finding (CVE-2099-0002 openssl)"
says "note: policy from ./.eclairignore.yaml: 1 ignore"
has "Unknown: 0, Negligible: 0, Low: 1, Medium: 0, High: 0, Critical: 0   (fixable: 0, suppressed: 1)"
lacks "CVE-2099-0001"
scan 0 --fail-on high --show-suppressed --wide; has "accepted: not reachable (.eclairignore.yaml:3, until 2026-12-31)"
scan 0 -f json; cp out ignored.json
is 'len(r["findings"]), len(r["suppressed"]), r["summary"]["suppressed"]' "(1, 1, 1)"
is 'r["suppressed"][0]["finding"]["vulnerability"]' CVE-2099-0001
is '[r["suppressed"][0]["by"][k] for k in ("kind","file","line","rule","status","reason","owner","expires")]' \
  "['ignore', '.eclairignore.yaml', 3, 'CVE-2099-0001', 'accepted', 'not reachable', 'platform', '2026-12-31']"
is '[n["message"] for n in r["notes"] if n["code"]=="project_policy"]' "['policy from ./.eclairignore.yaml: 1 ignore']"
if python3 -c 'import jsonschema' 2>/dev/null; then python3 "$SOURCE_DIR/tests/support/check_schema.py" "$SOURCE_DIR/schema/report-1.json" ignored.json || die "not valid"; fi
expect 0 convert ignored.json -f json; cmp out ignored.json
scan 2 --no-project-config --fail-on high
expect 0 explain CVE-2099-0001 oci-dir:img --offline; has "is affected"; has "Set aside by .eclairignore.yaml:3: accepted: not reachable, until 2026-12-31."
expect 0 explain CVE-2099-0001 oci-dir:img --offline -f json; is 'len(r["findings"]), len(r["suppressed"])' "(0, 1)"

# Its last day is one of its days; within two weeks of it it is spoken of, and after it, it is of no effect.
SOURCE_DATE_EPOCH=$(date -u -d '2026-12-31 23:59:59' +%s) scan 0 --fail-on high; says "warning: CVE-2099-0001: ignore expires on 2026-12-31 (.eclairignore.yaml:3)"
SOURCE_DATE_EPOCH=$(date -u -d '2027-01-01' +%s) scan 2 --fail-on high
says "warning: CVE-2099-0001: ignore expired on 2026-12-31 (.eclairignore.yaml:3)"; has "ignore expired on 2026-12-31"

# Everything set aside is not the same as nothing known.
printf 'CVE-2099-0001 # a\nCVE-2099-0002 exp:2026-12-31\nCVE-2000-1\n' >.eclairignore; rm .eclairignore.yaml
scan 0 -v --fail-on low; has "Suppressed: 2"; lacks "No known vulnerabilities"; says "ignore of no use: CVE-2000-1 (.eclairignore:3)"
rm .eclairignore

# Beside a saved image, not beside a folder.
mkdir elsewhere; tar -C img -cf elsewhere/img.tar .
printf 'CVE-2099-0001\n' >elsewhere/.eclairignore
expect 0 scan elsewhere/img.tar --offline --fail-on high; says "policy from elsewhere/.eclairignore: 1 ignore"
scan 2 --fail-on high

# Named files, in the forms of others.
printf 'vulnerabilities:\n  - id: CVE-2099-0001\n    purls: ["pkg:deb/debian/zlib1g"]\n    statement: fine\n' >trivy.yaml
printf 'CVE-2099-0001\n' >.trivyignore
printf 'generalwhitelist:\n  CVE-2099-0001: fine\n' >clairctl.yaml
printf 'images:\n  debian:\n    CVE-2099-0001: fine\n' >clairctl2.yaml
printf 'general:\n  - CVE-2099-0001\n' >klar.yaml
for file in trivy.yaml .trivyignore clairctl.yaml clairctl2.yaml klar.yaml; do
  scan 0 --fail-on high --ignorefile $file; has "suppressed: 1"
done
printf 'ignore:\n  - id: CVE-2099-0001\n    reason: r\n    images: [docker.io/library/debian]\n' >other.yaml
scan 2 --fail-on high --ignorefile other.yaml
scan 0 --fail-on high --ignorefile other.yaml --name debian:12

# A file that is not understood suppresses nothing and ends the scan.
printf 'ignore:\n  - id: CVE-2099-0001\n    reson: r\n' >bad.yaml
scan 1 --ignorefile bad.yaml; one_error; says 'bad.yaml:3:5: unknown key "reson"; did you mean reason?'
scan 1 --ignorefile missing.yaml; one_error

# In the project's own configuration: told in one line.
printf 'policy:\n  fail-on: high\nignore:\n  - id: CVE-2099-0001\n    reason: r\n' >.eclair.yaml
scan 0; says "note: policy from ./.eclair.yaml: 1 ignore, fail-on high"; has "suppressed: 1"
scan 0 -f json; is '[n["message"] for n in r["notes"] if n["code"]=="project_policy"]' "['policy from ./.eclair.yaml: 1 ignore, fail-on high']"
rm .eclair.yaml

# Through a server, the files here count the same.
. "$SOURCE_DIR/tests/support/serve.sh"
serve
printf 'CVE-2099-0001 # fine\n' >.eclairignore
expect 2 scan oci-dir:img --server "$API" --fail-on low -f json; is 'len(r["findings"]), [s["by"]["reason"] for s in r["suppressed"]]' "(1, ['fine'])"
says "policy failed: low: 1 finding (CVE-2099-0002 openssl)"

# What is new between two images is held against them, too, and a policy file by diff.
expect 0 diff oci-dir:img oci-dir:img --offline --fail-on low
debian_layer empty; image empty empty >/dev/null
printf 'rules:\n  nothing new: low\n' >policy.yaml
expect 2 diff oci-dir:empty oci-dir:img --offline --policy policy.yaml; says "nothing new (low): 1 finding (CVE-2099-0002 openssl)"
expect 1 diff oci-dir:empty oci-dir:img --offline --fail-on new:low@x; one_error
