/* fuzz_campaign.c: `chatconform fuzz` against an endpoint: the target, the campaign, the reports, the exit code. */
#include "harness/campaign/fuzz.h"

#include "harness/base/why.h"
#include "harness/campaign/campaign.h"
#include "harness/run/conclude.h"
#include "harness/run/failures.h"
#include "harness/run/session.h"
#include "harness/run/writing.h"
#include "reports/report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { REQUESTS_USUAL = 2000, SHRINK_USUAL = 200 };

/* One run of the command. */
struct hunt {
    const struct options *options;
    struct session session;
    struct target against;
    struct shots *shots;
    struct run_result result;
    struct campaign_figures figures;
};

/* --- the target */

/* EXIT_FINE, or the exit code with one sentence. */
static int prepare_target(struct hunt *h, char *why, size_t size)
{
    const char *against = h->options->against;
    char inner[512];
    int code = session_begin(&h->session, h->options, "fuzzing", false, why, size);
    h->against = h->session.target;
    h->against.base_url = against;
    if (code != EXIT_FINE || !against) return code;
    if (!session_url_allowed("--against", against, why, size)) return EXIT_USAGE;
    if (secrets_may_travel(&h->session.secrets, against, inner, sizeof inner)) return EXIT_FINE;
    why_not(why, size, "--against: %s", inner);
    return EXIT_USAGE;
}

/* --- the campaign */

static void print_figures(const struct hunt *h)
{
    const struct campaign_figures *f = &h->figures;
    fprintf(stderr, "%ld requests: %zu accepted, %zu refused, %zu failed, %zu without an answer, %zu too many; %zu payloads left out\n",
            f->sent, f->accepted, f->refused, f->failed, f->silent, f->busy, f->skipped);
    fprintf(stderr,
            "constraints refused, with an accepted control: %zu of %zu; accepted all the same: %zu; parameters accepted: %zu of %zu\n",
            f->rules_refused, f->rules, f->rules_accepted, f->members_accepted, f->members);
    if (h->options->rules.count || !h->shots->seed_count)
        fprintf(stderr, "pairs of values that went together: %zu of %zu; go on with --start %llu\n", h->shots->generator->pairs_covered,
                h->shots->generator->menu->pair_count, (unsigned long long)f->next);
}

/* A server that turns everything away with 408 or 429 was not tested, and that is no pass. */
static bool only_busy(const struct campaign_figures *f)
{
    return f->busy && !f->findings && f->accepted + f->refused + f->failed == 0;
}

static void settle(struct hunt *h, enum run_end end)
{
    struct run_result *run = &h->result;
    const char *broken = run->broken ? run->broken : "memory ran out";
    if (end == RUN_BROKEN) run_set_verdict(run, EXIT_BROKEN, "%s", broken);
    else if (end == RUN_UNREACHABLE) run_set_verdict(run, EXIT_UNREACHABLE, "%s", broken);
    else if (end == RUN_INCOMPLETE)
        run_set_verdict(run, EXIT_INCOMPLETE, "incomplete: %s; go on with --start %llu", run->verdict, (unsigned long long)h->figures.next);
    else if (only_busy(&h->figures))
        run_set_verdict(run, EXIT_INCOMPLETE, "nothing could be judged: %zu of %ld requests were turned away with 408 or 429; --rate sends fewer",
                        h->figures.busy, h->figures.sent);
    else
        run_set_verdict(run, h->figures.failures ? EXIT_FAILED : EXIT_FINE, "%s: %zu finding%s, %zu of them failures, in %ld requests",
                        h->figures.failures ? "failed" : "passed", h->figures.findings, h->figures.findings == 1 ? "" : "s",
                        h->figures.failures, h->figures.sent);
}

/* Failures are stored first, so that the reports can name them. */
static bool write_all(struct hunt *h, char *why, size_t size)
{
    const struct options *o = h->options;
    const char *folder = o->failures ? o->failures : o->reports.count ? NULL : FAILURES_FOLDER;
    if (folder && !(failures_write(&h->result, folder, why, size) && campaign_save_replays(&h->result, folder, why, size))) return false;
    return reports_write(o, &h->result, why, size) && (!o->save_case || campaign_save_cases(&h->result, o->save_case, why, size));
}

static int hunt_run(struct hunt *h, char *why, size_t size)
{
    const struct options *o = h->options;
    struct campaign_options hunting = {.shots = h->shots,
                                       .target = &h->session.target,
                                       .against = o->against ? &h->against : NULL,
                                       .profile = o->profile,
                                       .limits = o->limits,
                                       .tolerance = {o->fail_on, o->allow},
                                       .start = (uint64_t)o->start,
                                       .jobs = o->jobs,
                                       .max_requests = o->max_requests || o->max_time_ms ? o->max_requests : REQUESTS_USUAL,
                                       .max_time_ms = o->max_time_ms,
                                       .shrink = o->shrink >= 0 ? o->shrink : SHRINK_USUAL,
                                       .rate_per_s = o->rate_per_s,
                                       .quiet = o->quiet,
                                       .live = isatty(STDERR_FILENO) != 0,
                                       .interrupted = session_watch_signals()};
    session_describe(&h->session, &h->result);
    enum run_end end = campaign_run(&hunting, &h->result, &h->figures);
    settle(h, end);
    bool written = write_all(h, why, size);
    fflush(stdout);
    if (!o->quiet && end != RUN_UNREACHABLE) print_figures(h);
    escape_terminal(stderr, h->result.verdict);
    putc('\n', stderr);
    return written ? h->result.exit_code : EXIT_BROKEN;
}

int fuzz_campaign(const struct options *options, const struct shots_options *making, char *why, size_t why_size)
{
    struct hunt h = {.options = options};
    struct shots_options own = *making;
    bool saves = !options->save_case || campaign_can_save(options->save_case, why, why_size);
    int code = saves ? prepare_target(&h, why, why_size) : EXIT_BROKEN;
    own.model = h.session.target.model;
    if (code == EXIT_FINE) {
        h.shots = shots_new(&own);
        if (h.shots) code = hunt_run(&h, why, why_size);
        else why_no_memory(why, why_size), code = EXIT_BROKEN;
    }
    shots_free(h.shots);
    session_end(&h.session);
    run_result_clear(&h.result);
    return code;
}
