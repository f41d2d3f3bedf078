/* sequence.h: judge a sequence of events by its state rules: one state that grows with each event, and pure questions about it. */
#ifndef CC_SEQUENCE_H
#define CC_SEQUENCE_H

#include "validator/lib/engine.h"

/* One sequence under way. Zero-initialise, begin, take events, end, clear. */
struct run {
    struct judge *judge;
    const struct sequence *sequence;
    struct view request;        /* of who asked for it, or absent */
    struct context outer;       /* the context of the whole sequence */
    /* private */
    const struct state_site *sites;
    unsigned count;
    void *state;
    bool told[STATE_RULES_MAX]; /* once is enough */
    bool mute[STATE_RULES_MAX]; /* what the rule reads was wrong in some event */
    size_t silent;              /* how many rules fell silent: told or mute */
    bool over;                  /* a terminator came */
};

/* False when memory ran out (also noted in the judge). */
bool run_begin(struct run *run, const struct sequence *sequence, struct judge *judge, struct view request);
/* Asks the rules about an event whose document has been walked, with the judge's context set to it, then folds it into the state. */
void run_event(struct run *run, const struct event *event);
/* Something came that was no event, but may have been meant as one. */
void run_lose(struct run *run);
/* Asks what the sequence lacks, in the judge's context. */
void run_end(struct run *run);
void run_clear(struct run *run);

#endif
