#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Eclair authors
# SPDX-License-Identifier: Apache-2.0
# Every feed, fetched from a source on loopback that publishes the feed's case `basic`: its rows arrive, and the second time nothing is new.
. "$SOURCE_DIR/tests/e2e/prelude.sh"
. "$SOURCE_DIR/tests/support/servers.sh"
cases="$SOURCE_DIR/tests/cases/feeds"
mkdir src
python3 "$SOURCE_DIR/tests/support/publish_cases.py" "$cases" src/tree >feeds
serve src "$SOURCE_DIR/tests/support/feed_server.py" src
export ECLAIR_MIRROR="http://$address"
[ "$(wc -l <feeds)" -ge 18 ] || die "not every feed has a case"

run db update --all
[ "$rc" = 0 ] || die "db update --all: exit $rc"
cp err first
expect 0 db status -f json
while read -r feed; do
  grep -q "^note: $feed: [1-9]" first || die "$feed brought nothing"
  [ "$(json '"'"$feed"'" in [f["name"] for f in r["feeds"]]')" = True ] || die "$feed is not here"
  # What the case says comes of these documents; an update may add records of its own kind (Red Hat's map of repositories).
  want=$(python3 -c 'import json,sys; print(len(json.load(open(sys.argv[1])).get("rows", [])))' "$cases/$feed/basic/want.json")
  got=$(json '[f["records"] for f in r["feeds"] if f["name"] == "'"$feed"'"][0]')
  [ "$got" -ge "$want" ] || die "$feed: $got records, and the case has $want"
done <feeds

run db update --all
[ "$rc" = 0 ] || die "the second update: exit $rc"
while read -r feed; do
  says "note: $feed: nothing new"
done <feeds
# One source that fails leaves the others alone.
echo '*/all.json 500' >src/faults
run db update arch kev
[ "$rc" = 1 ] || die "a source in trouble: exit $rc"
says "error: arch: "; says "note: kev: nothing new"
