#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Eclair authors
# SPDX-License-Identifier: Apache-2.0
# Every package URL that we write is read by another implementation as the parts that it was made of, and written by it just so. Oracle: packageurl-js.
. "$SOURCE_DIR/tests/e2e/prelude.sh"
need_validators
"$BINARY_DIR/bin/purl_lines" 5000 >lines
[ "$(wc -l <lines)" = 5000 ] || die "not all lines were written"
grep -q '"pkg:oci/' lines && grep -q '"pkg:rpm/.*epoch=' lines && grep -q '"pkg:npm/%40' lines || die "a kind of package is missing"
valid purl lines
