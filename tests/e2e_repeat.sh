#!/bin/sh
# Cases that run several times: what passes now and then is told apart from what never does, with what that says of the rate.
. tests/e2e.inc

say() { # say FILE CONTENT [OBJECT]: an answer with that content
  printf 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n' >"$1"
  completion "$2" stop "${3:-chat.completion}" >>"$1"
}

# The first answer to "now", "often", "seldom" and "broken" is another one than the later ones.
answers() {
  rm -rf "$temp/answers"
  mkdir "$temp/answers"
  for name in always now often; do say "$temp/answers/$name" yes; done
  for name in never now often; do say "$temp/answers/$name.once" no; done
  for name in never seldom broken; do say "$temp/answers/$name" no; done
  say "$temp/answers/seldom.once" yes
  say "$temp/answers/broken.once" yes
  say "$temp/answers/broken" yes text_completion
}

cat >"$temp/suite.yaml" <<'END'
chatconform: 1
suite: repeat
defaults: {request: {model: m}}
cases:
  - {id: always, request: {messages: [{role: user, content: send always}]}, expect: {/choices/0/message/content: "yes"}}
  - {id: never, request: {messages: [{role: user, content: send never}]}, expect: {/choices/0/message/content: "yes"}}
  - {id: now, request: {messages: [{role: user, content: send now}]}, expect: {/choices/0/message/content: "yes"}}
  - {id: broken, request: {messages: [{role: user, content: send broken}]}, expect: {/choices/0/message/content: "yes"}}
  - id: often
    request: {messages: [{role: user, content: send often}]}
    expect: {/choices/0/message/content: "yes"}
    nondeterministic: true
    repeat: {times: 4, pass: 3}
  - id: seldom
    request: {messages: [{role: user, content: send seldom}]}
    expect: {/choices/0/message/content: "yes"}
    nondeterministic: true
    repeat: {times: 4, pass: 3}
END
state() { grep "\"id\":\"$1\"" "$temp/run.ndjson" >"$temp/case" && value "$temp/case" "/${2:-state}"; }

# Once each: whoever is wrong fails; cases that repeat themselves do.
answers
misbehave files "$temp/answers"
run run "$temp/suite.yaml" --base-url "$url" --model m --quiet --report ndjson="$temp/run.ndjson"
exits 1
same "always" "$(state always)" warn # headers are missing
same "now" "$(state now)" fail
same "often" "$(state often)" flaky
same "often: why" "$(state often reason)" "passed 3 of 4 times (between 30 and 95 % by Wilson's 95 % interval)"
same "seldom" "$(state seldom)" fail
says "$temp/case" "; passed 1 of 4 times, 3 are needed (between 5 and 70 % by Wilson's 95 % interval)"
same "seldom: rounds" "$(state seldom rounds)" 4
same "seldom: passed" "$(state seldom passed)" 1
same "seldom: at least" "$(state seldom interval/0)" 0.0456

# Several times each: what passes now and then is flaky; a rule of the catalogue is broken once and for all; the share that a case demands
# stays what it is.
answers
run run "$temp/suite.yaml" --base-url "$url" --model m --quiet --repeat 5 --report ndjson="$temp/run.ndjson" --report junit="$temp/junit.xml"
exits 1
junit "$temp/junit.xml"
same "always" "$(state always)" warn # headers are missing
same "always: rounds" "$(state always rounds)" 5
same "always: passed" "$(state always passed)" 5
same "never" "$(state never)" fail
same "never: passed" "$(state never passed)" 0
same "now" "$(state now)" flaky
same "now: why" "$(state now reason)" "passed 4 of 5 times (between 38 and 96 % by Wilson's 95 % interval)"
same "broken" "$(state broken)" fail
same "broken: rounds" "$(state broken rounds)" 2
says "$temp/case" response.object.const
same "often" "$(state often)" flaky
same "seldom" "$(state seldom)" fail
says "$temp/case" "passed 1 of 5 times, 4 are needed"

# What is flaky fails only who asks for that.
answers
run run "$temp/suite.yaml" 'repeat/now' --base-url "$url" --model m --quiet --repeat 3 --report ndjson="$temp/run.ndjson"
exits 0
answers
run run "$temp/suite.yaml" 'repeat/now' --base-url "$url" --model m --quiet --repeat 3 --fail-on flaky --report ndjson="$temp/run.ndjson"
exits 1
run report "$temp/run.ndjson" --report json="$temp/again.json"
same "read back: rounds" "$(value "$temp/again.json" /cases/0/rounds)" 3

# The target file may say so too, and the plan counts with it.
printf 'base_url: %s\nmodel: m\nrepeat: 3\n' "$url" >"$temp/target.yaml"
run run "$temp/suite.yaml" --target "$temp/target.yaml" --dry-run
exits 0
says out "6 cases, at most 20 requests"
refuses 2 "a number from 1 to 100" run --repeat 101
refuses 2 "a number from 1 to 100" run --repeat 0
finish
