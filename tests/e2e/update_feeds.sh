# SPDX-FileCopyrightText: The Eclair authors
# SPDX-License-Identifier: Apache-2.0
# db update: what is downloaded, what is asked for again, and what changes.
source "$(dirname "$0")/prelude.sh"
source "$SOURCE_DIR/tests/support/servers.sh"
feeds() { python3 "$SOURCE_DIR/tests/support/feed_server.py" make src "$@"; }
asked() { grep -c -- "$1" src/requests.log || true; }  # answers that match
fresh_log() { : >src/requests.log; }
mkdir src
feeds debian 20; feeds alpine 10; feeds osv 30
serve src "$SOURCE_DIR/tests/support/feed_server.py" src
export ECLAIR_MIRROR="http://$address"

# Nothing is here yet: nothing to refresh, and that is no success.
expect 1 db update
says "error: nothing to refresh"; says "hint: eclair db update debian"
expect 1 db update nosuchfeed; says "no feed named nosuchfeed"
expect 1 db update --offline debian; says "needs the network"
expect 1 db update --all debian; says "not both"

# The first time; then nothing is new: each document is asked for with what is known of it.
expect 0 db update debian alpine osv
says "note: debian: 40 rows read: 40 new"
says "note: alpine: 40 rows read: 40 new"
says "note: osv: 39 rows read: 39 new"
[ "$(asked '^304')" = 0 ] || die "a first update has nothing to compare with"
expect 0 db status -f json
is '[f["name"] for f in r["feeds"]]' "['alpine', 'debian', 'osv']"
is '[f["records"] for f in r["feeds"]]' '[40, 40, 39]'
before=$(json '[[f["snapshot"], f["changed_at"], f["records"]] for f in r["feeds"]]')
fresh_log
sleep 1.1
expect 0 db update
says "note: debian: nothing new"; says "note: alpine: nothing new"; says "note: osv: nothing new"
[ "$(asked '^304 .*/tracker/data/json if-none-match')" = 1 ] || die "the tracker was not asked with its ETag"
[ "$(asked '^200 .*/last-update')" = 1 ] || die "Alpine's last-update says whether anything is new"
[ "$(asked 'v3')" = 0 ] || die "nothing but last-update is needed of Alpine"
[ "$(asked '^304 .*PyPI/modified_id.csv')" = 1 ] || die "the list of changes was not asked with its ETag"
[ "$(asked 'all.zip')" = 0 ] || die "OSV's archive is not needed"
expect 0 db status -f json
is '[[f["snapshot"], f["changed_at"], f["records"]] for f in r["feeds"]]' "$before"
is 'all(f["fetched_at"] > f["changed_at"] for f in r["feeds"])' True
expect 0 db status; has CHANGED

# A change of one of Alpine's documents: its release is read whole, the others are not.
fresh_log
python3 - <<'PY'
import json
path = "src/tree/secdb.alpinelinux.org/v3.19/main.json"
document = json.load(open(path))
document["packages"][0]["pkg"]["secfixes"] = {"9.9-r9": ["CVE-2024-1000"]}
del document["packages"][9]
json.dump(document, open(path, "w"))
open("src/tree/secdb.alpinelinux.org/last-update", "w").write("another\n")
PY
expect 0 db update alpine
says "alpine: 19 rows read: 0 new, 1 changed, 1 gone"
[ "$(asked '^200 .*v3.19/main.json')" = 1 ] && [ "$(asked '^304 .*v3.19/community.json')" = 1 ] && [ "$(asked '^200 .*v3.19/community.json')" = 1 ] ||
  die "both documents of a release are needed where one changed"
[ "$(asked '^200 .*v3.18')" = 0 ] || die "an unchanged release is not downloaded"
expect 0 db search CVE-2024-1000 --namespace alpine:v3.19 -f json
is 'sorted((x["package"], x["fixed_in"]) for x in r["records"])' "[('c0', '1.10-r0'), ('m0', '9.9-r9')]"

# OSV's single records: one changed, one is announced and not there any more, one is withdrawn.
fresh_log
python3 - "$SOURCE_DIR/tests/support" <<'PY'
import json, sys
sys.path.insert(0, sys.argv[1])
import feed_server
base = "src/tree/osv-vulnerabilities.storage.googleapis.com/PyPI/"
json.dump(feed_server.osv_record(3, "2.5.0"), open(base + "PYSEC-2024-3.json", "w"))
json.dump({**feed_server.osv_record(4, "1.0.0"), "withdrawn": "2026-02-01T00:00:00Z"}, open(base + "PYSEC-2024-4.json", "w"))
changes = open(base + "modified_id.csv").read()
open(base + "modified_id.csv", "w").write("2026-02-03T00:00:00Z,PYSEC-2024-3\n2026-02-02T00:00:00.5Z,PYSEC-2024-4\n2026-02-02T00:00:00Z,PYSEC-2024-99\n" + changes)
PY
expect 0 db update osv
says "1 changed, 1 gone"
[ "$(asked 'all.zip')" = 0 ] && [ "$(asked '^200 .*/PYSEC')" = 2 ] && [ "$(asked '^404 .*/PYSEC-2024-99')" = 1 ] || die "only what changed is downloaded"
expect 0 db search PYSEC-2024-3 -f json; is 'r["records"][0]["fixed_in"]' 2.5.0
expect 0 db search PYSEC-2024-4 -f json; is 'len(r["records"])' 0
expect 0 db search PYSEC-2024-5 -f json; is 'len(r["records"])' 1
fresh_log
expect 0 db update osv; says "osv: nothing new"
[ "$(asked .)" = 10 ] && [ "$(asked '^304')" = 10 ] || die "one question for each ecosystem is enough"
# After a week the archive is looked at again: it tells what was deleted without a word.
SOURCE_DATE_EPOCH=$(($(date +%s) + 8 * 86400)) expect 0 db update osv
[ "$(asked 'all.zip if-none-match')" = 10 ] || die "the archive is asked for once a week"

# A base URL of one feed, by flag and by configuration; a mirror's folder holds it as the source does.
unset ECLAIR_MIRROR
export ECLAIR_DATA_DIR="$T/other"
expect 0 db update alpine --feed-url "alpine=http://$address/secdb.alpinelinux.org"; says "alpine: 39 rows read: 39 new"
printf 'feeds:\n  debian:\n    url: http://%s/security-tracker.debian.org/tracker/data/json\n' "$address" >c.yaml
expect 0 db update debian --config c.yaml; says "debian: 40 rows read: 40 new"
expect 0 config show --config c.yaml; has "feeds.NAME.url: debian=http://$address/"
expect 1 db update debian --feed-url debian; says "not NAME=URL"
expect 1 db update debian --feed-url nosuch=http://x/; says "no feed named nosuch"
expect 1 db update debian --mirror ftp://x/; says "not an http or https address"
printf 'feeds:\n  debian:\n    ulr: http://x/\n' >c.yaml
expect 1 db update debian --config c.yaml; says 'unknown key "ulr"; did you mean "url"?'

# A mirror's password is not told.
expect 0 db update debian --feed-url "debian=http://user:secret@$address/security-tracker.debian.org/tracker/data/json"
expect 0 db status -f json; lacks secret; has "\"origin\": \"http://$address/"

# Packed bodies.
gzip -c src/tree/security-tracker.debian.org/tracker/data/json >src/tree/packed.gz
export ECLAIR_DATA_DIR="$T/packed"
expect 0 db update debian --feed-url "debian=http://$address/packed.gz"; says "40 new"
