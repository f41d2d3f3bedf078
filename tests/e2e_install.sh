#!/bin/sh
# make install: the program with its suites, the header, both libraries and what pkg-config needs, so that a program of ten lines can be
# built against them and against nothing else of ours.
. tests/e2e.inc
CC=${CC:-cc}
variant=${VARIANT:-release}
[ -z "$sanitized" ] || variant=san
# What counts its own lines is not what anybody installs.
[ "$variant" != cov ] || exit 0
unset MAKEFLAGS MFLAGS MAKELEVEL

# into ARGUMENT...: installs
into() {
  said="make install $*"
  make -s install O="$BUILD" VARIANT="$variant" CC="$CC" "$@" >"$temp/out" 2>"$temp/err"
  code=$?
  exits 0
}
into DESTDIR="$temp/stage" PREFIX=/usr
version=$("$program" --version | cut -d' ' -f2)
major=${version%%.*}
for file in bin/chatconform include/chatconform.h lib/libchatconform.a "lib/libchatconform.so.$version" lib/pkgconfig/chatconform.pc \
  share/chatconform/suites/basics.yaml share/chatconform/mutants/answers.yaml; do
  checks=$((checks + 1))
  [ -f "$temp/stage/usr/$file" ] || fail "$file was not installed"
done
[ -x "$temp/stage/usr/bin/chatconform" ] || fail "the program cannot be run"
same "headers" "$(ls "$temp/stage/usr/include")" chatconform.h
same "libchatconform.so" "$(readlink "$temp/stage/usr/lib/libchatconform.so")" "libchatconform.so.$major"
same "libchatconform.so.$major" "$(readlink "$temp/stage/usr/lib/libchatconform.so.$major")" "libchatconform.so.$version"
same "SONAME" "$(readelf -d "$temp/stage/usr/lib/libchatconform.so" | sed -n 's/.*SONAME.*\[\(.*\)\]/\1/p')" "libchatconform.so.$major"
grep -rqF "$temp" "$temp/stage/usr/lib/pkgconfig" "$temp/stage/usr/include" && fail "the stage's own path was installed"
says "$temp/stage/usr/lib/pkgconfig/chatconform.pc" 'prefix=/usr'
says "$temp/stage/usr/lib/pkgconfig/chatconform.pc" "Version: $version"

# Nothing but the public names; a sanitizer adds its own.
same "names of the shared library" "$(nm -D --defined-only "$temp/stage/usr/lib/libchatconform.so" | awk '{ print $3 }' | grep -v '^cc_\|^_\|^asan\.' | head -n 3)" ""
same "names of the static library" "$(nm -g --defined-only "$temp/stage/usr/lib/libchatconform.a" | awk 'NF == 3 { print $3 }' | grep -v '^cc_\|^_\|^asan\.' | head -n 3)" ""
names=$(sed -n '/^typedef/!s/^[a-z].*[ *]\(cc_[a-z_]*\)(.*/\1/p' "$temp/stage/usr/include/chatconform.h" | sort -u)
for name in $names; do
  checks=$((checks + 1))
  nm -D --defined-only "$temp/stage/usr/lib/libchatconform.so" | grep -q " T $name\$" || fail "the library has no $name"
done

# The program finds its suites from wherever it is run.
said='the installed program'
(cd "$temp" && "$temp/stage/usr/bin/chatconform" run --dry-run >out 2>err </dev/null)
code=$?
exits 0
says out 'requests without retries'

# --- a program of ten lines

into PREFIX="$temp/prefix"
export PKG_CONFIG_PATH="$temp/prefix/lib/pkgconfig"
cat >"$temp/ten.c" <<'C'
#include <chatconform.h>
#include <stdio.h>
#include <string.h>
int main(void)
{
    const char *text = "{\"model\":\"m\",\"messages\":[],\"stop\":[\"a\",\"b\",\"c\",\"d\",\"e\"]}";
    struct cc_checker *checker = cc_checker_new(NULL);
    const struct cc_report *report = cc_check(checker, CC_REQUEST, text, strlen(text));
    for (size_t i = 0; report && i < report->count; i++) printf("%s %s\n", report->findings[i].rule->id, report->findings[i].pointer);
    cc_checker_free(checker);
    return strcmp(cc_version(), CC_VERSION);
}
C

# builds NAME FLAG...: compiles, links and runs it
builds() {
  name=$1
  shift
  said="the program of ten lines, $name"
  # shellcheck disable=SC2086 # flags are words
  $CC -std=c11 -Wall -Wextra -Wpedantic -Werror $instrumented -o "$temp/$name" "$temp/ten.c" "$@" >"$temp/out" 2>"$temp/err"
  code=$?
  exits 0
  [ $code -eq 0 ] || return
  "$temp/$name" >"$temp/out" 2>"$temp/err"
  code=$?
  exits 0
  says out 'request.messages.min_items /messages'
  says out 'request.stop.max_items /stop'
}
# shellcheck disable=SC2046 # flags are words
{
  export LD_LIBRARY_PATH="$temp/prefix/lib"
  builds dynamic $(pkg-config --cflags --libs chatconform)
  same "the program of ten lines needs" "$(readelf -d "$temp/dynamic" | sed -n 's/.*NEEDED.*\[\(libchat.*\)\]/\1/p')" "libchatconform.so.$major"
  unset LD_LIBRARY_PATH
  rm "$temp"/prefix/lib/libchatconform.so*
  builds static $(pkg-config --static --cflags --libs chatconform)
}
if needs 'c++: the header in C++' command -v c++; then
  said='the header in C++'
  printf '#include <chatconform.h>\nint main() { return cc_version()[0] == 0; }\n' >"$temp/plus.cc"
  # shellcheck disable=SC2046 # flags are words
  c++ -Wall -Wextra -Wpedantic -Werror -fsyntax-only $(pkg-config --cflags chatconform) "$temp/plus.cc" >"$temp/out" 2>"$temp/err"
  code=$?
  exits 0
fi
finish
