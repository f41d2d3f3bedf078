#!/bin/sh
# Finished runs: shards put together are the whole run, a record renders again as it did at first, and what is no record is refused.
. tests/e2e.inc

serve --defect stream.done.missing
asking="--base-url $url --model reference --quiet"
# shellcheck disable=SC2086 # words
run run $asking --report ndjson="$temp/whole.ndjson" --report json="$temp/whole.json" --report tap="$temp/whole.tap"
exits 1
verdict=$(tail -n 1 "$temp/err")
for part in 1 2 3; do
  # shellcheck disable=SC2086
  run run $asking --shard $part/3 --report ndjson="$temp/part$part.ndjson" --report junit="$temp/part.xml"
  exits 1
  says "$temp/part.xml" "<property name=\"shard\" value=\"$part/3\"/>"
done

# The order of the files does not matter.
run report "$temp/part3.ndjson" "$temp/part1.ndjson" "$temp/part2.ndjson" --report ndjson="$temp/merged.ndjson" --report junit="$temp/merged.xml"
exits 1
same "the verdict of the shards" "$(tail -n 1 "$temp/err")" "$verdict"
junit "$temp/merged.xml"
alike "$temp/whole.ndjson" "$temp/merged.ndjson" -e 's/"timeline":"[0-9]*"//g' -e 's/"shard":"[^"]*"/"shard":null/' -e 's/"not_run":0//' \
  -e 's/date: [^\\]*GMT/date:/g' -e 's/127\.0\.0\.1:[0-9]*/HOST/g'

# Both forms can be read, and say the same again to the last byte.
for form in ndjson json; do
  run report "$temp/whole.$form" --report ndjson="$temp/again.ndjson" --report json="$temp/again.json" --report tap="$temp/again.tap"
  exits 1
  for again in ndjson json tap; do
    cmp -s "$temp/whole.$again" "$temp/again.$again" || fail "the $again report of the $form record is another one"
    checks=$((checks + 1))
  done
done

# Without --report there is the table.
run report "$temp/whole.ndjson"
says out "chat/stream"

# A shard that is missing makes the run incomplete; one that comes twice is refused.
run report "$temp/part1.ndjson" "$temp/part3.ndjson"
exits 4
says err "the shard 2/3 is missing"
refuses 2 "is in" report "$temp/part1.ndjson" "$temp/part1.ndjson"
refuses 2 "is empty: there are only" run --shard 9999/10000

# What is no record, or half of one, is refused with its place.
refuses 2 "takes finished runs" report
refuses 2 "No such file" report "$temp/nothing"
head -n 3 "$temp/whole.ndjson" >"$temp/half"
refuses 2 "half:4: the record ends before its summary" report "$temp/half"
sed 5d "$temp/whole.ndjson" >"$temp/hole"
refuses 2 "some lines are missing" report "$temp/hole"
sed '4s/"state":"[a-z]*"/"state":"fine"/' "$temp/whole.ndjson" >"$temp/wrong"
refuses 2 "wrong:4: state is no word" report "$temp/wrong"
sed '4s/"line":[0-9]*/"line":-1/' "$temp/whole.ndjson" >"$temp/wrong"
refuses 2 "wrong:4: line is no number" report "$temp/wrong"
sed '4s/"title":"[^"]*"/"title":[]/' "$temp/whole.ndjson" >"$temp/wrong"
refuses 2 "wrong:4: title is no string" report "$temp/wrong"
sed '1s/"format":1/"format":2/' "$temp/whole.ndjson" >"$temp/newer"
refuses 2 "newer:1: format is no number, or not one that can be" report "$temp/newer"
printf '{"type":"run"' >"$temp/broken"
refuses 2 "broken:1:" report "$temp/broken"
printf 'hello\n' >"$temp/text"
refuses 2 "text:1:" report "$temp/text"
refuses 2 "a part such as 2/3" run --shard 4/3
refuses 2 "a part such as 2/3" run --shard 2
sed '1s/"profile":"[^"]*"/"profile":"other"/' "$temp/part2.ndjson" >"$temp/other"
refuses 2 "are not of the same profile" report "$temp/part1.ndjson" "$temp/other"

# Parts of different splittings are no run, however well their cases go together.
sed '1s/"shard":"2\/3"/"shard":"2\/2"/' "$temp/part2.ndjson" >"$temp/other"
says "$temp/other" '"shard":"2/2"'
refuses 2 "are not of the same number of shards" report "$temp/part1.ndjson" "$temp/other"
refuses 2 "are not of the same number of shards" report "$temp/part1.ndjson" "$temp/whole.ndjson"

# The worst end of a part is the end of the whole, whichever comes first.
for part in 1 2 3; do
  end=$(echo "4 5 3" | cut -d' ' -f$part)
  sed "\$s/\"exit_code\":[0-9]*/\"exit_code\":$end/" "$temp/part$part.ndjson" >"$temp/end$part"
done
run report "$temp/end1" "$temp/end2" "$temp/end3"
exits 5
run report "$temp/end3" "$temp/end1" "$temp/part2.ndjson"
exits 3
finish
