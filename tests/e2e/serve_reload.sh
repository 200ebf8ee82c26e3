#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Eclair authors
# SPDX-License-Identifier: Apache-2.0
# SIGHUP reads the configuration anew: what can change while the service runs does, a mistake changes nothing, and what takes a restart is named.
. "$SOURCE_DIR/tests/e2e/prelude.sh"
. "$SOURCE_DIR/tests/support/serve.sh"
debian_layer bad "openssl 1.0-1"
image bad.oci bad >/dev/null
echo '{"openssl": {"CVE-2024-1": {"releases": {"bookworm": {"status": "resolved", "fixed_version": "1.0-2", "urgency": "high"}}}}}' >tracker.json
expect 0 db import --feed debian tracker.json
allowed() { curl -sf --data-binary "@$SOURCE_DIR/tests/cases/admission/pod_denied/review.json" "$API/admission" >out; is 'r["response"]["allowed"]' "$1"; }
# reload WORDS: reads anew, and waits until the log has a new line with WORDS.
reload() {
  local before i
  before=$(grep -cF -- "$1" serve.log || true)
  kill -HUP "$SERVE"
  for ((i = 0; i < 250; i++)); do [ "$(grep -cF -- "$1" serve.log || true)" -gt "$before" ] && return; sleep 0.02; done
  die "the log does not say: $1"
}

printf 'admission:\n  fail-on: [critical]\n  unknown: allow\n' >c.yaml
serve --config c.yaml --admission-unknown deny
expect 0 scan --server "$API" oci-dir:bad.oci --name registry.example.com/shop/api:1
allowed True
printf 'admission:\n  fail-on: ["high,fixable"]\n  unknown: allow\nlog:\n  level: debug\n' >c.yaml
reload 'the configuration and the keys were read anew'
grep -q 'changed=.*--log-level.*--admission-fail-on\|changed=.*--admission-fail-on.*--log-level' serve.log || die "what changed is not named"
allowed False
curl -sf "$HEALTH/health"
grep -q ' debug request .*path=/health' serve.log || die "the level is as it was"
# The command line still wins over the file.
curl -sf --data-binary "@$SOURCE_DIR/tests/cases/admission/pod_unknown_denied/review.json" "$API/admission" >out; is 'r["response"]["allowed"]' False
# A mistake changes nothing, keys included.
printf 'admission:\n  fail-onn: [critical]\n' >c.yaml
reload 'the configuration and the keys stay as they were: c.yaml:2:3: unknown key "fail-onn"'
allowed False
printf 'admission:\n  fail-on: [hihg]\n' >c.yaml
reload 'stay as they were: '
allowed False
# What takes a restart is named, and all else of the same file holds.
printf 'admission:\n  fail-on: [critical]\nserver:\n  workers: 3\n  keys: ["name=ci role=read sha256=%s"]\n' "$(printf one | sha256sum | cut -d' ' -f1)" >c.yaml
reload 'what has changed takes a restart'
grep -q 'takes a restart options=--workers' serve.log || die "--workers is not named: $(grep restart serve.log)"
[ "$(curl -s -o /dev/null -w '%{http_code}' "$API/v1/layers/x")" = 401 ]
curl -sf -H 'X-Api-Key: one' --data-binary "@$SOURCE_DIR/tests/cases/admission/pod_denied/review.json" "$API/admission" >out; is 'r["response"]["allowed"]' True
# And told again, for as long as it is so.
reload 'what has changed takes a restart'
stop_serve; [ "$serve_rc" = 0 ] || die "status $serve_rc"
