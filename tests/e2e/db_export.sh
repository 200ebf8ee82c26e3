#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Eclair authors
# SPDX-License-Identifier: Apache-2.0
# The data set as a file: written here, taken in there, in a file, a pipe, over HTTP.
. "$SOURCE_DIR/tests/e2e/prelude.sh"
. "$SOURCE_DIR/tests/support/servers.sh"
state() { run db status -f json; json '[[f["name"], f["snapshot"], f["records"], f["fetched_at"], f["namespaces"]] for f in r["feeds"]]'; }
sorted() { tar -tf "$1" | tr '\n' ' '; }

expect 1 db export data.tar.zst; says "no advisories are here"
[ ! -e data.tar.zst ] || die "a failed export leaves no file"
export SOURCE_DATE_EPOCH=1772000000
expect 0 db import --feed debian "$SOURCE_DIR/examples/advisories/debian.json"
mkdir osv; echo '{"id": "PYSEC-2024-1", "affected": [{"package": {"ecosystem": "PyPI", "name": "x"}, "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "2.0"}]}]}]}' >osv/PYSEC-2024-1.json
expect 0 db import --feed osv osv
unset SOURCE_DATE_EPOCH
expect 0 db export data.tar.zst
says "note: wrote data.tar.zst: 2 feeds, "; says "sha256:$(sha256sum data.tar.zst | cut -d' ' -f1)"
expect 0 db export again.tar.zst; cmp data.tar.zst again.tar.zst
here=$(state)
[ "$(sorted data.tar.zst)" = "index.json debian/rows debian/texts osv/rows osv/texts " ] || die "other tools read the archive otherwise"
tar -xOf data.tar.zst index.json >"$T/out"; is 'r["feeds"][0]["fetched_at"]' 2026-02-25T06:13:20Z
for feed in debian osv; do
  for part in rows texts; do
    want=$(python3 -c 'import json,sys; print([f[sys.argv[2]]["sha256"] for f in json.load(open("out"))["feeds"] if f["name"] == sys.argv[1]][0])' $feed $part)
    [ "$(tar -xOf data.tar.zst $feed/$part | sha256sum | cut -d' ' -f1)" = "$want" ] || die "$feed/$part is not what index.json says"
  done
done

# Elsewhere, in every way.
mkdir web
serve web -c 'import http.server
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), http.server.SimpleHTTPRequestHandler)
open("web/address.new", "w").write("127.0.0.1:%d" % server.server_port)
__import__("os").rename("web/address.new", "web/address")
server.serve_forever()' 2>/dev/null
for way in file pipe http; do
  export ECLAIR_DATA_DIR="$T/$way"
  case $way in
    file) expect 0 db import data.tar.zst ;;
    pipe) expect 0 db import - <data.tar.zst ;;
    http) expect 0 db import "http://$address/data.tar.zst" ;;
  esac
  says "note: imported debian: "; says "note: imported osv: 1 row, 1 vulnerability"
  [ "$(state)" = "$here" ] || die "$way: the state is another"
  expect 0 db export back.tar.zst; cmp data.tar.zst back.tar.zst
done
expect 0 db search PYSEC-2024-1 -f json; is 'r["records"][0]["fixed_in"]' 2.0
expect 0 db import data.tar.zst; says "unchanged"

# One feed; the past; older than what is here; not a data set.
expect 0 db export osv.tar.zst osv; [ "$(sorted osv.tar.zst)" = "index.json osv/rows osv/texts " ] || die "not osv alone"
expect 1 db export none.tar.zst alpine; says "no advisories of alpine are here"
expect 1 db export past.tar.zst --as-of 2026-01-01; says "no advisories are here"
sed -i 's/2.0/3.0/' osv/PYSEC-2024-1.json
expect 0 db import --feed osv osv
expect 1 db import osv.tar.zst; says "nothing was imported: osv: what is here is of"; says "hint: to take it all the same"
expect 0 db search PYSEC-2024-1 -f json; is 'r["records"][0]["fixed_in"]' 3.0
expect 0 db import osv.tar.zst --allow-older
expect 0 db search PYSEC-2024-1 -f json; is 'r["records"][0]["fixed_in"]' 2.0
expect 1 db import osv/PYSEC-2024-1.json; says "is not a data set of eclair db export"; says "hint: --feed NAME, one of: debian"
expect 1 db import nowhere.tar.zst; says "nowhere.tar.zst"
expect 1 db import data.tar.zst osv.tar.zst; says "db import needs --feed"
head -c 1000 data.tar.zst >short.tar.zst; expect 1 db import short.tar.zst; one_error

# A disk that fills leaves nothing.
export ECLAIR_DATA_DIR="$T/file"
if [ -w /dev/full ]; then expect 1 db export /dev/full; says "No space left"; fi
