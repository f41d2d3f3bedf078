#!/bin/sh
# What was learned from servers of other people, so far as the reference endpoint can play them: findings must name what is wrong, in the words
# of the server where it has some.
. tests/e2e.inc

# finds DEFECT POINTER VALUE CASE: the first finding of the case has that value there.
finds() {
  # shellcheck disable=SC2086 # several options
  serve --defect $1
  run run --base-url "$url" --model reference --quiet --report ndjson="$temp/run.ndjson" "$4"
  same "$1, $4: $2" "$(values "$temp/run.ndjson" "/findings/0$2" | grep -v absent)" "$3"
  stop_servers
}

# A server that asks for no key: the case is about the key, though the body that it sends is wrong, too.
finds "fault.key.ignored --defect request.messages.empty-accepted" /rule expect.rejected.status chat/auth/before-the-body
says "$temp/run.ndjson" 'expected a rejection with 401"'

# A wrong request that crashes the server: what it says stands in the finding.
cat >"$temp/suite.yaml" <<'END_OF_SUITE'
chatconform: 1
suite: my/crash
title: A crash
cases:
  - id: five-stops
    title: Five stop sequences are refused.
    request: {model: "${model}", messages: [{role: user, content: "Say 🙂"}], stop: [a, b, c, d, e]}
    expect: {rejected: {param: stop}}
END_OF_SUITE
finds fault.emoji.crash /message \
  'the request was answered with status 500; expected a rejection with 400 or 422 (the server says: Something went wrong.)' "$temp/suite.yaml"

# Who sends no key does not expect to be asked for one, unless it is said.
serve --defect fault.key.ignored
run run --base-url "$url" --model reference --auth none --quiet chat/auth chat/basics/one-message
exits 0
says out "the target lacks the capability auth"
run run --base-url "$url" --model reference --auth none --capability auth --quiet chat/auth chat/basics/one-message
exits 1
stop_servers

# An error on another path is one in an answer.
finds error.code.number /in response chat/errors/unknown-path
finish
