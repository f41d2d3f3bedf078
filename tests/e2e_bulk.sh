#!/bin/sh
# Bulk verification: what is counted, what is left out, and that a run that ended early, by whatever, can be gone on with.
. tests/e2e.inc

# request NUMBER MEMBERS: a line with a request of its own; the endpoint calls the tool when it has to.
request() { printf '{"model": "m", "messages": [{"role": "user", "content": "Weather in city %s?"}]%s}\n' "$1" "$2"; }
tool='{"type": "function", "function": {"name": "get_weather", "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}}}'
must=", \"tools\": [$tool], \"tool_choice\": \"required\""

# lines COUNT: so many requests, every second one with a call, every third streamed.
lines() {
  n=0
  while [ $n -lt "$1" ]; do
    n=$((n + 1)) members=
    [ $((n % 2)) -eq 0 ] && members=$must
    [ $((n % 3)) -eq 0 ] && members="$members, \"stream\": true"
    request $n "$members"
  done
}

# bulk ARGUMENT...: run --requests, with no report but the table.
bulk() { run run --quiet --report json="$temp/report.json" "$@"; }

# figure GROUP NAME: "value" or "value/of" in the last report, or in the one that the third argument names.
figure() {
  tr '}' '\n' <"${3:-$temp/report.json}" | sed -n "s/.*\"group\": *\"$1\", *\"name\": *\"$2\".*\"value\": *\([0-9a-z.]*\)\(, *\"of\": *\([0-9]*\)\)\{0,1\}.*/\1 \3/p" |
    sed -e 's/ $//' -e 's/ /\//'
}

# counts NAME VALUE [GROUP]
counts() { same "$said: $1" "$(figure "${3:-tool calls}" "$1")" "$2"; }

lines 12 >"$temp/twelve.jsonl"
serve
to="--base-url $url --model reference"

# --- figures of an endpoint without a fault

# shellcheck disable=SC2086 # words
bulk $to --requests "$temp/twelve.jsonl" --results "$temp/r1"
exits 0
says err 'the model of each request is replaced by reference'
counts lines 12 requests
counts answered 12/12 requests
counts 'requests with tools' 6
counts 'called (finish_reason tool_calls)' 6/12
counts 'arguments are JSON' 6/6
counts 'name is declared' 6/6
counts 'arguments fit the schema' 6/6
counts 'without a must-level finding' 12/12 answers
same "$said: results" "$(grep -c '"type":"request"' "$temp/r1")" 12
same "$said: requests" "$(value "$temp/report.json" /summary/requests)" 12
took=$(value "$temp/report.json" /summary/tokens)
checks=$((checks + 1))
[ "$took" -gt 0 ] || fail "$said: $took tokens were taken"
same "$said: tokens" "$(figure tokens total)" "$(sed -n 's/.*"total_tokens":\([0-9]*\).*/\1/p' "$temp/r1" | awk '{ sum += $1 } END { print sum }')"
same "$said: answers with usage" "$(figure tokens 'completions with usage')" 8/12

# All formats have the figures.
run report "$temp/r1" --report json="$temp/r.json" --report junit="$temp/r.xml" --report markdown="$temp/r.md" --report html="$temp/r.html" --report tap="$temp/r.tap"
exits 0
junit "$temp/r.xml"
same "$said: requests and tokens" "$(value "$temp/r.json" /summary/requests) $(value "$temp/r.json" /summary/tokens)" "12 $took"
says "$temp/r.xml" '<property name="figure.tool calls.arguments fit the schema" value="6 of 6 (100.0 %)"/>'
says "$temp/r.md" '| tool calls | requests with tools | 6 |'
says "$temp/r.html" '<td>6 of 12 (50.0 %)</td>'
says out '6 of 12 (50.0 %)'

# --stream and --no-stream say what each request asks for.
# shellcheck disable=SC2086
bulk $to --requests "$temp/twelve.jsonl" --results "$temp/r2" --stream
same "$said: streams" "$(grep -c '"stream":true' "$temp/r2")" 12
# shellcheck disable=SC2086
bulk $to --requests "$temp/twelve.jsonl" --results "$temp/r3" --no-stream
same "$said: streams" "$(grep -c '"stream":true' "$temp/r3")" 0
counts 'first event p50' null latency

# --- lines that are no requests, with their places

{
  request 1 ''
  printf '{"model": "m",\n\n[1]\n{"request": 3, "status": 200}\n'
  printf '{"request": {"model": "m", "messages": []}, "status": 200, "response": {}}\n'
  request 7 ', "temperature": 9'
  request 8 ', "note": "${this} and $${that}"' | sed 's/"note".*}"//; s/, }/}/'
  request 9 "" | sed 's/Weather/${weather} in $${x}/'
} >"$temp/odd.jsonl"
# shellcheck disable=SC2086
bulk $to --requests "$temp/odd.jsonl" --results "$temp/odd"
exits 0
says err 'odd.jsonl:2:15: this is not JSON'
says err 'odd.jsonl:4:1: the line is no object, so it is no request'
says err 'odd.jsonl:5:1: the request of this exchange is no object'
says err 'odd.jsonl:6:40: messages'
says err '[request.messages.min_items]'
says err 'odd.jsonl:7:'
says err '[request.temperature.range]'
counts lines 8 requests
counts 'left out' 5 requests
counts answered 3/3 requests

request 1 '' | sed -e 's/"m"/"reference"/' -e 's/: /:/g' -e 's/, /,/g' >"$temp/one.jsonl"

# Nothing to send is a mistake; so is a file that is not there, or options that do not fit together.
printf '[]\n' >"$temp/none.jsonl"
# shellcheck disable=SC2086
bulk $to --requests "$temp/none.jsonl" --results "$temp/none"
exits 2
says err 'nothing was sent: none of 1 line is a request that may be sent'
refuses 2 'No such file' run --requests "$temp/nothing"
refuses 2 'go with --requests FILE' run --reference "$temp/r1"
refuses 2 'say the opposite' run --requests "$temp/twelve.jsonl" --stream --no-stream
refuses 2 'are not run together with --requests' run --requests "$temp/twelve.jsonl" 'chat/**'
for option in --tag=smoke --skip=a --level=must --baseline=b --probe --repeat=2 --capability=tools=no --suites=s --env=HOME --failures=f; do
  refuses 2 "${option%%=*} is about cases of suites; it does not go with --requests" run --requests "$temp/twelve.jsonl" "$option"
done
printf 'base_url: %s\nmodel: reference\ncapabilities: {tools: false}\n' "$url" >"$temp/target.yaml" # it is for runs of both kinds
bulk --target "$temp/target.yaml" --requests "$temp/one.jsonl" --results "$temp/target"
exits 0
refuses 2 'there are no results to go on with' run --requests "$temp/twelve.jsonl" --base-url "$url" --resume "$temp/nothing"
refuses 2 'no line has a completion' run --requests "$temp/twelve.jsonl" --reference "$temp/twelve.jsonl"

# A line may have as many bytes as a document (--limit bytes=N), and a file so many lines.
length=$(($(wc -c <"$temp/one.jsonl") - 1))
# shellcheck disable=SC2086
bulk $to --requests "$temp/one.jsonl" --results "$temp/limit1" --limit bytes=$length
counts 'left out' 0 requests
counts answered 1/1 requests
# shellcheck disable=SC2086
bulk $to --requests "$temp/one.jsonl" --results "$temp/limit2" --limit bytes=$((length - 1))
exits 2
says err 'one.jsonl:1:'
counts 'left out' 1 requests
yes '' | head -n 1000000 >"$temp/many.jsonl"
request 1 '' >>"$temp/many.jsonl"
refuses 2 'has 1000001 lines; 1000000 are taken at most' run --requests "$temp/many.jsonl"
sed 1d "$temp/many.jsonl" >"$temp/most.jsonl"
run run --requests "$temp/most.jsonl" --dry-run
exits 0
says out '1 request would be sent, 0 lines left out'
rm "$temp/many.jsonl" "$temp/most.jsonl"

# --- shards put together are the whole

for part in 1 2 3; do
  # shellcheck disable=SC2086
  bulk $to --requests "$temp/twelve.jsonl" --results "$temp/part$part" --shard $part/3 --reference "$temp/r1"
  exits 0
  counts lines 4 requests
done
# shellcheck disable=SC2086
bulk $to --requests "$temp/twelve.jsonl" --results "$temp/whole" --reference "$temp/r1"
run report "$temp/whole" --report ndjson="$temp/whole.ndjson"
run report "$temp/part3" "$temp/part1" "$temp/part2" --report ndjson="$temp/merged.ndjson"
exits 0
alike "$temp/whole.ndjson" "$temp/merged.ndjson" -e 's/{"group":"latency"[^}]*}//g' \
  -e 's/{"group":"tokens","name":"completion, while answering"[^}]*}//'
says "$temp/merged.ndjson" '"name":"F1","unit":"ratio","value":1}'
run report "$temp/part1" "$temp/part3"
exits 4
says err 'the shard 2/3 is missing'
sed '$s/"exit_code":[0-9]*/"exit_code":5/' "$temp/part1" >"$temp/broken1"
sed '$d' "$temp/part2" >"$temp/open2"
for order in "$temp/broken1 $temp/open2" "$temp/open2 $temp/broken1"; do
  # shellcheck disable=SC2086
  run report $order "$temp/part3"
  exits 5
done
refuses 2 'the result of line 1 is there already' report "$temp/part1" "$temp/part1"
refuses 2 'has figures, which cannot be added up' report "$temp/whole.ndjson" "$temp/merged.ndjson"
run report "$temp/whole.ndjson" --report ndjson="$temp/again.ndjson"
cmp -s "$temp/whole.ndjson" "$temp/again.ndjson" || fail 'a record with figures reads back as another one'
checks=$((checks + 1))

# --- going on: the same file again sends nothing; what is torn, or was not answered, is sent again

# shellcheck disable=SC2086
bulk $to --requests "$temp/twelve.jsonl" --results "$temp/r1"
exits 0
says err 'the results of 12 lines are there'
counts answered 12/12 requests
same "$said: results" "$(grep -c '"type":"request"' "$temp/r1")" 12
head -n 6 "$temp/r1" >"$temp/torn"
sed -n 7p "$temp/r1" | head -c 100 >>"$temp/torn"
run run --requests "$temp/twelve.jsonl" --resume "$temp/torn" --dry-run
exits 0
says out '7 requests would be sent, 0 lines left out; the results of 5 lines are there'
refuses 2 'there are no results to go on with' run --requests "$temp/twelve.jsonl" --resume "$temp/nothing" --dry-run
# shellcheck disable=SC2086
bulk $to --requests "$temp/twelve.jsonl" --resume "$temp/torn"
exits 0
says err 'torn:7: the last line is cut off, so it is dropped and its request is sent again'
says err 'the results of 5 lines are there'
counts answered 12/12 requests
counts 'called (finish_reason tool_calls)' 6/12
same "$said: lines of the results" "$(sed -n 's/.*"line":\([0-9]*\).*/\1/p' "$temp/torn" | sort -n | tr '\n' ' ')" '1 2 3 4 5 6 7 8 9 10 11 12 '
sed 's/city 3/city 33/' "$temp/twelve.jsonl" >"$temp/other.jsonl"
sed "s/twelve/other/" "$temp/r1" >"$temp/r1other"
# shellcheck disable=SC2086
bulk $to --requests "$temp/other.jsonl" --results "$temp/r1other"
exits 2
says err 'other.jsonl:3: this is not the request whose result is in'
# shellcheck disable=SC2086
refuses 2 'has results of another file of requests' run --quiet $to --requests "$temp/other.jsonl" --results "$temp/r1"
refuses 2 'has results of another model' run --quiet --base-url "$url" --requests "$temp/twelve.jsonl" --results "$temp/r1"
sed '3s/"status":200/"status":"fine"/' "$temp/r1" >"$temp/wrong"
# shellcheck disable=SC2086
refuses 2 'wrong:3: status is no number' run --quiet $to --requests "$temp/twelve.jsonl" --results "$temp/wrong"
sed '3s/"line":[0-9]*/"line":1000000/' "$temp/r1" >"$temp/far" # whatever a line is called costs memory up to it
run report "$temp/far"
exits 0
sed '3s/"line":[0-9]*/"line":1000001/' "$temp/r1" >"$temp/far"
refuses 2 'far:3: line is no number, or not one that can be' report "$temp/far"
{ yes '' | head -n 1000000; request 1 ''; } >"$temp/many.jsonl"
cat "$temp/many.jsonl" | "$program" run --requests - --dry-run >"$temp/out" 2>"$temp/err" # a pipe: nobody can count its lines before
code=$? said='chatconform run --requests - --dry-run'
exits 2
says err 'has more than 1000000 lines, and no more are taken'
sed 1d "$temp/many.jsonl" | "$program" run --requests - --dry-run >"$temp/out" 2>"$temp/err"
says out '1 request would be sent, 0 lines left out'
rm "$temp/many.jsonl"
printf 'hello\n' >"$temp/text"
# shellcheck disable=SC2086
refuses 2 'text:1:' run --quiet $to --requests "$temp/twelve.jsonl" --results "$temp/text"
same "a file that holds no results" "$(cat "$temp/text")" hello
stop_servers

# --- the same requests, and tools called badly

# spoilt DEFECT...: against an endpoint with these defects; the figures of tool calls in one line.
spoilt() {
  defects=
  for defect in "$@"; do defects="$defects --defect $defect"; done
  # shellcheck disable=SC2086
  serve $defects
  bulk --base-url "$url" --model reference --requests "$temp/twelve.jsonl" --results "$temp/spoilt" --reference "$temp/r1"
  tools="$(figure 'tool calls' 'called (finish_reason tool_calls)') $(figure 'tool calls' 'arguments are JSON') $(figure 'tool calls' 'name is declared') $(figure 'tool calls' 'arguments fit the schema') $(figure 'tool calls' 'not judged for other errors')"
  stop_servers
}

spoilt request.tool-choice.ignored
exits 1
same "$said: calls" "$tools" '0/12 null/0 null/0 null/0 0'
same "$said: recall" "$(figure 'calls against the reference' recall)" 0
same "$said: precision" "$(figure 'calls against the reference' precision)" null
same "$said: missed" "$(figure 'calls against the reference' 'only the reference calls')" 6
cp "$temp/spoilt" "$temp/ignored"
rm "$temp/spoilt"
run compare "$temp/r1" "$temp/ignored"
exits 0
says out '6 of 12 (50.0 %)        0 of 12 (0.0 %)'
grep -q 'F1  *-  *0\.0000$' "$temp/out" || fail 'compare does not tell F1'
checks=$((checks + 1))

# Four calls are not streamed: of these the arguments are an object, which is no JSON text; the names cannot be judged then.
spoilt response.tool-calls.arguments-object
exits 1
same "$said: calls" "$tools" '6/12 2/6 2/2 2/6 0'
same "$said: F1" "$(figure 'calls against the reference' F1)" 1
rm "$temp/spoilt"
# The two streamed calls have no index: what they add up to is not known.
spoilt stream.tool-calls.index-missing
exits 1
same "$said: calls" "$tools" "6/12 4/4 4/4 4/4 2"
rm "$temp/spoilt"
# Arguments that are no JSON are a warning, but they are counted.
spoilt stream.tool-calls.arguments-cut
exits 0
same "$said: calls" "$tools" "6/12 4/6 6/6 4/6 0"
counts stream.delta.tool_calls.arguments.json 2/12 'answers by rule'
rm "$temp/spoilt"

# Whoever wants it stricter, or compared with something, need not send it all again.
serve --defect stream.tool-calls.arguments-cut
spoilt="--base-url $url --model reference --requests $temp/twelve.jsonl --results $temp/strict"
# shellcheck disable=SC2086
bulk $spoilt
exits 0
stop_servers
# shellcheck disable=SC2086
bulk $spoilt --reference "$temp/r1" --fail-on should
exits 1
says err 'failed: 2 of 12 answers break a rule that counts, 0 of 12 requests failed'
counts F1 1 'calls against the reference'

# Recorded exchanges are a reference too; requests may come through a pipe.
printf '{"request": %s, "status": 200, "response": {"choices": [{"finish_reason": "tool_calls"}]}}\n' "$(request 2 "$must")" >"$temp/exchange.jsonl"
printf '{"request": %s, "status": 200, "response": {"choices": [{"finish_reason": "stop"}]}}\n' "$(request 2 "$must")" >>"$temp/exchange.jsonl"
printf '{"request": %s, "status": 429, "response": {"error": {}}}\n' "$(request 2 "$must")" >>"$temp/exchange.jsonl"
"$program" run --quiet --requests - --reference "$temp/exchange.jsonl" --results "$temp/piped" --report json="$temp/report.json" \
  <"$temp/exchange.jsonl" >"$temp/out" 2>"$temp/err"
code=$? said='chatconform run --requests -'
exits 0
counts 'both call' 1 'calls against the reference'
counts 'only this one calls' 1 'calls against the reference'
counts precision 0.5 'calls against the reference'
counts recall 1 'calls against the reference'
counts 'lines that it lacks' 1 'calls against the reference'
refuses 2 'cannot be read: Is a directory' run --requests "$temp" --dry-run

# --- ends

# Ended from outside: what came is there, the reports are whole, and the rest is sent later.
misbehave slow
lines 120 >"$temp/many.jsonl" # they take longer than anybody needs to look
for signal in INT KILL; do
  said="chatconform run --requests, $signal"
  "$program" run --base-url "$url" --model m --requests "$temp/many.jsonl" --results "$temp/cut$signal" --jobs 2 --report json="$temp/report.json" \
    --fail-on never >"$temp/out" 2>"$temp/err" </dev/null &
  runner=$!
  tries=0
  until [ "$(grep -c '"type":"request"' "$temp/cut$signal" 2>/dev/null)" -ge 3 ] 2>/dev/null || [ $tries -ge 200 ]; do sleep 0.05 && tries=$((tries + 1)); done
  kill -$signal $runner
  wait $runner 2>/dev/null
  code=$?
  written=$(grep -c '"type":"request"' "$temp/cut$signal")
  checks=$((checks + 1))
  [ "$written" -ge 3 ] && [ "$written" -lt 120 ] || fail "$said: $written of 120 lines have results"
  [ $signal = KILL ] && continue
  exits 4
  says err 'incomplete: interrupted; '
  says err "lines were not sent; go on with --resume $temp/cutINT"
  same "$said: the last line" "$(tail -n 1 "$temp/cutINT" | cut -c1-17)" '{"type":"summary"'
  same "$said: lines and rest" $(($(figure requests lines) + $(tail -n 1 "$temp/cutINT" | sed 's/.*"not_run":\([0-9]*\).*/\1/'))) 120
done
run report "$temp/cutKILL"
exits 4
says err 'ends before its summary; go on with --resume'
stop_servers
serve
sed "1s|\"target\":\"[^\"]*\"|\"target\":\"$url\"|" "$temp/cutKILL" >"$temp/cut"
bulk --base-url "$url" --model m --requests "$temp/many.jsonl" --resume "$temp/cut" --fail-on never
same "$said: results" "$(sed -n 's/.*"line":\([0-9]*\).*/\1/p' "$temp/cut" | sort -n | uniq | wc -l | tr -d ' ')" 120
counts lines 120 requests

# Requests that cannot even be put together are counted like any other, to the last one.
bulk --base-url "$url" --model m --requests "$temp/many.jsonl" --results "$temp/unsent" --path '/${nothing}' --jobs 1
exits 1
says err 'failed: none of 120 requests was answered with a completion'

# A budget, an endpoint that is not there, results that cannot be written.
bulk --base-url "$url" --model reference --requests "$temp/twelve.jsonl" --results "$temp/budget" --max-requests 5
exits 4
says err 'incomplete: the budget of 5 requests is used up; 7 lines were not sent'
bulk --base-url "$url" --model reference --requests "$temp/twelve.jsonl" --resume "$temp/budget"
exits 0
counts answered 12/12 requests
same "$said: requests of both runs" "$(value "$temp/report.json" /summary/requests)" 12
bulk --base-url "$url" --model reference --requests "$temp/twelve.jsonl" --results "$temp/tokens" --max-tokens 2 --jobs 1
exits 4
says err 'incomplete: the budget of 2 tokens is used up; 11 lines were not sent'
# Who stops at the first failure has not asked the rest, and that is said; a refusal is one, though it does not fail the run.
sed -e 's/"m"/"reference"/' -e '3s/"reference"/"nobody"/' "$temp/twelve.jsonl" >"$temp/mixed.jsonl"
bulk --base-url "$url" --requests "$temp/mixed.jsonl" --results "$temp/fast" --fail-fast --jobs 1
exits 4
says err 'stopped after 1 failure, as --fail-fast asks; go on with --resume'
same "$said: lines and rest" $(($(figure requests lines) + $(tail -n 1 "$temp/fast" | sed 's/.*"not_run":\([0-9]*\).*/\1/'))) 12
run report "$temp/fast"
exits 4
bulk --base-url "$url" --requests "$temp/mixed.jsonl" --resume "$temp/fast" --jobs 1
exits 0
counts answered 12/12 requests
"$program" run --quiet --base-url "$url" --requests - --results "$temp/fastpipe" --fail-fast --jobs 1 <"$temp/mixed.jsonl" >"$temp/out" 2>"$temp/err"
code=$? said='chatconform run --requests - --fail-fast'
exits 4
bulk --base-url http://127.0.0.1:9/v1 --model m --requests "$temp/twelve.jsonl" --results "$temp/away"
exits 3
says err 'cannot be reached'
bulk --base-url "$url" --model m --requests "$temp/twelve.jsonl" --results /dev/full
exits 2
says err 'the results cannot be written to /dev/full'
finish
