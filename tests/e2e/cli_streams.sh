#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Eclair authors
# SPDX-License-Identifier: Apache-2.0
# Full disks, closed pipes, interrupts, colours and widths.
. "$SOURCE_DIR/tests/e2e/prelude.sh"
debian_layer a "zlib1g 1:1.2.13.dfsg-1 zlib"
image img a >/dev/null
if [ -w /dev/full ]; then
  rc=0; "$ECLAIR" scan oci-dir:img --offline >/dev/full 2>err || rc=$?
  [ $rc = 1 ] || die "exit $rc when the report cannot be written"
  says "cannot write to standard output"
fi
{ rc=0; "$ECLAIR" scan oci-dir:img --offline -f json 2>err || rc=$?; echo $rc >rc; } | true
grep -qx -e 141 -e 0 rc || die "exit $(cat rc) for a closed pipe"
! grep -q '^error' err || die "an error line for a closed pipe"

# An interrupt ends a read that waits: 130, and nothing but a line end.
"$(command -v python3)" - "$ECLAIR" <<'P'
import signal, subprocess, sys, time
signal.signal(signal.SIGINT, signal.default_int_handler)   # a background job of a script is started with interrupts ignored
p = subprocess.Popen([sys.argv[1], "scan", "-", "--offline"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                     preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
def listens():
    caught = [l for l in open("/proc/%d/status" % p.pid) if l.startswith("SigCgt:")]
    return int(caught[0].split()[1], 16) >> (signal.SIGINT - 1) & 1
for _ in range(1000):
    if listens():
        break
    time.sleep(0.01)
p.send_signal(signal.SIGINT)
err = p.stderr.read()
assert p.wait(10) == 130, p.returncode
assert err == b"\n", err
P

expect 0 scan oci-dir:img --offline; ! grep -q "$(printf '\033')" out || die "colours in a pipe"
expect 0 scan oci-dir:img --offline -q; silent
COLUMNS=60 expect 0 scan oci-dir:img --offline --show-packages; has "zlib1g"
expect 0 scan oci-dir:img --offline --log-format json
python3 -c 'import json; [json.loads(l) for l in open("err")]'
SECONDS=0
for i in 1 2 3 4 5 6 7 8 9 10; do "$ECLAIR" version >/dev/null; done
[ $SECONDS -le 3 ] || die "the version takes long to say"
