# SPDX-FileCopyrightText: The Eclair authors
# SPDX-License-Identifier: Apache-2.0
# A real registry that wants to know who we are: HTTP Basic, and bearer tokens from a token service.
source "$(dirname "$0")/prelude.sh"
source "$SOURCE_DIR/tests/support/servers.sh"
command -v htpasswd >/dev/null || skip "htpasswd is not installed"
debian_layer one "libfirst 1.0-1"
debian_layer two "libfirst 1.0-1" "libsecond 2.0-1"
image layout one two >/dev/null

for way in auth token; do
  registry "$way" "--$way" "user:pa:ss"
  push "$way" layout acme/api:1 >/dev/null
  target="$address/acme/api:1"
  [ "$way" = auth ] || rm "$way/tokens"

  expect 1 scan --offline "$target"
  one_error
  says "error: registry $address refused acme/api:1 (401, no credentials sent)"
  ECLAIR_USERNAME=user ECLAIR_PASSWORD=s3cr3t expect 1 scan --offline "$target"
  says "error: registry $address refused acme/api:1 (401, credentials from "
  ! grep -q s3cr3t err || die "the password is in the message"

  ECLAIR_USERNAME=user ECLAIR_PASSWORD=pa:ss expect 0 scan --offline -f json "$target"
  is 'len(r["packages"])' 2
  rc=0; printf 'pa:ss\n' | "$ECLAIR" scan --offline -f json --username user --password-stdin "$target" >out 2>err || rc=$?
  [ $rc = 0 ] || die "--password-stdin: exit $rc"
  mkdir -p "$HOME/.docker"
  printf '{"auths":{"%s":{"auth":"%s"}}}' "$address" "$(printf 'user:pa:ss' | base64)" >"$HOME/.docker/config.json"
  expect 0 scan --offline -f json "$target"
  printf '{"credHelpers":{"%s":"desktop"}}' "$address" >"$HOME/.docker/config.json"
  expect 1 scan --offline "$target"
  says 'hint: credentials are in the helper "desktop", which eclair does not run'
  rm -r "$HOME/.docker"
  # One token does for manifest, config and layers.
  [ "$way" = auth ] || [ "$(wc -l <token/tokens)" = 3 ] || die "$(wc -l <token/tokens) tokens for three scans"
done
