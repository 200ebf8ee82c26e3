#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Eclair authors
# SPDX-License-Identifier: Apache-2.0
# What goes wrong is said in one line of the outside world's words, and one with something to type. One row for each situation.
. "$SOURCE_DIR/tests/e2e/prelude.sh"
source "$SOURCE_DIR/tests/support/servers.sh"
unset DOCKER_HOST CONTAINER_HOST
export DOCKER_HOST=unix://$T/no-engine CONTAINER_HOST=unix://$T/no-engine
debian_layer one "libfirst 1.0-1"
head -c 3000000 /dev/urandom >one/noise
image layout one >/dev/null
image small.tar one --form oci-archive >/dev/null

# error WORDS HINT-WORDS ARG...: exit 1, these lines and no others, no stack, no usage.
error() {
  local words=$1 hint=$2; shift 2
  expect 1 "$@"
  one_error
  says "$words"
  [ -z "$hint" ] || says "hint: $hint"
  [ "$(grep -c '' err)" -le 3 ] || die "$* says more than three lines"
  ! grep -qE '\.$' err || die "a message ends with a full stop: $(cat err)"
  [ ! -s out ] || die "standard output is not empty"
}

# no such image · private · a helper has the credentials
serve empty "$SOURCE_DIR/tests/support/empty_registry.py" "$T/empty"
error "image not found: $address/alpien:latest (registry answered 404)" "is the name right? local images: eclair scan --from docker $address/alpien" scan --offline "$address/alpien"
error "registry $address refused private/api:1.4 (401, no credentials sent)" "eclair login $address, or set ECLAIR_USERNAME and ECLAIR_PASSWORD" scan --offline "$address/private/api:1.4"
mkdir -p "$HOME/.docker"
printf '{"credHelpers":{"%s":"desktop"}}' "$address" >"$HOME/.docker/config.json"
error "registry $address refused private/api:1.4 (401)" 'credentials are in the helper "desktop", which eclair does not run; use: echo '"$address"' | docker-credential-desktop get' scan --offline "$address/private/api:1.4"
rm -r "$HOME/.docker"
# a mirror stands for its registry
error "image not found: $address/library/alpine:3 (registry answered 404)" "" scan --offline --registry-mirror "docker.io=$address" alpine:3
error "--registry-mirror x: needs REGISTRY=HOST" "" scan --offline --registry-mirror x alpine:3
# rate limit · silence
faulty busy layout busy
error "$address limits pulls from this address (429, retry in 21 minutes)" "eclair login $address, or a mirror: --registry-mirror $address=HOST" scan --offline "$address/acme/api:1"
faulty stall layout stall
error "no data from $address for 1 s while reading layer 1 of 1 (" "--stall-timeout 5m" scan --offline --stall-timeout 1s "$address/acme/api:1"
# no engine: no error unless it was asked for
error "DOCKER_HOST=unix://$T/no-engine: there is no such socket" "" scan --offline --from docker acme/api:1
# resolution of names (a certificate that nobody knows: registry_tls.sh)
error 'cannot resolve host "registry.invalid"' "" scan --offline registry.invalid/acme/api:1
# no data yet · unknown distribution · end of life · old data (scan_exit_codes.sh)
expect 0 scan --offline small.tar
says "warning: not judged: no advisory data for debian:12, and --offline is set"
says "hint: "
expect 3 scan --offline small.tar --fail-on incomplete
debian_layer foo "libfirst 1.0-1" && printf 'ID=foo\nVERSION_ID=3\nPRETTY_NAME="foo 3"\n' >foo/etc/os-release
image foo.tar foo --form oci-archive >/dev/null
expect 0 scan --offline foo.tar
says 'warning: no advisories are known for the distribution foo 3: 1 package was not judged'
debian_layer nine "libfirst 1.0-1" && printf 'ID=debian\nVERSION_ID="9"\nPRETTY_NAME="Debian GNU/Linux 9 (stretch)"\n' >nine/etc/os-release
image nine.tar nine --form oci-archive >/dev/null
expect 0 scan --offline nine.tar
says "has been out of security support since 2022-06-30"
# a damaged layer · a wrong file
image damaged one --break truncate >/dev/null
error "damaged: layer 1 of 1 (sha256:" "" scan --offline oci-dir:damaged
says "size mismatch: "
echo '{"SchemaVersion":2,"ArtifactName":"x","Results":[]}' >report.json
error "report.json is a Trivy report, not an SBOM" "trivy convert --format cyclonedx" scan --offline report.json
# a bad value · an unknown flag · a configuration file
error "--severity hihg: not a severity" "" scan --severity hihg small.tar
says "did you mean high?"
error "unknown flag --ofline" "did you mean --offline?" scan --ofline small.tar
mkdir project && printf 'policy:\n  faill-on: high\n' >project/.eclair.yaml
(cd project && rc=0 && { "$ECLAIR" scan ../small.tar >../out 2>../err || rc=$?; } && [ $rc = 1 ])
says 'error: ./.eclair.yaml:2:3: unknown key "faill-on"; did you mean "fail-on"?'
# a full disk
if [ -e /dev/full ]; then
  expect 1 scan --offline small.tar -f json=/dev/full
  says "cannot write /dev/full: "
fi
# the same for programs
expect 1 scan --offline --log-format json registry.invalid/acme/api:1
python3 -c 'import json; [json.loads(l) for l in open("err")]; l=json.loads(open("err").readlines()[-1]); assert "cannot resolve" in l.get("error", l.get("msg", "")), l'
