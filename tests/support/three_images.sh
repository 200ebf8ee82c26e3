# SPDX-FileCopyrightText: The Eclair authors
# SPDX-License-Identifier: Apache-2.0
# Sourced after prelude.sh. Three small images and advisories for them, the same bytes on each day:
#   debian  two layers, an epoch, a "+" in a name, a finding of each kind (fixed, not fixed, will not be fixed), one flaw known to be exploited
#   alpine  one layer, busybox and openssl, a fix for one
#   rocky   an rpm database that rpm itself wrote, with epochs, a module and packages of several vendors
# three_images: makes them in the working directory and imports the advisories. $IMAGES: their names.
IMAGES="debian alpine rocky"
export SOURCE_DATE_EPOCH=1790000000  # 2026-09-21T14:13:20Z

three_images() {
  debian_layer d1 "zlib1g 1:1.2.13.dfsg-1 zlib" "libstdc++6 12.2.0-14 gcc-12" "login 1:4.13+dfsg1-1+b1 shadow"
  debian_layer d2 "zlib1g 1:1.2.13.dfsg-1 zlib" "libstdc++6 12.2.0-14 gcc-12" "login 1:4.13+dfsg1-1+b1 shadow" "curl 7.88.1-10"
  image debian d1 d2 --history "ADD rootfs.tar /" --history "-ENV LANG=C" --history "RUN apt-get install -y curl" >/dev/null
  mkdir -p a/etc a/lib/apk/db
  printf 'NAME="Alpine Linux"\nID=alpine\nVERSION_ID=3.19.1\nPRETTY_NAME="Alpine Linux v3.19"\n' >a/etc/os-release
  printf 'C:Q1\nP:busybox\nV:1.36.1-r15\nA:x86_64\nS:1\nI:1\nT:x\nU:u\nL:GPL-2.0-only\no:busybox\n\nC:Q2\nP:libcrypto3\nV:3.1.4-r1\nA:x86_64\nS:1\nI:1\nT:x\nU:u\nL:Apache-2.0\no:openssl\n\n' >a/lib/apk/db/installed
  image alpine a --history "ADD alpine.tar /" >/dev/null
  mkdir -p r/etc r/usr/lib/sysimage/rpm
  printf 'NAME="Rocky Linux"\nID="rocky"\nVERSION_ID="9.3"\nPRETTY_NAME="Rocky Linux 9.3 (Blue Onyx)"\n' >r/etc/os-release
  cp "$SOURCE_DIR/tests/cases/extract/os_rpm/sqlite/in/usr/lib/sysimage/rpm/rpmdb.sqlite" r/usr/lib/sysimage/rpm/
  image rocky r --history "ADD rocky.tar /" >/dev/null

  cat >debian.feed.json <<'J'
{"zlib": {"CVE-2023-45853": {"description": "MiniZip in zlib through 1.3 has an integer overflow.\nSecond line, with <tags> & | pipes.", "scope": "remote",
   "releases": {"bookworm": {"status": "open", "repositories": {"bookworm": "1:1.2.13.dfsg-1"}, "urgency": "high", "nodsa": "contrib/minizip not built", "nodsa_reason": "ignored"}}}},
 "curl": {"CVE-2099-0001": {"description": "Cookies leak. There is more to say.", "releases": {"bookworm": {"status": "resolved", "repositories": {"bookworm": "7.88.1-10+deb12u1"}, "fixed_version": "7.88.1-10+deb12u1", "urgency": "medium"}}},
          "CVE-2099-0002": {"releases": {"bookworm": {"status": "open", "repositories": {"bookworm": "7.88.1-10"}, "urgency": "unimportant"}}}},
 "gcc-12": {"CVE-2099-0003": {"releases": {"bookworm": {"status": "open", "repositories": {"bookworm": "12.2.0-14"}, "urgency": "not yet assigned"}}}}}
J
  mkdir -p secdb/v3.19
  echo '{"distroversion": "v3.19", "reponame": "main", "packages": [{"pkg": {"name": "openssl", "secfixes": {"3.1.4-r5": ["CVE-2024-0727"], "0": ["CVE-2099-0009"]}}}]}' >secdb/v3.19/main.json
  cat >rocky.feed.json <<'J'
{"advisories": [{"type": "TYPE_SECURITY", "shortCode": "RL", "name": "RLSA-2099:0001", "synopsis": "Important: streamed:14 security update", "severity": "SEVERITY_IMPORTANT", "topic": "An update is available.",
 "description": "Security Fix(es):\n\n* streamed: out-of-bounds write (CVE-2099-1000)\n", "affectedProducts": ["Rocky Linux 9"], "fixes": [],
 "cves": [{"name": "CVE-2099-1000", "cvss3BaseScore": "9.8", "cvss3ScoringVector": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", "cwe": "CWE-787", "sourceBy": "MITRE", "sourceLink": "https://cve.mitre.org/cgi-bin/cvename.cgi?name=CVE-2099-1000"}],
 "publishedAt": "2026-08-15T06:21:30Z", "rpms": {"Rocky Linux 9": {"nvras": ["streamed-0:14.2-1.module+el9.3.0+9+abcdef12.x86_64.rpm", "streamed-0:14.2-1.module+el9.3.0+9+abcdef12.src.rpm"]}}}],
 "total": 1, "page": 0, "size": 100, "links": {"first": "/x", "last": "/y", "self": "/z", "next": null, "prev": null}, "last_updated_at": "2026-09-01T09:00:19Z"}
J
  echo '{"title": "CISA Catalog of Known Exploited Vulnerabilities", "catalogVersion": "2026.09.01", "dateReleased": "2026-09-01T00:00:00Z", "count": 1, "vulnerabilities": [{"cveID": "CVE-2099-0001", "vendorProject": "curl", "product": "curl", "vulnerabilityName": "curl cookies", "dateAdded": "2026-08-20", "shortDescription": "Cookies leak.", "requiredAction": "Apply updates.", "dueDate": "2026-09-10", "knownRansomwareCampaignUse": "Unknown", "notes": "", "cwes": ["CWE-200"]}]}' >kev.json
  expect 0 db import --feed debian debian.feed.json
  expect 0 db import --feed alpine secdb
  expect 0 db import --feed rocky rocky.feed.json
  expect 0 db import --feed kev kev.json
}
