#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Eclair authors
# SPDX-License-Identifier: Apache-2.0
# Three images in every format of rows, read back by readers that are not ours: the findings are those that the oracle of each image names.
. "$SOURCE_DIR/tests/e2e/prelude.sh"
for program in cmark-gfm jq xmllint; do command -v $program >/dev/null || skip "$program is not installed"; done
readers="csv tsv junit gitlab gitlab-codequality github-annotations markdown html trivy-json grype-json clair-v4"

# read_back IMAGE WANT [FORMAT...]
read_back() {
  local image=$1 want=$2 format; shift 2
  for format in "${@:-$readers}"; do
    expect 0 scan "oci-dir:$image" --offline -f "$format=$image.$format"
    python3 "$SOURCE_DIR/tests/support/read_report.py" "$format" "$image.$format" "$want" >got || die "$image.$format cannot be read"
    diff "$want" got >differences || { head -n 20 differences >&2; die "$image.$format tells something else than $want"; }
  done
}

# The bundled sample. Oracle: dpkg --compare-versions.
python3 "$SOURCE_DIR/examples/build-sample" shop >/dev/null
expect 0 db import --feed debian "$SOURCE_DIR/examples/advisories/debian.json"
python3 "$SOURCE_DIR/tests/support/shop_findings.py" "$SOURCE_DIR/examples" >shop.dpkg
[ "$(wc -l <shop.dpkg)" -gt 100 ] || die "the oracle says nothing"
read_back shop shop.dpkg $readers
python3 "$SOURCE_DIR/tests/support/shop_findings.py" "$SOURCE_DIR/examples" source >shop.source.dpkg
read_back shop shop.source.dpkg clair-v1  # which lists Debian's source packages

# Alpine. Oracle: by hand; 3.1.4-r0 < 3.1.4-r1 < 3.1.4-r10.
mkdir -p alpine/etc alpine/lib/apk/db secdb
printf 'ID=alpine\nVERSION_ID=3.19.1\nPRETTY_NAME="Alpine Linux v3.19"\n' >alpine/etc/os-release
printf 'P:libssl3\nV:3.1.4-r1\nA:x86_64\no:openssl\n\nP:zlib\nV:1.3-r2\nA:x86_64\no:zlib\n\nP:busybox\nV:1.36.1-r15\nA:x86_64\no:busybox\n\n' >alpine/lib/apk/db/installed
echo '{"distroversion": "v3.19", "reponame": "main", "packages": [
  {"pkg": {"name": "openssl", "secfixes": {"3.1.4-r0": ["CVE-2099-0001"], "3.1.4-r10": ["CVE-2099-0002", "CVE-2099-0003"]}}},
  {"pkg": {"name": "zlib", "secfixes": {"1.3-r2": ["CVE-2099-0004"]}}},
  {"pkg": {"name": "busybox", "secfixes": {"1.36.1-r16": ["CVE-2099-0005"]}}}]}' >secdb/main.json
image alpine-img alpine >/dev/null
expect 0 db import --feed alpine secdb/main.json
printf 'CVE-2099-0002\tlibssl3\t3.1.4-r1\t3.1.4-r10\nCVE-2099-0003\tlibssl3\t3.1.4-r1\t3.1.4-r10\nCVE-2099-0005\tbusybox\t1.36.1-r15\t1.36.1-r16\n' | sort >alpine.hand
read_back alpine-img alpine.hand $readers clair-v1

# Arch. Oracle: by hand.
package() { mkdir -p "arch/var/lib/pacman/local/$1-$2"; printf '%%NAME%%\n%s\n\n%%VERSION%%\n%s\n\n%%BASE%%\n%s\n\n%%ARCH%%\nx86_64\n\n%%PACKAGER%%\nA <a@archlinux.org>\n\n' "$1" "$2" "$1" >"arch/var/lib/pacman/local/$1-$2/desc"; }
mkdir -p arch/etc && printf 'NAME="Arch Linux"\nID=arch\nBUILD_ID=rolling\n' >arch/etc/os-release
package bash 5.2-1; package curl 1:8.5.0-1; package vim 9.0-1
echo '[{"name": "AVG-1", "packages": ["curl"], "status": "Fixed", "severity": "High", "affected": "1:8.5.0-1", "fixed": "1:8.6.0-1", "issues": ["CVE-2099-0011"], "advisories": ["ASA-1"]},
 {"name": "AVG-2", "packages": ["bash"], "status": "Vulnerable", "severity": "Low", "affected": "5.2-1", "fixed": null, "issues": ["CVE-2099-0012"], "advisories": []}]' >avg.json
image arch-img arch >/dev/null
expect 0 db import --feed arch avg.json
printf 'CVE-2099-0011\tcurl\t1:8.5.0-1\t1:8.6.0-1\nCVE-2099-0012\tbash\t5.2-1\t\n' >arch.hand
read_back arch-img arch.hand $readers clair-v1

# JUnit has no schema of its own; this one holds what Jenkins' reader takes.
for one in *.junit; do xmllint --noout --schema "$SOURCE_DIR/tests/support/junit.xsd" "$one" 2>xml || die "$one: $(head -n 1 xml)"; done
sed 's/failures="[0-9]*"/failures="many"/' shop.junit >bad.junit
! xmllint --noout --schema "$SOURCE_DIR/tests/support/junit.xsd" bad.junit 2>/dev/null || die "the schema takes anything"

# Packages for GitHub: all of them, each by its package URL.
export GITHUB_SHA=ce587453ced02b1526dfb4cb910479d431683101 GITHUB_REF=refs/heads/main GITHUB_RUN_ID=7 GITHUB_WORKFLOW=build GITHUB_JOB=scan
expect 0 scan oci-dir:alpine-img --offline -f github-snapshot
[ "$(jq -r '.sha[:8], .ref, .job.id, .job.correlator, .version' out | tr '\n' ' ')" = "ce587453 refs/heads/main 7 build_scan 0 " ] || die "whose snapshot it is"
[ "$(jq -r '.manifests[].resolved | keys[]' out | sort | tr '\n' ' ')" = "pkg:apk/alpine/busybox@1.36.1-r15?arch=x86_64&distro=alpine-3.19 pkg:apk/alpine/libssl3@3.1.4-r1?arch=x86_64&distro=alpine-3.19 pkg:apk/alpine/zlib@1.3-r2?arch=x86_64&distro=alpine-3.19 " ] ||
  die "the packages of the snapshot: $(jq -r '.manifests[].resolved | keys[]' out)"

# A policy: what does not fail it is skipped. A clean image has a case that passes, one that cannot be read an error.
expect 2 scan oci-dir:arch-img --offline -f junit --fail-on high
[ "$(grep -c '<failure' out) $(grep -c '<skipped' out)" = "1 1" ] || die "failures and skipped"
expect 0 scan oci-dir:arch-img --offline -f junit --severity critical
has 'name="no findings"'
expect 1 scan oci-dir:arch-img oci-dir:missing --offline -f junit
has 'errors="1"'

# A template of one's own.
printf '{{#findings}}\n{{vulnerability}}\t{{package.name}}\t{{package.version}}\t{{fixed_in}}\n{{/findings}}\n' >rows.tsv.mustache
expect 0 scan oci-dir:arch-img --offline -f template -t rows.tsv.mustache
sort out | diff arch.hand - || die "the template tells something else"
expect 0 scan oci-dir:arch-img --offline -f template=t.txt -t @rows.tsv.mustache && [ -s t.txt ] || die "no file from a template"
echo '{{- range . }}<testsuite>{{ end }}' >go.tpl
expect 1 scan oci-dir:arch-img --offline -f template -t go.tpl; one_error; says "a Go template"; says "hint: -f junit"
expect 1 scan oci-dir:arch-img --offline -f template; one_error; says "hint: -t FILE"
expect 1 scan oci-dir:arch-img --offline -t rows.tsv.mustache; one_error; says "no output uses it"
expect 1 scan oci-dir:arch-img --offline -f template -t gone.txt; one_error; says "gone.txt: No such file"
printf 'x\n{{#a}}\n' >bad.txt
expect 1 scan oci-dir:arch-img --offline -f template -t bad.txt; one_error; says "no {{/a}}"
