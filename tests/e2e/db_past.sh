#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Eclair authors
# SPDX-License-Identifier: Apache-2.0
# States of the past: --as-of, --history, db prune; and db search by package, namespace and status.
. "$SOURCE_DIR/tests/e2e/prelude.sh"

debian_layer lower "zlib1g 1:1.2.13-1 zlib"
image image lower >ids
tracker() { # FIXED_IN
  printf '{"zlib": {"CVE-2026-1": {"releases": {"bookworm": {"status": "resolved", "fixed_version": "%s", "urgency": "high", "repositories": {"bookworm": "%s"}}}},
    "CVE-2026-2": {"releases": {"bookworm": {"status": "open", "urgency": "low", "repositories": {"bookworm": "1"}}}}}}' "$1" "$1" >debian.json
}
import_at() { export SOURCE_DATE_EPOCH; SOURCE_DATE_EPOCH=$(date -ud "$1" +%s); expect 0 db import --feed debian debian.json; unset SOURCE_DATE_EPOCH; }
tracker 1:1.2.13-2; import_at 2026-03-01T10:00:00
expect 0 db status -f json; first=$(json 'r["feeds"][0]["snapshot"]')
tracker 1:1.2.13-1; import_at 2026-03-05T10:00:00

# Now the package has the fix; on the third it had not.
expect 0 scan oci-dir:image -f json
is '[f["vulnerability"] for f in r["findings"]]' "['CVE-2026-2']"
is '"known_on" in r["data"]' False
for when in 2026-03-03 2026-03-05T09:59:59Z 2026-03-01T10:00:00Z "$first" "${first:0:8}"; do
  expect 0 scan oci-dir:image --as-of "$when" -f json
  is '[f["vulnerability"] for f in r["findings"]]' "['CVE-2026-1', 'CVE-2026-2']"
  is 'r["data"]["snapshot"]' "$first"
done
is 'r["data"]["known_on"]' 2026-03-01T10:00:00Z
expect 0 scan oci-dir:image --as-of 2026-03-03; has "(as known on 2026-03-03 23:59 UTC), snapshot ${first:0:12}"
# Old as it was then, not as it is today.
expect 0 scan oci-dir:image --as-of 2026-03-03 -f json; is 'r["data"]["feeds"][0]["stale"]' False
expect 0 scan oci-dir:image --as-of 2026-03-04T23:00:00 --max-db-age 1d -f json; is 'r["data"]["feeds"][0]["stale"]' True
expect 0 explain CVE-2026-1 oci-dir:image --as-of 2026-03-03; has "1:1.2.13-1 < 1:1.2.13-2 (dpkg)"
# Before anything was known, nothing is judged, and that is said.
expect 0 scan oci-dir:image --as-of 2026-02-01; says "not judged"
expect 1 scan oci-dir:image --as-of 2999-01-01; says "lies in the future"
expect 1 scan oci-dir:image --as-of yesterday; says "neither a day, a time nor a snapshot"
expect 1 scan oci-dir:image --as-of 0123456789abcdef; says "no feed here had that snapshot"

# What was said of it, and when.
expect 0 db search CVE-2026-1 -f json; is 'len(r["records"])' 1; is 'r["records"][0]["known_since"]' 2026-03-05T10:00:00Z
expect 0 db search CVE-2026-1 --history -f json
is '[(x["fixed_in"], x["known_until"]) for x in r["records"]]' "[('1:1.2.13-2', '2026-03-05T10:00:00Z'), ('1:1.2.13-1', None)]"
expect 0 db search CVE-2026-1 --history; has "2026-03-01 to 2026-03-05"; has "2026-03-05 to now"
expect 0 db status --history; has "${first:0:12}"
expect 0 db status --history -f json; is '[s["snapshot"] for s in r["snapshots"]][1]' "$first"

# By package, namespace, status.
expect 0 db search --package zlib -f json; is '[x["vulnerability"] for x in r["records"]]' "['CVE-2026-1', 'CVE-2026-2']"
expect 0 db search --namespace debian:12 --status affected -f json; is '[x["vulnerability"] for x in r["records"]]' "['CVE-2026-2']"
expect 0 db search --namespace debian:12 --status fixed,affected -f json; is 'len(r["records"])' 2
expect 0 db search --package zlib --namespace debian:11; has "nothing is known of anything of package zlib in debian:11"
expect 1 db search; says "needs an id, --package or --namespace"
expect 1 db search --package zlib --status broken; says "no status broken"; says "hint: one of: fixed"

# What is forgotten is refused, not answered by less.
expect 0 db prune --keep 36500d; says "0 rows"
expect 0 db prune --keep 0; says "1 row"; says "1 snapshot"
expect 1 scan oci-dir:image --as-of 2026-03-03; says "is no longer known: the history begins at"
expect 0 scan oci-dir:image -f json; is '[f["vulnerability"] for f in r["findings"]]' "['CVE-2026-2']"
expect 1 db prune now; says "takes no argument"
