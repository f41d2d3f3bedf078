/* pile.h: memory that is taken piece by piece and given back from the top, or all at once.
 *
 * Blocks that were needed once are kept until the pile is cleared, so work that repeats itself allocates nothing after the first time. */
#ifndef CC_PILE_H
#define CC_PILE_H

#include <stdbool.h>
#include <stddef.h>

struct pile_block;

/* Zero-initialise. */
struct pile {
    struct pile_block *first, *top;
    size_t used; /* of the top block */
    size_t total; /* bytes of all blocks */
    bool failed; /* memory ran out once; stays until the pile is cleared */
};

/* How high a pile is. */
struct pile_mark {
    struct pile_block *top;
    size_t used;
};

/* Memory for anything, not zeroed. NULL when memory runs out. */
void *pile_take(struct pile *pile, size_t size);
/* The same, zeroed. */
void *pile_zeroed(struct pile *pile, size_t size);
/* A copy of a text with a NUL behind it. */
char *pile_text(struct pile *pile, const char *text, size_t length);

struct pile_mark pile_mark(const struct pile *pile);
/* Gives back everything taken since the mark. */
void pile_release(struct pile *pile, struct pile_mark mark);
void pile_clear(struct pile *pile);

#endif
