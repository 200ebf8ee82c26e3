#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Eclair authors
# SPDX-License-Identifier: Apache-2.0
# Images through the service: the report of scan --server is that of a local scan, layers that it has are not read again; find, images, delete, health.
. "$SOURCE_DIR/tests/e2e/prelude.sh"
. "$SOURCE_DIR/tests/support/servers.sh"
debian_layer base "openssl 1.0-1" "zlib 1.2-1"
debian_layer top "openssl 1.0-1" "zlib 1.2-1" "curl 7.0-1"
image layout base top >/dev/null
cat >tracker.json <<'J'
{"openssl": {"CVE-2024-1": {"description": "one", "releases": {"bookworm": {"status": "resolved", "fixed_version": "1.0-2", "urgency": "high"}}}},
 "curl": {"CVE-2024-2": {"description": "two", "releases": {"bookworm": {"status": "open", "urgency": "low"}}}}}
J
registry reg
push reg layout acme/api:1 >/dev/null
pids=${servers[*]}
. "$SOURCE_DIR/tests/support/serve.sh"
WEB_PID=$pids  # ended with the script
expect 0 db import --feed debian tracker.json

expect 0 scan --offline "$address/acme/api:1"; cp out local.table
expect 2 scan --offline "$address/acme/api:1" --fail-on low -f json; cp out local.json
serve --fetch-allow 127.0.0.1

# The same store is behind both here, and the same clock: but for the moment itself, every byte is the same.
same() { sed -E 's/\([0-9]+ seconds? old\)/(N old)/; s/"generated_at": ?"[^"]*"/"generated_at": ""/' "$1"; }
compare() { cmp <(same "$1") <(same "$2") || die "$3: another report"; }
export ECLAIR_DATA_DIR="$T/other"  # the client has no advisories and knows no layers
for how in "" --server-fetch; do
  expect 0 scan --server "$API" $how "$address/acme/api:1"; compare local.table out "table $how"; silent
  expect 2 scan --server "$API" $how "$address/acme/api:1" --fail-on low -f json; compare local.json out "json $how"
done
expect 0 scan --server "$API" oci-dir:layout --name other:1
expect 0 scan -v --server "$API" "$address/acme/api:1"
says "layers that the server has: 2 of 2"
# What a server has is not read: a layer that is broken here does not matter.
cp -r layout broken
blob=broken/blobs/sha256/$(python3 -c 'import json; m=json.load(open("layout/index.json"))["manifests"][0]["digest"][7:]; print(json.load(open("layout/blobs/sha256/"+m))["layers"][0]["digest"][7:])')
tr '\000-\377' '\001-\377\000' <"$blob" >garbage; mv -f garbage "$blob"
ECLAIR_DATA_DIR="$T/fresh" expect 1 scan --offline oci-dir:broken
ECLAIR_DATA_DIR="$T/fresh" expect 0 scan --server "$API" oci-dir:broken

expect 0 images --server "$API"; has "$address/acme/api:1"; has "other:1"; has "debian 12"
expect 0 images --server "$API" -f json; is 'len(r["images"])' 1
expect 0 find cve-2024-2 --server "$API"; has "curl"; has "7.0-1"; has "2 "
expect 0 find CVE-2024-1 --server "$API" -f json; is 'r["images"][0]["layer"]["index"], [p["name"] for p in r["images"][0]["packages"]]' "(1, ['openssl'])"
expect 0 find CVE-2024-9 --server "$API"; has "CVE-2024-9 is in no image"
sleep 1.5; expect 3 scan --server "$API" oci-dir:layout --max-db-age 0s --fail-on stale; says "policy failed: stale"; lacks "db update"
# An advisory that comes later is found without reading a layer.
sed -i 's/CVE-2024-2/CVE-2024-3/' tracker.json
ECLAIR_DATA_DIR="$T/data" expect 0 db import --feed debian --allow-shrink tracker.json
expect 0 find CVE-2024-3 --server "$API"; has "curl"
# In the store of this machine, and where nothing is kept.
ECLAIR_DATA_DIR="$T/data" expect 0 find CVE-2024-3; has "curl"
ECLAIR_DATA_DIR="$T/none" expect 1 find CVE-2024-3; one_error; says "no images are kept on this machine"

expect 0 health --server "$API"; has "well"; has "feed debian"
expect 0 delete --server "$API" "$address/acme/api:1"
expect 1 delete --server "$API" "$address/acme/api:1"; one_error
expect 0 images --server "$API"; has "no images are kept"
curl -sf "$API/eclair/v1/health" >out; is 'r["store"]["images"], r["store"]["layers"]' "(0, 0)"

# What cannot be had is refused by name.
expect 1 scan --server "$API" --facts usr/bin/nc oci-dir:layout; one_error; says "--facts cannot be had with --server"
expect 1 scan --server ftp://x oci-dir:layout; one_error
expect 1 scan --server-fetch oci-dir:layout; one_error
expect 1 scan --server "$API" --server-fetch oci-dir:layout; one_error
expect 1 scan --server "$API" --server-fetch "$address/acme/missing:1"; one_error; says "image not found"
stop_serve
expect 1 health --server "$API"; one_error

# Keys: each may do what its role says, and what one says of a layer is not told to another.
secret() { printf '%s' "$1" | sha256sum | cut -d' ' -f1; }
export ECLAIR_DATA_DIR="$T/data"
serve --key "name=ci role=write sha256=$(secret one)" --key "name=team role=write prefix=team/ sha256=$(secret two)" --key "name=boss role=admin sha256=$(secret three)"
export ECLAIR_DATA_DIR="$T/other"
expect 1 images --server "$API"; one_error; says "ECLAIR_TOKEN"
printf two >token; export ECLAIR_TOKEN=one
expect 0 scan --server "$API" oci-dir:layout --name shop:1
expect 0 scan --server "$API" oci-dir:layout --name team/app:1
unset ECLAIR_TOKEN
expect 0 images --server "$API" --token-file token; has team/app:1; lacks shop:1
expect 1 scan --server "$API" --token-file token oci-dir:layout --name shop:1; one_error; says "this key may not be used for"
expect 0 scan -v --server "$API" --token-file token oci-dir:layout --name team/app:2; says "layers that the server has: 0 of 2"
expect 0 scan -v --server "$API" --token three oci-dir:layout --name boss/app:1; says "layers that the server has: 0 of 2"
expect 0 scan -v --server "$API" --token one oci-dir:layout --name shop:1; says "layers that the server has: 2 of 2"
expect 0 health --server "$API"
stop_serve
