#!/bin/sh
# What readers of JUnit say about a run with a case of each state, in both flavours: xmllint with our schema and that of Jenkins, junitparser
# (Debian's python3-junitparser), and two from npm. Without the readers the opinion is skipped, except in CI.
. tests/e2e.inc
. tests/states.inc
opinion='JUnit readers' asks='npm and python3-junitparser: readers of JUnit'
. tests/opinion.inc

# Debian's own first: another python3 that stands before it does not know Debian's packages.
python=
for candidate in /usr/bin/python3 python3; do
  [ -z "$python" ] && "$candidate" -c 'import junitparser' 2>/dev/null && python=$candidate
done
[ -n "$python" ] || skip "there is no junitparser (Debian: python3-junitparser)"
npm_install junit2json@4 xunit-viewer@10

states_run --report junit="$temp/rich.xml" --report ndjson="$temp/run.ndjson"
for state in pass warn flaky unsupported xfail xpass fail error blocked skip; do
  same "cases that ended as $state" "$(grep -c "\"id\":\"$state\".*\"state\":\"$state\"" "$temp/run.ndjson")" 1
done
run report "$temp/run.ndjson" --junit-flavor surefire --report junit="$temp/surefire.xml"
exits 1

counts='10 2 2 3' # tests, failures (fail, xpass), errors (error, blocked), skipped (skip, unsupported, xfail)
for flavor in rich surefire; do
  "$python" tests/opinions/junit.py "$temp/$flavor.xml" >"$temp/said" 2>&1
  node tests/opinions/junit.mjs "$folder" "$temp/$flavor.xml" >>"$temp/said" 2>&1
  for reader in junitparser junit2json xunit-viewer; do says "$temp/said" "$reader $counts"; done
  for what in tests failures errors skipped; do
    [ "$flavor" = surefire ] && [ $what = skipped ] && continue # the Surefire schema has it on the suites alone
    same "$flavor: $what" "$(xmllint --xpath "string(/testsuites/@$what) = string(sum(//testsuite/@$what))" "$temp/$flavor.xml")" true
  done
  for kind in failure:failures error:errors skipped:skipped; do
    same "$flavor: $kind" "$(xmllint --xpath "count(//testcase[${kind%:*}]) = sum(//testsuite/@${kind#*:})" "$temp/$flavor.xml")" true
  done
done
junit "$temp/rich.xml"
if shared junit/jenkins-junit-10.xsd; then
  xmllint --noout --schema "$CHATCONFORM_SHARED/junit/jenkins-junit-10.xsd" "$temp/surefire.xml" 2>"$temp/xml" || { fail "Jenkins refuses it"; show "$temp/xml"; }
fi
finish
