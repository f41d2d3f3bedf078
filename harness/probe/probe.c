/* probe.c: see probe.h. */
#include "harness/probe/probe.h"

#include "harness/base/glob.h"
#include "harness/base/why.h"
#include "harness/probe/probe_judge.h"
#include "harness/run/progress.h"
#include "harness/run/select.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The plain question: while it is refused too, no refusal says anything. */
static const char plain[] = "chat", streams[] = "stream";

/* One go at an endpoint. */
struct probing {
    const struct session *session;
    struct suite_set suites;
    struct selected *cases;   /* each probe as often as it is tried */
    size_t count;
    struct probe_try *judged; /* the tries, in the order of the cases */
    struct probe_try *sorted; /* those for one capability */
    struct run_result *run;
};

static const char *capability_of(const struct suite_case *test) { return test->needs && test->needs[0] ? test->needs[0] : ""; }

/* --- which probes */

static bool is_among(const struct texts *names, const char *name)
{
    for (size_t i = 0; i < names->count; i++)
        if (strcmp(names->items[i], name) == 0) return true;
    return false;
}

/* Whatever is asked for, the plain question comes first, and whether it streams decides what streams can tell. */
static bool is_wanted(const struct texts *only, const char *name)
{
    return !only || only->count == 0 || is_among(only, name) || strcmp(name, plain) == 0 || strcmp(name, streams) == 0;
}

static bool check_names(const struct probing *p, const struct texts *only, char *why, size_t size)
{
    for (size_t i = 0; only && i < only->count; i++) {
        struct nearest nearest = nearest_to(only->items[i]);
        bool known = false;
        for (size_t s = 0; s < p->suites.count; s++)
            for (size_t c = 0; c < p->suites.suites[s].count; c++) {
                const char *name = capability_of(&p->suites.suites[s].cases[c]);
                known |= strcmp(name, only->items[i]) == 0;
                nearest_try(&nearest, name);
            }
        if (known) continue;
        if (!nearest.best) return why_not(why, size, "no probe looks for %s", only->items[i]);
        return why_not(why, size, "no probe looks for %s; did you mean %s?", only->items[i], nearest.best);
    }
    return true;
}

static bool select_probes(struct probing *p, const struct texts *only, long tries)
{
    size_t total = 0;
    for (size_t i = 0; i < p->suites.count; i++) total += p->suites.suites[i].count;
    p->cases = calloc(total * (size_t)tries + 1, sizeof *p->cases);
    for (size_t i = 0; p->cases && i < p->suites.count; i++)
        for (size_t k = 0; k < p->suites.suites[i].count; k++)
            for (long t = 0; t < tries && is_wanted(only, capability_of(&p->suites.suites[i].cases[k])); t++)
                p->cases[p->count++] = (struct selected){&p->suites.suites[i], &p->suites.suites[i].cases[k]};
    return p->cases != NULL;
}

/* --- what they showed */

static bool judge_tries(struct probing *p)
{
    p->judged = calloc(p->count + 1, sizeof *p->judged);
    p->sorted = calloc(p->count + 1, sizeof *p->sorted);
    for (size_t i = 0; p->judged && i < p->count; i++) p->judged[i] = probe_judge(p->cases[i].test, &p->run->cases[i]);
    return p->judged && p->sorted;
}

static struct capability_result conclude(struct probing *p, const char *name, bool plain_only)
{
    size_t count = 0;
    for (size_t i = 0; i < p->count; i++)
        if (strcmp(capability_of(p->judged[i].test), name) == 0) p->sorted[count++] = p->judged[i];
    return probe_conclude(name, p->sorted, count, plain_only);
}

static enum capability_verdict verdict_of(struct probing *p, const char *name)
{
    struct capability_result result = conclude(p, name, false);
    free(result.name);
    free(result.evidence);
    return result.verdict;
}

static bool is_told(const struct run_result *run, const char *name)
{
    for (size_t i = 0; i < run->capability_count; i++)
        if (strcmp(run->capabilities[i].name, name) == 0) return true;
    return false;
}

/* Where a plain question is refused, or fails, a refusal says nothing about what it names. */
static void forget_refusals(struct probing *p)
{
    for (size_t i = 0; i < p->count; i++)
        if (p->judged[i].verdict == TRY_HONEST && p->judged[i].result->exchanges[0].request) p->judged[i].verdict = TRY_PROVES_NOTHING;
}

/* What nobody was asked about, as somebody has said that it is not there, is no part of the map. */
static bool conclude_all(struct probing *p)
{
    struct run_result *run = p->run;
    run->capabilities = calloc(p->count + 1, sizeof *run->capabilities);
    if (!run->capabilities) return false;
    if (verdict_of(p, plain) != CAPABILITY_SUPPORTED) forget_refusals(p);
    bool plain_only = verdict_of(p, streams) != CAPABILITY_SUPPORTED;
    for (size_t i = 0; i < p->count; i++) {
        const char *name = capability_of(p->judged[i].test);
        if (p->run->cases[i].state == CASE_UNSUPPORTED || is_told(run, name)) continue;
        struct capability_result *made = &run->capabilities[run->capability_count++];
        *made = conclude(p, name, plain_only && strcmp(name, streams) != 0);
        if (!made->name || !made->evidence) return false;
    }
    return true;
}

/* --- the tries as cases of a report */

static bool replace(char **text, char *made)
{
    if (!made) return false;
    free(*text);
    *text = made;
    return true;
}

static void drop_findings(struct case_result *result)
{
    for (size_t i = 0; i < result->finding_count; i++) result_finding_clear(&result->findings[i]);
    result->finding_count = 0;
}

/* What is ignored silently stays a finding; for it to fail is for the user to say. */
static bool name_finding(struct case_result *result, const char *capability)
{
    while (result->finding_count > 1) result_finding_clear(&result->findings[--result->finding_count]);
    struct result_finding *finding = &result->findings[0];
    finding->severity = CC_WARNING;
    return replace(&finding->rule, why_text("capability.%s", capability));
}

static bool settle_try(struct case_result *result, const struct probe_try *try)
{
    static const enum case_state states[TRY_VERDICT_COUNT] = {
        [TRY_SUPPORTED] = CASE_PASS, [TRY_HONEST] = CASE_UNSUPPORTED, [TRY_SILENT] = CASE_WARN,
        [TRY_PROVES_NOTHING] = CASE_SKIP, [TRY_TROUBLE] = CASE_ERROR,
    };
    if (!try->evidence) return false;
    if (try->verdict == TRY_LEFT_OUT) return true;
    if (try->verdict == TRY_SILENT && result->finding_count) {
        if (!name_finding(result, capability_of(try->test))) return false;
    } else {
        drop_findings(result);
    }
    outcome_set(result, states[try->verdict], try->verdict == TRY_SUPPORTED ? NULL : strdup(try->evidence));
    return true;
}

/* Each try has a name of its own: reports know a case by it. */
static bool settle_tries(struct probing *p, long tries)
{
    bool fine = true;
    for (size_t i = 0; fine && i < p->count; i++) {
        struct case_result *result = &p->run->cases[i];
        fine = settle_try(result, &p->judged[i]);
        if (fine && tries > 1) fine = replace(&result->id, why_text("%s/try:%zu", result->id, i % (size_t)tries + 1));
    }
    return fine;
}

/* --- all of it */

static enum run_end send_probes(struct probing *p)
{
    const struct session *session = p->session;
    const struct options *o = session->options;
    struct progress progress = {.live = isatty(STDERR_FILENO), .quiet = o->quiet, .probes = true};
    struct runner_options running = {.target = &session->target, .profile = o->profile, .limits = o->limits,
                                     .tolerance = {.fail_on = fail_on_find("must")}, .capabilities = o->capabilities, .jobs = o->jobs, .attempts = o->attempts,
                                     .max_requests = o->max_requests, .max_time_ms = o->max_time_ms, .rate_per_s = o->rate_per_s,
                                     .max_tokens = o->max_tokens, .tokens_per_minute = o->tokens_per_minute,
                                     .only_expectations = true, .interrupted = session_watch_signals(), .progress = progress_show,
                                     .progress_context = &progress};
    enum run_end end = runner_run(&running, p->cases, p->count, p->run);
    progress_end(&progress);
    return end;
}

static void clear(struct probing *p)
{
    for (size_t i = 0; p->judged && i < p->count; i++) free(p->judged[i].evidence);
    free(p->judged);
    free(p->sorted);
    free(p->cases);
    suite_set_clear(&p->suites);
}

enum run_end probe_run(const struct session *session, const struct texts *only, struct run_result *run, bool *bad_usage, char *why,
                       size_t why_size)
{
    struct probing p = {.session = session, .run = run};
    long tries = session->options->repeat ? session->options->repeat : PROBE_TRIES;
    enum run_end end = RUN_BROKEN;
    *bad_usage = !probes_select(&p.suites, why, why_size) || !check_names(&p, only, why, why_size);
    if (!*bad_usage && select_probes(&p, only, tries)) end = send_probes(&p);
    bool known = end == RUN_COMPLETE || end == RUN_INCOMPLETE;
    if (known && !(judge_tries(&p) && conclude_all(&p) && settle_tries(&p, tries))) end = RUN_BROKEN;
    if (end == RUN_BROKEN && !*bad_usage) why_no_memory(why, why_size);
    clear(&p);
    return end;
}

/* --- gates */

bool probe_gate(const struct run_result *run, struct options *options)
{
    for (size_t i = 0; i < run->capability_count; i++) {
        const struct capability_result *c = &run->capabilities[i];
        if ((c->verdict != CAPABILITY_HONEST && c->verdict != CAPABILITY_SILENT) || capability_is_said(&options->capabilities, c->name)) continue;
        char *said = why_text("%s=%s", c->name, c->verdict == CAPABILITY_HONEST ? "no" : "silent");
        if (!said || !texts_add(&options->owned, said)) {
            free(said);
            return false;
        }
        if (!texts_add(&options->capabilities, said)) return false;
    }
    return true;
}
