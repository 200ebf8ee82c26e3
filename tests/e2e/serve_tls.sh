#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Eclair authors
# SPDX-License-Identifier: Apache-2.0
# TLS of the service: versions, client certificates, certificates that change while connections are open.
. "$SOURCE_DIR/tests/e2e/prelude.sh"
. "$SOURCE_DIR/tests/support/serve.sh"
command -v openssl >/dev/null || skip "openssl is not installed"
# certificate NAME CN [CA]: NAME.pem and NAME.key, of the CA or of itself.
certificate() {
  local sign=(-x509 -days 2)
  openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj "/CN=$2" -addext "subjectAltName=IP:127.0.0.1" -keyout "$1.key.new" \
    ${3:+-CA "$3.pem" -CAkey "$3.key"} "${sign[@]}" -out "$1.pem.new" 2>/dev/null
  mv "$1.key.new" "$1.key"; mv "$1.pem.new" "$1.pem"
}
certificate server one; certificate ca ca; certificate other other
certificate alice alice ca; certificate bob bob ca; certificate mallory mallory other
openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -subj /CN=x -passout pass:secret -keyout locked.key -x509 -out locked.pem 2>/dev/null

expect 1 serve --listen-port 0 --tls-cert server.pem --tls-key ca.key; one_error; says "ca.key: key values mismatch"
expect 1 serve --listen-port 0 --tls-cert locked.pem --tls-key locked.key; one_error; says "locked.key"
expect 1 serve --listen-port 0 --tls-cert absent.pem --tls-key server.key; one_error; says "absent.pem: No such file"

serve --tls-cert server.pem --tls-key server.key
case $API in https://*) ;; *) die "not https: $API";; esac
curl -sf --cacert server.pem --tlsv1.3 "$API/v1/versions" >/dev/null
curl -sf --cacert server.pem --tls-max 1.2 "$API/v1/versions" >/dev/null
! curl -sf -k --ciphers DEFAULT@SECLEVEL=0 --tls-max 1.1 "$API/v1/versions" 2>/dev/null || die "TLS 1.1 is spoken"
[ "$(curl -s "http://${API#https://}/v1/versions")" = "Client sent an HTTP request to an HTTPS server." ] || die "plain HTTP is not told"
curl -sf "$HEALTH/health"                                   # always plain
address=${API#https://}
# One connection is kept open over a change of the certificate: it goes on, new ones see the new one.
python3 - "$address" server.pem "$SERVE" >py.out <<'PY'
import http.client, os, signal, ssl, subprocess, sys, time
address, ca, pid = sys.argv[1], sys.argv[2], int(sys.argv[3])
context = ssl.create_default_context(cafile=ca); context.check_hostname = False
old = http.client.HTTPSConnection(address, context=context)
def ask():
    old.request("GET", "/v1/versions"); r = old.getresponse(); assert r.status == 200 and b"APIVersion" in r.read()
def seen():
    host, port = address.split(":")
    return ssl.get_server_certificate((host, int(port)))
ask(); before = seen()
new = subprocess.run("openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=two -x509 -keyout n.key -out n.pem 2>/dev/null"
                     " && mv n.key server.key && mv n.pem server.pem", shell=True, check=True)
for _ in range(300):  # without a signal: the files are looked at
    if seen() != before: break
    time.sleep(0.05)
else: sys.exit("the new certificate is not used")
ask()
open("server.pem", "w").write("not a certificate\n"); now = seen()
os.kill(pid, signal.SIGHUP); time.sleep(0.3)
assert seen() == now; ask()
PY
grep -q "the certificates were read anew" serve.log; grep -q "the certificates stay as they were" serve.log
stop_serve; [ "$serve_rc" = 0 ]

certificate server one
serve --tls-cert server.pem --tls-key server.key --tls-client-ca ca.pem
ask() { curl -s --cacert server.pem -o /dev/null -w '%{http_code}' "$@" || true; }
[ "$(ask "$API/v1/versions")" = 000 ] || die "no certificate was asked for"
[ "$(ask --cert mallory.pem --key mallory.key "$API/v1/versions")" = 000 ] || die "a stranger's certificate is taken"
[ "$(ask --cert alice.pem --key alice.key "$API/v1/versions")" = 200 ] || die "alice is not let in"
[ "$(ask --tls-max 1.2 --cert alice.pem --key alice.key "$API/v1/versions")" = 200 ]
grep -q 'who=alice .*path=/v1/versions' serve.log
stop_serve
# With rules a certificate is a name among others.
serve --tls-cert server.pem --tls-key server.key --tls-client-ca ca.pem --key "role=read certificate=bob"
[ "$(ask --cert alice.pem --key alice.key "$API/v1/layers/x")" = 401 ]
[ "$(ask --cert bob.pem --key bob.key "$API/v1/layers/x")" = 404 ]
[ "$(ask --cert bob.pem --key bob.key -X DELETE "$API/v1/layers/x")" = 403 ]
stop_serve
# A scan by a server with TLS: as one of our own where its certificate is trusted, refused where it is not.
certificate server one
debian_layer tree "zlib1g 1.0 zlib"
image img tree >/dev/null
echo '{"zlib": {"CVE-2099-0001": {"releases": {"bookworm": {"status": "open", "urgency": "high"}}}}}' >tracker.json
expect 0 db import --feed debian tracker.json
serve --tls-cert server.pem --tls-key server.key
expect 0 scan --server "$API" --cacert server.pem oci-dir:img -f json
is '[f["vulnerability"] for f in r["findings"]]' "['CVE-2099-0001']"
expect 1 scan --server "$API" oci-dir:img
one_error; says "is not trusted"; says "--cacert"
expect 1 scan --server "http://${API#https://}" --cacert server.pem oci-dir:img
one_error
stop_serve
