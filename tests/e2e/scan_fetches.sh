# SPDX-FileCopyrightText: The Eclair authors
# SPDX-License-Identifier: Apache-2.0
# A scan on a machine without advisories fetches those that the image needs, and no others; it never fails for want of them.
source "$(dirname "$0")/prelude.sh"
source "$SOURCE_DIR/tests/support/servers.sh"
unset ECLAIR_SKIP_DB_UPDATE
mkdir src
for source in "debian 20" "alpine 10" "osv 10"; do python3 "$SOURCE_DIR/tests/support/feed_server.py" make src $source; done
serve src "$SOURCE_DIR/tests/support/feed_server.py" src
export ECLAIR_MIRROR="http://$address"
debian_layer one "p3 1.0-1" "p4 2.0-1"
image debian one >/dev/null
mkdir -p two/etc two/lib/apk/db
printf 'ID=alpine\nVERSION_ID=3.19.1\nPRETTY_NAME="Alpine Linux v3.19"\n' >two/etc/os-release
printf 'P:m1\nV:1.0-r0\nA:x86_64\no:m1\n\n' >two/lib/apk/db/installed
image alpine two >/dev/null

# By request: nothing is fetched.
for how in --offline --skip-db-update; do
  expect 0 scan $how ./debian; says "not judged: no advisory data for debian:12"
done
says "hint: eclair db update debian"
[ ! -e src/requests.log ] || die "something was asked for"

# What the image needs.
expect 0 scan ./debian -f json
says "note: fetching advisories for debian:12 (Debian Security Tracker)"
is 'len(r["findings"])' 1
! grep -vq security-tracker src/requests.log || die "more was asked for than the image needs: $(cat src/requests.log)"
expect 0 scan ./alpine -f json
is 'len(r["findings"])' 1
! grep -q 'v3.18' src/requests.log || die "a release was asked for that the image does not need"
grep -q 'v3.19/community' src/requests.log || die "community was not asked for"
! grep -q 'osv' src/requests.log || die "OSV was asked for"
# It is there now: nothing is asked for, until it is old.
: >src/requests.log
expect 0 scan ./debian ./alpine; ! grep -q fetching err || die "what is there was fetched"
[ ! -s src/requests.log ] || die "what is there was asked for again"
SOURCE_DATE_EPOCH=$(($(date +%s) + 6 * 86400)) expect 0 scan ./debian
grep -q '^304 .*tracker/data/json' src/requests.log || die "old advisories were not asked for"
[ "$(grep -c . src/requests.log)" = 1 ] || die "more was asked for than was old"
# A refresh stays with what is here: the release that was needed.
: >src/requests.log
expect 0 db update
! grep -q 'v3.18' src/requests.log || die "db update fetched a release that is not here"

# A source that fails: the report is there, and says what is missing or old, and why.
end_servers; servers=()
SOURCE_DATE_EPOCH=$(($(date +%s) + 20 * 86400)) expect 0 scan ./debian -f json
says "could not be fetched: "; says "connection refused"; says "advisories for debian:12 are"
is 'len(r["findings"])' 1
export ECLAIR_DATA_DIR="$T/empty"
expect 0 scan ./debian
says "warning: advisories could not be fetched: debian: "
says "not judged: no advisory data for debian:12"
expect 3 scan ./debian --fail-on incomplete
