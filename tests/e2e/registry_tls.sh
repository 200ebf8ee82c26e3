# SPDX-FileCopyrightText: The Eclair authors
# SPDX-License-Identifier: Apache-2.0
# A real registry with a certificate that nobody knows: refused with its issuer, read with --cacert, SSL_CERT_FILE or --insecure.
source "$(dirname "$0")/prelude.sh"
source "$SOURCE_DIR/tests/support/servers.sh"
debian_layer one "libfirst 1.0-1"
image layout one >/dev/null
registry reg --tls
push reg layout acme/api:1 >/dev/null
target="$address/acme/api:1"

expect 1 scan --offline "$target"
one_error
says "error: certificate of $address is not trusted (issuer \"Eclair test CA\")"
says "hint: --cacert"
for how in "--cacert reg/ca.pem" "--insecure"; do
  expect 0 scan --offline -f json $how "$target"
  is 'len(r["packages"])' 1
done
SSL_CERT_FILE=reg/ca.pem expect 0 scan --offline -f json "$target"
expect 0 scan --offline -f json --cacert reg/ca.pem "localhost:${address#*:}/acme/api:1"
expect 1 scan --offline --cacert reg/settings.json "$target"
says "no PEM certificates in reg/settings.json"
expect 1 scan --offline "registry.invalid/acme/api:1"
says 'error: cannot resolve host "registry.invalid"'
