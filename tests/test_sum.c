/* test_sum.c: the answer that a stream adds up to is judged like any other, each finding says where in the stream its value began, or the
 * byte of it that is wrong came, and what was found in an event is not found again. */
#include "tests/streaming.h"

#include <json-c/json.h>

/* A stream, and what its answer is found to do: the id, its event and its pointer, and the bytes of the stream that stand there. */
struct sum {
    const char *name, *request, *stream, *rule;
    size_t event;
    const char *pointer, *there;
};

#define PLAIN ASKS("")
#define NAMED(id, model, ...) EVENT({"id": id, "object": "chat.completion.chunk", "created": 1712345678, "model": model, __VA_ARGS__})
/* A function t whose x is an array of whole numbers. */
#define TAKES(how) "{\"model\": \"m\", \"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}], \"stream\": true, \"tools\": [{\"type\": \"function\", " \
    "\"function\": {\"name\": \"t\", " how "\"parameters\": {\"type\": \"object\", \"properties\": {\"x\": {\"type\": \"array\", " \
    "\"items\": {\"type\": \"integer\"}}}, \"required\": [\"x\"], \"additionalProperties\": false}}}]}"
#define TOKEN(text) {"token": text, "logprob": -0.5, "bytes": null, "top_logprobs": []}
#define WITH(text, ...) \
    CHUNK("choices": [{"index": 0, "delta": {"content": text}, "finish_reason": null, \
                       "logprobs": {"content": [__VA_ARGS__], "refusal": null}}])

static const struct sum sums[] = {
    {"an id of another kind", PLAIN,
     NAMED("gen-1", "m", "choices": [{"index": 0, "delta": {"role": "assistant"}, "finish_reason": null}])
     NAMED("gen-1", "m", "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]) DONE, "response.id.prefix", 0, "/id", "\"gen-1\""},
    {"another model", ASKS(", \"model\": \"x\""), BEGIN TEXT END("stop") DONE, "response.model.matches_request", 0, "/model", "\"m-1\""},
    {"a stop sequence over two chunks", ASKS(", \"stop\": \"END\""), BEGIN TEXT SAY({"content": "EN"}) SAY({"content": "D"}) END("stop") DONE,
     "response.choices.message.content.stop_absent", 2, "/choices/0/message/content", "EN\"}"},
    {"a stop sequence in a text that began late", ASKS(", \"stop\": \"END\""),
     SAY({"role": "assistant"}) SAY({"content": "EN"}) SAY({"content": "D"}) END("stop") DONE,
     "response.choices.message.content.stop_absent", 1, "/choices/0/message/content", "\"EN\""},
    {"a stop sequence in the second choice", ASKS(", \"n\": 2, \"stop\": \"END\""),
     OF(0, {"role": "assistant", "content": "a"}) OF(1, {"role": "assistant"}) OF(1, {"content": "END"}) END_OF(0, "stop") END_OF(1, "stop") DONE,
     "response.choices.message.content.stop_absent", 2, "/choices/1/message/content", "\"END\""},
    {"no JSON though asked for", ASKS(", \"response_format\": {\"type\": \"json_object\"}"), BEGIN SAY({"content": "{\"a\": "}) END("stop") DONE,
     "response.choices.message.content.json_object", 1, "/choices/0/message/content", "\"}, \"finish"},
    {"JSON that breaks in its third piece", ASKS(", \"response_format\": {\"type\": \"json_object\"}"),
     BEGIN SAY({"content": "{\"\u0061\": "}) SAY({"content": "\n 1, b}"}) SAY({"content": " "}) END("stop") DONE,
     "response.choices.message.content.json_object", 2, "/choices/0/message/content", "b}"},
    {"a call that was forbidden", ASKS(", \"tool_choice\": \"none\""), BEGIN CALLS(WHOLE(0, "call_a", "f")) END("tool_calls") DONE,
     "response.choices.message.tool_calls.choice_none", 1, "/choices/0/message/tool_calls", "{\"index\": 0"},
    {"a call that was required", ASKS(", \"tool_choice\": \"required\""), BEGIN TEXT END("stop") DONE,
     "response.choices.message.tool_calls.choice_required", 2, "/choices/0/message/tool_calls", "\"stop\""},
    {"two calls at once", ASKS(", \"parallel_tool_calls\": false"),
     BEGIN CALLS(WHOLE(0, "call_a", "f")) CALLS(WHOLE(1, "call_b", "f")) END("tool_calls") DONE,
     "response.choices.message.tool_calls.parallel_false", 1, "/choices/0/message/tool_calls", "{\"index\": 0"},
    {"a tool that nobody declared", PLAIN, BEGIN CALLS(WHOLE(0, "call_a", "f")) CALLS(WHOLE(1, "call_b", "h")) END("tool_calls") DONE,
     "response.choices.message.tool_calls.declared", 2, "/choices/0/message/tool_calls/1/function/name", "\"h\""},
    {"no tool was declared", "{\"model\": \"m\", \"messages\": [], \"stream\": true}", BEGIN CALLS(WHOLE(0, "call_a", "f")) END("tool_calls") DONE,
     "response.choices.message.tool_calls.only_with_tools", 1, "/choices/0/message/tool_calls", "{\"index\": 0"},
    {"more tokens than allowed", ASKS(", \"max_completion_tokens\": 1, \"stream_options\": {\"include_usage\": true}"),
     UNUSED({"role": "assistant", "content": "x"}) UNUSED_END("length") USED DONE, "response.usage.completion_budget", 2,
     "/usage/completion_tokens", "2"},
    {"more alternatives than asked for", ASKS(", \"logprobs\": true, \"top_logprobs\": 0"),
     BEGIN WITH("a", TOKEN("a")) WITH("b", {"token": "b", "logprob": -0.5, "bytes": null, "top_logprobs": [
         {"token": "c", "logprob": -0.5, "bytes": null}]}) END("stop") DONE,
     "response.choices.logprobs.top.count", 2, "/choices/0/logprobs/content/1/top_logprobs", "[ {\"token\": \"c\""},
    {"no choice ever came", NULL, CHUNK("choices": [], "usage": COUNTS) DONE, "response.choices.non_empty", 1, "/choices", "[DONE]"},
    {"the last words without a terminator", ASKS(", \"stop\": \"ell\""), BEGIN TEXT END("stop"),
     "response.choices.message.content.stop_absent", 1, "/choices/0/message/content", "ello\""},
    {"arguments that are no JSON", PLAIN,
     BEGIN CALLS(FIRST(0, "call_a", "f"), FIRST(1, "call_b", "g")) CALLS(NEXT(0, "{")) CALLS(NEXT(1, "{\"x\": 1")) CALLS(NEXT(0, "}"))
     CALLS(NEXT(1, "2, 'y': 1}")) END("tool_calls") DONE, "stream.delta.tool_calls.arguments.json", 5, "", "'y'"},
    {"arguments that end too soon", PLAIN, BEGIN CALLS(FIRST(0, "call_a", "f")) CALLS(NEXT(0, "{\"x\": ")) END("tool_calls") DONE,
     "stream.delta.tool_calls.arguments.json", 2, "", "\"}}]"},
    {"arguments that never came", PLAIN, BEGIN CALLS(FIRST(0, "call_a", "f")) END("tool_calls") DONE,
     "stream.delta.tool_calls.arguments.json", 1, "", "\"}}]"},
    {"arguments that the function's schema does not take", TAKES("\"strict\": true, "),
     BEGIN CALLS(FIRST(0, "call_a", "t")) CALLS(NEXT(0, "{\"x\": [1, 2, ")) CALLS(NEXT(0, "3, \"fo")) CALLS(NEXT(0, "ur\"]}")) END("tool_calls") DONE,
     "response.choices.message.tool_calls.arguments.schema_strict", 3, "/choices/0/message/tool_calls/0/function/arguments", "\\\"fo"},
};
enum { SUMS = sizeof sums / sizeof *sums };

static const struct cc_finding *finding_of(const struct cc_report *report, const char *rule, size_t *count)
{
    const struct cc_finding *found = NULL;
    *count = 0;
    for (size_t i = 0; i < report->count; i++)
        if (strcmp(report->findings[i].rule->id, rule) == 0) found = &report->findings[i], ++*count;
    return found;
}

static void expect_place(const struct sum *s, const struct cc_finding *f)
{
    size_t line = 1, column = 1;
    ck_assert_int_eq(f->in, CC_IN_EVENT);
    ck_assert_msg(f->event == s->event && strcmp(f->pointer, s->pointer) == 0, "%s: event %zu, %s", s->name, f->event, f->pointer);
    ck_assert_msg(strncmp(s->stream + f->offset, s->there, strlen(s->there)) == 0, "%s: there stands %.40s", s->name, s->stream + f->offset);
    for (size_t i = 0; i < f->offset; i++)
        if (s->stream[i] == '\n') line++, column = 1;
        else column++;
    ck_assert_msg(f->line == line && f->column == column, "%s: %zu:%zu, expected %zu:%zu", s->name, f->line, f->column, line, column);
}

START_TEST(sums_are_judged)
{
    const struct sum *s = &sums[_i];
    size_t count, length = strlen(s->stream), step = 1 + (size_t)_i * 5;
    struct cc_stream *stream = cc_stream_new(NULL, s->request, s->request ? strlen(s->request) : 0);
    for (size_t at = 0; at < length; at += step) ck_assert(cc_stream_feed(stream, s->stream + at, step < length - at ? step : length - at));
    ck_assert_ptr_null(finding_of(cc_stream_report(stream), s->rule, &count));
    ck_assert(cc_stream_end(stream, false));
    const struct cc_report *report = cc_stream_report(stream);
    const struct cc_finding *f = finding_of(report, s->rule, &count);
    ck_assert_msg(f && count == 1, "%s: %zu findings, the first %s", s->name, report->count, report->count ? report->findings[0].rule->id : "");
    ck_assert_uint_le(report->count, 2);
    expect_place(s, f);
    cc_stream_free(stream);
}
END_TEST

/* Of a stream that did not come to its end, nobody knows what it would have added up to. */
static const struct sum unknown[] = {
    {"cut", ASKS(", \"stop\": \"ell\""), BEGIN TEXT, "stream.truncated"},
    {"an error", ASKS(", \"stop\": \"ell\""), BEGIN TEXT OVERLOADED DONE, ""},
    {"something unreadable", ASKS(", \"stop\": \"ell\""), BEGIN TEXT "data: {\n\n" END("stop") DONE, "stream.sse.payload_json"},
    {"content that is no text", ASKS(", \"stop\": \"ell\""), BEGIN TEXT SAY({"content": 7}) END("stop") DONE, "stream.delta.content.type"},
    {"no chunk", ASKS(", \"stop\": \"ell\""), DONE, "stream.done.not_without_chunk"},
};

START_TEST(unknown_sums_are_not)
{
    const struct sum *s = &unknown[_i];
    struct judging how = {.request = s->request, .first = 9};
    struct judged got;
    judge_bytes(&got, &how, s->stream, strlen(s->stream));
    ck_assert_msg(strcmp(got.text, s->rule) == 0, "%s: %s", s->name, got.text);
}
END_TEST

/* The exchange judges the same way, and softens nothing. */
START_TEST(exchanges_are_judged)
{
    struct cc_exchange exchange = {.request = sums[2].request, .request_length = strlen(sums[2].request), .response = sums[2].stream,
                                   .response_length = strlen(sums[2].stream)};
    struct cc_checker *checker = cc_checker_new(NULL);
    for (int round = 0; round < 2; round++) {
        size_t count;
        const struct cc_finding *f = finding_of(cc_check_exchange(checker, &exchange), sums[2].rule, &count);
        ck_assert(f && count == 1);
        expect_place(&sums[2], f);
    }
    exchange.cut = true;
    size_t count;
    ck_assert_ptr_null(finding_of(cc_check_exchange(checker, &exchange), sums[2].rule, &count));
    cc_checker_free(checker);
}
END_TEST

/* --- every fault that a chunk can have, inside a stream: what is told of the chunk is not told of the answer again */

struct repeats {
    size_t cases, repeated;
};

static bool found_alone(const struct cc_report *alone, const struct cc_finding *finding)
{
    for (size_t i = 0; i < alone->count; i++)
        if (alone->findings[i].rule == finding->rule) return true;
    return false;
}

static bool count_repeats(void *context, const struct cc_case *derived)
{
    struct repeats *repeats = context;
    struct cc_options options = {.profile = derived->profile};
    if (derived->kind != CC_CHUNK || strstr(derived->about->id, ".audio.")) return true; /* one piece of audio is not all of it */
    struct cc_checker *checker = cc_checker_new(&options);
    struct cc_stream *stream = cc_stream_new(&options, NULL, 0);
    const struct cc_report *alone = cc_check(checker, CC_CHUNK, derived->text, derived->length);
    const char *const parts[] = {BEGIN "data: ", derived->text, "\n\n" END("stop") DONE};
    for (size_t i = 0; i < 3; i++) cc_stream_feed(stream, parts[i], strlen(parts[i]));
    cc_stream_end(stream, false);
    const struct cc_report *report = cc_stream_report(stream);
    for (size_t i = 0; i < report->count; i++) {
        const struct cc_finding *f = &report->findings[i];
        if (strncmp(f->rule->id, "response.", 9) != 0 || found_alone(alone, f)) continue;
        fprintf(stderr, "%s: again %s at %s\n  %s\n", derived->name, f->rule->id, f->pointer, derived->text);
        repeats->repeated++;
    }
    repeats->cases++;
    cc_stream_free(stream);
    cc_checker_free(checker);
    return true;
}

START_TEST(faults_of_chunks_are_told_once)
{
    struct repeats repeats = {0};
    ck_assert(cc_each_case(count_repeats, &repeats));
    ck_assert_uint_gt(repeats.cases, 300);
    ck_assert_uint_eq(repeats.repeated, 0);
}
END_TEST

/* --- without the texts */

static const struct {
    const char *request, *stream, *found; /* without the texts, and with them */
    const char *also;
} textless[] = {
    {ASKS(", \"stop\": \"ell\""), BEGIN TEXT END("stop") DONE, "", "response.choices.message.content.stop_absent"},
    {PLAIN, BEGIN CALLS(FIRST(0, "call_a", "f")) CALLS(NEXT(0, "{a")) END("tool_calls") DONE, "", "stream.delta.tool_calls.arguments.json"},
    {PLAIN, BEGIN CALLS(WHOLE(0, "call_a", "h")) END("tool_calls") DONE, "response.choices.message.tool_calls.declared",
     "response.choices.message.tool_calls.declared"},
    {ASKS(", \"tool_choice\": \"required\""), BEGIN TEXT TEXT END("stop") DONE, "response.choices.message.tool_calls.choice_required",
     "response.choices.message.tool_calls.choice_required"},
};

static void expect_found(size_t which, bool no_answer, const char *expected)
{
    struct cc_options options = {.no_answer = no_answer};
    struct cc_stream *stream = cc_stream_new(&options, textless[which].request, strlen(textless[which].request));
    cc_stream_feed(stream, textless[which].stream, strlen(textless[which].stream));
    ck_assert(cc_stream_end(stream, false));
    const struct cc_report *report = cc_stream_report(stream);
    ck_assert_str_eq(report->count ? report->findings[0].rule->id : "", expected);
    struct json_object *answer = cc_stream_answer(stream);
    ck_assert(no_answer == (answer == NULL));
    json_object_put(answer);
    cc_stream_free(stream);
}

START_TEST(texts_need_not_be_kept)
{
    expect_found((size_t)_i, true, textless[_i].found);
    expect_found((size_t)_i, false, textless[_i].also);
}
END_TEST

static Suite *sum_suite(void)
{
    Suite *suite = suite_create("sum");
    TCase *all = tcase_create("all");
    tcase_add_loop_test(all, sums_are_judged, 0, SUMS);
    tcase_add_loop_test(all, unknown_sums_are_not, 0, sizeof unknown / sizeof *unknown);
    tcase_add_test(all, exchanges_are_judged);
    tcase_add_test(all, faults_of_chunks_are_told_once);
    tcase_add_loop_test(all, texts_need_not_be_kept, 0, sizeof textless / sizeof *textless);
    suite_add_tcase(suite, all);
    return suite;
}

TEST_MAIN(sum_suite)
