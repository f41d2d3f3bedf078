#!/bin/sh
# Runs libFuzzer on each target (all, or those named) for FUZZ_TIME seconds, two at a time. It fails when a target breaks a promise, hangs or
# swells, or when it became so slow that it no longer looks at much: fewer executions for each second of processor time than its floor.
set -u
cd "$(dirname "$0")/../.." || exit 1
folder=$(dirname "$FUZZER")
export ASAN_OPTIONS="${ASAN_OPTIONS:-detect_leaks=1}" UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1

# floor TARGET: executions for each second of processor time, about a third of what they do on one core of 2019, beside other work. Three are
# slow by what they do: reports writes each format and reads it again, aggregate makes an answer, streams and judges it, generator makes
# payloads of up to a megabyte three times and shrinks one of them.
floor() {
  case $1 in
    matcher|pattern|wire) echo 4000 ;;
    reader|sse|redactor|shrink) echo 1900 ;;
    yaml|schema|options) echo 1000 ;;
    generator|aggregate) echo 20 ;;
    reports) echo 100 ;;
    stream) echo 200 ;;
    *) echo 400 ;;
  esac
}

# fuzz TARGET: its line for the table; false when something is wrong.
fuzz() {
  name=$1 log=$folder/$1.log
  ln -f "$FUZZER" "$folder/$name" && mkdir -p "$folder/corpus/$name" || return 1
  ("$folder/$name" -max_total_time="$FUZZ_TIME" -timeout=2 -rss_limit_mb=1024 -malloc_limit_mb=512 -max_len=8192 -print_final_stats=1 \
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
  speed=$(awk -v n="$executed" -F'[ms ]+' 'NR == 2 {spent = $1 * 60 + $2 + $3 * 60 + $4} END {printf "%d", n / (spent > 0.01 ? spent : 0.01)}' "$log.times")
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
