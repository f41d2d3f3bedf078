/* test_split.c: however the bytes of a stream are split, the same findings and the same answer come out; and an answer that was taken apart
 * into chunks is put together again as it was. The streams are those of the reference endpoint, sound ones and one for each defect. */
#include "endpoint/payload.h"
#include "tests/asking.h"
#include "tests/folding.h"

#include <stdio.h>
#include <stdlib.h>

enum { SHORT = 8192, SEEDED = 200 };

/* Every position, or under a sanitizer, which takes ten times as long, some of them. */
#if defined __SANITIZE_ADDRESS__
enum { STEP = 61 };
#else
enum { STEP = 1 };
#endif

/* --- what comes out of a stream, as text */

struct outcome {
    char findings[8192];
    char *answer;
};

static void take_outcome(struct cc_stream *stream, struct outcome *out)
{
    const struct cc_report *report = cc_stream_report(stream);
    size_t used = 0;
    ck_assert_ptr_nonnull(report);
    out->findings[0] = '\0';
    for (size_t i = 0; i < report->count; i++) {
        const struct cc_finding *f = &report->findings[i];
        used += (size_t)snprintf(out->findings + used, sizeof out->findings - used, "%s %zu %s @%zu:%zu:%zu %s\n", f->rule->id, f->event, f->pointer,
                                 f->offset, f->line, f->column, f->message);
        ck_assert_uint_lt(used, sizeof out->findings);
    }
    struct json_object *answer = cc_stream_answer(stream);
    out->answer = strdup(json_object_to_json_string_ext(answer, JSON_C_TO_STRING_PLAIN));
    json_object_put(answer);
}

/* Parts end where `cuts` say, in order. */
static void judge_parts(const char *request, const char *bytes, size_t length, const size_t *cuts, size_t count, struct outcome *out)
{
    struct cc_stream *stream = cc_stream_new(NULL, request, strlen(request));
    size_t at = 0;
    for (size_t i = 0; i <= count; i++) {
        size_t end = i < count ? cuts[i] : length;
        ck_assert(cc_stream_feed(stream, bytes + at, end - at));
        at = end;
    }
    cc_stream_end(stream, false);
    take_outcome(stream, out);
    cc_stream_free(stream);
}

static void expect_same(const char *name, const struct outcome *whole, struct outcome *split, size_t at)
{
    ck_assert_msg(strcmp(whole->findings, split->findings) == 0,
                  "%s, split at %zu: found\n%sbut whole\n%s", name, at, split->findings, whole->findings);
    ck_assert_msg(strcmp(whole->answer, split->answer) == 0, "%s, split at %zu: %s but whole %s", name, at, split->answer, whole->answer);
    free(split->answer);
}

static void expect_bytewise(const char *name, const char *request, const char *bytes, size_t length, const struct outcome *whole)
{
    struct outcome split;
    size_t *cuts = calloc(length + 1, sizeof *cuts);
    ck_assert_ptr_nonnull(cuts);
    for (size_t i = 0; i < length; i++) cuts[i] = i + 1;
    judge_parts(request, bytes, length, cuts, length, &split);
    expect_same(name, whole, &split, 0);
    free(cuts);
}

static unsigned next_random(unsigned *seed) { return (*seed = *seed * 1103515245u + 12345u) >> 8; }

static int compare_sizes(const void *a, const void *b)
{
    size_t x = *(const size_t *)a, y = *(const size_t *)b;
    return x < y ? -1 : x > y;
}

static void expect_seeded(const char *name, const char *request, const char *bytes, size_t length, const struct outcome *whole)
{
    unsigned seed = 4;
    for (int round = 0; round < SEEDED; round++) {
        struct outcome split;
        size_t cuts[12], count = 1 + next_random(&seed) % 12;
        for (size_t i = 0; i < count; i++) cuts[i] = next_random(&seed) % length;
        qsort(cuts, count, sizeof *cuts, compare_sizes);
        judge_parts(request, bytes, length, cuts, count, &split);
        expect_same(name, whole, &split, cuts[0]);
    }
}

/* Returns the number of splits that were tried. */
static size_t expect_splits(const char *name, const char *request, const char *bytes, size_t length)
{
    struct outcome whole, split;
    size_t tried = 0;
    judge_parts(request, bytes, length, NULL, 0, &whole);
    expect_bytewise(name, request, bytes, length, &whole);
    for (size_t at = 1; length <= SHORT && at < length; at += STEP, tried++) {
        judge_parts(request, bytes, length, &at, 1, &split);
        expect_same(name, &whole, &split, at);
    }
    if (length > SHORT) expect_seeded(name, request, bytes, length, &whole);
    free(whole.answer);
    return tried;
}

/* --- one stream for each defect, and a sound one for each of their requests */

static struct json_object *ask(const struct flaw *const *flaws, const char *request)
{
    struct service service = {.profile = CC_OPENAI, .flaws = flaws};
    return post(&service, request);
}

static bool is_stream_flaw(const struct flaw *flaw) { return strstr(flaw->shows, "\"stream\":true") != NULL; }

START_TEST(splits_change_nothing)
{
    size_t streams = 0;
    for (size_t i = (size_t)_i; flaw_at(i); i += 8) {
        const struct flaw *flaw = flaw_at(i), *chosen[] = {flaw, NULL};
        struct payload payload;
        if (!is_stream_flaw(flaw)) continue;
        struct json_object *reply = ask(chosen, flaw->shows);
        ck_assert(payload_write(reply, &payload));
        size_t tried = expect_splits(flaw->about.id, flaw->shows, payload.bytes, payload.length);
        streams += payload.length > SHORT || tried > 0;
        payload_clear(&payload);
        json_object_put(reply);
    }
    ck_assert_uint_ge(streams, 8);
}
END_TEST

/* --- answers that are taken apart and put together */

static const char *const says[] = {
    "Say hi", "hello", "Say one two three four five six", "Say \\ud83d\\ude00 the \\u4f60\\u597d of\\n\\n\\\"it\\\"", "Refuse",
    "Say na\\u00efve \\u65e5\\u672c\\u8a9e \\ud83d\\ude42\\ud83d\\ude43 and some more words, with commas",
};

#define TWO_TOOLS \
    ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"look_up\",\"parameters\":{\"type\":\"object\"," \
    "\"properties\":{\"city\":{\"type\":\"string\"}}}}},{\"type\":\"function\",\"function\":{\"name\":\"write_down\"}}]," \
    "\"tool_choice\":\"required\""

static const char *const withs[] = {
    "", ",\"n\":3", ",\"logprobs\":true,\"top_logprobs\":2", ",\"max_completion_tokens\":2", ",\"n\":2,\"logprobs\":true",
    ",\"response_format\":{\"type\":\"json_object\"}", ",\"stop\":[\"e\",\"i\"]", ",\"service_tier\":\"auto\"",
    TWO_TOOLS,
    ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}],\"tool_choice\":\"required\",\"n\":2",
    ",\"functions\":[{\"name\":\"f\"}],\"function_call\":{\"name\":\"f\"}",
    ",\"modalities\":[\"text\",\"audio\"],\"audio\":{\"voice\":\"alloy\",\"format\":\"pcm16\"}",
};
enum { SAYS = sizeof says / sizeof *says, WITHS = sizeof withs / sizeof *withs };

START_TEST(what_was_split_folds_back)
{
    char text[2048];
    snprintf(text, sizeof text, "{\"model\":\"reference\",\"stream\":true,\"stream_options\":{\"include_usage\":true},\"messages\":[{\"role\":\"user\","
             "\"content\":\"%s, say json\"}]%s}", says[_i % SAYS], withs[_i / SAYS]);
    struct json_object *request = jo_read(text);
    struct folding f = fold(request, (size_t)_i, 1 + (size_t)_i);
    const struct cc_report *report = cc_stream_report(f.stream);
    ck_assert_msg(f.ended, "%s: was not read to its end", text);
    ck_assert_msg(report->errors == 0, "%s: %s", text, report->count ? report->findings[0].message : "");
    ck_assert_msg(json_object_equal(f.answer, f.folded), "%s:\n%s\nbecame\n%s", text, json_object_to_json_string(f.answer),
                  json_object_to_json_string(f.folded));
    fold_clear(&f);
    json_object_put(request);
}
END_TEST

static Suite *split_suite(void)
{
    Suite *suite = suite_create("split");
    TCase *all = tcase_create("all");
    tcase_set_timeout(all, 120);
    tcase_add_loop_test(all, splits_change_nothing, 0, 8);
    tcase_add_loop_test(all, what_was_split_folds_back, 0, SAYS * WITHS);
    suite_add_tcase(suite, all);
    return suite;
}

TEST_MAIN(split_suite)
