#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Eclair authors
# SPDX-License-Identifier: Apache-2.0
# The service on the wire, byte for byte: what old clients send, what nobody should send, bounds, and a stop under load.
. "$SOURCE_DIR/tests/e2e/prelude.sh"
. "$SOURCE_DIR/tests/support/serve.sh"
serve --max-connections 20 --request-timeout 60s
python3 "$SOURCE_DIR/tests/support/wire.py" "${API#http://}" || die "the wire"
curl -s "$HEALTH/metrics" >metrics
grep -q '^eclair_http_refused_total [1-9]' metrics || die "no refusal was counted"
# Everything that is sent before the stop is answered, whole; then connections are refused, not cut.
python3 "$SOURCE_DIR/tests/support/wire.py" "${API#http://}" load "$SERVE" >load.out 2>&1 || { cat load.out >&2; die "a stop under load lost requests"; }
serve_rc=0; wait "$SERVE" || serve_rc=$?; SERVE=
[ "$serve_rc" = 0 ] || die "exit $serve_rc"
# Twice the signal is the end.
serve; kill -TERM "$SERVE"; wait "$SERVE" || true; SERVE=
