/* compose.h: the next request of a case, from its step to the wire. */
#ifndef COMPOSE_H
#define COMPOSE_H

#include "harness/run/wire.h"

struct composition {
    const struct target *target;
    const struct suite_step *step;
    const struct variables *variables;
    struct cc_checker *checker; /* judges what we send */
    bool control;               /* the step's control: its request without the fault */
};

/* Builds it (the caller clears `wire` in any case). False with one sentence, which is a fault of the case: what we send must itself be
 * right, unless the case says that it is not. */
bool compose(const struct composition *composition, struct wire *wire, char *why, size_t why_size);

#endif
