# SPDX-FileCopyrightText: The Eclair authors
# SPDX-License-Identifier: Apache-2.0
# A PostgreSQL of our own for scripts, on loopback: source it.
#
#   start_postgres FOLDER [SETTING=VALUE...]   a cluster in FOLDER (which is made), on a free port; sets PG_URL (database postgres) and PG_PORT.
#                                              root starts it as another user. fsync is off unless a setting says so.
#   restart_postgres FOLDER                    as an operator would, with clients connected
#   stop_postgres FOLDER
#   pg_database NAME                           makes a database and prints its address
#
# It ends with the shell that started it. Programs: the newest of Debian's package `postgresql`, or those in ECLAIR_TEST_PG_BIN.

have_postgres() { [ -n "$(pg_bin)" ]; }

pg_bin() {
  if [ -n "${ECLAIR_TEST_PG_BIN:-}" ]; then echo "$ECLAIR_TEST_PG_BIN"; return; fi
  local found
  found=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1)
  if [ -x "${found:-/none}/initdb" ]; then echo "$found"; fi
}

# Runs a command as who may run a cluster: root may not.
pg_as() {
  if [ "$(id -u)" != 0 ]; then "$@"; return; fi
  setpriv --reuid "$(id -u postgres 2>/dev/null || id -u nobody)" --regid "$(id -g postgres 2>/dev/null || id -g nobody)" --clear-groups "$@"
}

start_postgres() {
  local folder=$1 bin one options=()
  shift
  bin=$(pg_bin)
  mkdir -p "$folder"
  if [ "$(id -u)" = 0 ]; then chown "$(id -u postgres 2>/dev/null || id -u nobody)" "$folder"; fi
  (cd / && pg_as env LC_ALL=C "$bin/initdb" -D "$folder/data" -U postgres -A trust -E UTF8 --locale=C --no-sync >"/dev/null") || return 1
  PG_PORT=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
  for one in fsync=off full_page_writes=off "$@"; do options+=(-c "$one"); done
  printf '%s\n' "$PG_PORT" "${options[@]}" >"$folder/settings"
  PG_URL="postgresql://postgres@127.0.0.1:$PG_PORT/postgres"
  run_postgres "$folder"
}

run_postgres() {
  local folder=$1 bin options i
  bin=$(pg_bin)
  mapfile -t options <"$folder/settings"
  (cd / && pg_as setpriv --pdeathsig QUIT "$bin/postgres" -D "$folder/data" -k "" -c listen_addresses=127.0.0.1 -p "${options[0]}" "${options[@]:1}" >"$folder.log" 2>&1) &
  echo $! >"$folder/job"
  for ((i = 0; i < 300; i++)); do
    if "$bin/pg_isready" -q -h 127.0.0.1 -p "${options[0]}"; then return 0; fi
    sleep 0.1
  done
  cat "$folder.log" >&2
  return 1
}

stop_postgres() {
  local pid
  pid=$(head -1 "$1/data/postmaster.pid" 2>/dev/null) || return 0
  kill -INT "$pid" 2>/dev/null || true
  wait "$(cat "$1/job")" 2>/dev/null || true
}

restart_postgres() {
  stop_postgres "$1"
  run_postgres "$1"
}

pg_database() {
  "$(pg_bin)/psql" -X -q -d "postgresql://postgres@127.0.0.1:$PG_PORT/postgres" -c "CREATE DATABASE $1" && echo "postgresql://postgres@127.0.0.1:$PG_PORT/$1"
}
