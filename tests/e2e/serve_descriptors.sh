#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Eclair authors
# SPDX-License-Identifier: Apache-2.0
# No descriptors are left: it says so once, waits, and goes on when there are some again.
. "$SOURCE_DIR/tests/e2e/prelude.sh"
. "$SOURCE_DIR/tests/support/serve.sh"
hard=$(ulimit -Hn)
ulimit -Sn 64
serve --max-connections 300
soft=$(awk '/Max open files/ {print $4}' "/proc/$SERVE/limits")
[ "$hard" != unlimited ] && [ "$hard" -lt 556 ] || [ "$soft" = 556 ] || die "the soft limit is $soft"
stop_serve
ulimit -Sn "$hard"
# UBSan looks at objects through a pipe: without a descriptor for one it takes every good object for a bad one. The other build shows the rest.
if grep -aq __ubsan_handle "$ECLAIR"; then exit 0; fi
: >serve.out
(ulimit -n 60; exec "$ECLAIR" serve --listen-port 0 >serve.out 2>>serve.log) &
SERVE=$!
wait_for_line serve.out '^eclair serve: listening on ' "$SERVE"
API=$(sed -n 's/^eclair serve: listening on \([^,]*\),.*/\1/p' serve.out)
grep -q 'fewer files may be open' serve.log
python3 - "${API##*:}" <<'PY'
import http.client, socket, sys, time
port = int(sys.argv[1])
many = [socket.create_connection(("127.0.0.1", port)) for _ in range(80)]
time.sleep(1)
many[0].sendall(b"GET /v1/versions HTTP/1.1\r\nHost: x\r\n\r\n")  # those that are in go on
assert many[0].recv(100).startswith(b"HTTP/1.1 200")
for s in many: s.close()
deadline = time.time() + 10
while True:
    try:
        c = http.client.HTTPConnection("127.0.0.1", port, timeout=5); c.request("GET", "/v1/versions"); assert c.getresponse().status == 200; break
    except OSError:
        assert time.time() < deadline, "it does not go on"
PY
[ "$(grep -c 'Too many open files' serve.log)" = 1 ] || die "told $(grep -c 'Too many open files' serve.log) times"
stop_serve; [ "$serve_rc" = 0 ]
