#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Eclair authors
# SPDX-License-Identifier: Apache-2.0
"""same_findings.py REPORT.json FORMAT FILE [BOM.json]: whether a report in another format says of packages and findings what the JSON report says.
FORMAT: sarif, cyclonedx, cyclonedx-vex (which refers to the components of BOM.json), spdx-json. Read with what the format's own specification says of its fields."""
import json
import re
import sys
import urllib.parse


def main():
    report, kind, other = json.load(open(sys.argv[1])), sys.argv[2], json.load(open(sys.argv[3]))
    packages = report["packages"]
    findings = {(f["vulnerability"], packages[f["package"]]["purl"], f["fixed_in"]) for f in report["findings"]}
    wrong = []

    def equal(what, got, want):
        if got != want:
            wrong.append("%s: %s, expected %s" % (what, sorted(got ^ want) if isinstance(got, set) else got, "the same on both sides" if isinstance(got, set) else want))

    if kind == "sarif":
        run = other["runs"][0]
        rules = run["tool"]["driver"]["rules"]
        got = {r["partialFingerprints"]["primaryLocationLineHash"].split(":")[0] for r in run["results"]}
        equal("findings", got, {f["id"] for f in report["findings"]})
        by_id = {f["id"]: f for f in report["findings"]}
        for r in run["results"]:
            f = by_id[r["partialFingerprints"]["primaryLocationLineHash"].split(":")[0]]
            equal("rule", r["ruleId"], f["vulnerability"] + "-" + packages[f["package"]]["name"])
            equal("level", r["level"], {"critical": "error", "high": "error", "medium": "warning"}.get(f["severity"], "note"))
            equal("severity", f["severity"].upper() in rules[r["ruleIndex"]]["properties"]["tags"], True)
    elif kind.startswith("cyclonedx"):
        bom = other
        if kind == "cyclonedx-vex":
            bom = json.load(open(sys.argv[4]))
            begin = "urn:cdx:%s/%d#" % (bom["serialNumber"].replace("urn:uuid:", ""), bom["version"])
            equal("components in VEX", "components" in other, False)
            for v in other["vulnerabilities"]:
                equal("analysis", "state" in v["analysis"] or "response" in v["analysis"], True)
                for a in v["affects"]:
                    equal("link", a["ref"][:len(begin)], begin)
                    a["ref"] = urllib.parse.unquote(a["ref"][len(begin):])
        components = {c["bom-ref"]: c for c in bom.get("components", [])}
        equal("packages", {c["purl"] for c in components.values() if "purl" in c}, {p["purl"] for p in packages.values()})
        got = set()
        for v in other.get("vulnerabilities", []):
            for a in v["affects"]:
                fixed = [x["version"] for x in a.get("versions", []) if x["status"] == "unaffected"]
                got.add((v["id"], components[a["ref"]]["purl"], fixed[0] if fixed else None))
        equal("findings", got, findings)
        severity = {"negligible": "info"}
        for f in report["findings"]:
            mine = [v for v in other["vulnerabilities"] if v["id"] == f["vulnerability"] and packages[f["package"]]["purl"] in {components[a["ref"]]["purl"] for a in v["affects"]}]
            if not any(r.get("severity") == severity.get(f["severity"], f["severity"]) for v in mine for r in v["ratings"]):
                wrong.append("severity of " + f["vulnerability"])
        for c in components.values():
            p = [p for p in packages.values() if p["purl"] == c.get("purl")]
            if p:
                properties = {x["name"]: x["value"] for x in c["properties"]}
                equal("layer", properties["eclair:layer:index"], str(p[0]["layer"]))
                equal("source", (properties["eclair:source:name"], properties["eclair:source:version"]), (p[0]["source"]["name"], p[0]["source"]["version"]))
    elif kind == "spdx-json":
        got = {r["referenceLocator"] for p in other["packages"] for r in p.get("externalRefs", []) if r["referenceType"] == "purl" and not r["referenceLocator"].startswith("pkg:oci/")}
        equal("packages", got, {p["purl"] for p in packages.values()})
        for p in other["packages"]:
            source = re.match(r"built package from: (\S+) (\S+)$", p.get("sourceInfo", ""))
            if source:
                mine = [q for q in packages.values() if q["name"] == p["name"] and q["version"] == p["versionInfo"]]
                equal("source", (source[1], source[2]), (mine[0]["source"]["name"], mine[0]["source"]["version"]))
    else:
        sys.exit("unknown format " + kind)
    for one in wrong[:10]:
        print("%s: %s" % (sys.argv[3], one))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
