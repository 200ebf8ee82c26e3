#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Eclair authors
# SPDX-License-Identifier: Apache-2.0
"""Publishes the case `basic` of each feed as its source would: files, indexes, archives, digests. feed_server.py serves the result.

    publish_cases.py CASES TREE     CASES is tests/cases/feeds; prints the feeds, a line each
"""
import bz2
import gzip
import hashlib
import io
import json
import lzma
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile


def main(cases, tree):
    def case(feed, name=""):
        return os.path.join(cases, feed, "basic", "in", name)

    def read(feed, name):
        with open(case(feed, name), "rb") as file:
            return file.read()

    def put(url, body):
        file = os.path.join(tree, url)
        os.makedirs(os.path.dirname(file), exist_ok=True)
        with open(file, "wb") as out:
            out.write(body if isinstance(body, bytes) else body.encode())

    def tar(files):
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode="w") as archive:
            for name, body in files:
                one = tarfile.TarInfo(name)
                one.size = len(body)
                archive.addfile(one, io.BytesIO(body))
        return out.getvalue()

    def zstd(body):
        return subprocess.run(["zstd", "-qc"], input=body, check=True, stdout=subprocess.PIPE).stdout

    put("security-tracker.debian.org/tracker/data/json", read("debian", "json.json"))
    for name in ("main.json", "community.json"):
        put("secdb.alpinelinux.org/v3.19/" + name, read("alpine", "v3.19/" + name))
    put("secdb.alpinelinux.org/last-update", "1\n")
    put("packages.wolfi.dev/os/security.json", read("wolfi", "security.json"))
    put("packages.cgr.dev/chainguard/security.json", read("chainguard", "security.json"))
    put("security.archlinux.org/all.json", read("arch", "all.json"))
    put("errata.almalinux.org/9/errata.full.json", read("alma", "9/errata.full.json"))
    put("linux.oracle.com/security/oval/com.oracle.elsa-all.xml.bz2", bz2.compress(read("oracle", "com.oracle.elsa-all.xml")))
    put("raw.githubusercontent.com/microsoft/AzureLinuxVulnerabilityData/main/azurelinux-3.0-oval.xml", read("azure", "azurelinux-3.0-oval.xml"))
    for release in ("1.0", "2.0"):
        with open(os.path.join(cases, "azure/mariner/in/cbl-mariner-2.0-oval.xml"), "rb") as file:
            put("raw.githubusercontent.com/microsoft/AzureLinuxVulnerabilityData/main/cbl-mariner-%s-oval.xml" % release, file.read())
    put("www.cisa.gov/sites/default/files/feeds/known_exploited_vulnerabilities.json", read("kev", "known_exploited_vulnerabilities.json"))
    put("epss.cyentia.com/epss_scores-current.csv.gz", gzip.compress(read("epss", "epss_scores-2026-08-16.csv")))
    put("ftp.suse.com/pub/projects/security/oval/suse.linux.enterprise.15-affected.xml.gz", gzip.compress(read("suse", "suse.linux.enterprise.15-affected.xml")))
    for name in ("photon_versions.json", "cve_data_photon4.0.json"):
        put("packages.broadcom.com/photon/photon_cve_metadata/" + name, read("photon", name))
    put("packages.broadcom.com/photon/photon_cve_metadata/photon_versions.json", json.dumps({"branches": ["4.0"]}))

    # Ubuntu: records in one archive, statements in another.
    name = "osv/cve/2024/UBUNTU-CVE-2024-0001.json"
    put("security-metadata.canonical.com/osv/osv-all.tar.xz", lzma.compress(tar([(name, read("ubuntu", name))])))
    statement = "vex/cve/2025/CVE-2025-0167.json"
    with open(os.path.join(cases, "ubuntu/vex_metadata/in", statement), "rb") as file:
        put("security-metadata.canonical.com/vex/vex-all.tar.xz", lzma.compress(tar([(statement, file.read())])))

    # Red Hat: the archive of a day, what changed since, what was withdrawn, and which product a repository is.
    base, name = "security.access.redhat.com/data/csaf/v2/vex/", "2025/cve-2025-10001.json"
    put(base + "archive_latest.txt", "csaf_vex_2025-08-31.tar.zst\n")
    put(base + "csaf_vex_2025-08-31.tar.zst", zstd(tar([(name, read("redhat-vex", name))])))
    put(base + "changes.csv", '"%s","2025-08-30T00:00:00+00:00"\n' % name)
    put(base + "deletions.csv", "")
    put("security.access.redhat.com/data/metrics/repository-to-cpe.json", '{"data": {"rhel-9-for-x86_64-baseos-rpms": {"cpes": ["cpe:/o:redhat:enterprise_linux:9::baseos"]}}}')

    # Rocky: pages; one notice asked for alone tells how many there are.
    page = json.dumps({"total": 1, "last_updated_at": "2026-01-01T00:00:00Z", "advisories": [json.loads(read("rocky", "RLSA-2022_8317.json"))]})
    for query in ("?page=1&size=1", "?page=1&size=100"):
        put("apollo.build.resf.org/api/v3/advisories/" + query, page)

    # Amazon: a list of mirrors, the repository's index, its updateinfo.
    update = gzip.compress(read("amazon", "repodata/updateinfo.xml"))
    put("cdn.amazonlinux.com/al2023/core/mirrors/latest/x86_64/mirror.list", "https://cdn.amazonlinux.com/al2023/core/guids/1/x86_64/\n")
    put("cdn.amazonlinux.com/al2023/core/guids/1/x86_64/repodata/updateinfo.xml.gz", update)
    put("cdn.amazonlinux.com/al2023/core/guids/1/x86_64/repodata/repomd.xml",
        '<repomd xmlns="http://linux.duke.edu/metadata/repo"><data type="updateinfo"><checksum type="sha256">%s</checksum>'
        '<location href="repodata/updateinfo.xml.gz"/><size>%d</size></data></repomd>' % (hashlib.sha256(update).hexdigest(), len(update)))

    put("cdn.amazonlinux.com/2/core/latest/x86_64/mirror.list", "https://cdn.amazonlinux.com/2/core/x86_64\n")  # which has no updateinfo
    put("cdn.amazonlinux.com/2/core/x86_64/repodata/repomd.xml", '<repomd xmlns="http://linux.duke.edu/metadata/repo"/>')
    put("cdn.amazonlinux.com/2/extras-catalog.json", '{"topics": []}')

    # NVD: a file with its digest, and one of what changed lately.
    for which, body in (("2024", read("nvd", "nvdcve-2.0-2024.json")), ("modified", read("nvd", "nvdcve-2.0-2024.json"))):
        put("nvd.nist.gov/feeds/json/cve/2.0/nvdcve-2.0-%s.json.gz" % which, gzip.compress(body, mtime=0))
        put("nvd.nist.gov/feeds/json/cve/2.0/nvdcve-2.0-%s.meta" % which, "lastModifiedDate:2026-03-09T03:00:23-05:00\r\nsha256:%s\r\n" % hashlib.sha256(body).hexdigest().upper())

    # OSV: a zip of each ecosystem, and what changed in it.
    record = read("osv", "GHSA-aaaa-bbbb-cccc.json")
    has = json.loads(record)["affected"][0]["package"]["ecosystem"].split(":")[0]
    for ecosystem in ("Go", "Hex", "Maven", "NuGet", "Packagist", "Pub", "PyPI", "RubyGems", "crates.io", "npm"):
        base = "osv-vulnerabilities.storage.googleapis.com/%s/" % ecosystem
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr("GHSA-aaaa-bbbb-cccc.json", record.replace(b'"%s"' % has.encode(), b'"%s"' % ecosystem.encode()))
        put(base + "all.zip", out.getvalue())
        put(base + "modified_id.csv", "2026-01-01T00:00:00Z,GHSA-aaaa-bbbb-cccc\n")

    for feed in sorted(os.listdir(cases)):
        print(feed)


if __name__ == "__main__":
    shutil.rmtree(sys.argv[2], ignore_errors=True)
    main(sys.argv[1], sys.argv[2])
