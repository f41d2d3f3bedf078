/* test_sse.c: the reader of event streams, on vectors that are each fed whole, split at every point, and byte by byte.
 *
 * What came out is written down as one line, so that a vector is an input and the line it deserves: events as `number@offset:line:column
 * data`, notices by name, with an `I` for an event that was never closed and `!` for one that is not UTF-8. */
#include "tests/testing.h"
#include "validator/lib/sse.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct transcript {
    char text[4096];
    size_t used;
    size_t stop_after; /* the sink answers false at this many events; 0 = never */
    size_t events;
};

static void put(struct transcript *t, const char *bytes, size_t length)
{
    ck_assert_uint_lt(t->used + length, sizeof t->text - 1);
    memcpy(t->text + t->used, bytes, length);
    t->used += length;
    t->text[t->used] = '\0';
}

static void put_place(struct transcript *t, struct sse_place place)
{
    char text[80];
    snprintf(text, sizeof text, "@%zu:%zu:%zu ", place.offset, place.line, place.column);
    put(t, text, strlen(text));
}

static bool on_event(void *context, const struct sse_event *event)
{
    struct transcript *t = context;
    char number[32];
    snprintf(number, sizeof number, "%s%zu%s", event->complete ? "" : "I", event->number, event->not_utf8 ? "!" : "");
    put(t, number, strlen(number));
    put_place(t, sse_event_place(event, 0));
    if (event->name_length) {
        put(t, "(", 1);
        put(t, event->name, event->name_length);
        put(t, ")", 1);
    }
    put(t, event->data, event->length);
    put(t, "|", 1);
    ck_assert_int_eq(event->data[event->length], '\0');
    return ++t->events != t->stop_after;
}

static const char *const notice_names[] = {
    [SSE_UTF8] = "utf8", [SSE_BARE_PAYLOAD] = "bare", [SSE_UNKNOWN_FIELD] = "field", [SSE_COMMENT] = "comment", [SSE_EVENT_FIELD] = "event",
    [SSE_ID_FIELD] = "id", [SSE_RETRY_FIELD] = "retry", [SSE_LIMIT_LINE] = "LINE", [SSE_LIMIT_EVENT] = "EVENT",
    [SSE_LIMIT_EVENTS] = "EVENTS", [SSE_LIMIT_STREAM] = "STREAM", [SSE_LIMIT_COMMENTS] = "COMMENTS", [SSE_NO_MEMORY] = "MEMORY",
};

static void on_notice(void *context, const struct sse_notice *notice)
{
    struct transcript *t = context;
    put(t, notice_names[notice->what], strlen(notice_names[notice->what]));
    put_place(t, notice->place);
    t->text[t->used - 1] = '|';
}

static const struct sse_limits wide = {1 << 20, 1 << 20, 1000, 1 << 26, 100};

struct vector {
    const char *name, *bytes;
    size_t length;
    const char *expected;
    size_t expected_length;
};
#define V(name, bytes, expected) {name, bytes, sizeof bytes - 1, expected, sizeof expected - 1}

static const struct vector vectors[] = {
    V("nothing", "", ""),
    V("an event", "data: a\n\n", "0@6:1:7 a|"),
    V("two events", "data: a\n\ndata: b\n\n", "0@6:1:7 a|1@15:3:7 b|"),
    V("no space", "data:a\n\n", "0@5:1:6 a|"),
    V("only one space goes", "data:  a\n\n", "0@6:1:7  a|"),
    V("a tab stays", "data:\ta\n\n", "0@5:1:6 \ta|"),
    V("space at the end stays", "data: a \n\n", "0@6:1:7 a |"),
    V("crlf", "data: a\r\n\r\ndata: b\r\n\r\n", "0@6:1:7 a|1@17:3:7 b|"),
    V("cr", "data: a\r\rdata: b\r\r", "0@6:1:7 a|1@15:3:7 b|"),
    V("all three ends", "data: a\r\n\ndata: b\r\r\ndata: c\n\r", "0@6:1:7 a|1@16:3:7 b|2@26:5:7 c|"),
    V("lf cr is two ends", "data: a\n\rdata: b\n\r", "0@6:1:7 a|1@15:3:7 b|"),
    V("cr cr lf is two ends", "data: a\r\r\ndata: b\r\r\n", "0@6:1:7 a|1@16:3:7 b|"),
    V("several lines of data", "data: a\ndata: b\n\n", "0@6:1:7 a\nb|"),
    V("crlf inside joins with lf", "data: a\r\ndata: b\r\n\r\n", "0@6:1:7 a\nb|"),
    V("empty data", "data:\n\n", "0@5:1:6 |"),
    V("empty data with space", "data: \n\n", "0@6:1:7 |"),
    V("data without colon", "data\n\n", "0@4:1:5 |"),
    V("two empty lines of data", "data\ndata\n\n", "0@4:1:5 \n|"),
    V("first line empty", "data:\ndata: b\n\n", "0@5:1:6 \nb|"),
    V("byte order mark", "\xEF\xBB\xBF" "data: a\n\n", "0@9:1:7 a|"),
    V("byte order mark then empty line", "\xEF\xBB\xBF\n\ndata: a\n\n", "0@11:3:7 a|"),
    V("second byte order mark", "\xEF\xBB\xBF\xEF\xBB\xBF" "data: a\n\n", "field@3:1:1|"),
    V("byte order mark later", "data: a\n\n\xEF\xBB\xBF" "data: b\n\n", "0@6:1:7 a|field@9:3:1|"),
    V("cut byte order mark", "\xEF\xBB", ""),
    V("comment between", ": hello\n\ndata: a\n\n: bye\n\n", "0@15:3:7 a|"),
    V("comment before data", ": hello\ndata: a\n\n", "0@14:2:7 a|"),
    V("bare colon", ":\n\ndata: a\n\n", "0@9:3:7 a|"),
    V("comment inside", "data: a\n: ping\n\n", "comment@8:2:1|0@6:1:7 a|"),
    V("comment with payload", ": {\"a\":1}\n\n:data: b\n\n", "comment@0:1:1|comment@11:3:1|"),
    V("event name", "event: message\ndata: a\n\n", "0@21:2:7 (message)a|"),
    V("event name error", "event:error\ndata: a\n\ndata: b\n\n", "0@18:2:7 (error)a|1@27:4:7 b|"),
    V("other event name", "event: ping\ndata: a\n\n", "event@0:1:1|0@18:2:7 (ping)a|"),
    V("name without data", "event: ping\n\ndata: a\n\n", "event@0:1:1|0@19:3:7 a|"),
    V("last name counts", "event: error\nevent: message\ndata: a\n\n", "0@34:3:7 (message)a|"),
    V("id and retry", "id: 7\nretry: 10\ndata: a\n\n", "id@0:1:1|retry@6:2:1|0@22:3:7 a|"),
    V("nul in id", "id: \0\ndata: a\n\n", "id@0:1:1|0@12:2:7 a|"),
    V("nul in data", "data: a\0b\n\n", "0@6:1:7 a\0b|"),
    V("unknown field", "foo: bar\ndata: a\n\n", "field@0:1:1|0@15:2:7 a|"),
    V("fields have case", "Data: a\n\n", "field@0:1:1|"),
    V("space before field", " data: a\n\n", "field@0:1:1|"),
    V("bare json", "{\"a\":1}\n\n[DONE]\n\n", "bare@0:1:1|bare@9:3:1|"),
    V("bare json without end", "{\"a\":1}", "bare@0:1:1|"),
    V("not closed", "data: a\n\ndata: b\n", "0@6:1:7 a|I1@15:3:7 b|"),
    V("line not ended", "data: a\n\ndata: b", "0@6:1:7 a|I1@15:3:7 b|"),
    V("crlf not closed", "data: a\r\n", "I0@6:1:7 a|"),
    V("cut in the field name", "data: a\n\ndat", "0@6:1:7 a|"),
    V("cut in another field", "data: a\n\nevent: p", "0@6:1:7 a|"),
    V("cut in a comment", "data: a\n\n: p", "0@6:1:7 a|"),
    V("only an end", "\n", ""),
    V("many empty lines", "\n\n\r\r\r\n\r\ndata: a\n\n\n\n", "0@14:7:7 a|"),
    V("utf-8", "data: \xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\n\n", "0@6:1:7 \xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80|"),
    V("not utf-8", "data: ab\xC3(\n\n", "utf8@8:1:9|0!@6:1:7 ab\xC3(|"),
    V("not utf-8 after wide characters", "data: \xC3\xA9\xE2\x82\xAC\xFF\n\n", "utf8@11:1:9|0!@6:1:7 \xC3\xA9\xE2\x82\xAC\xFF|"),
    V("overlong", "data: \xC0\xAF\n\n", "utf8@6:1:7|0!@6:1:7 \xC0\xAF|"),
    V("surrogate", "data: \xED\xA0\x80\n\n", "utf8@6:1:7|0!@6:1:7 \xED\xA0\x80|"),
    V("beyond unicode", "data: \xF4\x90\x80\x80\n\n", "utf8@6:1:7|0!@6:1:7 \xF4\x90\x80\x80|"),
    V("character cut by the end of a line", "data: \xE2\x82\ndata: \xAC\n\n", "utf8@6:1:7|utf8@15:2:7|0!@6:1:7 \xE2\x82\n\xAC|"),
    V("comment is not utf-8", ": \xFF\n\ndata: a\n\n", "utf8@2:1:3|0@11:3:7 a|"),
    V("line separator is no end", "data: a\xE2\x80\xA8" "b\n\n", "0@6:1:7 a\xE2\x80\xA8" "b|"),
    V("vertical tab and form feed are no ends", "data: a\vb\fc\n\n", "0@6:1:7 a\vb\fc|"),
    V("escaped ends are none", "data: a\\n\\ndata: b\n\n", "0@6:1:7 a\\n\\ndata: b|"),
    V("colons in data", "data: a: b:c\n\n", "0@6:1:7 a: b:c|"),
    V("long and short lines", "data: 0123456789012345678901234567890123456789\r\ndata:\r\n\r\ndata: x\n\n",
      "0@6:1:7 0123456789012345678901234567890123456789\n|1@63:4:7 x|"),
};
enum { VECTORS = sizeof vectors / sizeof *vectors };

/* Feeds the bytes in two parts, or (`first` = 0) one by one. */
static void feed(struct transcript *t, const struct sse_limits *limits, const char *bytes, size_t length, size_t first)
{
    struct sse sse;
    struct sse_sink sink = {on_event, on_notice, t};
    sse_start(&sse, limits, &sink);
    /* Each part is a block of its own, so that a sanitizer sees reading past its end. */
    size_t step = first ? first : 1;
    bool go_on = true;
    for (size_t at = 0; at < length; at += step, step = first ? length - at : 1) {
        char *part = malloc(step);
        ck_assert_ptr_nonnull(part);
        memcpy(part, bytes + at, step);
        go_on = sse_feed(&sse, part, step);
        free(part);
    }
    ck_assert(go_on || !sse_end(&sse));
    sse_end(&sse);
    sse_clear(&sse);
}

START_TEST(test_vectors)
{
    const struct vector *v = vectors + _i;
    for (size_t first = 0; first <= v->length; first++) {
        struct transcript t = {.used = 0};
        feed(&t, &wide, v->bytes, v->length, first);
        bool same = t.used == v->expected_length && memcmp(t.text, v->expected, t.used) == 0;
        ck_assert_msg(same, "%s, split at %zu: got\n%s\nbut expected\n%s", v->name, first, t.text, v->expected);
    }
}
END_TEST

START_TEST(test_three_parts)
{
    const struct vector *v = vectors + _i;
    struct transcript whole = {.used = 0};
    feed(&whole, &wide, v->bytes, v->length, v->length);
    for (size_t a = 0; a <= v->length; a++)
        for (size_t b = a; b <= v->length; b++) {
            struct transcript t = {.used = 0};
            struct sse sse;
            sse_start(&sse, &wide, &(struct sse_sink){on_event, on_notice, &t});
            sse_feed(&sse, v->bytes, a);
            sse_feed(&sse, v->bytes + a, b - a);
            sse_feed(&sse, v->bytes + b, v->length - b);
            sse_end(&sse);
            sse_clear(&sse);
            ck_assert_msg(t.used == whole.used && memcmp(t.text, whole.text, t.used) == 0, "%s, split at %zu and %zu", v->name, a, b);
        }
}
END_TEST

struct limited {
    const char *name, *bytes, *expected; /* one more than the limit */
    struct sse_limits at, below;         /* below: one less than is needed */
};

static const struct limited limited[] = {
    {"line", "data: 12\n\ndata: 123\n\n", "0@6:1:7 12|LINE@18:3:9|", {9, 100, 9, 100, 9}, {8, 100, 9, 100, 9}},
    {"line without end", "data: 12\n\ndata: 123", "0@6:1:7 12|LINE@18:3:9|", {9, 100, 9, 100, 9}, {8, 100, 9, 100, 9}},
    {"comment", "data: 12\n\n: 1234567\n\n", "0@6:1:7 12|LINE@18:3:9|", {9, 100, 9, 100, 9}, {8, 100, 9, 100, 9}},
    {"line of characters", "data: \xC3\xA9\xC3\xA9\n", "LINE@9:1:9|", {10, 100, 9, 100, 9}, {9, 100, 9, 100, 9}},
    {"mark and line", "\xEF\xBB\xBF" "data: \xC3\xA9", "LINE@10:1:8|", {11, 100, 9, 100, 9}, {10, 100, 9, 100, 9}},
    {"stream of characters", "data: \xC3\xA9\xC3\xA9\n", "STREAM@10:1:9|", {99, 100, 9, 11, 9}, {99, 100, 9, 10, 9}},
    {"event", "data: 12\n\ndata: 123\n\n", "0@6:1:7 12|EVENT@16:3:7|", {100, 3, 9, 100, 9}, {100, 2, 9, 100, 9}},
    {"event of lines", "data: 12\ndata: 4\n\n", "EVENT@15:2:7|", {100, 4, 9, 100, 9}, {100, 3, 9, 100, 9}},
    {"event of empty lines", "data\ndata\ndata\n\n", "EVENT@14:3:5|", {100, 2, 9, 100, 9}, {100, 1, 9, 100, 9}},
    {"events", "data: 1\n\ndata: 2\n\ndata: 3\n\n", "0@6:1:7 1|1@15:3:7 2|EVENTS@24:5:7|", {100, 9, 3, 100, 9}, {100, 9, 2, 100, 9}},
    {"stream", "data: 1\n\ndata: 2\n\n", "0@6:1:7 1|STREAM@17:4:1|", {100, 9, 9, 18, 9}, {100, 9, 9, 17, 9}},
    {"stream in a line", "data: 1\n\ndata: 2", "0@6:1:7 1|STREAM@15:3:7|", {100, 9, 9, 16, 9}, {100, 9, 9, 15, 9}},
    {"comments", ":a\n:b\n\n:c\n\ndata: 1\n\n:d\n", "COMMENTS@7:4:1|", {9, 9, 9, 99, 3}, {9, 9, 9, 99, 2}},
    {"comments after an event", "data: 1\n\n:a\n\n:b\n", "0@6:1:7 1|COMMENTS@13:5:1|", {9, 9, 9, 99, 2}, {9, 9, 9, 99, 1}},
    {"comments inside an event", "data: 1\n:a\n:b\ndata: 2\n:c\n\n", "comment@8:2:1|COMMENTS@11:3:1|",
     {9, 9, 9, 99, 2}, {9, 9, 9, 99, 1}},
    {"other fields", "id:1\n\nevent:\nx\n\n", "id@0:1:1|event@6:3:1|COMMENTS@13:4:1|", {9, 9, 9, 99, 3}, {9, 9, 9, 99, 2}},
    {"empty lines", "data: 1\n\n\r\n\n\rdata: 2\n\n", "0@6:1:7 1|COMMENTS@12:5:1|", {9, 9, 9, 99, 3}, {9, 9, 9, 99, 2}},
};
enum { LIMITED = sizeof limited / sizeof *limited };

START_TEST(test_limits)
{
    const struct limited *l = limited + _i;
    size_t length = strlen(l->bytes);
    for (size_t first = 0; first <= length; first++) {
        struct transcript good = {.used = 0}, bad = {.used = 0};
        feed(&good, &l->at, l->bytes, length, first);
        ck_assert_msg(!strpbrk(good.text, "LMNESTRV"), "%s, split at %zu: %s", l->name, first, good.text);
        feed(&bad, &l->below, l->bytes, length, first);
        ck_assert_msg(strcmp(bad.text, l->expected) == 0, "%s, split at %zu: got\n%s\nbut expected\n%s", l->name, first, bad.text, l->expected);
    }
}
END_TEST

START_TEST(test_sink_stops)
{
    struct transcript t = {.stop_after = 1};
    struct sse sse;
    sse_start(&sse, &wide, &(struct sse_sink){on_event, on_notice, &t});
    ck_assert(!sse_feed(&sse, "data: a\n\ndata: b\n\n", 18));
    ck_assert(!sse_feed(&sse, "data: c\n\n", 9));
    ck_assert(!sse_end(&sse));
    sse_clear(&sse);
    ck_assert_str_eq(t.text, "0@6:1:7 a|");
}
END_TEST

START_TEST(test_after_clear)
{
    struct sse sse = {0};
    sse_clear(&sse);
    ck_assert(!sse_feed(&sse, "data: a\n\n", 9));
    ck_assert(!sse_end(&sse));
}
END_TEST

/* Of the data e-acute, LF, b. */
static bool see_places(void *context, const struct sse_event *event)
{
    size_t *seen = context;
    struct sse_place a = sse_event_place(event, 0), b = sse_event_place(event, 3), c = sse_event_place(event, event->length);
    ck_assert_uint_eq(a.offset, 6);
    ck_assert_uint_eq(b.offset, 14);
    ck_assert_uint_eq(b.line, 2);
    ck_assert_uint_eq(b.column, 6);
    ck_assert_uint_eq(c.offset, 15);
    ck_assert_uint_eq(sse_event_place(event, 2).column, 8); /* second byte of e-acute */
    ck_assert_uint_eq(event->lines, 2);
    ++*seen;
    return true;
}

START_TEST(test_places)
{
    size_t seen = 0;
    struct sse sse;
    sse_start(&sse, &wide, &(struct sse_sink){see_places, on_notice, &seen});
    sse_feed(&sse, "data: \xC3\xA9\ndata:b\n\nid: \xC3\xA9", 23);
    ck_assert_uint_eq(sse_here(&sse).offset, 23);
    ck_assert_uint_eq(sse_here(&sse).column, 6);
    sse_clear(&sse);
    ck_assert_uint_eq(seen, 1);
}
END_TEST

static bool count_event(void *context, const struct sse_event *event)
{
    size_t *total = context;
    *total += event->length;
    return true;
}

/* More lines of data than places are kept, and far more bytes than any buffer may hold. */
START_TEST(test_memory_is_bounded)
{
    size_t total = 0;
    struct sse sse;
    struct sse_limits limits = {1000, 5000, 1 << 20, 1 << 30, 10};
    sse_start(&sse, &limits, &(struct sse_sink){count_event, on_notice, &total});
    for (int i = 0; i < 3000; i++) {
        for (int k = 0; k < 100; k++)
            ck_assert(sse_feed(&sse, "data: 0123456789012345678901234567890123456789\n", 47));
        ck_assert(sse_feed(&sse, "\n", 1));
        ck_assert_uint_le(sse.data.room + sse.kept.room, 6002);
    }
    sse_clear(&sse);
    ck_assert_uint_eq(total, 3000u * (100 * 40 + 99));
}
END_TEST

static Suite *sse_suite(void)
{
    Suite *suite = suite_create("sse");
    TCase *tests = tcase_create("sse");
    tcase_add_loop_test(tests, test_vectors, 0, VECTORS);
    tcase_add_loop_test(tests, test_three_parts, 0, VECTORS);
    tcase_add_loop_test(tests, test_limits, 0, LIMITED);
    tcase_add_test(tests, test_sink_stops);
    tcase_add_test(tests, test_after_clear);
    tcase_add_test(tests, test_places);
    tcase_add_test(tests, test_memory_is_bounded);
    suite_add_tcase(suite, tests);
    return suite;
}

TEST_MAIN(sse_suite)
