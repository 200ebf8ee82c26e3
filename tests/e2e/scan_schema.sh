#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Eclair authors
# SPDX-License-Identifier: Apache-2.0
# Whatever is reported is valid by schema/report-1.json, and has no member that the schema does not name. Oracle: python3-jsonschema.
. "$SOURCE_DIR/tests/e2e/prelude.sh"
python3 -c 'import jsonschema' 2>/dev/null || skip "python3-jsonschema is not installed"
debian_layer a "zlib1g 1:1.2.13.dfsg-1 zlib" "openssl 3.0.11-1~deb12u1"
mkdir -p b/etc && echo x >b/etc/x
image img a b --history "COPY a /" --history "-ENV X=y" >/dev/null
image nothing b >/dev/null
echo '{"zlib": {"CVE-2099-0001": {"description": "made up", "releases": {"bookworm": {"status": "resolved", "repositories": {"bookworm": "1:1.2.13.dfsg-2"}, "fixed_version": "1:1.2.13.dfsg-2", "urgency": "high"}}}},
 "openssl": {"CVE-2099-0002": {"releases": {"bookworm": {"status": "open", "repositories": {"bookworm": "3.0.11-1~deb12u1"}, "urgency": "low"}}}}}' >debian.json
check() { python3 "$SOURCE_DIR/tests/support/check_schema.py" "$SOURCE_DIR/schema/report-1.json" "$@" || die "not valid: $*"; }

expect 0 scan oci-dir:img --offline -f json && cp out no-data.json
expect 0 db import --feed debian debian.json
expect 2 scan oci-dir:img --offline -f json --facts 'etc/x,no/such' --fail-on low --fail-on incomplete && cp out full.json
is 'len(r["findings"])' 2
expect 0 scan oci-dir:img --offline -f json --severity low --no-packages && cp out part.json
expect 0 scan oci-dir:nothing --offline -f json && cp out empty.json
is 'len(r["notes"]) > 0' True
expect 1 scan oci-dir:img oci-dir:missing oci-dir:nothing --offline -f json && cp out several.json
is 'len(r["targets"]), len(r["failures"])' "(2, 1)"
expect 0 scan rootfs:a --offline -f json && cp out rootfs.json
check no-data.json full.json part.json empty.json several.json rootfs.json

# The schema is worth something only if it refuses.
python3 - <<'P'
import json
for name, spoil in (("severity", lambda r: r["findings"][0].update(severity="worst")), ("unnamed", lambda r: r.update(extra=1)),
                    ("layer", lambda r: r["layers"][0].pop("index")), ("key", lambda r: r["packages"].update(x=r["packages"]["p1"]))):
    r = json.load(open("full.json"))
    spoil(r)
    json.dump(r, open("bad-%s.json" % name, "w"))
P
for bad in bad-*.json; do
  ! python3 "$SOURCE_DIR/tests/support/check_schema.py" "$SOURCE_DIR/schema/report-1.json" $bad >/dev/null || die "$bad was accepted"
done
