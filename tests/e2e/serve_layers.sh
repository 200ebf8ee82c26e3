#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Eclair authors
# SPDX-License-Identifier: Apache-2.0
# The service from outside: a layer is posted, read and asked for; health, metrics, log; SIGTERM ends it.
. "$SOURCE_DIR/tests/e2e/prelude.sh"
. "$SOURCE_DIR/tests/support/serve.sh"
debian_layer root "openssl 1.0"
mkdir www; tar -C root -czf www/layer.tar.gz .
web_server www
serve --fetch-allow 127.0.0.1
code=$(curl -s -o out -w '%{http_code}' -d "{\"Layer\":{\"Name\":\"base\",\"Path\":\"$WEB/layer.tar.gz\",\"Format\":\"Docker\"}}" "$API/v1/layers")
[ "$code" = 201 ] || die "POST gave $code"
is 'r["Layer"]["Name"]' base
curl -sf "$API/v1/layers/base?features" >out
is 'r["Layer"]["NamespaceName"], [f["Name"] for f in r["Layer"]["Features"]]' "('debian:12', ['openssl'])"
curl -sf --compressed "$API/v1/layers/base?features" | cmp - out
[ "$(curl -s -o /dev/null -w '%{http_code}' "$API/v1/layers/other")" = 404 ]
[ "$(curl -s "$API/nothing")" = "404 page not found" ]
[ "$(curl -s -X PATCH "$API/v1/layers")" = "Method Not Allowed" ]
curl -sf "$API/v1/health" | grep -q '"database":{"IsHealthy":true}'
curl -sf "$HEALTH/" | grep -q '"database":{"IsHealthy":true}'
[ "$(curl -s -o /dev/null -w '%{http_code} %{size_download}' "$HEALTH/health")" = "200 0" ]
[ "$(curl -s -o /dev/null -w '%{http_code}' "$HEALTH/v1/layers/base")" = 404 ]
curl -sf "$HEALTH/metrics" >metrics
for line in 'clair_api_response_duration_milliseconds_count{route="v1/postLayer",code="201"} 1' 'eclair_layers 1' 'eclair_layer_posts_total{outcome="stored"} 1' 'eclair_layer_read_seconds_count 1'; do
  grep -qxF "$line" metrics || die "metrics lack: $line"
done
curl -sf -H 'X-Request-Id: my-request' "$API/v1/versions?token=hidden" >/dev/null
grep -q 'info request id=my-request peer=127.0.0.1 who=- method=GET path=/v1/versions route=v0/getVersions status=200' serve.log
! grep -q hidden serve.log || die "a query is in the log"
! grep -q ' info .*route=metrics' serve.log || die "a monitor fills the log"
stop_serve
[ "$serve_rc" = 0 ] || die "exit $serve_rc"
grep -q stopped serve.log
# What was answered with 201 is there afterwards.
serve; curl -sf "$API/v1/layers/base" >out; is 'r["Layer"]["Name"]' base; stop_serve
