#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Eclair authors
# SPDX-License-Identifier: Apache-2.0
# Every metric that the dashboard and the documentation name is one that the service has, and every one of it is documented.
. "$SOURCE_DIR/tests/e2e/prelude.sh"
. "$SOURCE_DIR/tests/support/serve.sh"
serve
curl -sf "$HEALTH/metrics" >metrics
stop_serve
python3 - metrics "$SOURCE_DIR/examples/grafana.json" "$SOURCE_DIR/docs/user/service.md" <<'PY'
import json, re, sys
text = open(sys.argv[1]).read()
families = set(re.findall(r"^# TYPE (\S+) ", text, re.M))
name = re.compile(r"\b((?:eclair|clair|process)_[a-z_]+)\b")
def base(one): return one if one in families else re.sub(r"_(bucket|sum|count)$", "", one)
board = json.load(open(sys.argv[2]))
used = {base(n) for p in board["panels"] for t in p["targets"] for n in name.findall(t["expr"])}
assert used and used <= families, ("the dashboard names", used - families)
told = set(name.findall(open(sys.argv[3]).read())) - {"process_"}
assert told <= families, ("the documentation names", told - families)
missing = {f for f in families if not f.startswith("process_")} - told
assert not missing, ("not documented", missing)
for line in text.splitlines():  # the text format, line by line
    assert re.fullmatch(r"# (HELP|TYPE) \S+ .+|[a-z_]+(\{[a-z_]+=\"[^\"]*\"(,[a-z_]+=\"[^\"]*\")*\})? [-+0-9.e]+(Inf)?", line), line
PY
