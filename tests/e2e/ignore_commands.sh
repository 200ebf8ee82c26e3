#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Eclair authors
# SPDX-License-Identifier: Apache-2.0
# ignore add, list, lint and prune: what a file had stays, but for what was asked for.
. "$SOURCE_DIR/tests/e2e/prelude.sh"
export SOURCE_DATE_EPOCH=$(date -u -d 2026-06-01 +%s)
expect 1 ignore list; one_error; says "no .eclairignore.yaml here"
expect 0 ignore add CVE-2099-0001 --reason 'it is "fine" # really' --expires 2026-12-31; has "CVE-2099-0001 is set aside in .eclairignore.yaml"; silent
printf '%s\n' 'version: 1' 'ignore:' '  - id: CVE-2099-0001' '    reason: "it is \"fine\" # really"' '    expires: 2026-12-31' | cmp - .eclairignore.yaml
printf '  # kept until the move\n  - id: CVE-2099-0002\n    reason: old\n    expires: 2026-01-31\n# the end\n' >>.eclairignore.yaml
expect 0 ignore add CVE-2099-0003 --reason r --owner me --ticket OPS-1 --pkg pkg:deb/debian/zlib1g --path 'usr/**' --image 'shop/*' --not-affected component_not_present
says "note: no end is set"
tail -n 1 .eclairignore.yaml | grep -qx '# the end' || die "the last comment moved"
expect 0 ignore list; has "CVE-2099-0001"; has "2026-01-31 (over)"; has "zlib1g, paths usr/**, images shop/*"
expect 2 ignore lint; has ".eclairignore.yaml:7: CVE-2099-0002: ended on 2026-01-31"; has "CVE-2099-0003: has no end"; lacks "CVE-2099-0001"
expect 0 ignore prune; has "CVE-2099-0002 ended on 2026-01-31, removed"
! grep -q 'CVE-2099-0002\|kept until' .eclairignore.yaml || die "not removed"
grep -q 'CVE-2099-0003' .eclairignore.yaml || die "too much was removed"
cp .eclairignore.yaml before; expect 0 ignore prune; cmp before .eclairignore.yaml
expect 1 ignore add CVE-1; one_error; says "error: an entry needs a reason"; cmp before .eclairignore.yaml
expect 1 ignore add CVE-1 --reason r --expires soon; one_error; cmp before .eclairignore.yaml
expect 1 ignore add CVE-1 --reason r --not-affected because; one_error; cmp before .eclairignore.yaml
printf 'CVE-5\n' >lines; expect 0 ignore add CVE-6 --reason why --expires 2026-12-31 --ignorefile lines; printf 'CVE-5\nCVE-6 exp:2026-12-31 # why\n' | cmp - lines
# With a report: what is no finding of it.
debian_layer a "zlib1g 1:1.2.13.dfsg-1 zlib"; image img a >/dev/null
echo '{"zlib": {"CVE-2099-0001": {"releases": {"bookworm": {"status": "open", "repositories": {"bookworm": "1:1.2.13.dfsg-1"}, "urgency": "high"}}}}}' >debian.json
expect 0 db import --feed debian debian.json
expect 0 scan oci-dir:img --offline --max-db-age 3650d -f json; cp out report.json
expect 2 ignore lint report.json; has "CVE-2099-0003: is no finding of these reports"; lacks "CVE-2099-0001"
