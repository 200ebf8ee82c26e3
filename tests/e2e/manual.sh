#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Eclair authors
# SPDX-License-Identifier: Apache-2.0
# Manual pages and completions, as an installation puts them down; the pages by mandoc's own checks. The file of defaults.
. "$SOURCE_DIR/tests/e2e/prelude.sh"
expect 0 help --man list; has "eclair.1"; has "eclair-scan.1"; has "eclair-config.5"; lacks "debug"; silent
expect 0 help --man; has ".TH ECLAIR 1"
expect 1 help --man eclair-nothing.1; one_error
: "${BINARY_DIR:?}"
cmake --install "$BINARY_DIR" --prefix "$T/installed" >log 2>&1 || { cat log >&2; die "does not install"; }
"$ECLAIR" help --man list | while read -r page; do
  [ -s "installed/share/man/man${page##*.}/$page" ] || die "$page is not installed"
done
[ "$(find installed/share/man -type f | wc -l)" = "$("$ECLAIR" help --man list | wc -l)" ] || die "other pages than those"
for file in bash-completion/completions/eclair zsh/site-functions/_eclair fish/vendor_completions.d/eclair.fish; do
  grep -q __complete "installed/share/$file" || die "$file is not installed"
done
installed/bin/eclair version >/dev/null

expect 0 config init; cp out defaults.yaml
expect 0 config init mine.yaml; cmp mine.yaml defaults.yaml
expect 1 config init mine.yaml; one_error; says "mine.yaml is there already"
expect 0 config show -c mine.yaml --origin; ! grep -q "mine.yaml" out || die "a comment was taken for a setting"
sed -i 's/^#policy:/policy:/; 0,/^#  fail-on: .*/s//  fail-on: [high]/; s/^#client:/client:/; s|^#  server: *$|  server: "https://eclair.example.com"|' mine.yaml
expect 0 config show -c mine.yaml --origin; has "policy.fail-on: high  # mine.yaml:"; has "client.server: https://eclair.example.com  # mine.yaml:"

command -v mandoc >/dev/null || skip "no mandoc to look at the pages"
# The line after NAME has to be one.
mandoc -T lint -W style $(find installed/share/man -type f) | grep -vE ':4:[0-9]+: STYLE: input text line longer than 80 bytes' >lint || true
[ ! -s lint ] || { head -20 lint >&2; die "mandoc finds fault with the pages"; }
mandoc -T utf8 -O width=78 installed/share/man/man1/eclair-scan.1 | sed 's/.\x08//g' >page
grep -qE '^ +eclair scan alpine:3.19 -f json=report.json' page || die "the examples are not as they are typed"
grep -qE '^ +--fail-on RULE' page || die "an option is not as it is typed"
