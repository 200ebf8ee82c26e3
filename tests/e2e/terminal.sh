#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Eclair authors
# SPDX-License-Identifier: Apache-2.0
# What a person sees who sits before it: progress in two lines that are gone in the end, widths, colours, links, the key that interrupts, and
# what to do next; and what somebody sees who reads it from a file.
. "$SOURCE_DIR/tests/e2e/prelude.sh"
. "$SOURCE_DIR/tests/support/servers.sh"
unset ECLAIR_SKIP_DB_UPDATE CI
export TERM=xterm
feeds=$SOURCE_DIR/tests/support/feed_server.py
mkdir src
python3 "$feeds" make src debian 20
serve src "$feeds" src
export ECLAIR_MIRROR="http://$address"
# An image whose one layer stops before its end until long/go is there, and one whose upper layer comes when `seen` is there.
serve long "$SOURCE_DIR/tests/support/long_layer_server.py" long 12
image=$address/acme/api:1
debian_layer base "p3 1.0-1" "p4 2.0-1"
mkdir -p top/etc && echo hello >top/etc/motd
image two base top >/dev/null
serve held "$SOURCE_DIR/tests/support/faulty_registry.py" two held --hold seen ''
held=$address/acme/api:1
# at COLUMNS [OPTION]... -- ARG...: the program in a terminal of that width; what is left on the screen in `screen`, all bytes in `raw`.
at() {
  local columns=$1 options=(); shift
  while [ "$1" != -- ]; do options+=("$1"); shift; done; shift
  rc=0; python3 "$SOURCE_DIR/tests/support/terminal.py" --columns "$columns" --rows 60 --raw raw --seconds 60 "${options[@]}" -- "$ECLAIR" "$@" >screen || rc=$?
}
shows() { grep -qF -- "$1" screen || { cat screen >&2; die "the screen lacks: $1"; }; }
shows_not() { ! grep -qF -- "$1" screen || { cat screen >&2; die "the screen has: $1"; }; }

for columns in 80 120 200; do
  rm -f seen
  export ECLAIR_DATA_DIR="$T/data-$columns"
  # Both lines at once: a layer is held back, and the advisories that the one below it calls for are ready meanwhile.
  at $columns --until 'layers 1/2 .* KiB.*packages 2\nadvisories debian:12 ready' --touch seen -- scan "$held"
  [ $rc = 0 ] || { cat -v raw >&2; die "at $columns: exit $rc"; }
  shows "Debian 12 (bookworm), 2 packages"
  shows_not "layers 1/2"; shows_not "advisories debian:12 ready"
  python3 - "$columns" <<'P'
import re, sys
raw = open("raw", "rb").read().decode()
plain = re.sub(r"\x1b\][^\x1b\x07]*(\x07|\x1b\\)|\x1b\[[0-9;?]*[@-~]", "", raw)
rows = [l for l in re.split(r"[\r\n]+", plain) if re.match("layers |advisories debian:12 ready|SEVERITY|[a-z]+ +(CVE|-)", l)]
assert len(rows) > 4, rows
for line in rows:
    assert len(line) <= int(sys.argv[1]), "a line of %d columns: %s" % (len(line), line)
assert "▕" in raw, "no bar"
# Each time it is drawn, what was there is erased first.
drawn = raw.count("layers 0/2") + raw.count("layers 1/2") + raw.count("layers 2/2")
assert raw.count("\x1b[J") >= drawn, (drawn, raw.count("\x1b[J"))
P
done
grep -qF "fetching advisories for debian:12" screen || die "what is fetched is not said"

# Not more than ten times a second, however fast it comes.
rm -f long/go; export ECLAIR_DATA_DIR="$T/data-often"
began=$(date +%s%N)
at 80 --until 'layers 0/1 .* 1[0-9]/12 MiB.*packages 3' --touch long/go -- scan "$image"
[ $rc = 0 ] || die "exit $rc"
tenths=$((($(date +%s%N) - began) / 100000000))
drawn=$(grep -o 'layers 0/1' raw | wc -l)
[ "$drawn" -le $((tenths + 5)) ] || die "drawn $drawn times in $tenths tenths of a second"

# One command to go on with, three times and never again.
image layout base >/dev/null
export ECLAIR_DATA_DIR="$T/data-next"
for time in 1 2 3 4; do
  at 120 -- scan oci-dir:layout
  [ $rc = 0 ] || die "exit $rc"
  grep -c "next: eclair" screen >>counts || true
done
[ "$(tr -d '\n' <counts)" = 1110 ] || die "next steps: $(cat counts)"
rm -r "$ECLAIR_DATA_DIR"
at 120 -- scan oci-dir:layout -q; shows_not "next:"; shows_not "advisories for debian:12 ("
at 120 -- scan oci-dir:layout; shows "next: eclair explain CVE-"

# Colours and links are for those who can see and follow them.
at 120 -- scan oci-dir:layout --columns +title; grep -q "$(printf '\033\\[')[0-9;]*m" raw || die "no colours on a terminal"
! grep -q "$(printf '\033')\]8;;" raw || die "links in a terminal that is not known to follow them"
TERM=xterm-kitty at 120 -- scan oci-dir:layout; grep -q "$(printf '\033')\]8;;https://" raw || die "no links"
NO_COLOR=1 at 120 -- scan oci-dir:layout --offline; ! grep -q "$(printf '\033\\[')[0-9;]*m" raw || die "colours in spite of NO_COLOR"
at 120 -- scan oci-dir:layout --offline --no-color; ! grep -q "$(printf '\033\\[')[0-9;]*m" raw || die "colours in spite of --no-color"
LC_ALL=C at 120 -- scan oci-dir:layout --offline; python3 -c 'open("raw","rb").read().decode("ascii")' || die "beyond ASCII in the C locale"

# An interrupt takes the progress away, and says nothing.
rm -f long/go; export ECLAIR_DATA_DIR="$T/data-stop"
python3 - "$SOURCE_DIR" "$ECLAIR" "$image" <<'P'
import os, pty, re, select, subprocess, sys, time
sys.path.insert(0, sys.argv[1] + "/tests/support")
import terminal
ours, theirs = pty.openpty()
def own():
    os.setsid()
    import fcntl, termios
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
child = subprocess.Popen([sys.argv[2], "scan", sys.argv[3]], stdin=theirs, stdout=theirs, stderr=theirs, preexec_fn=own)
os.close(theirs)
screen, end, pressed = terminal.Screen(80, 24), time.monotonic() + 60, False
while time.monotonic() < end:
    if select.select([ours], [], [], 0.1)[0]:
        try:
            piece = os.read(ours, 65536)
        except OSError:
            break
        screen.feed(piece.decode())
    if not pressed and "packages 3" in screen.text():
        os.write(ours, b"\x03")
        pressed = True
assert pressed, screen.text()
assert child.wait(10) == 130
left = screen.text().replace("^C", "")
assert "layers" not in left and "error" not in left, left
P

# Where nobody watches: a line when something takes long, and one when it is done; nothing is drawn.
for way in "" "--log-format json" "dumb" "CI" "-d"; do
  rm -f long/go; export ECLAIR_DATA_DIR="$T/data-file"; rm -rf "$ECLAIR_DATA_DIR"
  (sleep 3.5; touch long/go) & later=$!
  case $way in
    "") expect 0 scan "$image"; says "note: reading $image: 0 of 1 layer so far"; says "note: read $image in ";;
    --log*) expect 0 scan $way "$image"; python3 -c 'import json; [json.loads(l) for l in open("err")]'; says '"msg":"reading ';;
    dumb) TERM=dumb KEEP_TERM=1 at 120 -- scan "$image"; shows "note: reading $image: 0 of 1"; shows_not "▕"; ! grep -q "$(printf '\033')" raw || die "escapes in a dumb terminal";;
    CI) KEEP_CI=1 CI=true at 120 -- scan "$image"; shows "note: reading $image: 0 of 1"; ! grep -q "▕" raw || die "drawn in spite of CI";;
    -d) at 120 -- scan -d "$image"; ! grep -q "▕" raw || die "drawn in spite of -d";;
  esac
  wait "$later"
done
