# SPDX-FileCopyrightText: The Eclair authors
# SPDX-License-Identifier: Apache-2.0
# Sourced by every script here. Gives a folder of its own ($T, also the working directory; kept when the test fails), a clean
# environment, and functions to build images and to check what the program says.
#   ECLAIR, SOURCE_DIR: set by ctest; by hand: ECLAIR=build/dev/bin/eclair SOURCE_DIR=. bash tests/e2e/x.sh
set -euo pipefail
: "${ECLAIR:?path of the program}" "${SOURCE_DIR:?folder of the sources}"
ECLAIR=$(realpath "$ECLAIR") SOURCE_DIR=$(realpath "$SOURCE_DIR")
T=$(mktemp -d "${TMPDIR:-/tmp}/eclair-e2e-XXXXXX")
cd "$T"
while IFS= read -r name; do unset "$name"; done < <(compgen -e | grep -E '^(ECLAIR_|XDG_|COLUMNS$|NO_COLOR$|FORCE_COLOR$|CLICOLOR)' || true)
# No test asks a source on the internet for advisories.
export HOME="$T/home" ECLAIR_DATA_DIR="$T/data" ECLAIR_SKIP_DB_UPDATE=true ECLAIR_UPDATE_INTERVAL=0 LC_ALL=C.UTF-8
mkdir -p "$HOME"

# The failing line: of the script itself, not of a function here.
failed_at() { local i; for ((i = ${#BASH_SOURCE[@]} - 1; i > 0; i--)); do [ "${BASH_SOURCE[i]}" != "$0" ] || { echo "${BASH_LINENO[i - 1]}"; return; }; done; echo '?'; }
finish() {
  local status=$?
  case $status in 0 | 77) rm -rf "$T"; return;; esac
  echo "FAILED ($0, status $status); kept: $T" >&2
  [ ! -s "$T/err" ] || tail -n 20 "$T/err" >&2
}
set -E
trap 'echo "$0:$(failed_at): $BASH_COMMAND" >&2' ERR
trap finish EXIT

skip() { echo "skipped: $*"; exit 77; }
die() { echo "$0:$(failed_at): $*" >&2; exit 1; }

# run ARG...: runs the program; leaves standard output in $T/out, standard error in $T/err, the exit code in $rc.
run() { rc=0; "$ECLAIR" "$@" >"$T/out" 2>"$T/err" || rc=$?; }
# expect CODE ARG...: the same, and the exit code must be that.
expect() { local want=$1; shift; run "$@"; [ "$rc" = "$want" ] || die "eclair $*: exit $rc, expected $want"; }
has() { grep -qF -- "$1" "$T/out" || die "standard output lacks: $1"; }
lacks() { ! grep -qF -- "$1" "$T/out" || die "standard output has: $1"; }
says() { grep -qF -- "$1" "$T/err" || die "standard error lacks: $1"; }
silent() { [ ! -s "$T/err" ] || die "standard error is not empty"; }
# one_error: an error is one line; hints, warnings and notes may stand beside it.
one_error() { [ "$(grep -cvE '^ *(hint|warning|note): ' "$T/err")" = 1 ] || die "not one line of error"; grep -q '^error: ' "$T/err" || die "no error line"; }
# json EXPRESSION: prints what a Python expression says of the JSON on standard output, called r.
json() { python3 -c 'import json,sys; r=json.load(open(sys.argv[1])); print(eval(sys.argv[2]))' "$T/out" "$1"; }
# is EXPRESSION WANT
is() { local got; got=$(json "$1"); [ "$got" = "$2" ] || die "$1 is $got, expected $2"; }

# valid CHECK FILE...: by an official schema or reader, tests/validators/checks/CHECK.mjs. need_validators first, at the top of a script.
need_validators() { [ -d "$SOURCE_DIR/tests/validators/node_modules/ajv" ] && command -v node >/dev/null || skip "the packages of tests/validators are not installed (./dev setup)"; }
is_valid() { node "$SOURCE_DIR/tests/validators/validate.mjs" "$@" >"$T/faults"; }
valid() { is_valid "$@" || { cat "$T/faults" >&2; die "not valid: $*"; }; }
invalid() { ! is_valid "$@" || die "accepted: $*"; }

image() { python3 "$SOURCE_DIR/tests/support/make_image.py" "$@"; }
# debian_layer FOLDER [NAME VERSION [SOURCE]]...: a layer with a dpkg database of these packages, and Debian 12's os-release.
debian_layer() {
  local to=$1; shift
  mkdir -p "$to/var/lib/dpkg" "$to/etc"
  printf 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\n' >"$to/etc/os-release"
  : >"$to/var/lib/dpkg/status"
  local one
  for one in "$@"; do dpkg_stanza $one >>"$to/var/lib/dpkg/status"; done
}
dpkg_stanza() {  # NAME VERSION [SOURCE]
  printf 'Package: %s\nStatus: install ok installed\nArchitecture: amd64\nVersion: %s\n' "$1" "$2"
  [ $# -lt 3 ] || printf 'Source: %s\n' "$3"
  printf 'Maintainer: nobody\nDescription: a test\n\n'
}
