#!/bin/sh
# How good the fuzzer is at its work: against each of these defects of the reference endpoint, which strike on certain requests only, a campaign
# of 2,000 requests for each of ten seeds. Each has to be found from at least nine in ten, and the smallest request has to have at most five
# members and two messages. Prints a table. SEEDS says how many seeds; arguments: only these defects.
cd "$(dirname "$0")/../.." || exit 1
. tests/e2e.inc
SEEDS=${SEEDS:-10} REQUESTS=${REQUESTS:-2000}
enough=$(((SEEDS * 9 + 9) / 10)) wanted=" $* " rows=0

# count_members FILE: of the smallest request. One that is no JSON object has none, which is right only where texts that are none are what
# strikes, or where it is longer than what a record keeps.
count_members() {
  members=$("$helper" members "$1" 2>/dev/null) messages=0
  [ -n "$members" ] || case $defect in
  fault.bom.crash|fault.large.dropped) members=0 ;;
  *) fail "$defect, seed $seed: the smallest request is no JSON object" && members=99 ;;
  esac
  [ "$members" = 0 ] || messages=$(value "$1" /messages)
  case $messages in ''|*[!0-9]*) messages=0 ;; esac
}

# measure SEED ID ARGUMENT...: one campaign; adds "found payload members messages bytes" to $temp/scores. What nothing small was made of is
# not found.
measure() {
  seed=$1 id=$2
  shift 2
  rm -f "$temp/run.ndjson"
  run fuzz --base-url "$url" --model reference --quiet --jobs 4 --max-requests "$REQUESTS" --seed "$seed" --fail-on should \
    --report ndjson="$temp/run.ndjson" "$@"
  grep "\"id\":\"$id\"" "$temp/run.ndjson" | grep -E '"state":"(fail|warn)"' | head -n 1 >"$temp/found"
  grep -q '"purpose":"the smallest request"' "$temp/found" || { echo "0 0 0 0 0" >>"$temp/scores"; return; }
  payload=$(sed -n 's/.*"purpose":"payload \([0-9]*\) of.*/\1/p' "$temp/found")
  value "$temp/found" /exchanges/1/request >"$temp/least"
  count_members "$temp/least"
  echo "1 ${payload:-0} $members $messages $(wc -c <"$temp/least")" >>"$temp/scores"
}

# score DEFECT ID ARGUMENT...: all seeds against one defect, whose finding has that name.
score() {
  defect=$1 id=$2
  shift 2
  [ "$wanted" = "  " ] || case $wanted in *" $defect "*) ;; *) return ;; esac
  rows=$((rows + 1))
  : >"$temp/scores"
  serve --defect "$defect"
  number=1
  while [ $number -le "$SEEDS" ]; do
    measure $number "$id" "$@"
    number=$((number + 1))
  done
  stop_servers
  awk -v name="$defect" -v seeds="$SEEDS" '$1 {found++; if ($2 > last) last = $2; if ($3 > m) m = $3; if ($4 > t) t = $4; if ($5 > b) b = $5}
    END {printf "%-34s %2d of %2d %8d %8d %9d %7d\n", name, found, seeds, last, m, t, b}' "$temp/scores" | tee "$temp/row"
  checks=$((checks + 1))
  # shellcheck disable=SC2046 # words are wanted
  set -- $(cat "$temp/row")
  [ "$2" -ge $enough ] && [ "$6" -le 5 ] && [ "$7" -le 2 ] || fail "$defect: not found often enough, or not made small enough"
}

printf '%-34s %8s %8s %8s %9s %7s\n' 'defect' 'found' 'payload' 'members' 'messages' 'bytes'
score fault.nesting.crash stand/status-500
score fault.tools-empty.hang stand/net.timeout.first --timeout first=1s
score fault.large.dropped stand/http.empty
score fault.emoji.crash stand/status-500
score fault.bom.crash stand/status-500
score fault.logit-bias-empty.crash stand/status-500
score fault.stream-options-empty.crash stand/status-500
score fault.top-p-zero.crash stand/status-500
score fault.results.crash stand/status-500
score fault.stop-null.refused accept/stop
score fault.n-many.refused accept/n
score fault.name-long.refused accept/messages
score fault.order.refused same/the-same-in-another-order
score fault.white-space.refused same/the-same-with-white-space
score fault.defaults.refused same/the-same-with-its-defaults-spelt-out
score fault.param.wrong blame/seed
score fault.key.ignored refuse/http.request.authorization.required
score fault.media-type.ignored refuse/http.request.content_type.json
score request.n.ignored answer/response.choices.count_equals_n
score request.stop.ignored answer/response.choices.message.content.stop_absent
score request.logprobs.ignored answer/response.choices.logprobs.requested
score request.tool-choice.ignored answer/response.choices.message.tool_calls.choice_required
score request.metadata.changed answer/response.metadata.echo
score request.stop.five-accepted refuse/request.stop.max_items
score request.messages.empty-accepted refuse/request.messages.min_items
score request.temperature.accepted refuse/request.temperature.range
[ $rows -gt 0 ] || fail 'no such defect'
finish
