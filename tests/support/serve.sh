# SPDX-FileCopyrightText: The Eclair authors
# SPDX-License-Identifier: Apache-2.0
# Sourced after prelude.sh by scripts that talk to the service.
#   serve ARG...: starts it on free ports of loopback and waits until it listens; sets $API, $HEALTH (URLs) and $SERVE (process id).
#     Standard error goes to serve.log, which is kept from one start to the next.
#   stop_serve [SIGNAL]: ends it; sets $serve_rc.
#   quiet_port: prints a port for --listen-port that can be listened on again after a kill.
#   web_server FOLDER: serves a folder; sets $WEB.
#   ends_with_us PID...: what else is to be ended with the script, however it ends.
SERVE=
WEB_PID=
OTHERS=
ends_with_us() { OTHERS+=" $*"; }
end_servers() {
  [ "$1" = 0 ] || [ ! -s serve.log ] || tail -n 20 serve.log >&2
  local pid
  for pid in $OTHERS $SERVE $WEB_PID; do
    kill -TERM "$pid" 2>/dev/null
    wait "$pid" 2>/dev/null
  done
}
# The prelude's own finish comes after, with the script's status.
trap 'status=$?; set +e; trap - ERR; end_servers $status; (exit $status); finish' EXIT

wait_for_line() {  # FILE PATTERN PID
  local i
  for ((i = 0; i < 1500; i++)); do
    grep -q "$2" "$1" 2>/dev/null && return 0
    kill -0 "$3" 2>/dev/null || break
    sleep 0.02
  done
  tail -n 20 serve.log >&2 || true
  die "no line \"$2\" in $1"
}

serve() {
  : >serve.out
  "$ECLAIR" serve --listen-port 0 "$@" >serve.out 2>>serve.log &
  SERVE=$!
  wait_for_line serve.out '^eclair serve: listening on ' "$SERVE"
  API=$(sed -n 's/^eclair serve: listening on \([^,]*\),.*/\1/p' serve.out)
  HEALTH=$(sed -n 's/.*health on \(.*\)$/\1/p' serve.out)
}

# A port that no client's connection is given by chance: for servers that come back where they were while clients try.
quiet_port() {
  python3 -c '
import random, socket
while True:
    port = random.randrange(20000, 32000)
    with socket.socket() as s:
        try:
            s.bind(("127.0.0.1", port))
        except OSError:
            continue
    print(port)
    break'
}

stop_serve() {
  kill -"${1:-TERM}" "$SERVE"
  serve_rc=0
  wait "$SERVE" || serve_rc=$?
  SERVE=
}

web_server() {
  python3 -u -m http.server --bind 127.0.0.1 --directory "$1" 0 >web.out 2>web.log &
  WEB_PID=$!
  wait_for_line web.out '^Serving HTTP on ' "$WEB_PID"
  WEB=http://127.0.0.1:$(sed -n 's/^Serving HTTP on 127.0.0.1 port \([0-9]*\).*/\1/p' web.out)
}
