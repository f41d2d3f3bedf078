#!/bin/sh
# What ajv, given the official schema of a request, says about generated payloads. ajv comes from npm into a temporary folder, the schema from
# the folder of specifications; without either the opinion is skipped, except in CI. PAYLOADS says how many of each of the seeds SEEDS.
. tests/e2e.inc
opinion='ajv on generated payloads' asks='npm: ajv over generated payloads'
. tests/opinion.inc

[ -n "${CHATCONFORM_SHARED:-}" ] || skip "CHATCONFORM_SHARED is not set"
npm_install ajv@8 ajv-formats@3 yaml@2
payloads=${PAYLOADS:-1000} total=0
for seed in ${SEEDS:-1 2 3 4 5}; do
  run fuzz --print "$payloads" --mode positive --seed "$seed"
  exits 0
  cat "$temp/out" >>"$folder/payloads"
  total=$((total + payloads))
done
checks=$((checks + 1))
node tests/opinions/fuzz.mjs "$folder" "$CHATCONFORM_SHARED/spec/openai-chat.yaml" $total <"$folder/payloads" || fail "ajv does not take what was generated"
finish
