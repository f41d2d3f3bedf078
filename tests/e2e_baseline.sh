#!/bin/sh
# Baselines: known failures do not fail a run, new ones do, and so does what is known no longer.
. tests/e2e.inc

serve --defect stream.done.missing
broken="--base-url $url --model reference --quiet"
serve
fine="--base-url $url --model reference --quiet"

# shellcheck disable=SC2086 # words
run run $broken --report ndjson="$temp/broken.ndjson"
exits 1
# shellcheck disable=SC2086
run run $fine --report ndjson="$temp/fine.ndjson"
exits 0

run baseline create "$temp/known.yaml" "$temp/broken.ndjson" --reason 'the proxy: drops "it"' --issue https://example.com/1 --expires 2099-12-31
exits 0
says out "1 entry"
says "$temp/known.yaml" 'match: "**#stream.done.terminator"'
says "$temp/known.yaml" 'reason: "the proxy: drops \"it\""'
says "$temp/known.yaml" 'expires: "2099-12-31"'
refuses 2 "is there already" baseline create "$temp/known.yaml" "$temp/broken.ndjson"
refuses 2 "a day such as" baseline create "$temp/new.yaml" "$temp/broken.ndjson" --expires soon
[ ! -e "$temp/new.yaml" ] || fail "a baseline was written all the same"

# Known failures: nothing fails, and every report says that they are expected.
# shellcheck disable=SC2086
run run $broken --baseline "$temp/known.yaml" --report junit="$temp/junit.xml" --report ndjson="$temp/known.ndjson"
exits 0
says err "failed as expected"
junit "$temp/junit.xml"
says "$temp/junit.xml" "expected to fail: the proxy"
never_says "$temp/junit.xml" "<failure"
run baseline check "$temp/known.yaml" "$temp/broken.ndjson"
exits 0
run baseline check "$temp/known.yaml" "$temp/known.ndjson"
exits 0
# The day is that of the run, also where somebody else says which that is.
export SOURCE_DATE_EPOCH=4102444800 # 2100-01-01
run baseline check "$temp/known.yaml" "$temp/broken.ndjson"
exits 1
unset SOURCE_DATE_EPOCH

# Failures that are gone.
# shellcheck disable=SC2086
run run $fine --baseline "$temp/known.yaml" --report junit="$temp/junit.xml"
exits 1
says err "known.yaml:2: **#stream.done.terminator is stale, it does not fail any more"
says "$temp/junit.xml" '<failure type="baseline.stale"'
junit "$temp/junit.xml"
run baseline check "$temp/known.yaml" "$temp/fine.ndjson"
exits 1
says err "is stale"
# A part of the suites says nothing of the whole.
# shellcheck disable=SC2086
run run 'chat/auth/*' $fine --baseline "$temp/known.yaml" --report junit="$temp/junit.xml"
exits 0

# Failures that are new beside those known.
sed 's/\*\*#/chat\/stream\/**#/' "$temp/known.yaml" >"$temp/less.yaml"
# shellcheck disable=SC2086
run run $broken --baseline "$temp/less.yaml" --report ndjson="$temp/less.ndjson"
exits 1
run baseline check "$temp/less.yaml" "$temp/less.ndjson"
exits 1
says err "failed that $temp/less.yaml does not expect to"
run baseline update "$temp/less.yaml" "$temp/less.ndjson"
exits 0
# shellcheck disable=SC2086
run run $broken --baseline "$temp/less.yaml" --report ndjson="$temp/less.ndjson"
exits 0
run baseline update "$temp/less.yaml" "$temp/fine.ndjson"
exits 0
says "$temp/less.yaml" "entries: []"

# Comments and order stay: what is gone takes along the lines right above it, and nothing else.
cat >"$temp/kept.yaml" <<'END'
# What our gateway still gets wrong.
entries:
    # The old proxy.
    - {match: "chat/none/**#stream.done.terminator", expected: fail,
       reason: long gone}

    # Streams are being repaired.  # still
    - reason: |
        They end
        # too early.
      match: "chat/stream/**#stream.done.terminator"
      expected: [pass, fail] # one day

    # More to come.
END
run baseline update "$temp/kept.yaml" "$temp/less.ndjson"
exits 0
same 'the head' "$(head -n 9 "$temp/kept.yaml")" '# What our gateway still gets wrong.
entries:

    # Streams are being repaired.  # still
    - reason: |
        They end
        # too early.
      match: "chat/stream/**#stream.done.terminator"
      expected: [pass, fail] # one day'
says "$temp/kept.yaml" '    # More to come.'
new=$(tail -n +12 "$temp/kept.yaml" | grep -c '^    - match: ')
[ "$new" -ge 1 ] || fail 'nothing new was added'
same 'what is new stands at the end' "$new" "$(($(grep -c 'match:' "$temp/kept.yaml") - 1))"
run baseline check "$temp/kept.yaml" "$temp/less.ndjson"
exits 0
cp "$temp/kept.yaml" "$temp/again.yaml"
run baseline update "$temp/again.yaml" "$temp/less.ndjson"
exits 0
same 'a baseline that is up to date' "$(cmp "$temp/kept.yaml" "$temp/again.yaml" && echo the same)" 'the same'
# Where an entry does not begin its line, the file is written anew.
printf 'entries: [{match: "chat/stream/**#stream.done.terminator", expected: fail, reason: r}] # gone\n' >"$temp/flow.yaml"
run baseline update "$temp/flow.yaml" "$temp/less.ndjson"
exits 0
same 'written anew' "$(head -n 2 "$temp/flow.yaml")" 'entries:
  - match: "chat/stream/**#stream.done.terminator"'
never_says "$temp/flow.yaml" '# gone'

# What has expired excuses nothing, and says so.
sed 's/2099/2001/' "$temp/known.yaml" >"$temp/old.yaml"
# shellcheck disable=SC2086
run run $broken --baseline "$temp/old.yaml" --report ndjson="$temp/old.ndjson"
exits 1
says err "expired on 2001-12-31"

# Expected failures do not stop a run that stops at the first failure.
# shellcheck disable=SC2086
run run $broken --baseline "$temp/known.yaml" --fail-fast --report ndjson="$temp/fast.ndjson"
exits 0

# Files that cannot be used.
printf 'entries:\n  - {match: a, expected: fail, reson: typo}\n' >"$temp/typo.yaml"
refuses 2 "typo.yaml:2:" run --baseline "$temp/typo.yaml"
refuses 2 "nowhere.yaml" run --baseline "$temp/nowhere.yaml"
refuses 2 "baseline takes create, update or check" baseline
refuses 2 "baseline takes create, update or check" baseline make "$temp/x.yaml" "$temp/fine.ndjson"
finish
