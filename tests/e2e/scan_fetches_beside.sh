# SPDX-FileCopyrightText: The Eclair authors
# SPDX-License-Identifier: Apache-2.0
# Advisories of an image's distribution are fetched while its layers are still being read.
source "$(dirname "$0")/prelude.sh"
source "$SOURCE_DIR/tests/support/servers.sh"
unset ECLAIR_SKIP_DB_UPDATE
feeds=$SOURCE_DIR/tests/support/feed_server.py
mkdir src
for source in "debian 20" "alpine 10"; do python3 "$feeds" make src $source; done
serve src "$feeds" src
export ECLAIR_MIRROR="http://$address"
debian_layer base "p3 1.0-1" "p4 2.0-1"
mkdir -p top/etc && echo hello >top/etc/motd
image layout base top >/dev/null
# held NAME LAYOUT TEXT: a registry whose uppermost layer comes once the source of advisories was asked for TEXT.
held() { serve "$1" "$SOURCE_DIR/tests/support/faulty_registry.py" "$2" "$1" --hold src/requests.log "$3"; held=$address/acme/api:1; }

# The upper layer is on its way until the advisories are asked for: a scan that reads first and fetches then would never end.
held registry layout tracker/data/json
for parallel in 1 4; do
  rm -f src/requests.log
  export ECLAIR_DATA_DIR="$T/data-$parallel"
  expect 0 scan --parallel $parallel -f json "$held"
  is 'len(r["findings"])' 1
  [ "$(grep -c . src/requests.log)" = 1 ] || die "asked more than once: $(cat src/requests.log)"
  [ "$(grep -c 'fetching advisories for debian:12' err)" = 1 ] || die "not said once"
done

# A terminal shows both at once, a line for each.
export ECLAIR_DATA_DIR="$T/shown"
serve shown "$SOURCE_DIR/tests/support/faulty_registry.py" layout shown --hold seen ''
env -u CI python3 "$SOURCE_DIR/tests/support/watch.py" --until '(layers|opening) [^\x1b]*\r\nadvisories debian' --touch seen --seconds 30 -- \
  "$ECLAIR" scan "$address/acme/api:1" >out 2>err || die "exit $?"
grep -q matched=yes err || die "only one of them was shown"

# A layer that is known tells the distribution at once. explain does the same.
export ECLAIR_DATA_DIR="$T/known"
expect 0 layers oci-dir:layout
mkdir other && echo bye >other/motd
image onto base other >/dev/null
held onto onto tracker/data/json
rm src/requests.log
expect 0 explain CVE-2024-1003 "$held"
has "p3 1.0-1 is affected"

# On request: nothing is asked for, so the layer never comes here; and what a layer above it makes void is not spoken of.
mkdir -p alpine/etc alpine/lib/apk/db alpine/usr/lib alpine/var/lib/dpkg
printf 'ID=alpine\nVERSION_ID=3.19.1\nPRETTY_NAME="Alpine Linux v3.19"\n' >alpine/etc/os-release
printf 'P:m1\nV:1.0-r0\nA:x86_64\no:m1\n\n' >alpine/lib/apk/db/installed
touch alpine/var/lib/dpkg/.wh.status
image changed base alpine >/dev/null
for how in --offline --skip-db-update; do
  rm -f src/requests.log; export ECLAIR_DATA_DIR="$T/without"
  expect 0 scan $how oci-dir:changed; says "no advisory data for alpine:v3.19"
  [ ! -e src/requests.log ] || die "something was asked for"
done
echo '*tracker/data/json 404' >src/faults
export ECLAIR_DATA_DIR="$T/changed"
held changed changed tracker/data/json
expect 0 scan -f json "$held"
is 'len(r["findings"])' 1
grep -q 'v3.19/main' src/requests.log || die "the upper layer's distribution was not asked for"
! grep -q 'could not be fetched' err || die "a warning about what the image does not need: $(cat err)"
# ... but the next image that needs it tries again, and says so.
expect 0 scan "$held" oci-dir:layout
[ "$(grep -c '^warning: advisories could not be fetched: debian' err)" = 1 ] || die "not warned once: $(cat err)"
