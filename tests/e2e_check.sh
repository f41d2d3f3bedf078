#!/bin/sh
# check: what it reads (files, standard input, lines, archives), how it judges each kind of document, and the two forms of what it says.
. tests/e2e.inc

request='{"model":"m","messages":[{"role":"user","content":"hi"}]}'
bad_request='{"model":"m","messages":[{"role":"user","content":"hi"}],"stop":["a","b","c","d","e"]}'
usage='"usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2}'
message='{"role":"assistant","content":"hi","refusal":null,"annotations":[]}'
head='"id":"chatcmpl-1","created":1785542400,"model":"m"'
response='{'$head',"object":"chat.completion","choices":[{"index":0,"message":'$message',"logprobs":null,"finish_reason":"stop"}],'$usage'}'
bad_response='{'$head',"object":"chat.completion","choices":[{"index":0,"message":'$message',"logprobs":null,"finish_reason":"eos"}],'$usage'}'
chunk='{'$head',"object":"chat.completion.chunk","choices":[{"index":0,"delta":{"role":"assistant","content":"hi"},"logprobs":null,"finish_reason":null}]}'
last='{'$head',"object":"chat.completion.chunk","choices":[{"index":0,"delta":{},"logprobs":null,"finish_reason":"stop"}]}'
more='{'$head',"object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"!"},"logprobs":null,"finish_reason":null}]}'
bad_chunk='{'$head',"object":"chat.completion.chunk","choices":[{"delta":{"content":"hi"},"finish_reason":null}]}'
error='{"error":{"message":"no","type":"invalid_request_error","param":"stop","code":null}}'
bad_error='{"error":{"type":"invalid_request_error","param":null,"code":null}}'
stream="data: $chunk

data: $last

data: [DONE]

"
cut_stream="data: $chunk

"

# --- each kind: sound, faulty, and found out by itself

# judged KIND SOUND FAULTY RULE: also with --kind auto, where KIND must be what is found out.
judged() {
  for kind in "$1" auto; do
    feed "$2" check --kind $kind --format json
    exits 0
    same "$said: kind" "$(value "$temp/out" /kind)" "$1"
    same "$said: valid" "$(value "$temp/out" /valid)" true
    same "$said: errors" "$(value "$temp/out" /errors)" 0
    same "$said: source" "$(value "$temp/out" /source)" -
    feed "$3" check --kind $kind --format json
    exits 1
    same "$said: kind" "$(value "$temp/out" /kind)" "$1"
    same "$said: valid" "$(value "$temp/out" /valid)" false
    same "$said: errors" "$(value "$temp/out" /errors)" 1
    same "$said: rule" "$(value "$temp/out" /findings/0/rule)" "$4"
  done
}
judged request "$request" "$bad_request" request.stop.max_items
judged response "$response" "$bad_response" response.choices.finish_reason.enum
judged chunk "$chunk" "$bad_chunk" stream.choices.index.required
judged stream "$stream" "$cut_stream" stream.truncated
judged error "$error" "$bad_error" error.message.required
judged exchange '{"request":'"$request"',"status":200,"response":'"$response"'}' '{"request":'"$request"',"status":200,"response":'"$bad_response"'}' \
  response.choices.finish_reason.enum
for kind in list message_list; do # an empty page may be either, so that these two are not found out
  feed '{"object":"list","data":[],"first_id":null,"last_id":null,"has_more":false}' check --kind $kind
  exits 0
  feed '{"object":"list","data":{},"first_id":null,"last_id":null,"has_more":false}' check --kind $kind
  exits 1
  says out "[$kind.data.type] at /data"
done

# --- the text form: FILE:LINE:COL: error: SENTENCE [rule] at POINTER

printf '{\n "model": "m",\n "messages": [{"role": "user", "content": "hi"}],\n  "stop": ["a", "b", "c", "d", "e"]\n}\n' >"$temp/request.json"
run check "$temp/request.json"
exits 1
same "$said" "$(sed 1q "$temp/out")" "$temp/request.json:4:11: error: stop has 5 items; it must have 1 to 4 items [request.stop.max_items] at /stop"
says err '1 document, 1 invalid: 1 error, 0 warnings, 0 notes'
never_says out "$(printf '\033')"
run check --color always "$temp/request.json"
says out "$(printf '\033[31merror\033[0m: ')"
export NO_COLOR=1
run check --color always "$temp/request.json"
says out "$(printf '\033')"
unset NO_COLOR

# --- the JSON form: one line a document, with the members that scripts rely on

run check --format json "$temp/request.json"
exits 1
same "$said: lines" "$(wc -l <"$temp/out" | tr -d ' ')" 1
for pair in "source $temp/request.json" "kind request" "valid false" "errors 1" "warnings 0" "findings 1" "findings/0/rule request.stop.max_items" \
  "findings/0/level must" "findings/0/severity error" "findings/0/pointer /stop" "findings/0/offset 77" "findings/0/line 4" "findings/0/column 11" \
  "findings/0/message stop has 5 items; it must have 1 to 4 items"; do
  same "$said: ${pair%% *}" "$(value "$temp/out" "/${pair%% *}")" "${pair#* }"
done
same "$said: in" "$(value "$temp/out" /findings/0/in)" '(absent)'

# --- exchanges: which part, and the event

feed '{"request":'"$request"',"status":200,"sse":"data: '"$(printf %s "$bad_chunk" | sed 's/"/\\"/g')"'\n\ndata: [DONE]\n\n"}' check --kind exchange --format json
exits 1
same "$said: part" "$(value "$temp/out" /findings/0/in)" event
same "$said: event" "$(value "$temp/out" /findings/0/event)" 0
feed '{"request":'"$bad_request"',"status":400,"response":'"$error"'}' check --kind exchange --format json
exits 0
same "$said: part" "$(value "$temp/out" /findings/0/in)" request
same "$said: softened" "$(value "$temp/out" /findings/0/severity)" note
feed '{"request":'"$bad_request"',"status":200,"response":'"$response"'}' check --kind exchange --format json
exits 1
same "$said: not softened" "$(value "$temp/out" /findings/0/severity)" error
feed '{"request":{"model":"m","messages":[{"role":"user","content":"hi"}],"n":2},"status":200,"response":'"$response"'}' check --kind exchange
exits 1
says out '[response.choices.count_equals_n] in response at /choices'
feed '{"method":"GET","url":"http://h/v1/chat/completions","request":'"$request"',"status":200,"response":'"$response"'}' check --kind exchange
exits 1
says out '[http.request.method.post] in http'
printf %s '{"model":"m","messages":[{"role":"user","content":"hi"}],"n":2}' >"$temp/n.json"
feed "$response" check --request "$temp/n.json"
exits 1
says out response.choices.count_equals_n
feed "$stream" check --request "$temp/request.json" --kind stream
exits 1
says out '[request.stop.max_items] in request'

# --- lines: order is kept, and one that is no JSON is a finding

printf '%s\n%s\n\n%s\r\n%s' "$request" "$bad_request" '{"model":' "$request" >"$temp/lines.jsonl"
run check --jsonl --kind request --format json "$temp/lines.jsonl"
exits 1
same "$said: sources" "$(values "$temp/out" /source | sed 's/.*://' | tr '\n' ' ')" '1 2 4 5 '
same "$said: errors" "$(values "$temp/out" /errors | tr '\n' ' ')" '0 1 1 0 '
same "$said: rules" "$(values "$temp/out" /findings/0/rule | tr '\n' ' ')" '(absent) request.stop.max_items json.syntax (absent) '
says err '4 documents, 2 invalid: 2 errors, 0 warnings, 0 notes'
run check --jsonl --kind request "$temp/lines.jsonl"
says out "$temp/lines.jsonl:2:65: error: stop has 5 items"
says out "$temp/lines.jsonl:4:10: error: this is not JSON"
i=0
while [ $i -lt 300 ]; do
  printf '{"model":"m","messages":[{"role":"user","content":"hi"}],"n":%d}\n' $((i % 2 * 1000 + i))
  i=$((i + 1))
done >"$temp/many.jsonl"
run check --jsonl --kind request --format json "$temp/many.jsonl"
same "$said: order" "$(values "$temp/out" /source | sed 's/.*://' | tr '\n' ' ')" "$(seq -s ' ' 1 300) "
same "$said: wrong ones" "$(values "$temp/out" /valid | grep -c false)" 236

# --- what is no JSON: exactly one finding

for text in '' ' ' '{"model":' 'nonsense' '{"a":1} x' '[1,]'; do
  feed "$text" check --kind request --format json
  exits 1
  same "$said of \"$text\": findings" "$(value "$temp/out" /findings)" 1
  same "$said of \"$text\"" "$(value "$temp/out" /findings/0/rule)" json.syntax
done
: >"$temp/empty.json"
run check --jsonl "$temp/empty.json"
exits 0
says err '0 documents: there is nothing in the input, so nothing was checked'
run check "$temp/empty.json"
exits 1
says out "$temp/empty.json:1:1: error: this is not JSON: the text is empty [json.syntax]"

# --- several files, and those that cannot be read

printf %s "$request" >"$temp/good.json"
run check "$temp/good.json" "$temp/request.json" "$temp/good.json"
exits 1
says err '3 documents, 1 invalid: 1 error'
run check "$temp/good.json" "$temp/none.json" "$temp/request.json"
exits 2
says err "$temp/none.json cannot be opened"
says out request.stop.max_items
run check "$temp/good.json" "$temp/none.json"
exits 2
feed "$bad_request" check "$temp/good.json" -
exits 1
says out '-:1:65: error: '
feed "$bad_request" check
exits 1
says out '-:1:65: error: '

# --- limits, at N and one more

# limited NAME N SOUND BEYOND ARGUMENT...
limited() {
  name=$1 n=$2 within=$3 beyond=$4
  shift 4
  feed "$within" check --limit "$name=$n" --format json "$@"
  same "$said within: json.limit" "$(grep -c 'json.limit' "$temp/out")" 0
  feed "$beyond" check --limit "$name=$n" --format json "$@"
  exits 1
  same "$said beyond: findings" "$(value "$temp/out" /findings)" 1
  same "$said beyond" "$(value "$temp/out" /findings/0/rule)" "json.limit.$name"
}
limited bytes ${#request} "$request" "$request " --kind request
limited depth 3 "$request" '{"model":"m","messages":[{"role":"user","content":[{"type":"text","text":"hi"}]}]}' --kind request
limited values 10 "$request" '{"model":"m","messages":[{"role":"user","content":"hi"}],"n":1}' --kind request
limited events 3 "$stream" "data: $chunk

data: $more

data: $last

data: [DONE]

" --kind stream
limited stream ${#stream} "$stream" "$stream
" --kind stream
limited comments 2 ": a

: b

$stream" ": a

: b

: c

$stream" --kind stream
limited line $((${#chunk} + 6)) "$stream" "data:  $chunk

data: [DONE]

" --kind stream
feed '{"model":"m","messages":[{"role":"user","content":"hi"}],"n":0,"top_p":2,"temperature":3}' check --limit findings=2 --format json
exits 1
same "$said: listed" "$(value "$temp/out" /findings)" 2
same "$said: counted" "$(value "$temp/out" /errors)" 3
same "$said" "$(value "$temp/out" /truncated)" true
feed '{"model":"m","messages":[{"role":"user","content":"hi"}],"n":0,"top_p":2,"temperature":3}' check --limit findings=3 --format json
same "$said: listed" "$(value "$temp/out" /findings)" 3
same "$said" "$(value "$temp/out" /truncated)" '(absent)'

# --- profiles: a word that only one of them knows

feed '{"model":"m","messages":[{"role":"user","content":"hi"}],"reasoning_effort":"xhigh"}' check --profile openai
exits 0
feed '{"model":"m","messages":[{"role":"user","content":"hi"}],"reasoning_effort":"xhigh"}' check --profile newapi
exits 1
says out '[request.reasoning_effort.enum'
feed '{"model":"m","messages":[{"role":"user","content":"hi"}],"reasoning_effort":"xhigh"}' check --profile newapi-2025-10
exits 1
export CHATCONFORM_PROFILE=newapi
feed '{"model":"m","messages":[{"role":"user","content":"hi"}],"reasoning_effort":"xhigh"}' check
exits 1
feed '{"model":"m","messages":[{"role":"user","content":"hi"}],"reasoning_effort":"xhigh"}' check --profile openai
exits 0
unset CHATCONFORM_PROFILE

# --- what fails: errors, unless told otherwise

# fails_on TEXT RULE LEVEL: the text has that one warning, of that level.
fails_on() {
  feed "$1" check
  exits 0
  says out "warning: "
  says out "[$2]"
  for on in must should portability warning never; do
    feed "$1" check --fail-on $on
    case $3:$on in should:should|*:portability|*:warning) exits 1 ;; *) exits 0 ;; esac
  done
}
fails_on '{'$head',"object":"chat.completion","choices":[{"index":0,"message":'$message',"logprobs":null,"finish_reason":"stop"}]}' response.usage.present should
fails_on '{"id":"1","created":1785542400,"model":"m","object":"chat.completion","choices":[{"index":0,"message":'$message',"logprobs":null,"finish_reason":"stop"}],'$usage'}' \
  response.id.prefix portability
feed '{"model":"m","messages":[{"role":"user","content":"hi"}],"max_tokens":5}' check --fail-on portability
exits 0
feed '{"model":"m","messages":[{"role":"user","content":"hi"}],"max_tokens":5}' check --fail-on warning
exits 1
feed "$bad_request" check --fail-on never
exits 0
says out request.stop.max_items

# --- archives of browsers and proxies

base64=$(printf %s "$bad_response" | base64 | tr -d '\n')
escaped=$(printf %s "$request" | sed 's/"/\\"/g')
printf '{"log":{"version":"1.2","entries":[\n%s,\n%s,\n%s]}}' \
  '{"request":{"method":"GET","url":"https://h/"},"response":{"status":200}}' \
  '{"request":{"method":"POST","url":"https://h/v1/chat/completions","headers":[],"postData":{"text":"'"$escaped"'"}},"response":{"status":200,"content":{"text":"'"$base64"'","encoding":"base64"}}}' \
  '{"request":{"method":"POST","url":"https://h/v1/chat/completions?a=b","headers":[],"postData":{"text":"'"$escaped"'"}},"response":{"status":200,"content":{"text":"'"$(printf %s "$response" | sed 's/"/\\"/g')"'"}}}' \
  >"$temp/archive.har"
run check --format json "$temp/archive.har"
exits 1
same "$said: sources" "$(values "$temp/out" /source | tr '\n' ' ')" "$temp/archive.har#2 $temp/archive.har#3 "
same "$said: errors" "$(values "$temp/out" /errors | tr '\n' ' ')" '1 0 '
same "$said" "$(head -n 1 "$temp/out" >"$temp/first" && value "$temp/first" /findings/0/rule)" response.choices.finish_reason.enum
printf '{"log":{"entries":[]}}' >"$temp/archive.har"
run check "$temp/archive.har"
exits 2
says err "$temp/archive.har is an HTTP archive without a POST to /chat/completions"
finish
