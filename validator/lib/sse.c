/* sse.c: see sse.h.
 *
 * A feed is cut into lines in place; only a line that is split over feeds is copied. Ends of lines are looked for with memchr, and the
 * place of the next LF and of the next CR are both remembered, so that a stream which uses only one of them is still read once. */
#include "validator/lib/sse.h"

#include "validator/lib/reader_parts.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

void sse_start(struct sse *sse, const struct sse_limits *limits, const struct sse_sink *sink)
{
    memset(sse, 0, offsetof(struct sse, pieces));
    sse->limits = *limits;
    sse->sink = *sink;
    sse->line_number = 1;
}

void sse_clear(struct sse *sse)
{
    free(sse->kept.at);
    free(sse->data.at);
    sse->kept = sse->data = (struct sse_bytes){0};
    sse->stopped = true;
}

static void notice(struct sse *sse, enum sse_what what, struct sse_place place, const char *text, size_t length)
{
    struct sse_notice seen = {.what = what, .place = place, .event = sse->events, .text = text, .length = length};
    sse->sink.notice(sse->sink.context, &seen);
}

/* Notices why reading stops; returns false, so that a caller can end with it. */
static bool stop(struct sse *sse, enum sse_what what, struct sse_place place)
{
    sse->stopped = true;
    notice(sse, what, place, NULL, 0);
    return false;
}

/* The mark that may stand once before everything else is no part of the first line. */
static size_t mark_length(const struct sse *sse, const char *line, size_t length)
{
    return sse->line_number == 1 && length >= 3 && memcmp(line, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
}

/* Where the current line begins; and where it has come to, behind what was kept and these bytes of it. */
static struct sse_place at_line(const struct sse *sse) { return (struct sse_place){sse->line_offset, sse->line_number, 1}; }
static struct sse_place behind(const struct sse *sse, const char *more, size_t length)
{
    char begin[3] = "";
    size_t kept = sse->kept.length;
    for (size_t i = 0; i < 3 && i < kept + length; i++) begin[i] = i < kept ? sse->kept.at[i] : more[i - kept];
    size_t characters = (kept ? text_characters(sse->kept.at, kept) : 0) + (length ? text_characters(more, length) : 0);
    characters -= mark_length(sse, begin, kept + length) > 0; /* which is no character of the line */
    return (struct sse_place){sse->line_offset + kept + length, sse->line_number, 1 + characters};
}

/* Doubles up to `most`, which the caller has kept to; one byte more is for the NUL. */
static bool bytes_add(struct sse_bytes *bytes, const char *from, size_t length, size_t most)
{
    size_t need = bytes->length + length;
    if (need + 1 > bytes->room) {
        size_t room = bytes->room * 2 > need + 1 ? bytes->room * 2 : need + 256;
        room = room > most + 1 ? most + 1 : room;
        char *grown = realloc(bytes->at, room);
        if (!grown)
            return false;
        bytes->at = grown;
        bytes->room = room;
    }
    if (length)
        memcpy(bytes->at + bytes->length, from, length);
    bytes->length = need;
    return true;
}

/* The end of the run of ASCII from `at`, many bytes at a time. */
static const char *ascii_end(const char *at, const char *end)
{
    uint64_t words[4];
    for (; end - at >= (ptrdiff_t)sizeof words; at += sizeof words) {
        memcpy(words, at, sizeof words);
        if ((words[0] | words[1] | words[2] | words[3]) & 0x8080808080808080)
            break;
    }
    for (; end - at >= (ptrdiff_t)sizeof *words; at += sizeof *words) {
        memcpy(words, at, sizeof *words);
        if (*words & 0x8080808080808080)
            break;
    }
    while (at < end && !(*at & 0x80))
        at++;
    return at;
}

/* The first byte that is not UTF-8, or NULL. A line is a sound unit: no character holds a CR or LF. */
static const char *utf8_fault(const char *at, const char *end)
{
    while ((at = ascii_end(at, end)) < end) {
        size_t length = utf8_length(at, end);
        if (length == 0)
            return at;
        at += length;
    }
    return NULL;
}

static bool text_equals(const char *text, size_t length, const char *word)
{
    return length == strlen(word) && memcmp(text, word, length) == 0;
}

/* Takes note of a line that brings no data. False when there were too many of them: then who sends them has nothing to say. */
static bool count_idle(struct sse *sse, struct sse_place place)
{
    return ++sse->idle_lines <= sse->limits.comments || stop(sse, SSE_LIMIT_COMMENTS, place);
}

/* --- the fields of an event */

static bool add_data(struct sse *sse, const char *value, size_t length, struct sse_place place)
{
    size_t joined = sse->data_lines ? sse->data.length + 1 : 0;
    if (joined > sse->limits.event || length > sse->limits.event - joined)
        return stop(sse, SSE_LIMIT_EVENT, place);
    if (sse->data_lines && !bytes_add(&sse->data, "\n", 1, sse->limits.event))
        return stop(sse, SSE_NO_MEMORY, place);
    if (sse->data_lines < SSE_PIECES_KEPT)
        sse->pieces[sse->data_lines] = (struct sse_piece){joined, place};
    sse->data_lines++;
    sse->idle_lines = 0;
    return bytes_add(&sse->data, value, length, sse->limits.event) || stop(sse, SSE_NO_MEMORY, place);
}

static void set_name(struct sse *sse, const char *value, size_t length, struct sse_place place)
{
    sse->name_length = length < SSE_NAME_KEPT ? length : SSE_NAME_KEPT;
    memcpy(sse->name, value, sse->name_length);
    if (!text_equals(value, length, "message") && !text_equals(value, length, "error"))
        notice(sse, SSE_EVENT_FIELD, place, value, length);
}

static bool begins(const char *text, size_t length, const char *word)
{
    return length >= strlen(word) && memcmp(text, word, strlen(word)) == 0;
}

/* JSON, or the terminator, where the name of a field should stand. */
static bool is_payload(const char *text, size_t length)
{
    while (length && (*text == ' ' || *text == '\t')) {
        text++;
        length--;
    }
    return length && (*text == '{' || *text == '[' || *text == '"' || begins(text, length, "data:"));
}

/* Comments are for the gaps between events, and nobody reads a payload in them. */
static void take_comment(struct sse *sse, const char *text, size_t length, struct sse_place place)
{
    if (sse->data_lines || is_payload(text, length))
        notice(sse, SSE_COMMENT, place, text, length);
}

static bool take_field(struct sse *sse, const char *name, size_t name_length, const char *value, size_t length, struct sse_place place)
{
    if (text_equals(name, name_length, "data")) {
        place.offset += (size_t)(value - name);
        place.column += (size_t)(value - name);
        return add_data(sse, value, length, place);
    }
    if (!count_idle(sse, place))
        return false;
    if (text_equals(name, name_length, "event"))
        set_name(sse, value, length, place);
    else if (text_equals(name, name_length, "id"))
        notice(sse, SSE_ID_FIELD, place, value, length);
    else if (text_equals(name, name_length, "retry"))
        notice(sse, SSE_RETRY_FIELD, place, value, length);
    else
        notice(sse, is_payload(name, name_length) ? SSE_BARE_PAYLOAD : SSE_UNKNOWN_FIELD, place, name, name_length);
    return true;
}

static bool take_line(struct sse *sse, const char *line, size_t length, struct sse_place place)
{
    if (*line == ':') {
        if (!count_idle(sse, place))
            return false;
        take_comment(sse, line + 1, length - 1, place);
        return true;
    }
    const char *colon = memchr(line, ':', length);
    const char *end = line + length;
    const char *value = colon ? colon + 1 : end;
    if (value < end && *value == ' ')
        value++;
    return take_field(sse, line, (size_t)((colon ? colon : end) - line), value, (size_t)(end - value), place);
}

/* --- events */

static void event_forget(struct sse *sse)
{
    sse->data.length = 0;
    sse->data_lines = 0;
    sse->name_length = 0;
    sse->not_utf8 = false;
}

static bool event_give(struct sse *sse, bool complete)
{
    sse->data.at[sse->data.length] = '\0';
    struct sse_event event = {.data = sse->data.at, .length = sse->data.length, .number = sse->events, .lines = sse->data_lines,
                              .pieces = sse->pieces, .name = sse->name, .name_length = sse->name_length, .not_utf8 = sse->not_utf8,
                              .complete = complete};
    sse->events += complete;
    bool go_on = sse->sink.event(sse->sink.context, &event);
    event_forget(sse);
    return go_on;
}

/* An empty line closes an event. One without data is none. */
static bool close_event(struct sse *sse, bool after_empty)
{
    if (!sse->data_lines) {
        event_forget(sse);
        return !after_empty || count_idle(sse, at_line(sse));
    }
    if (sse->events == sse->limits.events)
        return stop(sse, SSE_LIMIT_EVENTS, sse->pieces[0].place);
    if (event_give(sse, true))
        return true;
    sse->stopped = true;
    return false;
}

struct sse_place sse_event_place(const struct sse_event *event, size_t at)
{
    size_t kept = event->lines < SSE_PIECES_KEPT ? event->lines : SSE_PIECES_KEPT;
    size_t i = kept - 1;
    while (i > 0 && event->pieces[i].at > at)
        i--;
    size_t into = at - event->pieces[i].at;
    struct sse_place place = event->pieces[i].place;
    return (struct sse_place){place.offset + into, place.line, place.column + text_characters(event->data + event->pieces[i].at, into)};
}

/* --- lines */

static void check_utf8(struct sse *sse, const char *line, size_t length, struct sse_place place)
{
    const char *fault = utf8_fault(line, line + length);
    if (!fault)
        return;
    size_t into = (size_t)(fault - line);
    sse->not_utf8 = true;
    struct sse_place there = {place.offset + into, place.line, place.column + text_characters(line, into)};
    notice(sse, SSE_UTF8, there, fault, length - into);
}

static bool whole_line(struct sse *sse, const char *line, size_t length)
{
    size_t mark = mark_length(sse, line, length);
    struct sse_place place = {sse->line_offset + mark, sse->line_number, 1};
    bool after_empty = sse->after_empty;
    sse->after_empty = length == mark;
    if (length == mark)
        return close_event(sse, after_empty);
    check_utf8(sse, line + mark, length - mark, place);
    return take_line(sse, line + mark, length - mark, place);
}

static bool keep(struct sse *sse, const char *at, size_t length)
{
    if (length > sse->limits.line - sse->kept.length)
        return stop(sse, SSE_LIMIT_LINE, behind(sse, at, sse->limits.line - sse->kept.length));
    return length == 0 || bytes_add(&sse->kept, at, length, sse->limits.line) || stop(sse, SSE_NO_MEMORY, at_line(sse));
}

/* Ends the line whose last `length` bytes stand at `at`; those before, if any, were kept. */
static bool end_line(struct sse *sse, const char *at, size_t length)
{
    if (!sse->kept.length)
        return length <= sse->limits.line ? whole_line(sse, at, length) : keep(sse, at, length);
    if (!keep(sse, at, length))
        return false;
    bool go_on = whole_line(sse, sse->kept.at, sse->kept.length);
    sse->kept.length = 0;
    return go_on;
}

/* The next LF and CR of a feed, or its end. */
struct ends {
    const char *lf, *cr;
};

static const char *find(const char *at, const char *end, char c)
{
    const char *found = at < end ? memchr(at, c, (size_t)(end - at)) : NULL;
    return found ? found : end;
}

static const char *next_end(struct ends *ends, const char *at, const char *end)
{
    if (ends->lf < at)
        ends->lf = find(at, end, '\n');
    if (ends->cr < at)
        ends->cr = find(at, end, '\r');
    return ends->lf < ends->cr ? ends->lf : ends->cr;
}

/* The first byte of the next line. An LF that follows a CR belongs to it, also when it comes with the next feed. */
static const char *after_end(struct sse *sse, const char *at, const char *end)
{
    if (*at++ == '\n')
        return at;
    sse->after_cr = at == end;
    return at < end && *at == '\n' ? at + 1 : at;
}

static bool take_bytes(struct sse *sse, const char *bytes, size_t length)
{
    const char *at = bytes, *end = bytes + length;
    if (length && sse->after_cr) {
        at += *at == '\n';
        sse->line_offset += (size_t)(at - bytes);
        sse->after_cr = false;
    }
    struct ends ends = {find(at, end, '\n'), find(at, end, '\r')};
    for (const char *stop_at; (stop_at = next_end(&ends, at, end)) < end;) {
        if (!end_line(sse, at, (size_t)(stop_at - at)))
            return false;
        at = after_end(sse, stop_at, end);
        sse->line_offset = sse->taken + (size_t)(at - bytes);
        sse->line_number++;
    }
    return keep(sse, at, (size_t)(end - at));
}

bool sse_feed(struct sse *sse, const char *bytes, size_t length)
{
    if (sse->stopped)
        return false;
    size_t left = sse->limits.stream - sse->taken;
    size_t allowed = length < left ? length : left;
    if (!take_bytes(sse, bytes, allowed))
        return false;
    sse->taken += allowed;
    if (allowed == length)
        return true;
    return stop(sse, SSE_LIMIT_STREAM, behind(sse, NULL, 0));
}

struct sse_place sse_here(const struct sse *sse)
{
    struct sse_place place = behind(sse, NULL, 0);
    place.offset = sse->taken;
    return place;
}

/* A last line without an end may have been cut anywhere, so it is only looked at for data. */
static bool last_line(struct sse *sse)
{
    if (!sse->kept.length)
        return true;
    size_t mark = mark_length(sse, sse->kept.at, sse->kept.length), length = sse->kept.length - mark;
    const char *line = sse->kept.at + mark;
    if (!is_payload(line, length))
        return true;
    return take_line(sse, line, length, (struct sse_place){sse->line_offset + mark, sse->line_number, 1});
}

bool sse_end(struct sse *sse)
{
    if (sse->stopped)
        return false;
    bool ended = last_line(sse) && (!sse->data_lines || event_give(sse, false));
    sse->stopped = true;
    return ended;
}
