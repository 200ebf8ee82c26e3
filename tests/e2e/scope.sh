#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Eclair authors
# SPDX-License-Identifier: Apache-2.0
# --scope all-layers: what later layers removed or replaced is judged and shown too, and marked.
. "$SOURCE_DIR/tests/e2e/prelude.sh"
debian_layer a "zlib1g 1:1.2.13.dfsg-1 zlib" "vim 2:9.0.1378-2"
debian_layer b "zlib1g 1:1.2.13.dfsg-2 zlib"
image img a b --history "ADD debian.tar /" --history "RUN apt-get upgrade" >/dev/null
echo '{"zlib": {"CVE-2099-0001": {"releases": {"bookworm": {"status": "resolved", "repositories": {"bookworm": "0"}, "fixed_version": "1:1.2.13.dfsg-2", "urgency": "high"}}}},
 "vim": {"CVE-2099-0006": {"releases": {"bookworm": {"status": "open", "repositories": {"bookworm": "0"}, "urgency": "low"}}}}}' >debian.json
expect 0 db import --feed debian debian.json
expect 0 scan oci-dir:img --offline --fail-on low
has "1 package in 2 layers"
lacks "CVE-2099"
expect 2 scan oci-dir:img --offline --fail-on high --scope all-layers
has "1 package and 2 that later layers removed in 2 layers"
grep -qE '^high .*CVE-2099-0001 +zlib1g .* 1, gone in 2$' out || die "no zlib1g"
grep -qE '^low .*CVE-2099-0006 +vim .* 1, gone in 2$' out || die "no vim"
expect 0 scan oci-dir:img --offline --scope all-layers -f json
is '[(p["name"], p.get("removed_in")) for p in r["packages"].values()]' "[('vim', 2), ('zlib1g', 2), ('zlib1g', None)]"
python3 "$SOURCE_DIR/tests/support/check_schema.py" "$SOURCE_DIR/schema/report-1.json" out || die "not valid"
cp out r.json
expect 0 convert r.json -f json && cmp out r.json
expect 0 fix r.json
has "Nothing to fix"
expect 1 scan oci-dir:img --scope all-layers --server http://127.0.0.1:1
one_error && says "--scope all-layers cannot be had with --server"
