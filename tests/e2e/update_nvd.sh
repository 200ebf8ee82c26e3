# SPDX-FileCopyrightText: The Eclair authors
# SPDX-License-Identifier: Apache-2.0
# db update nvd: the files of the years, then that of the changes, which are newer; and nothing more where nothing is new.
source "$(dirname "$0")/prelude.sh"
source "$SOURCE_DIR/tests/support/servers.sh"
base=src/tree/nvd.nist.gov/feeds/json/cve/2.0
mkdir -p "$base"
# publish FILE ID WORDS: a file of one CVE
publish() {
  printf '{"format":"NVD_CVE","version":"2.0","vulnerabilities":[{"cve":{"id":"%s","vulnStatus":"Analyzed","descriptions":[{"lang":"en","value":"%s"}]}}]}' "$2" "$3" >plain
  gzip -nc plain >"$base/nvdcve-2.0-$1.json.gz"
  printf 'lastModifiedDate:2026-03-09T03:00:23-05:00\r\nsize:1\r\nsha256:%s\r\n' "$(sha256sum <plain | cut -d' ' -f1 | tr a-f A-F)" >"$base/nvdcve-2.0-$1.meta"
}
words() { expect 0 db search CVE-2002-0001 -f json; json '[t["description"] for t in r["vulnerabilities"]]'; }
publish 2002 CVE-2002-0001 "of the year"
publish 2003 CVE-2003-0001 "another"
publish modified CVE-2002-0001 "of the changes"
serve src "$SOURCE_DIR/tests/support/feed_server.py" src
export ECLAIR_MIRROR="http://$address"
expect 0 db update nvd; says "nvd: 3 rows read: 2 new"
[ "$(words)" = "['of the changes']" ] || die "the year's words are older: $(words)"
for _ in 1 2; do expect 0 db update nvd; says "nvd: nothing new"; done
publish modified CVE-2002-0001 "of later changes"
publish 2002 CVE-2002-0001 "of the year, later"  # not read: the changes are enough
expect 0 db update nvd; says "nvd: 1 row read"
[ "$(words)" = "['of later changes']" ] || die "$(words)"
# What is packed is not what was published: refused.
printf 'sha256:%064d\r\n' 0 >"$base/nvdcve-2.0-modified.meta"
expect 1 db update nvd; says "nvd modified: "; says "its content has the digest"
[ "$(words)" = "['of later changes']" ] || die "$(words)"
