#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Eclair authors
# SPDX-License-Identifier: Apache-2.0
# The templates of examples/pipelines are what the systems read, and what they run does what docs/user/ci.md says: on the bundled example, in bash
# as the systems start it. GitHub's files are held against GitHub's own reader; what others would do with the reports is the affair of the formats' tests.
. "$SOURCE_DIR/tests/e2e/prelude.sh"
need_validators
[ -d "$SOURCE_DIR/tests/validators/node_modules/@actions" ] || skip "the packages of tests/validators are older than this test (./dev setup)"
at=$SOURCE_DIR/examples/pipelines
for format in sarif junit html markdown gitlab; do
  run scan --offline -f "$format" ./missing
  ! grep -q 'not a format\|not supported yet' err || skip "there is no format $format"
done
python3 "$SOURCE_DIR/examples/build-sample" shop >/dev/null
expect 0 db import --feed debian "$SOURCE_DIR/examples/advisories/debian.json"
mkdir bin
ln -s "$ECLAIR" bin/eclair
export PATH="$T/bin:$PATH" ECLAIR_OFFLINE=true
json_of() { node "$SOURCE_DIR/tests/validators/yaml.mjs" "$1"; }
# step CODE SCRIPT...: a script as a step of a job, in the environment of the caller.
step() { local want=$1 rc=0; shift; "$@" >"$T/out" 2>"$T/err" || rc=$?; [ "$rc" = "$want" ] || { cat "$T/err" >&2; die "exit $rc, expected $want"; }; }

# --- any shell
step 0 sh "$at/scan.sh" oci-dir:shop     # nothing of it is known to be grave
has "CVE-2024-45490"
for name in eclair.json eclair.sarif eclair-junit.xml eclair.html eclair.md; do [ -s "eclair-reports/$name" ] || die "no $name"; done
ECLAIR_FAIL_ON=fixable step 2 sh "$at/scan.sh" oci-dir:shop failed
says "policy failed: fixable: "
[ "$(ls failed | wc -l)" = 5 ] || die "a scan that fails leaves its reports"
step 1 sh "$at/scan.sh" ./missing nothing

# --- GitHub: the composite action's scripts, with its inputs and the files that a runner gives
valid github-action "$at/github/action.yml"
valid github-workflow "$at/github/workflow.yml"
sed 's/shell: bash/shel: bash/' "$at/github/action.yml" >bad.yml; invalid github-action bad.yml
sed 's/runs-on:/run-on:/' "$at/github/workflow.yml" >bad.yml; invalid github-workflow bad.yml
json_of "$at/github/action.yml" >action.json
json_of "$at/github/workflow.yml" >workflow.json
python3 - action.json workflow.json <<'PY'
import json, sys
action, workflow = (json.load(open(name)) for name in sys.argv[1:])
used, = [step for step in workflow["jobs"]["image"]["steps"] if step.get("uses") == "./.github/actions/eclair"]
assert set(used["with"]) <= set(action["inputs"]), "the workflow gives inputs that the action has not"
assert {name for name, one in action["inputs"].items() if one.get("required")} <= set(used["with"]), "an input is missing"
for step in action["runs"]["steps"]:  # what users write is never part of a script
    assert "${{" not in step.get("run", ""), step["run"]
PY
# run_of STEP: the script of a step, for `bash --noprofile --norc -eo pipefail {0}`.
run_of() { python3 -c 'import json,sys; print(next(s["run"] for s in json.load(open(sys.argv[1]))["runs"]["steps"] if s.get("id") == sys.argv[2]))' action.json "$1" >"$1.sh"; }
run_of day; run_of scan
action() {  # CODE IMAGE RULES
  : >summary; : >output
  GITHUB_STEP_SUMMARY=$T/summary GITHUB_OUTPUT=$T/output ECLAIR=eclair IMAGE=$2 FAIL_ON=$3 SARIF=eclair.sarif JSON=eclair.json ECLAIR_USERNAME='' ECLAIR_PASSWORD='' \
    step "$1" bash --noprofile --norc -eo pipefail scan.sh
}
GITHUB_OUTPUT=$T/output step 0 bash --noprofile --norc -eo pipefail day.sh
grep -qx 'day=20[0-9][0-9]-[01][0-9]-[0-3][0-9]' output || die "no day"
action 0 oci-dir:shop high,fixable
[ "$(cat output)" = "code=0
sarif=eclair.sarif" ] || die "other outputs: $(cat output)"
valid sarif eclair.sarif
grep -q 'CVE-2024-45490' summary || die "no summary"
rm eclair.sarif
action 2 oci-dir:shop $'critical\n\nfixable\n'
grep -qx code=2 output && grep -qx sarif=eclair.sarif output || die "other outputs: $(cat output)"
rm eclair.sarif
action 1 './missing; touch hurt' high
grep -qx code=1 output || die "other outputs: $(cat output)"
! grep -q sarif output || die "a file that is not there is told of"
[ ! -e hurt ] || die "an input was run"

# --- GitLab: the script with its variables, each line as the runner runs it
json_of "$at/gitlab/eclair.gitlab-ci.yml" >gitlab.json
python3 - gitlab.json <<'PY'
import json, sys
job = json.load(open(sys.argv[1]))["eclair"]
reports = job["artifacts"]["reports"]
assert job["artifacts"]["when"] == "always" and job["allow_failure"] == {"exit_codes": [3]}
assert {reports["container_scanning"], reports["junit"]} <= set(job["artifacts"]["paths"])
open("gitlab.sh", "w").write("set -eo pipefail\n" + "\n".join(job["script"]) + "\n")
names = " ".join("%s=%s" % (k, json.dumps(v)) for k, v in job["variables"].items() if k.startswith("ECLAIR_FAIL"))
open("gitlab.env", "w").write("export " + names + "\n")
PY
. ./gitlab.env
IMAGE=oci-dir:shop step 0 bash gitlab.sh
for name in gl-container-scanning-report.json eclair-junit.xml eclair.html eclair.json; do [ -s "$name" ] || die "no $name"; rm "$name"; done
IMAGE=oci-dir:shop ECLAIR_FAIL_ON=fixable step 2 bash gitlab.sh
[ -s gl-container-scanning-report.json ] || die "a scan that fails leaves its reports"
unset ECLAIR_FAIL_ON

# --- Jenkins: what it gives to sh
python3 - "$at/jenkins/Jenkinsfile" <<'PY'
import re, sys
text = open(sys.argv[1]).read()
script, = re.findall(r"sh\(returnStatus: true, script: '([^']*)'\)", text)
open("jenkins.sh", "w").write(script + "\n")
assert text.count("{") == text.count("}")
PY
IMAGE=oci-dir:shop ECLAIR_FAIL_ON=fixable step 2 sh -xe jenkins.sh
for name in eclair-junit.xml eclair.html eclair.json; do [ -s "$name" ] || die "no $name"; done
