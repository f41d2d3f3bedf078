/* special.h: requests for the constraints that no small document breaks. */
#ifndef FUZZ_SPECIAL_H
#define FUZZ_SPECIAL_H

#include "harness/base/jo.h"

struct special {
    const char *rule;
    struct json_object *(*make)(void); /* a new request with exactly that fault */
    const char *pointer;
};

/* Ended by {0}. */
extern const struct special specials[];

#endif
