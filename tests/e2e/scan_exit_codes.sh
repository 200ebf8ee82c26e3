#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Eclair authors
# SPDX-License-Identifier: Apache-2.0
# Exit codes: 0, 1, 2, 3, their replacements, and the worst of several targets.
. "$SOURCE_DIR/tests/e2e/prelude.sh"
debian_layer a "zlib1g 1:1.2.13.dfsg-1 zlib" "openssl 3.0.11-1~deb12u1"
image img a >/dev/null
cat >debian.json <<'J'
{"zlib": {"CVE-2099-0001": {"description": "made up", "scope": "remote", "releases": {"bookworm": {"status": "resolved", "repositories": {"bookworm": "1:1.2.13.dfsg-2"}, "fixed_version": "1:1.2.13.dfsg-2", "urgency": "high"}}}},
 "openssl": {"CVE-2099-0002": {"releases": {"bookworm": {"status": "open", "repositories": {"bookworm": "3.0.11-1~deb12u1"}, "urgency": "low"}}}}}
J

expect 0 scan oci-dir:img --offline                    # no data: a report and a warning, no error
says "warning: not judged: no advisory data for debian:12, and --offline is set"
has "Not judged: no advisory data for debian:12"
lacks "No known vulnerabilities"
expect 3 scan oci-dir:img --offline --fail-on incomplete
says "policy failed: incomplete: "
expect 0 db import --feed debian debian.json
expect 0 scan oci-dir:img --offline
has "CVE-2099-0001"
has "Unknown: 0, Negligible: 0, Low: 1, Medium: 0, High: 1, Critical: 0   (fixable: 1)"
expect 2 scan oci-dir:img --offline --fail-on high
says "policy failed: high: 1 finding (CVE-2099-0001 zlib1g)"
expect 2 scan oci-dir:img --offline --fail-on high --severity critical   # what is shown decides nothing
lacks "CVE-2099-0001"
expect 0 scan oci-dir:img --offline --fail-on critical
expect 0 scan oci-dir:img --offline --fail-on incomplete
expect 17 scan oci-dir:img --offline --fail-on high --exit-code 17
expect 5 scan oci-dir:img --offline --exit-code 5
expect 0 scan oci-dir:img --offline --exit-code 5 --severity critical
expect 0 scan oci-dir:img --offline --fail-on stale
export SOURCE_DATE_EPOCH=$(($(date +%s) + 6 * 86400))  # six days later
expect 3 scan oci-dir:img --offline --fail-on stale
says "policy failed: stale: advisories for debian:12 are 6 days old (limit 5)"
expect 0 scan oci-dir:img --offline --fail-on stale --max-db-age 7d
expect 2 scan oci-dir:img --offline --fail-on stale --fail-on high
unset SOURCE_DATE_EPOCH
expect 0 scan oci-dir:img --offline --fail-on none

expect 1 scan oci-dir:nothing --offline
one_error
[ ! -s out ] || die "a report in spite of an error"
expect 1 scan oci-dir:img oci-dir:nothing --offline --fail-on high       # 1 is worse than 2
has "CVE-2099-0001"
expect 2 scan oci-dir:img oci-dir:img --offline --fail-on high
has "TARGET"
expect 1 scan oci-dir:img --offline -o none/r.json
one_error
