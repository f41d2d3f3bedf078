#!/bin/sh
# A run that ends early, by a signal or a budget, says so, exits with 4 and leaves reports that are complete.
. tests/e2e.inc

misbehave slow # 200 ms an answer: all cases take longer than this script

# begin FOLDER ARGUMENT...: starts a run with reports in the folder; its process in $runner
begin() {
  mkdir "$1"
  folder=$1
  shift
  said="chatconform run $*"
  "$program" run --base-url "$url" --model m --report junit="$folder/j.xml" --report html="$folder/h.html" --report json="$folder/j.json" \
    --report ndjson="$folder/n.ndjson" --report markdown="$folder/m.md" --report tap="$folder/t.tap" "$@" >"$temp/out" 2>"$temp/err" </dev/null &
  runner=$!
}

# ended CODE TEXT: the run ended so, and its reports are whole
ended() {
  wait "$runner"
  code=$?
  exits "$1"
  same "$said: the last line" "$(tail -n 1 "$temp/err" | grep -cF -- "$2")" 1
  grep -q 'Sanitizer\|runtime error:' "$temp/err" && fail "$said: the sanitizer complains" && show "$temp/err"
  junit "$folder/j.xml"
  same "$said: the end of the page" "$(tail -n 1 "$folder/h.html")" '</html>'
  value "$folder/j.json" >/dev/null || fail "$said: the JSON report is none"
  same "$said: the last of the lines" "$(values "$folder/n.ndjson" /type | tail -n 1)" summary
  same "$said: cases" "$(grep -c '"type":"case"' "$folder/n.ndjson")" "$total"
  same "$said: the plan" "$(sed -n 's/^1\.\.//p' "$folder/t.tap")" "$total"
  same "$said: files left behind" "$(ls -A "$folder" | grep -c '^\.')" 0
}

# not_run: what the summary says
not_run() { tail -n 1 "$folder/n.ndjson" >"$temp/summary" && value "$temp/summary" /not_run; }

run list cases
total=$(wc -l <"$temp/out" | tr -d ' ')
for signal in INT TERM; do
  begin "$temp/$signal"
  sleep 1
  kill -$signal $runner
  ended 4 'incomplete: interrupted; '
  checks=$((checks + 1))
  [ "$(not_run)" -gt 0 ] && [ "$(not_run)" -lt "$total" ] || fail "$said: $(not_run) of $total cases were not run"
  says "$folder/j.xml" 'not run: interrupted'
done

begin "$temp/time" --max-time 600ms
ended 4 'incomplete: the time of 0.6 s is used up; '
begin "$temp/requests" --max-requests 5
ended 4 'incomplete: the budget of 5 requests is used up; '
same "$said: requests" "$(grep -o '"purpose":' "$folder/n.ndjson" | wc -l | tr -d ' ')" 5
begin "$temp/fast" --fail-fast --jobs 1
ended 1 'failed: 1 case failed, 0 flaky, 0 could not be judged, of '
says "$temp/err" 'stopped after 1 failure, as --fail-fast asks'

# Killed at once: what was there before is still there, and nothing half made in its place.
mkdir "$temp/kill"
echo before >"$temp/kill/j.xml"
said='chatconform run, killed'
"$program" run --base-url "$url" --model m --report junit="$temp/kill/j.xml" >/dev/null 2>&1 </dev/null &
runner=$!
sleep 0.5
kill -KILL $runner
wait $runner 2>/dev/null
same "$said: the report" "$(cat "$temp/kill/j.xml")" before

# The endpoint ends on a signal too, and in peace.
stop_servers
serve
for signal in INT TERM; do
  kill -$signal $server
  wait $server
  code=$?
  said="chatconform serve, $signal"
  exits 0
  serve
done
finish
