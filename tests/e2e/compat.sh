#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Eclair authors
# SPDX-License-Identifier: Apache-2.0
# In the place of clairctl, klar, clair-scanner and Clair 4's clairctl: their words, files and exit codes, as their sources have them
# (jgsqware/clairctl cmd/analyze.go, cmd/report.go, clair/report.go; optiopay/klar main.go, klar.go, format.go; arminc/clair-scanner main.go,
# scanner.go, reporter.go; quay/clair cmd/clairctl/textformatter.go, xmlformatter.go).
. "$SOURCE_DIR/tests/e2e/prelude.sh"
. "$SOURCE_DIR/tests/support/serve.sh"
export ECLAIR_OFFLINE=true
debian_layer base "libssl3 3.0.11-1 openssl" "openssl 3.0.11-1" "zlib1g 1:1.2.13-1 zlib"
image img base >/dev/null
cp -r base clean && : >clean/var/lib/dpkg/status
image empty clean >/dev/null
cat >debian.json <<'J'
{"zlib": {"CVE-2099-0001": {"description": "a <long> text about what is wrong with it", "releases": {"bookworm": {"status": "resolved", "repositories": {"bookworm": "1:1.2.13-2"}, "fixed_version": "1:1.2.13-2", "urgency": "high"}}}},
 "openssl": {"CVE-2099-0001": {"releases": {"bookworm": {"status": "open", "repositories": {"bookworm": "3.0.11-1"}, "urgency": "high"}}},
             "CVE-2099-0002": {"releases": {"bookworm": {"status": "open", "repositories": {"bookworm": "3.0.11-1"}, "urgency": "low"}}}}}
J
same() { diff -u "$1" "$T/out" >&2 || die "other words"; }

# Without advisories nothing passes: the originals had a server that knew.
for verb in "clairctl analyze" "clairctl-v4 report" clair-scanner; do expect 1 compat $verb oci-dir:img; says "error: not judged: no advisory data for debian:12"; done
expect 2 compat klar oci-dir:img
says "error: not judged: no advisory data for debian:12"
expect 0 db import --feed debian debian.json

# clairctl: packages times vulnerabilities in the text, distinct names in the JSON; any that is counted is exit 1.
expect 1 compat clairctl analyze oci-dir:img
printf '\nImage: img\n \n Unknown: 0\n Negligible: 0\n Low: 1\n Medium: 0\n High: 2\n Critical: 0\n Defcon1: 0\n' >want
same want
silent
expect 0 compat clairctl analyze -n oci-dir:img
same want
expect 0 compat clairctl analyze oci-dir:img --filters Critical,Medium
printf '\nImage: img\n \n Medium: 0\n Critical: 0\n' >want
same want
expect 1 compat clairctl analyze -f high,Low oci-dir:img   # exact words alone; others pass without a word
printf '\nImage: img\n \n Low: 1\n' >want
same want
expect 1 compat clairctl analyze --format json -f High,Low oci-dir:img
printf '{\n    "Image": "img",\n    "Vulns": [\n        {\n            "Priority": "Low",\n            "Count": 1\n        },\n        {\n            "Priority": "High",\n            "Count": 1\n        }\n    ]\n}\n' >want
same want
expect 1 compat clairctl analyze --format xml oci-dir:img
says "Bad format type 'xml'"
expect 1 compat clairctl analyze
expect 0 compat clairctl report -f json oci-dir:img
printf 'JSON report at reports/json/analysis-img.json\n' >want
same want
cp reports/json/analysis-img.json out
is 'list(r)' "['Registry', 'ImageName', 'Tag', 'Layers']"
is '[(f["Name"], f["Version"], [v["Name"] + v["Severity"] for v in f.get("Vulnerabilities", [])]) for f in r["Layers"][0]["Layer"]["Features"]]' \
  "[('openssl', '3.0.11-1', ['CVE-2099-0001High', 'CVE-2099-0002Low']), ('zlib', '1:1.2.13-1', ['CVE-2099-0001High'])]"
is 'r["Layers"][0]["Layer"]["Features"][0]["AddedBy"] == r["Layers"][0]["Layer"]["Name"]' True
expect 0 compat clairctl report oci-dir:img
printf 'HTML report at reports/html/analysis-img.html\n' >want
same want
grep -qi '<!doctype html>' reports/html/analysis-img.html && grep -q CVE-2099-0002 reports/html/analysis-img.html || die "no page"
DOCKER_HOST=unix://$T/none.sock expect 1 compat clairctl analyze -l shop/api:1   # the local engine, and nothing else
one_error; says "none.sock"
expect 1 compat clairctl push oci-dir:img
one_error

# klar: everything by the environment. What is shown is counted, and may be as many as are tolerated.
expect 1 compat klar oci-dir:img
sed 's/@$/ /' >want <<'W'  # lint wants no blanks at the end of a line
Analysing 1 layers
Got results from Clair API v1
Found 3 vulnerabilities
Low: 1
High: 2

CVE-2099-0002: [Low]@
Found in: openssl [3.0.11-1]
Fixed By:@

https://security-tracker.debian.org/tracker/CVE-2099-0002
-----------------------------------------
CVE-2099-0001: [High]@
Found in: openssl [3.0.11-1]
Fixed By:@
a <long> text about what is wrong with it
https://security-tracker.debian.org/tracker/CVE-2099-0001
-----------------------------------------
CVE-2099-0001: [High]@
Found in: zlib [1:1.2.13-1]
Fixed By: 1:1.2.13-2
a <long> text about what is wrong with it
https://security-tracker.debian.org/tracker/CVE-2099-0001
-----------------------------------------
W
same want
printf 'clair timeout 1m0s\ndocker timeout: 1m0s\nno whitelist file\n' | diff - err
klar() { env "${@:3}" "$ECLAIR" compat klar "$2" >"$T/out" 2>"$T/err" && rc=0 || rc=$?; [ "$rc" = "$1" ] || die "klar ${*:3}: exit $rc, expected $1"; }
klar 0 oci-dir:img CLAIR_THRESHOLD=3
klar 1 oci-dir:img CLAIR_THRESHOLD=2
klar 0 oci-dir:img CLAIR_THRESHOLD=2 CLAIR_OUTPUT=high
klar 0 oci-dir:img CLAIR_THRESHOLD=1 IGNORE_UNFIXED=true
klar 0 oci-dir:img CLAIR_OUTPUT=Critical
klar 2 oci-dir:img CLAIR_OUTPUT=grave
says "Invalid options: Clair output level grave is not supported, only support [Unknown Negligible Low Medium High Critical Defcon1]"
klar 2 oci-dir:img FORMAT_OUTPUT=xml
klar 2 ./missing CLAIR_THRESHOLD=100
klar 1 oci-dir:img JSON_OUTPUT=1 CLAIR_OUTPUT=High
silent
printf '%s\n' '{"LayerCount":1,"Vulnerabilities":{"High":[{"Name":"CVE-2099-0001","NamespaceName":"debian:12","Description":"a \u003clong\u003e text about what is wrong with it","Link":"https://security-tracker.debian.org/tracker/CVE-2099-0001","Severity":"High","FeatureName":"openssl","FeatureVersion":"3.0.11-1"},{"Name":"CVE-2099-0001","NamespaceName":"debian:12","Description":"a \u003clong\u003e text about what is wrong with it","Link":"https://security-tracker.debian.org/tracker/CVE-2099-0001","Severity":"High","FixedBy":"1:1.2.13-2","FeatureName":"zlib","FeatureVersion":"1:1.2.13-1"}]}}' >want
same want
klar 1 oci-dir:img FORMAT_OUTPUT=table CLAIR_OUTPUT=High
has "| SEVERITY | NAME          | FEATURENAME | FEATUREVERSION | FIXEDBY    | DESCRIPTION                    | LINK"
has "| High     | CVE-2099-0001 | zlib        | 1:1.2.13-1     | 1:1.2.13-2 | a <long> text about what is    | https://security-tracker.debian.org/tracker/CVE-2099-0001 |"

# clair-scanner: at or above the threshold and on no white list is unapproved.
expect 1 compat clair-scanner -r report.json oci-dir:img
cat >want <<'W'
+------------+--------------------+--------------+-----------------+-----------------------------------------------------------+
| STATUS     | CVE SEVERITY       | PACKAGE NAME | PACKAGE VERSION | CVE DESCRIPTION                                           |
+------------+--------------------+--------------+-----------------+-----------------------------------------------------------+
| Unapproved | High CVE-2099-0001 | openssl      | 3.0.11-1        | a <long> text about what is wrong with it                 |
|            |                    |              |                 | https://security-tracker.debian.org/tracker/CVE-2099-0001 |
+------------+--------------------+--------------+-----------------+-----------------------------------------------------------+
| Unapproved | High CVE-2099-0001 | zlib         | 1:1.2.13-1      | a <long> text about what is wrong with it                 |
|            |                    |              |                 | https://security-tracker.debian.org/tracker/CVE-2099-0001 |
+------------+--------------------+--------------+-----------------+-----------------------------------------------------------+
| Unapproved | Low CVE-2099-0002  | openssl      | 3.0.11-1        |                                                           |
|            |                    |              |                 | https://security-tracker.debian.org/tracker/CVE-2099-0002 |
+------------+--------------------+--------------+-----------------+-----------------------------------------------------------+
W
same want
says "[INFO] ▶ Start clair-scanner"
says "[WARN] ▶ Image [oci-dir:img] contains 3 total vulnerabilities"
says "[ERRO] ▶ Image [oci-dir:img] contains 3 unapproved vulnerabilities"
cp report.json out
is '(r["image"], r["unapproved"])' "('oci-dir:img', ['CVE-2099-0001', 'CVE-2099-0002', 'CVE-2099-0001'])"
is 'r["vulnerabilities"][1]' "{'featurename': 'zlib', 'featureversion': '1:1.2.13-1', 'vulnerability': 'CVE-2099-0001', 'namespace': 'debian:12', 'description': 'a <long> text about what is wrong with it', 'link': 'https://security-tracker.debian.org/tracker/CVE-2099-0001', 'severity': 'High', 'fixedby': '1:1.2.13-2'}"
is 'len(r["vulnerabilities"])' 3
[ "$(head -c 26 report.json)" = $'{\n    "image": "oci-dir:im' ] || die "another layout of JSON"
expect 0 compat clair-scanner -t Critical -c http://127.0.0.1:6060 --ip 127.0.0.1 oci-dir:img   # shown, and approved
has "| Approved | Low CVE-2099-0002  |"
says "contains NO unapproved vulnerabilities"
expect 0 compat clair-scanner -t Critical --all=false oci-dir:img
[ ! -s out ] || die "a table of nothing"
expect 1 compat clair-scanner -t High --all=false -q --log=log oci-dir:img
[ ! -s out ] || die "a table with -q"
grep -q 'Start clair-scanner' log || die "no log"
expect 1 compat clair-scanner -t Grave oci-dir:img
says "Invalid CVE severity threshold Grave given"
expect 5 compat clair-scanner --exit-when-no-features oci-dir:empty
expect 0 compat clair-scanner oci-dir:empty
expect 1 compat clair-scanner --nonsense oci-dir:img
one_error

# Clair 4's clairctl: never a code for what was found.
expect 0 compat clairctl-v4 report oci-dir:img
printf '%s\n' 'oci-dir:img found libssl3 3.0.11-1   CVE-2099-0001' 'oci-dir:img found libssl3 3.0.11-1   CVE-2099-0002' 'oci-dir:img found openssl 3.0.11-1   CVE-2099-0001' \
  'oci-dir:img found openssl 3.0.11-1   CVE-2099-0002' 'oci-dir:img found zlib1g  1:1.2.13-1 CVE-2099-0001 (fixed: 1:1.2.13-2)' >want
same want
expect 0 compat clairctl-v4 -q report --out xml oci-dir:img
python3 - out <<'PY' || die "another JUnit"
import sys, xml.etree.ElementTree as tree
root = tree.parse(sys.argv[1]).getroot()
suite, = root
assert root.tag == "testsuites" and suite.attrib == {"name": "oci-dir:img", "tests": "3", "errors": "0", "failures": "3"}, suite.attrib
assert suite[0][0].attrib["name"] == "manifest" and suite[0][0].attrib["value"].startswith("sha256:")
assert [c.attrib["name"] for c in suite[1:]] == ["libssl3 3.0.11-1", "openssl 3.0.11-1", "zlib1g 1:1.2.13-1"]
assert suite[3][0].text == "Found the following vulnerabilities:\n\tCVE-2099-0001", suite[3][0].text
PY
expect 0 compat clairctl-v4 report --out=json oci-dir:img   # Clair's vulnerability report
is 'sorted(r)[:3], r["manifest_hash"][:7], sorted(len(v) for v in r["package_vulnerabilities"].values())' "(['distributions', 'enrichments', 'environments'], 'sha256:', [1, 2, 2])"
[ "$(tail -c 1 out)" = "}" ] || die "something behind the document"
expect 0 compat clairctl-v4 report -o text -k oci-dir:empty ./missing
printf 'oci-dir:empty ok\n' >want
same want
one_error
expect 1 compat clairctl-v4 report oci-dir:empty ./missing
expect 1 compat clairctl-v4 report -o yaml oci-dir:img
says 'unrecognized output format yaml'

# White lists. clairctl compared the names below `images` with the distribution, clair-scanner with the image.
printf 'generalwhitelist:\n  CVE-2099-0002: not ours\nimages:\n  debian:\n    CVE-2099-0001: nor this\n' >list.yaml
expect 0 compat clairctl analyze -w list.yaml oci-dir:img
has "High: 0"
expect 0 compat clair-scanner -w list.yaml oci-dir:img
says "contains NO unapproved vulnerabilities"
has "| Approved | High CVE-2099-0001 | zlib"
printf 'generalwhitelist:\n  CVE-2099-0001: not ours\n' >list.yaml
expect 1 compat clair-scanner -w list.yaml -r report.json --all=false oci-dir:img
has "| Unapproved | Low CVE-2099-0002 | openssl"
lacks CVE-2099-0001
cp report.json out
is '(r["unapproved"], len(r["vulnerabilities"]))' "(['CVE-2099-0002'], 3)"
expect 1 compat clairctl analyze -w list.yaml oci-dir:img
has "Low: 1"
has "High: 0"
expect 1 compat clair-scanner -w missing.yaml oci-dir:img
printf 'general:\n  - CVE-2099-0001\n' >klar.yaml
klar 1 oci-dir:img WHITELIST_FILE=klar.yaml
[ "$(sed -n '3,4p' out)" = 'Whitelisted 2 vulnerabilities
Found 1 vulnerabilities' ] || die "another count"
says "whitelist file: klar.yaml"
klar 0 oci-dir:img WHITELIST_FILE=klar.yaml CLAIR_OUTPUT=High
klar 2 oci-dir:img WHITELIST_FILE=missing.yaml

# A link of that name is that program.
mkdir bin
for name in klar clair-scanner clairctl clairctl-v4; do ln -s "$ECLAIR" "bin/$name"; done
rc=0; bin/klar oci-dir:img >out 2>err || rc=$?
[ "$rc" = 1 ] || die "the link klar: exit $rc"
has "Found 3 vulnerabilities"
rc=0; PATH="$T/bin:$PATH" clairctl analyze --filters Critical oci-dir:img >out 2>err || rc=$?
[ "$rc" = 0 ] || die "the link clairctl: exit $rc"
has "Critical: 0"
expect 2 compat klar
says "Image name must be provided"
expect 0 compat klar --help
has "CLAIR_THRESHOLD"
expect 0 compat
has "eclair compat clair-scanner"
expect 1 compat klare oci-dir:img
says "did you mean klar?"

# By a server of ours: it keeps the image and judges it, and the words are the same.
expect 1 compat klar oci-dir:img
cp out here
serve
klar 1 oci-dir:img "CLAIR_ADDR=${API#http://}"
cmp out here || die "other words by a server"
expect 0 images --server "$API"
has img
expect 0 compat clairctl-v4 report --host "$API/" oci-dir:img
has "CVE-2099-0001 (fixed: 1:1.2.13-2)"
stop_serve
klar 2 oci-dir:img "CLAIR_ADDR=${API#http://}"
says "cannot connect"
