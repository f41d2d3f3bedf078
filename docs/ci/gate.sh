#!/bin/sh
# A gate in plain shell, for any CI: start the server, wait until it answers, run the suites, and end as the run ended.
#
#   GATEWAY='./my-gateway --port 8080' BASE_URL=http://127.0.0.1:8080/v1 MODEL=my-model docs/ci/gate.sh
#
# Without GATEWAY the server is there already. What stands behind the name of the script goes to `chatconform run`: --tag smoke,
# --baseline known.yaml, --fail-on should. The key is in OPENAI_API_KEY. REPORTS is the folder to keep.
set -eu
: "${BASE_URL:?the address, such as http://127.0.0.1:8080/v1}" "${MODEL:?the model to ask for}"
reports=${REPORTS:-reports}
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null' EXIT
trap 'exit 130' INT TERM

if [ -n "${GATEWAY:-}" ]; then
  $GATEWAY &
  server=$!
fi
tries=0
until curl -s -o /dev/null --max-time 2 "$BASE_URL/models"; do
  tries=$((tries + 1))
  [ $tries -lt 150 ] || { echo "gate: $BASE_URL does not answer" >&2; exit 3; }
  sleep 0.2
done

code=0
"${CHATCONFORM:-chatconform}" run --base-url "$BASE_URL" --model "$MODEL" --attempts 3 --report junit="$reports/junit.xml" \
  --report html="$reports/report.html" --report markdown="$reports/summary.md" --report ndjson="$reports/run.ndjson" --report console=- "$@" || code=$?
case $code in
0) ;;
1) echo "gate: the server does not do what it should; see $reports/report.html" >&2 ;;
*) echo "gate: the run could not be done (exit code $code)" >&2 ;;
esac
exit $code
