# SPDX-FileCopyrightText: The Eclair authors
# SPDX-License-Identifier: Apache-2.0
# What is fetched beside the reading of an image ends with it: when the image cannot be read, and when it is interrupted.
source "$(dirname "$0")/prelude.sh"
source "$SOURCE_DIR/tests/support/servers.sh"
unset ECLAIR_SKIP_DB_UPDATE
feeds=$SOURCE_DIR/tests/support/feed_server.py
mkdir src
for source in "debian 20"; do python3 "$feeds" make src $source; done
serve src "$feeds" src
export ECLAIR_MIRROR="http://$address"
debian_layer base "p3 1.0-1"
mkdir -p top/etc && echo hello >top/etc/motd
image layout base top >/dev/null
image broken base top --break digest >/dev/null
held() { serve "$1" "$SOURCE_DIR/tests/support/faulty_registry.py" "$2" "$1" --hold "$3" "$4"; held=$address/acme/api:1; }
# lasts SECONDS COMMAND...: fails when it takes longer. The source is silent for 30 s, and waited for for 60 s.
lasts() { local most=$1 began=$SECONDS; shift; "$@"; [ $((SECONDS - began)) -le "$most" ] || die "took $((SECONDS - began)) s: $*"; }

# The image is damaged, while the source says nothing.
echo '*tracker/data/json stall' >src/faults
held broken broken src/requests.log tracker/data/json
lasts 15 expect 1 scan "$held"
one_error
! grep -q '^warning' err || die "a warning about what nobody needs now"

# The next image is judged all the same: what was ended is begun again.
echo '*tracker/data/json stall 1' >src/faults
rm src/requests.log
lasts 15 expect 1 scan -f json "$held" oci-dir:layout
is '[len(x.get("findings", [])) for x in r["targets"]]' '[1]'
[ "$(grep -c tracker src/requests.log)" = 2 ] || die "asked: $(cat src/requests.log)"

# An interrupt ends both.
echo '*tracker/data/json stall' >src/faults
rm src/requests.log
export ECLAIR_DATA_DIR="$T/interrupted"
held never layout src/never there
python3 - "$ECLAIR" "$held" <<'END'
import os, signal, subprocess, sys, time
signal.signal(signal.SIGINT, signal.default_int_handler)   # a background job of a script is started with interrupts ignored
p = subprocess.Popen([sys.argv[1], "scan", sys.argv[2]], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                     preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
for _ in range(600):
    if os.path.exists("src/requests.log") and "tracker" in open("src/requests.log").read():
        break
    time.sleep(0.05)
began = time.monotonic()
p.send_signal(signal.SIGINT)
said = p.communicate()[1].decode()
assert p.returncode == 130, (p.returncode, said)
assert time.monotonic() - began < 10, time.monotonic() - began
assert "warning" not in said and "error" not in said, said
END
