#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Eclair authors
# SPDX-License-Identifier: Apache-2.0
# Updates in Clair's form: written here, taken in there, in each packing, in a pipe.
. "$SOURCE_DIR/tests/e2e/prelude.sh"
curl() { run db search --namespace debian:12 --package curl -f json; json '[[x["vulnerability"], x["fixed_in"], x["severity"]] for x in r["records"] if x["status"] != "not_affected"]'; }

export SOURCE_DATE_EPOCH=1772000000
expect 0 db import --feed debian "$SOURCE_DIR/examples/advisories/debian.json"
unset SOURCE_DATE_EPOCH
here=$(curl)
expect 0 db export -f clair updates.json
says "note: wrote updates.json: 1 operation, "; says "sha256:$(sha256sum updates.json | cut -d' ' -f1)"
says "left out: "
expect 0 db export --format clair again.json; cmp updates.json again.json
expect 0 db export -f clair updates.json.gz debian
expect 0 db export -f clair updates.json.zst
gzip -dc updates.json.gz | cmp - updates.json
zstd -dcq updates.json.zst | cmp - updates.json
head -n1 updates.json >"$T/out"
is 'r["Updater"]' debian/updater; is 'r["Kind"]' vulnerability; is 'r["Date"]' 2026-02-25T06:13:20Z

# The environment speaks of reports; other formats are none.
ECLAIR_FORMAT=json expect 0 db export data.tar.zst
expect 1 db export -f json data.tar.zst; says "no format json"; says "hint: -f clair"
expect 1 db export -f clair registry:127.0.0.1:1/x:y; says "are a file"

for way in updates.json updates.json.gz updates.json.zst pipe; do
  export ECLAIR_DATA_DIR="$T/at-$way"
  if [ $way = pipe ]; then expect 0 db import - <updates.json; else expect 0 db import $way; fi
  says "note: imported debian: "
  [ "$(curl)" = "$here" ] || die "$way: what is known of curl is something else"
done
expect 0 db import updates.json; says "unchanged"

# Older than what is here; a bad line; an updater that is not known; one that is cut off.
expect 0 db import --feed debian "$SOURCE_DIR/examples/advisories/debian.json"
expect 1 db import updates.json; says "nothing was imported: debian: what is here is of"; says "hint: to take it all the same"
{ echo nonsense; sed -n '1,3s,"debian/updater","some/updater",p' again.json; cat updates.json; } >mixed.json
expect 1 db import mixed.json; says "not a data set of eclair db export, nor updates of clairctl"
sed -n 2,99999p mixed.json >known.json
expect 0 db import known.json --allow-older; says "passed over 3 records of some/updater, an updater that is not known"
head -c 100000 updates.json >short.json; expect 1 db import short.json --allow-older; says "end within line"
[ "$(curl)" = "$here" ] || die "what was refused changed something"
