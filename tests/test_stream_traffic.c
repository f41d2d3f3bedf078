/* test_stream_traffic.c: recorded streams of real servers. What the official endpoint sent has no error, and what others sent has the
 * findings that were judged by hand when they were listed here. */
#include "tests/streaming.h"
#include "tests/traffic.h"

/* One exchange: the request as text, and the stream. */
struct record {
    const char *id, *host, *request, *sse;
};

struct reading {
    void (*each)(const struct record *record, void *context);
    void *context;
};

static const char *string_in(struct json_object *exchange, const char *key)
{
    struct json_object *value;
    ck_assert(json_object_object_get_ex(exchange, key, &value));
    return json_object_is_type(value, json_type_string) ? json_object_get_string(value) : json_object_to_json_string_ext(value, JSON_C_TO_STRING_PLAIN);
}

static void read_record(void *context, const struct recorded *recorded)
{
    const struct reading *reading = context;
    struct json_object *exchange = recorded->exchange;
    if (!json_object_object_get_ex(exchange, "sse", NULL)) return;
    struct record record = {string_in(exchange, "id"), string_in(exchange, "host"), string_in(exchange, "request"), string_in(exchange, "sse")};
    reading->each(&record, reading->context);
}

/* Calls `each` for every recorded exchange with a stream. False when there is no recording. */
static bool each_record(void (*each)(const struct record *record, void *context), void *context)
{
    return each_recorded(read_record, &(struct reading){each, context});
}

struct tally {
    size_t streams, with_findings;
};

static void expect_clean(const struct record *record, void *context)
{
    struct tally *tally = context;
    if (strcmp(record->host, "api.openai.com") != 0) return;
    tally->streams++;
    for (unsigned profile = CC_NEWAPI; profile <= CC_OPENAI; profile++) {
        struct judging how = {.profile = profile, .request = record->request, .first = 1 + tally->streams * 13};
        struct judged got;
        judge_bytes(&got, &how, record->sse, strlen(record->sse));
        ck_assert_msg(profile != CC_OPENAI || got.errors == 0, "%s: %s", record->id, got.text);
        ck_assert_msg(got.fed && got.ended, "%s was not read to its end", record->id);
        tally->with_findings += profile == CC_OPENAI && got.text[0];
    }
}

START_TEST(test_official)
{
    struct tally tally = {0};
    if (!each_record(expect_clean, &tally)) return;
    ck_assert_uint_eq(tally.streams, 69);
    ck_assert_uint_eq(tally.with_findings, 0);
}
END_TEST

/* What each server's streams may be found to do, read against the wire. */
static const struct {
    const char *host, *rules;
} habits[] = {
    /* x_groq beside the known members */
    {"api.groq.com", " stream.chunk.unknown_member "},
    /* an older vLLM: ids cmpl-..., the last text beside the reason, stop_reason in the choice */
    {"localhost:8000", " response.id.prefix stream.choices.finish_reason.delta_empty stream.choices.unknown_member "},
    /* p is its obfuscation; usage unasked, beside the last choice */
    {"api.mistral.ai", " response.id.prefix stream.chunk.unknown_member stream.usage.requested "},
    /* prompt_cache_hit_tokens and prompt_cache_miss_tokens in usage, unasked */
    {"api.deepseek.com", " response.id.prefix stream.usage.requested response.usage.extra_members "},
    /* an opening chunk, content_filter_results in each choice; asked for was a deployment */
    {"traceloop-stg.openai.azure.com", " response.model.matches_request stream.chunk.leading_filter stream.choices.unknown_member "},
    /* a proxy: role in every chunk, null for what is not there, created in milliseconds, usage unasked */
    {"localhost:5002",
     " stream.chunk.created.seconds stream.delta.role.first_only stream.delta.role.null stream.delta.function_call.null stream.delta.tool_calls.null "
     "stream.usage.requested response.usage.extra_members response.usage.completion_tokens_details.null "
     "response.usage.prompt_tokens_details.audio_tokens.null "},
};

static void expect_habits(const struct record *record, void *context)
{
    struct tally *tally = context;
    const char *rules = NULL;
    for (size_t i = 0; i < sizeof habits / sizeof *habits; i++)
        if (strcmp(habits[i].host, record->host) == 0) rules = habits[i].rules;
    if (!rules) return;
    struct judging how = {.request = record->request, .first = 100};
    struct judged got;
    judge_bytes(&got, &how, record->sse, strlen(record->sse));
    ck_assert_msg(got.errors == 0 && got.text[0], "%s: %s", record->id, got.text);
    for (char *rest = NULL, *id = strtok_r(got.text, " ", &rest); id; id = strtok_r(NULL, " ", &rest)) {
        char word[100];
        snprintf(word, sizeof word, " %s ", id);
        ck_assert_msg(strstr(rules, word), "%s (%s): %s", record->id, record->host, id);
    }
    tally->streams++;
}

START_TEST(test_others)
{
    struct tally tally = {0};
    if (!each_record(expect_habits, &tally)) return;
    ck_assert_uint_eq(tally.streams, 32);
}
END_TEST

static struct json_object *get_path(struct json_object *object, const char *path)
{
    struct json_object *found = NULL;
    return json_pointer_get(object, path, &found) == 0 ? found : NULL;
}

/* The deltas of a recorded stream, joined the simple way, are the content of the answer, and the answer is a sound completion. */
static void expect_sum(const struct record *record, void *context)
{
    size_t *answers = context, length = strlen(record->sse), used = 0;
    char *joined = calloc(1, length + 1), *copy = strdup(record->sse);
    for (char *rest = NULL, *line = strtok_r(copy, "\r\n", &rest); line; line = strtok_r(NULL, "\r\n", &rest)) {
        struct json_object *chunk = NULL;
        if (strncmp(line, "data: {", 7) != 0) continue;
        ck_assert(cc_read_object(line + 6, strlen(line + 6), NULL, &chunk, NULL, 0));
        struct json_object *content = get_path(chunk, "/choices/0/delta/content");
        const char *text = content ? json_object_get_string(content) : "";
        used += (size_t)snprintf(joined + used, length + 1 - used, "%s", text ? text : "");
        json_object_put(chunk);
    }
    struct judging how = {.request = record->request, .first = 999, .answer = true};
    struct judged got;
    judge_bytes(&got, &how, record->sse, length);
    ck_assert_msg(got.answer != NULL, "%s has no answer", record->id);
    struct json_object *content = get_path(got.answer, "/choices/0/message/content");
    ck_assert_str_eq(content ? json_object_get_string(content) : "", joined);
    if (strcmp(record->host, "api.openai.com") == 0) {
        struct cc_checker *checker = cc_checker_new(NULL);
        const struct cc_report *report = cc_check_object(checker, CC_RESPONSE, got.answer);
        ck_assert_msg(report->errors == 0, "%s: its answer has %s", record->id, report->count ? report->findings[0].message : "");
        cc_checker_free(checker);
        ++*answers;
    }
    json_object_put(got.answer);
    free(joined);
    free(copy);
}

START_TEST(test_answers)
{
    size_t answers = 0;
    if (!each_record(expect_sum, &answers)) return;
    ck_assert_uint_eq(answers, 69);
}
END_TEST

static Suite *traffic_suite(void)
{
    Suite *suite = suite_create("stream_traffic");
    TCase *tests = tcase_create("stream_traffic");
    tcase_add_test(tests, test_official);
    tcase_add_test(tests, test_others);
    tcase_add_test(tests, test_answers);
    suite_add_tcase(suite, tests);
    return suite;
}

TEST_MAIN(traffic_suite)
