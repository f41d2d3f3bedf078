#!/bin/sh
# The manual pages: what is committed is what the program and the header say today, it names every command, option and function, and those who
# read such pages find nothing to complain about.
. tests/e2e.inc
folder=$(dirname "$program")

for page in chatconform.1 libchatconform.3; do
  checks=$((checks + 1))
  "$folder/docs/man" docs/man/$page.in validator/include/chatconform.h >"$temp/$page" || fail "$page cannot be made"
  cmp -s docs/man/$page "$temp/$page" && continue
  fail "docs/man/$page is not what the program says; run: make docs"
  diff docs/man/$page "$temp/$page" | sed 6q
done

# Each command with each of its options stands there as its help has it.
run --help
commands=$(sed -n 's/^  \([a-z]*\) .*/\1/p' "$temp/out")
[ "$(echo "$commands" | grep -c .)" -ge 7 ] || fail "the help lists no commands"
for command in $commands; do
  run "$command" --help
  sed -n 's/^  --\([a-z-]*\).*/\1/p' "$temp/out" | sort >"$temp/helped"
  sed -n "/^\.Ss $command\$/,/^\.El/s/^\.It Fl \([^ ]*\).*/\1/p" "$temp/chatconform.1" | sed 's/\\-/-/g; s/^-//' | sort >"$temp/written"
  same "options of $command" "$(diff "$temp/helped" "$temp/written")" ""
  checks=$((checks + 1))
  [ -s "$temp/helped" ] || fail "the help of $command lists no options"
done
names=$(sed -n '/^typedef/!s/^[a-z].*[ *]\(cc_[a-z_]*\)(.*/\1/p' validator/include/chatconform.h | sort)
same "functions in the synopsis" "$(sed -n 's/^\.Fn \(cc_[a-z_]*\) ".*/\1/p' "$temp/libchatconform.3" | sort)" "$names"
same "functions that are described" "$(sed -n 's/^\.It Fn \(cc_[a-z_]*\)$/\1/p' "$temp/libchatconform.3" | sort)" "$names"

# The example of the page compiles, and finds what it is made to find.
sed -n '/^\.Bd/,/^\.Ed/p' "$temp/libchatconform.3" | sed '1d;$d; s/\\e/\\/g; s/^\\&//' >"$temp/example.c"
checks=$((checks + 1))
# shellcheck disable=SC2046 # flags are words
if ${CC:-cc} -std=c11 -Wall -Wextra -Werror $instrumented -Ivalidator/include -o "$temp/example" "$temp/example.c" \
  "$folder/libchatconform.a" $(pkg-config --libs json-c libpcre2-8) -lm -lpthread 2>"$temp/err"; then
  same "the example" "$("$temp/example")" "error: messages has 0 items; it must have at least 1 item [request.messages.min_items] at /messages"
else
  fail "the example does not compile"
  show "$temp/err"
fi

# What cannot be found before it is installed is no fault.
if needs 'mandoc: the form of the manual pages' command -v mandoc; then
  same "mandoc" "$(mandoc -Tlint docs/man/chatconform.1 docs/man/libchatconform.3 | grep -v 'referenced manual not found')" ""
fi
if needs 'groff: the form of the manual pages' command -v groff; then
  same "groff" "$(groff -mdoc -ww -z docs/man/chatconform.1 docs/man/libchatconform.3 2>&1)" ""
fi

# And they are installed.
unset MAKEFLAGS MFLAGS MAKELEVEL
make -s install O="$BUILD" VARIANT="${VARIANT:-release}" DESTDIR="$temp/stage" PREFIX=/usr >"$temp/out" 2>"$temp/err" || fail "make install fails"
for page in man1/chatconform.1 man3/libchatconform.3; do
  checks=$((checks + 1))
  cmp -s "$temp/stage/usr/share/man/$page" "docs/man/${page#*/}" || fail "$page was not installed"
done
finish
