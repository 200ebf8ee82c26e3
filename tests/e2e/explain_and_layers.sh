#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Eclair authors
# SPDX-License-Identifier: Apache-2.0
# Why an image is affected or not, and what each layer did.
. "$SOURCE_DIR/tests/e2e/prelude.sh"
debian_layer a "zlib1g 1:1.2.13.dfsg-1 zlib" "vim 2:9.0.1378-2"
debian_layer b "zlib1g 1:1.2.13.dfsg-1 zlib" "curl 7.88.1-10"
mkdir -p b/root/.ssh && echo x >b/root/.ssh/id_rsa
image img a b --history "COPY a /" --history "RUN apt-get install curl" >/dev/null
cat >debian.json <<'J'
{"zlib": {"CVE-2099-0001": {"description": "An overflow, made up.", "releases": {"bookworm": {"status": "resolved", "repositories": {"bookworm": "1:1.2.13.dfsg-2"}, "fixed_version": "1:1.2.13.dfsg-2", "urgency": "high"}}}},
 "curl": {"CVE-2099-0003": {"releases": {"bookworm": {"status": "resolved", "repositories": {"bookworm": "7.88.1-10"}, "fixed_version": "7.88.1-9", "urgency": "low"}}},
          "CVE-2099-0004": {"releases": {"bookworm": {"status": "resolved", "repositories": {"bookworm": "7.88.1-10"}, "fixed_version": "0", "urgency": "unimportant"}}}},
 "nginx": {"CVE-2099-0005": {"releases": {"bookworm": {"status": "open", "repositories": {"bookworm": "1.22"}, "urgency": "low"}}}}}
J
expect 0 db import --feed debian debian.json
expect 0 explain cve-2099-0001 oci-dir:img --offline
has "zlib1g 1:1.2.13.dfsg-1 is affected, severity high (by debian)."
has "Known from var/lib/dpkg/status in layer 1 ("
has "made by: COPY a /"
has "feed debian"
has "debian:12"
has "Fixed in 1:1.2.13.dfsg-2 (source package zlib): upgrade zlib1g."
expect 0 explain CVE-2099-0003 oci-dir:img --offline
has "It is known, and no package of this image is affected:"
tr -s '\n ' ' ' <out >flat && mv flat out              # the text is broken into lines
has "fixed in 7.88.1-9, and the installed 7.88.1-10 is not below it (dpkg order)"
expect 0 explain CVE-2099-0004 oci-dir:img --offline
has "not affected"
expect 0 explain CVE-2099-0005 oci-dir:img --offline
has "but not for any package of this image"
expect 0 explain CVE-2099-9999 oci-dir:img --offline
has "It is not known"
expect 0 explain CVE-2099-0001 oci-dir:img --offline -f json
is 'r["affected"], r["findings"][0]["evidence"]["record"] != "", r["packages"][r["findings"][0]["package"]]["layer"]' "(True, True, 1)"
expect 0 explain CVE-2099-0003 oci-dir:img --offline -f json
is 'r["affected"], r["known"], r["not_affected"][0]["fixed_in"]' "(False, True, '7.88.1-9')"

expect 0 layers oci-dir:img --show-packages --facts '**/id_rsa'
has "+ curl 7.88.1-10 amd64"
has "- vim 2:9.0.1378-2 amd64"
has "layer 2: root/.ssh/id_rsa (**/id_rsa)"
expect 0 layers oci-dir:img -f json --facts '**/id_rsa'
is '[([p["name"] for p in l["added"]], [p["name"] for p in l["removed"]], len(l["files"])) for l in r["layers"]]' \
  "[(['vim', 'zlib1g'], [], 0), (['curl'], ['vim'], 1)]"
