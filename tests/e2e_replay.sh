#!/bin/sh
# Stored failures: what is in their folders, and sending them again: fixed, still failing, or not to be sent.
. tests/e2e.inc

serve --defect stream.done.missing
broken=$url
run run 'chat/stream/*' --base-url "$broken" --model reference --quiet --report junit="$temp/junit.xml" --report ndjson="$temp/run.ndjson" \
  --failures "$temp/failures"
exits 1
same "stored failures" "$(find "$temp/failures" -name meta.json | grep -c .)" "$(values "$temp/run.ndjson" /state | grep -c fail)"
id=$(grep -o '"failure":"[0-9a-f]*"' "$temp/run.ndjson" | sed -n '1s/.*:"\(.*\)"/\1/p')
[ -n "$id" ] || fail "no case names its folder"
folder=$temp/failures/$id
says "$temp/junit.xml" "chatconform replay $id"
value "$folder/meta.json" /suite >/dev/null || fail "meta.json cannot be read"
value "$folder/request.json" /model >/dev/null || fail "request.json cannot be read"
says "$folder/response.sse" "data: "
says "$folder/response_headers.txt" "status: 200"
says "$folder/curl.sh" '$OPENAI_API_KEY'
sh -n "$folder/curl.sh" || fail "curl.sh is no script"
OPENAI_API_KEY=key sh "$folder/curl.sh" >"$temp/again" 2>/dev/null
says "$temp/again" "chat.completion.chunk"

run replay "$folder" --quiet
exits 1
says out "STILL FAILS  chat/stream/"
says out "stream.done.terminator"

# Where nothing is wrong it is fixed.
serve
run replay "$folder" --base-url "$url" --quiet
exits 0
says out "FIXED  chat/stream/"

# Another fault in the same case is no repair.
serve --defect response.choices.missing
sed 's/"stream.done.terminator"/"other.rule"/' "$folder/meta.json" >"$temp/meta.json"
mkdir "$temp/other" && cp "$temp/meta.json" "$temp/other/"
run replay "$temp/other" --base-url "$broken" --quiet
exits 1
says out "(it failed for another rule before)"

# Nobody there, no such case, no such failure.
stop_servers
run replay "$folder" --quiet
exits 3
says out "CANNOT REPLAY  chat/stream/"
says out "cannot be reached"
sed 's/"case": *"[^"]*"/"case":"gone"/' "$folder/meta.json" >"$temp/other/meta.json"
run replay "$temp/other" --quiet
exits 2
says out "CANNOT REPLAY  chat/stream/gone"
refuses 2 "there is no stored failure 0000" replay 0000
refuses 2 "replay takes the id" replay
printf '{}' >"$temp/other/meta.json"
refuses 2 "does not describe a stored failure" replay "$temp/other"

# A run without --report stores them where `replay ID` finds them, and takes away what earlier ones left; nothing else.
serve --defect stream.done.missing
suites=$PWD/suites
mkdir -p "$temp/here/reports/out/failures/mine" "$temp/here/reports/out/failures/0123"
cd "$temp/here" || exit 1
echo keep >reports/out/failures/mine/file
cp "$folder/meta.json" reports/out/failures/0123/
run run 'chat/stream/content' --suites "$suites" --base-url "$url" --model reference --quiet
exits 1
id=$(find reports/out/failures -name meta.json | sed 's|.*/\([0-9a-f]*\)/meta.json|\1|')
says out "chatconform replay $id"
[ -f reports/out/failures/mine/file ] || fail "a folder of somebody else was removed"
run replay "$id" --quiet
exits 1
says out "STILL FAILS"
run run 'chat/auth/no-key' --suites "$suites" --base-url "$url" --model reference --quiet
exits 0
same "failures that are left" "$(find reports/out/failures -name meta.json | grep -c .)" 0
cd "$OLDPWD" || exit 1
finish
