# SPDX-FileCopyrightText: The Eclair authors
# SPDX-License-Identifier: Apache-2.0
# Two nodes on one PostgreSQL, one of which fetches a feed that changes. One is killed while both send: every notification gets there, and none twice but
# those that the killed one had on its way or had not yet said anything of.
. "$SOURCE_DIR/tests/e2e/prelude.sh"
. "$SOURCE_DIR/tests/support/postgres.sh"
. "$SOURCE_DIR/tests/support/serve.sh"
have_postgres || die "no PostgreSQL here (package postgresql)"
chmod 711 "$T"; start_postgres "$T/pg"
ONE='' TWO='' HOOK_PID=''
trap 'status=$?; set +e; trap - ERR; kill -9 $ONE $TWO $HOOK_PID $WEB_PID 2>/dev/null; stop_postgres "$T/pg"; (exit $status); finish' EXIT
mkdir hook; : >hook/received
python3 "$SOURCE_DIR/tests/support/hook_receiver.py" hook 2>hook.err &
HOOK_PID=$!
for ((i = 0; i < 500; i++)); do [ ! -e hook/address ] || break; sleep 0.02; done
HOOK=$(cat hook/address)
sql() { "$(pg_bin)/psql" -qtA "$PG_URL" -c "$1"; }
# What a killed node had begun to send is no notification.
distinct() { grep -oE '"Name":"[0-9a-f-]{36}"' hook/received | sort -u | wc -l; }

# 600 vulnerabilities that change together: in one import.
printf '{' >a.json; printf '{' >b.json
for ((i = 1; i <= 600; i++)); do
  printf '%s"p%d":{"CVE-2023-%04d":{"releases":{"bookworm":{"status":"resolved","repositories":{"bookworm":"9"},"fixed_version":"%d","urgency":"low"}}}}' "$([ $i = 1 ] || echo ,)" $i $i 2 >>a.json
  printf '%s"p%d":{"CVE-2023-%04d":{"releases":{"bookworm":{"status":"resolved","repositories":{"bookworm":"9"},"fixed_version":"%d","urgency":"low"}}}}' "$([ $i = 1 ] || echo ,)" $i $i 3 >>b.json
done
printf '}' >>a.json; printf '}' >>b.json
web_server .

cp a.json tracker.json
for node in ONE TWO; do
  serve --store "$PG_URL" --notify-endpoint "$HOOK" --update-feed debian --feed-url debian="$WEB/tracker.json" --update-interval 2s
  declare "$node=$SERVE"
done
for ((i = 0; i < 300; i++)); do [ -z "$(sql "SELECT value FROM keyvalue WHERE key='updater/last'")" ] || break; sleep 0.1; done
for ((i = 0; i < 100; i++)); do [ -z "$(sql "SELECT value FROM keyvalue WHERE key='notifier/cursor'")" ] || break; sleep 0.1; done
[ "$(sql "SELECT rows FROM eclair_advisories.feed WHERE name='debian'")" = 600 ] || die "nothing was imported"
[ ! -s hook/received ] || die "a first import was told of"
echo 200 40 >hook/answer  # slow enough to be killed in the middle
cp b.json b.new; touch -d '+10 seconds' b.new; mv b.new tracker.json
for ((i = 0; i < 600; i++)); do [ "$(wc -l <hook/received)" -lt 40 ] || break; sleep 0.05; done
kill -9 "$ONE"; wait "$ONE" || true; ONE=
rm hook/answer
killed=$(date +%s)
for ((i = 0; i < 300; i++)); do [ "$(distinct)" -lt 600 ] || break; sleep 0.1; done
took=$(($(date +%s) - killed))
[ "$(distinct)" = 600 ] || die "$(distinct) of 600 got there"
[ "$took" -le 60 ] || die "it took $took s"
sleep 2
# A node has four requests on their way at most, and what it sent and did not yet say so: at most what it took at once.
total=$(wc -l <hook/received)
[ "$total" -le 856 ] || die "$total sent"
[ "$(sql 'SELECT count(*) FROM eclair_layers.notification WHERE notified>0')" = 600 ] || die "not all are known to be told"
echo "killed while sending: all told after $took s, $((total - 600)) twice"
kill "$TWO"; wait "$TWO" || true; TWO=
