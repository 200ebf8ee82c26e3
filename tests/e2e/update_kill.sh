# SPDX-FileCopyrightText: The Eclair authors
# SPDX-License-Identifier: Apache-2.0
# An update that is killed at any moment leaves the old snapshot or the new one, whole.
#   ROUNDS: how often (20)
source "$(dirname "$0")/prelude.sh"
source "$SOURCE_DIR/tests/support/servers.sh"
feeds() { python3 "$SOURCE_DIR/tests/support/feed_server.py" make src "$@"; }
mkdir src
serve src "$SOURCE_DIR/tests/support/feed_server.py" src
export ECLAIR_MIRROR="http://$address"

# Two states of a source, and what the store says when it has one of them.
snapshot() { run db status -f json; json '[[f["snapshot"], f["records"]] for f in r["feeds"]]'; }
declare -A want
for n in 1500 1700; do
  feeds debian $n
  expect 0 db update debian
  want[$n]=$(snapshot)
done
[ "${want[1500]}" != "${want[1700]}" ] || die "two states look the same"

feeds debian 1500
began=$(date +%s%N); expect 0 db update debian; whole=$(( ($(date +%s%N) - began) / 1000 ))
seed=${SEED:-$RANDOM}; RANDOM=$seed; echo "seed $seed, an update takes $whole us"
old=1500 killed=0
for ((i = 0; i < ${ROUNDS:-20}; ++i)); do
  new=$((3200 - old))
  feeds debian $new
  "$ECLAIR" db update debian >out 2>err & pid=$!
  at=$((RANDOM * whole / 32768))
  printf -v pause '%d.%06d' $((at / 1000000)) $((at % 1000000))
  sleep "$pause"
  # How long an update takes depends on what else runs: the moments follow it.
  if kill -9 $pid 2>/dev/null; then killed=$((killed + 1)) whole=$((whole * 9 / 8)); else whole=$((whole * 3 / 4)); fi
  wait $pid 2>/dev/null || true
  got=$(snapshot)
  case $got in
    "${want[$old]}") ;;
    "${want[$new]}") ;;
    *) die "round $i (seed $seed): neither the old nor the new snapshot: $got";;
  esac
  # The file is sound, and the next update goes through.
  python3 -c 'import sqlite3,sys; r = sqlite3.connect(sys.argv[1]).execute("PRAGMA integrity_check").fetchone(); sys.exit(r != ("ok",))' data/advisories.db ||
    die "round $i (seed $seed): the file is damaged"
  expect 0 db update debian
  [ "$(snapshot)" = "${want[$new]}" ] || die "round $i (seed $seed): the update after the kill gave something else"
  old=$new
done
[ "$killed" -gt 0 ] || die "no update was killed"
