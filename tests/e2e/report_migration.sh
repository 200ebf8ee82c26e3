#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Eclair authors
# SPDX-License-Identifier: Apache-2.0
# Reports for those who come from Clair: the envelope of generation 1 is byte for byte what the service answers; Clair 4's report has what Quay reads.
# What they tell: report_readers.sh.
. "$SOURCE_DIR/tests/e2e/prelude.sh"
. "$SOURCE_DIR/tests/support/serve.sh"

python3 "$SOURCE_DIR/examples/build-sample" shop >/dev/null
expect 0 db import --feed debian "$SOURCE_DIR/examples/advisories/debian.json"
for format in clair-v1 clair-v4; do expect 0 scan oci-dir:shop --offline -f $format=shop.$format; done

# The service is posted the layers one by one, by the names that the report gives them.
web_server shop
serve --fetch-allow 127.0.0.1
parent=
expect 0 scan oci-dir:shop --offline -f json
for digest in $(json '" ".join(l["digest"] for l in r["layers"] if not l["empty"])'); do
  body=$(printf '{"Layer":{"Name":"%s","Path":"%s/blobs/sha256/%s","ParentName":"%s","Format":"Docker"}}' "$digest" "$WEB" "${digest#sha256:}" "$parent")
  [ "$(curl -s -o posted -w '%{http_code}' -d "$body" "$API/v1/layers")" = 201 ] || die "not posted: $(cat posted)"
  parent=$digest
done
curl -sf "$API/v1/layers/$digest?features&vulnerabilities" >service.clair-v1
cmp service.clair-v1 shop.clair-v1 || die "the service answers something else"
stop_serve

# What Quay reads of Clair 4's report: every package has an environment, every vulnerability is referred to, maps are objects.
python3 - shop.clair-v4 <<'P' || die "clair-v4"
import json, sys
r = json.load(open(sys.argv[1]))
assert list(r) == ["manifest_hash", "packages", "distributions", "repository", "environments", "vulnerabilities", "package_vulnerabilities", "enrichments"], list(r)
assert r["packages"].keys() == r["environments"].keys() and len(r["packages"]) == 120
assert all(one and set(one[0]) == {"package_db", "introduced_in", "distribution_id", "repository_ids"} for one in r["environments"].values())
assert all(one[0]["distribution_id"] in r["distributions"] and one[0]["introduced_in"].startswith("sha256:") for one in r["environments"].values())
assert {one for ids in r["package_vulnerabilities"].values() for one in ids} == r["vulnerabilities"].keys()
assert r["distributions"]["1"] == {"id": "1", "did": "debian", "name": "Debian GNU/Linux", "version": "12 (bookworm)", "version_code_name": "bookworm", "version_id": "12",
                                   "arch": "", "cpe": "", "pretty_name": "Debian GNU/Linux 12 (bookworm)"}, r["distributions"]
for id, one in r["vulnerabilities"].items():
    assert one["id"] == id and one["updater"] == "debian/updater" and one["links"].startswith("https://") and "range" not in one
    assert one["normalized_severity"] in ("Unknown", "Negligible", "Low", "Medium", "High", "Critical")
P

# Several images: a list, where the original knows one.
expect 1 scan oci-dir:shop oci-dir:missing --offline -f clair-v1
is 'sorted(k for one in r for k in one)' "['Error', 'Layer']"
expect 0 scan oci-dir:shop oci-dir:shop --offline -f trivy-json
is 'len(r["Results"])' 2
