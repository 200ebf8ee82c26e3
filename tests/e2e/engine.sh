#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Eclair authors
# SPDX-License-Identifier: Apache-2.0
# Images in an engine's store: over its socket, by name and id; as what a registry does not have; and an engine that breaks.
. "$SOURCE_DIR/tests/e2e/prelude.sh"
source "$SOURCE_DIR/tests/support/servers.sh"
debian_layer a "zlib1g 1:1.2.13.dfsg-1 zlib"
debian_layer b "zlib1g 1:1.2.13.dfsg-1 zlib" "curl 7.88.1-10"
image saved.tar a b --form docker-archive --tag shop:1 >/dev/null
unset DOCKER_HOST CONTAINER_HOST DOCKER_TLS_VERIFY
engine() {  # [--fault F]: sets $socket
  socket=$T/engine$((++count)).sock
  python3 "$SOURCE_DIR/tests/support/fake_engine.py" "$socket" saved.tar shop:1 "$@" &
  servers+=($!)
  local i
  for ((i = 0; i < 400; ++i)); do [ ! -S "$socket" ] || return 0; sleep 0.05; done
  die "no engine"
}
count=0
engine
export DOCKER_HOST=unix://$socket CONTAINER_HOST=unix://$socket
expect 0 scan docker-archive:saved.tar --offline -f json
packages=$(json 'r["packages"]')
id=$(json 'r["target"]["config_digest"]')
for target in docker:shop:1 docker-daemon:shop:1 local://shop:1 podman:shop:1 "docker:${id#sha256:}"; do
  expect 0 scan "$target" --offline -f json
  [ "$(json 'r["packages"]')" = "$packages" ] || die "$target: other packages than the archive's"
done
is 'r["target"]["source"] + " " + r["target"]["config_digest"]' "docker $id"
expect 0 scan --from docker shop:1 --offline -f json
expect 1 scan docker:nosuch --offline
one_error
says "no image nosuch in docker (unix://$socket)"
expect 1 scan --from docker,podman nosuch --offline
one_error
says "error: image not found: nosuch (looked in docker, podman)"
expect 1 scan --from dokcer nosuch --offline
says "did you mean docker?"

# What a registry does not have, or does not give, is looked for here, and it is said.
serve empty "$SOURCE_DIR/tests/support/empty_registry.py" "$T/empty"
expect 1 scan "$address/shop:1" --offline
one_error
says "error: image not found: $address/shop:1 (registry answered 404)"
says "hint: is the name right? local images: eclair scan --from docker $address/shop:1"
python3 "$SOURCE_DIR/tests/support/fake_engine.py" "$T/two.sock" saved.tar "$address/shop:1" & servers+=($!)
python3 "$SOURCE_DIR/tests/support/fake_engine.py" "$T/three.sock" saved.tar "$address/secret:1" & servers+=($!)
for i in $(seq 400); do [ ! -S two.sock ] || [ ! -S three.sock ] || break; sleep 0.05; done
DOCKER_HOST=unix://$T/two.sock expect 0 scan "$address/shop:1" --offline -f json
says "note: using local image from docker (not found in registry)"
[ "$(json 'r["packages"]')" = "$packages" ] || die "the local image"
CONTAINER_HOST=unix://$T/three.sock expect 0 scan "$address/secret:1" --offline -f json
says "note: using local image from podman (refused by registry)"
# Not where the registry was asked for outright.
DOCKER_HOST=unix://$T/two.sock expect 1 scan "registry:$address/shop:1" --offline
DOCKER_HOST=unix://$T/two.sock expect 1 scan --from registry "$address/shop:1" --offline

# No engine, and addresses that cannot be used.
DOCKER_HOST=unix:///nothing/here expect 1 scan docker:shop:1 --offline
says "error: DOCKER_HOST=unix:///nothing/here: there is no such socket"
DOCKER_HOST=ssh://me@host expect 1 scan docker:shop:1 --offline
says "ssh:// needs another program, and eclair runs none"
says "hint: ssh -nNT -L"
DOCKER_HOST=tcp://127.0.0.1:1 expect 1 scan docker:shop:1 --offline
says "docker (tcp://127.0.0.1:1) does not answer: cannot connect to 127.0.0.1:1: connection refused"
expect 1 scan containerd:shop:1 --offline
says "hint: ctr images export image.tar shop:1, then: eclair scan image.tar"

# An engine that breaks.
while read -r fault message; do
  engine --fault "$fault"
  DOCKER_HOST=unix://$socket ECLAIR_STALL_TIMEOUT=1s expect 1 scan docker:shop:1 --offline --max-image-size 1GB
  one_error
  says "$message"
done <<'L'
refuse answered 500: disk is on fire
gone answered 404
garbage what docker
truncate broke while exporting shop:1
lies the description of an image has no id
L
