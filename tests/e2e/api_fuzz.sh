#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Eclair authors
# SPDX-License-Identifier: Apache-2.0
# What the OpenAPI documents offer, asked with good and bad values: no 500, no hang, no status that is not documented.
# By hand, longer and with another seed: SECONDS_TO_FUZZ=600 SEED_TO_FUZZ=2.
. "$SOURCE_DIR/tests/e2e/prelude.sh"
. "$SOURCE_DIR/tests/support/serve.sh"
debian_layer base "openssl 1.0-1"
mkdir www; tar -C base -czf www/base.tar.gz .
web_server www
serve --fetch-allow 127.0.0.1 --update-interval 0
curl -sf -d "{\"Layer\":{\"Name\":\"base\",\"Path\":\"$WEB/base.tar.gz\",\"Format\":\"Docker\"}}" "$API/v1/layers" >/dev/null
image layout base >/dev/null
layer=$(python3 -c 'import hashlib; print("sha256:" + hashlib.sha256(open("www/base.tar.gz", "rb").read()).hexdigest())')
expect 0 scan --server "$API" oci-dir:layout --name shop:1
python3 "$SOURCE_DIR/tests/support/fuzz_api.py" "$API" "${SECONDS_TO_FUZZ:-5}" "${SEED_TO_FUZZ:-1}" "$SOURCE_DIR"/docs/api/v0.json \
  "$SOURCE_DIR"/docs/api/v1.json "$SOURCE_DIR"/docs/api/eclair.json --hint base --hint top --hint debian:12 --hint my:own --hint CVE-1 --hint openssl --hint "$WEB/base.tar.gz" \
  --hint Docker --hint dpkg --hint 1.1-1 --hint Low --hint High --hint shop:1 --hint 127.0.0.1:1/team/app:1 --hint AdmissionReview --hint "$layer"
curl -sf "$API/v1/layers/base?vulnerabilities" >/dev/null || [ "$(curl -s -o /dev/null -w '%{http_code}' "$API/v1/layers/base")" = 404 ]
stop_serve
[ "$serve_rc" = 0 ] || die "exit $serve_rc"
