/* test_stream.c: what is found in streams: each rule's own examples, one finding for one fault,
and the same however the bytes are split. */
#include "tests/streaming.h"
#include "validator/api/tables.h"

static const unsigned profiles[] = {CC_OPENAI, CC_NEWAPI};

/* --- the examples of the rules */

static size_t rule_total(void)
{
    size_t total = 0;
    while (stream_sequence.rules[total].id) total++;
    return total;
}

/* The request that asked for an example: {"stream": true} with the rule's members laid over it. */
static void request_of(const struct state_rule *rule, char *out, size_t size)
{
    const char *members = rule->request ? rule->request + 1 : "}";
    bool sets_stream = rule->request && strstr(rule->request, "\"stream\":");
    snprintf(out, size, "{%s%s", sets_stream ? "" : rule->request ? "\"stream\": true, " : "\"stream\": true", members);
}

START_TEST(test_examples)
{
    const struct state_rule *rule = &stream_sequence.rules[_i];
    char request[512];
    request_of(rule, request, sizeof request);
    for (size_t p = 0; p < 2; p++) {
        struct judging how = {.profile = profiles[p], .request = request, .first = 40};
        struct judged good, bad;
        bool in_force = !rule->profiles || (rule->profiles & profiles[p]);
        if (rule->good) {
            judge_bytes(&good, &how, rule->good, strlen(rule->good));
            ck_assert_msg(!good.text[0], "%s: its good example gives %s", rule->id, good.text);
        }
        if (!rule->bad || !in_force) continue;
        judge_bytes(&bad, &how, rule->bad, strlen(rule->bad));
        ck_assert_msg(strcmp(bad.text, rule->id) == 0, "%s: its bad example gives %s", rule->id, bad.text);
    }
}
END_TEST

/* --- one fault, one finding */

struct fault {
    const char *name, *request, *stream, *expected;
};

#define PLAIN ASKS("")
#define COUNTED ASKS(", \"stream_options\": {\"include_usage\": true}")

#define FILTER_NOTE(finish) \
    "data: {\"id\": \"\", \"object\": \"\", \"created\": 0, \"model\": \"\", \"choices\": [{\"index\": 0, \"finish_reason\": " finish \
    ", \"content_filter_results\": {}, \"content_filter_offsets\": {\"check_offset\": 44, \"end_offset\": 198}}], \"usage\": null}\n\n"

static const struct fault faults[] = {
    {"a plain stream", PLAIN, BEGIN TEXT END("stop") DONE, ""},
    {"without a request", NULL, BEGIN TEXT END("stop") DONE, ""},
    {"comments between events", PLAIN, ": hi\n\n" BEGIN ": hi\n\n" TEXT ":\n" END("stop") DONE ": bye\n\n", ""},
    {"two choices", ASKS(", \"n\": 2"),
     OF(0, {"role": "assistant"}) OF(1, {"role": "assistant"}) OF(1, {"content": "b"}) OF(0, {"content": "a"}) END_OF(1, "stop") END_OF(0,
     "length") DONE, ""},
    {"both choices in one chunk", ASKS(", \"n\": 2"),
     CHUNK("choices": [{"index": 0, "delta": {"role": "assistant"}, "finish_reason": "stop"}, {"index": 1, "delta": {"role": "assistant"},
     "finish_reason": "stop"}])
     DONE, ""},
    {"calls", PLAIN, BEGIN CALLS(FIRST(0, "call_a", "f")) CALLS(NEXT(0, "{\"a\"")) CALLS(NEXT(0, ":1}")) CALLS(FIRST(1, "call_b", "g"))
     CALLS(NEXT(1, "{}"))
     END("tool_calls") DONE, ""},
    {"calls in one chunk", PLAIN, BEGIN CALLS(WHOLE(0, "call_a", "f"), WHOLE(1, "call_b", "f")) END("tool_calls") DONE, ""},
    {"a call and its end in one chunk", PLAIN, BEGIN CALLS(FIRST(0, "call_a", "f"), NEXT(0, "{"), NEXT(0, "}")) END("tool_calls") DONE, ""},
    {"a named tool ends with stop", ASKS(", \"tool_choice\": {\"type\": \"function\", \"function\": {\"name\": \"f\"}}"),
     BEGIN CALLS(WHOLE(0, "call_a", "f")) END("stop") DONE, ""},
    {"empty type in later fragments", PLAIN,
     BEGIN CALLS(FIRST(0, "call_a", "f")) CALLS({"index": 0, "type": "", "function": {"arguments": "{}"}})
     CALLS({"index": 0, "type": null, "function": {"arguments": " "}}) END("tool_calls") DONE, ""},
    {"cut short by length", PLAIN, BEGIN CALLS(FIRST(0, "call_a", "f")) CALLS(NEXT(0, "{\"a\"")) END("length") DONE, ""},
    {"usage", COUNTED, UNUSED({"role": "assistant", "content": "x"}) UNUSED_END("stop") USED DONE, ""},
    {"usage that may run", ASKS(", \"stream_options\": {\"include_usage\": true, \"continuous_usage_stats\": true}"),
     CHUNK("usage": COUNTS, "choices": [{"index": 0, "delta": {"role": "assistant"}, "finish_reason": "stop"}]) USED DONE, ""},
    {"an error ends it", PLAIN, BEGIN TEXT OVERLOADED, ""},
    {"an error and a terminator", PLAIN, BEGIN TEXT OVERLOADED DONE, ""},
    {"log probabilities", ASKS(", \"logprobs\": true"),
     BEGIN CHUNK("choices": [{"index": 0, "delta": {"content": "x"}, "finish_reason": null, "logprobs":
        {"content": [{"token": "x", "logprob": -0.5, "bytes": [120], "top_logprobs": []}], "refusal": null}}]) END("stop") DONE, ""},

    {"nothing at all", PLAIN, "", "stream.truncated"},
    {"only a comment", PLAIN, ": hi\n\n", "stream.truncated"},
    {"only a terminator", PLAIN, DONE, "stream.done.not_without_chunk"},
    {"cut in the text", PLAIN, BEGIN TEXT, "stream.truncated"},
    {"cut in an event", PLAIN, BEGIN TEXT "data: {\"id\": \"chat", "stream.truncated"},
    {"cut in the last chunk", PLAIN, BEGIN TEXT "data: {\"id\": \"chatcmpl-7\", \"choices\": [{\"finish_reason\": \"stop\"}]}\n",
     "stream.truncated"},
    {"cut before the terminator", PLAIN, BEGIN TEXT END("stop"), "stream.done.terminator"},
    {"cut in the terminator", PLAIN, BEGIN TEXT END("stop") "data: [DO", "stream.done.terminator"},
    {"cut before the usage", COUNTED, UNUSED({"role": "assistant", "content": "x"}), "stream.truncated"},
    {"cut in the arguments", PLAIN, BEGIN CALLS(FIRST(0, "call_a", "f")) CALLS(NEXT(0, "{\"a\"")), "stream.truncated"},
    {"cut with two choices", ASKS(", \"n\": 2"), BEGIN TEXT END("stop"), "stream.done.terminator"},
    {"the terminator is not closed", PLAIN, BEGIN TEXT END("stop") "data: [DONE]\n", "stream.sse.final_event_complete"},
    {"the terminator's line is not ended", PLAIN, BEGIN TEXT END("stop") "data: [DONE]", "stream.sse.final_event_complete"},
    {"a choice is not finished", PLAIN, BEGIN TEXT DONE, "stream.choices.finish_reason.once"},
    {"a choice finishes twice", PLAIN, BEGIN END("stop") END("stop") DONE, "stream.choices.finish_reason.once"},
    {"text after the end", PLAIN, BEGIN END("stop") TEXT TEXT DONE, "stream.choices.finish_reason.last"},
    {"text with the end", PLAIN, BEGIN CHUNK("choices": [{"index": 0, "delta": {"content": "x"}, "finish_reason": "stop"}]) DONE,
     "stream.choices.finish_reason.delta_empty"},
    {"an unknown reason", PLAIN, BEGIN TEXT END("eos") DONE, "stream.choices.finish_reason.enum"},
    {"an empty reason", PLAIN, BEGIN TEXT END("") DONE, "stream.choices.finish_reason.enum"},
    {"no reason member", PLAIN, BEGIN CHUNK("choices": [{"index": 0, "delta": {"content": "x"}}]) END("stop") DONE,
     "stream.choices.finish_reason.required"},
    {"never a reason member", PLAIN, CHUNK("choices": [{"index": 0, "delta": {"role": "assistant"}}]) CHUNK("choices": [{"index": 0,
     "delta": {}}]) DONE,
     "stream.choices.finish_reason.required"},
    {"calls that were never made", PLAIN, BEGIN TEXT END("tool_calls") DONE, "stream.choices.finish_reason.tool_calls_seen"},
    {"a function that was never called", PLAIN, BEGIN TEXT END("function_call") DONE, "stream.choices.finish_reason.tool_calls_seen"},
    {"calls end with stop", PLAIN, BEGIN CALLS(WHOLE(0, "call_a", "f")) END("stop") DONE, "stream.choices.finish_reason.calls_imply"},
    {"calls end with stop, nobody knows why", NULL, BEGIN CALLS(WHOLE(0, "call_a", "f")) END("stop") DONE, ""},

    {"another id", PLAIN, BEGIN EVENT({"id": "x", "object": "chat.completion.chunk", "created": 1712345678, "model": "m-1", "choices":
        [{"index": 0, "delta": {"content": "a"}, "finish_reason": "length"}]}) DONE,
        "stream.chunk.id.same stream.choices.finish_reason.delta_empty"},
    {"no id anywhere", PLAIN,
     EVENT({"object": "chat.completion.chunk", "created": 1712345678, "model": "m-1", "choices": [{"index": 0,
     "delta": {"role": "assistant"}, "finish_reason": null}]})
     EVENT({"object": "chat.completion.chunk", "created": 1712345678, "model": "m-1", "choices": [{"index": 0, "delta": {},
     "finish_reason": "stop"}]}) DONE,
     "stream.chunk.id.required"},
    {"numbers for ids", PLAIN,
     EVENT({"id": 1, "object": "chat.completion.chunk", "created": 1712345678, "model": "m-1", "choices": [{"index": 0,
     "delta": {"role": "assistant"}, "finish_reason": null}]})
     EVENT({"id": 2, "object": "chat.completion.chunk", "created": 1712345678, "model": "m-1", "choices": [{"index": 0, "delta": {},
     "finish_reason": "stop"}]}) DONE,
     "stream.chunk.id.type"},
    {"Azure's opening", PLAIN,
     EVENT({"choices": [], "created": 0, "id": "", "model": "", "object": "", "prompt_filter_results": [{"prompt_index": 0}]})
     BEGIN TEXT END("stop") DONE,
     "stream.chunk.leading_filter"},
    {"a wrong object after Azure's opening", PLAIN,
     EVENT({"choices": [], "created": 0, "id": "", "model": "", "object": "", "prompt_filter_results": []}) BEGIN TEXT
     EVENT({"id": "", "object": "chunk", "created": 1712345678, "model": "m-1", "choices": [{"index": 0, "delta": {},
     "finish_reason": "stop"}]}) DONE,
     "stream.chunk.leading_filter stream.chunk.id.non_empty stream.chunk.object.const"},
    {"Azure's asynchronous filter", PLAIN, BEGIN TEXT FILTER_NOTE("null") TEXT END("stop") FILTER_NOTE("null") DONE, "stream.chunk.filter_note"},
    {"Azure's asynchronous filter stops the answer", PLAIN, BEGIN TEXT FILTER_NOTE("\"content_filter\"") DONE, "stream.chunk.filter_note"},
    {"Azure's asynchronous filter, and a choice without delta", PLAIN, BEGIN FILTER_NOTE("null")
     CHUNK("choices": [{"index": 0, "finish_reason": null}]) END("stop") DONE,
     "stream.chunk.filter_note stream.choices.delta.required"},
    {"an answer that only a filter's note follows", PLAIN, BEGIN TEXT FILTER_NOTE("null") DONE,
     "stream.chunk.filter_note stream.choices.finish_reason.once"},
    {"empty choices", PLAIN, BEGIN CHUNK("choices": []) TEXT CHUNK("choices": []) END("stop") DONE, "stream.choices.empty_only_special"},
    {"choices null", PLAIN, BEGIN CHUNK("choices": null) TEXT END("stop") DONE, "stream.chunk.choices.type"},
    {"index at n", PLAIN, BEGIN OF(1, {"role": "assistant"}) END_OF(1, "stop") END("stop") DONE, "stream.choices.index.lt_n"},
    {"a choice lacks", ASKS(", \"n\": 2"), BEGIN TEXT END("stop") DONE, "stream.choices.all_present"},
    {"a choice twice in a chunk", PLAIN,
     CHUNK("choices": [{"index": 0, "delta": {"role": "assistant"}, "finish_reason": null}, {"index": 0, "delta": {"content": "x"},
     "finish_reason": null}]) END("stop") DONE,
     "stream.choices.index.unique_in_chunk"},
    {"no index", PLAIN, CHUNK("choices": [{"delta": {"role": "assistant", "content": "x"}, "finish_reason": null}])
     CHUNK("choices": [{"delta": {}, "finish_reason": "stop"}]) DONE, "stream.choices.index.required"},
    {"message for delta", PLAIN, CHUNK("choices": [{"index": 0, "message": {"role": "assistant", "content": "x"},
     "finish_reason": "stop"}]) DONE,
     "stream.chunk.no_message_member"},
    {"no role", PLAIN, TEXT END("stop") DONE, "stream.delta.role.present"},
    {"null for a role", PLAIN, SAY({"role": null, "content": "x"}) END("stop") DONE, "stream.delta.role.null"},
    {"empty role", PLAIN, SAY({"role": "", "content": "x"}) END("stop") DONE, "stream.delta.role.empty"},
    {"another role", PLAIN, SAY({"role": "user", "content": "x"}) END("stop") DONE, "stream.delta.role.assistant"},
    {"the role again and again", PLAIN, BEGIN BEGIN BEGIN END("stop") DONE, "stream.delta.role.first_only"},
    {"text and refusal", PLAIN, BEGIN TEXT SAY({"refusal": "No"}) SAY({"refusal": "!"}) END("stop") DONE,
     "stream.delta.content_refusal_exclusive"},
    {"content of parts", PLAIN, BEGIN SAY({"content": [{"type": "text", "text": "x"}]}) END("stop") DONE, "stream.delta.content.type"},
    {"a function called in the wrong order", PLAIN,
     BEGIN SAY({"function_call": {"arguments": "{"}}) SAY({"function_call": {"name": "f", "arguments": "}"}}) END("function_call") DONE,
     "stream.delta.function_call.deprecated stream.delta.function_call.sequence"},
    {"a function named twice", PLAIN,
     BEGIN SAY({"function_call": {"name": "f", "arguments": "{"}}) SAY({"function_call": {"name": "f", "arguments": "}"}})
     END("function_call") DONE,
     "stream.delta.function_call.deprecated stream.delta.function_call.sequence"},

    {"a call without index", PLAIN,
     BEGIN CALLS({"id": "call_a", "type": "function", "function": {"name": "f", "arguments": "{"}})
     CALLS({"function": {"arguments": "}"}}) END("tool_calls") DONE,
     "stream.delta.tool_calls.index.required"},
    {"a call without id", PLAIN, BEGIN CALLS({"index": 0, "type": "function", "function": {"name": "f", "arguments": "{}"}})
     END("tool_calls") DONE,
     "stream.delta.tool_calls.first.id"},
    {"a call with an empty id", PLAIN, BEGIN CALLS(WHOLE(0, "", "f")) END("tool_calls") DONE, "stream.delta.tool_calls.first.id"},
    {"a call without type", PLAIN, BEGIN CALLS({"index": 0, "id": "call_a", "function": {"name": "f", "arguments": "{}"}})
     END("tool_calls") DONE,
     "stream.delta.tool_calls.first.type"},
    {"a call without name", PLAIN, BEGIN CALLS({"index": 0, "id": "call_a", "type": "function", "function": {"arguments": "{}"}})
     END("tool_calls") DONE,
     "stream.delta.tool_calls.first.name"},
    {"a call without function", PLAIN, BEGIN CALLS({"index": 0, "id": "call_a", "type": "function"}) END("tool_calls") DONE,
     "stream.delta.tool_calls.first.name"},
    {"a call of another kind", PLAIN,
     BEGIN CALLS({"index": 0, "id": "call_a", "type": "custom", "custom": {"name": "q", "input": "x"}}) CALLS({"index": 0,
     "custom": {"input": "y"}}) END("tool_calls") DONE,
     "stream.delta.tool_calls.type.enum"},
    {"indexes from 1", PLAIN, BEGIN CALLS(WHOLE(1, "call_a", "f")) CALLS(WHOLE(2, "call_b", "f")) END("tool_calls") DONE,
     "stream.delta.tool_calls.index.contiguous"},
    {"a gap in one chunk", PLAIN, BEGIN CALLS(WHOLE(0, "call_a", "f"), WHOLE(2, "call_b", "f")) END("tool_calls") DONE,
     "stream.delta.tool_calls.index.contiguous"},
    {"calls interleaved", PLAIN, BEGIN CALLS(FIRST(0, "call_a", "f"), FIRST(1, "call_b", "f")) CALLS(NEXT(0, "{}")) CALLS(NEXT(1, "{}"))
     END("tool_calls") DONE,
     "stream.delta.tool_calls.index.ordered"},
    {"two calls under one index", PLAIN, BEGIN CALLS(WHOLE(0, "call_a", "f")) CALLS(WHOLE(0, "call_b", "g")) END("tool_calls") DONE,
     "stream.delta.tool_calls.id.stable"},
    {"two calls under one index in one chunk", PLAIN, BEGIN CALLS(WHOLE(0, "call_a", "f"), WHOLE(0, "call_b", "g")) END("tool_calls") DONE,
     "stream.delta.tool_calls.id.stable"},
    {"one name in every fragment", PLAIN, BEGIN CALLS(FIRST(0, "call_a", "f")) CALLS({"index": 0, "function": {"name": "f",
     "arguments": "{}"}}) END("tool_calls") DONE,
     "stream.delta.tool_calls.name.once"},
    {"another name later", PLAIN, BEGIN CALLS(FIRST(0, "call_a", "f")) CALLS({"index": 0, "function": {"name": "g", "arguments": "{}"}})
     END("tool_calls") DONE,
     "stream.delta.tool_calls.id.stable"},
    {"one id for two calls", PLAIN, BEGIN CALLS(WHOLE(0, "call_a", "f")) CALLS(WHOLE(1, "call_a", "g")) END("tool_calls") DONE,
     "stream.delta.tool_calls.id.unique"},
    {"one id for two calls in one chunk", PLAIN, BEGIN CALLS(WHOLE(0, "call_a", "f"), WHOLE(1, "call_a", "g")) END("tool_calls") DONE,
     "stream.delta.tool_calls.id.unique"},
    {"arguments that are no JSON", PLAIN, BEGIN CALLS(FIRST(0, "call_a", "f")) CALLS(NEXT(0, "{a: 1}")) END("tool_calls") DONE,
     "stream.delta.tool_calls.arguments.json"},
    {"arguments that are no object", PLAIN, BEGIN CALLS(FIRST(0, "call_a", "f")) CALLS(NEXT(0, "[1]")) END("tool_calls") DONE,
     "stream.delta.tool_calls.arguments.json"},
    {"no arguments", PLAIN, BEGIN CALLS(FIRST(0, "call_a", "f")) END("tool_calls") DONE, "stream.delta.tool_calls.arguments.json"},
    {"arguments with escapes split over fragments", PLAIN,
     BEGIN CALLS(FIRST(0, "call_a", "f")) CALLS(NEXT(0, "{\"a\": \"\\ud83d")) CALLS(NEXT(0, "\\ude00\\")) CALLS(NEXT(0, "n\"}"))
     END("tool_calls") DONE, ""},
    {"arguments as an object", PLAIN,
     BEGIN CALLS({"index": 0, "id": "call_a", "type": "function", "function": {"name": "f", "arguments": {}}}) END("tool_calls") DONE,
     "stream.delta.tool_calls.arguments.type"},
    {"calls null", PLAIN, SAY({"role": "assistant", "content": "x", "tool_calls": null}) END("stop") DONE, "stream.delta.tool_calls.null"},
    {"calls empty", PLAIN, SAY({"role": "assistant", "content": "x", "tool_calls": []}) END("stop") DONE,
     "stream.delta.tool_calls.non_empty"},

    {"usage unasked", PLAIN, BEGIN TEXT END("stop") USED DONE, "stream.usage.requested"},
    {"usage unasked, nobody knows", NULL, BEGIN TEXT END("stop") USED DONE, ""},
    {"no usage", COUNTED, UNUSED({"role": "assistant", "content": "x"}) UNUSED_END("stop") DONE, "stream.usage.chunk_present"},
    {"usage twice", COUNTED, UNUSED({"role": "assistant", "content": "x"}) UNUSED_END("stop") USED USED DONE, "stream.usage.chunk_present"},
    {"usage too early", COUNTED, UNUSED({"role": "assistant", "content": "x"}) USED UNUSED_END("stop") DONE, "stream.usage.chunk_last"},
    {"usage beside choices", COUNTED, UNUSED({"role": "assistant", "content": "x"})
     CHUNK("usage": COUNTS, "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]) DONE, "stream.usage.chunk_choices_empty"},
    {"usage beside all choices", COUNTED,
     CHUNK("usage": COUNTS, "choices": [{"index": 0, "delta": {"role": "assistant"}, "finish_reason": null}])
     CHUNK("usage": COUNTS, "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]) DONE, "stream.usage.chunk_choices_empty"},
    {"usage not null elsewhere", COUNTED, BEGIN TEXT END("stop") USED DONE, "stream.usage.null_elsewhere"},
    {"usage that is no object", COUNTED, UNUSED({"role": "assistant", "content": "x"}) UNUSED_END("stop") CHUNK("choices": [], "usage": 5)
     DONE,
     "stream.usage.type"},
    {"usage that does not add up", COUNTED, UNUSED({"role": "assistant", "content": "x"}) UNUSED_END("stop")
     CHUNK("choices": [], "usage": {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 6}) DONE, "response.usage.total_is_sum"},
    {"log probabilities lack", ASKS(", \"logprobs\": true"), BEGIN TEXT TEXT END("stop") DONE, "stream.logprobs.requested"},
    {"log probabilities unasked", PLAIN, BEGIN CHUNK("choices": [{"index": 0, "delta": {"content": "x"}, "finish_reason": null, "logprobs":
        {"content": [{"token": "x", "logprob": -0.5, "bytes": [120], "top_logprobs": []}], "refusal": null}}]) END("stop") DONE,
         "stream.logprobs.requested"},
    {"tokens of another text", ASKS(", \"logprobs\": true"),
     BEGIN CHUNK("choices": [{"index": 0, "delta": {"content": "xy"}, "finish_reason": null, "logprobs":
        {"content": [{"token": "x", "logprob": -0.5, "bytes": [120], "top_logprobs": []}], "refusal": null}}]) END("stop") DONE,
         "stream.logprobs.aligned"},
    {"a stream nobody asked for", "{\"model\": \"m\", \"messages\": []}", BEGIN TEXT END("stop") DONE, "stream.requested"},

    {"text after the terminator", PLAIN, BEGIN TEXT END("stop") DONE TEXT EVENT({"x": 1}) "data: {\n\n", "stream.done.nothing_after"},
    {"two terminators", PLAIN, BEGIN TEXT END("stop") DONE DONE DONE, "stream.done.once"},
    {"lower case", PLAIN, BEGIN TEXT END("stop") "data: [done]\n\n", "stream.done.exact"},
    {"in quotes", PLAIN, BEGIN TEXT END("stop") "data: \"[DONE]\"\n\n", "stream.done.exact"},
    {"two spaces", PLAIN, BEGIN TEXT END("stop") "data:  [DONE]\n\n", "stream.done.exact"},
    {"no brackets", PLAIN, BEGIN TEXT END("stop") "data: DONE\n\n", "stream.done.exact"},
    {"an error first of all", PLAIN, OVERLOADED, "http.response.stream.error_before_start"},
    {"chunks after an error", PLAIN, BEGIN OVERLOADED TEXT END("stop") DONE, "stream.done.after_error"},
    {"an error in a chunk", PLAIN, BEGIN CHUNK("choices": [], "error": {"message": "x"}) DONE, "stream.error.member_in_chunk"},
    {"an error without envelope", PLAIN, BEGIN TEXT EVENT({"message": "overloaded", "code": 503}), "stream.error.event"},
    {"something else", PLAIN, BEGIN EVENT({"type": "ping"}) TEXT END("stop") DONE, "stream.sse.payload_object"},
    {"an array", PLAIN, BEGIN EVENT([1]) TEXT END("stop") DONE, "stream.sse.payload_object"},
    {"not JSON", PLAIN, BEGIN "data: : ping\n\n" TEXT "data: : ping\n\n" END("stop") DONE, "stream.sse.payload_json"},
    {"the first chunk is not JSON", PLAIN, "data: {\"id\": \"chatcmpl-7\", \"choices\": [{\"index\": 0,}]}\n\n" TEXT END("stop") DONE,
     "stream.sse.payload_json"},
    {"the last thing is not JSON", PLAIN, BEGIN TEXT "data: {\n\n", "stream.sse.payload_json"},
    {"not UTF-8", PLAIN, BEGIN "data: {\"id\": \"\xFF\"}\n\n" END("stop") DONE, "stream.sse.utf8"},
    {"empty data", PLAIN, BEGIN "data:\n\n" TEXT "data: \n\n" END("stop") DONE, "stream.sse.empty_data"},
    {"no empty lines", PLAIN, "data: {\"id\": \"a\"}\ndata: {\"id\": \"a\"}\ndata: [DONE]\n", "stream.sse.line_endings"},
    {"no empty lines, but the last", PLAIN, "data: {\"id\": \"a\"}\ndata: {\"id\": \"a\"}\ndata: [DONE]\n\n", "stream.sse.line_endings"},
    {"a bare document", PLAIN, "{\"id\": \"chatcmpl-7\", \"object\": \"chat.completion\"}", "stream.sse.data_prefix"},
    {"a bare document in lines", PLAIN, "{\n  \"id\": \"chatcmpl-7\",\n  \"choices\": [\n  ]\n}\n", "stream.sse.data_prefix"},
    {"bare chunks", PLAIN, "{\"id\": \"a\"}\n\n{\"id\": \"a\"}\n\n[DONE]\n\n", "stream.sse.data_prefix"},
    {"an event in two lines", PLAIN, BEGIN
     "data: {\"id\": \"chatcmpl-7\", \"object\": \"chat.completion.chunk\", \"created\": 1712345678,\ndata:\"model\": \"m-1\","
     "\"choices\": [{\"index\": 0, \"delta\": {}, \"finish_reason\": \"stop\"}]}\n\n" DONE, "stream.sse.one_line_payload"},
    {"named events", PLAIN, "event: chunk\n" BEGIN "event: chunk\n" TEXT "event: chunk\n" END("stop") DONE, "stream.sse.event_field"},
    {"numbered events", PLAIN, "id: 1\n" BEGIN "id: 2\nretry: 5\n" TEXT END("stop") DONE, "stream.sse.id_retry_fields"},
    {"unknown fields", PLAIN, "x: 1\n" BEGIN "x: 2\n" TEXT END("stop") DONE, "stream.sse.field_names"},
    {"a comment inside an event", PLAIN, BEGIN "data: {\"a\":\n: hm\ndata: 1}\n\n" END("stop") DONE,
     "stream.sse.one_line_payload stream.sse.payload_object stream.sse.comments"},
    {"a duplicate key", PLAIN, BEGIN SAY({"content": "a", "content": "b"}) SAY({"content": "a", "content": "b"}) END("stop") DONE,
     "json.duplicate_key"},
    {"unknown members in every chunk", PLAIN, SAY({"role": "assistant", "reasoning_content": "a"}) SAY({"reasoning_content": "a"})
     SAY({"thinking": "x"}) END("stop") DONE,
     "stream.delta.unknown_member stream.delta.unknown_member"},
};
enum { FAULTS = sizeof faults / sizeof *faults };

START_TEST(test_faults)
{
    const struct fault *f = &faults[_i];
    struct judging how = {.request = f->request, .first = strlen(f->stream)};
    struct judged got;
    judge_bytes(&got, &how, f->stream, strlen(f->stream));
    ck_assert_msg(strcmp(got.text, f->expected) == 0, "%s: got \"%s\" but expected \"%s\"", f->name, got.text, f->expected);
}
END_TEST

/* However the bytes come: the same findings, places and words included. */
START_TEST(test_splits)
{
    const struct fault *f = &faults[_i];
    size_t length = strlen(f->stream);
    struct judged whole, split;
    struct judging how = {.request = f->request, .full = true, .first = length};
    judge_bytes(&whole, &how, f->stream, length);
    for (size_t first = 0; first < length; first++) {
        how.first = first;
        judge_bytes(&split, &how, f->stream, length);
        ck_assert_msg(strcmp(whole.text, split.text) == 0, "%s, split at %zu: got\n%sbut whole\n%s", f->name, first, split.text,
        whole.text);
    }
}
END_TEST

/* A stream that broke in the transport is not told what it lacks, wherever it broke. */
START_TEST(test_cut)
{
    const char stream[] = UNUSED({"role": "assistant", "content": ""}) ": hm\n\nevent: message\n" UNUSED({"content": "caf\u00e9"})
    UNUSED_END("stop") USED DONE;
    struct judging how = {.request = COUNTED, .cut = true};
    for (size_t length = 0; length < sizeof stream; length++) {
        struct judged got;
        how.first = length;
        judge_bytes(&got, &how, stream, length);
        ck_assert_msg(!got.text[0] && got.fed && got.ended, "cut at %zu: %s", length, got.text);
    }
}
END_TEST

START_TEST(test_places)
{
    static const char stream[] = "\xEF\xBB\xBF: h\xC3\xA9\r\n\r\n"
    BEGIN "data: {\"\xC3\xA9\": [1, {\"b\": 2}],\r\ndata: \"a\": 1, \"a\": 2}\r\n\r\n" DONE;
    struct judging how = {.request = PLAIN, .first = sizeof stream - 1, .full = true};
    struct judged got;
    judge_bytes(&got, &how, stream, sizeof stream - 1);
    const char *second = strstr(stream, "data: {\"\xC3"), *twice = strstr(stream, "\"a\": 2");
    char expected[200];
    snprintf(expected, sizeof expected, "json.duplicate_key 1 /a @%zu:6:15 ", (size_t)(twice - stream));
    ck_assert_msg(strstr(got.text, expected), "%s expected in %s", expected, got.text);
    snprintf(expected, sizeof expected, "stream.sse.payload_object 1  @%zu:5:7 ", (size_t)(second - stream) + 6);
    ck_assert_msg(strstr(got.text, expected), "%s expected in %s", expected, got.text);
}
END_TEST

/* --- limits, each at N and at one more */

struct bound {
    const char *rule;
    struct cc_limits at, over;
};

static const char bounded[] = ": a comment of some length, longer than the text\n\n: another\n\n" BEGIN TEXT END("stop") DONE;

START_TEST(test_limits)
{
    size_t longest = strlen(BEGIN) - 2, data = longest - 6, length = sizeof bounded - 1;
    const struct bound bounds[] = {
        {"json.limit.line", {.line = longest}, {.line = longest - 1}},
        {"json.limit.event", {.event = data}, {.event = data - 1}},
        {"json.limit.events", {.events = 4}, {.events = 3}},
        {"json.limit.stream", {.stream = length}, {.stream = length - 1}},
        {"json.limit.comments", {.comments = 2}, {.comments = 1}},
        {"json.limit.bytes", {.bytes = data}, {.bytes = data - 1}},
        {"json.limit.depth", {.depth = 4}, {.depth = 3}},
    };
    for (size_t i = 0; i < sizeof bounds / sizeof *bounds; i++)
        for (size_t first = 0; first <= length; first += 7) {
            struct judging how = {.request = PLAIN, .limits = &bounds[i].at, .first = first};
            struct judged got;
            judge_bytes(&got, &how, bounded, length);
            ck_assert_msg(!got.text[0] && got.ended, "%s at the limit: %s", bounds[i].rule, got.text);
            how.limits = &bounds[i].over;
            judge_bytes(&got, &how, bounded, length);
            ck_assert_msg(strcmp(got.text, bounds[i].rule) == 0, "%s over the limit: %s", bounds[i].rule, got.text);
        }
}
END_TEST

/* More findings than the limit are counted, and what was told before is not. */
START_TEST(test_findings_limit)
{
    struct cc_limits limits = {.findings = 2};
    struct cc_options options = {.limits = limits};
    const char *chunk = EVENT({"object": "x", "choices": [{}]});
    struct cc_stream *stream = cc_stream_new(&options, NULL, 0);
    for (int i = 0; i < 50; i++) ck_assert(cc_stream_feed(stream, chunk, strlen(chunk)));
    const struct cc_report *report = cc_stream_report(stream);
    /* id, created, model, const; index, delta, finish_reason of the choice */
    ck_assert_uint_eq(report->errors, 7);
    ck_assert_uint_eq(report->count, 2);
    ck_assert_uint_eq(report->dropped, 5);
    cc_stream_free(stream);
}
END_TEST

/* --- the callback, and the order of calls */

struct heard {
    char text[200];
    size_t count;
};

static void hear(void *context, size_t number, const char *data, size_t length)
{
    struct heard *heard = context;
    ck_assert_uint_eq(number, heard->count++);
    size_t used = strlen(heard->text);
    snprintf(heard->text + used, sizeof heard->text - used, "%.*s|", (int)length, data);
}

START_TEST(test_callback)
{
    static const char bytes[] = ": c\n\ndata: {}\n\ndata: a\ndata: b\n\ndata:\n\ndata: [DONE]\n\ndata: c\n\ndata: never closed\n";
    struct heard heard = {.count = 0};
    struct cc_stream *stream = cc_stream_new(NULL, NULL, 0);
    cc_stream_on_event(stream, hear, &heard);
    for (size_t i = 0; i < sizeof bytes - 1; i++) ck_assert(cc_stream_feed(stream, bytes + i, 1));
    ck_assert(cc_stream_end(stream, false));
    ck_assert_str_eq(heard.text, "{}|a\nb||[DONE]|c|");
    cc_stream_free(stream);
}
END_TEST

START_TEST(test_order_of_calls)
{
    struct cc_stream *stream = cc_stream_new(NULL, "no JSON", 7);
    ck_assert_ptr_nonnull(stream);
    ck_assert_ptr_null(cc_stream_answer(stream));
    ck_assert(cc_stream_feed(stream, "", 0));
    ck_assert_uint_eq(cc_stream_report(stream)->count, 0);
    ck_assert(cc_stream_feed(stream, "data: {\n\n", 9));
    ck_assert_uint_eq(cc_stream_report(stream)->count, 1);
    ck_assert(cc_stream_feed(stream, "x: 1\n", 5));
    ck_assert_uint_eq(cc_stream_report(stream)->count, 2);
    ck_assert_str_eq(cc_stream_report(stream)->findings[0].rule->id, "stream.sse.payload_json");
    ck_assert(cc_stream_end(stream, false));
    ck_assert(!cc_stream_end(stream, false));
    ck_assert(!cc_stream_feed(stream, "x", 1));
    ck_assert_uint_eq(cc_stream_report(stream)->count, 2);
    cc_stream_free(stream);
    cc_stream_free(NULL);
}
END_TEST

/* The checker takes a stored stream through the same door. */
START_TEST(test_checker)
{
    static const char bytes[] = BEGIN TEXT END("stop");
    struct cc_checker *checker = cc_checker_new(NULL);
    for (int i = 0; i < 3; i++) {
        const struct cc_report *report = cc_check(checker, i ? CC_STREAM : CC_AUTO, bytes, sizeof bytes - 1);
        ck_assert_int_eq(report->kind, CC_STREAM);
        ck_assert_uint_eq(report->count, 1);
        ck_assert_str_eq(report->findings[0].rule->id, "stream.done.terminator");
        ck_assert_uint_eq(report->findings[0].offset, sizeof bytes - 1);
        ck_assert_int_eq(report->findings[0].in, CC_IN_EVENT);
    }
    cc_checker_free(checker);
}
END_TEST

/* Memory is bounded by what is kept: a long stream of the same thing needs no more than its text. */
START_TEST(test_long_stream)
{
    struct cc_limits limits = {.events = 1000000, .stream = 1 << 30};
    struct cc_options options = {.limits = limits};
    struct cc_stream *stream = cc_stream_new(&options, NULL, 0);
    const char *piece = SAY({"content": "x"});
    cc_stream_feed(stream, BEGIN, strlen(BEGIN));
    for (int i = 0; i < 20000; i++) ck_assert(cc_stream_feed(stream, piece, strlen(piece)));
    cc_stream_feed(stream, END("stop") DONE, strlen(END("stop") DONE));
    ck_assert(cc_stream_end(stream, false));
    ck_assert_uint_eq(cc_stream_report(stream)->count, 0);
    cc_stream_free(stream);
}
END_TEST

static Suite *stream_suite(void)
{
    Suite *suite = suite_create("stream");
    TCase *tests = tcase_create("stream");
    tcase_add_loop_test(tests, test_examples, 0, (int)rule_total());
    tcase_add_loop_test(tests, test_faults, 0, FAULTS);
    tcase_add_loop_test(tests, test_splits, 0, FAULTS);
    tcase_add_test(tests, test_cut);
    tcase_add_test(tests, test_places);
    tcase_add_test(tests, test_limits);
    tcase_add_test(tests, test_findings_limit);
    tcase_add_test(tests, test_callback);
    tcase_add_test(tests, test_order_of_calls);
    tcase_add_test(tests, test_checker);
    tcase_add_test(tests, test_long_stream);
    suite_add_tcase(suite, tests);
    return suite;
}

TEST_MAIN(stream_suite)
