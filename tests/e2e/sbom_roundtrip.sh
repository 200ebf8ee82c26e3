#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Eclair authors
# SPDX-License-Identifier: Apache-2.0
# Our own SBOMs of an image, scanned, give the findings of the image: same packages, layers, severities and ids.
. "$SOURCE_DIR/tests/e2e/prelude.sh"
"$ECLAIR" scan x.tar -f cyclonedx >/dev/null 2>err || ! grep -q "not a format" err || skip "no SBOMs are written"
debian_layer a "zlib1g 1:1.2.13.dfsg-1 zlib" "libssl3 3.0.11-1~deb12u1 openssl" "perl-base 5.36.0-7+b1 perl" "libstdc++6 12.2.0-14"
printf 'Package: docker-ce\nStatus: install ok installed\nArchitecture: amd64\nVersion: 5:24.0.7-1~debian.12~bookworm\nMaintainer: Docker <support@docker.com>\n\n' >>a/var/lib/dpkg/status
cp -r a b
dpkg_stanza curl 7.88.1-10 >>b/var/lib/dpkg/status
image debian a b --history "COPY a /" --history "-ENV X=y" --history "RUN apt-get install curl" >/dev/null
cat >debian.json <<'J'
{"zlib": {"CVE-2099-0001": {"releases": {"bookworm": {"status": "resolved", "fixed_version": "1:1.2.13.dfsg-2", "urgency": "high"}}}},
 "openssl": {"CVE-2099-0002": {"releases": {"bookworm": {"status": "resolved", "fixed_version": "3.0.11-1~deb12u2", "urgency": "low"}}}},
 "docker-ce": {"CVE-2099-0004": {"releases": {"bookworm": {"status": "open", "urgency": "high"}}}},
 "perl": {"CVE-2099-0005": {"releases": {"bookworm": {"status": "resolved", "fixed_version": "5.36.0-7", "urgency": "high"}}},
          "CVE-2099-0006": {"releases": {"bookworm": {"status": "open", "urgency": "unimportant"}}}},
 "curl": {"CVE-2099-0003": {"releases": {"bookworm": {"status": "open", "urgency": "unimportant"}}}}}
J
expect 0 db import --feed debian debian.json
mkdir -p alpine/lib/apk/db alpine/etc
printf 'NAME="Alpine Linux"\nID=alpine\nVERSION_ID=3.19.1\nPRETTY_NAME="Alpine Linux v3.19"\n' >alpine/etc/os-release
printf 'P:libssl3\nV:3.1.4-r1\nA:x86_64\no:openssl\n\nP:musl\nV:1.2.4_git20230717-r4\nA:x86_64\no:musl\n\n' >alpine/lib/apk/db/installed
image alpine.oci alpine >/dev/null
echo '{"distroversion":"v3.19","reponame":"main","urlprefix":"x","packages":[{"pkg":{"name":"openssl","secfixes":{"3.1.4-r2":["CVE-2099-0010"]}}}]}' >alpine.json
expect 0 db import --feed alpine alpine.json
told() { json '[(f["vulnerability"], f["severity"], f["status"], f["fixed_in"], r["packages"][f["package"]]["name"], r["packages"][f["package"]]["version"], r["packages"][f["package"]].get("source"), f.get("layer"), f["id"]) for f in r["findings"]], sorted(p["purl"] for p in r["packages"].values()), r["target"]["distribution"]["id"], r["target"]["name"]'; }
for target in oci-dir:debian oci-dir:alpine.oci; do
  expect 0 scan "$target" --offline -f json
  of_image=$(told)
  is 'len(r["findings"]) > 0' True
  notes=$(json '[n["code"] for n in r["notes"]]')
  for format in cyclonedx cyclonedx@1.5 spdx-json spdx-json@2.2 spdx; do
    expect 0 scan "$target" --offline -f "$format=bom"
    mv bom bom.json
    expect 0 scan ./bom.json --offline -f json
    [ "$(told)" = "$of_image" ] || die "$target as $format: $(told) instead of $of_image"
    [ "$(json '[n["code"] for n in r["notes"]]')" = "$notes" ] || die "$target as $format: notes $(json '[n["code"] for n in r["notes"]]') instead of $notes"
  done
done
