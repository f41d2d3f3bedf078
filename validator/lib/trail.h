/* trail.h: where the pieces of a text came from that was put together from many events, so that what is wrong at its byte 40 can be
 * shown in the event that carried that byte.
 *
 * Pieces of one text come evenly most of the time: one in each event, so many lines and bytes apart. So each is noted by how it differs
 * from what was to be expected, which takes a byte or two as long as nothing does. */
#ifndef CC_TRAIL_H
#define CC_TRAIL_H

#include <stdbool.h>
#include <stddef.h>

/* Where in the sequence something came. */
struct origin {
    size_t event, offset, line, column; /* as in findings */
};

/* From the beginning of one piece to that of the next. */
struct stride {
    size_t events, lines, column, gap;  /* the column is that of the next; the gap is what came between them */
};

/* Zero-initialise, free with trail_clear. */
struct trail {
    unsigned char *at;
    size_t length, room;
    struct origin first;                /* of the first piece */
    struct origin next;                 /* of the one to come, when nothing changes and the last one is empty */
    size_t text;                        /* byte of the text at which the last piece begins */
    struct stride stride;
};

/* The text begins with a piece from there; what was known of it before is forgotten. */
void trail_begin(struct trail *trail, const struct origin *from);
/* From byte `text` of the text on comes a piece from there. False: out of memory. Inline as far as nothing changes. */
static inline bool trail_add(struct trail *trail, size_t text, const struct origin *from);
/* Where byte `byte` of the text came from; of the byte after the last one, what came after it. The text is what the trail is of. */
struct origin trail_find(const struct trail *trail, const char *text, size_t byte);
void trail_clear(struct trail *trail);

bool trail_add_changed(struct trail *trail, size_t text, const struct origin *from);

static inline bool trail_add(struct trail *trail, size_t text, const struct origin *from)
{
    size_t length = text - trail->text;
    bool same = from->offset == trail->next.offset + length && from->event == trail->next.event && from->line == trail->next.line &&
                from->column == trail->next.column;
    if (!same || length > 63 || trail->length == trail->room) return trail_add_changed(trail, text, from);
    trail->at[trail->length++] = (unsigned char)(length << 1 | 1);
    trail->next.event += trail->stride.events;
    trail->next.line += trail->stride.lines;
    trail->next.offset += length + trail->stride.gap;
    trail->text = text;
    return true;
}

#endif
