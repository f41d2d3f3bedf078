#!/bin/sh
# A long run in parts, by GNU parallel: on this machine, or on those that PARALLEL names, from which the parts are then fetched.
#
#   BASE_URL=https://gateway.example/v1 MODEL=my-model SHARDS=8 docs/ci/shards.sh
#   export PARALLEL='--sshlogin a,b --cleanup --return reports/shards/{}.ndjson'    # where REPORTS says another folder: of that
#
# The parts' own exit codes do not matter: `report` puts the parts together, says which is missing, and ends as one whole run would have.
# What an earlier run left is taken away first, so that no part of it stands in for one that is missing.
set -eu
: "${BASE_URL:?the address, such as https://gateway.example/v1}" "${MODEL:?the model to ask for}"
reports=${REPORTS:-reports} shards=${SHARDS:-4} chatconform=${CHATCONFORM:-chatconform}
mkdir -p "$reports/shards"
rm -f "$reports"/shards/*.ndjson
seq "$shards" | parallel --jobs "${JOBS:-$shards}" "$chatconform" run --base-url "$BASE_URL" --model "$MODEL" --quiet --shard "{}/$shards" \
  --report "ndjson=$reports/shards/{}.ndjson" "$@" || true
set -- "$reports"/shards/*.ndjson
[ -f "$1" ] || { echo "shards: none of the $shards parts could be run" >&2; exit 2; }
exec "$chatconform" report "$@" --report junit="$reports/junit.xml" --report html="$reports/report.html" --report console=-
