/* clock.c: see clock.h. */
#define _GNU_SOURCE /* memmem */
#include "harness/run/clock.h"

#include "harness/base/jo.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

/* A stream that is gone through again, piece by piece as it came. */
struct clock {
    struct result_stream *stream;
    const struct http_stamp *read;         /* the piece at hand */
    long now_ms, last_event_ms, finish_ms; /* -1: not yet */
    long late_ms;                          /* of the read that brought the first event */
    size_t bytes;                          /* since the first event */
    bool in_line;                          /* the next byte does not begin a line */
    long total_ms;
    size_t slots[TIMELINE_SLOTS];          /* events in each */
};

static bool has_finish(const char *data, size_t length)
{
    static const char key[] = "\"finish_reason\"";
    struct json_object *chunk = NULL, *choices;
    bool found = false;
    if (!memmem(data, length, key, sizeof key - 1) || !cc_read_object(data, length, NULL, &chunk, NULL, 0)) return false;
    choices = jo_get(chunk, "choices");
    for (size_t i = 0; i < jo_length(choices) && !found; i++) found = jo_get(jo_item(choices, i), "finish_reason") != NULL;
    json_object_put(chunk);
    return found;
}

/* Time is known to a millisecond, so that a short answer has fewer slots. */
static long slot_count(const struct clock *clock)
{
    if (clock->total_ms >= TIMELINE_SLOTS) return TIMELINE_SLOTS;
    return clock->total_ms > 0 ? clock->total_ms : 1;
}

static long slot_of(const struct clock *clock)
{
    long slots = slot_count(clock), slot = clock->total_ms > 0 ? (long)((long long)clock->now_ms * slots / clock->total_ms) : 0;
    return slot < 0 ? 0 : slot < slots ? slot : slots - 1;
}

static void draw_timeline(const struct clock *clock, char timeline[TIMELINE_SLOTS + 1])
{
    long slots = slot_count(clock);
    size_t most = 1;
    for (long i = 0; i < slots; i++) most = clock->slots[i] > most ? clock->slots[i] : most;
    for (long i = 0; i < slots; i++) timeline[i] = (char)('0' + (clock->slots[i] * 9 + most - 1) / most);
    timeline[slots] = '\0';
}

static void on_event(void *context, size_t number, const char *data, size_t length)
{
    struct clock *clock = context;
    struct result_stream *stream = clock->stream;
    (void)number;
    if (length == 6 && memcmp(data, "[DONE]", 6) == 0) {
        stream->terminated = true;
        return;
    }
    if (stream->events++ == 0) {
        stream->first_event_ms = clock->now_ms;
        clock->late_ms = clock->read->late_ms;
    } else {
        long gap = clock->now_ms - clock->last_event_ms;
        if (gap > stream->largest_gap_ms) stream->largest_gap_ms = gap;
        stream->stalls += gap >= CLOCK_STALL_MS;
    }
    clock->last_event_ms = clock->now_ms;
    clock->slots[slot_of(clock)]++;
    if (has_finish(data, length)) clock->finish_ms = clock->now_ms;
}

/* Comments are what keep-alives are made of. */
static void count_comments(struct clock *clock, const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (!clock->in_line && bytes[i] == ':') clock->stream->keep_alives++;
        clock->in_line = bytes[i] != '\n' && bytes[i] != '\r';
    }
}

static void feed(struct clock *clock, struct cc_stream *judge, const struct http_reply *reply)
{
    bool fed = true;
    for (size_t i = 0; i < reply->stamp_count && fed; i++) {
        size_t from = reply->stamps[i].offset, to = i + 1 < reply->stamp_count ? reply->stamps[i + 1].offset : reply->body_length;
        if (from > to || to > reply->body_length) break;
        clock->read = &reply->stamps[i];
        clock->now_ms = clock->read->at_ms;
        if (clock->stream->events) clock->bytes += to - from;
        count_comments(clock, reply->body + from, to - from);
        fed = cc_stream_feed(judge, reply->body + from, to - from);
    }
}

/* As far as any user can let the judge of the answer go: where that one stops, the others' times are still of interest. */
static struct cc_limits widest(void)
{
    struct cc_limits limits = {0};
    for (size_t i = 0; cc_limit_at(i); i++) cc_limits_set(&limits, cc_limit_at(i)->name, cc_limit_at(i)->hard);
    return limits;
}

/* After a wait, faster than anything that is being made up while it is sent; unless it was we who came late, and all was there by then. */
static bool came_at_once(const struct clock *clock)
{
    const struct result_stream *stream = clock->stream;
    long span_ms = clock->last_event_ms - stream->first_event_ms + clock->late_ms;
    return stream->events >= CLOCK_BURST_EVENTS && stream->first_event_ms >= CLOCK_BURST_WAIT_MS &&
           span_ms <= 2 + (long)(clock->bytes / CLOCK_BURST_BYTES_MS);
}

bool clock_is_stream(const struct http_reply *reply)
{
    for (const struct cc_header *h = reply->headers; h && h->name; h++)
        if (strcasecmp(h->name, "content-type") == 0 && strncasecmp(h->value, "text/event-stream", 17) == 0) return true;
    return reply->body_length > 5 && memcmp(reply->body, "data:", 5) == 0;
}

bool clock_read(const struct http_reply *reply, struct result_stream *stream)
{
    struct cc_options options = {.no_answer = true, .limits = widest()};
    struct cc_stream *judge = cc_stream_new(&options, NULL, 0);
    struct clock clock = {.stream = stream, .last_event_ms = -1, .finish_ms = -1, .total_ms = reply->total_ms};
    *stream = (struct result_stream){.known = true, .first_event_ms = -1, .largest_gap_ms = -1, .finish_to_close_ms = -1, .quiet_ms = -1};
    if (!judge) return false;
    cc_stream_on_event(judge, on_event, &clock);
    feed(&clock, judge, reply);
    bool whole = cc_stream_report(judge) != NULL;
    cc_stream_free(judge);
    if (stream->events > 0 && stream->largest_gap_ms < 0) stream->largest_gap_ms = 0;
    if (stream->events > 0) stream->quiet_ms = reply->total_ms - clock.last_event_ms;
    if (clock.finish_ms >= 0) stream->finish_to_close_ms = reply->total_ms - clock.finish_ms;
    stream->at_once = came_at_once(&clock);
    draw_timeline(&clock, stream->timeline);
    return whole;
}

/* Silence, from which a client cannot tell whether more is coming. */
static void say_stalled(const struct result_stream *stream, const char *what_came, char *out, size_t size)
{
    const char *s = stream->events == 1 ? "" : "s", *finished = stream->finish_to_close_ms >= 0 ? ", though its answer was finished" : "";
    if (stream->terminated) snprintf(out, size, "the connection stayed open after [DONE]%s: ", what_came);
    else snprintf(out, size, "the stream stalled after %zu event%s%s%s: ", stream->events, s, finished, what_came);
}

const char *clock_fault(const struct result_stream *stream, enum http_fault fault, char *out, size_t size)
{
    const char *s = stream->events == 1 ? "" : "s", *after = stream->terminated ? " after [DONE]" : "";
    bool endless = fault == HTTP_TOTAL_TIMEOUT || fault == HTTP_LIMIT_BODY;
    *out = '\0';
    if (!stream->known) return out;
    if (fault == HTTP_IDLE_TIMEOUT) say_stalled(stream, "", out, size);
    else if (endless && stream->keep_alives && stream->quiet_ms >= CLOCK_STALL_MS) say_stalled(stream, ", and only keep-alives came", out, size);
    else if (endless) snprintf(out, size, "the stream has no end%s (%zu event%s came): ", after, stream->events, s);
    return out;
}
