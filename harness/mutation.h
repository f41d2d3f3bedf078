/* mutation.h: what `chatconform mutate` found out about each defect of the reference endpoint, and the score that it adds up to. */
#ifndef MUTATION_H
#define MUTATION_H

#include "endpoint/endpoint.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum mutant_fate {
    MUTANT_SURVIVED,   /* nothing noticed it */
    MUTANT_WRONG_RULE, /* something was noticed, but not under the name of the rule that it breaks */
    MUTANT_KILLED,     /* found by its rule */
    MUTANT_UNTESTED,   /* the suites could not be run against it; `trouble` says why */
    MUTANT_FATE_COUNT
};

/* "survived", "wrong_rule" ... */
const char *mutant_fate_name(enum mutant_fate fate);

/* One defect, and what the suites said to it. Texts are owned. */
struct mutant {
    const struct defect *defect;
    unsigned profile;
    enum mutant_fate fate;
    size_t cases;    /* that name its rule */
    char *first;     /* the first of them; NULL: none */
    char *instead;   /* the first other rule that was found; NULL: none */
    char *trouble;
};

struct mutation {
    struct mutant *mutants;
    size_t count;
    size_t cases;        /* of the suites */
    char **false_alarms; /* "RULE in CASE": must-level findings on the endpoint without any defect */
    size_t false_alarm_count;
    long duration_ms;
};

/* How many of that level (0: of all) ended so. */
size_t mutation_count(const struct mutation *mutation, enum cc_level level, enum mutant_fate fate);
size_t mutation_total(const struct mutation *mutation, enum cc_level level);
void mutation_clear(struct mutation *mutation);

/* The table, and what was not killed, as "text", "json" or "markdown". */
void mutation_print(FILE *out, const struct mutation *mutation, const char *format);

/* Writes what is to be held from now on: the score of each level, and what is known not to be killed. False with one sentence. */
bool mutation_record(const struct mutation *mutation, const char *file, char *why, size_t why_size);
/* Whether it is as good as what a file like that has: no level lower, nothing unkilled but what the file knows of. `*worse` gets the
 * sentence of what is worse (the caller frees it), or NULL. False with one sentence when the file cannot be used. */
bool mutation_compare(const struct mutation *mutation, const char *file, char **worse, char *why, size_t why_size);

#endif
