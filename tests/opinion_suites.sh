#!/bin/sh
# What an editor that reads suites/suite.schema.json says about suites: nothing about those that come with the program, and something about
# such as have a mistake that a schema can tell. ajv and a reader of YAML come from npm into a temporary folder; without npm or a network the
# opinion is skipped, except in CI.
. tests/e2e.inc
opinion='editors' asks='npm: ajv over the suites'
. tests/opinion.inc

npm_install ajv@8 yaml@2

editor() { # editor KIND FILE...: what it says, in $temp/said
  kind=$1
  shift
  node tests/opinions/suites.mjs "$folder" "suites/$kind.schema.json" "$@" >"$temp/said" 2>&1
}

editor suite suites/*.yaml suites/probes/*.yaml || { fail 'the editor complains about our suites'; show "$temp/said"; }
checks=$((checks + 1))
for file in suites/*.yaml suites/probes/*.yaml; do
  schema=suite.schema.json
  case $file in */probes/*) schema=../suite.schema.json ;; esac
  same "$file: the line that names the schema" "$(head -n 1 "$file")" "# yaml-language-server: \$schema=$schema"
done

good='chatconform: 1\nsuite: a/b\ncases:\n  - id: c\n    request: {model: m}\n    expect: {status: 200, /choices: {count: 1, schema: {type: array}}, /a: {exists: true, type: string, json: {/b: 1}}}\n'
# shellcheck disable=SC2059
printf "$good" >"$temp/good.yaml"
editor suite "$temp/good.yaml" || { fail 'the editor complains about a good suite'; show "$temp/said"; }
for mistake in 's/expect/expects/' 's/id: c/id: C C/' 's/chatconform: 1/chatconform: 2/' 's/suite: a/siute: a/' \
  's/status: 200/status: ok/' 's/status:/statsu:/' 's/count: 1/count: one/' 's/count: 1/cuont: 1/' 's/exists: true/exists: yes/' \
  's/type: string/type: strnig/' 's/json: {.b: 1}/json: no/' 's/schema: {type: array}/schema: array/' 's/count: 1/count: {matches: a}/'; do
  sed "$mistake" "$temp/good.yaml" >"$temp/bad.yaml"
  editor suite "$temp/bad.yaml" && fail "the editor takes $mistake"
  run lint "$temp/bad.yaml"
  exits 2
done
printf 'base_url: http://127.0.0.1:1/v1\nmodel: m\ncapabilities: {vision: false}\n' >"$temp/target.yaml"
editor target "$temp/target.yaml" || { fail 'the editor complains about a target'; show "$temp/said"; }
sed 's/model/modle/' "$temp/target.yaml" >"$temp/bad.yaml"
editor target "$temp/bad.yaml" && fail 'the editor takes modle'
finish
