#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Eclair authors
# SPDX-License-Identifier: Apache-2.0
# Keys of the service: roles, prefixes, the three ways to show one, exchange by SIGHUP; none is ever logged.
. "$SOURCE_DIR/tests/e2e/prelude.sh"
. "$SOURCE_DIR/tests/support/serve.sh"
hash() { printf %s "$1" | sha256sum | cut -d' ' -f1; }
debian_layer root "openssl 1.0"
mkdir www; tar -C root -czf www/layer.tar.gz .
web_server www
printf 'admin-secret\n' >admin.key
cat >keys <<RULES
# name=comment role=admin
name=reader role=read sha256=$(hash read-secret)
name=team role=write sha256=$(hash team-secret) prefix=team/ prefix=shared-
name=boss role=admin file=$T/admin.key
RULES
serve --key-file keys --fetch-allow 127.0.0.1
status() { curl -s -o body -w '%{http_code}' "$@"; }
post() { local name=$1; shift; status -d "{\"Layer\":{\"Name\":\"$name\",\"Path\":\"$WEB/layer.tar.gz\",\"Format\":\"Docker\"}}" "$@" "$API/v1/layers"; }
is_status() { local got; got=$(status "${@:2}"); [ "$got" = "$1" ] || die "${*:2}: $got instead of $1: $(cat body)"; }

is_status 401 "$API/v1/layers/x"; grep -qx '{"Error":{"Message":"authentication required"}}' body || die "not in the API's words: $(cat body)"
is_status 401 "$API/v1/layers/x/os"; grep -q '^{"Message":' body
is_status 401 -H 'X-Api-Key: wrong' "$API/v1/layers/x"
is_status 401 "$API/v1/metrics"
is_status 200 "$API/v1/health"; is_status 200 "$HEALTH/health"; is_status 200 "$HEALTH/metrics"
is_status 404 -H 'X-Api-Key: read-secret' "$API/v1/layers/x"
is_status 404 -H 'Authorization: Bearer read-secret' "$API/v1/layers/x"
is_status 404 -u anybody:read-secret "$API/v1/layers/x"
[ "$(post team/a -H 'X-Api-Key: read-secret')" = 403 ]
[ "$(post team/a -H 'X-Api-Key: team-secret')" = 201 ] || die "the team may not post: $(cat body)"
[ "$(post other/a -H 'X-Api-Key: team-secret')" = 403 ] || die "the team may post elsewhere: $(cat body)"
[ "$(post other/a -u :admin-secret)" = 201 ]
is_status 200 -H 'X-Api-Key: team-secret' "$API/v1/layers/team%2Fa"
is_status 404 -H 'X-Api-Key: team-secret' "$API/v1/layers/other%2Fa"
is_status 200 -H 'X-Api-Key: read-secret' "$API/v1/layers/other%2Fa"
is_status 404 -H 'X-Api-Key: team-secret' -X DELETE "$API/v1/layers/other%2Fa"

# A refused body is not waited for, and does not become the next request.
head -c 3000000 /dev/zero >big
is_status 401 -T big -X POST "$API/v1/layers"

printf 'name=reader role=read sha256=%s\n' "$(hash new-secret)" >keys
kill -HUP "$SERVE"
for ((i = 0; i < 250; i++)); do [ "$(status -H 'X-Api-Key: new-secret' "$API/v1/layers/x")" = 404 ] && break; sleep 0.02; done
is_status 401 -H 'X-Api-Key: read-secret' "$API/v1/layers/x"
printf 'name=reader role=everything\n' >keys
kill -HUP "$SERVE"
for ((i = 0; i < 250; i++)); do grep -q 'the keys stay as they were' serve.log && break; sleep 0.02; done
is_status 404 -H 'X-Api-Key: new-secret' "$API/v1/layers/x"
: >keys; kill -HUP "$SERVE"; sleep 0.3
is_status 401 "$API/v1/layers/x"                      # an empty file does not let everybody in
stop_serve
grep -q 'who=team .*route=v1/postLayer status=201' serve.log
! grep -q -- '-secret' serve.log || die "a key is in the log"
