/* baseline.h: the failures that are known and put up with, so that a run fails only for what is new, and for what is known no longer. */
#ifndef BASELINE_H
#define BASELINE_H

#include "harness/result.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <time.h>

/* Which checks are expected to fail. Texts are owned. */
struct baseline_entry {
    char *match;     /* as it was written: "**#stream.done.terminator" */
    char *cases;     /* its part before the # */
    char *rules;     /* behind it; NULL: every check */
    char *reason, *issue, *expires; /* issue and expires may be NULL */
    bool may_pass;   /* [pass, fail]: it is never stale */
    bool expired;
    size_t line;     /* in its file; 0: it is new */
    size_t judged, failed, left_out; /* cases of the run that it is about: that had their turn, that failed so, that had no turn */
};

struct baseline {
    char *file;
    struct baseline_entry *entries;
    size_t count;
};

/* Reads a baseline; what expires is measured at `today`. False with "FILE:LINE:COL: sentence". */
bool baseline_read(struct baseline *baseline, const char *file, time_t today, char *why, size_t why_size);
/* Adds an entry with copies of the texts (issue and expires may be NULL). NULL when memory runs out. */
struct baseline_entry *baseline_add(struct baseline *baseline, const char *match, const char *reason, const char *issue, const char *expires);
void baseline_clear(struct baseline *baseline);

/* What a case that could not be judged failed of: the fault of its last exchange ("net.refused"), or "case.error". */
const char *baseline_trouble(const struct case_result *result);
/* The entry about a check of a case that has not expired, or NULL. */
const struct baseline_entry *baseline_find(const struct baseline *baseline, const struct case_result *result, const char *rule);

/* Settles a case that had its turn: one of which all failures are expected becomes xfail; what is not expected is put first. `counts` says which
 * of its findings are failures. */
void baseline_settle(struct baseline *baseline, struct case_result *result, bool counts(const void *context, const struct result_finding *finding),
                     const void *context);
/* What does not hold any more when the run is over, as one sentence (the caller frees it), or NULL; a case of each such entry becomes xpass.
 * `partly`: not all cases were to run, so globs that fit several cannot be called stale. */
char *baseline_finish(struct baseline *baseline, struct run_result *run, bool partly);
/* Whether the entry excuses nothing any more, by what was counted. */
bool baseline_is_stale(const struct baseline_entry *entry, bool partly);

/* Changes the file from which the baseline was read: entries that are gone are cut out, those without a line are added at the end, all else
 * stays, comments too, as long as each entry begins a line of its own. False with one sentence. */
bool baseline_update(const struct baseline *baseline, const char *file, char *why, size_t why_size);
/* Writes the file anew. False with one sentence. */
bool baseline_write(const struct baseline *baseline, const char *file, char *why, size_t why_size);

#endif
