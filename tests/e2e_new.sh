#!/bin/sh
# Cases from curl commands: what is sent stands in them, what a run sends by itself does not, secrets never do, and the suite can be run.
. tests/e2e.inc

hello='{"model":"gpt-4o","messages":[{"role":"user","content":"Say ${hi} \342\230\203 \360\237\230\200"}]}'
# shellcheck disable=SC2059 # a format
hello=$(printf "$hello")
run new -- curl -N http://127.0.0.1:8080/v1/chat/completions -H 'Authorization: Bearer sk-0123456789abcdef' -H 'Content-Type: application/json' \
  -H 'X-Tag: 5' -H 'Cookie: session=0123456789' -d "$hello"
exits 0
never_says out sk-0123456789
never_says out session=
never_says out 127.0.0.1
says out '$OPENAI_API_KEY'
says out '    headers: {"X-Tag":"5"}'
says out '      model: "${model}"'
says out '"Say $${hi} \u2603 \U0001F600"'
says out '    expect: {status: 200}'
cp "$temp/out" "$temp/hello.yaml"
run run "$temp/hello.yaml" --quiet --report console=-
exits 0

# Whatever way the body is given, it is the same case.
printf '%s' "$hello" >"$temp/body.json"
url=https://api.example.com/v1/chat/completions
check_same() {
  exits 0
  same "$said" "$(grep -A9 request: "$temp/out")" "$(grep -A9 request: "$temp/hello.yaml")"
}
run new -- curl "$url" --json "$hello"
check_same
run new -- curl --url "$url" -sSNXPOST --data-raw "$hello" -H 'content-type: application/json'
check_same
run new -- /usr/bin/curl -sd@"$temp/body.json" -H 'Content-Type: application/json' "$url" --max-time 5 -o /dev/null
check_same
run new -- curl --data-binary @"$temp/body.json" -H 'Content-Type: application/json' "$url" -u me:0123456789
check_same
never_says out 0123456789
feed "$hello" new -- curl --json @- "$url"
check_same

# A request that is wrong says so, and is run as such.
run new --id five -- curl "$url" --json '{"model":"m","messages":[{"role":"user","content":"hi"}],"stop":["a","b","c","d","e"]}'
exits 0
says out 'the request breaks request.stop.max_items'
says out 'rejected: {"param":"stop"}'
cp "$temp/out" "$temp/five.yaml"
run run "$temp/five.yaml" --quiet --report console=-
exits 0
run new -- curl "$url" -H 'Content-Type: application/json' -d '{"a'
exits 0
says out 'body: "{\"a"'
says out 'rejected: {}'
run new -- curl "$url" -d x=1
says out '"Content-Type":"application/x-www-form-urlencoded"'

# Other paths and methods.
run new -- curl 'https://h/v1/models?limit=2'
says out 'path: "/models?limit=2"'
says out 'method: "GET"'
run new -- curl 'https://h/v1/models?limit=2&api_key=0123456789'
says out 'path: "/models"'
never_says out 0123456789
run new -- curl -X DELETE https://h/v1/chat/completions/chatcmpl-1
says out 'path: "/chat/completions/chatcmpl-1"'

# Into a file, which stays as it is when the case does not fit.
run new --suite "$temp/mine.yaml" --id one -- curl "$url" --json "$hello"
exits 0
run new --suite "$temp/mine.yaml" --id two -- curl https://h/v1/models
exits 0
run lint "$temp/mine.yaml"
says err '1 file, 2 cases: no mistake'
cp "$temp/mine.yaml" "$temp/before.yaml"
refuses 2 'the id one is taken by the case in line 4' new --suite "$temp/mine.yaml" --id one -- curl https://h/v1/models
cmp -s "$temp/mine.yaml" "$temp/before.yaml" || fail 'the suite was changed'
same 'files left behind' "$(find "$temp" -name 'mine.yaml*' | wc -l | tr -d ' ')" 1
run run "$temp/mine.yaml" --quiet --report console=-
exits 0

refuses 2 "curl's option --upload-file is not known here" new -- curl --upload-file x "$url"
refuses 2 "curl's option -F is not known here" new -- curl -sF a=b "$url"
refuses 2 "curl's option -d needs a value" new -- curl "$url" -d
refuses 2 "curl's option --data needs a value" new -- curl "$url" --data
refuses 2 'the curl command has no URL' new -- curl -d x
refuses 2 'the curl command has two URLs' new -- curl "$url" "$url"
refuses 2 'nowhere.json' new -- curl "$url" -d @"$temp/nowhere.json"
refuses 2 'a user name or password in it' new -- curl https://me:0123456789@h/v1/models
never_says err 0123456789
refuses 2 'new takes a curl command' new
refuses 2 'new takes a curl command' new -- wget "$url"
refuses 2 '--id A B: small letters' new --id 'A B' -- curl "$url"
printf '\377' >"$temp/bytes"
refuses 2 'the body is no UTF-8 text' new -- curl "$url" --data-binary @"$temp/bytes"
finish
