/* runner.h: runs cases against a target, many at a time, and fills in what became of each. */
#ifndef RUNNER_H
#define RUNNER_H

#include "harness/run/outcome.h"
#include "harness/run/wire.h"

#include <signal.h>

/* A case that is to be run. */
struct selected {
    const struct suite *suite;
    const struct suite_case *test;
};

/* Where cases come from when there are more than can be kept at a time: the runner then has a few places, and whoever ends makes room. */
struct supply {
    /* The next case, which lives until it was handed back; false when there is none. */
    bool (*next)(void *context, struct selected *next);
    /* Told of each answer when it has been judged; `body` is NULL where it holds no JSON. */
    void (*answered)(void *context, const struct suite_case *test, const struct http_reply *reply, struct json_object *body);
    /* Hands a case back that has ended; the result is cleared afterwards. */
    void (*ended)(void *context, const struct suite_case *test, const struct case_result *result);
    void *context;
};

struct runner_options {
    const struct target *target;
    unsigned profile;
    struct cc_limits limits;
    struct tolerance tolerance;
    struct texts capabilities;        /* "NAME", "NAME=no", or "NAME=silent": it is ignored without a word */
    struct texts env;                 /* names of environment variables that suites may read */
    const struct supply *supply;      /* NULL: the cases are those given */
    long jobs, attempts, fail_fast, max_requests, max_time_ms; /* 0: none */
    long max_tokens, tokens_per_minute; /* 0: none */
    long repeat;                      /* rounds of each case, at least; 0: as the cases say */
    double rate_per_s;                /* 0: none */
    bool only_expectations;           /* ask what the cases expect, and none of the rules (probe.h) */
    long long spent_requests, spent_tokens; /* of the budgets, before this */
    long spent_ms;
    volatile sig_atomic_t *interrupted; /* becomes non-zero when the user wants to stop */
    /* told after each case that ended; may be NULL */
    void (*progress)(void *context, const struct run_result *run, size_t done, const struct case_result *last);
    void *progress_context;
};

/* How a run ended, beside what its cases say. */
enum run_end {
    RUN_COMPLETE,
    RUN_STOPPED,     /* fail-fast */
    RUN_INCOMPLETE,  /* a budget, or an interrupt; run->verdict says which */
    RUN_UNREACHABLE, /* nothing answered, or the key was refused, before any case could run; run->broken says why */
    RUN_BROKEN       /* our own trouble; run->broken says what */
};

/* Runs the cases. run->cases (one for each, in their order) is made here; the other members of the run are the caller's. With a supply there
 * are no cases yet (NULL), only `count` places for them; then run->cases holds nothing but what was given up in the end. */
enum run_end runner_run(const struct runner_options *options, const struct selected *cases, size_t count, struct run_result *run);

#endif
