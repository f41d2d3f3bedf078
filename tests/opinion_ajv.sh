#!/bin/sh
# What ajv, given the exported schemas, says about every derived document and about recorded traffic: it must agree with this library on what
# is an error in a single member. ajv comes from npm into a temporary folder; without npm or a network the opinion is skipped, except in CI.
set -u
cd "$(dirname "$0")/.." || exit 1
BUILD=${BUILD:-build/release}
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT

skip() {
  [ "${CI:-}" = true ] && { echo "opinion of ajv: $1, which CI must have"; exit 1; }
  echo "opinion of ajv skipped: $1"
  [ -n "${CHATCONFORM_SKIPS:-}" ] && echo "npm: ajv over the exported schemas" >>"$CHATCONFORM_SKIPS"
  exit 0
}

command -v node >/dev/null && command -v npm >/dev/null || skip "there is no node or npm"
echo '{"private": true}' >"$folder/package.json"
npm install --prefix "$folder" --silent --no-audit --no-fund --fetch-retries=1 ajv@8 ajv-formats@3 >"$folder/log" 2>&1 || skip "npm could not install it"

recorded=
if [ -n "${CHATCONFORM_SHARED:-}" ]; then
  recorded=$CHATCONFORM_SHARED/traffic/recorded.jsonl.gz
elif [ -n "${CHATCONFORM_SKIPS:-}" ]; then
  echo "traffic/recorded.jsonl.gz" >>"$CHATCONFORM_SKIPS"
fi
"$BUILD/tests/opinions/cases" >"$folder/cases.ndjson" || { echo "the derived documents could not be printed"; exit 1; }
node tests/opinions/ajv.mjs "$folder" $recorded <"$folder/cases.ndjson"
