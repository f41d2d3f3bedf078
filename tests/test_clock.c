/* test_clock.c: what the stamps of the reads tell about a stream: replies that were never sent, with times that were never taken. */
#include "harness/run/clock.h"
#include "tests/streaming.h"

enum { READS = 64 };

/* A reply that arrives in parts. */
struct arrival {
    char body[65536];
    struct http_stamp stamps[READS];
    struct cc_header headers[2];
    struct http_reply reply;
};

static void open_arrival(struct arrival *a)
{
    *a = (struct arrival){.headers = {{"content-type", "text/event-stream"}, {NULL, NULL}}};
    a->reply = (struct http_reply){.status = 200, .headers = a->headers, .body = a->body, .first_byte_ms = 1, .stamps = a->stamps};
}

static void arrive(struct arrival *a, long at_ms, const char *text)
{
    size_t length = strlen(text);
    ck_assert(a->reply.stamp_count < READS && a->reply.body_length + length < sizeof a->body);
    a->stamps[a->reply.stamp_count++] = (struct http_stamp){a->reply.body_length, at_ms};
    memcpy(a->body + a->reply.body_length, text, length + 1);
    a->reply.body_length += length;
    a->reply.total_ms = at_ms;
}

static struct result_stream read_clock(const struct arrival *a)
{
    struct result_stream stream;
    ck_assert(clock_read(&a->reply, &stream));
    ck_assert(stream.known);
    return stream;
}

START_TEST(times_are_those_of_events)
{
    struct arrival a;
    open_arrival(&a);
    arrive(&a, 100, ": keep-alive\n\n");
    arrive(&a, 250, BEGIN);
    arrive(&a, 300, "data: {\"id\": \"half of an event\", ");
    arrive(&a, 900, "\"choices\": []}\n\n: another\n\n" TEXT);
    arrive(&a, 6200, END("stop"));
    arrive(&a, 6300, DONE);
    a.reply.total_ms = 6350;
    struct result_stream stream = read_clock(&a);
    ck_assert_uint_eq(stream.events, 4);
    ck_assert_uint_eq(stream.keep_alives, 2);
    ck_assert_uint_eq(stream.stalls, 1);
    ck_assert_int_eq(stream.first_event_ms, 250);
    ck_assert_int_eq(stream.largest_gap_ms, 5300);
    ck_assert_int_eq(stream.quiet_ms, 150);
    ck_assert_int_eq(stream.finish_to_close_ms, 150);
    ck_assert(!stream.at_once);
    ck_assert_str_eq(stream.timeline, "050000900000000000000000000000000000000000000050");
}
END_TEST

START_TEST(nothing_is_measured_of_nothing)
{
    struct arrival a;
    open_arrival(&a);
    a.reply.total_ms = 40;
    struct result_stream stream = read_clock(&a);
    ck_assert_str_eq(stream.timeline, "0000000000000000000000000000000000000000"); /* a slot a millisecond */
    ck_assert_uint_eq(stream.events, 0);
    ck_assert_int_eq(stream.first_event_ms, -1);
    ck_assert_int_eq(stream.largest_gap_ms, -1);
    ck_assert_int_eq(stream.quiet_ms, -1);
    ck_assert_int_eq(stream.finish_to_close_ms, -1);
    arrive(&a, 50, BEGIN);
    stream = read_clock(&a);
    ck_assert_int_eq(stream.first_event_ms, 50);
    ck_assert_int_eq(stream.largest_gap_ms, 0);
    ck_assert_int_eq(stream.finish_to_close_ms, -1);
}
END_TEST

/* A line that is too long as things stand may be allowed by --limit, so the clock goes on behind it. */
START_TEST(long_lines_are_passed)
{
    enum { LINE = 2 << 20 };
    static const char end[] = "\n\n" TEXT;
    struct http_stamp stamps[] = {{0, 100}, {LINE, 300}};
    char *body = malloc(LINE + sizeof end);
    struct result_stream stream;
    memset(body, 'x', LINE);
    memcpy(body, "data: ", 6);
    memcpy(body + LINE, end, sizeof end);
    struct http_reply reply = {.status = 200, .body = body, .body_length = LINE + sizeof end - 1, .stamps = stamps, .stamp_count = 2, .total_ms = 300};
    ck_assert(clock_read(&reply, &stream));
    ck_assert_uint_eq(stream.events, 2);
    free(body);
}
END_TEST

/* Streams of so many events, the first after a wait, the others so far apart: which of them were kept back? */
static const struct {
    const char *name;
    size_t events;
    long wait_ms, apart_ms;
    size_t together; /* events in one read */
    bool at_once;
    long late_ms;          /* of our own */
} bursts[] = {
    {"kept back", 40, 2000, 0, 40, true},
    {"kept back, in several reads", 40, 2000, 0, 4, true},
    {"just enough", CLOCK_BURST_EVENTS, CLOCK_BURST_WAIT_MS, 0, 10, true},
    {"too few to say", CLOCK_BURST_EVENTS - 1, 2000, 0, 40, false},
    {"a fast server", 40, CLOCK_BURST_WAIT_MS - 1, 0, 40, false},
    {"a fast model after a long prompt", 40, 2000, 1, 4, false},
    {"one by one", 40, 2000, 30, 1, false},
    {"kept back by us", 40, 2000, 0, 40, false, 40},
};

START_TEST(bursts_are_told)
{
    struct arrival a;
    char part[16384] = "";
    open_arrival(&a);
    long at = bursts[_i].wait_ms;
    for (size_t i = 0; i < bursts[_i].events; i++) {
        strncat(part, SAY({"content": " word"}), sizeof part - strlen(part) - 1);
        if ((i + 1) % bursts[_i].together && i + 1 < bursts[_i].events) continue;
        arrive(&a, at, part);
        a.stamps[a.reply.stamp_count - 1].late_ms = bursts[_i].late_ms;
        at += bursts[_i].apart_ms;
        *part = '\0';
    }
    struct result_stream stream = read_clock(&a);
    ck_assert_uint_eq(stream.events, bursts[_i].events);
    ck_assert_msg(stream.at_once == bursts[_i].at_once, "%s", bursts[_i].name);
}
END_TEST

/* A slow end does not make a stream that was kept back a good one, nor do many bytes that take their time on the way. */
START_TEST(bytes_take_time)
{
    struct arrival a;
    struct result_stream stream;
    char part[2048];
    snprintf(part, sizeof part, "%s%s%s%s%s", SAY({"content": "a"}), SAY({"content": "b"}), SAY({"content": "c"}), SAY({"content": "d"}), TEXT);
    open_arrival(&a);
    for (long i = 0; i < 40; i++) arrive(&a, 3000 + i / 5, part); /* 35 kB in 8 ms */
    stream = read_clock(&a);
    ck_assert(!stream.at_once);
    open_arrival(&a);
    for (long i = 0; i < 40; i++) arrive(&a, 3000 + i / 12, part); /* in 3 ms */
    a.reply.total_ms = 9000;
    stream = read_clock(&a);
    ck_assert(stream.at_once);
    ck_assert_int_eq(stream.quiet_ms, 5997);
}
END_TEST

static const struct {
    enum http_fault fault;
    size_t events, keep_alives;
    long quiet_ms;
    const char *words;
    bool finished, terminated;
} faults[] = {
    {HTTP_IDLE_TIMEOUT, 3, 0, 30000, "the stream stalled after 3 events: "},
    {HTTP_IDLE_TIMEOUT, 1, 0, 30000, "the stream stalled after 1 event: "},
    {HTTP_TOTAL_TIMEOUT, 900, 0, 3, "the stream has no end (900 events came): "},
    {HTTP_LIMIT_BODY, 900, 7, 3, "the stream has no end (900 events came): "},
    {HTTP_TOTAL_TIMEOUT, 2, 50, 20000, "the stream stalled after 2 events, and only keep-alives came: "},
    {HTTP_IDLE_TIMEOUT, 3, 0, 30000, "the stream stalled after 3 events, though its answer was finished: ", true},
    {HTTP_IDLE_TIMEOUT, 3, 0, 30000, "the connection stayed open after [DONE]: ", true, true},
    {HTTP_TOTAL_TIMEOUT, 2, 50, 20000, "the stream stalled after 2 events, though its answer was finished, and only keep-alives came: ", true},
    {HTTP_TOTAL_TIMEOUT, 3, 9, 30000, "the connection stayed open after [DONE], and only keep-alives came: ", true, true},
    {HTTP_TOTAL_TIMEOUT, 900, 0, 3, "the stream has no end after [DONE] (900 events came): ", true, true},
    {HTTP_RESET, 2, 0, 0, ""},
    {HTTP_FINE, 2, 0, 0, ""},
};

START_TEST(faults_have_words)
{
    char out[128];
    struct result_stream stream = {.known = true, .events = faults[_i].events, .keep_alives = faults[_i].keep_alives, .quiet_ms = faults[_i].quiet_ms,
                                   .finish_to_close_ms = faults[_i].finished ? faults[_i].quiet_ms : -1, .terminated = faults[_i].terminated};
    ck_assert_str_eq(clock_fault(&stream, faults[_i].fault, out, sizeof out), faults[_i].words);
    stream.known = false;
    ck_assert_str_eq(clock_fault(&stream, faults[_i].fault, out, sizeof out), "");
}
END_TEST

START_TEST(streams_are_known_by_type_or_text)
{
    struct arrival a;
    open_arrival(&a);
    ck_assert(clock_is_stream(&a.reply));
    a.headers[0].value = "application/json";
    ck_assert(!clock_is_stream(&a.reply));
    arrive(&a, 1, BEGIN);
    ck_assert(clock_is_stream(&a.reply));
}
END_TEST

static Suite *clock_suite(void)
{
    Suite *suite = suite_create("clock");
    TCase *all = tcase_create("all");
    tcase_add_test(all, times_are_those_of_events);
    tcase_add_test(all, nothing_is_measured_of_nothing);
    tcase_add_loop_test(all, bursts_are_told, 0, sizeof bursts / sizeof *bursts);
    tcase_add_test(all, long_lines_are_passed);
    tcase_add_test(all, bytes_take_time);
    tcase_add_loop_test(all, faults_have_words, 0, sizeof faults / sizeof *faults);
    tcase_add_test(all, streams_are_known_by_type_or_text);
    suite_add_tcase(suite, all);
    return suite;
}

TEST_MAIN(clock_suite)
