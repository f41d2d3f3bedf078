#!/bin/sh
# Whether builds by different compilers, and with sanitizers, make the same payloads of the same seed, byte by byte. Arguments: the programs.
# CI runs it once it has all of them; `make check` cannot, as it knows one build only.
set -u
[ $# -gt 1 ] || { echo "usage: same_bytes.sh PROGRAM PROGRAM..."; exit 2; }
export ASAN_OPTIONS="${ASAN_OPTIONS:-detect_leaks=0}"
failed=0
made=$(mktemp)
trap 'rm -f "$made"' EXIT
for mode in positive negative all; do
  for profile in openai newapi; do
    wanted=
    for program in "$@"; do
      "$program" fuzz --print 1500 --mode $mode --profile $profile --seed 11 >"$made" || { echo "$program ends with exit code $?"; failed=1; }
      [ "$(wc -l <"$made")" -eq 1500 ] || { echo "$program does not print 1500 payloads"; failed=1; }
      sum=$(cksum <"$made")
      [ -n "$wanted" ] || wanted=$sum
      [ "$sum" = "$wanted" ] || { echo "$program makes other $mode payloads for $profile than $1"; failed=1; }
    done
  done
done
[ $failed -eq 0 ] && echo "the same bytes from $# builds"
exit $failed
