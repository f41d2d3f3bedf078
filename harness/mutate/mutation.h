/* mutation.h: what `chatconform mutate` found out about all that the reference endpoint can do wrong, and the score that it adds up to.
 *
 * There are two families: defects, which are part of the program and derived from its tables where that is possible, and mutants, which
 * were written without the tables (mutants.h). Some mutants are odd, but legal: nothing may be found there. */
#ifndef MUTATION_H
#define MUTATION_H

#include "harness/mutate/mutants.h"

#include <stdio.h>

enum mutant_family { FAMILY_ANY, FAMILY_DEFECTS, FAMILY_MUTANTS };

enum mutant_fate {
    MUTANT_SURVIVED,   /* nothing noticed it */
    MUTANT_WRONG_RULE, /* something was noticed, but not under the name of the rule that it breaks */
    MUTANT_KILLED,     /* found by its rule */
    MUTANT_UNTESTED,   /* the suites could not be run against it; `trouble` says why */
    MUTANT_FATE_COUNT
};

/* "survived", "wrong_rule" ... */
const char *mutant_fate_name(enum mutant_fate fate);

/* A defect or mutant, and what the suites said to it. Texts are owned where it says so. */
struct mutant {
    enum mutant_family family;
    const char *id;
    struct texts rules;   /* that may find it; a legal one has none; the list is owned, its texts are not */
    enum cc_level level;  /* 0: it is legal */
    unsigned profile;
    const char *edits;    /* of a mutant: as JSON, for the endpoint */
    enum mutant_fate fate; /* of a legal one: survived, as it should, or found under some name */
    bool unused;          /* its edits fit nothing that was sent */
    char *first;          /* the first case that names its rule; NULL: none; owned */
    char *instead;        /* the first other rule that was found; NULL: none; owned */
    char *trouble;        /* owned */
};

struct mutation {
    struct mutant *mutants;
    size_t count;
    size_t cases;        /* of the suites */
    char **false_alarms; /* "RULE in CASE": errors on the endpoint when it does nothing wrong, or something legal */
    size_t false_alarm_count;
    bool whole;          /* nothing was left out by --defect */
    long duration_ms;
};

/* How many of that family and level (0: of all but the legal ones) ended so. */
size_t mutation_count(const struct mutation *mutation, enum mutant_family family, enum cc_level level, enum mutant_fate fate);
size_t mutation_total(const struct mutation *mutation, enum mutant_family family, enum cc_level level);
/* How many are legal, and of how many of these nothing was said. */
size_t mutation_legal(const struct mutation *mutation, size_t *accepted);
/* The score of a part, down to a tenth: 99.96 % is not 100 %. */
double mutation_percent(size_t part, size_t whole);
void mutation_clear(struct mutation *mutation);

/* --- mutation_print.c: the tables, and what was not killed, as "text", "json" or "markdown". */
void mutation_print(FILE *out, const struct mutation *mutation, const char *format);
/* The rows of the score as a member "levels" of a JSON object. */
void mutation_print_levels(FILE *out, const struct mutation *mutation);

/* Writes what is to be held from now on: the score of each level, and what is known not to be killed. False with one sentence. */
bool mutation_record(const struct mutation *mutation, const char *file, char *why, size_t why_size);
/* Whether it is as good as what a file like that has: no level lower, nothing unkilled but what the file knows of. `*worse` gets the
 * sentence of what is worse (the caller frees it), or NULL. False with one sentence when the file cannot be used. */
bool mutation_compare(const struct mutation *mutation, const char *file, char **worse, char *why, size_t why_size);

/* The levels of a score, ended by 0, and the names of families. */
extern const enum cc_level mutation_levels[];
const char *mutant_family_name(enum mutant_family family);

#endif
