#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Eclair authors
# SPDX-License-Identifier: Apache-2.0
# What to do about findings, what is new in an image or since a day, and the drawing of it. Oracles of the drawings: graphviz, and Mermaid's own parser.
. "$SOURCE_DIR/tests/e2e/prelude.sh"
debian_layer a "zlib1g 1:1.2.13.dfsg-1 zlib" "vim 2:9.0.1378-2"
debian_layer b "zlib1g 1:1.2.13.dfsg-1 zlib" "curl 7.88.1-10" "libcurl4 7.88.1-10 curl"
debian_layer c "zlib1g 1:1.2.13.dfsg-2 zlib" "curl 7.88.1-10" "libcurl4 7.88.1-10 curl"
image debian a --history "ADD debian.tar /" >/dev/null
image old a --history "ADD debian.tar /" >/dev/null
image new a b --history "ADD debian.tar /" --history "RUN apt-get install curl" >/dev/null
image newer a b c --history "ADD debian.tar /" --history "RUN apt-get install curl" --history "RUN apt-get upgrade" >/dev/null
row() { echo "\"$1\": {\"releases\": {\"bookworm\": {\"status\": \"$2\", \"repositories\": {\"bookworm\": \"${3:-0}\"}, \"fixed_version\": \"$3\", \"urgency\": \"$4\"}}}"; }
cat >debian.json <<J
{"zlib": {$(row CVE-2099-0001 resolved 1:1.2.13.dfsg-2 high)},
 "curl": {$(row CVE-2099-0003 resolved 7.88.1-11 low), $(row CVE-2099-0004 resolved 7.88.1-9+x low), $(row CVE-2099-0005 resolved 7.88.1-12 medium)},
 "vim": {$(row CVE-2099-0006 open "" low)}}
J
export SOURCE_DATE_EPOCH=1790000000                        # the days of --old-as-of
expect 0 db import --feed debian debian.json

# --- fix
expect 0 fix oci-dir:new --offline --base oci-dir:debian
has "Upgrade in layer 2, made by: RUN apt-get install curl"
grep -qE '^curl libcurl4 +7.88.1-10 +7.88.1-12 +2 medium, 2 low$' out || die "no upgrade of curl"
has "Build on a newer debian (layer 1), one that has"
grep -qE '^zlib1g +1:1.2.13.dfsg-1 +1:1.2.13.dfsg-2 +1 high$' out || die "no upgrade of zlib"
expect 0 fix oci-dir:new --offline -f json
is '[(s["where"], s.get("layer"), s.get("base"), [u["to"] for u in s["upgrades"]]) for s in r["steps"]]' \
  "[('layer', 2, None, ['7.88.1-12']), ('base', None, 'debian', ['1:1.2.13.dfsg-2'])]"
expect 0 scan oci-dir:new --offline -f json -o new.json
expect 0 fix new.json
has "Upgrade in layer 2"
expect 1 fix
one_error
expect 1 fix oci-dir:new oci-dir:old
one_error

# --- diff
expect 0 diff oci-dir:old oci-dir:new --offline
has "Findings: 4 added, 1 removed, 0 changed, 1 the same"
has "Packages: 2 added, 1 removed, 0 changed, 1 the same"
grep -qE '^\+  medium +CVE-2099-0005 +curl ' out || die "no new finding"
expect 0 diff oci-dir:new oci-dir:newer --offline
has "1:1.2.13.dfsg-1 -> 1:1.2.13.dfsg-2"
grep -qE '^-  high +CVE-2099-0001 +zlib1g ' out || die "not removed"
expect 0 diff new.json oci-dir:newer --offline -f json
is 'len(r["findings"]["added"]), len(r["findings"]["removed"]), len(r["packages"]["changed"])' "(0, 1, 1)"
is 'r["old"]["target"]["name"], r["new"]["target"]["name"]' "('new', 'newer')"
expect 0 diff oci-dir:old oci-dir:new --offline -f markdown
has "| + | medium | CVE-2099-0005 | curl |"
expect 0 diff oci-dir:new oci-dir:new --offline --fail-on low
expect 2 diff oci-dir:old oci-dir:new --offline --fail-on medium
says "policy failed by what is new: medium: 2 findings (CVE-2099-0005 curl, ... 1 more)"
expect 0 diff oci-dir:old oci-dir:new --offline --fail-on high         # that one was there before
expect 1 diff oci-dir:old oci-dir:new --offline --fail-on new:high@new.json
one_error && says "within diff, which looks at nothing but what is new"
expect 1 diff oci-dir:old oci-dir:new --offline --fail-on file:etc/x
one_error && says "a rule about the file etc/x within diff"
expect 9 diff oci-dir:old oci-dir:new --offline --fail-on medium --exit-code 9
export SOURCE_DATE_EPOCH=1790200000
sed 's/7.88.1-11/7.88.1-13/g; s/"vim": {/"vim": {'"$(row CVE-2099-0007 open "" high | sed 's/[\/&]/\\&/g')"', /' debian.json >later.json
expect 0 db import --feed debian later.json
expect 0 diff oci-dir:old --old-as-of 2026-09-21 --offline
has "(as known on 2026-09-21)"
has "Findings: 1 added, 0 removed, 0 changed, 2 the same"
has "CVE-2099-0007"
expect 0 diff oci-dir:new --old-as-of 2026-09-21 --offline -f json
is '[(f["finding"]["vulnerability"], f["was"]["fixed_in"], f["finding"]["fixed_in"]) for f in r["findings"]["changed"]][0]' "('CVE-2099-0003', '7.88.1-11', '7.88.1-13')"
expect 1 diff new.json oci-dir:new --old-as-of 2026-09-21 --offline
one_error && says "is a saved report, which is that of its own day"
expect 1 diff oci-dir:new --offline
one_error && says "diff takes what was and what is, not 1 target"

# --- graph
expect 0 graph oci-dir:newer --offline -f json
is 'sorted(set(e["kind"] for e in r["edges"]))' "['adds', 'affects', 'fixed_in', 'parent', 'removes', 'upgraded']"
is '[n["package"]["name"] for n in r["nodes"] if n["kind"] == "package" and n["gone"]]' "['vim', 'zlib1g']"
expect 0 graph oci-dir:newer --offline -f mermaid
[ "$(head -n 1 out)" = "flowchart LR" ] || die "not a flowchart"
cp out graph.mmd
expect 0 graph new.json
has "digraph"
expect 0 graph oci-dir:newer --offline
cp out graph.dot
if [ -d "$SOURCE_DIR/tests/validators/node_modules/mermaid" ] && command -v node >/dev/null; then
  valid mermaid graph.mmd
  head -n -1 graph.mmd >bad.mmd && echo '  l1 ==>|on' >>bad.mmd
  invalid mermaid bad.mmd
fi
command -v dot >/dev/null || skip "graphviz is not installed"
dot -Tsvg graph.dot >graph.svg || die "dot does not take it"
dot -Tplain graph.dot >graph.plain
for word in "layer 3" "upgraded to" "CVE-2099-0005" "7.88.1-12"; do grep -qF -- "$word" graph.plain || die "the drawing lacks $word"; done
[ "$(grep -c '<g id="node' graph.svg)" = "$(grep -cE '^  [lpvf][0-9]+ \[' graph.dot)" ] || die "another number of nodes"
