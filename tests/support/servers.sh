# SPDX-FileCopyrightText: The Eclair authors
# SPDX-License-Identifier: Apache-2.0
# Sourced after prelude.sh by scripts that need a registry. Every server is ended with the script.
servers=()
end_servers() { local pid; for pid in "${servers[@]}"; do kill "$pid" 2>/dev/null || true; wait "$pid" 2>/dev/null || true; done; }
# The prelude's own finish comes after, with the script's status.
trap 'status=$?; set +e; trap - ERR; end_servers; (exit $status); finish' EXIT

# serve DIR COMMAND...: starts it, and sets $address when it is ready.
serve() {
  local dir=$1 i; shift
  python3 "$@" &
  servers+=($!)
  for ((i = 0; i < 1200; ++i)); do [ -e "$dir/address" ] && { address=$(cat "$dir/address"); return; }; sleep 0.05; done
  die "no server in $dir: $(tail -n 5 "$dir/log" 2>/dev/null)"
}
# registry DIR [OPTION]...: a real one; needs Debian's docker-registry.
registry() {
  command -v docker-registry >/dev/null || skip "docker-registry is not installed"
  serve "$1" "$SOURCE_DIR/tests/support/registry.py" serve "$@"
}
push() { python3 "$SOURCE_DIR/tests/support/registry.py" push "$@"; }
# faulty DIR LAYOUT FAULT: one that breaks in the way named.
faulty() { serve "$1" "$SOURCE_DIR/tests/support/faulty_registry.py" "$2" "$1" --fault "$3"; }
