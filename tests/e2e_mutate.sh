#!/bin/sh
# The mutation score: every defect of the reference endpoint is found by the shipped suites, and what is not found is said to be.
. tests/e2e.inc

# A sanitized program takes several times as long: then one group of defects has to do, without the record.
case $BUILD in *san*) set -- --defect 'response.usage.*' ;; *) set -- --score suites/mutation.json ;; esac
run mutate --jobs 2 --quiet "$@"
exits 0
same "the last line of the output" "$(tail -n 1 "$temp/out" | cut -c1-7)" "score: "
same "survivors" "$(grep -c '^x' "$temp/out")" 0

# With too few cases: what survived and what was found under another name is listed, and the run fails.
run mutate 'chat/auth/*' --quiet --jobs 2 --defect 'response.usage.*' --defect 'stream.done.missing' --write-score "$temp/score.json" --format json
exits 1
says err "of level must are not killed by their rule"
says out '"outcome":"survived"'
says "$temp/score.json" '"stream.done.missing"'

# A record is held: as good is fine, worse fails.
run mutate 'chat/auth/*' --quiet --jobs 2 --defect 'response.usage.*' --defect 'stream.done.missing' --score "$temp/score.json"
never_says err "recorded score"
sed 's/"stream.done.missing"//' "$temp/score.json" >"$temp/better.json"
run mutate 'chat/auth/*' --quiet --jobs 2 --defect 'response.usage.*' --defect 'stream.done.missing' --score "$temp/better.json"
exits 1
says err "below the recorded score: the defect stream.done.missing is not killed"

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

refuses 2 "--defect matches none" mutate --quiet --defect 'no.such'
run mutate --quiet --defect response.id.missing --score suites/fixtures/tools/weather.json
exits 2
says err "no record"
finish
