#!/bin/sh
# Several targets side by side, from what their runs left.
. tests/e2e.inc

serve
run run 'chat/stream/*' --base-url "$url" --model reference --quiet --report json="$temp/fine.json"
exits 0
serve --defect stream.done.missing
run run 'chat/stream/*' --base-url "$url" --model reference --quiet --report ndjson="$temp/broken.ndjson"
exits 1

run compare "$temp/fine.json" "$temp/broken.ndjson"
exits 0
says out "requests that are right are answered rightly"
says out "Differences"
says out "      B  stream.done.terminator"
says out "chat/stream/content"
run compare "$temp/fine.json" "$temp/broken.ndjson" --format markdown
exits 0
says out "| chat/stream/content | pass | **fail**"
run compare "$temp/fine.json" "$temp/broken.ndjson" --format html
exits 0
says out "<!doctype html>"
same "scripts on the page" "$(grep -c '<script' "$temp/out")" 0
run compare "$temp/fine.json" "$temp/fine.json"
says out " 0 differ, 0 only in warnings or reasons, 0 alike"

refuses 2 "two to 26 finished runs" compare "$temp/fine.json"
refuses 2 "nowhere" compare "$temp/fine.json" "$temp/nowhere"
refuses 2 "one of text, markdown, html" compare "$temp/fine.json" "$temp/fine.json" --format pdf
finish
