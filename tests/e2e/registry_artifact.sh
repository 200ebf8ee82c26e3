# SPDX-FileCopyrightText: The Eclair authors
# SPDX-License-Identifier: Apache-2.0
# One file goes into a real registry as an artifact and comes back: with and without TLS, Basic and tokens.
source "$(dirname "$0")/prelude.sh"
source "$SOURCE_DIR/tests/support/servers.sh"
command -v htpasswd >/dev/null || skip "htpasswd is not installed"
tool=$(dirname "$ECLAIR")/artifact_tool type=application/x-test
head -c 8000000 /dev/urandom >data.bin
debian_layer one "libfirst 1.0-1"
image layout one >/dev/null
# artifact CODE ARG...: runs the tool; out, err.
artifact() { local want=$1 rc=0; shift; "$tool" "$@" >out 2>err || rc=$?; [ "$rc" = "$want" ] || die "artifact_tool $*: exit $rc, expected $want: $(cat err)"; }

for way in plain tls auth token; do
  case $way in plain) registry plain ;; tls) registry tls --tls ;; *) registry $way --$way user:pa:ss ;; esac
  target=$address/acme/db:1 ca=()
  [ $way != tls ] || { artifact 1 push "$target" data.bin $type; says "is not trusted (issuer"; ca=("$T/tls/ca.pem"); }
  if [ $way = auth ] || [ $way = token ]; then
    artifact 1 push "$target" data.bin $type
    says "error: registry $address refused to store acme/db:1 (401"; says "no credentials sent)"
    ECLAIR_USERNAME=user ECLAIR_PASSWORD=s3cr3t artifact 1 push "$target" data.bin $type
    says 'user "user", credentials from ECLAIR_USERNAME)'
    ! grep -q s3cr3t err || die "the password is in the message"
    mkdir -p "$HOME/.docker"
    printf '{"auths":{"%s":{"auth":"%s"}}}' "$address" "$(printf 'user:pa:ss' | base64)" >"$HOME/.docker/config.json"
    rm -f token/tokens
  fi
  artifact 0 push "registry:$target" data.bin $type "${ca[@]}"; has stored; digest=$(cut -d' ' -f1 out)
  # One token does for all of an upload, and it may write.
  [ $way != token ] || [ "$(cat token/tokens)" = "repository:acme/db:pull,push" ] || die "asked for: $(cat token/tokens)"
  artifact 0 push "registry:$target" data.bin $type "${ca[@]}"; has "$digest there"
  for name in "registry:$target" "docker://$address/acme/db@$digest"; do
    artifact 0 pull "$name" back.bin $type "${ca[@]}"; has "$digest data.bin"
    cmp data.bin back.bin
  done
  # The same file gives the same manifest everywhere.
  [ "${first:=$digest}" = "$digest" ] || die "another digest: $digest"
  artifact 0 push "$address/other/name:2" data.bin $type "${ca[@]}"; has "$digest stored"

  artifact 1 pull "$address/acme/db:missing" back.bin $type "${ca[@]}"; says "nothing is stored as $address/acme/db:missing"
  artifact 1 pull "$target" back.bin application/x-other "${ca[@]}"; says "is an artifact of type $type, not an artifact of type application/x-other"
  push $way layout acme/api:1 >/dev/null
  artifact 1 pull "$address/acme/api:1" back.bin $type "${ca[@]}"; says "is a container image, not an artifact of type $type"
  ca_option=(); [ $way != tls ] || ca_option=(--cacert "$T/tls/ca.pem")
  expect 1 scan --offline "${ca_option[@]}" "$target"; says "is an artifact of type $type, not an image"
  rm -rf "$HOME/.docker"
done
