#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Eclair authors
# SPDX-License-Identifier: Apache-2.0
# The first five minutes of somebody new, step by step, as they are typed, on a terminal: the sample image in a real registry, the sample's
# advisories at their source.
. "$SOURCE_DIR/tests/e2e/prelude.sh"
. "$SOURCE_DIR/tests/support/servers.sh"
unset ECLAIR_SKIP_DB_UPDATE CI
export TERM=xterm SOURCE_DATE_EPOCH
SOURCE_DATE_EPOCH=$(date +%s)
python3 "$SOURCE_DIR/examples/build-sample" shop >/dev/null
mkdir -p src/tree/security-tracker.debian.org/tracker/data
cp "$SOURCE_DIR/examples/advisories/debian.json" src/tree/security-tracker.debian.org/tracker/data/json
serve src "$SOURCE_DIR/tests/support/feed_server.py" src
export ECLAIR_MIRROR="http://$address"
registry reg
push reg shop shop:1 >/dev/null
image=$address/shop:1
# typed ARG...: on a terminal of 120 columns; what is on the screen in the end in `screen`, the exit code in $rc.
typed() { rc=0; python3 "$SOURCE_DIR/tests/support/terminal.py" --columns 120 --rows 200 --raw raw --seconds 60 -- "$ECLAIR" "$@" >screen || rc=$?; }
shows() { grep -qF -- "$1" screen || { cat screen >&2; die "the screen lacks: $1"; }; }
ends() { [ "$(tail -n 1 screen)" = "$1" ] || { tail -n 3 screen >&2; die "the last line is not: $1"; }; }

# 1. It is there.
typed version; [ $rc = 0 ] || die "exit $rc"; shows "eclair "

# 2. A scan, with nothing else typed: no configuration, no login, no daemon, no data yet.
began=$(date +%s%N)
typed scan "$image"; [ $rc = 0 ] || { cat screen; die "exit $rc"; }
echo "the first scan took $((($(date +%s%N) - began) / 1000000)) ms"
shows "fetching advisories for debian:12 (Debian Security Tracker)"
shows "Debian 12 (bookworm), 120 packages in 6 layers"
shows "advisories of 20"
shows "Unknown: 105, Negligible: 75, Low: 1, Medium: 0, High: 0, Critical: 0   (fixable: 58"
shows "Negligible and Low hidden: 76; show with --severity all"
ends "note: next: eclair explain CVE-2016-2781 $image   # why, from which layer, and what fixes it"
grep -q "packages 1[0-9][0-9]" raw || echo "too fast to see packages in the progress"
[ "$(grep -c . src/requests.log)" = 1 ] || die "more was fetched than the image needs: $(cat src/requests.log)"
! grep -q "layers ./6" screen || die "progress is left on the screen"
# The shorthand is the same.
expect 0 scan "$image"; cp out table
expect 0 "$image"; cmp out table
[ "$(grep -c . src/requests.log)" = 1 ] || die "fetched again"
# Warm: known layers, known advisories.
began=$(date +%s%N); "$ECLAIR" scan "oci-dir:shop" >/dev/null; echo "a warm scan took $((($(date +%s%N) - began) / 1000000)) ms"

# 3. A rule, and its exit code.
typed scan "$image" --fail-on fixable; [ $rc = 2 ] || die "exit $rc"
tail -n 1 screen | grep -qE '^policy failed: fixable: 58 findings \(CVE-.*more\)$' || { tail -n 2 screen; die "the last line does not say what failed"; }
typed scan "$image" --fail-on high; [ $rc = 0 ] || die "exit $rc"

# 4. Several formats at once, and the table still there.
typed scan "$image" -f json=r.json -f sarif=r.sarif; [ $rc = 0 ] || { cat screen; die "exit $rc"; }
shows "Unknown: 105"
python3 -c 'import json; assert len(json.load(open("r.json"))["findings"]) == 181; assert len(json.load(open("r.sarif"))["runs"][0]["results"]) == 181'

# 5. Why.
typed explain CVE-2024-45490 "$image"; [ $rc = 0 ] || die "exit $rc"
shows "libexpat1 2.5.0-1 is affected"; shows "in layer 2"; shows "Fixed in 2.5.0-1+deb12u1"

# 6. This one does not count here, for a while.
typed ignore add CVE-2024-45490 --reason "no XML of strangers is read" --expires 2096-12-31; [ $rc = 0 ] || { cat screen; die "exit $rc"; }
grep -q CVE-2024-45490 .eclairignore.yaml || die "not in the file"
typed scan "$image"; [ $rc = 0 ] || { cat screen; die "exit $rc"; }
shows "suppressed: 1"; shows "show with --show-suppressed"
typed scan "$image" --show-suppressed; shows "no XML of strangers is read"
rm .eclairignore.yaml

# 7. Without a network: from a file, with what is known here.
tar -C shop -cf shop.tar .
asked=$(grep -c . src/requests.log)
expect 0 scan --no-network shop.tar --name "$image"
diff <(sed 1d table) <(sed 1d out) || die "another table without a network"
[ "$(grep -c . src/requests.log)" = "$asked" ] || die "something was sent"
expect 1 scan --no-network "$image"; one_error; says "--no-network"
expect 0 scan --offline "$image"; diff table out

# 8. A server, and the same table from it.
pids=${servers[*]}
. "$SOURCE_DIR/tests/support/serve.sh"
WEB_PID=$pids  # ended with the script
serve --fetch-allow 127.0.0.1
grep -qE '^eclair serve: listening on http://127\.0\.0\.1:[0-9]+' serve.out || die "no address"
expect 0 scan --server "$API" "$image"; diff table out || die "another table from the server"
