#!/bin/sh
# list and explain: what there is, as text and as JSON with the members that scripts rely on, and each thing listed can be explained.
. tests/e2e.inc

# items: how many items the list in $temp/out has
items() { value "$temp/out" ''; }

# --- rules

run list rules --format json
exits 0
cp "$temp/out" "$temp/rules.json"
"$helper" keys "$temp/rules.json" id kind level profiles source sentence path good bad || fail "a rule has other members"
count=$(items)
[ "$count" -ge 300 ] || fail "there are only $count rules"
run list rules
same "$said: lines" "$(wc -l <"$temp/out" | tr -d ' ')" "$count"
sed 's/^\[//; s/,$//; s/\]$//' "$temp/rules.json" >"$temp/rules.jsonl"
values "$temp/rules.jsonl" /id >"$temp/ids"
same "rules with the same id" "$(sort "$temp/ids" | uniq -d | head -n 3)" ""
for member in kind level source sentence; do
  same "rules without $member" "$(values "$temp/rules.jsonl" /$member | grep -cx 'null\|')" 0
done

# Some are explained, in the same words as they are listed.
every=${sanitized:+120}
awk "NR % ${every:-30} == 1" "$temp/ids" >"$temp/some"
while read -r id; do
  run explain "$id" --format json
  exits 0
  same "explain $id" "$(cat "$temp/out")" "$(grep -F "{\"id\":\"$id\"," "$temp/rules.jsonl")"
done <"$temp/some"
while read -r id; do
  run explain "$id"
  exits 0
  for text in "$id" 'level ' 'profiles ' 'source ' 'place '; do says out "$text"; done
done <<IDS
$(awk 'NR % 150 == 1' "$temp/ids")
IDS
run explain request.stop.max_items
says out 'must (error when broken)'
says out '"stop":["END","END1","END2","END3","END4"]'
refuses 2 'there is no rule request.stop.max_itmes; did you mean request.stop.max_items?' explain request.stop.max_itmes
refuses 2 'did you mean request.stop.max_items?' explain stop.max_items
refuses 2 'there is no rule nothing-like-it; `chatconform list rules` lists them' explain nothing-like-it

# What a rule gives as bad is found to be bad, and what it gives as good is not; the iterator's own tests do it for all of them.
run explain request.stop.max_items --format json
value "$temp/out" /bad >"$temp/bad.json"
value "$temp/out" /good >"$temp/good.json"
run check "$temp/bad.json"
exits 1
says out request.stop.max_items
run check "$temp/good.json"
exits 0

# --- cases and suites

run list cases --format json
exits 0
cp "$temp/out" "$temp/cases.json"
"$helper" keys "$temp/cases.json" id suite title level tags spec file line || fail "a case has other members"
cases=$(items)
run list cases
same "$said: lines" "$(wc -l <"$temp/out" | tr -d ' ')" "$cases"
cut -d' ' -f1 "$temp/out" >"$temp/paths"
same "cases with the same path" "$(sort "$temp/paths" | uniq -d | head -n 3)" ""
run run --dry-run
exits 0
says out "$cases cases, at most "
run list cases --tag smoke
smoke=$(wc -l <"$temp/out" | tr -d ' ')
[ "$smoke" -ge 1 ] && [ "$smoke" -le 15 ] || fail "there are $smoke cases tagged smoke"
run list cases 'chat/usage/*' --format json
same "$said" "$(values "$temp/out" 2>/dev/null; "$helper" keys "$temp/out" id suite title level tags spec file line; items)" \
  "$(grep -c '^chat/usage/' "$temp/paths")"
run list cases --level should --skip 'chat/usage/**'
exits 0
never_says out ' must '
never_says out 'chat/usage/'
refuses 2 '--tag smke matches no case; did you mean smoke?' list cases --tag smke

# The place of each case is where its id stands in the file.
sed 's/^\[//; s/,$//; s/\]$//' "$temp/cases.json" | awk 'NR % 9 == 1' >"$temp/some.jsonl"
values "$temp/some.jsonl" /file >"$temp/files"
values "$temp/some.jsonl" /line >"$temp/lines"
values "$temp/some.jsonl" /id | cut -d/ -f1 >"$temp/names"
paste "$temp/files" "$temp/lines" "$temp/names" >"$temp/places"
while read -r file line name; do
  checks=$((checks + 1))
  sed -n "${line}p" "$file" | grep -q "id: $name" || fail "$file:$line has no case $name"
done <"$temp/places"

awk 'NR % 25 == 1' "$temp/paths" >"$temp/some"
while read -r path; do
  run explain "$path"
  exits 0
  for text in "$path" 'level ' 'file ' 'sends ' 'expects '; do says out "$text"; done
  run explain "$path" --format json
  exits 0
  value "$temp/out" /steps >"$temp/steps"
  [ "$(cat "$temp/steps")" -ge 1 ] || fail "explain $path: no step"
done <"$temp/some"
run explain chat/usage/present
says out 'suites/usage.yaml:'
says out 'POST /chat/completions'
refuses 2 'the filter chat/usage/presnt matches no case; did you mean chat/usage/present?' explain chat/usage/presnt
printf 'chatconform: 1\nsuite: my/own\ntitle: Mine\ncases:\n  - id: a\n    title: First\n    spec: somewhere\n    request: {model: m, messages: [{role: user, content: hi}], stop: [1, 2, 3, 4, 5]}\n    expect: {rejected: {param: stop}}\n    control: {remove: [/stop]}\n' |
  sed 's/\[1, 2, 3, 4, 5\]/[a, b, c, d, e]/' >"$temp/own.yaml"
run explain my/own/a --suites "$temp/own.yaml" --format json
exits 0
for pair in 'id a' 'suite my/own' 'title First' 'level must' 'spec somewhere' 'line 5' 'steps/0/method POST' 'steps/0/request/stop 5' \
  'steps/0/expect/rejected/param stop' 'steps/0/control/remove/0 /stop' 'steps/0/invalid true'; do
  same "$said: ${pair%% *}" "$(value "$temp/out" "/${pair%% *}")" "${pair#* }"
done
run lint "$temp/own.yaml"
exits 0
says err '1 file, 1 case: no mistake'
never_says err warning
sed 's/my\/own/my\/other/; s/\(role: user, content: \)[^,}]*/\1yes/' "$temp/own.yaml" >"$temp/yes.yaml"
run lint "$temp/own.yaml" "$temp/yes.yaml"
exits 0
says err 'yes is text here, and a boolean to older readers of YAML: quote it'
says err '2 files, 2 cases: no mistake, but 1 warning'

# A capability that nobody knows may be misspelt: that is said once for each name, where it stands, and changes nothing else.
printf '%s\n' 'chatconform: 1' 'suite: my/needs' 'requires: [tools, straem]' 'cases:' '  - id: a' '    requires: [straem, my_own]' \
  '    request: {model: "${model}", messages: [{role: user, content: hi}]}' >"$temp/needs.yaml"
unknown='no probe looks for the capability'
# shellcheck disable=SC2086 # words
for command in 'lint' 'run --quiet --report console=-'; do
  run $command "$temp/needs.yaml"
  exits 0
  says err "$temp/needs.yaml:3:19: $unknown straem, and no target file names it; did you mean stream?"
  says err "$temp/needs.yaml:6:24: $unknown my_own, and no target file names it"
  same "$said: warnings" "$(grep -c "$unknown" "$temp/err")" 2
  printf 'base_url: http://127.0.0.1:9/v1\nmodel: m\ncapabilities: {my_own: true, straem: false}\n' >"$temp/needs-target.yaml"
  run $command "$temp/needs.yaml" --capability straem=no --capability my_own
  never_says err "$unknown"
  run $command "$temp/needs.yaml" --capability my_owm=no
  says err "$unknown my_own, and no target file names it; did you mean my_owm?"
done
run lint "$temp/needs.yaml" --target "$temp/needs-target.yaml"
exits 0
says err '1 file, 1 case: no mistake'
never_says err "$unknown"
run lint "$temp/needs.yaml"
says err '1 file, 1 case: no mistake, but 2 warnings'
run lint suites/*.yaml suites/probes/*.yaml
never_says err "$unknown"
said='lint where there are no probes'
(cd "$temp" && "$program" lint needs.yaml >out 2>err </dev/null)
code=$?
exits 0
same "$said" "$(cat "$temp/err")" '1 file, 1 case: no mistake'

run list suites --format json
"$helper" keys "$temp/out" id title file cases || fail "a suite has other members"
run list suites
same "$said: cases" "$(sed 's/.* \([0-9]*\) case.*/\1/' "$temp/out" | awk '{ n += $1 } END { print n }')" "$cases"
run lint suites/*.yaml suites/probes/*.yaml
exits 0
# A probe includes what it may when all are loaded, wherever one looks from; others stay in their folder.
(cd suites && "$program" lint probes/tools.yaml 2>"$temp/err") || fail "a probe seen from the folder of the suites: $(cat "$temp/err")"
run lint "$PWD/suites/probes/tools.yaml"
exits 0
mkdir "$temp/my-probes"
cp suites/probes/tools.yaml "$temp/my-probes/"
run lint "$temp/my-probes/tools.yaml"
exits 2
says err 'cannot include ../fixtures/tools/weather.json: it leaves the folder of the suites'

# --- defects and profiles

run list defects --format json
"$helper" keys "$temp/out" id rule level sentence || fail "a defect has other members"
defects=$(items)
run list defects
same "$said: lines" "$(wc -l <"$temp/out" | tr -d ' ')" "$defects"
cp "$temp/out" "$temp/defects"
run serve --list-defects
same "$said" "$(cat "$temp/out")" "$(cat "$temp/defects")"
for rule in $(awk '$2 != "(none)" { print $2 }' "$temp/defects"); do
  checks=$((checks + 1))
  grep -qxF "$rule" "$temp/ids" || fail "a defect is about a rule that there is not: $rule"
done
run list profiles --format json
"$helper" keys "$temp/out" id alias sentence || fail "a profile has other members"
same "$said" "$(value "$temp/out" /0/id) $(value "$temp/out" /1/id)" 'newapi-2025-10 openai-2026-08'

# --- from another folder there are no suites, and that is said

said='list cases elsewhere'
(cd "$temp" && "$program" list cases --format json >out 2>err </dev/null)
code=$?
exits 2
says err 'name some with --suites PATH'
same "$said: standard output" "$(cat "$temp/out")" ""
# --- what a suite file says does nothing to a terminal

printf 'chatconform: 1\nsuite: my/own\ntitle: "suite \\e[2J"\ncases:\n  - id: a\n    title: "case \\e[2J"\n    tags: [x]\n    request: {model: m, messages: [{role: user, content: hi}]}\n' \
  >"$temp/escape.yaml"
escape=$(printf '\033')
for what in 'list suites' 'list cases' 'explain my/own/a' 'lint'; do
  # shellcheck disable=SC2086 # words
  case $what in
  lint) sed 's/tags: .x./tags: ["\\e[2J"]/' "$temp/escape.yaml" >"$temp/lint.yaml" && run lint "$temp/lint.yaml" ;;
  *) run $what --suites "$temp/escape.yaml" && exits 0 && says out '[2J' ;;
  esac
  never_says out "$escape"
  never_says err "$escape"
done

finish
