#!/bin/sh
# A long run in parts, by GNU parallel: on this machine, or on those that PARALLEL names (PARALLEL='--sshlogin a,b --return {}.ndjson').
#
#   BASE_URL=https://gateway.example/v1 MODEL=my-model SHARDS=8 docs/ci/shards.sh
#
# The parts' own exit codes do not matter: `report` puts the parts together, says which is missing, and ends as one whole run would have.
set -eu
: "${BASE_URL:?the address, such as https://gateway.example/v1}" "${MODEL:?the model to ask for}"
reports=${REPORTS:-reports} shards=${SHARDS:-4} chatconform=${CHATCONFORM:-chatconform}
mkdir -p "$reports/shards"
seq "$shards" | parallel --jobs "${JOBS:-$shards}" "$chatconform" run --base-url "$BASE_URL" --model "$MODEL" --quiet --shard "{}/$shards" \
  --report "ndjson=$reports/shards/{}.ndjson" "$@" || true
exec "$chatconform" report "$reports"/shards/*.ndjson --report junit="$reports/junit.xml" --report html="$reports/report.html" --report console=-
