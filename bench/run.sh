#!/bin/sh
# How long a run takes beside what it must take: 200 cases at --jobs 16 against an endpoint that needs 200 ms for each answer. The least is
# requests x latency / jobs. Where npm is there, newman (the runner of Postman) sends the same requests; it knows no jobs, so sixteen of them
# run side by side, a sixteenth of the cases each.
set -eu
cd "$(dirname "$0")/.."
BUILD=${BUILD:-build/release}
CASES=200 JOBS=16 LATENCY_MS=200
folder=$(mktemp -d)
server=
trap '[ -n "$server" ] && kill "$server" 2>/dev/null; rm -rf "$folder"' EXIT
trap 'exit 130' INT TERM

helper=$folder/helper
# shellcheck disable=SC2046 # flags are words
${CC:-cc} -std=c11 -O1 -D_DEFAULT_SOURCE -D_POSIX_C_SOURCE=200809L -I. $(pkg-config --cflags json-c check) -o "$helper" tests/e2e_helper.c $(pkg-config --libs json-c)
"$helper" serve slow >"$folder/url" &
server=$!
while ! [ -s "$folder/url" ]; do sleep 0.05; done
url=$(cat "$folder/url")

now_ms() { date +%s%N | sed 's/......$//'; }
least_ms=$((CASES * LATENCY_MS / JOBS))
# say WHO MS
say() { awk -v who="$1" -v ms="$2" -v least="$least_ms" 'BEGIN { printf "%-32s %6.2f s   %4.2f times the least\n", who, ms / 1000, ms / least }'; }

{
  printf 'chatconform: 1\nsuite: bench/run\ndefaults: {request: {model: m, messages: [{role: user, content: hi}]}}\ncases:\n'
  i=0
  while [ $i -lt $CASES ]; do
    i=$((i + 1))
    echo "  - {id: plain-$i, expect: {status: 200}}"
  done
} >"$folder/run.yaml"

echo "$CASES cases, $JOBS at a time, $LATENCY_MS ms an answer: the least is $(awk -v ms=$least_ms 'BEGIN { printf "%.2f", ms / 1000 }') s"
begin=$(now_ms)
"$BUILD/chatconform" run "$folder/run.yaml" --base-url "$url" --model m --jobs $JOBS --quiet --report ndjson="$folder/run.ndjson" >/dev/null 2>"$folder/err" || {
  cat "$folder/err"
  exit 1
}
say chatconform $(($(now_ms) - begin))

if command -v npm >/dev/null; then
  echo '{"private": true}' >"$folder/package.json"
  if npm install --prefix "$folder" --silent --no-audit --no-fund --fetch-retries=1 newman@6 >"$folder/log" 2>&1; then
    printf '{"info":{"name":"plain","schema":"https://schema.getpostman.com/json/collection/v2.1.0/collection.json"},"item":[{"name":"plain","request":{"method":"POST","url":"%s/chat/completions","header":[{"key":"Content-Type","value":"application/json"}],"body":{"mode":"raw","raw":"{\\"model\\":\\"m\\",\\"messages\\":[{\\"role\\":\\"user\\",\\"content\\":\\"hi\\"}]}"}},"event":[{"listen":"test","script":{"exec":["pm.test(\\"status\\", () => pm.response.to.have.status(200))"]}}]}]}' \
      "$url" >"$folder/plain.json"
    cat >"$folder/newman.cjs" <<'END'
const newman = require('newman');
const [file, cases, jobs] = process.argv.slice(2);
const share = (job) => Math.floor((cases * (job + 1)) / jobs) - Math.floor((cases * job) / jobs);
const one = (job) => new Promise((done, failed) =>
  newman.run({ collection: require(file), iterationCount: share(job) }, (error, summary) =>
    error || summary.run.failures.length ? failed(error ?? new Error('a test failed')) : done(summary.run.stats.requests.total)));
Promise.all(Array.from({ length: Number(jobs) }, (_, job) => one(job))).then((sent) => {
  if (sent.reduce((a, b) => a + b) !== Number(cases)) throw new Error(`sent ${sent}`);
}).catch((error) => { console.error(error.message); process.exit(1); });
END
    begin=$(now_ms)
    node "$folder/newman.cjs" "$folder/plain.json" $CASES $JOBS
    say 'newman, 16 in one process' $(($(now_ms) - begin))
    begin=$(now_ms)
    node "$folder/newman.cjs" "$folder/plain.json" $CASES 1
    say 'newman as it comes' $(($(now_ms) - begin))
  fi
fi
