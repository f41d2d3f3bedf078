#!/bin/sh
# The mutation score: every defect of the reference endpoint and every mutant is found by the shipped suites, and what is not found is said
# to be; what is odd, but legal, is left alone.
. tests/e2e.inc

# A sanitized program takes several times as long: then some have to do, without the record and the page that is committed.
if [ -n "$sanitized" ]; then
  run mutate --jobs 2 --quiet --defect 'response.usage.*' --defect 'events/done-*' --defect 'http/*' --defect 'legal/stream-c*'
  exits 0
  same "the last line of the output" "$(tail -n 1 "$temp/out" | cut -c1-7)" "score: "
  same "survivors" "$(grep -c '^x' "$temp/out")" 0
else
  run mutate --jobs 2 --quiet --score suites/mutation.json --format markdown
  exits 0
  same "the last line" "$(tail -n 1 "$temp/err" | cut -c1-7)" "score: "
  same "docs/mutation.md; run: make docs" "$(diff docs/mutation.md "$temp/out" | head -n 6)" ""
fi

# With too few cases: what survived and what was found under another name is listed, and the run fails.
run mutate 'chat/auth/*' --quiet --jobs 2 --defect 'response.usage.*' --defect 'stream.done.missing' --write-score "$temp/score.json" --format json
exits 1
says err "of level must are not killed by their rule"
says out '"outcome":"survived"'
says "$temp/score.json" '"stream.done.missing"'

# A record is held: as good is fine, worse fails.
run mutate 'chat/auth/*' --quiet --jobs 2 --defect 'response.usage.*' --defect 'stream.done.missing' --score "$temp/score.json"
exits 1
never_says err "recorded score"
sed 's/"stream.done.missing"//' "$temp/score.json" >"$temp/better.json"
run mutate 'chat/auth/*' --quiet --jobs 2 --defect 'response.usage.*' --defect 'stream.done.missing' --score "$temp/better.json"
exits 1
says err "below the recorded score: stream.done.missing is not killed any more"

# A case that is wrong itself is a false alarm, and counts against no defect.
cat >"$temp/wrong.yaml" <<'END'
chatconform: 1
suite: wrong
cases:
  - id: teapot
    request: {model: "${model}", messages: [{role: user, content: hi}]}
    expect: {status: 418}
END
run mutate "$temp/wrong.yaml" --quiet --defect response.id.missing
exits 1
says out "x false alarm: expect.status in wrong/teapot"
says err "1 false alarm"

run mutate --quiet --defect response.id.missing --format markdown
exits 0
says out '| `response.id.missing` | `response.id.required` | must | killed |'

# Mutants of one's own: what breaks nothing is not killed, what is legal may not be blamed, what fits nothing says so.
cat >"$temp/own.yaml" <<'END'
on: answer
mutants:
  - {id: no-id, says: has no id, breaks: response.id.required, severity: error, edit: [{do: remove, at: /body/id}]}
  - {id: no-model, says: has no model, breaks: response.id.required, severity: error, edit: [{do: remove, at: /body/model}]}
  - {id: nothing, says: changes nothing, breaks: response.id.required, severity: error, edit: [{do: remove, at: /body/no/such}]}
  - {id: same, says: says the same, breaks: response.object.const, severity: error, edit: [{do: set, at: /body/object, to: chat.completion}]}
  - {id: fine, says: has its id last, legal: there is no order, edit: [{do: rename, at: /body/id, to: x}, {do: rename, at: /body/x, to: id}]}
  - {id: blamed, says: has no id, legal: it is not, edit: [{do: remove, at: /body/id}]}
END
run mutate 'chat/basics/*' --quiet --mutants "$temp/own.yaml" --defect 'own/*'
exits 1
never_says out "x own/no-id"
says out "x own/no-model   response.id.required   must   found as response.model.required"
says out "x own/nothing   response.id.required   must   its edits fit nothing that was sent"
says out "x own/same   response.object.const   must   survived"
never_says out "own/fine"
says out "x own/blamed   (legal)   -   blamed as response.id.required in chat/basics/"
says out "1 of 2 legal ones accepted"
says err "1 false alarm on an endpoint that does nothing wrong"

# A file of mutants is held to its form, with the place of the mistake.
printf 'on: answer\nmutants:\n  - {id: a, says: b, breaks: c, severity: error, edit: [{do: remove, at: /body, set: /x}]}\n' >"$temp/two.yaml"
refuses 2 "two.yaml:3:" mutate --quiet --mutants "$temp/two.yaml"
printf 'on: answer\nmutants:\n  - {id: a, says: b, breaks: no.such, severity: error, edit: [{do: remove, at: /body}]}\n' >"$temp/unknown.yaml"
refuses 2 "there is no rule no.such" mutate --quiet --mutants "$temp/unknown.yaml"
refuses 2 "there is no defect own/no-such" serve --mutants "$temp/own.yaml" --defect own/no-such
refuses 2 "only one mutant at a time" serve --mutants "$temp/own.yaml" --defect own/no-id --defect own/no-model

# It can be served, and listed.
run list mutants --mutants "$temp/own.yaml"
exits 0
says out "own/blamed"
run list mutants --format json
"$helper" keys "$temp/out" id rule level legal sentence || fail "list mutants: an item has other members"
[ "$(grep -c '"id"' "$temp/out")" -ge 200 ] || fail "there are fewer than 200 mutants"
serve --mutants "$temp/own.yaml" --defect own/no-id
run run 'chat/basics/*' --base-url "$url" --model reference --quiet --report ndjson="$temp/run.ndjson"
stop_servers
exits 1
says "$temp/run.ndjson" '"rule":"response.id.required"'

refuses 2 "--defect matches none" mutate --quiet --defect 'no.such'
run mutate --quiet --defect response.id.missing --score suites/fixtures/tools/weather.json
exits 2
says err "no record"
finish
