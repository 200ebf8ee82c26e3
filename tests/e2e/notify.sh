# SPDX-FileCopyrightText: The Eclair authors
# SPDX-License-Identifier: Apache-2.0
# Notifications from outside: a real server, a real receiver, failures, kills, several nodes.
. "$SOURCE_DIR/tests/e2e/prelude.sh"
. "$SOURCE_DIR/tests/support/serve.sh"

mkdir hook
python3 "$SOURCE_DIR/tests/support/hook_receiver.py" hook 2>hook.err &
WEB_PID=$!
for ((i = 0; i < 500; i++)); do [ ! -e hook/address ] || break; sleep 0.02; done
HOOK=$(cat hook/address)
: >hook/received
# until COMMAND...: waits until it succeeds.
until_() { local i; for ((i = 0; i < 600; i++)); do "$@" 2>/dev/null && return 0; sleep 0.1; done; die "never: $*"; }
received() { [ "$(wc -l <hook/received)" -ge "$1" ]; }
count() { wc -l <hook/received; }
vulnerability() {  # NAME SEVERITY FIX
  curl -sf -o out -X POST "$API/v1/namespaces/debian:12/vulnerabilities" \
    -d '{"Vulnerability":{"Name":"'"$1"'","NamespaceName":"debian:12","Link":"http://x/","Severity":"'"$2"'","FixedIn":[{"Name":"zlib","NamespaceName":"debian:12","Version":"'"$3"'"}]}}'
}

# --- a layer, a vulnerability, a webhook, the fetch-back, the end
serve --notify-endpoint "$HOOK/v1" --notify-secret s3cret --renotify-interval 1h --fetch-local
debian_layer tree "zlib 1.0"
tar -C tree -cf layer.tar .
curl -sf -o out "$API/v1/layers" -d '{"Layer":{"Name":"base","Path":"'"$T"'/layer.tar","Format":"Docker"}}' || die "$(cat out)"
sleep 1.5  # the cursor is set at the first look
vulnerability CVE-1 Low 2.0
until_ received 1
read -r _ status signature body <hook/received
[ "$status" = 200 ] || die "$status"
name=$(sed -n 's/^{"Notification":{"Name":"\([-0-9a-f]\{36\}\)"}}$/\1/p' <<<"$body")
[ -n "$name" ] || die "body: $body"
[ "$signature" = "sha256=$(printf %s "$body" | openssl dgst -sha256 -hmac s3cret -r | cut -d' ' -f1)" ] || die "signature: $signature"
curl -sf -o out "$API/v1/notifications/$name?limit=2"
is 'r["Notification"]["New"]["OrderedLayersIntroducingVulnerability"]' "[{'Index': 1, 'LayerName': 'base'}]"
is 'r["Notification"]["New"]["Vulnerability"]["Name"]' CVE-1
is '"Old" in r["Notification"], "NextPage" in r["Notification"]' '(False, False)'
vulnerability CVE-1 High 2.0
until_ received 2
curl -sf -o out "$API/v1/notifications/$(sed -n '2s/.*"Name":"\([^"]*\)".*/\1/p' hook/received)?limit=2"
is 'r["Notification"]["Old"]["Vulnerability"]["Severity"], r["Notification"]["New"]["Vulnerability"]["Severity"]' "('Low', 'High')"
curl -sf -X DELETE "$API/v1/notifications/$name"
curl -sf -o out "$API/v1/notifications/$name?limit=2"
is '"Deleted" in r["Notification"]' True
curl -sf -o out "$HEALTH/"
is 'r["notifier"]["Details"]["QueueSize"]' 1
stop_serve; [ "$serve_rc" = 0 ] || die "status $serve_rc"

# --- a receiver that fails, and a server that is killed meanwhile: nothing is lost
: >hook/received
echo 500 >hook/answer
serve --notify-endpoint "$HOOK/v1" --renotify-interval 1h
vulnerability CVE-2 Low 2.0
until_ received 2
python3 - hook/received <<'PY'
import sys
times = [int(line.split()[0]) for line in open(sys.argv[1])]
assert times[1] - times[0] > 150, times  # not at once: a second, by a clock of whole seconds
PY
echo 200 5000 >hook/answer  # it hangs while the server dies
before=$(count)
until_ received $((before + 1))
stop_serve KILL
rm hook/answer
: >hook/received
serve --notify-endpoint "$HOOK/v1" --renotify-interval 1h
until_ received 1
stop_serve; [ "$serve_rc" = 0 ] || die "status $serve_rc"

# --- generation 0, and what is told again until it is read
: >hook/received
serve --notifier-endpoint="$HOOK/v0" --data-dir "$T/old" --fetch-local
curl -sf -o out "$API/v1/layers" -d '{"ID":"base","Path":"'"$T"'/layer.tar"}' || die "$(cat out)"
sleep 1.5
vulnerability CVE-3 Medium 2.0
until_ received 1
sed 's/^[^{]*//' hook/received >out
is 'r["Name"], r["Type"], r["Content"]["IntroducingLayersIDs"], r["Content"]["Vulnerability"]["AffectedPackages"]' \
  "('CVE-3', 'NewVulnerabilityNotification', ['base'], [{'OS': 'debian:12', 'Name': 'zlib', 'AllVersions': False, 'BeforeVersion': '2.0'}])"
stop_serve
: >hook/received
serve --notify-endpoint "$HOOK/v1" --data-dir "$T/again" --renotify-interval 1s
sleep 1.5
vulnerability CVE-4 Medium 2.0
until_ received 3
curl -sf -X DELETE "$API/v1/notifications/$(sed -n '1s/.*"Name":"\([^"]*\)".*/\1/p' hook/received)"
sleep 0.5
before=$(count)
sleep 2.5
[ "$(count)" = "$before" ] || die "told again after it was read"
stop_serve

# --- as a stream, and eclair watch, which comes back
PORT=$(quiet_port)
: >serve.out
"$ECLAIR" serve --listen-port "$PORT" --data-dir "$T/stream" >serve.out 2>>serve.log &
SERVE=$!
wait_for_line serve.out '^eclair serve: listening on ' "$SERVE"
API=http://127.0.0.1:$PORT
curl -sN "$API/notifications/stream" >events &
CURL=$!; ends_with_us $CURL
"$ECLAIR" watch --server "$API" >watched 2>watch.err &
WATCH=$!; ends_with_us $WATCH
"$ECLAIR" watch --server "$API" --json >watched.json 2>/dev/null &
WATCH_JSON=$!; ends_with_us $WATCH_JSON
until_ grep -q retry events
sleep 2
vulnerability CVE-5 Medium 2.0
until_ grep -q '"vulnerability":"CVE-5"' events
until_ grep -q ' debian:12 CVE-5 new: medium, zlib fixed in 2.0$' watched
until_ grep -q '^{"id":".*"before":null' watched.json
kill -KILL "$SERVE"; wait "$SERVE" || true; wait "$CURL" || true
: >serve.out
"$ECLAIR" serve --listen-port "$PORT" --data-dir "$T/stream" >serve.out 2>>serve.log &
SERVE=$!
wait_for_line serve.out '^eclair serve: listening on ' "$SERVE"
vulnerability CVE-5 High 3.0
until_ grep -q ' debian:12 CVE-5 changed: medium => high; zlib fixed in 2.0 => zlib fixed in 3.0$' watched
[ "$(wc -l <watched)" = 2 ] || die "$(cat watched)"
rc=0
kill -TERM "$WATCH" "$WATCH_JSON"; wait "$WATCH" || rc=$?
[ "$rc" -gt 100 ] || die "watch ended with $rc"
stop_serve; [ "$serve_rc" = 0 ] || die "status $serve_rc"
expect 1 watch --server "$API"; says "cannot connect"
