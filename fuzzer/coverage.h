/* coverage.h: which members that the tables know have occurred in payloads, and which have not. */
#ifndef FUZZ_COVERAGE_H
#define FUZZ_COVERAGE_H

#include "chatconform.h"
#include "harness/base/jo.h"

struct coverage_row {
    const struct cc_place *place; /* of a member */
    const char *tag;              /* the word that told what its object is ("image_url"), or NULL */
    size_t seen;                  /* in how many payloads' places it occurred */
};

struct coverage {
    unsigned profile;
    struct coverage_row *rows;    /* sorted by place */
    size_t count;
    bool failed;                  /* memory ran out */
};

/* All members of a request in a profile. */
struct coverage coverage_new(unsigned profile);
void coverage_clear(struct coverage *coverage);
/* Counts what occurs in a payload. */
void coverage_note(struct coverage *coverage, struct json_object *payload);
/* Members that did not occur. */
size_t coverage_missing(const struct coverage *coverage);

#endif
