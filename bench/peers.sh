#!/bin/sh
# Sets other validators, from npm, beside ours on the same corpus. Without npm or a network it says so and leaves them out.
set -u
cd "$(dirname "$0")/.." || exit 1
BUILD=${BUILD:-build/release}
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT

command -v node >/dev/null && command -v npm >/dev/null || { echo "ajv and Blaze are left out: there is no node or npm"; exit 0; }
echo '{"private": true}' >"$folder/package.json"
npm install --prefix "$folder" --silent --no-audit --no-fund --fetch-retries=1 ajv@8 @sourcemeta/jsonschema@16 >"$folder/log" 2>&1 ||
  { echo "ajv and Blaze are left out: npm could not install them"; exit 0; }
build/chatconform schema request >"$folder/request.json" && "$BUILD/bench/bench" --dump "$folder" || exit 1
node bench/peers.mjs "$folder" build/chatconform
