#!/bin/sh
# `check --kind stream`: findings come while the stream does, with the request that asked for it and the headers that curl -i prints.
. tests/e2e.inc

chunk() { # chunk MEMBERS: an event
  printf 'data: {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1700000000, "model": "gpt-4o-mini", %s}\n\n' "$1"
}
first='"choices": [{"index": 0, "delta": {"role": "assistant", "content": "Hello"}, "finish_reason": null}]'
odd='"choices": [{"index": 0, "delta": {"content": " you", "thought": "x"}, "finish_reason": null}]'
last='"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]'
printf '{"model": "gpt-4o-mini", "messages": [{"role": "user", "content": "Hi"}], "stream": true, "stop": ["lo y"]}' >"$temp/request"
{ chunk "$first"; chunk "$odd"; chunk "$last"; printf 'data: [DONE]\n\n'; } >"$temp/stream"

# A whole file, and the same with its request: the answer that it adds up to has a stop sequence over two chunks.
run check --kind stream "$temp/stream"
exits 0
says out "[stream.delta.unknown_member] in event 1 at /choices/0/delta/thought"
never_says out stop_absent
run check --kind stream --request "$temp/request" "$temp/stream"
exits 1
says out "[response.choices.message.content.stop_absent] in event 0 at /choices/0/message/content"
# At the byte where the sequence begins, within the text of its first chunk.
same "where it stands" "$(cut -c "$(sed -n 's/^[^:]*:1:\([0-9]*\): .*stop_absent.*/\1/p' "$temp/out")-" "$temp/stream" | head -n 1 | cut -c1-4)" 'lo"}'
run check --kind stream --request "$temp/request" --format json "$temp/stream"
exits 1
same "the lines of JSON" "$(grep -c . "$temp/out")" 1
same "the rule of the last finding" "$(value "$temp/out" /findings/1/rule)" stream.delta.unknown_member
same "the errors" "$(value "$temp/out" /errors)" 1

# What the end explains better than what was said before is still said, though the report is no longer for it.
printf '{"model": "gpt-4o-mini", "messages": [{"role": "user", "content": "Hi"}], "stream": true, "stream_options": {"include_usage": true}}' >"$temp/counted"
run check --kind stream --request "$temp/counted" "$temp/stream"
exits 1
says out "[stream.usage.chunk_present]"

# A character that was cut in two between events.
{ chunk "$first"; chunk "$odd"; chunk "$last"; printf 'data: [DONE]\n\n'; } | sed "s/Hello/$(printf 'Hell\303')/" >"$temp/bytes"
run check --kind stream "$temp/bytes"
exits 1
says out "a character is cut off at the end of a text"

# While it arrives: what is wrong with an event is there before the next one is sent.
mkfifo "$temp/pipe"
"$program" check --kind stream - <"$temp/pipe" >"$temp/out" 2>"$temp/err" &
checker=$!
exec 3>"$temp/pipe"
chunk "$first" >&3
chunk "$odd" >&3
said="an open pipe"
wait_for "$temp/out" && says out stream.delta.unknown_member
never_says err document
chunk "$last" >&3
exec 3>&-
wait "$checker"
code=$?
exits 1
says out "[stream.done.terminator]"
same "how often the first finding was printed" "$(grep -c unknown_member "$temp/out")" 1
says err "1 document, 1 invalid: 1 error, 1 warning"

# What curl -i prints: the headers are judged too, and those of interim answers are not.
{ printf 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 9\r\n\r\n'; cat "$temp/stream"; } >"$temp/dump"
for kind in stream auto; do
  run check --kind $kind "$temp/dump"
  exits 0
  says out "[http.response.x_request_id.present] in http"
  says out "[http.response.sse.no_content_length] in http"
  says out "[stream.delta.unknown_member] in event 1"
  never_says out data_prefix
done
printf 'HTTP/2 400 \r\ncontent-type: application/json\r\n\r\n{"error": {"type": "invalid_request_error", "param": null, "code": null}}' >"$temp/refusal"
for kind in stream auto response; do
  run check --kind $kind "$temp/refusal"
  exits 1
  says out "[error.message.required] in response"
done
{ printf 'HTTP/1.1 200 Connection established\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n'; cat "$temp/stream"; } >"$temp/wrong"
run check --request "$temp/request" "$temp/wrong"
exits 1
says out "[http.response.content_type.sse] in http"
printf 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n' >"$temp/half"
run check --kind stream "$temp/half"
exits 1
says out stream.sse.field_names

# A stream that holds nothing but an error is one finding, whatever its status.
printf 'HTTP/1.1 500 Internal Server Error\r\nContent-Type: text/event-stream\r\nx-request-id: r\r\n\r\ndata: {"error": {"message": "m", "type": "server_error", "param": null, "code": null}}\n\n' >"$temp/fault"
run check --kind stream "$temp/fault"
exits 0
same "how often it was said" "$(grep -c error_before_start "$temp/out")" 1

# The answer alone on standard output; findings beside it.
run check --assemble "$temp/dump"
exits 0
same "the text of the answer" "$(value "$temp/out" /choices/0/message/content)" "Hello you"
same "its kind" "$(value "$temp/out" /object)" chat.completion
says err "[stream.delta.unknown_member]"
refuses 2 "--assemble takes event streams" check --assemble --jsonl "$temp/stream"
refuses 2 "--assemble takes event streams" check --assemble --kind request "$temp/stream"

# Limits and what cannot be read.
run check --kind stream --limit events=2 "$temp/stream"
exits 1
says out json.limit.events
run check --kind stream "$temp"
exits 2
says err "cannot be read"
feed "" check --kind stream
exits 1
says out stream.truncated
finish
