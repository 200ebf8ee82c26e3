#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Eclair authors
# SPDX-License-Identifier: Apache-2.0
# Moving house: from a folder to another, to PostgreSQL and back; the same answers everywhere.
. "$SOURCE_DIR/tests/e2e/prelude.sh"
. "$SOURCE_DIR/tests/support/postgres.sh"

debian_layer lower "zlib1g 1:1.2.13-1 zlib"
image image lower >ids
printf '{"zlib": {"CVE-2026-1": {"releases": {"bookworm": {"status": "resolved", "fixed_version": "1:1.2.13-2", "urgency": "high", "repositories": {"bookworm": "1"}}}}}}' >debian.json
expect 0 db import --feed debian debian.json
expect 0 scan oci-dir:image -f json; findings=$(json 'r["findings"]')

expect 1 store copy --from data; says "needs --from URL and --to URL"
expect 1 store copy --from nowhere --to new; says "nothing is kept there"
[ ! -e nowhere ] || die "a folder was made where something was looked for"
expect 0 store copy --from data --to sqlite:new; says "counts and checksums of all tables agree"; has "advisories  chunk"
expect 1 store copy --from data --to new; says "new/layers.db is not empty"

if have_postgres; then
  trap 'status=$?; set +e; trap - ERR; stop_postgres "$T/pg"; (exit $status); finish' EXIT
  chmod 711 "$T"  # the cluster in it is another user's, if we are root
  start_postgres "$T/pg"
  url=$(pg_database house)
  expect 0 store copy --from new --to "${url/postgres@/postgres:geheim@}"; cp out there
  ! grep -q geheim out err || die "a password was printed"
  expect 0 store copy --from "host=127.0.0.1 port=$PG_PORT dbname=house user=postgres" --to back; cmp there out
  mv new old; mv back new
fi
export ECLAIR_DATA_DIR="$T/new"
expect 0 scan oci-dir:image -f json; is 'r["findings"]' "$findings"
