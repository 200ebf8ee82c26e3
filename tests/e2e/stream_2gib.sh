# SPDX-FileCopyrightText: The Eclair authors
# SPDX-License-Identifier: Apache-2.0
# A layer of 2 GiB is read as it comes: its packages are known while the registry still holds its last bytes back, and memory stays
# under 64 MiB. Nothing of it is stored.
source "$(dirname "$0")/prelude.sh"
source "$SOURCE_DIR/tests/support/servers.sh"
mib=2048
# The sanitizers' own memory is not ours, and they are slow.
sanitized=no; ! grep -q __asan_init "$ECLAIR" || { sanitized=yes; mib=64; }
serve long "$SOURCE_DIR/tests/support/long_layer_server.py" long "$mib"
mkdir tmp
rc=0
TMPDIR=$T/tmp python3 "$SOURCE_DIR/tests/support/watch.py" --until 'packages 3' --touch long/go --seconds 240 -- \
  "$ECLAIR" scan --offline -f json "$address/acme/long:1" >out 2>err || rc=$?
grep -q 'matched=yes' err || die "the packages were not known before the end of the layer"
[ -e long/all_sent ] || die "the layer was not read to its end"
[ $rc = 0 ] || die "exit $rc"
is 'sorted(p["name"] for p in r["packages"].values())' "['first', 'second', 'third']"
peak=$(sed -n 's/.*peak_kib=//p' err)
echo "peak memory: $peak KiB for a layer of $mib MiB"
[ $sanitized = yes ] || [ "$peak" -lt $((64 << 10)) ] || die "peak memory $peak KiB, more than 64 MiB"
stored=$(du -sk data | cut -f1)
[ "$stored" -lt 4096 ] || die "$stored KiB were stored"
