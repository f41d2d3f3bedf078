/* steady.h: events that say the same as one before them, but for their texts.
 *
 * Nearly all events of a stream differ from the one before in a few letters of text, which no table and no rule looks at. When an event
 * brought no news but its texts, the next one that is the same to the byte around them needs no reading and no judging: what held
 * before holds again. Only the texts are taken over. Anything else goes the long way. */
#ifndef CC_STEADY_H
#define CC_STEADY_H

#include "validator/lib/shape.h"

enum { STEADY_EVENTS = 4, STEADY_BYTES = 8192 };

struct steady_event {
    char *data;
    size_t length, room;
    struct fluid fluids[FLUIDS_MAX];
    size_t count;
    size_t asked; /* constraints looked at when it was judged */
};

/* Zero-initialise, clear at the end. */
struct steady {
    struct steady_event events[STEADY_EVENTS];
    size_t used, next;
};

/* Remembers an event that was judged, with what may differ. When memory runs out nothing is remembered. */
void steady_keep(struct steady *steady, const char *data, size_t length, const struct fluid *fluids, size_t count, size_t asked);
/* The state changed: nothing that was remembered holds any longer. */
void steady_forget(struct steady *steady);
/* The remembered event that this one repeats, its own texts in `texts` (one for each fluid), or NULL. */
const struct steady_event *steady_match(const struct steady *steady, const char *data, size_t length, struct text *texts);
void steady_clear(struct steady *steady);

#endif
