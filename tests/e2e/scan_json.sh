#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Eclair authors
# SPDX-License-Identifier: Apache-2.0
# The JSON of a scan: layers, packages with their layer, findings with evidence, named files; and the same for every form of an image.
. "$SOURCE_DIR/tests/e2e/prelude.sh"
debian_layer a "zlib1g 1:1.2.13.dfsg-1 zlib"
debian_layer b "zlib1g 1:1.2.13.dfsg-1 zlib" "curl 7.88.1-10"
mkdir -p b/usr/bin && echo x >b/usr/bin/nc
image img a b --history "COPY a /" --history "-ENV X=y" --history "RUN apt-get install curl" >ids
echo '{"zlib": {"CVE-2099-0001": {"releases": {"bookworm": {"status": "resolved", "repositories": {"bookworm": "1:1.2.13.dfsg-2"}, "fixed_version": "1:1.2.13.dfsg-2", "urgency": "high"}}}}}' >debian.json
expect 0 db import --feed debian debian.json
expect 0 scan oci-dir:img --offline -f json --facts usr/bin/nc,etc/shadow
silent
is 'r["schema_version"]' 1.0
is 'r["target"]["digest"]' "$(sed -n 1p ids)"
is 'r["target"]["distribution"]["id"] + r["target"]["distribution"]["version"]' debian12
is '[l.get("index") for l in r["layers"]]' '[1, None, 2]'
is '[l.get("diff_id") for l in r["layers"] if not l["empty"]]' "['$(sed -n 2p ids)', '$(sed -n 3p ids)']"
is 'r["layers"][2]["created_by"]' "RUN apt-get install curl"
is 'sorted((p["name"], p["version"], p["source"]["name"], p["layer"]) for p in r["packages"].values())' \
  "[('curl', '7.88.1-10', 'curl', 2), ('zlib1g', '1:1.2.13.dfsg-1', 'zlib', 1)]"
is '[(f["vulnerability"], r["packages"][f["package"]]["name"], f["fixed_in"], f["layer"], f["severity"]) for f in r["findings"]]' \
  "[('CVE-2099-0001', 'zlib1g', '1:1.2.13.dfsg-2', 1, 'high')]"
is 'r["findings"][0]["evidence"]["feed"] + " " + r["findings"][0]["evidence"]["scheme"]' "debian dpkg"
is '[(f["pattern"], f["present"], f.get("layer")) for f in r["files"]]' "[('etc/shadow', False, None), ('usr/bin/nc', True, 2)]"
cp out first.json

expect 0 scan oci-dir:img --offline -f json -o r.json
[ ! -s out ] || die "-o leaves nothing for standard output"
expect 0 scan oci-dir:img --offline -f json=r2.json
has "CVE-2099-0001"
python3 -c 'import json; a,b,c=(json.load(open(x))["findings"] for x in ("first.json","r.json","r2.json")); assert a==b==c'
SOURCE_DATE_EPOCH=1790000000 expect 0 scan oci-dir:img --offline -f json && cp out one
SOURCE_DATE_EPOCH=1790000000 expect 0 scan oci-dir:img --offline -f json && cmp out one

for form in oci-archive docker-archive; do
  image "$form.tar" a b --form $form --compression zstd --history "COPY a /" --history "-ENV X=y" --history "RUN apt-get install curl" >/dev/null
  expect 0 scan "$form:$form.tar" --offline -f json
  python3 -c 'import json; a,b=(json.load(open(x)) for x in ("first.json","out")); assert a["packages"]==b["packages"], "packages"; assert a["findings"]==b["findings"], "findings"'
done
expect 0 scan - --offline -f json <docker-archive.tar
is 'len(r["packages"])' 2
