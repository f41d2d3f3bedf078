#!/bin/sh
# Streams and the clock: one that is kept back, one that stalls and one without an end are each reported as what they are, in every report;
# what is slow or odd but legal is no finding.
. tests/e2e.inc

# ask DEFECT CASE ARGUMENT...: one case against an endpoint with that defect.
ask() {
  defect=$1 which=$2
  shift 2
  serve --defect "$defect"
  run run "$which" --base-url "$url" --model reference --report console=- --report junit="$temp/junit.xml" --report html="$temp/report.html" \
    --report ndjson="$temp/run.ndjson" "$@"
  stop_servers
  said="the defect $defect"
  junit "$temp/junit.xml"
}

# everywhere TEXT: all reports say so.
everywhere() {
  for report in out junit.xml report.html run.ndjson; do says "$temp/$report" "$1"; done
}

# A machine that lets us wait for a processor proves nothing at that moment: it is asked again.
for attempt in 1 2 3 4 5 6 7 8 9 10; do
  ask stream.buffered chat/stream/incremental --fail-on should
  grep -q '"at_once":true' "$temp/run.ndjson" && break
done
exits 1
everywhere stream.incremental
everywhere "s after the request"
says "$temp/run.ndjson" '"at_once":true'
ask stream.buffered chat/stream/incremental
exits 0

ask stream.stalled chat/stream/content --timeout idle=1s
exits 1
everywhere net.timeout.idle
says out "the stream stalled after 3 events"
says "$temp/junit.xml" "the stream stalled after 3 events"
says "$temp/report.html" "the stream stalled after 3 events"

ask stream.endless chat/stream/content --timeout total=2s
exits 1
everywhere net.timeout.total
for report in out junit.xml report.html; do says "$temp/$report" "the stream has no end ("; done

# Figures of every stream.
ask stream.commented chat/stream/usage-asked
exits 0
says "$temp/run.ndjson" '"stream":{"events":'
says "$temp/run.ndjson" '"at_once":false'
never_says "$temp/run.ndjson" '"keep_alives":0'
says "$temp/junit.xml" "keep-alives"
says "$temp/report.html" "keep-alives"

# What is legal is sent, too: if it were not, nothing would be found about it either.
# sent DEFECT: a stream, in $temp/sent as a client reads it; its bytes in $length. The transfer puts five bytes around each piece of less than
# 16, and five at the end: so many $pieces it has.
sent() {
  said="the stream of $1"
  serve --defect "$1"
  for raw in '' --raw; do
    # shellcheck disable=SC2086 # none or one
    curl -sN $raw --max-time 60 "$url/chat/completions" -H 'Authorization: Bearer any-key' -H 'Content-Type: application/json' \
      -d '{"model":"reference","stream":true,"messages":[{"role":"user","content":"Say hi"}]}' >"$temp/sent$raw"
  done
  stop_servers
  length=$(wc -c <"$temp/sent") events=$(grep -c '^data:' "$temp/sent")
  pieces=$((($(wc -c <"$temp/sent--raw") - length) / 5 - 1))
  checks=$((checks + 1))
  [ "$events" -ge 3 ] || fail "$said: $events events"
}
sent stream.dripped
same "$said: pieces" $pieces $((length))
sent stream.in-threes
checks=$((checks + 1))
[ $((pieces * 3)) -ge "$length" ] && [ $((pieces * 3)) -le $((length + 2 * events)) ] || fail "$said: $pieces pieces for $length bytes"
sent stream.commented
same "$said: comments" "$(grep -c '^: keep-alive$' "$temp/sent")" $((events - 1)) # there is none before [DONE]
sent stream.carriage-returns
same "$said: other ends of lines" "$(grep -cv "$(printf '\r')\$" "$temp/sent")" 0
sent stream.no-blank
same "$said: blanks behind data:" "$(grep -c '^data: {' "$temp/sent")" 0
sent stream.error.told
says "$temp/sent" 'data: {"error":{"message":"Overloaded."'
same "$said: the end" "$(grep '^data:' "$temp/sent" | tail -n 1)" 'data: [DONE]'

# legal DEFECT JOBS: nothing is found about it.
legal() {
  ask "$1" 'chat/stream/**' --fail-on warning --jobs "$2"
  exits 0
  never_says "$temp/run.ndjson" '"severity":"error"'
  never_says "$temp/run.ndjson" '"severity":"warning"'
}

# Forty streams on one busy machine make each other late; that is no fault of theirs.
for defect in stream.dripped stream.in-threes stream.commented stream.carriage-returns stream.no-blank; do legal $defect 40; done
# A stall in one case holds up no other: with as many jobs as cases all of them take hardly longer than one.
legal stream.stalled 40
finish
