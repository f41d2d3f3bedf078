#!/bin/sh
# Runs every test program and every script (tests/e2e_*.sh, and what other programs say: tests/opinion_*.sh) and says the count. Expects BUILD (the folder of objects) from make.
set -u
cd "$(dirname "$0")/.." || exit 1
BUILD=${BUILD:-build/release}
CHATCONFORM_SKIPS=$(mktemp) && export CHATCONFORM_SKIPS BUILD
trap 'rm -f "$CHATCONFORM_SKIPS"' EXIT
# What is meant to catch a test that hangs must not catch one that is sanitized, on a machine with other work. The factor also holds for the
# limits that tests set themselves.
factor=1
case $BUILD in *san*) factor=5 ;; esac
export CK_DEFAULT_TIMEOUT="${CK_DEFAULT_TIMEOUT:-120}" CK_TIMEOUT_MULTIPLIER="${CK_TIMEOUT_MULTIPLIER:-$factor}" ASAN_OPTIONS="${ASAN_OPTIONS:-detect_leaks=1}" UBSAN_OPTIONS=print_stacktrace=1
passed=0 failed=0
for test in "$BUILD"/tests/test_*; do
  case $test in *.o|*.d|*.gcda|*.gcno) continue ;; esac
  [ -f "tests/$(basename "$test").c" ] || continue
  if "$test"; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "FAILED: $test"; fi
done
for test in tests/e2e_*.sh tests/opinion_*.sh; do
  [ -f "$test" ] || continue
  if sh "$test"; then passed=$((passed + 1)); echo "ok: $test"; else failed=$((failed + 1)); echo "FAILED: $test"; fi
done
[ $((passed + failed)) -gt 0 ] || { echo "no test was found"; exit 1; }
skipped=$(sort -u "$CHATCONFORM_SKIPS" | grep -c .)
[ "$skipped" -gt 0 ] && { echo "Set CHATCONFORM_SHARED to the folder with the specifications and recorded traffic (and have npm, where it is named) to run these:"; sort -u "$CHATCONFORM_SKIPS" | sed 's/^/  /'; }
echo "$passed passed, $failed failed"
[ "$skipped" -gt 0 ] && echo "$skipped opinions skipped"
[ "$failed" -eq 0 ]
