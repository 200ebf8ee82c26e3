#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Eclair authors
# SPDX-License-Identifier: Apache-2.0
# The server is killed under load, at random moments: every layer that it acknowledged is there afterwards, and the others can be posted.
. "$SOURCE_DIR/tests/e2e/prelude.sh"
. "$SOURCE_DIR/tests/support/serve.sh"
debian_layer root "openssl 1.0"
tar -C root -cf layer.tar .
PORT=$(quiet_port)
serve --fetch-local --listen-port "$PORT"
for round in 1 2 3 4 5 6; do
  "$SOURCE_DIR/tests/support/layer_storm.py" post acks "r$round-" 120 "$T/layer.tar" "$API" >storm.$round 2>storm.err &
  storm=$!
  sleep "0.$((RANDOM % 6))$((RANDOM % 10))"
  stop_serve KILL
  serve --fetch-local --listen-port "$PORT"
  wait $storm || die "$(cat storm.err)"
  [ "$("$SOURCE_DIR/tests/support/layer_storm.py" check acks "$API")" = $((120 * round)) ] || die "not all are there"
done
stop_serve
cat storm.*
