#!/bin/sh
# A key gets into nothing that is written, even when the server repeats it in every way it can think of; and it never is an argument.
. tests/e2e.inc

key=sk-canary-7f3a9c51d2e8b604-Zq
base64=$(printf %s "$key" | base64 | tr -d '=\n')
hex=$(printf %s "$key" | od -An -tx1 | tr -d ' \n')
escaped=$(printf %s "$hex" | sed 's/../\\u00&/g')
percent=$(printf %s "$hex" | tr a-f A-F | sed 's/../%&/g')

# clean FOLDER: no file in it has the key in any of its forms.
clean() {
  for form in "$key" "$base64" "$hex" "$escaped" "$percent"; do
    checks=$((checks + 1))
    found=$(grep -rlF -- "$form" "$1") && fail "$said: the key is in $(echo $found | sed "s|$1/||g") as $(printf %s "$form" | cut -c1-12)..."
  done
}

# all FOLDER ARGUMENT...: a run with every format of report, all that it writes in the folder.
all() {
  folder=$1
  shift
  mkdir "$folder"
  run run "$@" --report junit="$folder/j.xml" --report junit-surefire="$folder/s.xml" --report html="$folder/h.html" --report json="$folder/j.json" \
    --report ndjson="$folder/n.ndjson" --report markdown="$folder/m.md" --report tap="$folder/t.tap" --report console="$folder/c.txt"
  cp "$temp/out" "$temp/err" "$folder"
}

# --- a server that repeats it

misbehave echo
export OPENAI_API_KEY=$key
all "$temp/echo" --base-url "$url" --model m chat/basics/one-message chat/usage/present
exits 1
clean "$temp/echo"
# It did reach the server and come back: its name stands where it stood.
for file in j.xml s.xml h.html j.json n.ndjson; do says "$temp/echo/$file" 'Bearer $OPENAI_API_KEY'; done
says "$temp/echo/n.ndjson" 'x-key: $OPENAI_API_KEY'
says "$temp/echo/n.ndjson" 'authorization: $REDACTED'
junit "$temp/echo/j.xml"
value "$temp/echo/j.json" >/dev/null || fail "the JSON report is none"
unset OPENAI_API_KEY

printf '%s\n' "$key" >"$temp/key"
all "$temp/file" --base-url "$url" --model m chat/basics/one-message --api-key-file "$temp/key"
exits 1
clean "$temp/file"
says "$temp/file/n.ndjson" '$API_KEY'

export CHATCONFORM_HEADER="Authorization: Bearer $key"
all "$temp/header" --base-url "$url" --model m chat/basics/one-message --auth none
exits 1
clean "$temp/header"
unset CHATCONFORM_HEADER

all "$temp/query" --base-url "$url" --model m chat/basics/one-message --auth none --query "api-version=1&key=$key"
exits 1
clean "$temp/query"
says "$temp/query/n.ndjson" 'api-version=1&key=$REDACTED'
all "$temp/query2" --base-url "$url" --model m chat/basics/one-message --auth none --query "apikey=$key&subscription-key=$key"
exits 1
clean "$temp/query2"

export OTHER_KEY=$key
printf 'chatconform: 1\nsuite: my/own\ntitle: t\ncases:\n  - id: a\n    title: t\n    request: {model: m, messages: [{role: user, content: "${env:OTHER_KEY}"}]}\n' \
  >"$temp/env.yaml"
all "$temp/env" "$temp/env.yaml" --base-url "$url" --model m --auth none --env OTHER_KEY
exits 1
clean "$temp/env"
says "$temp/env/n.ndjson" '$OTHER_KEY'
# Nor where the case itself is wrong, and is told so.
sed 's/role: user, content: "${env:OTHER_KEY}"/role: "${env:OTHER_KEY}", content: hi/' "$temp/env.yaml" >"$temp/role.yaml"
all "$temp/role" "$temp/role.yaml" --base-url "$url" --model m --auth none --env OTHER_KEY
exits 1
clean "$temp/role"
says "$temp/role/n.ndjson" 'the case itself sends an invalid request and does not say so: messages[0].role is \"$OTHER_KEY'
stop_servers

# --- texts are cut to be shown after the key is out of them: half of a short one would not be found

short=sk-cut-7f3a9c51d
xs() { printf "%$1s" '' | tr ' ' x; }
mkdir "$temp/replies"
refusal() { printf 'HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\n\r\n{"error":{"message":"%s%s","type":"t","param":null,"code":"%s%s"}}' \
  "$(xs "$1")" "$short" "$(xs 188)" "$short"; }
refusal 290 >"$temp/replies/a"
refusal 190 >"$temp/replies/b"
printf 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{"id": 7, "object": "%s%s"}' "$(xs 108)" "$short" >"$temp/replies/c"
misbehave files "$temp/replies"
export OPENAI_API_KEY=$short
for reply in a b c; do
  printf 'chatconform: 1\nsuite: my/own\ntitle: t\ncases:\n  - id: a\n    title: t\n    request: {model: m, messages: [{role: user, content: send %s}]}\n' $reply
  case $reply in
  a) echo '    expect: {status: 200}' ;;
  b) echo '    expect: {status: 400, /error/code: no}' ;;
  esac
done | awk '/^chatconform/ {n++} {print >("'"$temp"'/cut" n ".yaml")}'
for n in 1 2 3; do
  all "$temp/cut$n" "$temp/cut$n.yaml" --base-url "$url" --model m
  exits 1
done
for reply in a b c; do
  printf '{"model":"m","messages":[{"role":"user","content":"send %s"}]}\n' $reply >"$temp/seed"
  mkdir "$temp/hunt-$reply"
  run fuzz --base-url "$url" --model m --from "$temp/seed" --max-requests 30 --quiet --report json="$temp/hunt-$reply/j.json" \
    --report ndjson="$temp/hunt-$reply/n.ndjson" --failures "$temp/hunt-$reply/failures"
  cp "$temp/out" "$temp/err" "$temp/hunt-$reply"
done
says "$temp/cut1/n.ndjson" 'the server says: xxx'
says "$temp/cut2/n.ndjson" 'error/code is '
says "$temp/hunt-b/n.ndjson" 'is refused with status 400: xxx'
for folder in "$temp"/cut? "$temp"/hunt-?; do
  checks=$((checks + 1))
  found=$(grep -rlF sk-cut "$folder") && fail "a part of the key is in $(echo $found | sed "s|$temp/||g")"
done
unset OPENAI_API_KEY
stop_servers

# --- no answer, a refusal, another case of trouble

export OPENAI_API_KEY=$key
all "$temp/refused" --base-url "$url" --model m
exits 3
clean "$temp/refused"
export RIGHT_KEY=the-right-key-0123
serve --api-key-env RIGHT_KEY
all "$temp/wrong" --base-url "$url" --model reference
exits 3
clean "$temp/wrong"
stop_servers
misbehave broken
all "$temp/broken" --base-url "$url" --model m chat/basics/one-message
exits 1
clean "$temp/broken"
stop_servers

# --- the endpoint's own key

serve --api-key-env OPENAI_API_KEY
all "$temp/served" --base-url "$url" --model reference 'chat/auth/**' chat/basics/one-message
exits 0
cp "$temp/serve" "$complaints" "$temp/served"
clean "$temp/served"
stop_servers
unset OPENAI_API_KEY

# --- a key is never an argument

for flag in "--api-key=$key" "--header=Authorization: Bearer $key" "--header=api-key: $key" "--header=Cookie: session=$key" "--api-key-env=$key"; do
  refuses 2 '' run --base-url http://127.0.0.1:9/v1 --model m "$flag"
  never_says err "$key"
done
refuses 2 'a key is never given as an argument; use --api-key-env NAME or --api-key-file FILE' run --api-key "$key"
refuses 2 'put the line into the variable CHATCONFORM_HEADER' run --header "Authorization: Bearer $key"
export OPENAI_API_KEY=short
refuses 2 'the key in OPENAI_API_KEY cannot be kept out of the reports: a key has 8 to 16384 characters' run --base-url http://127.0.0.1:9/v1 --model m
export OPENAI_API_KEY="with a blank"
refuses 2 'the key in OPENAI_API_KEY has a blank' run --base-url http://127.0.0.1:9/v1 --model m

# --- nor goes it over a wire that others can read, to whichever endpoint

export OPENAI_API_KEY=$key
refuses 2 'the key would travel unencrypted to http://b.example/v1; use https' run --base-url http://b.example/v1 --model m
refuses 2 '--against: the key would travel unencrypted to http://b.example/v1; use https' \
  fuzz --base-url https://a.example/v1 --against http://b.example/v1 --model m
refuses 2 'the key would travel unencrypted' run --base-url http://b.example/v1 --model m --auth none --query "v=1&api-key=$key"
never_says err "$key"
refuses 2 '--against: the key would travel unencrypted' \
  fuzz --base-url https://a.example/v1 --against http://b.example/v1 --model m --auth none --query "sig=$key"
run fuzz --base-url http://127.0.0.1:9/v1 --against http://b.example/v1 --model m --allow-insecure-auth --quiet --failures "$temp/none"
exits 3
unset OPENAI_API_KEY
finish
