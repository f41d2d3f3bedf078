/* steady.c: see steady.h. */
#include "validator/lib/steady.h"

#include <stdlib.h>
#include <string.h>

void steady_keep(struct steady *steady, const char *data, size_t length, const struct fluid *fluids, size_t count, size_t asked)
{
    struct steady_event *event = &steady->events[steady->next];
    if (length > STEADY_BYTES) return;
    if (event->room < length) {
        char *room = realloc(event->data, length);
        if (!room) return;
        event->data = room;
        event->room = length;
    }
    memcpy(event->data, data, length);
    memcpy(event->fluids, fluids, count * sizeof *fluids);
    event->length = length;
    event->count = count;
    event->asked = asked;
    steady->next = (steady->next + 1) % STEADY_EVENTS;
    if (steady->used < STEADY_EVENTS) steady->used++;
}

void steady_forget(struct steady *steady) { steady->used = steady->next = 0; }

void steady_clear(struct steady *steady)
{
    for (size_t i = 0; i < STEADY_EVENTS; i++) free(steady->events[i].data);
    *steady = (struct steady){0};
}

/* The end of a plain text in a JSON string: the closing quote. NULL when there is anything in it that deserves a look: \u escapes, and
 * characters from U+F000 on, among which are the replacement character and those that are none. */
static const char *end_of_text(const char *at, const char *end)
{
    for (; at < end; at++) {
        unsigned char c = (unsigned char)*at;
        if (c == '"') return at;
        if (c < ' ' || c >= 0xEF) return NULL;
        if (c == '\\' && (++at == end || !memchr("\"\\/bfnrt", *at, 8))) return NULL;
    }
    return NULL;
}

static bool repeats(const struct steady_event *event, const char *data, size_t length, struct text *texts)
{
    const char *at = data, *end = data + length;
    size_t known = 0;
    for (size_t i = 0; i < event->count; i++) {
        const struct fluid *f = &event->fluids[i];
        size_t same = f->offset - known;
        if ((size_t)(end - at) <= same || memcmp(at, event->data + known, same) != 0) return false;
        at += same;
        const char *quote = end_of_text(at, end);
        /* Whether there is any text is looked at, so that must stay. */
        if (!quote || (quote == at) != (f->length == 0)) return false;
        texts[i] = (struct text){at, (size_t)(quote - at)};
        at = quote;
        known = f->offset + f->length;
    }
    return (size_t)(end - at) == event->length - known && memcmp(at, event->data + known, event->length - known) == 0;
}

const struct steady_event *steady_match(const struct steady *steady, const char *data, size_t length, struct text *texts)
{
    for (size_t i = 0; i < steady->used; i++)
        if (repeats(&steady->events[i], data, length, texts)) return &steady->events[i];
    return NULL;
}
