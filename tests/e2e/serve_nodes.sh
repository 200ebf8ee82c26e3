#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Eclair authors
# SPDX-License-Identifier: Apache-2.0
# Two nodes on one PostgreSQL under load: one is killed, comes back, and the database is restarted: no acknowledged layer is lost, each is there
# once, on both nodes, and requests that meet the restart fail in words, not in silence.
. "$SOURCE_DIR/tests/e2e/prelude.sh"
. "$SOURCE_DIR/tests/support/postgres.sh"
. "$SOURCE_DIR/tests/support/serve.sh"
have_postgres || die "no PostgreSQL here (package postgresql)"
chmod 711 "$T"; start_postgres "$T/pg" fsync=on
trap 'status=$?; set +e; trap - ERR; kill -9 $ONE $TWO 2>/dev/null; stop_postgres "$T/pg"; (exit $status); finish' EXIT
debian_layer root "openssl 1.0"
tar -C root -cf layer.tar .
storm=$SOURCE_DIR/tests/support/layer_storm.py
ONE= TWO=
PORT=$(quiet_port)
serve --store "$PG_URL" --fetch-local --listen-port "$PORT"; ONE=$SERVE ONE_URL=$API
serve --store "$PG_URL" --fetch-local; TWO=$SERVE TWO_URL=$API
python3 "$storm" post acks a 150 "$T/layer.tar" "$ONE_URL" "$TWO_URL" >storm.1 2>storm.err &
STORM=$!
sleep 0.4; kill -9 "$ONE"
serve --store "$PG_URL" --fetch-local --listen-port "$PORT"; ONE=$SERVE
wait $STORM || die "$(cat storm.err)"
[ "$(python3 "$storm" check acks "$ONE_URL" "$TWO_URL")" = 150 ] || die "not all are there"
python3 "$storm" post acks b 150 "$T/layer.tar" "$ONE_URL" "$TWO_URL" >storm.2 2>storm.err &
STORM=$!
sleep 0.3; restart_postgres "$T/pg"
wait $STORM || die "$(cat storm.err)"
[ "$(python3 "$storm" check acks "$ONE_URL" "$TWO_URL")" = 300 ] || die "not all are there"
[ "$("$(pg_bin)/psql" -tA "$PG_URL" -c 'SELECT count(*) FROM eclair_layers.node')" = 300 ] || die "a layer is there twice"
[ "$("$(pg_bin)/psql" -tA "$PG_URL" -c 'SELECT count(*) FROM eclair_layers.package')" = 1 ] || die "a package version is there twice"
cat storm.1 storm.2
