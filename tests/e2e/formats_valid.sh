#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Eclair authors
# SPDX-License-Identifier: Apache-2.0
# SARIF, CycloneDX and SPDX are valid by their own schemas and readers, on the bundled sample and three small images, say what the JSON report says,
# come out the same each time, and are read again as the same packages, layers and findings.
. "$SOURCE_DIR/tests/e2e/prelude.sh"
. "$SOURCE_DIR/tests/support/three_images.sh"
need_validators

reports() {  # IMAGE: everything in one run
  expect 0 scan --offline "oci-dir:$1" -f "json=$1.json" -f "jsonl=$1.jsonl" -f "sarif=$1.sarif" -f "cyclonedx=$1.cdx.json" -f "cyclonedx-vex=$1.vex.json" \
    -f "spdx-json=$1.spdx.json" -f "spdx=$1.spdx"
  python3 "$SOURCE_DIR/tests/support/check_schema.py" "$SOURCE_DIR/schema/report-1.json" "$1.jsonl" || die "JSON lines of $1"
  local one
  for one in sarif:sarif cyclonedx:cdx.json cyclonedx-vex:vex.json spdx-json:spdx.json; do
    python3 "$SOURCE_DIR/tests/support/same_findings.py" "$1.json" "${one%%:*}" "$1.${one#*:}" "$1.cdx.json" || die "${one%%:*} of $1"
  done
  for one in sarif:sarif cyclonedx:cdx.json spdx:spdx; do
    expect 0 scan --offline "oci-dir:$1" -f "${one%%:*}"
    cmp out "$1.${one#*:}" || die "${one%%:*} of $1 has other bytes"
    expect 0 convert "$1.json" -f "${one%%:*}"
    cmp out "$1.${one#*:}" || die "${one%%:*} of the saved report of $1 has other bytes"
  done
  for one in cdx.json spdx.json spdx; do
    expect 0 scan --offline "sbom:$1.$one" -f json
    python3 - "$1.json" out <<'P' || die "$1.$one is read again as something else"
import json, sys
def told(report):
    packages = report["packages"]
    return (sorted((p["purl"], p["source"]["name"], p["source"]["version"], p.get("vendor"), p.get("module"), p["layer"], p["paths"]) for p in packages.values()),
            sorted((f["id"], f["vulnerability"], f["severity"], f["fixed_in"], f["layer"], packages[f["package"]]["purl"]) for f in report["findings"]),
            report["target"]["digest"], report["target"]["config_digest"], [l["diff_id"] for l in report["layers"] if not l["empty"]])
sys.exit(told(json.load(open(sys.argv[1]))) != told(json.load(open(sys.argv[2]))))
P
  done
}
# golden IMAGE FORMAT FILE: by tests/cases/reports/README.md.
golden() {
  local kept="$SOURCE_DIR/tests/cases/reports/$1.$2"
  sed -e "s/eclair-$version/eclair-VERSION/; s/\"version\": \"$version\"/\"version\": \"VERSION\"/" "$3" >now
  if [ -n "${UPDATE_GOLDEN:-}" ]; then cp now "$kept"; fi
  diff -u "$kept" now || die "$2 of $1 differs from $kept"
}

python3 "$SOURCE_DIR/examples/build-sample" shop >/dev/null
expect 0 db import --feed debian "$SOURCE_DIR/examples/advisories/debian.json"
reports shop
is 'len(r["findings"])' 181
export ECLAIR_DATA_DIR="$T/data2"
three_images
expect 0 version && version=$(sed -n '1s/^eclair \([0-9.]*\).*/\1/p' out | sed 's/\./\\./g')
for image in $IMAGES; do
  reports $image
  for one in sarif cdx.json vex.json spdx.json spdx; do golden $image $one $image.$one; done
done
valid sarif debian.sarif alpine.sarif rocky.sarif shop.sarif
valid cyclonedx ./*.cdx.json ./*.vex.json
valid spdx ./*.spdx.json ./*.spdx

# Other versions; what is set aside; several targets, one of which is not there.
printf 'CVE-2023-45853 exp:2030-01-01 # minizip is not built\n' >ignored
for one in cyclonedx@1.5 cyclonedx-vex@1.5 cyclonedx-json@1.7 cyclonedx-vex@1.7 spdx-json@2.2 spdx-tag-value@2.2 sarif; do
  check=${one%%[@-]*}
  expect 0 scan --offline oci-dir:debian --ignorefile ignored -f "$one"
  valid "$check" out
  expect 1 scan --offline oci-dir:debian oci-dir:missing oci-dir:alpine oci-dir:debian -f "$one"
  valid "$check" out
done
expect 0 scan --offline oci-dir:debian --ignorefile ignored -f cyclonedx
is '[v["analysis"]["detail"][:23] for v in r["vulnerabilities"] if "analysis" in v]' "['minizip is not built; u']"
expect 0 scan --offline oci-dir:debian --ignorefile ignored -f sarif
is '[s["suppressions"][0]["justification"] for s in r["runs"][0]["results"] if s["suppressions"]]' "['minizip is not built']"

# A list of packages alone looks for no vulnerabilities, needs no advisories, and does not pass for a clean bill.
export ECLAIR_DATA_DIR="$T/data3"
for one in cyclonedx cyclonedx@1.5 spdx-json spdx json jsonl; do
  expect 0 sbom oci-dir:rocky -f "$one"
  silent
  [ "${one%%[@-]*}" = json ] || [ $one = jsonl ] || valid "${one%%[@-]*}" out
done
expect 0 sbom oci-dir:debian && cp out bom.json
is '"vulnerabilities" in r' False
is '[p["value"] for p in r["metadata"]["properties"]]' "['vulnerabilities were not looked for']"
expect 0 scan oci-dir:debian --no-vulns
has "Not judged: vulnerabilities were not looked for; 4 packages"
lacks "No known"
expect 0 sbom oci-dir:debian -f spdx-json=a.json -f cyclonedx=b.json
[ ! -s out ] && cmp b.json bom.json && valid spdx a.json || die "files that were asked for"
expect 0 sbom oci-dir:debian -o c.json && [ ! -s out ] && cmp c.json bom.json
expect 1 sbom oci-dir:debian -f sarif
one_error
ECLAIR_DATA_DIR="$T/data2" expect 0 scan --offline -f json - <bom.json
python3 -c 'import json; a, b = (sorted(f["id"] for f in json.load(open(n))["findings"]) for n in ("debian.json", "out")); assert a == b and len(a) == 4, (a, b)'
