#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Eclair authors
# SPDX-License-Identifier: Apache-2.0
# Settings of the service: the original's file and flags, what is printed of them, and what is not.
. "$SOURCE_DIR/tests/e2e/prelude.sh"
cat >clair.yaml <<'YAML'
clair:
  database:
    type: pgsql
    options:
      source: host=localhost user=clair password=hidden1 dbname=clair
      cachesize: 16384
  api:
    port: 7060
    healthport: 7061
    timeout: 5m
    certfile:
  updater:
  notifier:
    http:
      endpoint: http://core/notify
YAML
unset ECLAIR_UPDATE_INTERVAL  # nothing runs here
expect 0 config check -config=clair.yaml -log-level debug -insecure-tls
has "server.port: 7060  # clair.yaml:8:11"; has "server.update-interval: 0  # clair.yaml:12:3"; has "notify.endpoint: http://core/notify"
has "log.level: debug  # --log-level"; has "fetch.insecure-tls: true"; has "store.url: host=localhost user=clair password=*** dbname=clair"
has "# listens on every address, port 7060 (http), health on port 7061"
says "warning: whoever reaches any address of this machine may read and change everything"
lacks hidden1; ! grep -q hidden1 err || die "a password on standard error"

printf 'key-one\n' >one
expect 0 config check --page-key secret1 --notify-secret secret2 --key "name=ci role=write file=one prefix=team/" --store "postgres://u:secret3@db/x"
has "server.page-key: ***"; has "# key of ci: write, only team/"; lacks secret1; lacks secret2; lacks secret3; lacks key-one; silent
printf '\n\nserver:\n  port: seven\n' >own.yaml
expect 1 config check -c own.yaml; one_error; says "own.yaml:4:9"
printf 'server:\n  prot: 1\n' >own.yaml
expect 1 config check -c own.yaml; says 'own.yaml:2:3: unknown key "prot"; did you mean "port"?'
printf 'clair:\n  api:\n    prot: 1\n' >own.yaml
expect 0 config check -c own.yaml; says 'warning: own.yaml:3:5: "api.prot" means nothing here; did you mean "api.port"?'
expect 1 config check --tls-cert c.pem; one_error; says "TLS needs both"
expect 1 config check --key "name=a role=read sha256=mysecret"; ! grep -q mysecret err || die "a key on standard error"
ECLAIR_LISTEN_PORT=8000 expect 0 config check; has "server.port: 8000  # ECLAIR_LISTEN_PORT"; has "health on port 8001"
CONFIG_DIR=$T expect 0 config check '-config=$CONFIG_DIR/clair.yaml'; has "server.port: 7060"
expect 0 config check -config=; has "server.port: 6060  # default"
