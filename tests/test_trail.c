/* test_trail.c: in which event, and where in it, a byte of a text came that was put together from many: by the trail alone, and through
 * streams with a stop sequence somewhere, which must be found just where it stands. */
#include "tests/streaming.h"
#include "validator/lib/stream.h"
#include "validator/lib/trail.h"

/* --- the trail */

enum { PIECES = 2000 };

struct walk {
    char text[PIECES * 8];
    size_t begin[PIECES + 1]; /* of each piece in the text */
    struct origin from[PIECES];
};

/* Pieces as `seed` has them: evenly, unevenly, with characters of several bytes. */
static void wander(struct walk *walk, struct trail *trail, unsigned seed)
{
    static const char *const words[] = {"a", "word", "", "\xC3\xA9t\xC3\xA9", "\xF0\x9F\x98\x80", "1234567"};
    struct origin at = {3, 400, 7, 100};
    srand(seed);
    for (size_t i = 0; i < PIECES; i++) {
        const char *word = words[seed == 0 ? 0 : (size_t)rand() % 6];
        size_t length = strlen(word), begin = walk->begin[i];
        memcpy(walk->text + begin, word, length);
        walk->begin[i + 1] = begin + length;
        walk->from[i] = at;
        if (i == 0) trail_begin(trail, &at);
        else ck_assert(trail_add(trail, begin, &at));
        bool jump = seed > 1 && rand() % 10 == 0;
        at = (struct origin){at.event + 1 + (jump ? (size_t)rand() % 300 : 0), at.offset + length + 150 + (jump ? (size_t)rand() : 0),
                             at.line + 2, seed > 2 ? 90 + (size_t)rand() % 60 : 100};
    }
}

static size_t letters(const char *bytes, size_t length)
{
    size_t count = 0;
    for (size_t i = 0; i < length; i++) count += (bytes[i] & 0xC0) != 0x80;
    return count;
}

START_TEST(each_byte_is_found)
{
    static struct walk walk;
    struct trail trail = {0};
    wander(&walk, &trail, (unsigned)_i);
    for (size_t i = 0, byte = 0; i < PIECES; i++)
        for (; byte < walk.begin[i + 1]; byte++) {
            struct origin got = trail_find(&trail, walk.text, byte), want = walk.from[i];
            ck_assert_uint_eq(got.event, want.event);
            ck_assert_uint_eq(got.offset, want.offset + byte - walk.begin[i]);
            ck_assert_uint_eq(got.line, want.line);
            ck_assert_uint_eq(got.column, want.column + letters(walk.text + walk.begin[i], byte - walk.begin[i]));
        }
    if (_i == 0) ck_assert_uint_le(trail.length, PIECES + 100); /* a byte a piece */
    trail_clear(&trail);
}
END_TEST

/* --- through streams */

struct made {
    char bytes[1 << 17];
    size_t length, event, offset, line, column; /* where the mark stands */
};

static unsigned next_number(unsigned *seed)
{
    *seed = *seed * 1103515245 + 12345;
    return *seed >> 16;
}

/* Two choices take turns, one of them with wide characters; the mark comes once, in the middle of some piece. */
static void make_stream(struct made *made, unsigned seed)
{
    static const char *const words[] = {" word", "\\n", "\xE4\xB8\xAD\xE6\x96\x87", "\\u00e9t\\u00e9", "\\ud83d\\ude00", "\xF0\x9F\x98\x80!", "x", "\\\"q\\\""};
    unsigned marked = 20 + next_number(&seed) % 300, noise = seed % 3;
    *made = (struct made){.length = 0};
    for (unsigned i = 0; i < 340; i++) {
        char *at = made->bytes + made->length;
        size_t room = sizeof made->bytes - made->length;
        const char *before = words[next_number(&seed) % 8], *after = words[next_number(&seed) % 8];
        int choice = i < 2 ? (int)i : (int)(next_number(&seed) / 7 % 8 == 0);
        if (noise == 1 && next_number(&seed) % 9 == 0) made->length += (size_t)snprintf(at, room, ": keep-alive\n\n"), at = made->bytes + made->length;
        room = sizeof made->bytes - made->length;
        made->length += (size_t)snprintf(at, room,
            "data: {\"id\": \"chatcmpl-7\", \"object\": \"chat.completion.chunk\", \"created\": 1712345678, \"model\": \"m\xC3\xA9\", \"choices\": [{\"index\": %d, "
            "\"delta\": {%s\"content\": \"%s%s%s\"}, \"finish_reason\": null}]%s%.*s%s}\n\n",
            choice, i < 2 ? "\"role\": \"assistant\", " : "", before, i == marked ? "@STOP@" : "", after, noise ? ", \"obfuscation\": \"" : "",
            noise ? (int)(next_number(&seed) % 9) : 0, "abcdefghi", noise ? "\"" : "");
    }
    made->length += (size_t)snprintf(made->bytes + made->length, sizeof made->bytes - made->length, "%s%s%s", END_OF(0, "stop"), END_OF(1, "stop"), DONE);
    made->offset = (size_t)(strstr(made->bytes, "@STOP@") - made->bytes);
    made->line = made->column = 1;
    for (size_t i = 0; i < made->offset; i++) {
        bool end = made->bytes[i] == '\n';
        made->event += made->column == 1 && strncmp(made->bytes + i, "data:", 5) == 0;
        made->line += end;
        made->column = end ? 1 : made->column + ((made->bytes[i] & 0xC0) != 0x80);
    }
    made->event--;
}

static void expect_mark(const struct made *made, bool patient, size_t step)
{
    const char *request = "{\"model\": \"m\xC3\xA9\", \"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}], \"stream\": true, \"n\": 2, \"stop\": \"@STOP@\"}";
    struct cc_stream *stream = cc_stream_new(NULL, request, strlen(request));
    const struct cc_finding *found = NULL;
    if (patient) stream_be_patient(stream);
    for (size_t at = 0; at < made->length; at += step)
        ck_assert(cc_stream_feed(stream, made->bytes + at, step < made->length - at ? step : made->length - at));
    ck_assert(cc_stream_end(stream, false));
    const struct cc_report *report = cc_stream_report(stream);
    for (size_t i = 0; i < report->count; i++)
        if (strcmp(report->findings[i].rule->id, "response.choices.message.content.stop_absent") == 0) found = &report->findings[i];
    ck_assert_ptr_nonnull(found);
    ck_assert_uint_eq(found->event, made->event);
    ck_assert_uint_eq(found->offset, made->offset);
    ck_assert_uint_eq(found->line, made->line);
    ck_assert_uint_eq(found->column, made->column);
    cc_stream_free(stream);
}

START_TEST(a_stop_sequence_is_found_where_it_stands)
{
    static struct made made;
    make_stream(&made, (unsigned)_i * 77);
    expect_mark(&made, false, made.length);
    expect_mark(&made, true, made.length);
    expect_mark(&made, false, 1 + (size_t)_i);
}
END_TEST

static Suite *trail_suite(void)
{
    Suite *suite = suite_create("trail");
    TCase *all = tcase_create("all");
    tcase_add_loop_test(all, each_byte_is_found, 0, 4);
    tcase_add_loop_test(all, a_stop_sequence_is_found_where_it_stands, 0, 60);
    suite_add_tcase(suite, all);
    return suite;
}

TEST_MAIN(trail_suite)
