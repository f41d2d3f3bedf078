#!/bin/sh
# Every way to go wrong ends with one clear sentence, its exit code and, where a run began, a JUnit report.
. tests/e2e.inc

# --- usage: 2, and nothing is sent

refuses 2 'no command "runn"; did you mean run?' runn
refuses 2 'there is no option --jobz here; did you mean --jobs?' run --jobz 3
refuses 2 'there is no option -j; --help lists them' run -j
refuses 2 '--model needs a value: NAME' run --model
refuses 2 '--model needs a value: NAME' run --model --jobs 2
refuses 2 '--model needs a value' run --model=
refuses 2 '--quiet takes no value' run --quiet=yes
refuses 2 '--jobs 0: a number from 1 to 64 is expected' run --jobs 0
refuses 2 '--jobs 65: a number from 1 to 64 is expected' run --jobs 65
refuses 2 '--jobs 4x: a number' run --jobs 4x
refuses 2 '--port 65536: a number from 0 to 65535 is expected' serve --port 65536
refuses 2 '--limit depth: NAME=N is expected' check --limit depth
refuses 2 '--limit depth=0: NAME=N is expected, with N at least 1' check --limit depth=0
refuses 2 '--limit depth=513: depth may be at most 512' check --limit depth=513
run check --help
for limit in bytes depth values findings line event events stream comments; do says out " $limit"; done
refuses 2 'there is no limit named "dept"; did you mean depth?' check --limit dept=3
refuses 2 '--timeout idle=0: a time from 1ms to 600s is expected' run --timeout idle=0
refuses 2 '--timeout idle=601s: a time from 1ms to 600s' run --timeout idle=601s
refuses 2 '--timeout takes connect=, first=, idle= and total=, not "frist=1s"' run --timeout frist=1s
refuses 2 '--timeout takes' run --timeout connect=1s,total
refuses 2 '--rate fast: a rate such as 5/s or 60/m is expected' run --rate fast
refuses 2 '--rate 0/s: a rate' run --rate 0/s
refuses 2 '--rate 5/d: a rate' run --rate 5/d
refuses 2 '--max-time -1s: a time' run --max-time -1s
refuses 2 '--profile anthropic: one of openai, newapi' check --profile anthropic
refuses 2 '--kind letter: one of request, response' check --kind letter
refuses 2 '--level high: one of must, should' run --level high
refuses 2 '--fail-on all: one of must' run --fail-on all
refuses 2 '--report junit: FORMAT=PATH is expected' run --report junit
refuses 2 'there is no report format "junti"; did you mean junit?' run --report junti=x.xml
refuses 2 '--header takes "NAME: VALUE"' run --header novalue
refuses 2 '--header takes "NAME: VALUE": a name of letters, digits and hyphens' run --header 'X Y: z'
refuses 2 '--header takes "NAME: VALUE"' run --header ': z'
refuses 2 'list takes one of rules, cases, suites, defects, mutants and profiles' list
refuses 2 'list takes one of rules' list ruls
refuses 2 'explain takes one rule id or case path' explain
refuses 2 'did you mean request.stop.max_items?' explain request.stop.max_item
refuses 2 'did you mean response.usage.wrong-sum?' serve --defect response.usage.wrong-sun
refuses 2 'lint takes suite files' lint
refuses 2 'NO_SUCH_KEY, which is to hold the key, is not set' serve --api-key-env NO_SUCH_KEY
export CHATCONFORM_JOBS=many
refuses 2 'CHATCONFORM_JOBS: --jobs many: a number' run
unset CHATCONFORM_JOBS

# --- files: 2, with the place

refuses 2 "$temp/none.json cannot be opened: No such file or directory" check "$temp/none.json"
refuses 2 "$temp cannot be read: Is a directory" check "$temp"
refuses 2 "$temp/none.json cannot be read: No such file or directory" check --request "$temp/none.json"
refuses 2 "$temp/none.yaml" run "$temp/none.yaml"
refuses 2 "$temp/none" run --suites "$temp/none"
run lint "$temp/none.yaml"
exits 2
says err "$temp/none.yaml: No such file or directory"
refuses 2 "$temp/none.yaml" run --target "$temp/none.yaml"
refuses 2 "$temp/none.key cannot be read: No such file" run --base-url http://127.0.0.1:9/v1 --model m --api-key-file "$temp/none.key"
: >"$temp/empty.key"
refuses 2 "$temp/empty.key is empty" run --base-url http://127.0.0.1:9/v1 --model m --api-key-file "$temp/empty.key"

printf 'chatconform: 1\nsuite: my/own\ntitle: Mine\ncases:\n  - id: a\n    title: A\n   request: {}\n' >"$temp/broken.yaml"
refuses 2 "$temp/broken.yaml:7:4: " run "$temp/broken.yaml"
printf 'chatconform: 1\nsuite: my/own\ntitle: Mine\ncasses: []\n' >"$temp/key.yaml"
run run "$temp/key.yaml"
exits 2
says err "$temp/key.yaml:4:1: "
says err 'cases'
printf 'chatconform: 1\nsuite: my/own\ntitle: Mine\ncases: []\n' >"$temp/nothing.yaml"
refuses 2 "$temp/nothing.yaml:4:" run "$temp/nothing.yaml"
: >"$temp/zero.yaml"
run run "$temp/zero.yaml"
exits 2
says err "$temp/zero.yaml"
mkdir "$temp/folder"
refuses 2 "$temp/folder" run --suites "$temp/folder"
printf 'base_url: [\n' >"$temp/target.yaml"
refuses 2 "$temp/target.yaml:2:1: " run --target "$temp/target.yaml"
printf 'base_url: http://127.0.0.1:9/v1\nmodle: m\n' >"$temp/target.yaml"
refuses 2 "$temp/target.yaml:2:1: " run --target "$temp/target.yaml"
printf 'base_url: http://127.0.0.1:9/v1\nmodel: m\napi_key_env: sk-0123456789\n' >"$temp/target.yaml"
refuses 2 "$temp/target.yaml:3:" run --target "$temp/target.yaml"
never_says err sk-0123456789

# --- filters that match nothing: 2, with a suggestion

refuses 2 'the filter chat/usgae/present matches no case; did you mean chat/usage/present?' run chat/usgae/present
refuses 2 'the filter nothing/like/it matches no case; `chatconform list cases` lists them' run nothing/like/it
refuses 2 '--skip chat/usage/presnt matches no case; did you mean chat/usage/present?' run --skip chat/usage/presnt
refuses 2 '--tag smke matches no case; did you mean smoke?' run --tag smke
refuses 2 'the filters together leave no case' run chat/usage/present --skip 'chat/usage/*'

printf 'base_url: http://127.0.0.1:9/v1\nmodel: m\nrate: 0/m\n' >"$temp/target.yaml"
refuses 2 "$temp/target.yaml:3:7: --rate 0/m: a rate such as" run --target "$temp/target.yaml"
printf 'base_url: http://127.0.0.1:9/v1\ntimeouts: {total: 9,\n  first: 0.001}\nlimits: {rpm: 1, tpm: 5}\nrate: 0/s\n' >"$temp/target.yaml"
refuses 2 "$temp/target.yaml:5:7: --rate 0/s: a rate such as" run --target "$temp/target.yaml"

# --- the target: 2 when what was said of it is wrong

refuses 2 '--model NAME is needed' run --base-url http://127.0.0.1:9/v1
refuses 2 '--base-url: the URL must begin with http:// or https://' run --base-url 127.0.0.1:9/v1 --model m
refuses 2 '--base-url: the URL has a user name or password in it' run --base-url http://user:secret@127.0.0.1:9/v1 --model m
never_says err secret
refuses 2 '--base-url: the URL has a query; give it with --query' run --base-url 'http://127.0.0.1:9/v1?a=b' --model m
refuses 2 'the environment variable OPENAI_API_KEY is not set' run --base-url https://api.example.com/v1 --model m
refuses 2 'the environment variable MY_KEY is not set' run --base-url http://127.0.0.1:9/v1 --model m --api-key-env MY_KEY
export MY_KEY=0123456789abcdef
refuses 2 'the key would travel unencrypted to http://127.example.com/v1' run --base-url http://127.example.com/v1 --model m --api-key-env MY_KEY
refuses 2 'the key would travel unencrypted' run --base-url http://localhost.example.com/v1 --model m --api-key-env MY_KEY

# --- nobody there, and keys that are refused: 3, and a report with one error

# one_error FILE TEXT: a report of one case, an error that says so.
one_error() {
  junit "$1"
  same "$said: errors in $1" "$(grep -c '<error ' "$1")" 1
  same "$said: cases in $1" "$(grep -c '<testcase ' "$1")" 1
  says "$1" "$2"
}

misbehave closing # a port that was free a moment ago
free_url=$url
stop_servers
run run --base-url "$free_url" --model m --report junit="$temp/refused.xml"
exits 3
says err "the endpoint $free_url cannot be reached: the connection to"
one_error "$temp/refused.xml" 'cannot be reached'

run run --base-url http://name.invalid/v1 --model m --auth none --report junit="$temp/dns.xml"
exits 3
says err 'cannot be found'
one_error "$temp/dns.xml" 'cannot be reached'

run run --base-url "https${free_url#http}" --model m --api-key-env MY_KEY --report junit="$temp/tls.xml"
exits 3
one_error "$temp/tls.xml" 'cannot be reached'

misbehave silent
run run --base-url "$url" --model m --timeout first=50ms --report junit="$temp/silent.xml"
exits 3
says err "the endpoint $url answers nothing"
one_error "$temp/silent.xml" 'answers nothing'

misbehave closing
run run --base-url "$url" --model m --attempts 2 chat/usage/present --report junit="$temp/closing.xml"
exits 1
junit "$temp/closing.xml"
says "$temp/closing.xml" '<error '
says err 'failed: 0 cases failed, 0 flaky, 1 could not be judged, of 1'

export RIGHT_KEY=the-right-key-0123
serve --api-key-env RIGHT_KEY
run run --base-url "$url" --model reference --api-key-env MY_KEY --report junit="$temp/key.xml"
exits 3
says err 'refused the key (status 401); the key comes from MY_KEY'
one_error "$temp/key.xml" 'refused the key'
run run --base-url "$url" --model reference --auth none --report junit="$temp/key.xml"
exits 3
says err 'asks for a key (status 401), and none was given; --auth none sends none'
run run --base-url "$url" --model reference --report junit="$temp/key.xml"
exits 3
says err 'asks for a key (status 401), and none was given: the environment variable OPENAI_API_KEY is not set'
run run --base-url "$url" --model reference --api-key-env RIGHT_KEY 'chat/usage/**' --report junit="$temp/key.xml"
exits 0
printf '%s\n' "$RIGHT_KEY" >"$temp/right.key"
run run --base-url "$url" --model reference --api-key-file "$temp/right.key" 'chat/usage/**' --report junit="$temp/key.xml"
exits 0

# --- a server that has no time was not asked: that is no failure of its API, and one cause.
misbehave busy
run run --base-url "$url" --model m --attempts 2 --level must chat/basics --report junit="$temp/busy.xml" --report console=-
exits 1
says err 'failed: 0 cases failed, 0 flaky, 4 could not be judged, of 4'
says out 'turned away with status 429 at every attempt; --attempts N tries again, --rate N/m sends fewer'
junit "$temp/busy.xml"

# --- a gateway whose target is away: the cases fail, and the last line says why; 20 answers say it, 19 do not

misbehave away
run run --base-url "$url" --model m --attempts 1 'chat/types/**' --report junit="$temp/away.xml"
exits 1
says err 'the first 20 answers are all 502, 503 or 504: the target seems to be down behind a gateway'
says err 'failed: the target seems to be down behind a gateway: the first 20 answers are all 502, 503 or 504; 20 cases failed'
run run --base-url "$url" --model m --attempts 1 'chat/types/**' --skip "$("$program" list cases 'chat/types/**' | sed 's/ .*//;1q')"
exits 1
says err 'failed: 19 cases failed'
never_says err 'down behind a gateway'

# --- answers that are none: 1

misbehave endless
run run --base-url "$url" --model m chat/usage/present --report junit="$temp/endless.xml"
exits 1
junit "$temp/endless.xml"
says "$temp/endless.xml" '<error '
says "$temp/endless.xml" 'http.limit.body'

misbehave broken
run run --base-url "$url" --model m chat/usage/present --report junit="$temp/broken.xml"
exits 1
junit "$temp/broken.xml"
says "$temp/broken.xml" '<failure '
says "$temp/broken.xml" 'json.syntax'

# --- reports that cannot be written: 5, and the others are written all the same

run run chat/usage/present --report junit=/dev/null/no/junit.xml --report ndjson="$temp/kept.ndjson"
exits 5
says err 'the junit report /dev/null/no/junit.xml'
values "$temp/kept.ndjson" /type >"$temp/types"
says "$temp/types" case
run run chat/usage/present --report junit="$temp"
exits 5
says err "cannot write the junit report $temp: Is a directory"
if [ -w /dev/full ]; then
  "$program" list rules >/dev/full 2>"$temp/err"
  code=$?
  said='list rules >/dev/full'
  exits 5
  says err 'standard output could not be written'
fi

# --- a reader that has had enough is no trouble

{ "$program" list rules 2>"$temp/err"; echo $? >"$temp/code"; } | head -n 1 >"$temp/out"
same 'list rules | head: exit code' "$(cat "$temp/code")" 0
same 'list rules | head: standard error' "$(cat "$temp/err")" ''

# --- and where all is well: 0

narrow() { # narrow WHAT: no line that was printed is wider than a terminal
  same "$1: lines of more than 80 columns" "$(grep '.\{81\}' "$temp/out")" ''
}

for command in run check serve explain list lint new mutate fuzz probe baseline compare replay report schema; do
  run $command --help
  exits 0
  says out "usage: chatconform $command"
  says out "  chatconform $command "
  narrow "$command --help"
done
run --version
exits 0
says out 'chatconform '
run --help
exits 0
says out 'exit codes:'
narrow '--help'
run
exits 2
finish
