#!/bin/sh
# What ajv, given the exported schemas, says about every derived document and about recorded traffic: it must agree with this library on what
# is an error in a single member. ajv comes from npm into a temporary folder; without npm or a network the opinion is skipped, except in CI.
. tests/e2e.inc
opinion=ajv asks='npm: ajv over the exported schemas'
. tests/opinion.inc

npm_install ajv@8 ajv-formats@3

recorded=
shared traffic/recorded.jsonl.gz && recorded=$CHATCONFORM_SHARED/traffic/recorded.jsonl.gz
"$BUILD/tests/opinions/cases" >"$folder/cases.ndjson" || { echo "the derived documents could not be printed"; exit 1; }
checks=$((checks + 1))
node tests/opinions/ajv.mjs "$folder" $recorded <"$folder/cases.ndjson" || fail 'ajv and the library do not agree'
finish
