/* run.c: `chatconform run`: from the command line to the exit code: target, cases, run, reports, verdict. */
#include "harness/base/why.h"
#include "harness/base/words.h"
#include "harness/bulk/bulk.h"
#include "harness/command.h"
#include "harness/probe/probe.h"
#include "harness/run/baseline.h"
#include "harness/run/conclude.h"
#include "harness/run/failures.h"
#include "harness/run/progress.h"
#include "harness/run/runner.h"
#include "harness/run/select.h"
#include "harness/run/session.h"
#include "harness/run/writing.h"
#include "reports/report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* One run of the command. */
struct running {
    struct options *options;
    struct session session;
    struct suite_set suites;
    struct selected *cases;
    size_t count;
    struct run_result result;
    bool ran;                  /* the cases had their turn */
    long long spent_requests, spent_tokens; /* of the budgets, for probing */
    long spent_ms;
    struct baseline baseline;
};

/* --- the verdict */

/* Whether cases of the suites were left out, so that nothing can be said of what no case fails. */
static bool is_part(const struct options *o, enum run_end end)
{
    return end != RUN_COMPLETE || o->arguments.count || o->skip.count || o->tags.count || o->level || o->shards;
}

static void settle(struct running *r, enum run_end end)
{
    struct run_result *run = &r->result;
    const char *broken = run->broken ? run->broken : "memory ran out";
    char *stale = NULL;
    if (end == RUN_BROKEN) run_set_verdict(run, EXIT_BROKEN, "%s", broken);
    else if (end == RUN_UNREACHABLE) run_set_verdict(run, EXIT_UNREACHABLE, "%s", broken);
    else if (end == RUN_INCOMPLETE)
        run_set_verdict(run, EXIT_INCOMPLETE, "incomplete: %s; %zu of %zu cases were not run", run->verdict, run->not_run, run->case_count);
    else {
        stale = baseline_finish(&r->baseline, run, is_part(r->options, end));
        run_conclude(run, r->options->fail_on->flaky, stale);
    }
    free(stale);
}

static int run_cases(struct running *r)
{
    const struct options *o = r->options;
    struct progress progress = {.live = isatty(STDERR_FILENO), .quiet = o->quiet};
    struct runner_options running = {.target = &r->session.target, .profile = o->profile, .limits = o->limits,
                                     .tolerance = {o->fail_on, o->allow, o->baseline ? &r->baseline : NULL},
                                     .capabilities = o->capabilities, .env = o->env,
                                     .jobs = o->jobs, .attempts = o->attempts, .repeat = o->repeat, .fail_fast = o->fail_fast, .max_requests = o->max_requests,
                                     .max_time_ms = o->max_time_ms, .rate_per_s = o->rate_per_s, .max_tokens = o->max_tokens,
                                     .tokens_per_minute = o->tokens_per_minute,
                                     .spent_requests = r->spent_requests, .spent_tokens = r->spent_tokens, .spent_ms = r->spent_ms,
                                     .interrupted = session_watch_signals(), .progress = progress_show, .progress_context = &progress};
    session_describe(&r->session, &r->result);
    enum run_end end = runner_run(&running, r->cases, r->count, &r->result);
    progress_end(&progress);
    settle(r, end);
    r->ran = true;
    return r->result.exit_code;
}

/* --- reports */

static bool store_failures(struct running *r, char *why, size_t size)
{
    const struct options *o = r->options;
    const char *folder = o->failures ? o->failures : o->reports.count ? NULL : FAILURES_FOLDER;
    return !folder || failures_write(&r->result, folder, why, size);
}

/* The failures are stored first, so that the reports can name them. */
static int report(struct running *r, char *why, size_t size)
{
    bool stored = store_failures(r, why, size), written = reports_write_usual(r->options, &r->result, why, size);
    fflush(stdout);
    escape_terminal(stderr, r->result.verdict);
    putc('\n', stderr);
    return written && stored ? r->result.exit_code : EXIT_BROKEN;
}

/* --- without sending anything */

static int print_plan(const struct running *r)
{
    size_t requests = 0;
    for (size_t i = 0; i < r->count; i++) {
        const struct suite_case *c = r->cases[i].test;
        size_t each = 0;
        for (size_t s = 0; s < c->step_count; s++) each += c->steps[s].control ? 2 : 1;
        each *= (size_t)trial_begin(c, r->options->repeat).times;
        requests += each;
        escape_column(stdout, c->path, 64);
        printf(" %zu request%s\n", each, plural(each));
    }
    printf("%zu case%s, at most %zu request%s without retries\n", r->count, plural(r->count), requests, plural(requests));
    return EXIT_FINE;
}

/* Finds out what the endpoint can do before more is expected of it. One that cannot be reached is left to the cases to find. */
static int probe_first(struct running *r, char *why, size_t size)
{
    struct run_result probes = {0};
    bool bad_usage;
    enum run_end end = probe_run(&r->session, NULL, &probes, &bad_usage, why, size);
    r->result.capabilities = probes.capabilities;
    r->result.capability_count = probes.capability_count;
    probes.capabilities = NULL;
    probes.capability_count = 0;
    r->spent_requests = probes.requests;
    r->spent_tokens = probes.tokens;
    r->spent_ms = probes.duration_ms;
    run_result_clear(&probes);
    if (bad_usage) return EXIT_USAGE;
    if (end != RUN_BROKEN && probe_gate(&r->result, r->options)) return EXIT_FINE;
    why_no_memory(why, size);
    return EXIT_BROKEN;
}

static bool prepare_baseline(struct running *r, char *why, size_t size)
{
    const char *file = r->options->baseline;
    return !file || baseline_read(&r->baseline, file, session_time(), why, size);
}

/* Where there are no probes, nothing can be known. */
static void doubt_capabilities(const struct running *r)
{
    struct suite_set probes = {0};
    char why[1024];
    if (probes_select(&probes, why, sizeof why)) capabilities_doubt(&r->suites, &probes, &r->options->capabilities);
    suite_set_clear(&probes);
}

/* All but the reports. */
static int run(struct running *r, char *why, size_t size)
{
    struct options *options = r->options;
    if (!known_capabilities(options->profile, options->auth, &options->capabilities)) {
        why_no_memory(why, size);
        return EXIT_BROKEN;
    }
    if (!prepare_baseline(r, why, size) || !cases_select(&r->suites, options, &r->cases, &r->count, why, size)) return EXIT_USAGE;
    doubt_capabilities(r);
    if (options->dry_run) return print_plan(r);
    int code = session_begin(&r->session, options, "testing", false, why, size);
    if (code == EXIT_FINE && options->probe) code = probe_first(r, why, size);
    return code == EXIT_FINE ? run_cases(r) : code;
}

static void clear(struct running *r)
{
    session_end(&r->session);
    run_result_clear(&r->result);
    free(r->cases);
    suite_set_clear(&r->suites);
    baseline_clear(&r->baseline);
}

int run_cases_of(struct options *options, struct run_result *result, char *why, size_t why_size)
{
    struct running r = {.options = options};
    int code = run(&r, why, why_size);
    *result = r.result;
    r.result = (struct run_result){0};
    clear(&r);
    return code;
}

int command_run(struct options *options, char *why, size_t why_size)
{
    if (bulk_is_meant(options)) return bulk_run(options, why, why_size);
    struct running r = {.options = options};
    int code = run(&r, why, why_size);
    if (r.ran) code = report(&r, why, why_size);
    clear(&r);
    return code;
}
