#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Eclair authors
# SPDX-License-Identifier: Apache-2.0
"""shop_findings.py EXAMPLES [source]: what the bundled image is affected by, as dpkg compares versions: vulnerability, package, installed version, fixed
version or nothing, by tabs; sorted. source: by source packages and their versions, as Clair's old API has it."""
import json
import os
import subprocess
import sys

examples, by_source = sys.argv[1], sys.argv[2:] == ["source"]
shop = os.path.join(examples, "shop")
layers = [line.split()[1] for line in open(os.path.join(shop, "steps")) if line[0] != "#" and line.split()[1] != "-"]
installed = {}
for layer in layers:
    path = os.path.join(shop, layer, "packages")
    for line in open(path) if os.path.exists(path) else ():
        sign, name, *rest = line.split()
        if sign == "+":
            version, _, *source = rest
            installed[name] = (version, source[0] if source else name, source[1] if len(source) > 1 else version)
        elif sign in "-~":
            del installed[name]
advisories = json.load(open(os.path.join(examples, "advisories/debian.json")))
found = set()
for name, (version, source, source_version) in installed.items():
    for cve, entry in advisories.get(source, {}).items():
        fixed = entry["releases"]["bookworm"].get("fixed_version")
        if fixed != "0" and (fixed is None or subprocess.run(["dpkg", "--compare-versions", source_version, "lt", fixed]).returncode == 0):
            found.add((cve, source, source_version, fixed or "") if by_source else (cve, name, version, fixed or ""))
for one in sorted(found):
    print("\t".join(one))
