#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Eclair authors
# SPDX-License-Identifier: Apache-2.0
# Two machines of the service on one PostgreSQL: what one was given the other tells; one is killed; the database restarts under both.
. "$SOURCE_DIR/tests/e2e/prelude.sh"
. "$SOURCE_DIR/tests/support/serve.sh"
. "$SOURCE_DIR/tests/support/postgres.sh"
have_postgres || skip "PostgreSQL is not installed"
FIRST=
trap 'status=$?; set +e; trap - ERR; kill $FIRST 2>/dev/null; end_servers $status; stop_postgres "$T/pg"; (exit $status); finish' EXIT
chmod 711 "$T"  # the cluster in it is another user's, if we are root
start_postgres "$T/pg"
url=$(pg_database eclair)

debian_layer root "zlib1g 1:1.2.13-1 zlib"
mkdir www; tar -C root -czf www/layer.tar.gz .
web_server www
post() { curl -s -o out -w '%{http_code}' -d "{\"Layer\":{\"Name\":\"$2\",\"Path\":\"$WEB/layer.tar.gz\",\"Format\":\"Docker\"}}" "$1/v1/layers"; }
code_of() { curl -s -o out -w '%{http_code}' "$@"; }

# Both are started on the empty database at once.
serve_quietly() { "$ECLAIR" serve --listen-port 0 --fetch-allow 127.0.0.1 --update-interval 0 --store "$url" >first.out 2>first.log & FIRST=$!; }
serve_quietly
serve --fetch-allow 127.0.0.1 --update-interval 0 --store "$url"
wait_for_line first.out '^eclair serve: listening on ' "$FIRST"
ONE=$(sed -n 's/^eclair serve: listening on \([^,]*\),.*/\1/p' first.out) TWO=$API
[ "$(post "$ONE" base)" = 201 ] || die "POST to the first: $(cat out)"
[ "$(code_of "$TWO/v1/layers/base?features")" = 200 ] || die "the second does not know it"
is '[f["Name"] for f in r["Layer"]["Features"]]' "['zlib']"

# What is learned about it is told by both.
curl -sf -d '{"Vulnerability":{"Name":"CVE-2026-1","NamespaceName":"debian:12","Severity":"High","FixedIn":[{"Name":"zlib","NamespaceName":"debian:12","Version":"1:1.2.13-2"}]}}' \
  "$TWO/v1/namespaces/debian:12/vulnerabilities" >/dev/null
for ((i = 0; i < 100; i++)); do
  curl -sf "$ONE/v1/layers/base?vulnerabilities" >out
  if [ "$(json '[v["Name"] for f in r["Layer"]["Features"] for v in f.get("Vulnerabilities", [])]')" = "['CVE-2026-1']" ]; then break; fi
  sleep 0.1
done
is '[v["Name"] for f in r["Layer"]["Features"] for v in f.get("Vulnerabilities", [])]' "['CVE-2026-1']"

# One is killed; the other goes on.
kill -9 "$FIRST"; wait "$FIRST" 2>/dev/null || true; FIRST=
[ "$(post "$TWO" second)" = 201 ] || die "POST to the second: $(cat out)"
[ "$(code_of "$TWO/v1/layers/base")" = 200 ]

# Without its database it says so, and lives; with it it goes on by itself.
stop_postgres "$T/pg"
code=$(code_of "$TWO/v1/layers/never-asked-for")
[ "$code" = 503 ] || [ "$code" = 500 ] || die "without a database: $code"
curl -s "$TWO/v1/health" | grep -q '"database":{"IsHealthy":false' || die "healthy without a database"
run_postgres "$T/pg"
[ "$(code_of "$TWO/v1/layers/second")" = 200 ] || die "after the restart: $(cat out)"
[ "$(post "$TWO" third)" = 201 ] || die "POST after the restart: $(cat out)"
! grep -rq 'postgresql://.*:.*@' serve.log first.log || die "an address with a password was logged"
