#!/bin/sh
# Each matcher against an answer and against a stream of the reference endpoint: as it holds and as it fails, with the sentence that a failure
# has. And a schema that stands in another file: its mistakes have their place there.
. tests/e2e.inc
mkdir "$temp/fixtures"

text=/choices/0/message/content
suite() { # a case for each line of the input, "id: {pointer: matcher}"
  # shellcheck disable=SC2016 # the program expands it
  printf 'chatconform: 1\nsuite: m\nmatrix: {stream: [true, false]}\ndefaults: {request: {model: "${model}", messages: [{role: user, content: Tell me a story}]}}\ncases:\n'
  while IFS='|' read -r id expect; do
    printf '  - {id: %s, request: {}, expect: {%s}}\n' "$id" "$expect"
  done
}

suite >"$temp/holds.yaml" <<END
equals|/choices/0/index: 0
in|/choices/0/finish_reason: {in: [stop, length]}
not|/choices/0/finish_reason: {not: length}
matches|$text: {matches: "^Small .* great leaps"}
contains|$text: {contains: taken with care}
type|/choices: {type: array}
exists|/choices/0/finish_reason: {exists: true}, /nothing: {exists: false}
bounds|/choices/0/index: {at_least: 0, at_most: 0}
count|/choices: {count: 1}
length|$text: {length: {at_least: 80, at_most: 100}}
json|$text: {not: {json: true}}
schema|/choices: {schema: {type: array, items: {required: [message]}}}
END
run run "$temp/holds.yaml" --report console=-
exits 0
says out '24 cases'
says out '24 passed'

suite >"$temp/fails.yaml" <<END
equals|/choices/0/index: 1
in|/choices/0/finish_reason: {in: [length, tool_calls]}
not|/choices/0/finish_reason: {not: stop}
matches|$text: {matches: "^small"}
contains|$text: {contains: hurried}
type|/choices: {type: [object, "null"]}
exists|/nothing: {exists: true}, /choices/0/index: {exists: false}
bounds|/choices/0/index: {at_least: 1}
count|/choices: {count: {at_least: 2}}
length|$text: {length: 3}
json|$text: {json: true}
schema|/choices: {schema: !include fixtures/two.json}
END
printf '{"items":\n  {"properties": {"index": {"minimum": 2}}}}\n' >"$temp/fixtures/two.json"
run run "$temp/fails.yaml" --report console="$temp/said" --report tap="$temp/tap"
exits 1
says "$temp/said" '24 failed'
story='"Small steps taken with care lead further than great leaps, so let us begin with the first."'
while IFS='|' read -r id sentence; do
  for stream in true false; do
    sed -n "/ m\/$id\/stream:$stream/,/\.\.\.\$/p" "$temp/tap" | sed 's/\\"/"/g' >"$temp/case"
    says "$temp/case" "$sentence"
  done
done <<END
equals|/choices/0/index is 0; expected 1
in|/choices/0/finish_reason is "stop"; expected one of ["length","tool_calls"]
not|/choices/0/finish_reason is "stop"; expected not "stop"
matches|$text is $story; expected a text that matches "^small"
contains|$text is $story; expected something that contains "hurried"
type|/choices is [{"index":0,
type|expected a value of type ["object","null"]
exists|/nothing is absent; expected any value
exists|/choices/0/index is 0; expected no value
bounds|/choices/0/index is 0; expected at least 1
count|expected a count of at least 2
length|$text is $story; expected a length of 3
json|$text is $story; expected text that is JSON
schema|expected a value that the schema allows: at /0/index: 
END

# A schema that is wrong is a mistake of the suite, found where it stands.
printf '{"items":\n  {"properties": {"index": {"minimum": "two"}}}}\n' >"$temp/fixtures/two.json"
run lint "$temp/fails.yaml"
exits 2
says err 'two.json:2:40: the schema cannot be used: minimum is a number, not a string'
run run "$temp/fails.yaml"
exits 2
printf '{"items":' >"$temp/fixtures/two.json"
run lint "$temp/fails.yaml"
exits 2
says err 'fails.yaml:17:59: cannot include fixtures/two.json: line 1, column 10: the text ends inside an object'
finish
