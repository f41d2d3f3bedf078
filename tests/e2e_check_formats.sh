#!/bin/sh
# check: the line under a finding, the formats that other programs defined, and many threads that say what one says.
. tests/e2e.inc

cd "$temp" || exit 1
hello='"model":"m","messages":[{"role":"user","content":"hi"}]'
response='{"id":"chatcmpl-1","object":"chat.completion","created":1785542400,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"hi","refusal":null},"logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":9,"completion_tokens":1,"total_tokens":11}}'
bad_sse='"sse":"data: {\"id\": 5, \"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[]}\n\ndata: [DONE]\n\n"'

# --- the line and the place

printf '{\n%s,\n\t"stop": ["a", "b", "c", "d", "e"]\n}\n' "$hello" >request.json
cat >wanted <<'END'
request.json:3:10: error: stop has 5 items; it must have 1 to 4 items [request.stop.max_items] at /stop
    3 |     "stop": ["a", "b", "c", "d", "e"]
      |             ^
END
run check request.json
exits 1
same "a finding with its line" "$(cat out)" "$(cat wanted)"
run check --no-source request.json
same "without its line" "$(cat out)" "$(sed 1q wanted)"
export CHATCONFORM_NO_SOURCE=1
run check request.json
unset CHATCONFORM_NO_SOURCE
same "without its line, by the environment" "$(cat out)" "$(sed 1q wanted)"
run check --color always request.json
says out "$(printf '\033[32m^\033[0m')"

# Of the lines of a file the one is shown, and of a long one a window.
{ printf '{%s}\n' "$hello"; printf '{%s,"user":"' "$hello"; head -c 400 /dev/zero | tr '\0' u; printf '","n":0,"stop":"'; head -c 400 /dev/zero | tr '\0' s; printf '"}\r\n'; } >long.jsonl
run check --jsonl long.jsonl
exits 1
says out 'long.jsonl:2:472: error: n is 0'
says out '    2 | ...uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu","n":0,"stop":"sss'
says out '      |                                            ^'
same "the longest line" "$(awk '{ if (length > most) most = length } END { print (most <= 110) }' out)" 1

# What stands in a string, in headers or in an archive has no line that could be shown; a request of its own does.
printf '{"request":{%s,"stream":true},"status":200,%s}' "$hello" "$bad_sse" >exchange.json
run check --kind exchange exchange.json
says out '[stream.chunk.id.type] in event 0 at /id'
never_says out ' | '
printf '{"request":{%s,"n":0},"status":200,"response":%s}' "$hello" "$response" >exchange.json
run check --kind exchange exchange.json
says out '      | '
printf '{"log":{"entries":[{"request":{"method":"POST","url":"http://h/v1/chat/completions","postData":{"text":"{}"}},"response":{"status":200}}]}}' >archive.har
run check archive.har
says out 'archive.har#1:1:1: error: model is missing'
never_says out ' | '
printf '{%s,\n"n":0}' "$hello" >n.json
printf '%s' "$response" >response.json
run check --request n.json response.json
says out 'n.json:2:5: error: n is 0'
says out '    2 | "n":0}'
says out 'response.json:1:'
printf 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n%s' "$response" >dump
run check dump
says out 'dump:4:268: error: '
says out '    4 | ...'
printf 'data: {"id":5}\n\ndata: [DONE]\n\n' >stream
run check --kind stream stream
says out '    1 | data: {"id":5}'

# --- workflow commands

printf '{%s,"stop":["a","b","c","d","e"],"a%%b:c,d\\ne":1,"user":"x"}' "$hello" >'a,b:c%.json'
run check --format github 'a,b:c%.json'
exits 1
same "commands" "$(cut -d ' ' -f 1 out | sort | tr '\n' ' ')" '::error ::warning ::warning '
says out '::error file=a%2Cb%3Ac%25.json,line=1,col=65,title=request.stop.max_items::stop has 5 items; it must have 1 to 4 items at /stop'
says out ' at /a%25b:c,d%0Ae'
same "a line for each" "$(grep -c '^::' out)" "$(grep -c . out)"
run check --format github --jsonl long.jsonl
says out '::error file=long.jsonl,line=2,col=472,title=request.n.'
run check --format github archive.har
says out '::error file=archive.har,title=request.model.required::'
says out 'in entry 1 in request at /model'
run check --format github --limit findings=1 'a,b:c%.json'
says out '::notice file=a%2Cb%3Ac%25.json::2 more findings are not listed'

# --- SARIF

run check --format sarif request.json none.json n.json
exits 2
same "a log" "$(value out /version)" 2.1.0
r=/runs/0/results/0
for pair in "ruleId request.stop.max_items" "level error" "message/text stop has 5 items; it must have 1 to 4 items" \
  "locations/0/physicalLocation/artifactLocation/uri request.json" "locations/0/physicalLocation/region/startLine 3" \
  "locations/0/physicalLocation/region/startColumn 10" "locations/0/physicalLocation/region/byteOffset 68" \
  "locations/0/logicalLocations/0/fullyQualifiedName /stop" "properties/pointer /stop" "properties/kind request"; do
  same "result: ${pair%% *}" "$(value out "$r/${pair%% *}")" "${pair#* }"
done
r=/runs/0/results/1
same "its file" "$(value out $r/locations/0/physicalLocation/artifactLocation/uri)" n.json
d=/runs/0/tool/driver
same "the first rule" "$(value out $d/rules/0/id)" request.n.range
same "its sentence" "$(value out $d/rules/0/shortDescription/text)" 'n is between 1 and 128'
same "its level" "$(value out $d/rules/0/defaultConfiguration/level)" error
same "the next rule" "$(value out $d/rules/1/id)" request.stop.max_items
same "a rule that was kept" "$(value out $d/rules/2)" '(absent)'
same "how it went" "$(value out /runs/0/invocations/0/executionSuccessful)" false
says out 'none.json cannot be opened'
same "what was counted" "$(value out /runs/0/properties/documents)" 2
printf '{%s}' "$hello" >good.json
run check --format sarif --jsonl long.jsonl
r=/runs/0/results/1/locations/0/physicalLocation/region
same "the line of a line" "$(value out $r/startLine)" 2
offset=$(value out $r/byteOffset)
same "the bytes at its offset" "$(tail -c +$((offset + 1)) long.jsonl | head -c 3)" '0,"'
run check --format sarif good.json
exits 0
same "no results" "$(value out /runs/0/results)" 0
same "how it went" "$(value out /runs/0/invocations/0/executionSuccessful)" true
printf '{"request":{%s,"stream":true},"status":200,%s}\n' "$hello" "$bad_sse" >exchange.jsonl
run check --format sarif --jsonl --kind exchange exchange.jsonl
n=0
while [ "$(value out /runs/0/results/$n/ruleId)" != stream.chunk.id.type ] && [ $n -lt 20 ]; do n=$((n + 1)); done
same "the part" "$(value out /runs/0/results/$n/properties/in)" event
same "the event" "$(value out /runs/0/results/$n/properties/event)" 0
same "its line" "$(value out /runs/0/results/$n/locations/0/physicalLocation/region/startLine)" 1
same "its column" "$(value out /runs/0/results/$n/locations/0/physicalLocation/region/startColumn)" '(absent)'
mkdir -p 'a b' && cp request.json 'a b/ü#?.json'
run check --format sarif 'a b/ü#?.json'
says out '"uri":"a%20b/%C3%BC%23%3F.json"'
run check --format sarif "$temp/request.json"
says out "\"uri\":\"file://$temp/request.json\""
printf '{"error":{"message":"m","type":"t","param":null,"code":null},"{0}[a](1)":1}' >braces.json
run check --format sarif --kind error braces.json
says out '{{0}}\\[a\\](1)'

# --- threads: the same bytes, however many

i=0
while [ $i -lt 600 ]; do
  printf '{%s,"n":%d}\n' "$hello" $((i % 3 * 100))
  [ $((i % 50)) -eq 0 ] && printf '\n\r\n{"broken": \n%s\n' "$response"
  [ $((i % 97)) -eq 0 ] && { printf '{%s,"user":"' "$hello"; head -c $((i * 700)) /dev/zero | tr '\0' x; printf '","n":0}\r\n'; }
  [ $((i % 120)) -eq 0 ] && printf '{"request":{%s,"stream":true},"status":200,%s}\n' "$hello" "$bad_sse"
  i=$((i + 1))
done >many.jsonl
printf '{%s,"n":0}' "$hello" >>many.jsonl
for format in text json sarif github; do
  run check --jsonl --jobs 1 --format $format many.jsonl
  exits 1
  cp out one
  says err '637 documents'
  for jobs in 2 3 8 64; do
    run check --jsonl --jobs $jobs --format $format many.jsonl
    exits 1
    same "$format with $jobs threads" "$(cmp one out 2>&1)" ""
  done
done
run check --jsonl --format json many.jsonl
same "lines that are told" "$(values out /source | sed 1q)" many.jsonl:1
values out /source | sed 's/.*://' >told
grep -n '[^[:space:]]' many.jsonl | sed 's/:.*//' | cmp -s told - || fail "not each line is told under its number"

# Slowly, through a pipe: what has come is told before more comes.
mkfifo pipe
"$program" check --jsonl --jobs 3 --format json - <pipe >out 2>err &
checker=$!
exec 3>pipe
printf '{%s,"n":0}\n{%s' "$hello" "$hello" >&3
said="an open pipe"
wait_for out && says out '"source":"-:1"'
never_says out '"source":"-:2"'
printf '}\n' >&3
exec 3>&-
wait "$checker"
same "$said: lines" "$(grep -c . out)" 2

# A line over the limit is a finding, and those behind it keep their numbers and places.
{ printf '{"user":"'; head -c 1000000 /dev/zero | tr '\0' x; printf '"}\n{%s,"n":0}\n' "$hello"; } >limit.jsonl
for jobs in 1 4; do
  run check --jsonl --jobs $jobs --limit bytes=1000 --limit stream=1000 --format sarif limit.jsonl
  exits 1
  same "the first rule" "$(value out /runs/0/results/0/ruleId)" json.limit.bytes
  offset=$(value out /runs/0/results/1/locations/0/physicalLocation/region/byteOffset)
  same "the line behind" "$(value out /runs/0/results/1/locations/0/physicalLocation/region/startLine)" 2
  same "its bytes" "$(tail -c +$((offset + 1)) limit.jsonl)" '0}'
done
run check --jsonl .
exits 2
says err '. cannot be read'
refuses 2 '--jobs 0: a number from 1 to 64 is expected' check --jobs 0 good.json
refuses 2 '--jobs 65: a number from 1 to 64 is expected' check --jobs 65 good.json
refuses 2 '--format xml: one of text, json, sarif, github is expected' check --format xml good.json
finish
