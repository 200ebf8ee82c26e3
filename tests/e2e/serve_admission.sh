#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Eclair authors
# SPDX-License-Identifier: Apache-2.0
# The gate from outside: reviews are answered by what was scanned, by the policy in force.
. "$SOURCE_DIR/tests/e2e/prelude.sh"
. "$SOURCE_DIR/tests/support/serve.sh"
debian_layer bad "openssl 1.0-1"
debian_layer good "bash 5.2"
image bad.oci bad >/dev/null; image good.oci good >/dev/null
echo '{"openssl": {"CVE-2024-1": {"releases": {"bookworm": {"status": "resolved", "fixed_version": "1.0-2", "urgency": "high"}}}}}' >tracker.json
expect 0 db import --feed debian tracker.json
cases=$SOURCE_DIR/tests/cases/admission
review() { curl -sf -H 'Content-Type: application/json' --data-binary "@$cases/$1/review.json" "$API/admission" >out; }

expect 1 serve --admission-fail-on hihg; one_error; says "did you mean high?"
expect 1 serve --admission-mode block; one_error
serve --admission-fail-on high,fixable --admission-except 'infra-*'
expect 0 scan --server "$API" oci-dir:bad.oci --name registry.example.com/shop/api:1
expect 0 scan --server "$API" oci-dir:good.oci --name registry.example.com/shop/clean:1
review pod_denied
is 'r["response"]["allowed"], r["response"]["uid"]' "(False, '705ab4f5-6393-11e8-b7cc-42010a800002')"
is 'r["response"]["status"]["message"]' 'eclair: registry.example.com/shop/api:1: high,fixable: 1 finding (CVE-2024-1 openssl)'
review cronjob_denied; is 'r["response"]["allowed"]' False
review pod_passed; is 'r["response"]["allowed"], "warnings" in r["response"]' '(True, False)'
review pod_unknown_warned; is 'r["response"]["allowed"], len(r["response"]["warnings"])' '(True, 1)'
[ "$(curl -s -o /dev/null -w '%{http_code}' -d '{}' "$API/admission")" = 400 ]
curl -sf "$HEALTH/metrics" >metrics
for line in 'eclair_admission_reviews_total{verdict="failed",allowed="false"} 2' 'eclair_admission_reviews_total{verdict="passed",allowed="true"} 1' \
  'eclair_admission_reviews_total{verdict="unknown",allowed="true"} 1' 'eclair_admission_seconds_count 4'; do
  grep -qxF "$line" metrics || die "no line: $line; $(grep eclair_admission metrics)"
done
[ "$(curl -s -o /dev/null -w '%{http_code}' "$API/admission")" = 405 ]
# The flaw is taken back: nothing was read again, and it may start.
echo '{"openssl": {"CVE-2024-1": {"releases": {"bookworm": {"status": "resolved", "fixed_version": "1.0-1", "urgency": "high"}}}}}' >tracker.json
expect 0 db import --feed debian tracker.json
review pod_denied; is 'r["response"]["allowed"]' True
stop_serve
serve --admission-fail-on high --admission-unknown deny --key "name=cluster role=read sha256=$(printf one | sha256sum | cut -d' ' -f1)"
[ "$(curl -s -o /dev/null -w '%{http_code}' --data-binary "@$cases/pod_denied/review.json" "$API/admission")" = 401 ]
curl -sf -H 'Authorization: Bearer one' --data-binary "@$cases/pod_unknown_denied/review.json" "$API/admission" >out; is 'r["response"]["allowed"]' False
stop_serve
