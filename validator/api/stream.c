/* stream.c: what a stream of chunks promises, event by event. Each row is one promise with one stream that keeps it and one that breaks
 * it; the questions stand in stream_whole.c, stream_choice.c and stream_call.c, what is known when they are asked in seen.h.
 *
 * Rows without a question are told by the reader of events: framing, and its limits. Of an event that has a fault of its own, what reads
 * the faulty part is not asked, and what a broken stream lacks at its end is told once, by the row that says how it broke. */
#include "validator/api/fold.h"
#include "validator/api/stream_rules.h"
#include "validator/api/tables.h"

/* --- pieces of streams, for the examples */

#define EVENT(...) "data: " #__VA_ARGS__ "\n\n"
#define CHUNK_OF(id, time, model, ...) \
    EVENT({"id": id, "object": "chat.completion.chunk", "created": time, "model": model, __VA_ARGS__})
#define CHUNK(...) CHUNK_OF("chatcmpl-1", 1700000000, "gpt-4o-mini", __VA_ARGS__)
#define DELTA(...) CHUNK("choices": [{"index": 0, "delta": __VA_ARGS__, "finish_reason": null}])
#define NULL_USAGE(...) CHUNK("usage": null, "choices": [{"index": 0, "delta": __VA_ARGS__, "finish_reason": null}])
#define FINISH(reason) CHUNK("choices": [{"index": 0, "delta": {}, "finish_reason": reason}])
#define COUNTS(completion, total) {"prompt_tokens": 9, "completion_tokens": completion, "total_tokens": total}
#define CALL(...) DELTA({"tool_calls": [__VA_ARGS__]})
#define WEATHER {"index": 0, "id": "call_1", "type": "function", "function": {"name": "get_weather", "arguments": ""}}
#define FULL_WEATHER {"index": 0, "id": "call_1", "type": "function", "function": {"name": "get_weather", "arguments": "{}"}}
#define SECOND(i, id) {"index": i, "id": id, "type": "function", "function": {"name": "get_time", "arguments": "{}"}}
#define MORE(i, text) {"index": i, "function": {"arguments": text}}

#define ROLE DELTA({"role": "assistant", "content": ""})
#define HI DELTA({"content": "Hi"})
#define STOP FINISH("stop")
#define FIRST_CHOICE "choices": [{"index": 0, "delta": {"role": "assistant"}, "finish_reason": null}]
#define LAST_CHOICE "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]
#define CALLED FINISH("tool_calls")
#define DONE "data: [DONE]\n\n"
#define PLAIN ROLE HI STOP DONE
#define FAULT EVENT({"error": {"message": "overloaded", "type": "server_error", "param": null, "code": null}})
#define USAGE CHUNK("choices": [], "usage": COUNTS(1, 10))
#define CAN_CALL \
    JSON({"tools": [{"type": "function", "function": {"name": "get_weather"}}, {"type": "function", "function": {"name": "get_time"}}]})
#define ASKED_USAGE JSON({"stream_options": {"include_usage": true}})
#define COUNTED \
    NULL_USAGE({"role": "assistant", "content": "Hi"}) \
    CHUNK("usage": null, LAST_CHOICE)

/* The lists that many rows read. */
#define INDEXES "choices/*/index"
#define REASONS "choices/*/finish_reason"
#define CALLS "choices/*/delta/tool_calls"
#define FRAGMENTS CALLS "/*/"

#define WHATWG "observed:WHATWG HTML, server-sent events"
#define CLIENT "observed:openai/openai-python src/openai/_streaming.py"
#define CHUNKS "openai:CreateChatCompletionStreamResponse"
#define PIECES "openai:ChatCompletionMessageToolCallChunk"

static const struct state_rule rules[] = {
    /* --- framing, told by the reader of events */
    {.id = "stream.sse.utf8", .level = CC_MUST, .says = "the event stream is well-formed UTF-8", .ref = WHATWG, .good = PLAIN},
    {.id = "stream.sse.line_endings", .level = CC_MUST, .says = "lines end in LF, CRLF or CR, and an event ends with an empty line",
     .ref = WHATWG,
     .good = ROLE HI STOP "data: [DONE]\r\n\r\n",
     .bad = "data: {\"id\": \"chatcmpl-1\"}\ndata: {\"id\": \"chatcmpl-1\"}\ndata: [DONE]\n\n"},
    {.id = "stream.sse.field_names", .level = CC_SHOULD,
     .says = "lines are data, event, id and retry fields, or comments; others are ignored",
     .ref = WHATWG, .good = PLAIN, .bad = ROLE HI STOP "end: 1\n" DONE},
    {.id = "stream.sse.data_prefix", .level = CC_MUST, .says = "each payload stands behind data:; a bare line of JSON is no event",
     .ref = WHATWG,
     .good = PLAIN, .bad = ROLE "{\"id\": \"chatcmpl-1\"}\n\n" HI STOP DONE},
    {.id = "stream.sse.one_line_payload", .level = CC_PORTABILITY,
     .says = "a payload stands in one line, as simple clients do not join several", .ref = WHATWG, .good = PLAIN,
     .bad = ROLE
         "data: {\"id\": \"chatcmpl-1\", \"object\": \"chat.completion.chunk\", \"created\": 1700000000, \"model\": \"gpt-4o-mini\",\n"
         "data: \"choices\": [{\"index\": 0, \"delta\": {\"content\": \"Hi\"}, \"finish_reason\": null}]}\n\n" STOP DONE},
    {.id = "stream.sse.payload_json", .level = CC_MUST, .says = "every payload but the terminator is one JSON text", .ref = CLIENT,
     .good = PLAIN, .bad = ROLE HI "data: {\"id\":\n\n" STOP DONE},
    {.id = "stream.sse.event_field", .level = CC_PORTABILITY, .says = "events have no name, or are called message or error", .ref = CLIENT,
     .good = "event: message\n" PLAIN, .bad = "event: chunk\n" PLAIN},
    {.id = "stream.sse.id_retry_fields", .level = CC_PORTABILITY, .says = "the fields id and retry are not used",
     .ref = "newapi:stream-example",
     .good = PLAIN, .bad = "id: 1\n" PLAIN},
    {.id = "stream.sse.comments", .level = CC_PORTABILITY, .says = "comments stand between events, not inside one, and hold no payload",
     .ref = WHATWG, .good = ": keep-alive\n\n" PLAIN, .bad = ROLE HI STOP ": {\"id\": \"chatcmpl-1\"}\n\n" DONE},
    {.id = "stream.sse.empty_data", .level = CC_PORTABILITY, .says = "no event has empty data", .ref = WHATWG, .good = PLAIN,
     .bad = ROLE "data:\n\n" HI STOP DONE},
    {.id = "stream.sse.final_event_complete", .level = CC_PORTABILITY,
     .says = "the last event is closed by an empty line, else clients drop it", .ref = WHATWG, .good = PLAIN,
     .bad = ROLE HI STOP "data: [DONE]\n"},
    {.id = "json.limit.line", .level = CC_MUST, .says = "no line of an event stream is longer than the limit",
     .ref = "limit of this checker"},
    {.id = "json.limit.event", .level = CC_MUST, .says = "no event has more data than the limit", .ref = "limit of this checker"},
    {.id = "json.limit.events", .level = CC_MUST, .says = "a stream has no more events than the limit", .ref = "limit of this checker"},
    {.id = "json.limit.stream", .level = CC_MUST, .says = "a stream is not longer than the limit", .ref = "limit of this checker"},
    {.id = "json.limit.comments", .level = CC_MUST, .says = "no more lines than the limit come one after another without data",
     .ref = "limit of this checker"},

    /* --- told by whoever has a clock */
    {.id = "stream.incremental", .level = CC_SHOULD, .says = "events are sent while the answer is being made, not all at once when it is finished",
     .ref = "openai:CreateChatCompletionRequest.stream"},

    /* --- payloads */
    {.id = "stream.requested", .step = stream_was_requested, .level = CC_MUST,
     .says = "a stream is sent only when the request has stream true",
     .ref = "newapi:stream", .bad = PLAIN, .request = JSON({"stream": false})},
    {.id = "stream.sse.payload_object", .step = payload_is_known, .level = CC_MUST,
     .says = "every payload is an object: a chunk or an error",
     .ref = CHUNKS, .good = PLAIN, .bad = ROLE "data: []\n\n" HI STOP DONE},
    {.id = "stream.error.event", .step = payload_is_no_stray_error, .level = CC_MUST,
     .says = "a fault while streaming is one event that holds the error envelope", .ref = CLIENT, .good = ROLE HI FAULT,
     .bad = ROLE HI EVENT({"message": "overloaded", "code": 500}) STOP DONE},
    {.id = "http.response.stream.error_before_start", .step = error_follows_a_chunk, .level = CC_SHOULD,
     .says = "a fault before the first chunk is answered with an error status, not with a stream", .ref = "observed:routers and SDKs",
     .good = ROLE FAULT, .bad = FAULT},
    {.id = "stream.done.after_error", .step = chunk_precedes_error, .level = CC_SHOULD, .says = "no chunk follows an error", .ref = CLIENT,
     .good = ROLE HI FAULT DONE, .bad = ROLE FAULT HI STOP DONE},

    /* --- the end */
    {.id = "stream.done.exact", .step = terminator_is_exact, .level = CC_MUST, .says = "the terminator is exactly [DONE]",
     .ref = "newapi:stream_options", .good = PLAIN, .bad = ROLE HI STOP "data: \"[DONE]\"\n\n",
     ABSORBS("stream.sse.payload_json", "stream.sse.payload_object")},
    {.id = "stream.done.once", .step = terminator_is_first, .level = CC_MUST, .says = "the terminator comes once",
     .ref = "newapi:stream_options",
     .good = PLAIN, .bad = PLAIN DONE},
    {.id = "stream.done.nothing_after", .step = event_precedes_terminator, .level = CC_MUST, .says = "no event follows the terminator",
     .ref = "newapi:stream_options", .good = PLAIN, .bad = PLAIN HI, ABSORBS("stream.usage.chunk_present")},
    {.id = "stream.done.not_without_chunk", .step = terminator_follows_a_chunk, .level = CC_SHOULD,
     .says = "at least one chunk comes before the terminator", .ref = CHUNKS, .good = PLAIN, .bad = DONE},
    {.id = "stream.done.terminator", .end = stream_is_terminated, .level = CC_MUST, .says = "the stream ends with [DONE]",
     .ref = "newapi:stream_options", .good = PLAIN, .bad = ROLE HI STOP},
    {.id = "stream.truncated", .end = stream_is_whole, .level = CC_MUST,
     .says = "a stream comes to its end: every choice finishes and the terminator follows", .ref = "newapi:stream_options",
     READS(INDEXES, REASONS),
     .good = PLAIN, .bad = ROLE HI,
     ABSORBS("stream.done.terminator", "stream.choices.finish_reason.once", "stream.usage.chunk_present", "stream.choices.all_present",
             "stream.delta.tool_calls.arguments.json", "stream.sse.final_event_complete")},

    /* --- what all chunks share */
    {.id = "stream.chunk.id.same", .step = id_agrees, .level = CC_MUST, .says = "all chunks of a stream have the same id",
     .ref = CHUNKS ".id",
     READS("id"), .good = PLAIN,
     .bad = ROLE HI CHUNK_OF("chatcmpl-2", 1700000000, "gpt-4o-mini", LAST_CHOICE) DONE},
    {.id = "stream.chunk.created.same", .step = created_agrees, .level = CC_MUST, .says = "all chunks of a stream have the same created",
     .ref = CHUNKS ".created", READS("created"), .good = PLAIN,
     .bad = ROLE HI CHUNK_OF("chatcmpl-1", 1700000001, "gpt-4o-mini", LAST_CHOICE) DONE},
    {.id = "stream.chunk.model.same", .step = model_agrees, .level = CC_MUST, .says = "all chunks of a stream have the same model",
     .ref = CHUNKS ".model", READS("model"), .good = PLAIN,
     .bad = ROLE HI CHUNK_OF("chatcmpl-1", 1700000000, "gpt-4o", LAST_CHOICE) DONE},
    {.id = "stream.chunk.system_fingerprint.same", .step = fingerprint_agrees, .when = "system_fingerprint", .level = CC_SHOULD,
     .says = "system_fingerprint does not change within a stream", .ref = "newapi:stream-example", READS("system_fingerprint"),
     .good = PLAIN,
     .bad = CHUNK("system_fingerprint": "fp_1", FIRST_CHOICE)
            CHUNK("system_fingerprint": "fp_2", LAST_CHOICE) DONE},
    {.id = "stream.chunk.service_tier.same", .step = tier_agrees, .when = "service_tier", .level = CC_SHOULD,
     .says = "service_tier does not change within a stream",
     .ref = CHUNKS ".service_tier", READS("service_tier"), .good = PLAIN,
     .bad = CHUNK("service_tier": "default", FIRST_CHOICE)
            CHUNK("service_tier": "flex", LAST_CHOICE) DONE},
    {.id = "stream.chunk.obfuscation.switch", .step = obfuscation_was_requested, .when = "obfuscation", .level = CC_MUST,
     .profiles = CC_OPENAI, .says = "obfuscation is left out when the request sets include_obfuscation to false", .ref = CHUNKS ".obfuscation",
     READS("obfuscation"),
     .good = PLAIN, .bad = ROLE HI CHUNK("obfuscation": "x", LAST_CHOICE) DONE,
     .request = JSON({"stream_options": {"include_obfuscation": false}})},
    {.id = "stream.moderation.requested", .step = moderation_was_requested, .when = "moderation", .level = CC_SHOULD, .profiles = CC_OPENAI,
     .says = "moderation comes only when the request asked for it, and once", .ref = CHUNKS ".moderation", READS("moderation"),
     .good = PLAIN,
     .bad = ROLE HI STOP CHUNK("choices": [], "moderation": {
         "input": {"type": "error", "code": "server_error", "message": "Moderation failed."},
         "output": {"type": "error", "code": "server_error", "message": "Moderation failed."}}) DONE},

    /* --- choices */
    {.id = "stream.choices.empty_only_special", .step = choices_add_something, .level = CC_PORTABILITY,
     .says = "choices is empty only in a chunk of usage or moderation", .ref = "newapi:stream_options", READS("choices"), .good = PLAIN,
     .bad = ROLE HI CHUNK("choices": []) STOP DONE},
    {.id = "stream.choices.index.lt_n", .step = index_is_below_n, .level = CC_MUST,
     .says = "the index of a choice is below n of the request",
     .ref = "newapi:n", READS(INDEXES), .good = PLAIN,
     .bad = ROLE CHUNK("choices": [{"index": 1, "delta": {"role": "assistant"}, "finish_reason": "stop"}]) HI STOP DONE,
     ABSORBS("stream.choices.all_present", "response.choices.count_equals_n", "response.choices.index.contiguous")},
    {.id = "stream.choices.all_present", .end = every_choice_came, .level = CC_MUST, .says = "every index from 0 to n - 1 comes",
     .ref = "newapi:n",
     READS(INDEXES),
     .good = CHUNK("choices": [{"index": 0, "delta": {"role": "assistant"}, "finish_reason": "stop"},
                               {"index": 1, "delta": {"role": "assistant"}, "finish_reason": "stop"}]) DONE,
     .bad = PLAIN, .request = JSON({"n": 2}), ABSORBS("response.choices.count_equals_n", "response.choices.non_empty")},
    {.id = "stream.choices.finish_reason.once", .step = finish_comes_once, .end = every_choice_finished, .when = REASONS, .level = CC_MUST,
     .says = "each choice gets exactly one finish_reason", .ref = CHUNKS ".choices.items.finish_reason",
     READS(INDEXES, REASONS), .good = PLAIN, .bad = ROLE HI DONE, ABSORBS("response.choices.finish_reason.enum")},
    {.id = "stream.choices.finish_reason.last", .step = finish_comes_last, .level = CC_MUST,
     .says = "a choice adds nothing after its finish_reason",
     .ref = "newapi:stream-example", READS(INDEXES, REASONS), .good = PLAIN, .bad = ROLE STOP HI DONE},
    {.id = "stream.choices.finish_reason.tool_calls_seen", .step = finish_follows_calls, .when = REASONS, .level = CC_MUST,
     .says = "a choice that finishes with tool_calls or function_call has called something", .ref = "newapi:response.finish_reason",
     READS(INDEXES, REASONS, CALLS, "choices/*/delta/function_call"),
     .good = ROLE CALL(FULL_WEATHER) CALLED DONE, .bad = ROLE HI CALLED DONE,
     .request = CAN_CALL},
    {.id = "stream.choices.finish_reason.calls_imply", .step = calls_finish_as_calls, .when = REASONS, .level = CC_SHOULD,
     .says = "a choice that called tools finishes with tool_calls, unless the request named the tool",
     .ref = "observed:vllm-project/vllm#25054",
     READS(INDEXES, REASONS, CALLS), .good = ROLE CALL(FULL_WEATHER) CALLED DONE,
     .bad = ROLE CALL(FULL_WEATHER) STOP DONE,
     .request = CAN_CALL},
    {.id = "stream.delta.role.first_only", .step = role_comes_first_only, .when = "choices/*/delta/role", .level = CC_PORTABILITY,
     .says = "the role comes once for each choice",
     .ref = "newapi:stream-example", READS(INDEXES, "choices/*/delta/role"), .good = PLAIN,
     .bad = ROLE DELTA({"role": "assistant", "content": "Hi"}) STOP DONE},
    {.id = "stream.delta.role.present", .step = role_comes_first, .level = CC_PORTABILITY,
     .says = "the first delta of a choice has the role",
     .ref = "newapi:stream-example", READS(INDEXES, "choices/*/delta"), .good = PLAIN, .bad = HI STOP DONE},
    {.id = "stream.delta.content_refusal_exclusive", .step = content_excludes_refusal, .level = CC_SHOULD,
     .says = "a choice has content or a refusal, not both", .ref = "openai:ChatCompletionStreamResponseDelta.refusal",
     READS(INDEXES, "choices/*/delta/content", "choices/*/delta/refusal"), .good = ROLE DELTA({"refusal": "No."}) STOP DONE,
     .bad = ROLE HI DELTA({"refusal": "No."}) STOP DONE, ABSORBS("response.choices.message.refusal.excludes_content")},
    {.id = "stream.delta.function_call.sequence", .step = function_name_comes_first, .when = "choices/*/delta/function_call",
     .level = CC_MUST, .says = "the name of a function_call comes first and once, its arguments follow",
     .ref = "openai:ChatCompletionStreamResponseDelta.function_call",
     READS(INDEXES, "choices/*/delta/function_call"), .good = PLAIN},
    {.id = "stream.logprobs.requested", .step = logprobs_were_requested, .level = CC_MUST,
     .says = "deltas with text have logprobs when the request asked for them, and none has when it did not", .ref = "newapi:logprobs",
     READS(INDEXES, "choices/*/logprobs", "choices/*/delta/content"),
     .good = ROLE CHUNK("choices": [{"index": 0, "delta": {"content": "Hi"}, "finish_reason": null, "logprobs":
         {"content": [{"token": "Hi", "logprob": -0.25, "bytes": [72, 105], "top_logprobs": []}], "refusal": null}}]) STOP DONE,
     .bad = PLAIN, .request = JSON({"logprobs": true})},

    /* --- tool calls */
    {.id = "stream.delta.tool_calls.index.contiguous", .step = call_indexes_count_up, .when = CALLS, .level = CC_MUST,
     .says = "the indexes of the calls of a choice start at 0 and grow by one with each new call", .ref = PIECES ".index",
     READS(INDEXES, FRAGMENTS "index"), .good = ROLE CALL(FULL_WEATHER) CALL(SECOND(1, "call_2")) CALLED DONE,
     .bad = ROLE CALL(FULL_WEATHER) CALL(SECOND(2, "call_2")) CALLED DONE,
     .request = CAN_CALL},
    {.id = "stream.delta.tool_calls.index.ordered", .step = calls_are_not_interleaved, .when = CALLS, .level = CC_PORTABILITY,
     .says = "a call is complete before the next one begins", .ref = PIECES ".index", READS(INDEXES, FRAGMENTS "index"),
     .good = ROLE CALL(WEATHER) CALL(MORE(0, "{}")) CALL(SECOND(1, "call_2")) CALLED DONE,
     .bad = ROLE CALL(WEATHER) CALL(SECOND(1, "call_2")) CALL(MORE(0, "{}")) CALLED DONE,
     .request = CAN_CALL},
    {.id = "stream.delta.tool_calls.first.id", .step = call_begins_with_id, .when = CALLS, .level = CC_MUST,
     .says = "the first fragment of a call has its id", .ref = PIECES ".id", READS(INDEXES, FRAGMENTS "index", FRAGMENTS "id"),
     .good = ROLE CALL(FULL_WEATHER) CALLED DONE,
     .bad = ROLE CALL({"index": 0, "type": "function", "function": {"name": "get_weather", "arguments": "{}"}}) CALLED DONE,
     .request = CAN_CALL},
    {.id = "stream.delta.tool_calls.first.type", .step = call_begins_with_type, .when = CALLS, .level = CC_MUST,
     .says = "the first fragment of a call has its type, one that there is", .ref = PIECES ".type",
     READS(INDEXES, FRAGMENTS "index", FRAGMENTS "type"), .good = ROLE CALL(FULL_WEATHER) CALLED DONE,
     .bad = ROLE CALL({"index": 0, "id": "call_1", "function": {"name": "get_weather", "arguments": "{}"}}) CALLED DONE,
     .request = CAN_CALL, ABSORBS("stream.delta.tool_calls.type.enum")},
    {.id = "stream.delta.tool_calls.first.name", .step = call_begins_with_name, .when = CALLS, .level = CC_MUST,
     .says = "the first fragment of a call has the whole name of the function", .ref = PIECES ".function.name",
     READS(INDEXES, FRAGMENTS "index", FRAGMENTS "function"), .good = ROLE CALL(FULL_WEATHER) CALLED DONE,
     .bad = ROLE CALL({"index": 0, "id": "call_1", "type": "function", "function": {"arguments": "{}"}}) CALLED DONE,
     .request = CAN_CALL},
    {.id = "stream.delta.tool_calls.id.stable", .step = call_stays_itself, .when = CALLS, .level = CC_MUST,
     .says = "later fragments of a call have no other id and no other name", .ref = PIECES ".id",
     READS(INDEXES, FRAGMENTS "index", FRAGMENTS "id", FRAGMENTS "function/name"),
     .good = ROLE CALL(WEATHER) CALL({"index": 0, "id": "call_1", "function": {"arguments": "{}"}}) CALLED DONE,
     .bad = ROLE CALL(WEATHER) CALL({"index": 0, "id": "call_2", "function": {"arguments": "{}"}}) CALLED DONE,
     .request = CAN_CALL},
    {.id = "stream.delta.tool_calls.name.once", .step = call_name_comes_once, .when = CALLS, .level = CC_PORTABILITY,
     .says = "the name of a function is sent once, as clients that join it would double it", .ref = PIECES ".function.name",
     READS(INDEXES, FRAGMENTS "index", FRAGMENTS "function/name"), .good = ROLE CALL(WEATHER) CALL(MORE(0, "{}")) CALLED DONE,
     .bad = ROLE CALL(WEATHER) CALL({"index": 0, "function": {"name": "get_weather", "arguments": "{}"}}) CALLED DONE,
     .request = CAN_CALL},
    {.id = "stream.delta.tool_calls.id.unique", .step = call_ids_differ, .when = CALLS, .level = CC_MUST,
     .says = "the calls of a choice have different ids",
     .ref = PIECES ".id", READS(INDEXES, FRAGMENTS "index", FRAGMENTS "id"),
     .good = ROLE CALL(FULL_WEATHER, SECOND(1, "call_2")) CALLED DONE,
     .bad = ROLE CALL(FULL_WEATHER) CALL(SECOND(1, "call_1")) CALLED DONE,
     .request = CAN_CALL},
    {.id = "stream.delta.tool_calls.arguments.json", .end = call_arguments_are_json, .level = CC_SHOULD,
     .says = "the arguments of a call, joined, are a JSON object", .ref = PIECES ".function.arguments",
     READS(INDEXES, CALLS),
     .good = ROLE CALL(WEATHER) CALL(MORE(0, "{\"a\":")) CALL(MORE(0, " 1}")) CALLED DONE,
     .bad = ROLE CALL(WEATHER) CALL(MORE(0, "{\"a\":")) CALLED DONE,
     .request = CAN_CALL},

    /* --- usage */
    {.id = "stream.usage.requested", .step = usage_was_requested, .when = "usage", .level = CC_PORTABILITY,
     .says = "usage comes only when the request has include_usage", .ref = CHUNKS ".usage", READS("usage"), .good = PLAIN,
     .bad = ROLE HI STOP USAGE DONE},
    {.id = "stream.usage.chunk_present", .step = usage_comes_once, .end = usage_came, .when = "usage", .level = CC_MUST,
     .says = "with include_usage exactly one chunk has usage", .ref = "newapi:stream_options", READS("usage", "choices"),
     .good = COUNTED USAGE DONE, .bad = COUNTED DONE, .request = ASKED_USAGE,
     ABSORBS("stream.usage.null_elsewhere", "stream.usage.chunk_last")},
    {.id = "stream.usage.chunk_last", .step = usage_comes_last, .level = CC_MUST,
     .says = "with include_usage the chunk of usage is the last one, but for one of moderation", .ref = "newapi:stream_options",
     READS("usage", "choices"), .good = COUNTED USAGE DONE,
     .bad = NULL_USAGE({"role": "assistant", "content": "Hi"}) USAGE
            CHUNK("usage": null, LAST_CHOICE) DONE,
     .request = ASKED_USAGE, ABSORBS("stream.choices.empty_only_special")},
    {.id = "stream.usage.chunk_choices_empty", .step = usage_comes_alone, .when = "usage", .level = CC_MUST,
     .says = "with include_usage the chunk of usage has no choices", .ref = "openai:ChatCompletionStreamOptions.include_usage",
     READS("usage", "choices"), .good = COUNTED USAGE DONE,
     .bad = NULL_USAGE({"role": "assistant", "content": "Hi"})
            CHUNK("usage": COUNTS(1, 10), LAST_CHOICE) DONE,
     .request = ASKED_USAGE},
    {.id = "stream.usage.null_elsewhere", .step = usage_is_null_elsewhere, .level = CC_SHOULD,
     .says = "with include_usage all other chunks have usage null", .ref = "newapi:stream_options", READS("usage", "choices"),
     .good = COUNTED USAGE DONE, .bad = ROLE HI STOP USAGE DONE, .request = ASKED_USAGE},
    {.id = "stream.usage.cumulative", .step = usage_does_not_run, .when = "usage", .level = CC_PORTABILITY,
     .says = "usage counts the whole request and does not run along", .ref = "newapi:stream_options", READS("usage"), .good = PLAIN,
     .bad = CHUNK("usage": COUNTS(1, 10), FIRST_CHOICE)
            CHUNK("usage": COUNTS(2, 11), LAST_CHOICE) DONE,
     ABSORBS("stream.usage.requested")},
    {0},
};

/* The deltas of a choice are parts of its message. By its index a piece is joined to others: where that is wrong, all of them may be. */
static const struct rename renames[] = {
    {"/choices/*/index", "/choices"},
    {"/choices/*/delta/tool_calls/*/index", "/choices/*/message/tool_calls"},
    {"/choices/*/delta", "/choices/*/message"},
    {0},
};

static const char *const unasked[] = {
    "response.unknown_member",                               /* the table of chunks knows its own members */
    "response.nested_unknown_member",
    "response.usage.present",                                /* comes when it was asked for */
    "response.choices.message.content.null_needs_reason",    /* an empty text is streamed as no text at all */
    "response.system_fingerprint.deprecated",                /* of whole answers */
    "response.system_fingerprint.not_null",                  /* a chunk may say null */
    "response.choices.finish_reason.calls_imply",            /* stream.choices.finish_reason.calls_imply, when it is known what was asked */
    "response.choices.finish_reason.function_call.deprecated", /* stream.delta.function_call.deprecated */
    "response.choices.message.tool_calls.function.arguments.json", /* stream.delta.tool_calls.arguments.json */
    "response.choices.message.tool_calls.function.arguments.required",
    NULL,
};

const struct sequence stream_sequence = {
    .kind = CC_CHUNK,
    .state_size = sizeof(struct seen),
    .terminator = "[DONE]",
    .meant_to_end = is_nearly_done,
    .kind_of = seen_kind,
    .begin = seen_begin,
    .fold = seen_fold,
    .fluids = seen_fluids,
    .again = seen_again,
    .clear = seen_clear,
    .rules = rules,
    .sum = seen_sum,
    .sum_kind = CC_RESPONSE,
    .renames = renames,
    .unasked = unasked,
};
