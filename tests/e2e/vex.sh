#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Eclair authors
# SPDX-License-Identifier: Apache-2.0
# VEX documents in and out, and the kernel's packages.
. "$SOURCE_DIR/tests/e2e/prelude.sh"
debian_layer a "zlib1g 1:1.2.13.dfsg-1 zlib" "linux-libc-dev 6.1.10-1 linux" "linux-perf 6.1.10-1 linux"
image img a >/dev/null
cat >debian.json <<'J'
{"zlib": {"CVE-2099-0001": {"description": "made up", "releases": {"bookworm": {"status": "resolved", "repositories": {"bookworm": "1:1.2.13.dfsg-2"}, "fixed_version": "1:1.2.13.dfsg-2", "urgency": "high"}}}},
 "linux": {"CVE-2099-0003": {"releases": {"bookworm": {"status": "open", "repositories": {"bookworm": "6.1.10-1"}, "urgency": "medium"}}}}}
J
expect 0 db import --feed debian debian.json
scan() { expect "$1" scan oci-dir:img --offline "${@:2}"; }
vex() { printf '{"@context": "https://openvex.dev/ns/v0.2.0", "@id": "https://example.com/v", "author": "a", "timestamp": "2026-01-01T00:00:00Z", "version": 1, "statements": [{"vulnerability": {"name": "CVE-2099-0001"}, "products": [{"@id": "pkg:deb/debian/zlib1g"}], %s}]}' "$1"; }
vex '"status": "not_affected", "justification": "vulnerable_code_not_present"' >not.json
vex '"status": "affected", "action_statement": "upgrade it"' >affected.json
vex '"status": "under_investigation"' >looking.json

scan 2 --fail-on high
scan 0 --fail-on high --vex not.json; has "suppressed: 1"
scan 0 --vex not.json -f json; is '[r["suppressed"][0]["by"][k] for k in ("kind","file","status","justification")]' "['vex', 'not.json', 'not_affected', 'vulnerable_code_not_present']"
cp out set-aside.json
scan 2 --fail-on high --vex looking.json -f json
is '[(f["vulnerability"], [x["status"] for x in f.get("remarks", [])]) for f in r["findings"] if f["vulnerability"]=="CVE-2099-0001"]' "[('CVE-2099-0001', ['under_investigation'])]"; cp out remarks.json
expect 0 convert remarks.json -f json; cmp out remarks.json
if python3 -c 'import jsonschema' 2>/dev/null; then python3 "$SOURCE_DIR/tests/support/check_schema.py" "$SOURCE_DIR/schema/report-1.json" set-aside.json remarks.json || die "not valid"; fi
# The first one named has the say; VEX goes before ignore files.
scan 2 --fail-on high --vex affected.json --vex not.json; scan 0 --fail-on high --vex not.json --vex affected.json
printf 'CVE-2099-0001\n' >.eclairignore
scan 0 --fail-on high; scan 0 --fail-on high --vex looking.json; scan 2 --fail-on high --vex affected.json; rm .eclairignore
# A folder, in the order of names.
mkdir documents; cp not.json documents/1.json; cp affected.json documents/2.json; echo x >documents/README
scan 0 --fail-on high --vex documents
expect 0 explain CVE-2099-0001 oci-dir:img --offline --vex not.json; has "Set aside by not.json: not_affected (vulnerable_code_not_present)."
expect 0 explain CVE-2099-0001 oci-dir:img --offline --vex affected.json; has "Said in affected.json: affected: upgrade it."
scan 1 --vex missing.json; one_error; scan 1 --vex debian.json; says "error: debian.json is no VEX document"
scan 1 --vex oci; says "error: --vex oci: statements that are published beside an image are not fetched"

# The kernel: its headers, not the programs from its source.
scan 2 --fail-on medium --ignore-kernel; says "2 findings"
scan 0 --ignore-kernel -f json; is '[(s["finding"]["vulnerability"], s["by"]["kind"], s["by"]["file"]) for s in r["suppressed"]]' "[('CVE-2099-0003', 'preset', '--ignore-kernel')]"
is 'sorted(r["packages"][f["package"]]["name"] for f in r["findings"])' "['linux-perf', 'zlib1g']"

# Out: what was set aside comes back in as the same.
export SOURCE_DATE_EPOCH=1790000000
printf 'ignore:\n  - {id: CVE-2099-0001, reason: no minizip, status: not_affected, justification: component_not_present}\n' >.eclairignore.yaml
scan 0 -f openvex --max-db-age 3650d; cp out out.json; cp out again.json
scan 0 -f openvex --max-db-age 3650d; cmp out again.json
cp again.json out
is 'r["@context"], r["version"], len(r["statements"])' "('https://openvex.dev/ns/v0.2.0', 1, 2)"
is '[(s["vulnerability"]["name"], s["status"], s.get("justification"), s.get("action_statement"), [c["@id"] for c in s["products"][0]["subcomponents"]]) for s in r["statements"]]' \
  "[('CVE-2099-0001', 'not_affected', 'component_not_present', None, ['pkg:deb/debian/zlib1g@1:1.2.13.dfsg-1?arch=amd64&distro=debian-12']), ('CVE-2099-0003', 'affected', None, 'no fix yet', ['pkg:deb/debian/linux-libc-dev@6.1.10-1?arch=amd64&distro=debian-12', 'pkg:deb/debian/linux-perf@6.1.10-1?arch=amd64&distro=debian-12'])]"
rm .eclairignore.yaml
scan 0 --fail-on high --vex again.json --max-db-age 3650d; has "suppressed: 1"
