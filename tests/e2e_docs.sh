#!/bin/sh
# What is generated from the tables and committed is what the tables say today: the rule manual, the schemas for
# editors, the derived fixtures and, where the catalogue is at hand, the table of coverage, which also fails when a constraint is neither
# enforced nor explained. And the files that the documents name exist.
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

# Every file that the documents name by its path, by its name in backquotes or in a link is there. FILE, X and * stand for any name.
for document in README.md ARCHITECTURE.md CONTRIBUTING.md suites/README.md fixtures/README.md endpoint/mutants/README.md docs/ci/README.md; do
  {
    # shellcheck disable=SC2016 # the backquotes are meant
    sed -n 's/`[^`]*`/\n&\n/gp' "$document" | sed -n 's/^`\(\([a-z.]*\/\)*[a-z_0-9.-]*\.\(c\|h\|sh\|inc\)\)`$/\1/p'
    tr ' `(),;:' '\n' <"$document" | grep -E '^(validator|harness|endpoint|fuzzer|reports|suites|fixtures|docs|tests|bench)/[A-Za-z0-9_./-]*$' |
      grep -v -e FILE -e _X -e '/$' -e '^reports/out'
    grep -o '](\([a-zA-Z._/-]*\)[)#]' "$document" | tr -d ']()#'
  } | sort -u >"$folder/named"
  [ "$document" != ARCHITECTURE.md ] || [ "$(grep -c . "$folder/named")" -ge 30 ] || { echo "few files are found in $document"; failed=1; }
  while read -r path; do
    [ -e "$path" ] || [ -e "$(dirname "$document")/$path" ] && continue
    case $path in */*) ;; *) [ -n "$(find . -name build -prune -o -name "$path" -print)" ] && continue ;; esac
    echo "$document names $path, which is not there"
    failed=1
  done <"$folder/named"
done
exit $failed
