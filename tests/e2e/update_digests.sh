# SPDX-FileCopyrightText: The Eclair authors
# SPDX-License-Identifier: Apache-2.0
# A source that publishes digests (Amazon's repositories): what does not have them is not read, and what has the known one not downloaded.
source "$(dirname "$0")/prelude.sh"
source "$SOURCE_DIR/tests/support/servers.sh"
base=cdn.amazonlinux.com/al2023/core
mkdir -p "src/tree/$base/mirrors/latest/x86_64" "src/tree/$base/guids/1/x86_64/repodata"
repo="src/tree/$base/guids/1/x86_64"
printf 'https://%s/guids/1/x86_64\n' "$base" >"src/tree/$base/mirrors/latest/x86_64/mirror.list"
# publish VERSION [DIGEST]: an advisory that is fixed in it
publish() {
  printf '<?xml version="1.0"?><updates><update type="security" status="final"><id>ALAS2023-2024-1</id><title>t</title><issued date="2024-02-01 03:00"/><updated date="2024-02-05 21:14"/><severity>Important</severity><description>d</description><references><reference href="https://x/CVE-2024-1.html" id="CVE-2024-1" type="cve"/></references><pkglist><collection short="amazon-linux"><name>Amazon Linux 2023</name><package name="p" epoch="0" version="%s" release="1.amzn2023" arch="x86_64"><filename>p.rpm</filename></package></collection></pkglist></update></updates>' "$1" |
    gzip -n >"$repo/repodata/updateinfo.xml.gz"
  local digest=${2:-$(sha256sum <"$repo/repodata/updateinfo.xml.gz" | cut -d' ' -f1)}
  printf '<?xml version="1.0"?><repomd xmlns="http://linux.duke.edu/metadata/repo"><data type="updateinfo"><checksum type="sha256">%s</checksum><location href="repodata/updateinfo.xml.gz"/><size>%s</size></data></repomd>' \
    "$digest" "$(stat -c %s "$repo/repodata/updateinfo.xml.gz")" >"$repo/repodata/repomd.xml"
}
publish 1.0
serve src "$SOURCE_DIR/tests/support/feed_server.py" src
export ECLAIR_MIRROR="http://$address"
# Amazon Linux 2 is there and has no advisories.
two=cdn.amazonlinux.com/2
mkdir -p "src/tree/$two/core/latest/x86_64" "src/tree/$two/core/2.0/x86_64/repodata"
printf 'https://%s/core/2.0/x86_64\n' "$two" >"src/tree/$two/core/latest/x86_64/mirror.list"
printf '<?xml version="1.0"?><repomd xmlns="http://linux.duke.edu/metadata/repo"></repomd>' >"src/tree/$two/core/2.0/x86_64/repodata/repomd.xml"
printf '{"topics": []}' >"src/tree/$two/extras-catalog.json"

fixed_in() { run db search CVE-2024-1 -f json; json '[x["fixed_in"] for x in r["records"]]'; }
downloads() { grep -c 'updateinfo.xml.gz' src/requests.log || true; }
expect 0 db update amazon
[ "$(downloads)" = 1 ] || die "$(downloads) downloads"
case $(fixed_in) in *1.0-1.amzn2023*) ;; *) die "fixed in $(fixed_in)";; esac
expect 0 db update amazon; says "amazon: nothing new"
[ "$(downloads)" = 1 ] || die "a file whose digest is known was downloaded"

publish 2.0 "$(printf another | sha256sum | cut -d' ' -f1)"
expect 1 db update amazon; one_error
says "error: amazon 2023: $base/guids/1/x86_64/repodata/updateinfo.xml.gz: digest sha256:"; says "was published"
case $(fixed_in) in *1.0-1.amzn2023*) ;; *) die "a file with another digest was read: $(fixed_in)";; esac
publish 2.0
sed -i 's/<size>[0-9]*/<size>7/' "$repo/repodata/repomd.xml"
expect 1 db update amazon; one_error; says "bytes came, 7 were published"
publish 2.0
expect 0 db update amazon
case $(fixed_in) in *2.0-1.amzn2023*) ;; *) die "fixed in $(fixed_in)";; esac
