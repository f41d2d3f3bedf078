/* trail.c: see trail.h. Numbers are written seven bits to a byte, the low ones first; the last byte has its high bit clear. */
#include "validator/lib/trail.h"

#include "validator/lib/reader.h"

#include <stdlib.h>
#include <string.h>

enum { ENTRY_MOST = 5 * 10 };

void trail_clear(struct trail *trail)
{
    free(trail->at);
    *trail = (struct trail){0};
}

void trail_begin(struct trail *trail, const struct origin *from)
{
    trail->first = trail->next = *from;
    trail->length = trail->text = 0;
    trail->stride = (struct stride){0};
}

static unsigned char *put(unsigned char *at, size_t number)
{
    for (; number > 127; number >>= 7) *at++ = (unsigned char)(number | 128);
    *at++ = (unsigned char)number;
    return at;
}

static const unsigned char *take(const unsigned char *at, size_t *number)
{
    unsigned shift = 0;
    *number = 0;
    for (; *at & 128; shift += 7) *number |= (size_t)(*at++ & 127) << shift;
    *number |= (size_t)*at++ << shift;
    return at;
}

static bool make_room(struct trail *trail)
{
    if (trail->room - trail->length >= ENTRY_MOST) return true;
    size_t room = trail->room ? trail->room * 2 : 2 * ENTRY_MOST;
    unsigned char *grown = realloc(trail->at, room);
    if (!grown) return false;
    trail->at = grown;
    trail->room = room;
    return true;
}

/* `next` is one stride further than the last piece. */
bool trail_add_changed(struct trail *trail, size_t text, const struct origin *from)
{
    const struct stride *before = &trail->stride;
    size_t length = text - trail->text;
    struct stride stride = {from->event - trail->next.event + before->events, from->line - trail->next.line + before->lines, from->column,
                            from->offset - trail->next.offset + before->gap - length};
    if (!make_room(trail)) return false;
    unsigned char *at = put(put(put(put(put(trail->at + trail->length, length << 1), stride.events), stride.lines), stride.column), stride.gap);
    trail->length = (size_t)(at - trail->at);
    trail->next = (struct origin){from->event + stride.events, from->offset + stride.gap, from->line + stride.lines, stride.column};
    trail->text = text;
    trail->stride = stride;
    return true;
}

struct origin trail_find(const struct trail *trail, const char *text, size_t byte)
{
    struct origin from = trail->first;
    struct stride stride = {0};
    size_t begin = 0, head;
    for (const unsigned char *at = trail->at; at < trail->at + trail->length;) {
        at = take(at, &head);
        if (head >> 1 > byte - begin) break;
        if (!(head & 1)) at = take(take(take(take(at, &stride.events), &stride.lines), &stride.column), &stride.gap);
        begin += head >> 1;
        from = (struct origin){from.event + stride.events, from.offset + (head >> 1) + stride.gap, from.line + stride.lines, stride.column};
    }
    from.offset += byte - begin;
    from.column += text_characters(text + begin, byte - begin);
    return from;
}
