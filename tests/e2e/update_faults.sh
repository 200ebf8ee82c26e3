# SPDX-FileCopyrightText: The Eclair authors
# SPDX-License-Identifier: Apache-2.0
# Sources that break off, lie, are busy, or publish something else: what was there stays, the error says what happened, others go on.
source "$(dirname "$0")/prelude.sh"
source "$SOURCE_DIR/tests/support/servers.sh"
feeds() { python3 "$SOURCE_DIR/tests/support/feed_server.py" make src "$@"; }
mkdir src
feeds debian 2000; feeds alpine 10
serve src "$SOURCE_DIR/tests/support/feed_server.py" src
export ECLAIR_MIRROR="http://$address"
expect 0 db update debian alpine

# state: what the store has, but for the times of asking
state() { run db status -f json; json '[[f["name"], f["snapshot"], f["changed_at"], f["records"]] for f in r["feeds"]]'; }
before=$(state)
tracker='/security-tracker.debian.org/*'
feeds debian 2100  # something new is there, if it can be had

# A broken body is continued: half of it comes again never.
printf '%s drop 1\n' "$tracker" >src/faults; : >src/requests.log
expect 0 db update debian; says "4,200 rows read: 200 new, 4,000 changed"
grep -q '^206 .*tracker/data/json range' src/requests.log || die "the broken body was not continued"
# Where the server cannot continue, the whole is asked for again.
feeds debian 2000
printf '%s drop 1\n%s norange 1\n' "$tracker" "$tracker" >src/faults
expect 0 db update debian --allow-shrink; says "4,000 rows read"
# Busy for a moment: it is waited for.
for busy in 429 503 500; do
  feeds debian $((2000 + busy))
  printf '%s %s 1\n' "$tracker" "$busy" >src/faults
  expect 0 db update debian; says "rows read"
done
feeds debian 2000; : >src/faults; expect 0 db update debian
before=$(state)
feeds debian 2100

# What is broken for good: fault, and words of the error.
while IFS='|' read -r fault words; do
  printf '%s %s\n' "$tracker" "$fault" >src/faults
  ECLAIR_STALL_TIMEOUT=1s expect 1 db update debian alpine
  one_error
  says "$words"
  says "error: debian: "
  says "note: alpine: nothing new"
  [ "$(state)" = "$before" ] || die "$fault changed what is there: $(state)"
done <<'LIST'
long|cannot continue there
short|json
garbage|json
html|json
empty|json
404|answered 404
older|which is older than what is known
LIST
expect 1 db update debian; says "hint: if the source really did that"
printf '%s older\n' "$tracker" >src/faults
expect 0 db update debian --allow-older; says "4,200 rows read"
: >src/faults

# A source that lost most of what it had.
before=$(state)
feeds debian 1000
expect 1 db update debian; one_error
says "the import would leave 1000 of 2100 rows of debian:11"; says "hint: if the source really did that"
[ "$(state)" = "$before" ] || die "a shrunken source changed what is there"
expect 0 db update debian --allow-shrink; says "gone"

# One release of several cannot be had: the others are taken, and the exit code says it.
feeds alpine 12
printf '*/v3.18/main.json garbage\n' >src/faults
expect 1 db update alpine; one_error
says "error: alpine v3.18: "; says "note: alpine: 24 rows read: 4 new, 20 changed"
expect 0 db search CVE-2024-1000 --namespace alpine:v3.18 -f json; is 'r["records"][0]["fixed_in"]' 1.10-r0
printf '*/v3.18/community.json 404\n' >src/faults
expect 1 db update alpine; one_error; says "error: alpine v3.18: secdb.alpinelinux.org/v3.18/community.json"
: >src/faults
expect 0 db update alpine; says "24 rows read: 4 new, 20 changed"

# Nobody is there.
end_servers; servers=()
before=$(state)
expect 1 db update
says "error: alpine: "; says "error: debian: "; says "connection refused"
[ "$(state)" = "$before" ] || die "an absent server changed what is there"

# No room for what is downloaded, and none for what is imported.
rm src/address
serve src "$SOURCE_DIR/tests/support/feed_server.py" src
export ECLAIR_MIRROR="http://$address"
feeds debian 60000
before=$(state)
rc=0; (ulimit -f 2048; trap '' XFSZ; exec "$ECLAIR" db update debian >out 2>err) || rc=$?
[ "$rc" = 1 ] || die "a full disk: exit $rc"
one_error
[ "$(state)" = "$before" ] || die "a full disk changed what is there"
expect 0 db update debian; says "120,000 rows read"
