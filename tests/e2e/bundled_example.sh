#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Eclair authors
# SPDX-License-Identifier: Apache-2.0
# What `./dev scan` shows: the sample's findings are those that dpkg's own comparison gives, each in its layer; README.md shows real output.
. "$SOURCE_DIR/tests/e2e/prelude.sh"

mkdir -p build/example
python3 "$SOURCE_DIR/examples/build-sample" build/example/shop >first
python3 "$SOURCE_DIR/examples/build-sample" again >second
diff first second || die "building twice gives two images"
expect 0 db import --feed debian "$SOURCE_DIR/examples/advisories/debian.json"

expect 0 scan --offline oci-dir:build/example/shop -f json
is 'len(r["packages"])' 120
python3 - "$SOURCE_DIR/examples" "$T/out" <<'PY' || die "findings differ from what dpkg says"
import json, os, subprocess, sys
shop = os.path.join(sys.argv[1], "shop")
layers = [line.split()[1] for line in open(os.path.join(shop, "steps")) if line[0] != "#" and line.split()[1] != "-"]
installed = {}
for index, layer in enumerate(layers, 1):
    if not os.path.exists(os.path.join(shop, layer, "packages")):
        continue
    for line in open(os.path.join(shop, layer, "packages")):
        sign, name, *rest = line.split()
        if sign == "+":
            version, _, *source = rest
            installed[name] = (source[0] if source else name, source[1] if len(source) > 1 else version, index)
        elif sign in "-~":
            del installed[name]
want = set()
for name, (source, version, layer) in installed.items():
    for cve, entry in json.load(open(os.path.join(sys.argv[1], "advisories/debian.json"))).get(source, {}).items():
        row = entry["releases"]["bookworm"]
        fixed = row.get("fixed_version")
        if fixed == "0":
            continue
        if fixed is None or subprocess.run(["dpkg", "--compare-versions", version, "lt", fixed]).returncode == 0:
            want.add((cve, name, fixed, layer))
report = json.load(open(sys.argv[2]))
got = {(f["vulnerability"], report["packages"][f["package"]]["name"], f["fixed_in"], f["layer"]) for f in report["findings"]}
for one in sorted(want - got, key=str):
    print("missing", one)
for one in sorted(got - want, key=str):
    print("too much", one)
sys.exit(not want or want != got or len({layer for *_, layer in want}) < 4)
PY

# A line of README's blocks of output is a line of what the program says, in that order; "..." stands for left-out ones.
for command in "scan --offline oci-dir:build/example/shop" "layers oci-dir:build/example/shop" "explain --offline CVE-2024-45490 oci-dir:build/example/shop"; do
  expect 0 $command
  [ -s "$T/out" ] || die "eclair $command says nothing"
  python3 - "$SOURCE_DIR/README.md" "$T/out" "$command" <<'PY' || die "README.md shows what eclair $command does not say"
import re, sys
shown = re.search(r"<!-- output of: eclair %s -->\n```\n(.*?)```\n" % re.escape(sys.argv[3]), open(sys.argv[1]).read(), re.S)
if not shown:
    sys.exit("no such block")
same = lambda line: re.sub(r"\b[0-9a-f]{12}\b|snapshot [0-9a-f]+|\d{4}-\d\d-\d\d \d\d:\d\d UTC \([^)]*\)", "*", line.rstrip())
said = iter([same(line) for line in open(sys.argv[2])])
for line in shown.group(1).splitlines():
    if line.strip() != "..." and same(line) not in said:
        sys.exit("not said, or not there: " + line)
PY
done

# One that Debian 12 never had.
expect 0 explain --offline CVE-2024-3094 oci-dir:build/example/shop
has 'not affected'
