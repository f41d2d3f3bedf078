#!/bin/sh
# The command `schema` as its users see it: output, messages and exit codes.
set -u
cd "$(dirname "$0")/.." || exit 1
program=build/chatconform
failed=0

expect() { # expect CODE PATTERN ARGUMENT...: the command ends with CODE, and a line of what it prints has PATTERN
  code=$1 pattern=$2
  shift 2
  printed=$("$program" schema "$@" 2>&1)
  got=$?
  [ $got -eq "$code" ] || { echo "schema $*: exit code $got, not $code"; failed=1; }
  case $printed in *"$pattern"*) ;; *) echo "schema $*: \"$pattern\" is not in: $(echo "$printed" | head -c 300)"; failed=1 ;; esac
}

expect 0 '"$id":"urn:chatconform:openai-2026-08:request"' request
expect 0 '"$id":"urn:chatconform:newapi-2025-10:response"' response --profile newapi
expect 0 '"$id":"urn:chatconform:openai-2026-08:message_list"'
expect 2 'there is no schema requests; there are request, response, chunk' requests
expect 2 'its events are of kind chunk' stream
expect 2 'of kinds request and response' exchange
expect 2 'one kind at most' request response
exit $failed
