#!/bin/sh
# Breaks the program on purpose, one promise at a time, and sees whether the target that watches over it notices within PLANT_TIME seconds
# from the committed inputs, and that it notices nothing in CONTROL_TIME seconds while nothing is broken. A fuzz target that finds nothing
# when there is something to find is worth nothing, and one that fails anyway is worth no more. The makefile says how
# to compile (CC, CFLAGS), what is linked (OBJECTS, LIBS) and the target whose folder is used (FUZZER). Arguments: only these targets; or
# --lines, which only sees whether the lines to break are still there (make check does).
set -u
cd "$(dirname "$0")/../.." || exit 1
PLANT_TIME=${PLANT_TIME:-30} CONTROL_TIME=${CONTROL_TIME:-5}
missed=0 planted=0 lines='' controlled='' sound=1
[ "${1-}" != --lines ] || { lines=only; shift; FUZZER=$(mktemp -d)/fuzzer; trap 'rm -rf "${FUZZER%/fuzzer}"' EXIT; }
folder=$(dirname "$FUZZER")/planted
export ASAN_OPTIONS=detect_leaks=0 UBSAN_OPTIONS=print_stacktrace=0:halt_on_error=1
mkdir -p "$folder" || exit 1
wanted=" $* "

now() { date +%s.%N; }

# break_lines TARGET FILE EDIT...: the file changed by sed, as $source. Each edit has to change it.
break_lines() {
  target=$1 file=$2
  source=$folder/$(basename "$file")
  shift 2
  cp "$file" "$source" || return 1
  for edit; do
    sed "$edit" "$source" >"$source.new" || return 1
    if cmp -s "$source" "$source.new"; then echo "$target: $file has no line for $edit any more"; return 1; fi
    mv "$source.new" "$source"
  done
}

# build TARGET FILE EDIT...: the program with those changes, as $folder/TARGET.
build() {
  object=$folder/planted.o
  break_lines "$@" || return 1
  [ -z "$lines" ] || return 0
  # shellcheck disable=SC2086 # flags are words
  $CC $CFLAGS -w -c -o "$object" "$source" || return 1
  built=${FUZZER%/tests/fuzz/fuzzer}/${2%.c}.o others=
  for other in $OBJECTS; do [ "$other" = "$built" ] || others="$others $other"; done
  # shellcheck disable=SC2086
  $CC $CFLAGS -fsanitize=fuzzer -o "$folder/$1" "$object" $others $LIBS
}

# fuzz TARGET SECONDS: runs $folder/TARGET, and says on its way what it does in $folder/TARGET.log.
fuzz() {
  rm -rf "$folder/new" && mkdir "$folder/new" # what is found on the way goes there, and not among the committed inputs
  "$folder/$1" -max_total_time="$2" -timeout=5 -rss_limit_mb=1024 -max_len=8192 -entropic=0 -artifact_prefix="$folder/$1-" \
    "$folder/new" "tests/fuzz/corpus/$1" >"$folder/$1.log" 2>&1
}

# control TARGET: once for each target, that it finds nothing while nothing is wrong.
control() {
  [ "$controlled" != "$1" ] || return "$sound"
  controlled=$1 sound=0
  ln -f "$FUZZER" "$folder/$1" && fuzz "$1" "$CONTROL_TIME" || sound=1
  [ $sound -eq 0 ] || { echo "$1: fails with nothing planted, see $folder/$1.control"; mv "$folder/$1.log" "$folder/$1.control"; }
  rm -f "$folder/$1" "$folder/$1"-crash-* "$folder/$1"-timeout-*
  return $sound
}

# is_found TARGET: true when the log tells of a broken promise, and not of something else that ended the run.
is_found() { grep -qE 'broken: |ERROR: AddressSanitizer: |runtime error: |ERROR: libFuzzer: timeout' "$folder/$1.log"; }

# plant TARGET WHAT FILE EDIT...: WHAT is wrong then, in words.
plant() {
  target=$1 what=$2
  [ "$wanted" = "  " ] || case $wanted in *" $target "*) ;; *) return ;; esac
  shift 2
  planted=$((planted + 1))
  [ -n "$lines" ] || control "$target" || { missed=$((missed + 1)); return; }
  build "$target" "$@" || { missed=$((missed + 1)); return; }
  [ -z "$lines" ] || return 0
  began=$(now)
  if fuzz "$target" "$PLANT_TIME"; then
    missed=$((missed + 1)) found="NOT FOUND"
  elif is_found "$target"; then
    found=$(echo "$(now) $began" | awk '{printf "found after %.1f s", $1 - $2}')
  else
    missed=$((missed + 1)) found="ENDED OTHERWISE"
    tail -n 5 "$folder/$target.log"
  fi
  printf '%-10s %-66s %s\n' "$target" "$what" "$found"
  rm -f "$folder/$target" "$folder/$target"-crash-* "$folder/$target"-timeout-*
}

plant reader 'takes numbers that begin with 0' validator/lib/reader.c "s/(\*digits == '0' && at - digits > 1)/false/"
plant reader 'allows one level more than the limit' validator/lib/reader.c 's/r->depth == r->limits->depth/r->depth == r->limits->depth + 1/'
plant request 'leaves ~ and \/ in pointers as they are' validator/lib/report.c 's/if (end < length) text_add(judge, key\[end\].*;/if (end < length) text_add(judge, key + end, 1);/'
plant response 'counts items from 1 in pointers' validator/lib/report.c 's/else step_index(judge, title, index);/else step_index(judge, title, index + 1);/'
plant exchange 'does not count notes' validator/lib/report.c 's/    else report->notes++;/    else (void)0;/'
plant sse 'takes CR LF for two ends when a part ends between them' validator/lib/sse.c 's/sse->after_cr = at == end;//'
plant sse 'forgets the name of an event where a part ends' validator/lib/sse.c 's/    sse->taken += allowed;/    sse->taken += allowed, sse->name_length = 0;/'
plant sse 'counts comments anew in each part' validator/lib/sse.c 's/    sse->taken += allowed;/    sse->taken += allowed, sse->idle_lines = 0;/'
plant stream 'forgets the beginning of a line that comes in three parts' validator/lib/sse.c 's/if (!keep(sse, at, length))/if (length == 1) sse->kept.length = 0; if (!keep(sse, at, length))/'
plant aggregate 'loses the logprobs of all choices but the first' validator/api/fold.c 's/put_members(w, &choice->logprobs, NULL);/if (choice->index == 0) put_members(w, \&choice->logprobs, NULL);/'
plant yaml 'writes the backslashes of texts as they are' harness/yaml/yaml_write.c "s/ && bytes\[i\] != '\\\\\\\\')/)/"
plant reports 'lets < through into a page' reports/escape.c "s/return \"&lt;\"/return \"<\"/"
plant reports 'lets addresses in a summary become links' reports/escape.c 's/    if (begins_link(unit))/    if (false)/'
plant reports 'quotes the evidence of capabilities as it is' reports/capabilities.c 's/write_excerpt(out, c->evidence, LINE, 0, escape_line);/fputs(c->evidence, out);/'
plant redactor 'knows hex in lower case only in part' harness/base/redact.c 's/"0123456789abcdef"/"0123456789abcdeF"/'
plant matcher 'says that not holds too' harness/suite/matcher.c 's/return verdict_of(verdict == FAILS);/return verdict_of(verdict == FAILS || json_object_is_type(value, json_type_array));/'
plant pattern 'has no limits of steps and time' validator/lib/regex.c 's/deadline ? REGEX_MATCH_LIMIT : QUICK_STEPS/1000000000/' \
  's/most = REGEX_DEADLINE_MS \*/most = REGEX_TOTAL_MS */'
plant schema 'lets not hold for texts' validator/lib/json_schema_run_aside.c 's/return !fits || /return !fits || judge->doc->values[at].type == STR || /'
plant wire 'takes URLs with a password' harness/http/http_allowed.c "s/memchr(host, '@', authority)/memchr(host, '@', 0)/" \
  "s/ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~\";/ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~@\";/"
plant options 'takes any number' harness/options.c 's/ || number < o->low || number > o->high)/)/'
plant generator 'makes payloads that depend on those before' fuzzer/generate.c 's/rng_new(g->seed, index + number/rng_new(g->seed + g->made % 2, index + number/'
plant shrink 'spends twice what it may' fuzzer/shrink.c 's/state->s->spent >= state->s->budget/state->s->spent >= 2 * state->s->budget/'

[ $planted -gt 0 ] || { echo "no such target"; exit 1; }
[ -n "$lines" ] || echo "$((planted - missed)) of $planted planted bugs found"
[ $missed -eq 0 ]
