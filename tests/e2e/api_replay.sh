#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Eclair authors
# SPDX-License-Identifier: Apache-2.0
# Recorded exchanges of both old APIs and of their clients, against the real service: tests/cases/api.
# oracle: statuses, members, order and texts are those of quay/clair v2.1.8 and of generation 0 at 941a10cc2b; requests are those of klar,
# clairctl, yair, clair-scanner 12, Harbor's adapter and Quay, as they were seen on the wire or stand in their sources.
. "$SOURCE_DIR/tests/e2e/prelude.sh"
. "$SOURCE_DIR/tests/support/serve.sh"
cat >debian.json <<'JSON'
{"openssl": {"CVE-2023-0001": {"description": "overflow in <openssl>", "scope": "remote",
  "releases": {"bookworm": {"status": "resolved", "repositories": {"bookworm": "1.1-1"}, "fixed_version": "1.1-1", "urgency": "high"}}}}}
JSON
expect 0 db import --feed debian debian.json
debian_layer base "openssl 1.0-1" "zlib1g 1:1.2-3 zlib"
debian_layer top "openssl 1.0-1" "zlib1g 1:1.2-3 zlib" "bash 5-1"
mkdir www
tar -C base -czf www/base.tar.gz .
tar -C top -czf www/top.tar.gz .
echo "this is no layer" >www/text
: >www/empty
web_server www
serve --fetch-allow 127.0.0.1 --update-interval 0
for generation in v0 v1 clients; do
  python3 "$SOURCE_DIR/tests/support/replay_api.py" "$API" "$SOURCE_DIR/tests/cases/api/$generation" "WEB=$WEB" || die "$generation"
done
for one in v0 v1 eclair; do curl -sf "$API/openapi/$one" | cmp - "$SOURCE_DIR/docs/api/$one.json"; done
stop_serve

# What changes while it runs: told by name, fetched page by page, read. On a store of its own, so that layers have the numbers of the record.
mkdir hook
python3 "$SOURCE_DIR/tests/support/hook_receiver.py" hook 2>hook.err &
ends_with_us $!
for ((i = 0; i < 500; i++)); do [ ! -e hook/address ] || break; sleep 0.02; done
: >hook/received
told() {  # N: waits for the Nth notification, and prints its name
  local i name
  for ((i = 0; i < 600; i++)); do
    name=$(sed -n "$1s/.*{\"Notification\":{\"Name\":\"\([-0-9a-f]*\)\"}}$/\1/p" hook/received)
    [ -z "$name" ] || { echo "$name"; return; }
    sleep 0.05
  done
  die "nobody was told"
}
play() { python3 "$SOURCE_DIR/tests/support/replay_api.py" "$API" "$SOURCE_DIR/tests/cases/api/notified/$1" "WEB=$WEB" "${@:2}" || die "notified/$1"; }
serve --data-dir "$T/notified" --notify-endpoint "$(cat hook/address)/v1" --renotify-interval 1h --fetch-allow 127.0.0.1
sleep 1.5  # what is known at the first look is no news
play 1
new=$(told 1)
play 2
play 3 "NEW=$new" "CHANGED=$(told 2)"
stop_serve
