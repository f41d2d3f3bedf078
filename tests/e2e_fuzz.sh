#!/bin/sh
# The fuzzer as users run it: payloads printed for other tools, campaigns that find what an endpoint does wrong, and what they leave behind.
. tests/e2e.inc

# --- printed payloads
positives() { sed -n 's/^{"payload":\(.*\),"expect":"[a-z]*","breaks":null,"seed":[0-9]*,"index":[0-9]*}$/\1/p' "$1"; }

run fuzz --print 300 --mode positive --seed 3
exits 0
same 'printed positives' "$(grep -c . "$temp/out")" 300
cp "$temp/out" "$temp/first"
positives "$temp/first" >"$temp/payloads"
same 'positives in the form that is promised' "$(grep -c . "$temp/payloads")" 300
run check --jsonl --kind request "$temp/payloads"
exits 0
says err '300 documents, 0 invalid: 0 errors'

run fuzz --print 300 --mode positive --seed 3
same 'the same seed again' "$(cksum <"$temp/out")" "$(cksum <"$temp/first")"
run fuzz --print 10 --mode positive --seed 3 --start 290
same 'the last ten alone' "$(cksum <"$temp/out")" "$(tail -n 10 "$temp/first" | cksum)"
run fuzz --print 300 --mode positive --seed 4
[ "$(cksum <"$temp/out")" != "$(cksum <"$temp/first")" ] || fail 'another seed gives the same payloads'

run fuzz --print 300 --mode negative --seed 3
exits 0
same 'negatives that are to be refused' "$(grep -c '"expect":"refuse","breaks":"request\.' "$temp/out")" 300
[ "$(sed -n 's/.*,"breaks":"\(request[^"]*\)",.*/\1/p' "$temp/out" | sort -u | grep -c .)" -gt 200 ] || fail 'negatives break few constraints'
sed -n 's/^{"payload":\(.*\),"expect":"refuse".*$/\1/p' "$temp/out" >"$temp/payloads"
run check --jsonl --kind request "$temp/payloads"
exits 1
says err '300 documents, 300 invalid'

run fuzz --print 20 --mode negative --rule 'request.stop.*'
same 'only what is asked for is broken' "$(grep -c '"breaks":"request.stop.' "$temp/out")" 20
# A star is one component, as it is with --allow of run: `request.*` names no rule of a member.
run fuzz --print 20 --mode negative --rule 'request.*.max_items'
exits 0
same 'rules with one component between' "$(sed -n 's/.*"breaks":"\([^"]*\)".*/\1/p' "$temp/out" | grep -vc '^request\.[a-z_]*\.max_items$')" 0
run fuzz --print 20 --mode negative --rule 'request.stop.**'
same 'any number of components' "$(grep -c '"breaks":"request.stop.' "$temp/out")" 20
run fuzz --print 4 --rule json.utf8
same 'texts that are no JSON' "$(grep -c '"payload":null.*"body_base64":' "$temp/out")" 4
run fuzz --print 5 --mode positive --profile newapi --model mine
same 'the model is the one asked for' "$(grep -c '"model":"mine"' "$temp/out")" 5

refuses 2 'did you mean request.stop.max_items' fuzz --print 1 --rule request.stop.max_item
refuses 2 'no request breaks these rules' fuzz --print 1 --rule response.id.required
refuses 2 '--mode good: one of positive, negative, all' fuzz --mode good --print 1
refuses 2 'fuzz takes no arguments' fuzz something
refuses 2 'leave --mode positive out' fuzz --mode positive --rule request.stop.max_items --print 1
refuses 5 'No such file or directory' fuzz --save-case "$temp/none/found.yaml"
refuses 2 '--model NAME is needed' fuzz --base-url http://127.0.0.1:9/v1
refuses 2 'cannot be read' fuzz --print 1 --from "$temp/none"

# --- campaigns
requests=500
[ -z "$sanitized" ] || requests=250

# hunt ARGUMENT...: a campaign whose findings go to $temp/run.ndjson.
hunt() { run fuzz --model reference --quiet --jobs 4 --max-requests $requests --report ndjson="$temp/run.ndjson" "$@"; }

serve
hunt --base-url "$url" --fail-on must --report junit="$temp/junit.xml" --report html="$temp/run.html"
exits 0
says err 'passed:'
junit "$temp/junit.xml"
says "$temp/junit.xml" 'fuzz'
[ "$(grep -c '"id":"refuse/request\..*"state":"pass"' "$temp/run.ndjson")" -gt 40 ] || fail 'few constraints were seen refused'
grep '"id":"accept/' "$temp/run.ndjson" | grep -q '"state":"pass"' || fail 'no parameter was seen accepted'

# The suites are the table of coverage: with enough requests every constraint is refused and every parameter accepted.
says out 'fuzz/stop'
if [ -z "$sanitized" ]; then
  hunt --base-url "$url" --seed 2 --max-requests 2000
  exits 0
  same 'constraints and parameters that were not tried' "$(grep -c '"state":"skip"' "$temp/run.ndjson")" 0
  same 'parameters that were accepted' "$(grep -c '"suite":"fuzz/[a-z_]*","id":"accept/.*"state":"pass"' "$temp/run.ndjson")" 37
fi

# What was recorded is where payloads begin.
printf '%s\n' '{"request": {"model": "x", "messages": [{"role": "user", "content": "a recorded question"}], "temperature": 0.5}, "status": 200}' \
  'no json' '{"model": "x", "messages": [{"role": "user", "content": "another one"}]}' >"$temp/recorded"
run fuzz --print 40 --from "$temp/recorded"
exits 0
says out 'a recorded question'
says out 'another one'
stop_servers

# finds ID SMALLEST DEFECT ARGUMENT...: the campaign fails, names the finding, and its smallest request is at most so long.
finds() {
  id=$1 smallest=$2 defect=$3
  shift 3
  serve --defect "$defect"
  hunt --base-url "$url" --fail-on should "$@"
  stop_servers
  said="the defect $defect"
  exits 1
  grep "\"id\":\"$id" "$temp/run.ndjson" | head -n 1 >"$temp/found"
  checks=$((checks + 1))
  [ -s "$temp/found" ] || { fail "$said: $id is not among the findings"; return; }
  says "$temp/found" 'the smallest request'
  "$helper" json "$temp/found" /exchanges/1/request >"$temp/smallest"
  [ "$(wc -c <"$temp/smallest")" -le "$smallest" ] || { fail "$said: the smallest request is not small"; show "$temp/smallest"; }
}

finds refuse/request.stop.max_items 160 request.stop.five-accepted --rule 'request.stop.*'
finds answer/response.choices.count_equals_n 130 request.n.ignored --mode positive
finds blame/seed 130 fault.param.wrong
if [ -z "$sanitized" ]; then
  finds stand/status-500 90 fault.top-p-zero.crash
  finds accept/stop 110 fault.stop-null.refused --mode positive
  finds refuse/http.request.content_type.json 110 fault.media-type.ignored --rule 'http.request.**'
fi

# --- stored failures are sent again: while the endpoint is wrong, and once it is mended
# replays DEFECT ARGUMENT...
replays() {
  defect=$1
  shift
  serve --defect "$defect"
  run fuzz --base-url "$url" --model reference --quiet --max-requests 150 --failures "$temp/failures" "$@"
  exits 1
  stored=$(ls "$temp/failures")
  same "failures stored for $defect" "$(echo "$stored" | grep -c .)" 1
  says out "chatconform replay $stored"
  run replay "$temp/failures/$stored" --quiet
  exits 1
  says out 'STILL FAILS'
  stop_servers
  serve
  run replay "$temp/failures/$stored" --base-url "$url" --quiet
  exits 0
  says out 'FIXED'
  stop_servers
}
replays request.stop.five-accepted --rule 'request.stop.*'
replays fault.bom.crash --rule json.bom
says "$temp/failures/$stored/case.yaml" '\uFEFF'
[ -n "$sanitized" ] || replays fault.param.wrong --rule 'request.n.*'
replays fault.media-type.ignored --rule http.request.content_type.json
says "$temp/failures/$stored/case.yaml" '"headers": {"Content-Type":"'
replays fault.key.ignored --rule http.request.authorization.required
says "$temp/failures/$stored/case.yaml" '"headers": {"Authorization":null}'

# What reports cut is stored whole: 5001 properties, and a body with a NUL in it, which no argument of a command holds.
misbehave slow
run fuzz --base-url "$url" --model m --quiet --max-requests 6 --rule request.strict_schema.limits.properties --shrink 0 --failures "$temp/failures"
exits 1
stored=$(ls "$temp/failures")
[ "$(wc -c <"$temp/failures/$stored/request.json")" -gt 65536 ] || fail 'the stored request is cut'
run check --kind request "$temp/failures/$stored/request.json"
exits 1
says out '[request.strict_schema.limits.properties]'
run replay "$temp/failures/$stored" --quiet
exits 1
says out 'STILL FAILS'
start=$("$program" fuzz --print 60 --rule json.syntax | sed -n '/"how":"a NUL behind the text"/{s/.*"index":\([0-9]*\).*/\1/p;q;}')
run fuzz --base-url "$url" --model m --quiet --max-requests 4 --rule json.syntax --start "$start" --failures "$temp/failures"
exits 1
stored=$(ls "$temp/failures")
same 'NUL bytes in the stored request' "$(tr -cd '\000' <"$temp/failures/$stored/request.json" | wc -c | tr -d ' ')" 1
says "$temp/failures/$stored/curl.sh" ' --data-binary @request.json'
stop_servers

# --- what a finding becomes
serve --defect request.temperature.accepted
hunt --base-url "$url" --rule 'request.temperature.*' --max-requests 60 --save-case "$temp/found.yaml"
exits 1
says out 'request.temperature.range'
says out 'curl -N'
run lint "$temp/found.yaml"
exits 0
run run "$temp/found.yaml" --base-url "$url" --model reference --quiet --report ndjson="$temp/again.ndjson"
exits 1
stop_servers
# Appended to a suite it spoils nothing: what has its case already is left out, dashes stand where the file has them, and what cannot take
# a case stays as it is.
serve --defect request.temperature.accepted
cp "$temp/found.yaml" "$temp/before"
hunt --base-url "$url" --rule 'request.temperature.*' --max-requests 60 --save-case "$temp/found.yaml"
exits 1
cmp -s "$temp/found.yaml" "$temp/before" || fail 'the same findings were saved twice'
printf 'chatconform: 1\nsuite: mine\ncases:\n- id: one\n  title: t\n  request: {model: m, messages: [{role: user, content: Hi}]}' >"$temp/mine.yaml"
hunt --base-url "$url" --rule 'request.temperature.*' --max-requests 60 --save-case "$temp/mine.yaml"
exits 1
run lint "$temp/mine.yaml"
exits 0
says err '1 file, 2 cases: no mistake'
same 'lines in front of the case that was saved' "$(sed -n '6p;/^- {"id": "refuse-/q' "$temp/mine.yaml" | grep -c 'content: Hi')" 1
printf 'chatconform: 1\nsuite: mine\ncases: [{id: one, title: t, request: {model: m, messages: [{role: user, content: Hi}]}}]\n' >"$temp/flow.yaml"
cp "$temp/flow.yaml" "$temp/before"
hunt --base-url "$url" --rule 'request.temperature.*' --max-requests 60 --save-case "$temp/flow.yaml"
exits 5
says err "--save-case: $temp/flow.yaml would no longer load with this at its end"
cmp -s "$temp/flow.yaml" "$temp/before" || fail 'a suite that takes no more cases was changed'
echo 'no: suite' >"$temp/other.yaml"
run fuzz --base-url "$url" --model reference --save-case "$temp/other.yaml"
exits 5
says err "--save-case: $temp/other.yaml:"
same 'files left behind' "$(find "$temp" -name '*.new' | wc -l | tr -d ' ')" 0
stop_servers

serve
run run "$temp/found.yaml" --base-url "$url" --model reference --quiet --report ndjson="$temp/again.ndjson"
exits 0

# --- two endpoints
sound=$url
serve --defect request.messages.empty-accepted
hunt --base-url "$sound" --against "$url" --rule request.messages.min_items --max-requests 40
exits 0
says "$temp/run.ndjson" '"id":"agree/request.messages.min_items/refused-accepted"'
stop_servers

# --- how it ends
run fuzz --base-url http://127.0.0.1:9/v1 --model m --quiet --report junit="$temp/junit.xml"
exits 3
says err 'cannot be reached'
junit "$temp/junit.xml"

serve
: >"$temp/err"
"$program" fuzz --base-url "$url" --model reference --max-time 60s --report junit="$temp/junit.xml" >"$temp/out" 2>"$temp/err" </dev/null &
hunting=$!
wait_for "$temp/err"
kill -INT $hunting
wait $hunting
code=$? said='fuzz, interrupted'
exits 4
says err 'interrupted; go on with --start'
junit "$temp/junit.xml"

# A server that turns everything away was not tested.
kept=$url
misbehave busy
hunt --base-url "$url" --max-requests 30
exits 4
says err ' of 30 requests were turned away with 408 or 429; --rate sends fewer'
url=$kept

# One that never answers, and goes away while a finding is sent again: half of the requests are kept back for that.
kept=$url
misbehave leaving 12
timeout -s KILL 60 "$program" fuzz --base-url "$url" --model m --quiet --max-requests 20 --report ndjson="$temp/run.ndjson" \
  >"$temp/out" 2>"$temp/err" </dev/null
code=$? said='fuzz, deserted while a finding is sent again'
exits 3
says err 'cannot be reached'
url=$kept

OPENAI_API_KEY=sk-very-secret-key-of-mine
export OPENAI_API_KEY
rm -f "$temp"/run.*
hunt --base-url "$url" --max-requests 60 --report html="$temp/run.html" --report json="$temp/run.json"
exits 0
for report in run.ndjson run.html run.json out err; do never_says "$temp/$report" "$OPENAI_API_KEY"; done
finish
