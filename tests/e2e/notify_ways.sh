# SPDX-FileCopyrightText: The Eclair authors
# SPDX-License-Identifier: Apache-2.0
# The way to a receiver: certificates on both sides, a name that is not the host's, a proxy.
. "$SOURCE_DIR/tests/e2e/prelude.sh"
. "$SOURCE_DIR/tests/support/serve.sh"

ca() { openssl req -x509 -newkey rsa:2048 -nodes -keyout "$1.key" -out "$1.pem" -days 2 -subj "/CN=$1" 2>/dev/null; }
signed() {  # NAME CA
  openssl req -newkey rsa:2048 -nodes -keyout "$1.key" -out "$1.csr" -subj "/CN=$1" 2>/dev/null
  printf 'subjectAltName=DNS:%s\n' "$1" >"$1.ext"
  openssl x509 -req -in "$1.csr" -CA "$2.pem" -CAkey "$2.key" -CAcreateserial -days 2 -extfile "$1.ext" -out "$1.pem" 2>/dev/null
}
ca ours; ca theirs; signed hooks.example ours; signed eclair theirs

mkdir hook
python3 "$SOURCE_DIR/tests/support/hook_receiver.py" hook hooks.example.pem hooks.example.key theirs.pem 2>hook.err &
WEB_PID=$!
for ((i = 0; i < 500; i++)); do [ ! -e hook/address ] || break; sleep 0.02; done
HOOK=$(cat hook/address)
until_() { local i; for ((i = 0; i < 600; i++)); do "$@" 2>/dev/null && return 0; sleep 0.1; done; die "never: $*"; }
tell() {
  sleep 1.5
  curl -sf -o out -X POST "$API/v1/namespaces/debian:12/vulnerabilities" \
    -d '{"Vulnerability":{"Name":"'"$1"'","NamespaceName":"debian:12","Link":"http://x/","Severity":"Low","FixedIn":[{"Name":"zlib","NamespaceName":"debian:12","Version":"2"}]}}'
}

serve --data-dir "$T/one" --notify-endpoint "$HOOK/x?y=1" --notify-ca ours.pem --notify-cert eclair.pem --notify-key eclair.key --notify-server-name hooks.example
tell CVE-1
until_ grep -q '^[0-9]* 200 ' hook/received
[ "$(cat hook/targets)" = "/x?y=1 ${HOOK#https://}" ] || die "$(cat hook/targets)"
stop_serve

# Without each of them nothing gets there, and the log says why.
rm hook/received
serve --data-dir "$T/two" --notify-endpoint "$HOOK" --notify-cert eclair.pem --notify-key eclair.key --notify-server-name hooks.example
tell CVE-1; until_ grep -q "certificate of ${HOOK#https://} is not trusted" serve.log; stop_serve
serve --data-dir "$T/three" --notify-endpoint "$HOOK" --notify-ca ours.pem --notify-cert eclair.pem --notify-key eclair.key
tell CVE-1; until_ grep -q "certificate of ${HOOK#https://} is for another name" serve.log; stop_serve
before=$(grep -c 'notification not accepted' serve.log)
serve --data-dir "$T/four" --notify-endpoint "$HOOK" --notify-ca ours.pem --notify-server-name hooks.example
tell CVE-1
for ((i = 0; i < 100; i++)); do [ "$(grep -c 'notification not accepted' serve.log)" -le "$before" ] || break; sleep 0.1; done
stop_serve
[ ! -e hook/received ] || die "$(cat hook/received)"

# --- a proxy: the receiver plays it, and is asked for a host that does not exist
kill "$WEB_PID"; wait "$WEB_PID" || true
rm -r hook; mkdir hook
python3 "$SOURCE_DIR/tests/support/hook_receiver.py" hook 2>hook.err &
WEB_PID=$!
for ((i = 0; i < 500; i++)); do [ ! -e hook/address ] || break; sleep 0.02; done
serve --data-dir "$T/five" --notify-endpoint http://hooks.invalid/z --notify-proxy "$(cat hook/address)"
tell CVE-1
until_ grep -q '^http://hooks.invalid/z hooks.invalid$' hook/targets
stop_serve; [ "$serve_rc" = 0 ] || die "status $serve_rc"
