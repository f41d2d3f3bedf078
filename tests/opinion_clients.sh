#!/bin/sh
# What real clients say about the reference endpoint: the openai and ai SDKs from npm, installed into a temporary folder, use all that they
# offer for chat completions (tests/opinions/clients.mjs). Against an endpoint with a defect they must complain, or their praise says nothing.
# Without npm or a network the opinion is skipped, except in CI.
set -u
cd "$(dirname "$0")/.." || exit 1
BUILD=${BUILD:-build/release}
folder=$(mktemp -d) || exit 1
server=
trap '[ -n "$server" ] && kill "$server" 2>/dev/null; rm -rf "$folder"' EXIT

skip() {
  [ "${CI:-}" = true ] && { echo "opinion of clients: $1, which CI must have"; exit 1; }
  echo "opinion of clients skipped: $1"
  [ -n "${CHATCONFORM_SKIPS:-}" ] && echo "npm: the openai and ai SDKs against the reference endpoint" >>"$CHATCONFORM_SKIPS"
  exit 0
}

# Starts the endpoint on a free port with the options given, and sets base.
serve() {
  "$BUILD/chatconform" serve --port 0 "$@" >"$folder/serve" 2>&1 &
  server=$!
  base= tries=0
  while [ -z "$base" ] && [ $tries -lt 100 ] && kill -0 "$server" 2>/dev/null; do
    base=$(sed -n 's/^serving \(http[^,]*\),.*/\1/p' "$folder/serve")
    [ -n "$base" ] || sleep 0.1
    tries=$((tries + 1))
  done
  [ -n "$base" ] || { echo "the endpoint did not start: $(cat "$folder/serve")"; exit 1; }
}

stop() {
  kill "$server"
  wait "$server" 2>/dev/null
  server=
}

command -v node >/dev/null && command -v npm >/dev/null || skip "there is no node or npm"
[ "$(node -p 'Number(process.versions.node.split(".")[0]) >= 20')" = true ] || skip "node is older than 20"
echo '{"private": true}' >"$folder/package.json"
npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts --fetch-retries=1 \
  openai@7.55.0 ai@7.0.173 @ai-sdk/openai-compatible@3.0.92 zod@4.6.7 >"$folder/log" 2>&1 || skip "npm could not install them"
cp tests/opinions/clients.mjs "$folder/" || exit 1

serve
node --no-deprecation "$folder/clients.mjs" "$base" reference ||
  { echo "FAILED: the SDKs do not get along with the reference endpoint"; exit 1; }
stop

# Each defect, and a check that must notice it.
while read -r defect check; do
  serve --defect "$defect"
  if node --no-deprecation "$folder/clients.mjs" "$base" reference "$check" >"$folder/said" 2>&1; then
    echo "FAILED: the SDKs did not notice $defect"
    exit 1
  fi
  stop
done <<'LIST'
stream.index.missing stream helper
stream.tool-calls.index-missing tools in the stream helper
response.choices.missing create
error.status.200 error 400
response.tool-calls.arguments-object ai generateText with tools
LIST
