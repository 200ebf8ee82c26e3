#!/bin/sh
# SPDX-FileCopyrightText: The Eclair authors
# SPDX-License-Identifier: Apache-2.0
#
# A plain step of any pipeline: scans an image, leaves reports in a folder, and ends with the code that the pipeline is to see.
#
#   scan.sh IMAGE [FOLDER]
#
#   ECLAIR_FAIL_ON     what fails (high,fixable); docs/user/cli.md has the rules
#   ECLAIR_DATA_DIR    where advisories and layers are kept; keep it between runs, and they are fetched once a day
#   ECLAIR_USERNAME, ECLAIR_PASSWORD   for a private registry
#
# Exit codes: 0 passed, 2 the policy failed, 3 it failed only by what could not be judged, 1 an error.
set -eu
image=${1:?usage: scan.sh IMAGE [FOLDER]} folder=${2:-eclair-reports}
export ECLAIR_FAIL_ON="${ECLAIR_FAIL_ON:-high,fixable}"

mkdir -p "$folder"
# The table goes to the log; everything else is written whole or not at all, also when the policy fails.
exec eclair scan "$image" -f table -f json="$folder/eclair.json" -f sarif="$folder/eclair.sarif" -f junit="$folder/eclair-junit.xml" \
  -f html="$folder/eclair.html" -f markdown="$folder/eclair.md"
