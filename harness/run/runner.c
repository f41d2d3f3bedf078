/* runner.c: see runner.h. One loop feeds the pool with what its cases want to send, within the budgets, and hears what comes back. */
#include "harness/base/monotonic.h"
#include "harness/base/why.h"
#include "harness/run/task.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    TICK_MS = 50,
    FINDINGS_LISTED = 10000 /* of one answer: enough that no failure hides behind warnings */
};

/* --- the loop */

/* Ends the run early: what is under way is given up. */
static void stop(struct runner *r, char *verdict)
{
    if (r->end != RUN_COMPLETE && r->end != RUN_STOPPED) {
        free(verdict);
        return;
    }
    free(r->run->verdict);
    r->run->verdict = verdict;
    r->end = RUN_INCOMPLETE;
    r->stopping = true;
    http_pool_cancel(r->pool);
}

static void break_off(struct runner *r)
{
    free(r->run->broken);
    r->run->broken = strdup("memory ran out");
    r->end = RUN_BROKEN;
}

static void watch_budgets(struct runner *r)
{
    const struct runner_options *o = r->options;
    bool late = o->max_time_ms && o->spent_ms + monotonic_ms() - r->start_ms >= o->max_time_ms;
    if (o->interrupted && *o->interrupted) stop(r, strdup("interrupted"));
    else if (late) stop(r, why_text("the time of %g s is used up", (double)o->max_time_ms / 1000));
}

static bool may_send(struct runner *r)
{
    long most = r->reached ? r->options->jobs : 1;
    if (r->stopping || (long)r->flying >= most) return false;
    if (r->options->max_requests && r->sent >= r->options->max_requests) {
        if (r->flying == 0) stop(r, why_text("the budget of %ld requests is used up", r->options->max_requests));
        return false;
    }
    if (tokens_are_left(&r->tokens)) return true;
    if (r->flying == 0) stop(r, why_text("the budget of %ld tokens is used up", r->tokens.most));
    return false;
}

/* Who shows whether the endpoint can be asked at all: a case that asks nothing odd. */
static struct task *scout(struct runner *r)
{
    for (size_t i = 0; i < r->count; i++)
        if (r->tasks[i].state == TASK_READY && !r->tasks[i].test->steps[0].invalid && !r->tasks[i].test->steps[0].headers) return &r->tasks[i];
    return NULL;
}

/* Who sends next: the first that is due, or else the one that will be soonest; NULL when all are under way or done. */
static struct task *next_task(struct runner *r, long now)
{
    struct task *soonest = NULL;
    for (size_t i = 0; i < r->count; i++) {
        struct task *t = &r->tasks[i];
        if (t->state != TASK_READY) continue;
        if (t->not_before_ms <= now) return t;
        if (!soonest || t->not_before_ms < soonest->not_before_ms) soonest = t;
    }
    return soonest;
}

/* Sends what may be sent now; returns how long to wait for more, in milliseconds. */
static long feed(struct runner *r)
{
    while (may_send(r)) {
        long now = monotonic_ms(), pause_ms;
        struct task *t = r->reached ? NULL : scout(r);
        if (!t) t = next_task(r, now);
        if (!t) break;
        pause_ms = pace_wait_ms(&r->pace, now);
        if (pause_ms < tokens_wait_ms(&r->tokens, now)) pause_ms = tokens_wait_ms(&r->tokens, now);
        if (pause_ms < t->not_before_ms - now) pause_ms = t->not_before_ms - now;
        if (pause_ms > 0) return pause_ms < TICK_MS ? pause_ms : TICK_MS;
        pace_take(&r->pace);
        task_send(t);
    }
    return TICK_MS;
}

/* The pool does not wait while nothing is under way. */
static bool wait_for_answers(struct runner *r, long wait_ms)
{
    if (r->flying) return http_pool_step(r->pool, wait_ms);
    nanosleep(&(struct timespec){.tv_nsec = wait_ms * 1000000}, NULL);
    return true;
}

/* --- places */

static void prepare_task(struct runner *r, struct task *t, const struct selected *selected, struct case_result *result);

static void hand_back(const struct supply *supply, struct task *t)
{
    supply->ended(supply->context, t->test, t->result);
    case_result_clear(t->result);
    t->test = NULL;
}

/* Who has ended is handed back, and another takes the place. */
static void refill(struct runner *r)
{
    const struct supply *supply = r->options->supply;
    for (size_t i = 0; supply && i < r->count; i++) {
        struct task *t = &r->tasks[i];
        struct selected next;
        if (t->state != TASK_DONE) continue;
        if (t->test) hand_back(supply, t);
        if (r->stopping || r->drained || (r->drained = !supply->next(supply->context, &next))) continue;
        r->done--;
        prepare_task(r, t, &next, t->result);
    }
}

static void loop(struct runner *r)
{
    while (refill(r), r->done < r->count) {
        watch_budgets(r);
        long wait_ms = feed(r);
        if (r->done == r->count) continue; /* without anything to wait for, but maybe not without more to come */
        if (r->flying == 0 && r->stopping) return;
        if (!wait_for_answers(r, wait_ms) || r->court.failed) {
            break_off(r);
            return;
        }
    }
}

/* --- before and after */

/* What is said of a capability that the case needs, when that keeps it from being sent: "NAME=no" or "NAME=silent"; or NULL. */
static const char *lacking(const struct runner *r, const struct suite_case *test)
{
    for (size_t i = 0; test->needs && test->needs[i]; i++)
        for (size_t k = 0; k < r->options->capabilities.count; k++) {
            const char *said = r->options->capabilities.items[k];
            size_t length = strlen(test->needs[i]);
            if (strncmp(said, test->needs[i], length) == 0 && (strcmp(said + length, "=no") == 0 || strcmp(said + length, "=silent") == 0))
                return said;
        }
    return NULL;
}

static bool ends_silent(const char *said) { return strcmp(strchr(said, '='), "=silent") == 0; }

/* A case is not sent for what the endpoint is known to lack: to say so honestly is no fault of the endpoint, to pass over it is. */
static void gate(struct runner *r, const struct suite_case *test, const char *said, struct case_result *result)
{
    int length = (int)strcspn(said, "=");
    if (ends_silent(said)) verdict_ignored(&r->court, test, said, result);
    if (ends_silent(said)) outcome_settle(&r->options->tolerance, &(struct trial){.times = 1, .needed = 1}, result);
    else outcome_set(result, CASE_UNSUPPORTED, why_text("the target lacks the capability %.*s", length, said));
    r->failures += result->state == CASE_FAIL;
}

static void prepare_task(struct runner *r, struct task *t, const struct selected *selected, struct case_result *result)
{
    *t = (struct task){.runner = r, .test = selected->test, .result = result};
    t->trial = trial_begin(selected->test, r->options->repeat);
    if (!outcome_begin(result, selected->suite, selected->test)) r->court.failed = true;
    const char *said = lacking(r, selected->test);
    if (!said) return;
    gate(r, selected->test, said, result);
    t->state = TASK_DONE;
    r->done++;
}

static bool prepare(struct runner *r, const struct selected *cases, size_t count)
{
    const struct target *target = r->options->target;
    struct cc_options judging = {.profile = r->options->profile, .limits = r->options->limits,
                                 .no_bearer = strcmp(target->auth, "bearer") != 0};
    if (!judging.limits.findings) judging.limits.findings = FINDINGS_LISTED;
    r->court = (struct court){.checker = cc_checker_new(&judging), .options = judging, .target = target, .only_expectations = r->options->only_expectations};
    r->own = cc_checker_new(&judging);
    r->pool = http_pool_new();
    r->tasks = calloc(count, sizeof *r->tasks);
    r->run->cases = calloc(count, sizeof *r->run->cases);
    if (!r->court.checker || !r->own || !r->pool || !r->tasks || !r->run->cases) return false;
    r->run->case_count = r->count = count;
    r->start_ms = monotonic_ms();
    r->sent = (long)r->options->spent_requests;
    r->pace = pace_new(r->options->rate_per_s, r->start_ms);
    r->tokens = (struct token_budget){.most = r->options->max_tokens, .spent = r->options->spent_tokens, .per_minute = r->options->tokens_per_minute};
    for (size_t i = 0; cases && i < count; i++) prepare_task(r, &r->tasks[i], &cases[i], &r->run->cases[i]);
    for (size_t i = 0; !cases && i < count; i++, r->done++) r->tasks[i] = (struct task){.state = TASK_DONE, .result = &r->run->cases[i]};
    return !r->court.failed;
}

/* What was not run is said to be skipped, each case with why. */
static void leave_out(struct runner *r)
{
    const char *why = r->run->verdict ? r->run->verdict : r->run->broken ? r->run->broken : "the run ended early";
    for (size_t i = 0; i < r->count; i++) {
        struct task *t = &r->tasks[i];
        if (t->state == TASK_DONE) continue;
        r->run->not_run++;
        outcome_set(t->result, CASE_SKIP, why_text("not run: %s", why));
        task_clear(t);
    }
}

enum run_end runner_run(const struct runner_options *options, const struct selected *cases, size_t count, struct run_result *run)
{
    struct runner r = {.options = options, .run = run};
    if (prepare(&r, cases, count)) loop(&r);
    else break_off(&r);
    r.stopping = true;
    refill(&r);
    leave_out(&r);
    run->duration_ms = monotonic_ms() - r.start_ms;
    run->requests = r.sent - options->spent_requests;
    run->tokens = r.tokens.spent - options->spent_tokens;
    http_pool_free(r.pool);
    cc_checker_free(r.court.checker);
    cc_checker_free(r.own);
    free(r.tasks);
    return r.end;
}
