#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Eclair authors
# SPDX-License-Identifier: Apache-2.0
# login asks the registry, keeps what it takes in docker's file, and leaves everything else there as it is; logout takes it out again.
. "$SOURCE_DIR/tests/e2e/prelude.sh"
source "$SOURCE_DIR/tests/support/servers.sh"
command -v htpasswd >/dev/null || skip "htpasswd is not installed"
debian_layer one "libfirst 1.0-1"
image layout one >/dev/null
config=$HOME/.docker/config.json
for way in auth token; do
  registry "$way" "--$way" "user:pa:ss"
  push "$way" layout acme/api:1 >/dev/null
  rm -rf "$HOME/.docker"
  expect 1 scan --offline "$address/acme/api:1"
  says "hint: eclair login $address, or set ECLAIR_USERNAME and ECLAIR_PASSWORD"
  rc=0; echo wrong | "$ECLAIR" login "$address" --username user --password-stdin >out 2>err || rc=$?
  [ $rc = 1 ] || die "a wrong password: exit $rc"
  one_error
  says "refused"
  [ ! -e "$config" ] || die "a wrong password was kept"
  rc=0; echo pa:ss | "$ECLAIR" login "$address" --username user --password-stdin >out 2>err || rc=$?
  [ $rc = 0 ] || die "login: exit $rc"
  silent
  has "logged in to $address as user, kept in $config"
  [ "$(stat -c %a "$config")" = 600 ] || die "the file's mode is $(stat -c %a "$config")"
  expect 0 scan --offline "$address/acme/api:1"
  # Asked on a terminal, the password is not shown.
  rm "$config"
  cat >typed.py <<'P'
import os, pty, sys
pid, terminal = pty.fork()
if pid == 0:
    os.execv(sys.argv[1], [sys.argv[1], "login", sys.argv[2]])
seen = b""
def until(words):
    global seen
    while words not in seen:
        piece = os.read(terminal, 1000)
        if not piece:
            sys.exit("no question: %r" % seen)
        seen += piece
until(b"user name for " + sys.argv[2].encode() + b": "); os.write(terminal, b"user\n")
until(b"password: "); os.write(terminal, b"pa:ss\n")
try:
    while True:
        piece = os.read(terminal, 1000)
        if not piece:
            break
        seen += piece
except OSError:
    pass
assert b"pa:ss" not in seen, seen
assert b"logged in to " in seen, seen
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
P
  python3 typed.py "$ECLAIR" "$address" || die "a login on a terminal"
  expect 0 scan --offline "$address/acme/api:1"
  # All else stays; a file behind a link stays behind it.
  mv "$config" elsewhere.json && ln -s "$T/elsewhere.json" "$config"
  python3 - "$T/elsewhere.json" <<'P'
import json, sys
d = json.load(open(sys.argv[1])); d["credHelpers"] = {"other.io": "x"}; d["auths"]["quay.io"] = {"auth": "YTpi"}; d["n"] = [1, 2.5, None, True, "é"]
json.dump(d, open(sys.argv[1], "w"))
P
  expect 0 logout "https://$address/v2/"
  has "logged out of $address"
  [ -L "$config" ] || die "the link was replaced"
  python3 - "$T/elsewhere.json" <<'P'
import json, sys
d = json.load(open(sys.argv[1]))
assert d == {"auths": {"quay.io": {"auth": "YTpi"}}, "credHelpers": {"other.io": "x"}, "n": [1, 2.5, None, True, "é"]}, d
P
  expect 0 logout "$address"
  says "note: not logged in to $address"
  expect 1 scan --offline "$address/acme/api:1"
done
# Without a terminal nothing is asked.
rc=0; setsid "$ECLAIR" login 127.0.0.1:1 </dev/null >out 2>err || rc=$?
[ $rc = 1 ] || die "no terminal: exit $rc"
says "error: no user name for 127.0.0.1:1, and no terminal to ask on"
says "hint: --username NAME --password-stdin"
expect 1 login a b
expect 1 login "no host"
one_error
echo '{' >"$T/elsewhere.json"
expect 1 logout quay.io
one_error
says "$config"
[ "$(cat "$T/elsewhere.json")" = '{' ] || die "a damaged file was touched"
