#!/bin/sh
# What the schema of SARIF 2.1.0 says about the logs of `check --format sarif`. The schema, with a validator for it, comes from npm into a
# temporary folder; without npm or a network the opinion is skipped, except in CI.
. tests/e2e.inc
opinion='the SARIF schema' asks='npm: the schema of SARIF'
. tests/opinion.inc

npm_install ajv@6 @microsoft/jest-sarif@1.0.0-beta.0

log() { # log NAME ARGUMENT...: a log of that name, of whatever is found
  name=$1
  shift
  (cd "$folder" && "$program" check --format sarif --fail-on never "$@" >"$name.sarif" 2>err)
  code=$?
  case $code in 0|2) ;; *) echo "chatconform check $*: exit code $code"; cat "$folder/err"; exit 1 ;; esac
}

hello='"model":"m","messages":[{"role":"user","content":"hi"}]'
printf '{%s,"n":0,"{0} [a](1)":1,"stop":["a","b","c","d","e"]}' "$hello" >"$folder/bad one#.json"
printf '{%s}' "$hello" >"$folder/good.json"
printf 'data: {"id":5}\n\ndata: {\n\n' >"$folder/stream"
printf '{"log":{"entries":[{"request":{"method":"POST","url":"http://h/v1/chat/completions","postData":{"text":"{}"}},"response":{"status":200}}]}}' \
  >"$folder/archive.har"
{ cat "$folder/good.json"; echo; cat "$folder/bad one#.json"; printf '\n{"a\n{"request":{%s,"stream":true},"status":200,"sse":"data: {}\\n\\n"}\n' "$hello"; } \
  >"$folder/lines.jsonl"
log nothing good.json
log several "bad one#.json" missing.json stream archive.har "$folder/good.json"
log lines --jsonl lines.jsonl
log standard --limit findings=1 - </dev/null
if shared traffic/recorded.jsonl.gz; then
  gzip -dc "$CHATCONFORM_SHARED/traffic/recorded.jsonl.gz" >"$folder/recorded.jsonl" || exit 1
  log recorded --jsonl --kind exchange recorded.jsonl
fi
checks=$((checks + 1))
node tests/opinions/sarif.mjs "$folder" "$folder"/*.sarif || fail 'the schema of SARIF is not kept'
finish
