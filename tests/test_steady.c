/* test_steady.c: events that repeat one before are not judged again, and rules are not asked about what an event does not have; here both
 * ways of a stream, the short and the long one, must find the same, count the same and put the same answer together. */
#include "chatconform.h"
#include "tests/traffic.h"
#include "validator/lib/stream.h"

#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- one way */

struct outcome {
    char *text; /* every finding in a line, the counts, and the answer */
    size_t length;
};

static void note_report(FILE *out, const struct cc_report *report)
{
    for (size_t i = 0; i < report->count; i++) {
        const struct cc_finding *f = &report->findings[i];
        fprintf(out, "%s %d %zu %s %zu %zu:%zu %s\n", f->rule->id, f->severity, f->event, f->pointer, f->offset, f->line, f->column, f->message);
    }
    fprintf(out, "%zu %zu %zu %zu %zu\n", report->errors, report->warnings, report->notes, report->dropped, report->asked);
}

static struct outcome judge(const char *sse, size_t length, const char *request, unsigned profile, bool patient, size_t piece)
{
    struct outcome outcome = {0};
    struct cc_options options = {.profile = profile};
    FILE *out = open_memstream(&outcome.text, &outcome.length);
    struct cc_stream *stream = cc_stream_new(&options, request, request ? strlen(request) : 0);
    ck_assert(out && stream);
    if (patient) stream_be_patient(stream);
    for (size_t at = 0; at < length; at += piece) cc_stream_feed(stream, sse + at, length - at < piece ? length - at : piece);
    cc_stream_end(stream, false);
    note_report(out, cc_stream_report(stream));
    struct json_object *answer = cc_stream_answer(stream);
    fprintf(out, "%s\n", json_object_to_json_string_ext(answer, JSON_C_TO_STRING_PLAIN));
    json_object_put(answer);
    cc_stream_free(stream);
    fclose(out);
    return outcome;
}

static void agree_under(unsigned profile, const char *sse, size_t length, const char *request)
{
    struct outcome long_way = judge(sse, length, request, profile, true, length + 1);
    struct outcome short_way = judge(sse, length, request, profile, false, length + 1);
    struct outcome in_pieces = judge(sse, length, request, profile, false, 7);
    ck_assert_str_eq(short_way.text, long_way.text);
    ck_assert_str_eq(in_pieces.text, long_way.text);
    free(long_way.text);
    free(short_way.text);
    free(in_pieces.text);
}

static void agree(const char *sse, size_t length, const char *request)
{
    agree_under(CC_OPENAI, sse, length, request);
    agree_under(CC_NEWAPI, sse, length, request);
}

/* --- streams made of pieces */

#define HEAD "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1700000000,\"model\":\"m\",\"choices\":[{\"index\":"
#define TAIL ",\"finish_reason\":null}]}\n\n"

/* What a delta of each kind looks like; several of the same in a row go the short way, what lies between must end it. */
static const char *const events[] = {
    HEAD "0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"}" TAIL,
    HEAD "0,\"delta\":{\"content\":\"Hi\"}" TAIL,
    HEAD "0,\"delta\":{\"content\":\" there\"}" TAIL,
    HEAD "0,\"delta\":{\"content\":\"\"}" TAIL,
    HEAD "0,\"delta\":{\"content\":\"a\\n\\\"b\\\"\"}" TAIL,
    HEAD "0,\"delta\":{\"content\":\"\\u00e9\"}" TAIL,
    HEAD "0,\"delta\":{\"content\":\"\\ud83d\"}" TAIL,
    HEAD "0,\"delta\":{\"content\":\"\\u0000\"}" TAIL,
    HEAD "0,\"delta\":{\"content\":\"\xEF\xBF\xBD\"}" TAIL,
    HEAD "0,\"delta\":{\"content\":\"\xEF\xBF\xBE\"}" TAIL,
    HEAD "0,\"delta\":{\"content\":\"\xE4\xB8\xAD\"}" TAIL,
    HEAD "0,\"delta\":{\"content\":\"\xFF\"}" TAIL,
    HEAD "0,\"delta\":{\"content\":\"x\", \"content\":\"y\"}" TAIL,
    HEAD "0,\"delta\":{\"refusal\":\"No\"}" TAIL,
    HEAD "1,\"delta\":{\"content\":\"Hi\"}" TAIL,
    HEAD "1,\"delta\":{\"role\":\"assistant\"}" TAIL,
    HEAD "0,\"delta\":{\"content\":7}" TAIL,
    HEAD "0,\"delta\":{\"reasoning\":\"hm\"}" TAIL,
    HEAD "0,\"delta\":{\"tool_calls\":[{\"index\":0,\"id\":\"c1\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"\"}}]}" TAIL,
    HEAD "0,\"delta\":{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"{\"}}]}" TAIL,
    HEAD "0,\"delta\":{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"}\"}}]}" TAIL,
    HEAD "0,\"delta\":{\"tool_calls\":[{\"index\":1,\"function\":{\"arguments\":\"}\"}}]}" TAIL,
    HEAD "0,\"delta\":{\"tool_calls\":[{\"function\":{\"arguments\":\"}\"}}]}" TAIL,
    HEAD "0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n",
    HEAD "0,\"delta\":{\"content\":\"z\"},\"finish_reason\":\"stop\"}]}\n\n",
    HEAD "0,\"delta\":{\"content\":\"u\"}}],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1,\"total_tokens\":2}}\n\n",
    HEAD "0,\"delta\":{\"content\":\"o\"},\"finish_reason\":null}],\"obfuscation\":\"xx\"}\n\n",
    HEAD "0,\"delta\":{\"content\":\"o\"},\"finish_reason\":null}],\"obfuscation\":\"yyyy\"}\n\n",
    HEAD "0,\"delta\":{\"content\":\"v\"},\"finish_reason\":null}],\"vendor\":1}\n\n",
    HEAD "0,\"delta\":{\"content\":\"w\"},\"finish_reason\":null}],\"vendor\":2}\n\n",
    HEAD "0,\"delta\":{\"function_call\":{\"name\":\"f\",\"arguments\":\"\"}}" TAIL,
    HEAD "0,\"delta\":{\"function_call\":{\"arguments\":\"{}\"}}" TAIL,
    HEAD "0,\"delta\":{\"tool_calls\":[{\"index\":2,\"id\":\"c1\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"\"}}]}" TAIL,
    HEAD "0,\"delta\":{},\"finish_reason\":\"tool_calls\"}],\"system_fingerprint\":\"fp_1\",\"service_tier\":\"default\"}\n\n",
    HEAD "0,\"delta\":{},\"finish_reason\":null}],\"system_fingerprint\":\"fp_2\",\"service_tier\":\"flex\",\"moderation\":{}}\n\n",
    "data: {\"id\":\"\",\"object\":\"chat.completion.chunk\",\"created\":0,\"model\":\"\",\"choices\":[],\"prompt_filter_results\":[],\"moderation\":{}}\n\n",
    "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1700000000,\"model\":\"m\",\"choices\":[],\"usage\":{\"prompt_tokens\":1,"
    "\"completion_tokens\":2,\"total_tokens\":3}}\n\n",
    "data: {\"error\":{\"message\":\"no\",\"type\":\"server_error\",\"param\":null,\"code\":null}}\n\n",
    "data: {\"id\":\"d\",\"object\":\"chat.completion.chunk\",\"created\":1700000000,\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hi\"}" TAIL,
    ": comment\n\n",
    "data: not json\n\n",
    "{\"x\":1}\n\n",
    "data: [DONE]\n\n",
};
enum { EVENTS = sizeof events / sizeof *events };

static unsigned next(unsigned *seed) { return (*seed = *seed * 1103515245u + 12345u) >> 16; }

static const char *const requests[] = {
    NULL,
    "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"stream\":true}",
    "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"stream\":true,\"n\":2,\"stream_options\":{\"include_usage\":true}}",
    "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"stream\":true,\"logprobs\":true}",
};

START_TEST(made_streams_agree)
{
    unsigned seed = (unsigned)_i * 7919u + 4;
    for (int round = 0; round < 150; round++) {
        char text[16384] = "";
        size_t count = 1 + next(&seed) % 14;
        strncat(text, events[0], sizeof text - 1);
        for (size_t i = 0; i < count; i++) {
            const char *event = events[next(&seed) % EVENTS];
            for (unsigned times = 1 + next(&seed) % 3; times; times--) strncat(text, event, sizeof text - strlen(text) - 1);
        }
        agree(text, strlen(text), requests[_i % 4]);
    }
}
END_TEST

/* Pairs and triples in all orders: the shortest ways in which one event could wrongly stand for another, also at the end. */
START_TEST(each_pair_agrees)
{
    static const int orders[][7] = {{0, 1, 0, 1, 1, 0, -1}, {0, 0, 0, 1, 0, -1, -1}};
    for (size_t second = 0; second < EVENTS; second++)
        for (size_t order = 0; order < 2; order++) {
            char text[4096] = "";
            strncat(text, events[0], sizeof text - 1);
            for (const int *at = orders[order]; *at >= 0; at++)
                strncat(text, *at ? events[second] : events[_i], sizeof text - strlen(text) - 1);
            agree(text, strlen(text), requests[((size_t)_i + second) % 4]);
        }
}
END_TEST

static void agree_as_recorded(void *context, const struct recorded *recorded)
{
    size_t *streams = context;
    struct json_object *sse, *request;
    if (!json_object_object_get_ex(recorded->exchange, "sse", &sse) || !json_object_object_get_ex(recorded->exchange, "request", &request)) return;
    agree(json_object_get_string(sse), (size_t)json_object_get_string_len(sse), json_object_to_json_string_ext(request, JSON_C_TO_STRING_PLAIN));
    ++*streams;
}

START_TEST(recorded_streams_agree)
{
    size_t streams = 0;
    if (each_recorded(agree_as_recorded, &streams)) ck_assert_uint_eq(streams, 101);
}
END_TEST

static Suite *steady_suite(void)
{
    Suite *suite = suite_create("steady");
    TCase *all = tcase_create("all");
    tcase_add_loop_test(all, made_streams_agree, 0, 16);
    tcase_add_loop_test(all, each_pair_agrees, 0, EVENTS);
    tcase_add_test(all, recorded_streams_agree);
    suite_add_tcase(suite, all);
    return suite;
}

TEST_MAIN(steady_suite)
