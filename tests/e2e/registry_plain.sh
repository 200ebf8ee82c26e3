# SPDX-FileCopyrightText: The Eclair authors
# SPDX-License-Identifier: Apache-2.0
# An image in a real registry, without TLS on loopback, gives the same packages as the same image in a folder.
source "$(dirname "$0")/prelude.sh"
source "$SOURCE_DIR/tests/support/servers.sh"
debian_layer base "libfirst 1.0-1" "libsecond 2.0-1"
debian_layer top "libfirst 1.0-2" "libsecond 2.0-1" "libthird 3.0-1"
image layout base top >/dev/null
registry reg
digest=$(push reg layout acme/api:1)

expect 0 scan --offline -f json oci-dir:layout
json '[(p["name"], p["version"]) for p in r["packages"].values()]' >folder
for target in "registry:$address/acme/api:1" "docker://$address/acme/api:1" "$address/acme/api:1" "$address/acme/api:other@$digest"; do
  expect 0 scan --offline -f json "$target"
  json '[(p["name"], p["version"]) for p in r["packages"].values()]' >registry
  cmp folder registry || die "$target: other packages"
  is 'r["target"]["digest"]' "$digest"
done

expect 1 scan --offline "$address/acme/missing"
one_error
says "error: image not found: $address/acme/missing:latest (registry answered 404)"
says "hint: is the name right?"
expect 1 scan --offline "$address/acme/api@sha256:$(printf '0%.0s' {1..64})"
says "image not found"
expect 1 scan --offline "$address/Acme/api"
says "repository name must be lower case"
says "eclair scan $address/acme/api"
