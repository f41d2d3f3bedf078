/* told.h: what a stream was already told. A server that forgets a member forgets it in every chunk: that is one fault and one finding, so
 * of the same rule at the same pointer only the first in a stream is kept. */
#ifndef CC_TOLD_H
#define CC_TOLD_H

#include "validator/lib/engine.h"

/* Fingerprints of findings and of rules; zero-initialise, free with told_clear. Past TOLD_MAX everything counts as new. */
struct told {
    uint64_t *prints;
    size_t count, room; /* room is a power of two */
};

enum { TOLD_MAX = 1 << 14 };

/* Lets the judge list more findings than the limit until told_close. Returns how many there were. */
size_t told_open(struct judge *judge, size_t *limit);
/* Takes back the findings from `from` on that were told before. */
void told_sift(struct told *told, struct judge *judge, size_t from);
/* Takes back those over the limit, which is in force again. */
void told_close(struct judge *judge, size_t limit);
/* Counts the rule as told, wherever it may be broken. */
void told_add_rule(struct told *told, struct judge *judge, const struct cc_rule *rule);
bool told_has_rule(const struct told *told, const struct cc_rule *rule);
void told_clear(struct told *told);

#endif
