#!/bin/sh
# Probing: our own endpoint can do everything; what one of its defects ignores is found out; and a run that knows expects no more.
. tests/e2e.inc

map() { grep -E "^. $1 " "$temp/out" | cut -c 26-42 | sed 's/ *$//'; } # the verdict about a capability

# Everything that the documents know is there, by either of them.
for profile in openai newapi; do
  run probe --quiet --profile $profile
  exits 0
  says err "0 refused honestly, 0 ignored silently, 0 inconsistent, 0 not judged"
  same "$profile: lines that are not about something supported" "$(sed 1,3d "$temp/out" | grep -vc '  supported  ')" 0
done
run probe --quiet --format json
exits 0
value "$temp/out" /capabilities >/dev/null || fail "the JSON cannot be read"
same "the format" "$(value "$temp/out" /format)" 1
tr '{' '\n' <"$temp/out" | sed -n 's/^"name":"\([a-z_]*\)".*/\1/p' | sort >"$temp/probed"

# Whatever a suite requires is probed; `openai` is not a capability but a document.
cat suites/*.yaml | grep -o 'requires: \[[^]]*\]' | sed 's/.*\[//; s/\]//' | tr -d ' ' | tr , '\n' | grep -vx openai | sort -u >"$temp/required"
[ -s "$temp/required" ] || fail "no suite requires anything"
same "capabilities without a probe" "$(comm -23 "$temp/required" "$temp/probed")" ""

# Each defect that ignores something makes that a silent ignore, and those that are the same thing under another name.
run list defects
cp "$temp/out" "$temp/defects"
for pair in n:n stop:stop logprobs:logprobs,top_logprobs limit:max_completion_tokens tool-choice:tool_choice parallel:parallel_tools \
            obfuscation:obfuscation; do
  defect=request.${pair%%:*}.ignored
  sed -i "/^$defect /d" "$temp/defects"
  serve --defect "$defect"
  run probe --quiet --base-url "$url" --model reference --repeat 1
  exits 0
  for name in $(echo "${pair#*:}" | tr , ' '); do same "$defect: $name" "$(map "$name")" "silent ignore"; done
  [ "$pair" = tool-choice:tool_choice ] ||
    same "$defect: what else is no more supported" "$(sed 1,3d "$temp/out" | grep -v '  supported  ' | awk '{print $2}' | paste -s -d, -)" "${pair#*:}"
  kill "$server"
done
same "defects that ignore something, and have no probe" "$(grep -o '^request\.[a-z-]*\.ignored' "$temp/defects")" ""

# An endpoint that speaks the older document refuses honestly what is newer, or ignores it.
serve --profile newapi
run probe --quiet --base-url "$url" --model reference --report ndjson="$temp/older.ndjson"
exits 0
for name in allowed_tools custom_tools; do same "older: $name" "$(map $name)" "honest rejection"; done
same "older: moderation" "$(map moderation)" "silent ignore"
says out 'refused with 400: tools[0].type is "custom"'
grep '"id":"free-text/try:1"' "$temp/older.ndjson" >"$temp/case"
same "the try" "$(value "$temp/case" /state)" unsupported
run run chat/options/moderation chat/tools/choice --probe --quiet --base-url "$url" --model reference --report ndjson="$temp/older.ndjson"
exits 0
same "unsupported cases" "$(grep -c '"state":"unsupported","reason":"the target lacks the capability allowed_tools"' "$temp/older.ndjson")" 2

# To fail for it is for the user to say.
serve --defect request.n.ignored
ignoring="--base-url $url --model reference --quiet"
# shellcheck disable=SC2086 # words
run probe n $ignoring --fail-on must
exits 1
says out "x n "
says err "1 ignored silently"

# Only what is asked for, as often as is asked for, within the budgets.
run probe --quiet --repeat 1 service_tier
says out "service_tier"
never_says out "logit_bias"
says err "; 3 requests, " # with the plain question and the stream
run probe --quiet --max-requests 5
exits 4
says err "incomplete: the budget of 5 requests is used up"
refuses 2 "no probe looks for tool_choise; did you mean tool_choice?" probe tool_choise --base-url http://127.0.0.1:9/v1 --model m
refuses 2 "--save needs --base-url" probe --save "$temp/none.yaml"
run probe --base-url http://127.0.0.1:9/v1 --model m --report junit="$temp/junit.xml" --quiet
exits 3
says err "cannot be reached"
junit "$temp/junit.xml"

# Reports: each try is a case of its own.
# shellcheck disable=SC2086
run probe n stop $ignoring --report junit="$temp/junit.xml" --report ndjson="$temp/probe.ndjson" --report html="$temp/probe.html"
exits 0
junit "$temp/junit.xml"
says "$temp/junit.xml" 'name="choices/stream:false/n:2/try:2"'
says "$temp/probe.html" '<span class="badge fail">silent ignore</span>'
run report "$temp/probe.ndjson" --report json="$temp/again.json"
same "read back" "$(value "$temp/again.json" /capabilities/2/verdict)" "silent ignore"
# shellcheck disable=SC2086
run probe n $ignoring --format markdown
says out "| n | silent ignore |"

# A target file keeps it; what was not probed stays in it, and so does what else stands there.
cat >"$temp/target.yaml" <<END
base_url: $url
model: reference
fail_fast: 1000
capabilities: {logit_bias: false, n: true}
END
run probe n stop stream_usage --target "$temp/target.yaml" --save "$temp/target.yaml" --quiet
exits 0
says "$temp/target.yaml" "fail_fast: 1000"
says "$temp/target.yaml" "  logit_bias: false"
says "$temp/target.yaml" "  n: silent"
says "$temp/target.yaml" "  stop: true"
run run chat/sampling chat/stop --target "$temp/target.yaml" --quiet --report ndjson="$temp/run.ndjson"
exits 1
grep '"id":"two-choices"' "$temp/run.ndjson" >"$temp/case"
same "two-choices" "$(value "$temp/case" /state)" fail
same "its rule" "$(value "$temp/case" /findings/0/rule)" capability.n
same "its requests" "$(value "$temp/case" /exchanges)" 0
grep '"id":"logit-bias/bias:0"' "$temp/run.ndjson" >"$temp/case"
same "logit-bias" "$(value "$temp/case" /state)" unsupported
grep '"id":"five"' "$temp/run.ndjson" >"$temp/case"
same "stop/five" "$(value "$temp/case" /state)" pass

run run chat/sampling/two-choices chat/stop --target "$temp/target.yaml" --quiet
exits 1
says out "chatconform explain chat/sampling/two-choices"

# Two maps side by side: what differs, in every form.
run probe n stop --quiet --report ndjson="$temp/own.ndjson"
for format in text markdown html; do
  run compare "$temp/own.ndjson" "$temp/probe.ndjson" --format $format
  exits 0
  cp "$temp/out" "$temp/compare.$format"
done
grep -E '^  n +supported +silent ignore' "$temp/compare.text" >/dev/null || fail "compare does not say that n differs"
checks=$((checks + 1))
same "rows of stop, which does not differ" "$(grep -cE '^  stop ' "$temp/compare.text")" 0
says "$temp/compare.markdown" "| n | supported | silent ignore |"
says "$temp/compare.markdown" "| stop | supported | supported |"
says "$temp/compare.html" '<code>n</code></th><td><span class="badge pass">supported</span></td><td><span class="badge fail">silent ignore</span>'

# The same at one go. What flags say needs no probe to confirm it.
# shellcheck disable=SC2086
run run chat/sampling chat/basics --probe --capability logit_bias=no $ignoring --report ndjson="$temp/run.ndjson" --report html="$temp/run.html"
exits 1
says out "capability.n"
says "$temp/run.html" "What the endpoint can do"
sed 1q "$temp/run.ndjson" >"$temp/head"
says "$temp/head" '{"name":"n","verdict":"silent ignore"'
run run chat/basics --probe --max-requests 100 --quiet --report ndjson="$temp/run.ndjson"
exits 4
says err "the budget of 100 requests is used up"
run run chat/basics --probe --base-url http://127.0.0.1:9/v1 --model m --quiet --report ndjson="$temp/run.ndjson"
exits 3
run run chat/basics --probe --quiet --report junit="$temp/junit.xml"
exits 0
printf 'base_url: %s\nmodel: reference\nprobe: true\n' "$url" >"$temp/target.yaml"
run run chat/basics --target "$temp/target.yaml" --quiet --report ndjson="$temp/run.ndjson"
sed 1q "$temp/run.ndjson" >"$temp/head"
says "$temp/head" '{"name":"n","verdict":"silent ignore"'
run run chat/basics --probe --quiet --max-tokens 2000 --report ndjson="$temp/run.ndjson"
exits 4
says err "the budget of 2000 tokens is used up"
run probe --quiet --max-tokens 500
exits 4
# Whoever sends no key of ours may still be known to need one: what is said wins over what is guessed.
serve
export CHATCONFORM_HEADER='Authorization: Bearer some-other-key'
run run --probe --auth none --capability auth --base-url "$url" --model reference --quiet --report ndjson="$temp/auth.ndjson" chat/auth/no-key
unset CHATCONFORM_HEADER
exits 0
says "$temp/auth.ndjson" '{"name":"auth","verdict":"supported"'
stop_servers
finish
