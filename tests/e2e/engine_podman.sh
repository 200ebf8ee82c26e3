#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Eclair authors
# SPDX-License-Identifier: Apache-2.0
# A real engine: Podman over its socket, in both of its APIs' names, and the folder that it keeps images in, read without it.
. "$SOURCE_DIR/tests/e2e/prelude.sh"
source "$SOURCE_DIR/tests/support/servers.sh"
# The driver leaves a mount behind.
trap 'status=$?; set +e; trap - ERR; end_servers; umount -l "$T"/*/overlay 2>/dev/null; (exit $status); finish' EXIT
command -v podman >/dev/null || skip "podman is not installed"
[ "$(id -u)" = 0 ] || skip "needs root"
export CONTAINERS_STORAGE_CONF=$T/storage.conf XDG_RUNTIME_DIR=$T/run TMPDIR=$T
mkdir -p run
storage() { printf '[storage]\ndriver = "%s"\ngraphroot = "%s"\nrunroot = "%s"\n' "$1" "$T/$1" "$T/run-$1" >storage.conf; }
unset DOCKER_HOST CONTAINER_HOST
debian_layer a "zlib1g 1:1.2.13.dfsg-1 zlib" "libold 1.0-1"
debian_layer b "zlib1g 1:1.2.13.dfsg-1 zlib" "curl 7.88.1-10"
mkdir -p a/opt/gone a/srv/keep a/usr/lib/sysimage b/opt/new c/etc
echo x >a/opt/gone/file
echo y >b/opt/new/file
: >b/opt/.wh.gone
rm -r a/usr
echo z >c/etc/extra
image saved.tar a b c --form docker-archive --tag localhost/shop:1 --history "COPY a /" --history "RUN apt-get install curl" --history "COPY c /" >/dev/null
expect 0 scan docker-archive:saved.tar --offline -f json --facts opt/gone/file,opt/new/file
want='[(p["name"], p["version"], p.get("layer")) for p in r["packages"].values()], [(f["pattern"], f["present"]) for f in r["files"]], r["target"]["config_digest"], [l.get("diff_id") for l in r["layers"]]'
of_archive=$(json "$want")
drivers=0
for driver in vfs overlay; do
  storage $driver
  podman load -q -i saved.tar >log 2>&1 || { echo "podman cannot use $driver here: $(tail -n 1 log)"; continue; }
  drivers=$((drivers + 1))
  for name in shop:1 localhost/shop:1 "[$driver@$T/$driver]localhost/shop:1" "$(podman images -q --no-trunc localhost/shop:1)"; do
    expect 0 scan "containers-storage:$name" --offline -f json --facts opt/gone/file,opt/new/file
    [ "$(json "$want")" = "$of_archive" ] || die "$driver, $name: $(json "$want") instead of $of_archive"
  done
  is 'r["target"]["source"]' containers-storage
  expect 1 scan containers-storage:nosuch --offline
  says "no image nosuch in containers-storage ($T/$driver)"
done
[ "$drivers" -gt 0 ] || skip "podman cannot keep images here"

podman system service --time=0 "unix://$T/podman.sock" >service.log 2>&1 & servers+=($!)
for i in $(seq 400); do [ ! -S podman.sock ] || break; sleep 0.05; done
export CONTAINER_HOST=unix://$T/podman.sock DOCKER_HOST=unix://$T/podman.sock
for target in podman:shop:1 podman:localhost/shop:1 docker:localhost/shop:1 "podman:$(podman --url "unix://$T/podman.sock" images -q --no-trunc localhost/shop:1)"; do
  expect 0 scan "$target" --offline -f json --facts opt/gone/file,opt/new/file
  [ "$(json "$want")" = "$of_archive" ] || die "$target: $(json "$want") instead of $of_archive"
done
expect 1 scan podman:nosuch --offline
says "no image nosuch in podman (unix://$T/podman.sock)"
