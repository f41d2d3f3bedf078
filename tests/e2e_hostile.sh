#!/bin/sh
# Hostile bytes in everything that an endpoint controls: one server for each kind of bytes, one case for each place they can stand in. Every
# report, written and rendered again, must stay whole and harmless: nothing acts on a terminal, nothing is markup, nothing is forged.
. tests/e2e.inc

# A kind of bytes: $temp/KIND.raw stands in headers and where JSON is not minded, $temp/KIND.json within JSON strings.
kind() { # kind NAME RAW JSON: both are formats of printf
  kinds="${kinds:-} $1"
  # shellcheck disable=SC2059
  printf "$2" >"$temp/$1.raw"
  # shellcheck disable=SC2059
  printf "$3" >"$temp/$1.json"
}
controls='\001\002\003\004\005\006\007\010\013\014\016\017\020\021\022\023\024\025\026\027\030\031\032\034\035\036\037\177'
escapes=$(i=0; while [ $i -lt 32 ]; do printf '\\\\u%04x' $i; i=$((i + 1)); done)
kind control "$controls" "$escapes"'\\u007f\\u0080\\u009b\\u009d'
kind raw-control "x$controls" "x$controls"
kind ansi '\033[5mX\033]0;t\007\033]52;c;aGk=\007\233\062J' '\\u001b[5mX\\u001b]0;t\\u0007\\u001b]8;;http://h\\u001b\\\\l\\u009b2J'
kind utf8 'a\377\376\303(\355\240\200\300\257\360\237' 'a\377\376\303(\355\240\200\300\257\\ud800\\udc00\\udfff\\ufffe\\uffff'
kind markup ']]></failure></testcase><script>alert(1)</script><!--&#0;"&bogus;' ']]></failure><script>alert(1)</script></pre><img src=x onerror=alert(1)><!--&#0;\\"&bogus;'
kind command '::error file=forged.c,line=1::forged %%0A::error::forged ##[error]forged' '\\n::error file=forged.c,line=1::forged\\r\\n##[error]forged\\n::set-output name=a::b\\n'
kind markdown '| a | `b` | <b>c</b> [d](http://h/) ![e](f) @everyone #1' '\\n\\n# forged\\n| a |\\n```\\n<img src=x>\\n[x](javascript:1) @everyone\\n'
kind tap 'ok 99 - forged # SKIP' '\\nok 99 - forged\\nnot ok 98\\nBail out! forged\\n---\\n...\\n1..3\\n'
kind lines 'a\342\200\250b\342\200\251c\342\200\256d\302\205e\342\200\213f' '\\u2028\\u2029\\u202e\\u2066\\u0085\\u200b\\ufeff\\r'
kind long "$(printf '%4000s' '' | sed 's/    /A<\&|/g')" "$(printf '%100000s' '' | sed 's/    /A<\&|/g')"

# put BEFORE AFTER: the bytes between two formats of printf, as JSON and as they are.
put() {
  # shellcheck disable=SC2059
  printf "$1" && cat "$temp/$kind.json" && printf "$2"
}
put_raw() {
  # shellcheck disable=SC2059
  printf "$1" && cat "$temp/$kind.raw" && printf "$2"
}
json='HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-Request-Id: r\r\n\r\n'
refused='HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nX-Request-Id: r\r\n\r\n'
events='HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nX-Request-Id: r\r\n\r\n'
usage='"usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":3}'

# message MESSAGE [MEMBERS]: with the bytes where @ stands.
message() {
  body="{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1785542400,\"model\":\"m\",${2:-}\"choices\":[{\"index\":0,\"message\":{$1},\"logprobs\":null,\"finish_reason\":\"stop\"}],$usage}"
  put "$json${body%%@*}" "${body#*@}"
}
chunk() {
  body="data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1785542400,\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{$1},\"finish_reason\":null}]}\n\n"
  put "$events${body%%@*}" "${body#*@}data: [DONE]\n\n"
}

places='reason header-name header-value media-type retry body error-body id object model created fingerprint tier member role content refusal
  call-id call-type call-name call-arguments finish usage annotation error-message error-type error-param error-code error-member error-text
  stream-data stream-event stream-id stream-comment stream-field stream-role stream-content stream-call stream-finish stream-error'
text='"role":"assistant","content":"hi","refusal":null'
answer() {
  case $1 in
  reason) put_raw 'HTTP/1.1 500 ' '\r\nContent-Type: application/json\r\n\r\n{}' ;;
  header-name) put_raw 'HTTP/1.1 200 OK\r\nX-' ': 1\r\n\r\n{}' ;;
  header-value) put_raw 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-Request-Id: ' '\r\n\r\n{}' ;;
  media-type) put_raw 'HTTP/1.1 200 OK\r\nContent-Type: ' '\r\n\r\n{}' ;;
  retry) put_raw 'HTTP/1.1 429 Busy\r\nContent-Type: application/json\r\nRetry-After: ' '\r\n\r\n{}' ;;
  body) put_raw "$json" '' ;;
  error-body) put_raw "$refused" '' ;;
  id|object|model) message "$text" "\"$1\":\"@\"," ;;
  created) message "$text" '"created":"@",' ;;
  fingerprint) message "$text" '"system_fingerprint":["@"],' ;;
  tier) message "$text" '"service_tier":"@",' ;;
  member) message "$text" '"@":1,' ;;
  role) message '"role":"@","content":"hi","refusal":null' ;;
  content) message '"role":"assistant","content":"@","refusal":null' ;;
  refusal) message '"role":"assistant","content":null,"refusal":["@"]' ;;
  call-id) message "$text"',"tool_calls":[{"id":["@"],"type":"function","function":{"name":"f","arguments":"{}"}}]' ;;
  call-type) message "$text"',"tool_calls":[{"id":"i","type":"@","function":{"name":"f","arguments":"{}"}}]' ;;
  call-name) message "$text"',"tool_calls":[{"id":"i","type":"function","function":{"name":"@","arguments":"{}"}}]' ;;
  call-arguments) message "$text"',"tool_calls":[{"id":"i","type":"function","function":{"name":"f","arguments":"@"}}]' ;;
  finish) message "$text" '"choices":[{"index":0,"finish_reason":"@"}],' ;;
  usage) message "$text" '"usage":{"prompt_tokens":"@","@":1},' ;;
  annotation) message "$text"',"annotations":[{"type":"@"}]' ;;
  error-message) put "$refused"'{"error":{"message":"' '","type":1,"param":null,"code":null}}' ;;
  error-type) put "$refused"'{"error":{"message":"no","type":"' '","param":1,"code":null}}' ;;
  error-param) put "$refused"'{"error":{"message":"no","type":"t","param":"' '","code":null}}' ;;
  error-code) put "$refused"'{"error":{"message":"no","type":"t","param":null,"code":["' '"]}}' ;;
  error-member) put "$refused"'{"error":{"message":"no","type":"t","param":null,"code":null,"' '":1}}' ;;
  error-text) put "$refused"'{"error":"' '"}' ;;
  stream-data) put_raw "${events}data: " '\n\n' ;;
  stream-event) put_raw "${events}event: " '\ndata: {}\n\n' ;;
  stream-id) put_raw "${events}id: " '\ndata: {}\n\n' ;;
  stream-comment) put_raw "${events}: " '\n\n' ;;
  stream-field) put_raw "$events" ': x\n\n' ;;
  stream-role) chunk '"role":"@"' ;;
  stream-content) chunk '"content":"@"' ;;
  stream-call) chunk '"tool_calls":[{"id":"@","type":"@","function":{"name":"@","arguments":"@"}}]' ;;
  stream-finish) chunk '"content":"a"},"finish_reason":"@","x":{' ;;
  stream-error) put "${events}data: {\"error\":{\"message\":\"" '","type":1}}\n\n' ;;
  *) fail "there is no answer $1" ;;
  esac
}

mkdir "$temp/answers"
for kind in $kinds; do
  for place in $places; do answer "$place" >"$temp/answers/$kind-$place"; done
done
{
  printf 'chatconform: 1\nsuite: hostile/bytes\ntitle: Hostile bytes\ndefaults: {request: {model: m}}\ncases:\n'
  for kind in $kinds; do
    for place in $places; do
      stream=
      case $place in stream-*) stream=', stream: true' ;; esac
      printf '  - {id: %s, request: {messages: [{role: user, content: send %s}]%s}, expect: {/choices/0/message/content: never}}\n' "$kind-$place" \
        "$kind-$place" "$stream"
    done
  done
} >"$temp/hostile.yaml"
misbehave files "$temp/answers"
mkdir "$temp/reports"
reports=$temp/reports
run run "$temp/hostile.yaml" --base-url "$url" --model m --color always --failures "$temp/failures" --report junit="$reports/rich.xml" \
  --report html="$reports/page.html" --report json="$reports/run.json" --report ndjson="$reports/run.ndjson" --report markdown="$reports/sum.md" \
  --report tap="$reports/run.tap" --report console="$reports/console"
exits 1
mv "$temp/out" "$temp/coloured"
cp "$temp/err" "$reports/verdict"
total=$(grep -c '^  - ' "$temp/hostile.yaml")
same 'cases' "$(grep -c '"type":"case"' "$reports/run.ndjson")" "$total"
never_says "$reports/run.ndjson" '"state":"pass"'

# What is written from the record is the same, and so is harmless too.
run report "$reports/run.ndjson" --junit-flavor surefire --report junit="$reports/surefire.xml" --report tap="$reports/again.tap"
exits 1
cmp -s "$reports/run.tap" "$reports/again.tap" || fail 'the record renders another TAP report'
for format in text markdown html; do
  run compare "$reports/run.ndjson" "$reports/run.json" --format $format
  exits 0
  mv "$temp/out" "$reports/compare.$format"
done

# check, by itself, of the same answers: an event stream, or what curl -i would have printed.
for format in text json sarif github; do
  run check --format $format "$temp"/answers/*
  exits 1
  mv "$temp/out" "$reports/check.$format"
done
cat "$temp"/failures/*/curl.sh >"$reports/curls"
cat "$temp"/failures/*/meta.json >"$reports/metas"
for file in "$reports"/*; do
  checks=$((checks + 1))
  [ -s "$file" ] || fail "${file##*/} is empty"
done

# --- harmless bytes

# grep -P takes invalid UTF-8 only byte by byte.
bytes() { LC_ALL=C grep -caP "$1" "$2"; }
for file in "$reports"/*; do
  name=${file##*/}
  same "$name: control characters" "$(bytes '[\x00-\x08\x0B-\x1F\x7F]|\xC2[\x80-\x9F]' "$file")" 0
  same "$name: what turns text around" "$(bytes '\xE2\x80[\x8B\x8E\x8F\xAA-\xAE]|\xE2\x81[\xA0-\xA9]' "$file")" 0
  iconv -f UTF-8 -t UTF-8 "$file" >/dev/null 2>&1 || fail "$name is no UTF-8"
done
LC_ALL=C sed 's/\x1b\[\(0\|1\|2\|1;31\|3[123]\)m//g' "$temp/coloured" >"$temp/plain"
same 'the coloured table: other escapes' "$(bytes '\x1b' "$temp/plain")" 0

# --- whole formats

junit "$reports/rich.xml"
same 'rich: cases' "$(xmllint --huge --xpath 'count(//testcase)' "$reports/rich.xml")" "$total"
xmllint --huge --noout "$reports/surefire.xml" 2>"$temp/xml" || { fail 'the surefire report is no XML'; show "$temp/xml"; }
value "$reports/run.json" || fail 'the json report is none'
values "$reports/run.ndjson" || fail 'the ndjson report is none'
values "$reports/check.json" || fail 'check --format json is none'
value "$reports/check.sarif" || fail 'check --format sarif is none'

# Markup that is not ours: each report of HTML knows few tags.
for page in page.html compare.html; do
  for tag in script img iframe svg object embed base form; do never_says "$reports/$page" "<$tag"; done
  same "$page: handlers" "$(grep -c '<[^>]* on[a-z]*=' "$reports/$page")" 0
  says "$reports/$page" "default-src 'none'"
done

# Lines that would be read as ours, in logs too.
same 'run.tap: lines of results' "$(grep -cE '^(ok|not ok) ' "$reports/run.tap")" "$total"
same 'run.tap: plans and ends' "$(grep -cE '^(1\.\.|Bail out|TAP)' "$reports/run.tap")" 2
same 'check.github: other lines' "$(grep -cvE '^::(error|warning|notice) file=[^,:]*(,|::)' "$reports/check.github")" 0
same 'check.github: commands within a line' "$(grep -cE '^::[a-z]+ [^:]*file=forged' "$reports/check.github")" 0
for file in "$reports"/*; do
  case $file in *.github|*.xml|*.html) continue ;; esac # these are for files, and have escapes of their own
  same "${file##*/}: workflow commands" "$(grep -cE '^(::|##\[)' "$file")" 0
done

# Markdown: outside of fences no markup, and a row of a table has its columns.
for file in sum.md compare.markdown; do
  awk '/^```/ { inside = !inside; next } !inside' "$reports/$file" >"$temp/open"
  same "$file: markup" "$(grep -cE '<[a-zA-Z/!]|\]\(|@everyone|javascript:1\)' "$temp/open")" 0
  same "$file: headings" "$(grep -cE '^#+ forged' "$temp/open")" 0
  same "$file: widths of tables" "$(awk -F'|' '/^\|/ { if (open && NF != width) wrong++; open = 1; width = NF; next } { open = 0 } END { print wrong + 0 }' "$temp/open")" 0
done
finish
