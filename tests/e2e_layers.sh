#!/bin/sh
# Who may include whom, which library is used where, and what no source may call. The tables must not know the program, nor the engine the
# API; a library that several files use cannot be replaced.
. tests/e2e.inc

# forbids WHAT PATTERN FILE...: no line of these files has the pattern.
forbids() {
  what=$1 pattern=$2
  shift 2
  checks=$((checks + 1))
  found=$(grep -nE -- "$pattern" "$@" /dev/null | head -n 5)
  [ -z "$found" ] || fail "$what: $found"
}

# allows WHAT ALLOWED FILE...: of our own headers these files include only those that fit the pattern.
allows() {
  what=$1 allowed=$2
  shift 2
  checks=$((checks + 1))
  found=$(grep -nE '#include "' "$@" /dev/null | grep -vE "#include \"($allowed)\"" | head -n 5)
  [ -z "$found" ] || fail "$what: $found"
}

program_files=$(ls harness/*.[ch] harness/*/*.[ch])

allows 'the engine knows only itself' 'validator/lib/[a-z0-9_]+\.h|chatconform\.h' validator/lib/*.[ch]
allows 'the tables know the engine and themselves' 'validator/(lib|api)/[a-z0-9_]+\.h|chatconform\.h' validator/api/*.[ch]
allows 'the public header stands alone' '' validator/include/*.h
allows 'the reference endpoint knows itself, values and the library' 'endpoint/[a-z0-9_]+\.h|harness/base/(jo|words)\.h|chatconform\.h' endpoint/*.[ch]
allows 'reports know themselves and what a run found' 'reports/[a-z0-9_]+\.h|harness/result\.h|harness/base/(file|words)\.h|chatconform\.h' reports/*.[ch]

# Within the program each room knows those below it; all of them know what was asked for (options.h) and what a run found (result.h).
# room NAME ROOM...: what these files may include besides.
room() {
  what=$1 rooms=$(echo "$*" | tr ' ' '|')
  allows "the room $what" "harness/($rooms)/[a-z0-9_]+\.h|harness/(options|command|result|quantity)\.h|endpoint/endpoint\.h|reports/report\.h|fuzzer/[a-z0-9_]+\.h|chatconform\.h" \
    harness/"$what"/*.[ch]
}
room base
room http base
room yaml base
room suite base yaml
room run base http yaml suite
room check base suite
room bulk base http run
room campaign base http suite run
room probe base yaml suite run
room mutate base yaml run
room commands base suite run bulk probe mutate
allows 'the fuzzer knows itself, values and the library' 'fuzzer/[a-z0-9_]+\.h|harness/base/(jo|jo_place|pointer|redact|words)\.h|chatconform\.h' fuzzer/*.[ch]

# only WHAT HEADER FILE...: nobody but these files includes that header of a library.
only() {
  header=$2 what=$1
  shift 2
  checks=$((checks + 1))
  found=$(grep -lE "#include <$header" validator/*/*.[ch] $program_files endpoint/*.[ch] reports/*.[ch] fuzzer/*.[ch] 2>/dev/null)
  for file in $found; do
    case " $* " in *" $file "*) ;; *) fail "$what: $file" ;; esac
  done
}
# shellcheck disable=SC2046 # names have no blanks
{
  only 'libcurl' 'curl/' $(ls harness/http/*.[ch])
  only 'libyaml' 'yaml\.h' $(ls harness/yaml/*.[ch])
  only 'libmicrohttpd' 'microhttpd\.h' $(ls endpoint/*.[ch])
}

# bench may ask the system for a compiler's version; tests may start programs.
sources=$(ls validator/*/*.[ch] $program_files endpoint/*.[ch] reports/*.[ch] fuzzer/*.[ch] tests/*.[ch] tests/*/*.[ch] bench/*.[ch] \
  fixtures/*.[ch] docs/*.[ch])
word='(^|[^a-zA-Z0-9_])'
# shellcheck disable=SC2086 # names have no blanks
{
  forbids 'these run past the end of a buffer' "$word(strcpy|strcat|sprintf|vsprintf|gets|alloca) ?\(" $sources
  forbids 'these say nothing of errors' "$word(atoi|atol|atof) ?\(" $sources
  forbids 'these keep a state of their own' "$word(strtok|setlocale) ?\(" $sources
  forbids 'regular expressions go through cc_pattern_new' "${word}regcomp ?\(" $sources
  forbids 'no shell is started' "${word}system ?\(" $sources
}
forbids 'what comes from outside goes through our reader' 'json_tokener|json_object_from_f' \
  validator/*/*.[ch] $program_files endpoint/*.[ch] reports/*.[ch] fuzzer/*.[ch]
forbids 'asserts are for tests' '#include <assert\.h>' validator/*/*.[ch] $program_files endpoint/*.[ch] reports/*.[ch] fuzzer/*.[ch]
# shellcheck disable=SC2046,SC2086 # names have no blanks
forbids 'paths of one machine' '/work/|/home/[a-z]' Makefile deps.sh .ci/run $sources $(ls tests/*.sh tests/*/*.sh bench/*.sh | grep -v layers) tests/*.inc \
  tests/opinions/*.[mp]* suites/*.yaml suites/probes/*.yaml endpoint/mutants/*.yaml docs/ci/* *.md docs/*.md

# Every header can be included alone, and twice.
for header in validator/include/*.h validator/lib/*.h validator/api/*.h harness/*.h harness/*/*.h endpoint/*.h reports/*.h fuzzer/*.h; do
  printf '#include "%s"\n#include "%s"\nextern int nothing;\n' "$header" "$header" >"$temp/alone.c"
  said="$header alone"
  # shellcheck disable=SC2046 # flags are words
  ${CC:-cc} -std=c11 -D_POSIX_C_SOURCE=200809L -D_DEFAULT_SOURCE -Ivalidator/include -I. \
    $(pkg-config --cflags json-c libcurl libpcre2-8 yaml-0.1 libmicrohttpd) -fsyntax-only "$temp/alone.c" >"$temp/out" 2>"$temp/err"
  code=$?
  exits 0
done
# What make fuzz-planted breaks is still there.
same 'planted bugs without a line' "$(tests/fuzz/planted.sh --lines 2>&1)" ''
finish
