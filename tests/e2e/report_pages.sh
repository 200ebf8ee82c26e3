#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Eclair authors
# SPDX-License-Identifier: Apache-2.0
# HTML is well-formed and accessible, whole without the network, and its script filters and sorts; GitLab's report is valid. With the texts of a hostile image, too.
. "$SOURCE_DIR/tests/e2e/prelude.sh"
need_validators

python3 "$SOURCE_DIR/examples/build-sample" shop >/dev/null
expect 0 db import --feed debian "$SOURCE_DIR/examples/advisories/debian.json"
debian_layer evil "zlib1g 1:1.2.13.dfsg-1<script>alert(1)</script> zlib" "=cmd|'/C_calc'!A0 1.0-1 openssl"
image evil-img evil --history "RUN echo '</script><script>alert(1)</script>' \"><img src=http://evil.example/x>" --history "-ENV X=<style>@import 'http://evil.example'</style>" >/dev/null
echo '{"zlib": {"CVE-2099-0001": {"description": "<img src=x onerror=alert(1)> ]]> http://evil.example", "releases": {"bookworm": {"status": "resolved", "repositories": {"bookworm": "2:1"}, "fixed_version": "2:1<b>", "urgency": "high"}}}},
 "openssl": {"CVE-2099-0002": {"description": "=1+1", "releases": {"bookworm": {"status": "open", "repositories": {"bookworm": "1.0-1"}, "urgency": "low"}}}}}' >evil.json
for one in shop evil-img; do
  [ $one = shop ] || expect 0 db import --feed debian evil.json --allow-shrink
  for format in html gitlab; do
    expect 0 scan oci-dir:$one --offline -f $format=$one.$format
    valid $format $one.$format
  done
done
expect 0 scan oci-dir:evil-img oci-dir:shop oci-dir:evil-img --offline -f html=both.html -f gitlab=both.gitlab
valid html both.html; valid gitlab both.gitlab
expect 1 scan oci-dir:missing oci-dir:evil-img --offline -f html=failed.html -f gitlab=failed.gitlab
valid html failed.html; valid gitlab failed.gitlab

# A check is worth something only if it refuses.
spoil() { sed "$3" "$2" >bad; ! cmp -s "$2" bad || die "nothing spoilt: $3"; invalid "$1" bad; }
spoil html shop.html 's/<meta name="referrer"/<img src="http:\/\/x\/y.png" alt=""><meta name="referrer"/'
spoil html shop.html 's/shown = 0;/shown = 1;/'            # not the script that the policy names
spoil html shop.html "s/default-src 'none'/default-src 'self'/"
spoil html shop.html 's/<\/h1>//'
spoil html shop.html 's/color-scheme: light dark;/color-scheme: light;/'
spoil gitlab shop.gitlab 's/container_scanning"/container"/'
spoil gitlab shop.gitlab 's/"Info"/"Negligible"/'
spoil gitlab shop.gitlab 's/"end_time":\( *\)"\([^"]*\)"/"end_time":\1"\2Z"/'

# The same image, advisories and time give the same bytes.
export SOURCE_DATE_EPOCH=1787292000
for format in html gitlab gitlab-codequality junit markdown csv tsv github-annotations github-snapshot trivy-json grype-json clair-v1 clair-v4; do
  expect 0 scan oci-dir:evil-img --offline -f $format && cp out first
  expect 0 scan oci-dir:evil-img --offline -f $format && cmp -s out first || die "$format differs from time to time"
done
