# SPDX-FileCopyrightText: The Eclair authors
# SPDX-License-Identifier: Apache-2.0
# Registries that break off, cannot continue, redirect, refuse and fall silent.
source "$(dirname "$0")/prelude.sh"
source "$SOURCE_DIR/tests/support/servers.sh"
debian_layer one "libfirst 1.0-1"
head -c 3000000 /dev/urandom >one/noise
image layout one >/dev/null

for fault in none drop no-range redirect; do
  faulty "$fault" layout "$fault"
  export ECLAIR_DATA_DIR="$T/data-$fault"  # each reads the layer for itself
  ECLAIR_USERNAME=user ECLAIR_PASSWORD=secret expect 0 scan --offline -f json "$address/acme/api:1"
  is 'len(r["packages"])' 1
done
grep -q '"range": "bytes=' drop/requests.jsonl || die "the broken layer was not continued"
grep -q '"server": "blobs"' redirect/requests.jsonl || die "the redirect was not followed"
! grep '"server": "blobs"' redirect/requests.jsonl | grep -q '"authorization": true' || die "another host was told the credentials"
grep '"server": "registry"' redirect/requests.jsonl | grep -q '"authorization": true' || die "the registry was not told the credentials"

export ECLAIR_DATA_DIR="$T/data-none-yet"
faulty busy layout busy
expect 1 scan --offline "$address/acme/api:1"
one_error
says "error: $address limits pulls from this address (429, retry in 21 minutes)"
faulty stall layout stall
expect 1 scan --offline --stall-timeout 1s "$address/acme/api:1"
one_error
says "no data from $address for 1 s while reading layer 1 of 1 ("
grep -qE '\(14[0-9]+ of 29[0-9]+ KiB\)' err || die "it does not say how far it came"
says "hint: --stall-timeout 5m"
end_servers; servers=()
expect 1 scan --offline "$address/acme/api:1"
says "error: cannot connect to $address: connection refused"
