/* sum.h: judge what the events of a sequence add up to. The answer that a stream becomes passes through the table of whole answers, and
 * through what an answer owes to its request; each finding says in which event, and where, its value began.
 *
 * One fault is one finding, and what was found in an event is not found again in the sum: not the same constraint, nothing at the same
 * place, and nothing that reads a value that is wrong already. What the rules of the sequence say in words of their own they absorb, and
 * the few constraints that sums are never asked stand beside the sequence. So there is nothing to be said about single constraints here. */
#ifndef CC_SUM_H
#define CC_SUM_H

#include "validator/lib/engine.h"
#include "validator/lib/told.h"

enum { STAINS_MAX = 256 };

/* A place of the sum about which an event had a finding. */
struct stain {
    char *path;  /* a pointer with `*` for indexes */
    bool unsound; /* what stands there or below is wrong */
};

/* Zero-initialise, free with summing_clear. */
struct summing {
    struct stain *stains;
    size_t count, room;
    bool full; /* STAINS_MAX of them are too many: then nothing can be said about the sum */
    struct document doc;
};

/* Notes the judge's findings `from` up to `to`, which are about events. */
void summing_note(struct summing *summing, struct judge *judge, const struct sequence *sequence, size_t from, size_t to);
/* Judges the sum of all events, against the request that asked for it when there is one. The judge's context says where the sequence
 * ended, which is the place of what the sum lacks. */
void summing_judge(struct summing *summing, struct judge *judge, const struct sequence *sequence, const void *state, struct view request,
                   struct told *told);
void summing_clear(struct summing *summing);

void sum_clear(struct sum *sum);

#endif
