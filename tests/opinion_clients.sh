#!/bin/sh
# What real clients say about the reference endpoint: the openai and ai SDKs from npm, installed into a temporary folder, use all that they
# offer for chat completions (tests/opinions/clients.mjs). Against an endpoint with a defect they must complain, or their praise says nothing.
# Without npm or a network the opinion is skipped, except in CI.
. tests/e2e.inc
opinion=clients asks='npm: the openai and ai SDKs against the reference endpoint'
. tests/opinion.inc

npm_install openai@7.55.0 ai@7.0.173 @ai-sdk/openai-compatible@3.0.92 zod@4.6.7
[ "$(node -p 'Number(process.versions.node.split(".")[0]) >= 20')" = true ] || skip "node is older than 20"
cp tests/opinions/clients.mjs "$folder/" || exit 1

clients() { # clients [CHECK]: what they say about the endpoint, all or of one thing
  checks=$((checks + 1))
  node --no-deprecation "$folder/clients.mjs" "$url" reference "$@"
}

serve --port 0
clients || fail "the SDKs do not get along with the reference endpoint"
stop_servers

# Each defect, and a check that must notice it; what cannot run at all notices nothing.
while read -r defect check; do
  serve --port 0 --defect "$defect"
  clients "$check" >"$temp/said" 2>&1 && fail "the SDKs did not notice $defect"
  tail -n 1 "$temp/said" | grep -q '[1-9][0-9]* failed$' || { fail "the SDKs did not complain of $defect"; show "$temp/said"; }
  stop_servers
done <<'LIST'
stream.index.missing stream helper
stream.tool-calls.index-missing tools in the stream helper
response.choices.missing create
error.status.200 error 400
response.tool-calls.arguments-object ai generateText with tools
LIST
finish
