#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Eclair authors
# SPDX-License-Identifier: Apache-2.0
# Commands, help, slips and wrong usage: what is said, on which stream, with which code.
. "$SOURCE_DIR/tests/e2e/prelude.sh"
expect 0 version; has "eclair "; silent
expect 0 -V; has "eclair "; silent
expect 0 --version; has "eclair "
expect 0 -v; has "eclair "; says "note: -v alone is the version"
expect 0; has "eclair scan alpine:3.19"; [ "$(wc -l <out)" -le 40 ] || die "the first screen is too long"
expect 0 --help; has "eclair help COMMAND"
expect 0 help scan; has "--fail-on RULE"; has "Exit codes"; silent
expect 0 scan --help; has "--fail-on RULE"
expect 0 image --help; has "eclair scan TARGET"
expect 0 db; has "eclair db import"; has "eclair db search"
expect 0 debug; has "eclair debug version-compare"
expect 0 help debug; has "eclair debug version-compare"
expect 1 help nothing; one_error
for wrong in "scna alpine" "scan" "scan --ofline x" "scan x --fail-on hihg" "scan x --severity hihg" "scan x -f high" "scan x --feed debian" \
             "debug improt x" "debug version-compare nope -" "explain" "layers a b" "scan x --exit-code 300"; do
  expect 1 $wrong
  one_error
  [ ! -s out ] || die "$wrong: something on standard output"
  [ "$(wc -l <err)" -le 2 ] || die "$wrong: more than two lines"
done
expect 1 scna alpine; says "unknown command 'scna'; did you mean 'scan'?"; says "hint: to scan an image of that name: eclair scan scna"
expect 1 scan --ofline x; says "error: unknown flag --ofline"; says "hint: did you mean --offline?"
expect 1 scan ./x.tar --log-format json; python3 -c 'import json; o=json.loads(open("err").read()); assert o["level"]=="error" and o["code"]=="not_found", o'
expect 1 ./x.tar; says "x.tar"; one_error                     # no command: a target
expect 1 scan "$(printf './a\033[31m.tar')"; ! grep -q "$(printf '\033')" err || die "a raw escape on standard error"
printf '1.0\t1.1\n2\t2\n1:0\t9\n' | "$ECLAIR" debug version-compare dpkg - >got; printf '<\n=\n>\n' | cmp - got

printf 'policy:\n  faill-on: high\n' >.eclair.yaml
expect 1 scan ./x.tar; says 'error: ./.eclair.yaml:2:3: unknown key "faill-on"; did you mean "fail-on"?'
expect 1 scan ./x.tar --no-project-config; says "x.tar"
printf 'policy:\n  fail-on: high\nregistry:\n  insecure: true\n' >.eclair.yaml
run scan ./x.tar; says "note: policy from ./.eclair.yaml: fail-on high"; says "insecure is not taken from a project's own file"
ECLAIR_FAIL_ON=critical expect 0 config show --origin; has "policy.fail-on: critical  # ECLAIR_FAIL_ON"; has "registry.insecure: false  # default"
