/* parts.h: what several writers need and must agree on: how states are counted, cases by suite, findings by cause, times, excerpts. */
#ifndef PARTS_H
#define PARTS_H

#include "reports/report.h"

/* One of the functions of escape.c. */
typedef void escape_fn(FILE *out, const char *text);

/* The five ways a case can end for whoever counts; the ten states are finer. JUnit, the table and the page count the same. */
enum outcome {
    OUTCOME_PASS,  /* pass, flaky */
    OUTCOME_WARN,
    OUTCOME_FAIL,  /* fail, xpass */
    OUTCOME_ERROR, /* error, blocked */
    OUTCOME_SKIP,  /* skip, unsupported, xfail */
    OUTCOME_COUNT
};

enum outcome state_outcome(enum case_state state);
const char *outcome_name(enum outcome outcome);

/* The cases of one suite file. */
struct suite_part {
    const char *name, *file; /* never NULL */
    const struct case_result **cases;
    size_t case_count;
    size_t outcomes[OUTCOME_COUNT];
    long duration_ms; /* of all its cases */
};

struct suite_list {
    struct suite_part *suites; /* in the order in which they first come */
    size_t count;
    size_t outcomes[OUTCOME_COUNT];
    const struct case_result **room; /* where the suites' cases stand */
};

/* False when memory runs out; then there is nothing to clear. */
bool suite_list_build(struct suite_list *list, const struct run_result *run);
void suite_list_clear(struct suite_list *list);

/* True when not one case was judged: none ran, or the run broke and what ran before could not ask either. */
bool nothing_judged(const struct run_result *run);

/* What made a case end as it did: its first finding of the worst severity, or else its reason. */
struct blame {
    const char *rule;    /* of the finding; else what broke: "net.refused", "case.blocked", "baseline.stale" ... */
    const char *message; /* never NULL; nor empty from case_blame() */
    const struct result_finding *finding; /* may be NULL */
};

struct blame case_blame(const struct case_result *result);
/* The worst severity among its findings: those that have it are why a failing case fails. 0 without findings. */
enum cc_severity case_severity(const struct case_result *result);
/* The exchange that its findings are most likely about: the last one that is no control. NULL when there was none. */
const struct result_exchange *case_exchange(const struct case_result *result);

/* One thing that is wrong, and every case that shows it. Two findings are of one cause when their rules and messages agree but for numbers
 * and quoted text. */
struct cause {
    struct blame blame; /* the first one */
    const struct case_result **cases;
    size_t case_count, room;
    size_t places;      /* findings in all */
    size_t order;       /* how many causes came before */
    char *key;
};

struct cause_list {
    struct cause *causes; /* those with most cases first */
    size_t count, room;
    size_t *slots;        /* hash table of index + 1, while building */
    size_t slot_count;
};

/* The causes of what ended as `outcome`: FAIL and ERROR by what made those cases so, WARN by the warnings of all cases, SKIP by the
 * reasons. False when memory runs out; then there is nothing to clear. */
bool cause_list_build(struct cause_list *list, const struct run_result *run, enum outcome outcome);
void cause_list_clear(struct cause_list *list);

/* "chat/stream/usage/last-chunk" */
void write_case_id(FILE *out, const struct case_result *result, escape_fn *escape);
/* "0.412": seconds with a dot, whatever the locale. Negative times count as 0. */
void write_seconds(FILE *out, long time_ms);
/* "stream of 40 events: first after 0.312 s, largest gap 0.020 s, open after the finish for 0.001 s". Nothing for what is no stream. */
void write_stream_times(FILE *out, const struct result_stream *stream);
/* "2026-01-31T23:59:59", UTC. */
void write_timestamp(FILE *out, time_t when);
/* How many of the first `most` bytes to take so that no character is cut in two. */
size_t text_fit(const char *text, size_t most);
/* Writes at most `budget` bytes of `text`, cut between characters; when that was not all, a mark says how long the whole is (`whole` bytes,
 * or what the text has when that is 0). */
void write_excerpt(FILE *out, const char *text, size_t budget, size_t whole, escape_fn *escape);
/* "MUST" */
const char *level_label(enum cc_level level);

#endif
