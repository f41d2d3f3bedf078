/* shrink.h: makes a request as small as it can be while something about it stays true. */
#ifndef FUZZ_SHRINK_H
#define FUZZ_SHRINK_H

#include "harness/base/jo.h"

/* Whether a candidate (borrowed) still shows what it is about. It may set `*cost` to 0 when that took no request. */
typedef bool shrink_still(void *context, struct json_object *candidate, long *cost);

struct shrinking {
    shrink_still *still;
    void *context;
    long budget;         /* how much may be spent; each try costs 1 unless `still` says otherwise */
    const char *pointer; /* where the fault is, or NULL: what is tried first is to keep only that */
    long tries, spent;   /* found out */
};

enum { SHRINK_TRIES_MAX = 5000 }; /* of any cost: the end, also when nothing costs anything */

/* The smallest request that was found; at least `payload` itself. New. */
struct json_object *shrink(struct shrinking *shrinking, struct json_object *payload);

#endif
