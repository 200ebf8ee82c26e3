# SPDX-FileCopyrightText: The Eclair authors
# SPDX-License-Identifier: Apache-2.0
# db update: releases that a source does not have, or no longer: the others are not held up, and what is known stays and grows old.
source "$(dirname "$0")/prelude.sh"
source "$SOURCE_DIR/tests/support/servers.sh"
errata() { mkdir -p "src/tree/errata.almalinux.org/$1"; cat >"src/tree/errata.almalinux.org/$1/errata.full.json" <<JSON
{"schema_version": "1.0", "data": [{"id": "ALSA-2024:$2", "type": "security", "severity": "Low", "title": "a", "issued_date": 1700000000,
 "packages": [{"name": "a", "epoch": "0", "version": "1", "release": "$2.el$1", "arch": "x86_64"}], "references": [{"id": "CVE-2024-0001", "type": "cve"}]}]}
JSON
}
asked_at() { expect 0 db status -f json; json '{n["namespace"]: n["fetched_at"] for n in r["feeds"][0]["namespaces"]}["almalinux:'"$1"'"]'; }
errata 9 1; errata 8 1
serve src "$SOURCE_DIR/tests/support/feed_server.py" src
export ECLAIR_MIRROR="http://$address"

# Release 10 is not there: nobody asked for it.
expect 0 db update alma; says "alma: 2 rows read: 2 new"
expect 0 db update alma; says "alma: nothing new"

# Release 8 goes; 9 brings news. What is known of 8 stays.
rm -r src/tree/errata.almalinux.org/8
errata 9 2
expect 0 db update alma; says "alma: 1 row read"
expect 0 db search CVE-2024-0001 -f json
is 'sorted(x["fixed_in"] for x in r["records"])' "['1-1.el8', '1-2.el9']"

# A refresh of what is here names 8, and says that it is no longer there; 9 is asked for all the same.
errata 9 3
expect 1 db update; says "alma 8: errata.almalinux.org/8/errata.full.json"; says "404"; says "alma: 1 row read"
