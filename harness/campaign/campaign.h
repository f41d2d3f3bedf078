/* campaign.h: a fuzzing campaign: payloads are sent to an endpoint, many at a time, and what is wrong with its answers is collected, each
 * trouble once, and made small.
 *
 * First come the payloads of the seed in their order, with a control for the first refusals of each constraint (the same request without
 * its fault has to be accepted) and now and then a variant that must not make a difference (white space, the order of members, `stream`).
 * Then each finding is sent again, and if it shows again, shrunk. */
#ifndef CAMPAIGN_H
#define CAMPAIGN_H

#include "fuzzer/shot.h"
#include "harness/options.h"
#include "harness/result.h"
#include "harness/run/runner.h"
#include "harness/run/wire.h"

struct campaign_options {
    struct shots *shots;
    const struct target *target, *against; /* against: NULL, or the endpoint to compare with */
    unsigned profile;
    struct cc_limits limits;
    struct tolerance tolerance;
    uint64_t start;                        /* number of the first payload */
    long jobs, max_requests, max_time_ms;  /* 0: none */
    long shrink;                           /* requests that one finding may take to become small */
    double rate_per_s;
    bool quiet, live;                      /* no progress; one live line */
    volatile sig_atomic_t *interrupted;
};

/* What a campaign came to, beside the cases of the run. */
struct campaign_figures {
    uint64_t next;          /* number of the payload that comes next */
    long sent;
    size_t findings, failures;
    size_t accepted, refused, failed, silent, busy; /* answers */
    size_t skipped;         /* payloads that were left out because the endpoint does not take a parameter in them */
    size_t rules, rules_refused, rules_accepted;    /* constraints: how many; refused at least once, with an accepted control; accepted */
    size_t members, members_accepted;
};

/* run->cases are made here: one for each finding, each constraint and each parameter. */
enum run_end campaign_run(const struct campaign_options *options, struct run_result *run, struct campaign_figures *figures);

/* Whether that file can be appended to: asked before a long campaign. False with one sentence. */
bool campaign_can_save(const char *file, char *why, size_t why_size);
/* Appends the findings of a run (cases of which a minimal request is known) to a suite file as cases, which begins one when there is none.
 * False with one sentence. */
bool campaign_save_cases(const struct run_result *run, const char *file, char *why, size_t why_size);
/* Puts a suite of one case beside each stored failure (failures.h), which `replay` runs. */
bool campaign_save_replays(const struct run_result *run, const char *folder, char *why, size_t why_size);

#endif
