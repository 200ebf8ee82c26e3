#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Eclair authors
# SPDX-License-Identifier: Apache-2.0
# Base layers and own layers are told apart: by --base, by images that were scanned before, by labels; and by nothing, which is said.
. "$SOURCE_DIR/tests/e2e/prelude.sh"
debian_layer a "zlib1g 1:1.2.13.dfsg-1 zlib" "openssl 3.0.11-1"
debian_layer b "zlib1g 1:1.2.13.dfsg-1 zlib" "openssl 3.0.11-1" "curl 7.88.1-10"
mkdir -p c/etc other/etc && echo x >c/etc/x && echo y >other/etc/y
image debian a --history "ADD debian.tar /" >/dev/null
image python a c --history "ADD debian.tar /" --history "RUN install python" >/dev/null
image shop a c b --history "ADD debian.tar /" --history "RUN install python" --history "RUN apt-get install curl" >/dev/null
image foreign other --history "COPY other /" >/dev/null
echo '{"zlib": {"CVE-2099-0001": {"releases": {"bookworm": {"status": "resolved", "repositories": {"bookworm": "1:1.2.13.dfsg-2"}, "fixed_version": "1:1.2.13.dfsg-2", "urgency": "high"}}}},
 "curl": {"CVE-2099-0003": {"releases": {"bookworm": {"status": "resolved", "repositories": {"bookworm": "7.88.1-11"}, "fixed_version": "7.88.1-11", "urgency": "low"}}}}}' >debian.json
expect 0 db import --feed debian debian.json

# Nothing is known yet.
expect 0 scan oci-dir:shop --offline
has "in 3 layers"
lacks "base"
expect 0 scan oci-dir:shop --offline --layer own
says "no base image is known of shop: all its layers count as its own"
expect 0 scan oci-dir:shop --offline -f json
is '"base" in r["target"], "base" in r["layers"][0], "base" in r["findings"][0]' "(False, False, False)"

# Named.
expect 0 scan oci-dir:shop --offline --base oci-dir:python
has "in 3 layers (2 of base image python)"
grep -qE '^high .*CVE-2099-0001 .* 1 base$' out || die "no base layer"
grep -qE '^low .*CVE-2099-0003 .* 3 own$' out || die "no own layer"
expect 0 scan oci-dir:shop --offline --base oci-dir:python -f json
is '(r["target"]["base"]["name"], r["target"]["base"]["layers"], r["target"]["base"]["known_by"])' "('python', 2, 'option')"
is '[l["base"] for l in r["layers"]], [(f["vulnerability"], f["base"]) for f in r["findings"]]' \
  "([True, True, False], [('CVE-2099-0001', True), ('CVE-2099-0003', False)])"
python3 "$SOURCE_DIR/tests/support/check_schema.py" "$SOURCE_DIR/schema/report-1.json" out || die "not valid"
cp out r.json
expect 0 convert r.json -f json && cmp out r.json
expect 1 scan oci-dir:shop --offline --base oci-dir:foreign
one_error && says "foreign is not the base of shop: layer 1 differs"
expect 1 scan oci-dir:debian --offline --base oci-dir:python
one_error && says "it has 2 layers, this one 1"
expect 1 scan oci-dir:shop --offline --base oci-dir:missing
one_error && says "error: --base: "

# Seen before: --base taught it what python is. debian was scanned, too, and is the base of python, not of itself.
expect 0 scan oci-dir:shop --offline
has "in 3 layers (2 of base image python)"
expect 0 scan oci-dir:debian --offline
lacks "base image"
expect 0 scan oci-dir:python --offline
has "(1 of base image debian)"
expect 0 scan oci-dir:shop --offline -f json
is 'r["target"]["base"]["known_by"]' store

# Packed otherwise by another registry, and saved without digests of blobs: the layers are the same.
image packed a c b --compression zstd,gzip,none --history "ADD debian.tar /" --history "RUN install python" --history "RUN apt-get install curl" >/dev/null
expect 0 scan oci-dir:packed --offline
has "in 3 layers (2 of base image python)"
image saved.tar a c b --form docker-archive --history "ADD debian.tar /" --history "RUN install python" --history "RUN apt-get install curl" >/dev/null
expect 0 scan saved.tar --offline --base oci-dir:debian
has "in 3 layers (1 of base image debian)"
expect 0 scan saved.tar --offline -f json -o saved.json
expect 0 convert saved.json --layer own
silent
has "CVE-2099-0003"
lacks "CVE-2099-0001"

# What is shown.
for how in "--layer own" "--ignore-base" "--exclude-base-image-vulns"; do
  expect 0 scan oci-dir:shop --offline $how
  has "CVE-2099-0003"
  lacks "CVE-2099-0001"
done
for how in "--layer base" "--only-base" "--layer 1"; do
  expect 0 scan oci-dir:shop --offline $how
  has "CVE-2099-0001"
  lacks "CVE-2099-0003"
done
expect 0 scan oci-dir:shop --offline --layer "$(python3 -c 'import json; print(json.load(open("r.json"))["layers"][2]["digest"][:19])')"
has "CVE-2099-0003"
lacks "CVE-2099-0001"
expect 1 scan oci-dir:shop --offline --layer bas
one_error && says 'not a layer (base, own, a number from 1, or sha256:...); did you mean base?'

# Elsewhere.
expect 0 explain CVE-2099-0001 oci-dir:shop --offline
tr -s '\n ' ' ' <out >flat && mv flat out
has "of the base image python, made by"
expect 0 layers oci-dir:shop
has "3 layers (2 of base image python)"
grep -qE '^3 own ' out || die "no own layer"

# Labels: what an image says counts where that image is known; else it is said what is missing.
python3 - <<'P'
import hashlib, json, os
def blob(d, data):
    name = hashlib.sha256(data).hexdigest()
    open(d + "/blobs/sha256/" + name, "wb").write(data)
    return "sha256:" + name
index = json.load(open("shop/index.json"))
m = json.load(open("shop/blobs/sha256/" + index["manifests"][0]["digest"][7:]))
m["annotations"] = {"org.opencontainers.image.base.name": "docker.io/library/mine:1"}
data = json.dumps(m).encode()
index["manifests"][0].update(digest=blob("shop", data), size=len(data))
json.dump(index, open("shop/index.json", "w"))
P
rm -rf data && expect 0 db import --feed debian debian.json
expect 0 scan oci-dir:shop --offline -f json
is '[n["message"] for n in r["notes"] if n["code"] == "image"][0]' \
  "its labels name the base image docker.io/library/mine:1; to tell its layers apart, scan that one once, or name it with --base"
expect 0 scan oci-dir:python --name another:1 --offline
expect 0 scan oci-dir:python --name mine:1 --offline
expect 0 scan oci-dir:shop --offline -f json
is '(r["target"]["base"]["name"], r["target"]["base"]["known_by"])' "('mine:1', 'label')"
