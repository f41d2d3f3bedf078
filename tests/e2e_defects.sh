#!/bin/sh
# What the reference endpoint can do wrong is found by the shipped suites, under the name of its rule, when it is served and tested as users do
# it; nothing is found when it does nothing wrong. The mutation score (e2e_mutate.sh) asks the same of every defect, so here some have to do.
. tests/e2e.inc

# summary POINTER: a member of the last line, which is the summary.
summary() { tail -n 1 "$temp/run.ndjson" >"$temp/summary" && value "$temp/summary" "$1"; }

for profile in openai newapi; do
  serve --profile $profile
  run run --base-url "$url" --model reference --profile $profile --quiet --report ndjson="$temp/run.ndjson" --report junit="$temp/junit.xml"
  exits 0
  junit "$temp/junit.xml"
  same "$profile: cases that did not pass" "$(values "$temp/run.ndjson" /state | grep -cv 'pass\|unsupported\|(absent)')" 0
  same "$profile: errors" "$(summary /findings/error)" 0
  same "$profile: warnings" "$(summary /findings/warning)" 0
  stop_servers
done
[ "$(summary /cases)" -ge 40 ] || fail "the shipped suites have only $(summary /cases) cases"

# finds ID RULE LEVEL: the run fails, and the first failures name the rule.
finds() {
  serve --defect "$1"
  run run --base-url "$url" --model reference --quiet --fail-on portability --fail-fast=6 --report ndjson="$temp/run.ndjson" \
    --report junit="$temp/junit.xml"
  stop_servers
  said="the defect $1"
  exits 1
  says "$temp/run.ndjson" "\"rule\":\"$2\",\"level\":\"$3\""
  says "$temp/junit.xml" "<failure type=\"$2\""
}

every=${sanitized:+8}
every=${every:-4} each=${sanitized:+5}
each=${each:-1}
run list defects --format json
"$helper" keys "$temp/out" id rule level sentence || fail "list defects: an item has other members"
sed -n 's/.*"id":"\([^"]*\)","rule":"\([^"]*\)","level":"\([^"]*\)".*/\1 \2 \3/p' "$temp/out" >"$temp/defects"
[ "$(wc -l <"$temp/defects")" -ge 10 ] || fail "there are fewer than ten defects"

awk "NR > 10 && NR % $every == 0" "$temp/defects" >"$temp/some"
while read -r id rule level; do finds "$id" "$rule" "$level"; done <"$temp/some"

# The first ten as a user would run them, with every case and nothing tolerated.
head -n 10 "$temp/defects" | awk "NR % $each == 0" >"$temp/some"
while read -r id rule level; do
  serve --defect "$id"
  run run --base-url "$url" --model reference --quiet --report junit="$temp/junit.xml"
  stop_servers
  said="the defect $id"
  exits 1
  junit "$temp/junit.xml"
  says "$temp/junit.xml" "$rule"
done <"$temp/some"

# Two at once are both found.
serve --defect response.usage.wrong-sum --defect stream.done.missing
run run --base-url "$url" --model reference --quiet --report ndjson="$temp/run.ndjson"
exits 1
says "$temp/run.ndjson" response.usage.total_is_sum
says "$temp/run.ndjson" stream.done.terminator
finish
