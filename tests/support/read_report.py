#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Eclair authors
# SPDX-License-Identifier: Apache-2.0
"""read_report.py FORMAT FILE WANT: the findings of a report, as the readers of that format see them; a line each, sorted:

    vulnerability <tab> package <tab> installed version <tab> fixed version or nothing

WANT: such lines, of which only the packages are looked at, as JUnit has package and version in one word.
Readers: Python's csv, json, xml.etree and html.parser; jq with the lines that users of other scanners have in scripts; cmark-gfm, which
renders Markdown. None of them is ours."""
import csv
import html.parser
import json
import re
import subprocess
import sys
import xml.etree.ElementTree


KNOWN = {}  # "zlib1g-1:1.2" → ("zlib1g", "1:1.2")


def fixed_of(text):
    found = re.search(r"Upgrade \S+ to (\S+)\.(?:\s|$)", text)
    return found.group(1) if found else ""


def of_csv(path, dialect):
    with open(path, newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file, **dialect):
            yield row["vulnerability"], row["package"], row["version"], row["fixed_in"]


def of_junit(path):
    for suite in xml.etree.ElementTree.parse(path).getroot().findall("testsuite"):
        cases = suite.findall("testcase")
        assert int(suite.get("tests")) == len(cases), "tests"
        assert int(suite.get("failures")) == sum(case.find("failure") is not None for case in cases), "failures"
        for case in cases:
            if case.get("classname") == "eclair":
                continue
            package, version = KNOWN.get(case.get("classname"), (case.get("classname"), ""))
            yield case.get("name").split("] ")[1], package, version, fixed_of(case.find("failure").text)


def of_gitlab(path):
    for one in json.load(open(path))["vulnerabilities"]:
        place = one["location"]["dependency"]
        yield one["identifiers"][0]["value"], place["package"]["name"], place["version"], fixed_of(one["solution"])


def of_codequality(path):
    for one in json.load(open(path)):
        found = re.match(r"(\S+) in (\S+) (\S+?)[:.] ", one["description"])
        yield found.group(1), found.group(2), found.group(3), fixed_of(one["description"])


def of_annotations(path):
    for line in open(path, encoding="utf-8"):
        found = re.fullmatch(r"::(?:error|warning|notice) file=[^,:]*,line=1,title=(\S+) in (\S+) \(\w+\)::(\S+) (\S+) in \S+?[:.] (.*)\n", line)
        if found and not line.startswith("::warning title"):
            yield found.group(1), found.group(2), found.group(4), fixed_of(found.group(5))


class Rows(html.parser.HTMLParser):
    """The cells of a page's tables of findings."""

    def __init__(self, wanted):
        super().__init__()
        self.wanted, self.rows, self.cell, self.inside, self.skip = wanted, [], None, False, 0

    def handle_starttag(self, tag, attributes):
        names = dict(attributes)
        if tag == "table":
            self.inside = self.wanted is None or self.wanted in (names.get("class") or "").split()
        if tag == "tr" and self.inside:
            self.rows.append([])
        if tag in ("td", "th") and self.inside:
            self.cell = ""
        self.skip += tag in ("details", "small")

    def handle_endtag(self, tag):
        self.skip -= tag in ("details", "small")
        if tag in ("td", "th") and self.cell is not None:
            self.rows[-1].append(self.cell.strip())
            self.cell = None
        if tag == "table":
            self.inside = False

    def handle_data(self, data):
        if self.cell is not None and not self.skip:
            self.cell += data


def of_rows(text, wanted):
    reader = Rows(wanted)
    reader.feed(text)
    for row in reader.rows:
        if row and row[0] not in ("Severity", "severity"):
            fixed = row[4] if re.match(r"\d", row[4]) else ""
            yield row[1].split()[0], row[2], row[3], fixed


def of_markdown(path):
    return of_rows(subprocess.run(["cmark-gfm", "-e", "table", "-e", "autolink", "-e", "strikethrough", path], check=True, capture_output=True, text=True).stdout, None)


def of_html(path):
    return of_rows(open(path, encoding="utf-8").read(), "findings")


def jq(expression, path):
    for line in subprocess.run(["jq", "-c", expression, path], check=True, capture_output=True, text=True).stdout.splitlines():
        yield json.loads(line)


def of_trivy(path):
    for one in jq(".Results[].Vulnerabilities[]? | {VulnerabilityID, Severity, PkgName, InstalledVersion, FixedVersion}", path):
        yield one["VulnerabilityID"], one["PkgName"], one["InstalledVersion"], one["FixedVersion"] or ""


def of_grype(path):
    versions = {(one["id"], one["name"]): one["version"] for one in jq(".matches[] | {id: .vulnerability.id, name: .artifact.name, version: .artifact.version}", path)}
    for one in jq(".matches[] | {id: .vulnerability.id, sev: .vulnerability.severity, name: .artifact.name, fix: .vulnerability.fix.versions}", path):
        yield one["id"], one["name"], versions[one["id"], one["name"]], "".join(one["fix"])


def of_clair_v4(path):
    report = json.load(open(path))
    for package, ids in report["package_vulnerabilities"].items():
        for one in ids:
            found = report["vulnerabilities"][one]
            yield found["name"], report["packages"][package]["name"], report["packages"][package]["version"], found["fixed_in_version"]


def of_clair_v1(path):
    for feature in json.load(open(path))["Layer"].get("Features", []):
        for one in feature.get("Vulnerabilities", []):
            yield one["Name"], feature["Name"], feature["Version"], one.get("FixedBy", "")


READERS = {
    "csv": lambda path: of_csv(path, {}),
    "tsv": lambda path: of_csv(path, {"delimiter": "\t", "quoting": csv.QUOTE_NONE}),
    "junit": of_junit, "gitlab": of_gitlab, "gitlab-codequality": of_codequality, "github-annotations": of_annotations, "markdown": of_markdown, "html": of_html,
    "trivy-json": of_trivy, "grype-json": of_grype, "clair-v1": of_clair_v1, "clair-v4": of_clair_v4,
}

if __name__ == "__main__":
    for line in open(sys.argv[3]):
        KNOWN["-".join(line.rstrip("\n").split("\t")[1:3])] = tuple(line.rstrip("\n").split("\t")[1:3])
    for one in sorted(set(READERS[sys.argv[1]](sys.argv[2]))):
        print("\t".join(one))
