/* sse.h: read an event stream (server-sent events, WHATWG HTML) while its bytes arrive.
 *
 * However the bytes are split, the same events and notices come out. What a client would pass over in silence (unknown fields, comments
 * in odd places, a block that is never closed) is noticed here, because a checker has to speak of it. Nothing is judged. Memory is
 * bounded by the limits of a line and of an event, however long the stream. */
#ifndef CC_SSE_H
#define CC_SSE_H

#include <stdbool.h>
#include <stddef.h>

struct sse_limits {
    size_t line;   /* bytes of a line, without its end */
    size_t event;  /* bytes of the data of an event, joined */
    size_t events; /* dispatched in all */
    size_t stream; /* bytes in all */
    size_t comments; /* lines without data, one after another: comments, other fields, empty lines after empty lines */
};

struct sse_place {
    size_t offset;       /* byte of the stream */
    size_t line, column; /* from 1 */
};

enum sse_what {
    SSE_UTF8 = 1,      /* bytes that are not UTF-8 */
    SSE_BARE_PAYLOAD,  /* a line that is JSON or a terminator, without a field name */
    SSE_UNKNOWN_FIELD, /* a field that readers ignore */
    SSE_COMMENT,       /* a comment between the lines of an event, or one that holds a payload */
    SSE_EVENT_FIELD,   /* event: with another name than message or error */
    SSE_ID_FIELD,
    SSE_RETRY_FIELD,
    SSE_LIMIT_LINE,    /* over a limit, or out of memory: reading stops */
    SSE_LIMIT_EVENT,
    SSE_LIMIT_EVENTS,
    SSE_LIMIT_STREAM,
    SSE_LIMIT_COMMENTS,
    SSE_NO_MEMORY,
};

struct sse_notice {
    enum sse_what what;
    struct sse_place place;
    size_t event;      /* number of the event it belongs to, or of the next one */
    const char *text;  /* what was seen: the name of the field, its value for event:, the bytes of the line from the first that is not UTF-8 */
    size_t length;
};

enum { SSE_NAME_KEPT = 64, SSE_PIECES_KEPT = 64 };

/* Where a line of data begins in the joined data. */
struct sse_piece {
    size_t at;
    struct sse_place place;
};

struct sse_event {
    const char *data; /* the values of its data fields, joined with LF; NUL stands behind it */
    size_t length;
    size_t number;    /* from 0 */
    size_t lines;     /* how many data fields */
    const struct sse_piece *pieces; /* of the first SSE_PIECES_KEPT of them */
    const char *name; /* value of event:, its first SSE_NAME_KEPT bytes */
    size_t name_length;
    bool not_utf8;
    bool complete;    /* false: the stream ended before its empty line; readers discard such an event, so it has no number of its own */
};

/* Both get what lives until they return. `event` answers false to stop reading. */
struct sse_sink {
    bool (*event)(void *context, const struct sse_event *event);
    void (*notice)(void *context, const struct sse_notice *notice);
    void *context;
};

struct sse_bytes {
    char *at;
    size_t length, room;
};

struct sse {
    struct sse_limits limits;
    struct sse_sink sink;
    /* private */
    struct sse_bytes kept; /* the beginning of a line whose end has not come yet */
    struct sse_bytes data;
    size_t name_length, data_lines, events;
    size_t idle_lines;     /* since the last line of data; an empty line counts when it follows one */
    size_t taken;          /* bytes of the stream before the current feed */
    size_t line_offset, line_number; /* of the current line */
    bool after_cr, after_empty, not_utf8, stopped;
    struct sse_piece pieces[SSE_PIECES_KEPT]; /* these two are only as valid as they are long, and never zeroed */
    char name[SSE_NAME_KEPT];
};

void sse_start(struct sse *sse, const struct sse_limits *limits, const struct sse_sink *sink);
/* Takes the next bytes. False once reading has stopped; a notice or the sink's own answer says why. */
bool sse_feed(struct sse *sse, const char *bytes, size_t length);
/* Says that no more bytes come: an event that was not closed is given to the sink as incomplete. */
bool sse_end(struct sse *sse);
void sse_clear(struct sse *sse);

/* The place of the next byte. */
struct sse_place sse_here(const struct sse *sse);
/* The place of byte `at` of the event's data. */
struct sse_place sse_event_place(const struct sse_event *event, size_t at);

#endif
