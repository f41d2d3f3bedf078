#!/bin/sh
# What ajv, given the official schema of a request, says about generated payloads. ajv comes from npm into a temporary folder, the schema from
# the folder of specifications; without either the opinion is skipped, except in CI. PAYLOADS says how many of each of the seeds SEEDS.
set -u
cd "$(dirname "$0")/.." || exit 1
BUILD=${BUILD:-build/release}
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT

skip() {
  [ "${CI:-}" = true ] && { echo "opinion of ajv on generated payloads: $1, which CI must have"; exit 1; }
  echo "opinion of ajv on generated payloads skipped: $1"
  [ -n "${CHATCONFORM_SKIPS:-}" ] && echo "npm: ajv over generated payloads" >>"$CHATCONFORM_SKIPS"
  exit 0
}

[ -n "${CHATCONFORM_SHARED:-}" ] || skip "CHATCONFORM_SHARED is not set"
command -v node >/dev/null && command -v npm >/dev/null || skip "there is no node or npm"
echo '{"private": true}' >"$folder/package.json"
npm install --prefix "$folder" --silent --no-audit --no-fund --fetch-retries=1 ajv@8 ajv-formats@3 yaml@2 >"$folder/log" 2>&1 || skip "npm could not install it"
for seed in ${SEEDS:-1 2 3 4 5}; do "$BUILD/chatconform" fuzz --print "${PAYLOADS:-1000}" --mode positive --seed $seed; done >"$folder/payloads" || exit 1
node tests/opinions/fuzz.mjs "$folder" "$CHATCONFORM_SHARED/spec/openai-chat.yaml" <"$folder/payloads"
