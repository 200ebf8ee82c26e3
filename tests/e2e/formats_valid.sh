#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Eclair authors
# SPDX-License-Identifier: Apache-2.0
# Formats of others are valid by their own schemas and readers, on the bundled sample and three small images, and say what the JSON report says.
. "$SOURCE_DIR/tests/e2e/prelude.sh"
. "$SOURCE_DIR/tests/support/three_images.sh"
need_validators

reports() {  # IMAGE
  expect 0 scan --offline "oci-dir:$1" -f "json=$1.json" -f "jsonl=$1.jsonl" -f "sarif=$1.sarif"
  python3 "$SOURCE_DIR/tests/support/check_schema.py" "$SOURCE_DIR/schema/report-1.json" "$1.jsonl" || die "JSON lines of $1"
  python3 "$SOURCE_DIR/tests/support/same_findings.py" "$1.json" sarif "$1.sarif" || die "SARIF of $1"
  expect 0 scan --offline "oci-dir:$1" -f sarif && cmp out "$1.sarif"  # the same bytes each time
}
python3 "$SOURCE_DIR/examples/build-sample" shop >/dev/null
expect 0 db import --feed debian "$SOURCE_DIR/examples/advisories/debian.json"
reports shop
is 'len(r["runs"][0]["results"])' 181
export ECLAIR_DATA_DIR="$T/data2"
three_images
for image in $IMAGES; do reports $image; done
valid sarif debian.sarif alpine.sarif rocky.sarif shop.sarif

# Several targets, one of which is not there.
expect 1 scan --offline oci-dir:debian oci-dir:missing oci-dir:alpine -f sarif
valid sarif out
is 'len(r["runs"])' 2
