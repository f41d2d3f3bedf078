#!/bin/sh
# The recipes of docs/ci that need no CI server: the gate in plain shell, and a run in parts by GNU parallel where that is there (other programs
# have its name too).
. tests/e2e.inc

gate() { # gate ARGUMENT...: with reports in $temp/reports
  rm -rf "$temp/reports"
  said="gate.sh $*"
  CHATCONFORM="$program" REPORTS="$temp/reports" MODEL=reference docs/ci/gate.sh "$@" >"$temp/out" 2>"$temp/err" </dev/null
  code=$?
}

# The server is started, waited for and ended.
port=$("$helper" port)
BASE_URL=http://127.0.0.1:$port/v1 GATEWAY="$program serve --port $port" gate chat/usage chat/stop
exits 0
junit "$temp/reports/junit.xml"
for report in report.html summary.md run.ndjson; do [ -s "$temp/reports/$report" ] || fail "$said: there is no $report"; done
curl -s -o "$temp/models" --max-time 2 "http://127.0.0.1:$port/v1/models" && fail "$said: the server is still there"

# The verdict is that of the run, and the reports are there all the same.
serve --defect response.usage.prompt-missing
export BASE_URL="$url"
gate chat/usage
exits 1
says err 'gate: the server does not do what it should'
junit "$temp/reports/junit.xml"
gate --tag nothing
exits 2
says err 'gate: the run could not be done (exit code 2)'

if needs 'GNU parallel: a run in parts (docs/ci/shards.sh)' sh -c 'parallel --version | grep GNU'; then
  shards() { # shards ARGUMENT...: in three parts, with reports in $temp/shards
    said="shards.sh $*"
    CHATCONFORM="$program" REPORTS="$temp/shards" MODEL=reference SHARDS=3 docs/ci/shards.sh "$@" >"$temp/out" 2>"$temp/err" </dev/null
    code=$?
  }
  shards
  exits 1
  junit "$temp/shards/junit.xml"
  "$program" list cases >"$temp/cases"
  same 'cases in all shards' "$(xmllint --xpath 'string(/testsuites/@tests)' "$temp/shards/junit.xml")" "$(wc -l <"$temp/cases" | tr -d ' ')"
  rm "$temp/shards/shards/2.ndjson"
  run report "$temp"/shards/shards/*.ndjson
  exits 4
  says err 'the shard 2/3 is missing'

  # What is left of that run is no result of the next.
  shards --no-such-option
  exits 2
  says err 'there is no option --no-such-option'
  says err 'shards: none of the 3 parts could be run'
  same "$said: parts" "$(ls "$temp/shards/shards")" ''
fi
finish
