#!/bin/sh
# What is generated from the tables and committed is what the tables say today: the rule manual, the schemas for
# editors, the derived fixtures and, where the catalogue is at hand, the table of coverage, which also fails when a constraint is neither
# enforced nor explained.
set -u
cd "$(dirname "$0")/.." || exit 1
BUILD=${BUILD:-build/release}
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
failed=0

same() { # same COMMITTED GENERATED
  diff -r "$1" "$2" >"$folder/diff" && return
  echo "$1 is not what the tables say; run: make docs"
  head -20 "$folder/diff" | cut -c1-200
  failed=1
}

"$BUILD/docs/manual" >"$folder/rules.md" || failed=1
same docs/rules.md "$folder/rules.md"
"$BUILD/docs/manual" files >"$folder/rules-files.md" || failed=1
same docs/rules-files.md "$folder/rules-files.md"
for kind in suite target; do
  "$BUILD/chatconform" schema $kind >"$folder/$kind.schema.json" || failed=1
  same suites/$kind.schema.json "$folder/$kind.schema.json"
done
mkdir "$folder/derived"
"$BUILD/fixtures/derive" "$folder/derived" || failed=1
same fixtures/derived "$folder/derived"
if [ -n "${CHATCONFORM_SHARED:-}" ]; then
  "$BUILD/docs/coverage" "$CHATCONFORM_SHARED" >"$folder/coverage.md" || failed=1
  same docs/coverage.md "$folder/coverage.md"
elif [ -n "${CHATCONFORM_SKIPS:-}" ]; then
  echo "spec/rules.yaml" >>"$CHATCONFORM_SKIPS"
fi
exit $failed
