#!/bin/sh
# Runs libFuzzer on each target (all, or those named) for FUZZ_TIME seconds, two at a time. It fails when a target breaks a promise, hangs or
# swells, or when it became so slow that it no longer looks at much: fewer executions for each second of processor time than its floor.
set -u
cd "$(dirname "$0")/../.." || exit 1
folder=$(dirname "$FUZZER")
export ASAN_OPTIONS="${ASAN_OPTIONS:-detect_leaks=1}" UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1

# floor TARGET: executions for each second of processor time, about a third of what they do on one core of 2019, beside other work. Two make
# much of a few bytes: aggregate an answer and its stream, generator three payloads of up to a megabyte.
floor() {
  case $1 in
    wire) echo 15000 ;;
    matcher|pattern) echo 8000 ;;
    shrink) echo 6000 ;;
    yaml|schema) echo 4000 ;;
    reader) echo 3000 ;;
    sse) echo 2000 ;;
    exchange|response) echo 1500 ;;
    options|redactor|request|reports|stream) echo 1000 ;;
    generator) echo 60 ;;
    *) echo 200 ;;
  esac
}

# fuzz TARGET: its line for the table; false when something is wrong. The schedule of libFuzzer that weighs inputs by rare features (entropic)
# takes several times as long as a target that runs through much of the program, for no more of it.
fuzz() {
  name=$1 log=$folder/$1.log
  ln -f "$FUZZER" "$folder/$name" && mkdir -p "$folder/corpus/$name" || return 1
  ("$folder/$name" -max_total_time="$FUZZ_TIME" -timeout=2 -rss_limit_mb=1024 -malloc_limit_mb=512 -max_len=8192 -entropic=0 -print_final_stats=1 \
     -artifact_prefix="$folder/$name-" "$folder/corpus/$name" "tests/fuzz/corpus/$name" >"$log" 2>&1
   code=$?
   times >"$log.times"
   exit $code)
  if [ $? -ne 0 ]; then
    echo "$name: FAILED, see $log"
    tail -n 30 "$log"
    return 1
  fi
  executed=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
  start=$(sed -n 's/^start: *//p' "$log")
  speed=$(awk -v n="$executed" -v start="$start" -F'[ms ]+' 'NR == 2 {spent = $1 * 60 + $2 + $3 * 60 + $4 - start}
    END {printf "%d", n / (spent > 0.01 ? spent : 0.01)}' "$log.times")
  printf '%-10s %9d executions, %6d a second of processor time\n' "$name" "$executed" "$speed"
  [ "$speed" -ge "$(floor "$name")" ] || { echo "$name: slower than its floor of $(floor "$name") a second"; return 1; }
}

[ $# -gt 0 ] || set -- $(cd tests/fuzz/corpus && ls)
failed=0
while [ $# -gt 0 ]; do
  fuzz "$1" & first=$!
  second=
  if [ $# -gt 1 ]; then fuzz "$2" & second=$!; shift; fi
  shift
  wait $first || failed=1
  [ -z "$second" ] || wait "$second" || failed=1
done
exit $failed
