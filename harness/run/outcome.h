/* outcome.h: which findings count as failures, and in what state the findings of a case put it. */
#ifndef OUTCOME_H
#define OUTCOME_H

#include "harness/options.h"
#include "harness/result.h"
#include "harness/suite/suite.h"

struct baseline;

/* What the user tolerates. */
struct tolerance {
    const struct fail_on *fail_on;
    struct texts allow;  /* globs of rules whose findings never fail a case */
    struct baseline *baseline; /* failures that are expected; may be NULL */
};

/* What happened to a case beside its findings. */
struct trial {
    long times, needed;    /* rounds that it takes, and how many of them have to pass */
    bool measured;         /* the user asked for the rounds, and the case for none: one failure among them is no verdict */
    long rounds, passed;   /* those done, and of these without a failure */
    bool rule_broken;      /* a rule of the catalogue did not hold: no repetition excuses that */
    bool tried_again;      /* some request broke on the way and was sent again */
    bool blocked;          /* it could not go on, as an answer lacks what its next request needs */
    char *trouble;         /* why it could not be judged; NULL when it could */
};

/* How often a case runs: as it says itself, but at least `repeat` times (0: nothing was asked for); the share of rounds that have to pass stays
 * what it is. */
struct trial trial_begin(const struct suite_case *test, long repeat);
/* Begins the result of a case with what is known before it runs. False when memory runs out. */
bool outcome_begin(struct case_result *result, const struct suite *suite, const struct suite_case *test);
/* Whether the finding is a failure. */
bool outcome_counts(const struct tolerance *tolerance, const struct result_finding *finding);
/* The first finding from index `from` on that counts as a failure, or NULL. */
const struct result_finding *outcome_failure(const struct tolerance *tolerance, const struct case_result *result, size_t from);
/* True when one of those is about a rule of the catalogue, not about what the case itself expects. */
bool outcome_breaks_rule(const struct tolerance *tolerance, const struct case_result *result, size_t from);
/* The state of a case that has ended, and its reason. Of several rounds: pass when all passed; flaky when enough of them did, or any of those
 * that only the user asked for; fail when too few did, or a rule of the catalogue broke, which no repetition excuses. */
void outcome_settle(const struct tolerance *tolerance, const struct trial *trial, struct case_result *result);
/* Sets state and reason (which it owns from here on; NULL: none). */
void outcome_set(struct case_result *result, enum case_state state, char *reason);

#endif
