/* clock.h: when the events of a streamed answer came. The validator knows what a stream says, not when it said it; the stamps of the reads
 * tell that. Events that came in one read came together. */
#ifndef CLOCK_H
#define CLOCK_H

#include "harness/http/http.h"
#include "harness/result.h"

enum {
    CLOCK_STALL_MS = 5000,     /* a pause between two events that counts as a stall */
    CLOCK_BURST_EVENTS = 20,   /* fewer events than these may well come at once */
    CLOCK_BURST_WAIT_MS = 500, /* and so may those of an answer that was not waited for */
    CLOCK_BURST_BYTES_MS = 10000, /* no model writes this many bytes in a millisecond */
};

/* The body is an event stream, by its type or by how it begins. */
bool clock_is_stream(const struct http_reply *reply);
/* Reads the clock of a reply that is an event stream. False when memory ran out. */
bool clock_read(const struct http_reply *reply, struct result_stream *stream);
/* Why a stream had no end, in words to put before those about the transfer ("the stream stalled after 5 events"); "" when that is no
 * matter of the clock. */
const char *clock_fault(const struct result_stream *stream, enum http_fault fault, char *out, size_t size);

#endif
