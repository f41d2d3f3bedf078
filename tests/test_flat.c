/* test_flat.c: without the texts of its answer, a stream needs the same memory however long it is: bytes that are alive are counted while
 * long streams of all sorts pass through. */
#include "tests/allocations.h"
#include "tests/streaming.h"

/* --- long streams */

enum { MEGABYTE = 1 << 20 };

/* What comes again and again: with a number in place of each @, so that no two rounds need be the same. */
struct flood {
    const char *name;
    const char *first; /* once, before the others */
    const char *round;
    size_t megabytes;
    long long growth;  /* bytes that may be added after the first megabyte, beside what a longer number takes */
};

#define TOKEN(text) {"token": text, "logprob": -0.5, "bytes": null, "top_logprobs": []}
#define NOTED(text) \
    CHUNK("choices": [{"index": 0, "delta": {"content": text}, "finish_reason": null, "logprobs": {"content": [TOKEN(text)], "refusal": null}}])

static const struct flood floods[] = {
    {"the same again and again", BEGIN, SAY({"content": " word @"}), 64, 0},
    {"texts with escapes", BEGIN, SAY({"content": "\u00e9 @"}) SAY({"refusal": "\ud83d\ude00"}), 8, 0},
    {"arguments of two calls", BEGIN CALLS(FIRST(0, "a", "f")) CALLS(FIRST(1, "b", "g")), CALLS(NEXT(0, "@,")) CALLS(NEXT(1, " ")), 8, 0},
    {"log probabilities", BEGIN, NOTED("a@"), 8, 0},
    {"usage that runs", BEGIN, CHUNK("choices": [], "usage": {"prompt_tokens": 3, "completion_tokens": @, "total_tokens": 5}), 8, 0},
    {"comments and empty events", BEGIN, ": keep-alive @\n\n\n" "data:\n\n", 8, 0},
    {"what is no JSON", BEGIN, "data: {\"a@\":\n\n", 4, 0},
    /* what was told is remembered, up to a bound */
    {"unknown members, always others", BEGIN, SAY({"content": "x", "m@": 1}), 8, 2 * MEGABYTE},
    {"choices, always others", BEGIN, OF(@, {"role": "assistant", "content": "x"}), 8, MEGABYTE},
    {"calls, always others", BEGIN, CALLS({"index": @, "id": "c@", "type": "function", "function": {"name": "f", "arguments": "{}"}}), 8,
     2 * MEGABYTE},
};

/* The text with the number for each @. */
static size_t fill(char *out, const char *text, size_t number)
{
    size_t used = 0;
    for (; *text; text++)
        if (*text == '@') used += (size_t)snprintf(out + used, 24, "%zu", number);
        else out[used++] = *text;
    return used;
}

static void flood(struct cc_stream *stream, const struct flood *f, size_t bytes, size_t *round)
{
    char text[2048];
    for (size_t sent = 0; sent < bytes;) {
        size_t length = fill(text, f->round, ++*round);
        ck_assert(cc_stream_feed(stream, text, length));
        sent += length;
    }
}

START_TEST(memory_stays_flat)
{
    const struct flood *f = &floods[_i];
    struct cc_options options = {.no_answer = true, .limits = {.events = 16000000, .stream = (size_t)1 << 30}};
    struct cc_stream *stream = cc_stream_new(&options, NULL, 0);
    size_t round = 0;
    ck_assert(cc_stream_feed(stream, f->first, strlen(f->first)));
    flood(stream, f, MEGABYTE, &round);
    long long before = alive;
    flood(stream, f, (f->megabytes - 1) * MEGABYTE, &round);
    ck_assert_msg(alive - before <= f->growth + 256, "%s: %lld bytes more after %zu rounds", f->name, alive - before, round);
    ck_assert(cc_stream_end(stream, false));
    cc_stream_free(stream);
}
END_TEST

/* The texts are what makes the difference. */
START_TEST(texts_take_memory)
{
    struct cc_options options = {.limits = {.events = 16000000}};
    struct cc_stream *stream = cc_stream_new(&options, NULL, 0);
    size_t round = 0;
    ck_assert(cc_stream_feed(stream, floods[0].first, strlen(floods[0].first)));
    flood(stream, &floods[0], MEGABYTE, &round);
    long long before = alive;
    flood(stream, &floods[0], 16 * MEGABYTE, &round);
    ck_assert_int_gt(alive - before, 0);
    cc_stream_free(stream);
}
END_TEST

static Suite *flat_suite(void)
{
    Suite *suite = suite_create("flat");
    TCase *all = tcase_create("all");
    count_allocations();
    tcase_add_loop_test(all, memory_stays_flat, 0, sizeof floods / sizeof *floods);
    tcase_add_test(all, texts_take_memory);
    suite_add_tcase(suite, all);
    return suite;
}

TEST_MAIN(flat_suite)
