/* task.c: see task.h. A case is a small machine: compose a request, send it, judge the answer; then the control, the next step or the next
 * round. */
#include "harness/run/task.h"

#include "harness/base/monotonic.h"
#include "harness/base/why.h"
#include "harness/run/clock.h"
#include "harness/run/compose.h"
#include "harness/run/evidence.h"
#include "harness/run/retry.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { SILENT_MAX = 3 }; /* cases in a row that got no answer at all, from the first on, before the run gives up */

/* --- the end of a case */

void task_clear(struct task *t)
{
    variables_clear(&t->variables);
    wire_clear(&t->wire);
    free(t->trial.trouble);
    t->trial.trouble = NULL;
}

static void stop_after_failures(struct runner *r)
{
    if (!r->options->fail_fast || (long)r->failures < r->options->fail_fast || r->stopping) return;
    r->stopping = true;
    r->end = RUN_STOPPED;
    r->run->verdict = why_text("stopped after %zu failure%s, as --fail-fast asks", r->failures, r->failures == 1 ? "" : "s");
}

static void finish(struct task *t)
{
    struct runner *r = t->runner;
    t->result->duration_ms = monotonic_ms() - t->started_ms;
    outcome_settle(&r->options->tolerance, &t->trial, t->result);
    task_clear(t);
    t->state = TASK_DONE;
    r->done++;
    r->failures += t->result->state == CASE_FAIL || case_is_unjudged(t->result);
    stop_after_failures(r);
    if (r->options->progress) r->options->progress(r->options->progress_context, r->run, r->done, t->result);
}

/* The case could not be judged. The sentence may quote the request, with what the environment put into it. */
static void trouble(struct task *t, const char *why)
{
    free(t->trial.trouble);
    t->trial.trouble = evidence_text(&t->runner->court, why);
    finish(t);
}

/* --- sending */

static void heard(void *context, const struct http_reply *reply);

static void send_request(struct task *t)
{
    struct runner *r = t->runner;
    char why[1024];
    struct composition composition = {r->options->target, &t->test->steps[t->step], &t->variables, r->own, t->control};
    wire_clear(&t->wire);
    if (!compose(&composition, &t->wire, why, sizeof why)) {
        trouble(t, why);
        return;
    }
    struct http_request request = wire_request(&t->wire, r->options->target, r->options->limits.stream);
    t->state = TASK_FLYING;
    r->flying++;
    r->sent++;
    t->tokens = tokens_expected(t->wire.request, t->wire.body_length);
    tokens_reserve(&r->tokens, t->tokens);
    if (http_pool_start(r->pool, &request, heard, t)) return;
    r->flying--;
    trouble(t, "memory ran out");
}

static void begin_round(struct task *t)
{
    const struct target *target = t->runner->options->target;
    variables_clear(&t->variables);
    t->step = 0;
    t->control = false;
    t->attempt = 1;
    t->round_findings = t->result->finding_count;
    if (!variables_begin(&t->variables, t->test->variables, t->runner->options->env.items) ||
        !variables_set_text(&t->variables, "model", target->model ? target->model : "") ||
        !variables_set_text(&t->variables, "base_url", target->base_url))
        t->runner->court.failed = true;
}

void task_send(struct task *t)
{
    if (t->attempt == 0) {
        t->started_ms = monotonic_ms();
        begin_round(t);
    }
    send_request(t);
}

/* --- an endpoint that cannot be tested */

static bool nobody_there(enum http_fault fault)
{
    return fault == HTTP_BAD_REQUEST || fault == HTTP_DNS || fault == HTTP_REFUSED || fault == HTTP_CONNECT_TIMEOUT || fault == HTTP_TLS;
}

static bool refuses_key(const struct task *t, const struct http_reply *reply)
{
    const struct suite_step *step = &t->test->steps[t->step];
    return (reply->status == 401 || reply->status == 403) && !step->headers && !(step->invalid && !t->control);
}

static char *refusal(const struct target *target, int status)
{
    if (target->key && !target->keyless)
        return why_text("the endpoint %s refused the key (status %d); the key comes from %s", target->base_url, status, target->key_name);
    return why_text("the endpoint %s asks for a key (status %d), and none was given%s%s%s", target->base_url, status,
                    target->key ? ": the environment variable " : "; --auth none sends none", target->key ? target->key_name : "",
                    target->key ? " is not set" : "");
}

/* Why there is no sense in sending the other requests; NULL when there is. Until something has answered only one is under way. */
static char *hopeless(struct task *t, const struct http_reply *reply)
{
    struct runner *r = t->runner;
    const struct target *target = r->options->target;
    if (r->reached) return NULL;
    if (nobody_there(reply->fault)) return why_text("the endpoint %s cannot be reached: %s", target->base_url, reply->why);
    if (refuses_key(t, reply)) return refusal(target, reply->status);
    r->reached = reply->status != 0;
    if (r->reached || ++r->silent < SILENT_MAX) return NULL;
    return why_text("the endpoint %s answers nothing: %s", target->base_url, reply->why);
}

static void give_up(struct task *t, char *why)
{
    struct runner *r = t->runner;
    r->run->broken = why;
    r->end = RUN_UNREACHABLE;
    r->stopping = true;
    trouble(t, why);
}

/* --- hearing an answer */

/* The round is over, well or not; the next one, or the end. */
static void end_round(struct task *t)
{
    const struct tolerance *tolerance = &t->runner->options->tolerance;
    t->trial.passed += outcome_failure(tolerance, t->result, t->round_findings) == NULL;
    t->trial.rule_broken |= outcome_breaks_rule(tolerance, t->result, t->round_findings);
    if (++t->trial.rounds < t->trial.times && !t->trial.rule_broken) {
        begin_round(t);
        t->state = TASK_READY;
    } else {
        finish(t);
    }
}

/* What follows an answer that is as it should be: the control, the next step, or the end of the round. */
static void go_on(struct task *t)
{
    bool has_control = !t->control && t->test->steps[t->step].control, has_step = t->step + 1 < t->test->step_count;
    t->attempt = 1;
    t->control = has_control;
    if (!has_control && !has_step) {
        end_round(t);
        return;
    }
    if (!has_control) t->step++;
    t->state = TASK_READY;
}

/* Without what the next step needs the case cannot go on; that the answer lacks it is no rule of the API. */
static bool capture(struct task *t, struct json_object *body, char *why, size_t size)
{
    struct json_object *wanted = t->test->steps[t->step].capture;
    return t->control || !wanted || variables_capture(&t->variables, wanted, body, why, size);
}

/* An answer that does not say what it cost cost what was expected; a refusal costs nothing. */
static void settle_tokens(struct task *t, const struct http_reply *reply, struct json_object *answer)
{
    long told = tokens_used(answer), used = told >= 0 ? told : reply->status / 100 == 2 ? t->tokens : 0;
    tokens_settle(&t->runner->tokens, t->tokens, used);
    t->tokens = 0;
}

static void judge(struct task *t, const struct http_reply *reply, const char *purpose)
{
    char why[512], stream[128];
    struct hearing hearing = {.test = t->test, .step = &t->test->steps[t->step], .purpose = purpose, .control = t->control, .wire = &t->wire,
                              .reply = reply, .variables = &t->variables};
    verdict_hear(&t->runner->court, &hearing, t->result);
    settle_tokens(t, reply, hearing.body);
    bool failed = outcome_failure(&t->runner->options->tolerance, t->result, t->round_findings) != NULL;
    const struct supply *supply = t->runner->options->supply;
    if (supply) supply->answered(supply->context, t->test, reply, hearing.body);
    if (reply->fault != HTTP_FINE) {
        const struct case_result *result = t->result;
        if (result->exchange_count) clock_fault(&result->exchanges[result->exchange_count - 1].stream, reply->fault, stream, sizeof stream);
        snprintf(why, sizeof why, "%s%s [%s]", result->exchange_count ? stream : "", reply->why, http_fault_name(reply->fault));
        trouble(t, why);
    } else if (hearing.trouble) {
        trouble(t, hearing.trouble);
    } else if (failed && retry_may_help(hearing.step, reply)) { /* a server that has no time was not asked */
        snprintf(why, sizeof why, "turned away with status %d%s; --attempts N tries again, --rate N/m sends fewer", reply->status,
                 t->attempt > 1 ? " at every attempt" : "");
        trouble(t, why);
    } else if (failed) {
        end_round(t);
    } else if (!capture(t, hearing.body, why, sizeof why)) {
        t->trial.blocked = true;
        trouble(t, why);
    } else {
        go_on(t);
    }
    json_object_put(hearing.body);
}

static void say_purpose(const struct task *t, char *out, size_t size)
{
    char attempt[32] = "", round[32] = "";
    if (t->attempt > 1) snprintf(attempt, sizeof attempt, ", attempt %ld", t->attempt);
    if (t->trial.times > 1) snprintf(round, sizeof round, ", round %ld", t->trial.rounds + 1);
    snprintf(out, size, "%sstep %zu%s%s", t->control ? "control of " : "", t->step + 1, attempt, round);
}

static void try_again(struct task *t, const struct http_reply *reply)
{
    t->not_before_ms = monotonic_ms() + retry_delay_ms(reply, t->attempt, time(NULL));
    t->trial.tried_again |= reply->fault != HTTP_FINE;
    t->attempt++;
    t->state = TASK_READY;
}

static void heard(void *context, const struct http_reply *reply)
{
    struct task *t = context;
    struct runner *r = t->runner;
    char purpose[96], *why;
    r->flying--;
    if (reply->fault == HTTP_CANCELLED) { /* it was not judged, so it was not run */
        settle_tokens(t, reply, NULL);
        t->state = TASK_READY;
        return;
    }
    say_purpose(t, purpose, sizeof purpose);
    struct hearing hearing = {.purpose = purpose, .wire = &t->wire, .reply = reply};
    if (t->attempt < r->options->attempts && !r->stopping && retry_may_help(&t->test->steps[t->step], reply)) {
        evidence_store(&r->court, &hearing, t->result);
        settle_tokens(t, reply, NULL);
        try_again(t, reply);
    } else if ((why = hopeless(t, reply)) != NULL) {
        evidence_store(&r->court, &hearing, t->result);
        give_up(t, why);
    } else {
        judge(t, reply, purpose);
    }
}

