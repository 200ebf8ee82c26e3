#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Eclair authors
# SPDX-License-Identifier: Apache-2.0
# tools/check-layers finds nothing in this tree, and each kind of offence in one that has them all.
. "$SOURCE_DIR/tests/e2e/prelude.sh"

CHECK="$SOURCE_DIR/tools/check-layers"
"$CHECK" >"$T/out" 2>"$T/err" || die "offences in this tree: $(cat "$T/out")"

mkdir -p bad/src/{util,model,match,report,cli,odd}
printf 'eclair_module(util LIBRARIES zlib::zlib)\neclair_module(match DEPENDS util report)\n' >bad/src/CMakeLists.txt
printf '#include "model/os.h"\n#include "result.h"\n' >bad/src/util/up.h
printf '#include "util/up.h"\n#include <sqlite3.h>\n#include <filesystem>\n#include <regex>\n' >bad/src/model/heavy.h
printf '#include "store/interface.h"\n#include "store/sqlite/connection.h"\n#include "support/random.h"\n' >bad/src/match/door.cpp
printf '#include "support/random.h"\n#include <archive.h>\n#include "index/index.h"\n' >bad/src/match/door_test.cpp
printf '#include <curl/curl.h>\n#include "match/match.h"\n' >bad/src/report/net.cpp
mkdir bad/src/image && printf '#include "net/curl_library.h"\n' >bad/src/image/wraps.cpp
printf '#include "index/index.h"\n  #  include "store/interface.h"\n' >bad/src/cli/fine.cpp
: >bad/src/odd/file.cpp

rc=0; "$CHECK" bad >"$T/out" 2>"$T/err" || rc=$?
[ "$rc" = 1 ] || die "exit $rc, expected 1"
has 'match/ may not depend on report/'
has 'src/util/up.h:1: util/ may not use model/'
has 'src/util/up.h:2: includes are written from src/'
has 'src/model/heavy.h:2: <sqlite3.h> in a header'
has 'src/model/heavy.h:3: <filesystem> in a header'
has 'src/model/heavy.h:4: <regex> is not used'
has 'src/match/door.cpp:2: of store/ others may include only '
has 'src/match/door.cpp:3: tests/support is for tests'
has 'src/match/door_test.cpp:3: match/ may not use index/'
has 'src/report/net.cpp:1: <curl/curl.h> is not for report/'
has 'src/image/wraps.cpp:1: "net/curl_library.h" is for .cpp files of net/ alone'
has 'folder src/odd is not in the table'
lacks 'fine.cpp'
[ "$(wc -l <"$T/out")" = 12 ] || die "$(cat "$T/out")"
silent
