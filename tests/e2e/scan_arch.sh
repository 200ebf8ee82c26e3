#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Eclair authors
# SPDX-License-Identifier: Apache-2.0
# An image of Arch: pacman replaces the folder of a package that it upgrades, and removes that of one that goes.
. "$SOURCE_DIR/tests/e2e/prelude.sh"
local_db() { echo "$1/var/lib/pacman/local"; }
installed() {  # LAYER NAME VERSION
  mkdir -p "$(local_db "$1")/$2-$3"
  printf '%%NAME%%\n%s\n\n%%VERSION%%\n%s\n\n%%BASE%%\n%s\n\n%%ARCH%%\nx86_64\n\n%%PACKAGER%%\nA <a@archlinux.org>\n\n' "$2" "$3" "$2" >"$(local_db "$1")/$2-$3/desc"
  printf '%%FILES%%\nusr/\nusr/bin/\nusr/bin/%s\n' "$2" >"$(local_db "$1")/$2-$3/files"
}
gone() { mkdir -p "$(local_db "$1")"; : >"$(local_db "$1")/.wh.$2"; }  # LAYER FOLDER
mkdir -p a/etc && printf 'NAME="Arch Linux"\nID=arch\nBUILD_ID=rolling\n' >a/etc/os-release
installed a bash 5.2-1; installed a curl 8.5.0-1; installed a vim 9.0-1
installed b curl 8.6.0-2; gone b curl-8.5.0-1; gone b vim-9.0-1
image img a b >/dev/null
cat >all.json <<'J'
[{"name": "AVG-1", "packages": ["curl"], "status": "Fixed", "severity": "High", "affected": "8.5.0-1", "fixed": "8.6.0-1", "issues": ["CVE-2099-0001"], "advisories": ["ASA-1"]},
 {"name": "AVG-2", "packages": ["curl", "bash"], "status": "Vulnerable", "severity": "Low", "affected": "5.2-1", "fixed": null, "issues": ["CVE-2099-0002"], "advisories": []},
 {"name": "AVG-3", "packages": ["vim"], "status": "Vulnerable", "severity": "Low", "affected": "9.0-1", "fixed": null, "issues": ["CVE-2099-0003"], "advisories": []}]
J
expect 0 db import --feed arch all.json
expect 0 scan --offline -f json oci-dir:img
is 'sorted((p["name"], p["version"], p["layer"]) for p in r["packages"].values())' "[('bash', '5.2-1', 1), ('curl', '8.6.0-2', 2)]"
is 'sorted((f["vulnerability"], r["packages"][f["package"]]["name"]) for f in r["findings"])' "[('CVE-2099-0002', 'bash'), ('CVE-2099-0002', 'curl')]"
