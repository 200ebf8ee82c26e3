#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Eclair authors
# SPDX-License-Identifier: Apache-2.0
# The data set in a real registry, as an artifact: pushed, pulled by tag and by digest, with and without a login.
. "$SOURCE_DIR/tests/e2e/prelude.sh"
. "$SOURCE_DIR/tests/support/servers.sh"
expect 0 db import --feed debian "$SOURCE_DIR/examples/advisories/debian.json"
expect 0 db export data.tar.zst
registry reg
place="registry:$address/acme/advisories:today"
expect 0 db export "$place"
says "note: pushed $place (1 feed, "; says "sha256:$(sha256sum data.tar.zst | cut -d' ' -f1)"
manifest=$(grep -o 'manifest sha256:[0-9a-f]*' err | cut -d' ' -f2)
expect 0 db export "$place"; says "note: was there already"; says "$manifest"
for from in "$place" "docker://$address/acme/advisories@$manifest"; do
  export ECLAIR_DATA_DIR="$T/there"
  rm -rf there
  expect 0 db import "$from"; says "note: imported debian: "
  expect 0 db export back.tar.zst; cmp data.tar.zst back.tar.zst
done
# An image is no data set, and the other way round.
debian_layer base "libfirst 1.0-1"
image layout base >/dev/null
push reg layout acme/api:1 >/dev/null
expect 1 db import "registry:$address/acme/api:1"; one_error; says "acme/api:1"
expect 1 scan --offline "$address/acme/advisories:today"; one_error
expect 1 db import "registry:$address/acme/missing:1"; one_error
