#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Eclair authors
# SPDX-License-Identifier: Apache-2.0
# Two nodes on one PostgreSQL: the one that updates the advisories is killed in the middle of it. Nothing of it is there, and the other does it
# within the lease's time.
. "$SOURCE_DIR/tests/e2e/prelude.sh"
. "$SOURCE_DIR/tests/support/postgres.sh"
. "$SOURCE_DIR/tests/support/serve.sh"
have_postgres || die "no PostgreSQL here (package postgresql)"
chmod 711 "$T"; start_postgres "$T/pg"
ONE='' TWO='' SOURCE=''
trap 'status=$?; set +e; trap - ERR; kill -9 $ONE $TWO $SOURCE 2>/dev/null; stop_postgres "$T/pg"; (exit $status); finish' EXIT
# A source whose first answer never ends; later ones are whole.
cat >source.py <<'PY'
import http.server, json, time
document = json.dumps({"p%d" % i: {"CVE-2023-%04d" % i: {"releases": {"bookworm": {"status": "resolved", "repositories": {"bookworm": "9"}, "fixed_version": "2", "urgency": "low"}}}}
                       for i in range(500)}).encode()
first = True
class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def log_message(self, *a): pass
    def do_GET(self):
        global first
        slow, first = first, False
        self.send_response(200); self.send_header("Content-Length", str(len(document))); self.end_headers()
        if not slow:
            self.wfile.write(document); return
        open("asked", "w").close()
        for byte in document[:4000]:
            self.wfile.write(bytes([byte])); time.sleep(0.1)
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
open("port.new", "w").write(str(server.server_port)); __import__("os").rename("port.new", "port")
server.serve_forever()
PY
python3 source.py 2>source.err & SOURCE=$!
for ((i = 0; i < 500; i++)); do [ ! -e port ] || break; sleep 0.02; done
options=(--store "$PG_URL" --update-feed debian --feed-url "debian=http://127.0.0.1:$(cat port)/tracker.json" --update-interval 1h --update-lease 4s)
sql() { "$(pg_bin)/psql" -qtA "$PG_URL" -c "$1"; }
serve "${options[@]}"; ONE=$SERVE
for ((i = 0; i < 500; i++)); do [ ! -e asked ] || break; sleep 0.05; done
[ -e asked ] || die "nobody asked the source"
serve "${options[@]}"; TWO=$SERVE
sleep 5  # longer than the lease: the first holds on to it as long as it lives
[ "$(sql "SELECT count(*) FROM eclair_advisories.feed")" = 0 ] || die "something is there before it may be"
kill -9 "$ONE"; wait "$ONE" || true; ONE=
killed=$(date +%s%N)
for ((i = 0; i < 300; i++)); do [ -z "$(sql "SELECT value FROM keyvalue WHERE key='updater/last'")" ] || break; sleep 0.1; done
took=$(( ($(date +%s%N) - killed) / 1000000 ))
[ "$(sql "SELECT rows FROM eclair_advisories.feed WHERE name='debian'")" = 500 ] || die "the other node did not update"
[ "$took" -le 20000 ] || die "it took $took ms"
echo "killed while updating: the other node was done $took ms later (lease 4 s)"
kill "$TWO"; wait "$TWO" || true; TWO=
