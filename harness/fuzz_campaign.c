/* fuzz_campaign.c: `chatconform fuzz` against an endpoint: the target, the campaign, the reports, the exit code. */
#include "harness/fuzz.h"

#include "harness/campaign.h"
#include "harness/conclude.h"
#include "harness/secrets.h"
#include "harness/why.h"
#include "harness/writing.h"
#include "endpoint/endpoint.h"
#include "reports/report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { REQUESTS_USUAL = 2000, SHRINK_USUAL = 200 };

/* One run of the command. */
struct hunt {
    const struct options *options;
    struct target target, against;
    struct secrets secrets;
    char base_url[64]; /* of the embedded endpoint */
    struct endpoint *embedded;
    struct shots *shots;
    struct run_result result;
    struct campaign_figures figures;
};

static volatile sig_atomic_t interrupted;

static void note_interrupt(int number)
{
    (void)number;
    if (interrupted) _exit(EXIT_INCOMPLETE); /* the second one does not wait */
    interrupted = 1;
}

static void watch_signals(void)
{
    struct sigaction action = {.sa_handler = note_interrupt};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

/* --- the target */

static bool start_embedded(struct hunt *h, char *why, size_t size)
{
    struct endpoint_options serving = {.profile = h->options->profile};
    h->embedded = endpoint_start(&serving, why, size);
    if (!h->embedded) return false;
    snprintf(h->base_url, sizeof h->base_url, "http://127.0.0.1:%d/v1", endpoint_port(h->embedded));
    h->target.base_url = h->base_url;
    if (!h->target.model) h->target.model = "reference";
    fprintf(stderr, "no --base-url: fuzzing the embedded reference endpoint at %s\n", h->base_url);
    return true;
}

static bool check_url(const char *flag, const char *url, char *why, size_t size)
{
    char inner[512];
    if (!http_url_allowed(url, inner, sizeof inner)) return why_not(why, size, "%s: %s", flag, inner);
    return !strchr(url, '?') || why_not(why, size, "%s: the URL has a query; give it with --query", flag);
}

/* EXIT_FINE, or the exit code with one sentence. */
static int prepare_target(struct hunt *h, char *why, size_t size)
{
    const struct options *o = h->options;
    h->target = (struct target){.base_url = o->base_url,
                                .path = o->path ? o->path : "/chat/completions",
                                .query = o->query,
                                .model = o->model,
                                .auth = o->auth ? o->auth : "bearer",
                                .headers = o->headers.items,
                                .timeouts = &o->timeouts,
                                .insecure = o->insecure,
                                .ca = o->ca,
                                .proxy = o->proxy};
    if (!o->base_url && !start_embedded(h, why, size)) return EXIT_BROKEN;
    if (o->base_url && !check_url("--base-url", o->base_url, why, size)) return EXIT_USAGE;
    if (o->against && !check_url("--against", o->against, why, size)) return EXIT_USAGE;
    if (o->base_url && !o->model) {
        why_not(why, size, "--model NAME is needed: the model to ask for");
        return EXIT_USAGE;
    }
    if (!secrets_find(&h->secrets, o, h->target.base_url, h->embedded != NULL, why, size)) return EXIT_USAGE;
    h->target.key = h->secrets.key;
    h->target.key_name = h->secrets.key_name;
    h->target.redactor = h->secrets.redactor;
    h->against = h->target;
    h->against.base_url = o->against;
    return EXIT_FINE;
}

/* --- the campaign */

static char *copy_text(const char *text) { return strdup(text ? text : ""); }

static void describe_run(struct hunt *h)
{
    char host[256] = "";
    const char *epoch = getenv("SOURCE_DATE_EPOCH");
    gethostname(host, sizeof host - 1);
    h->result.version = copy_text(cc_version());
    h->result.profile = copy_text(cc_profile_name(h->options->profile));
    h->result.target = copy_text(h->target.base_url);
    h->result.model = copy_text(h->target.model);
    h->result.hostname = copy_text(host);
    h->result.seed = (unsigned long)h->options->seed;
    h->result.embedded = h->embedded != NULL;
    h->result.started = epoch && *epoch ? (time_t)strtoll(epoch, NULL, 10) : time(NULL);
}

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

static void settle(struct hunt *h, enum run_end end)
{
    struct run_result *run = &h->result;
    const char *broken = run->broken ? run->broken : "memory ran out";
    if (end == RUN_BROKEN) run_set_verdict(run, EXIT_BROKEN, "%s", broken);
    else if (end == RUN_UNREACHABLE) run_set_verdict(run, EXIT_UNREACHABLE, "%s", broken);
    else if (end == RUN_INCOMPLETE)
        run_set_verdict(run, EXIT_INCOMPLETE, "incomplete: %s; go on with --start %llu", run->verdict, (unsigned long long)h->figures.next);
    else
        run_set_verdict(run, h->figures.failures ? EXIT_FAILED : EXIT_FINE, "%s: %zu finding%s, %zu of them failures, in %ld requests",
                        h->figures.failures ? "failed" : "passed", h->figures.findings, h->figures.findings == 1 ? "" : "s",
                        h->figures.failures, h->figures.sent);
}

static int hunt_run(struct hunt *h, char *why, size_t size)
{
    const struct options *o = h->options;
    struct campaign_options hunting = {.shots = h->shots,
                                       .target = &h->target,
                                       .against = o->against ? &h->against : NULL,
                                       .profile = o->profile,
                                       .limits = o->limits,
                                       .tolerance = {o->fail_on ? o->fail_on : "must", o->allow},
                                       .start = (uint64_t)o->start,
                                       .jobs = o->jobs,
                                       .max_requests = o->max_requests || o->max_time_ms ? o->max_requests : REQUESTS_USUAL,
                                       .max_time_ms = o->max_time_ms,
                                       .shrink = o->shrink >= 0 ? o->shrink : SHRINK_USUAL,
                                       .rate_per_s = o->rate_per_s,
                                       .quiet = o->quiet,
                                       .live = isatty(STDERR_FILENO) != 0,
                                       .interrupted = &interrupted};
    describe_run(h);
    watch_signals();
    enum run_end end = campaign_run(&hunting, &h->result, &h->figures);
    settle(h, end);
    bool written = reports_write(o, &h->result, why, size);
    if (written && o->save_case) written = campaign_save_cases(&h->result, o->save_case, why, size);
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
    int code = prepare_target(&h, why, why_size);
    own.model = h.target.model;
    if (code == EXIT_FINE) {
        h.shots = shots_new(&own);
        if (h.shots) code = hunt_run(&h, why, why_size);
        else why_no_memory(why, why_size), code = EXIT_BROKEN;
    }
    shots_free(h.shots);
    if (h.embedded) endpoint_stop(h.embedded);
    run_result_clear(&h.result);
    secrets_clear(&h.secrets);
    return code;
}
