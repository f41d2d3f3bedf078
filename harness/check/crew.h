/* crew.h: several threads work on the pieces of one input, and what they make comes out in the order of the input. */
#ifndef CREW_H
#define CREW_H

#include <stdbool.h>
#include <stddef.h>

enum { CREW_WORKERS_MAX = 64, CREW_PIECES_MAX = 2 * CREW_WORKERS_MAX };

enum crew_taken { CREW_PIECE, CREW_END, CREW_FAILED };

struct crew {
    size_t workers;    /* 1 to CREW_WORKERS_MAX; the calling thread is one of them */
    char *pieces;      /* room for `count` (1 to CREW_PIECES_MAX) pieces of `size` bytes: so many are under way at most */
    size_t size, count;
    void *context;
    /* Fills the next piece. Called by one thread at a time, in order. After a failure the pieces before it are still given out. */
    enum crew_taken (*take)(void *context, void *piece);
    /* Works on a piece, at the same time as others; each worker has its number. */
    bool (*work)(void *context, size_t worker, void *piece);
    /* Gives out what became of it. Called by one thread at a time, in order. */
    bool (*give)(void *context, void *piece);
};

/* Returns when all pieces are given out, or one of the functions failed: then it is false. */
bool crew_run(const struct crew *crew);

#endif
