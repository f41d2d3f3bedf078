/* runner.c: each case is a small machine (expand, send, judge, next step); one loop feeds the pool and hears what comes back. */
#include "harness/runner.h"

#include "harness/pointer.h"
#include "harness/verdict.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { TICK_MS = 50, RETRY_FIRST_MS = 500, RETRY_AFTER_MAX_MS = 60000 };

enum task_state { TASK_READY, TASK_FLYING, TASK_DONE };

/* A case on its way. */
struct task {
    struct runner *runner;
    const struct suite *suite;
    const struct suite_case *test;
    struct case_result *result;
    enum task_state state;
    size_t step;
    bool control;          /* the step's control request is next, or under way */
    long attempt;          /* of this request, from 1 */
    bool tried_again;      /* some request broke on the way and was sent again */
    long round, passed;    /* of `repeat` */
    size_t round_findings; /* where this round's findings begin */
    bool rule_broken;      /* a rule of the catalogue did not hold: no repetition excuses that */
    long started_ms, not_before_ms;
    struct variables variables;
    struct wire wire;
    char *own_trouble;     /* a mistake of the case itself */
};

struct runner {
    const struct runner_options *options;
    struct run_result *run;
    struct court court;
    struct cc_checker *own;  /* judges what we send */
    struct http_pool *pool;
    struct task *tasks;
    size_t count, flying, done, failures;
    long sent;
    long start_ms;
    double allowance;        /* requests that the rate allows now */
    long allowance_ms;
    bool reached;            /* the endpoint has answered something that is no refusal of the key */
    bool stopping;
    enum run_end end;
};

static long now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (long)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static char *sentence(const char *format, ...) __attribute__((format(printf, 1, 2)));
static char *sentence(const char *format, ...)
{
    char text[1500];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    return strdup(text);
}

/* --- states of a case */

/* Rule ids have dots where paths have slashes; the globs are the same. */
static bool tolerated(const struct runner *r, const char *rule)
{
    char path[256];
    for (size_t i = 0; i < r->options->allow.count; i++) {
        char glob[256];
        snprintf(path, sizeof path, "%s", rule);
        snprintf(glob, sizeof glob, "%s", r->options->allow.items[i]);
        for (char *c = path; *c; c++) *c = *c == '.' ? '/' : *c;
        for (char *c = glob; *c; c++) *c = *c == '.' ? '/' : *c;
        if (glob_match(glob, path)) return true;
    }
    return false;
}

static bool counts_as_failure(const struct runner *r, const struct result_finding *f)
{
    const char *on = r->options->fail_on;
    if (strcmp(on, "never") == 0 || f->severity == CC_NOTE || tolerated(r, f->rule)) return false;
    if (f->severity == CC_ERROR) return true;
    if (strcmp(on, "warning") == 0) return true;
    if (strcmp(on, "should") == 0) return f->level == CC_SHOULD;
    return strcmp(on, "portability") == 0 && (f->level == CC_SHOULD || f->level == CC_PORTABILITY);
}

static const struct result_finding *first_failure(const struct runner *r, const struct case_result *result, size_t from)
{
    for (size_t i = from; i < result->finding_count; i++)
        if (counts_as_failure(r, &result->findings[i])) return &result->findings[i];
    return NULL;
}

static const struct result_finding *first_warning(const struct case_result *result)
{
    for (size_t i = 0; i < result->finding_count; i++)
        if (result->findings[i].severity != CC_NOTE) return &result->findings[i];
    return NULL;
}

static void set_state(struct case_result *result, enum case_state state, char *reason)
{
    free(result->reason);
    result->state = state;
    result->reason = reason;
}

static void settle(struct task *t)
{
    struct case_result *result = t->result;
    const struct result_finding *failure = first_failure(t->runner, result, 0), *warning = first_warning(result);
    bool often_enough = t->passed >= t->test->repeat_pass && !t->rule_broken;
    if (t->own_trouble) {
        set_state(result, CASE_ERROR, t->own_trouble);
        t->own_trouble = NULL;
    } else if (failure && !often_enough) {
        set_state(result, CASE_FAIL, sentence("%s", failure->message ? failure->message : failure->rule));
    } else if (failure) {
        set_state(result, CASE_FLAKY, sentence("passed %ld of %ld times", t->passed, t->test->repeat_times));
    } else if (t->tried_again) {
        set_state(result, CASE_FLAKY, sentence("passed after %s", "a failed attempt"));
    } else if (warning) {
        set_state(result, CASE_WARN, sentence("%s", warning->message ? warning->message : warning->rule));
    } else {
        set_state(result, CASE_PASS, NULL);
    }
}

static void finish(struct task *t)
{
    struct runner *r = t->runner;
    t->result->duration_ms = now_ms() - t->started_ms;
    settle(t);
    variables_clear(&t->variables);
    wire_clear(&t->wire);
    t->state = TASK_DONE;
    r->done++;
    if (t->result->state == CASE_FAIL || t->result->state == CASE_ERROR) r->failures++;
    if (r->options->fail_fast && (long)r->failures >= r->options->fail_fast && !r->stopping) {
        r->stopping = true;
        r->end = RUN_STOPPED;
        r->run->verdict = sentence("stopped after %zu failure%s, as --fail-fast asks", r->failures, r->failures == 1 ? "" : "s");
    }
    if (r->options->progress) r->options->progress(r->options->progress_context, r->run, r->done, t->result);
}

static void trouble(struct task *t, const char *why)
{
    free(t->own_trouble);
    t->own_trouble = strdup(why);
    finish(t);
}

/* --- making a request */

static struct json_object *changed(struct task *t, struct json_object *request, const char *pointer, struct json_object *value, bool set)
{
    struct json_object *to = NULL;
    const char *why = "";
    bool fine = set ? pointer_set(request, pointer, value, &to, &why) : pointer_remove(request, pointer, &to, &why);
    json_object_put(request);
    if (fine) return to;
    t->own_trouble = sentence("the control cannot change %s: %s", pointer, why);
    return NULL;
}

/* The request without its fault: what `remove` names is taken out, what `set` names replaced. */
static struct json_object *control_request(struct task *t, struct json_object *request, struct json_object *control)
{
    struct json_object *remove = NULL, *set = NULL;
    json_object_object_get_ex(control, "remove", &remove);
    json_object_object_get_ex(control, "set", &set);
    for (size_t i = 0; request && remove && i < json_object_array_length(remove); i++)
        request = changed(t, request, json_object_get_string(json_object_array_get_idx(remove, i)), NULL, false);
    if (!set) return request;
    json_object_object_foreach(set, pointer, value)
        if (request) request = changed(t, request, pointer, value, true);
    return request;
}

/* What we send must itself be right, unless the case says that it is not. */
static bool own_request_sound(struct task *t)
{
    const struct suite_step *step = &t->test->steps[t->step];
    if (!t->wire.request || (step->invalid && !t->control) || step->path) return true;
    const struct cc_report *report = cc_check(t->runner->own, CC_REQUEST, t->wire.body, t->wire.body_length);
    if (report && !report->errors) return true;
    for (size_t i = 0; report && i < report->count; i++) {
        const struct cc_finding *f = &report->findings[i];
        if (f->severity != CC_ERROR) continue;
        t->own_trouble = sentence("the case itself sends an invalid request and does not say so: %s [%s]", f->message, f->rule->id);
        break;
    }
    return false;
}

static bool build(struct task *t, char *why, size_t size)
{
    const struct suite_step *step = &t->test->steps[t->step];
    const struct target *target = t->runner->options->target;
    struct json_object *request = NULL;
    char *body = NULL;
    size_t length = 0;
    wire_clear(&t->wire);
    if (step->request && !expand_value(&t->variables, step->request, &request, why, size)) return false;
    if (step->body && !(body = expand_text(&t->variables, step->body, strlen(step->body), &length, why, size))) return false;
    if (t->control) request = control_request(t, request, step->control);
    bool fine = !t->own_trouble && wire_build(&t->wire, target, step, request, body, length, &t->variables, why, size);
    json_object_put(request);
    free(body);
    return fine && own_request_sound(t);
}

static void heard(void *context, const struct http_reply *reply);

static struct http_request request_of(const struct task *t)
{
    const struct target *target = t->runner->options->target;
    return (struct http_request){.method = t->wire.method, .url = t->wire.url, .headers = t->wire.headers, .body = t->wire.body,
                                 .body_length = t->wire.body_length, .timeouts = target->timeouts ? *target->timeouts : (struct http_timeouts){0},
                                 .limits = {.body = t->runner->options->limits.stream},
                                 .insecure = target->insecure, .ca = target->ca, .proxy = target->proxy};
}

static void send_request(struct task *t)
{
    char why[1024] = "";
    if (!build(t, why, sizeof why)) {
        if (!t->own_trouble) t->own_trouble = strdup(why);
        finish(t);
        return;
    }
    struct http_request request = request_of(t);
    t->state = TASK_FLYING;
    t->runner->flying++;
    t->runner->sent++;
    if (http_pool_start(t->runner->pool, &request, heard, t)) return;
    t->runner->flying--;
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
    variables_begin(&t->variables, t->test->variables, NULL);
    variables_set_text(&t->variables, "model", target->model ? target->model : "");
    variables_set_text(&t->variables, "base_url", target->base_url);
}

static void start(struct task *t)
{
    if (t->attempt == 0) {
        t->started_ms = now_ms();
        begin_round(t);
    }
    send_request(t);
}

/* --- hearing an answer */

static bool unreachable(enum http_fault fault)
{
    return fault == HTTP_BAD_REQUEST || fault == HTTP_DNS || fault == HTTP_REFUSED || fault == HTTP_CONNECT_TIMEOUT || fault == HTTP_TLS;
}

static bool refuses_key(const struct task *t, const struct http_reply *reply)
{
    const struct suite_step *step = &t->test->steps[t->step];
    return (reply->status == 401 || reply->status == 403) && !step->headers && !(step->invalid && !t->control);
}

/* Until something answered, only one request is under way: it shows whether there is any sense in sending the others. */
static bool hopeless(struct task *t, const struct http_reply *reply)
{
    struct runner *r = t->runner;
    if (r->reached) return false;
    if (unreachable(reply->fault)) {
        r->run->broken = sentence("the endpoint %s cannot be reached: %s", r->run->target, reply->why);
    } else if (refuses_key(t, reply)) {
        const struct target *target = r->options->target;
        r->run->broken = sentence("the endpoint %s refused the key (status %d); the key comes from %s", r->run->target, reply->status,
                                  target->key ? target->key_name : "nowhere: none was given");
    } else {
        r->reached = true;
        return false;
    }
    r->end = RUN_UNREACHABLE;
    r->stopping = true;
    return true;
}

static const char *retry_after(const struct http_reply *reply)
{
    for (const struct cc_header *h = reply->headers; h && h->name; h++)
        if (strcmp(h->name, "retry-after") == 0) return h->value;
    return NULL;
}

static long retry_delay_ms(const struct task *t, const struct http_reply *reply)
{
    const char *after = retry_after(reply);
    char *end = NULL;
    long seconds = after ? strtol(after, &end, 10) : -1;
    if (after && end != after && !*end && seconds >= 0) return seconds * 1000 < RETRY_AFTER_MAX_MS && seconds < 1000 ? seconds * 1000 : RETRY_AFTER_MAX_MS;
    return RETRY_FIRST_MS << (t->attempt < 8 ? t->attempt - 1 : 7);
}

static bool expects_status(const struct suite_step *step, int status)
{
    struct json_object *expected;
    if (!step->expect || !json_object_object_get_ex(step->expect, "status", &expected)) return false;
    char text[16];
    snprintf(text, sizeof text, "%d", status);
    return strstr(json_object_to_json_string(expected), text) != NULL;
}

/* Trouble on the way, 408 and 429 may pass; other answers are answers. */
static bool worth_another_try(const struct task *t, const struct http_reply *reply)
{
    if (t->attempt >= t->runner->options->attempts || t->runner->stopping || reply->fault == HTTP_CANCELLED || reply->fault == HTTP_BAD_REQUEST)
        return false;
    bool busy = reply->status == 408 || reply->status == 429;
    return reply->fault != HTTP_FINE || (busy && !expects_status(&t->test->steps[t->step], reply->status));
}

static void say_purpose(const struct task *t, char *out, size_t size)
{
    int used = snprintf(out, size, "%sstep %zu", t->control ? "control of " : "", t->step + 1);
    if (t->attempt > 1 && used > 0) used += snprintf(out + used, size - (size_t)used, ", attempt %ld", t->attempt);
    if (t->test->repeat_times > 1 && used > 0) snprintf(out + used, size - (size_t)used, ", round %ld", t->round + 1);
}

static void note_rule_findings(struct task *t)
{
    for (size_t i = t->round_findings; i < t->result->finding_count; i++)
        if (counts_as_failure(t->runner, &t->result->findings[i]) && strncmp(t->result->findings[i].rule, "expect.", 7) != 0) t->rule_broken = true;
}

/* The round is over, well or not; the next one, or the end. */
static void end_round(struct task *t)
{
    t->passed += first_failure(t->runner, t->result, t->round_findings) == NULL;
    note_rule_findings(t);
    if (++t->round < t->test->repeat_times && !t->rule_broken) {
        begin_round(t);
        t->state = TASK_READY;
    } else {
        finish(t);
    }
}

static void next_request(struct task *t, struct json_object *body)
{
    const struct suite_step *step = &t->test->steps[t->step];
    char why[512];
    bool failed = first_failure(t->runner, t->result, t->round_findings) != NULL;
    if (!failed && !t->control && step->capture && !variables_capture(&t->variables, step->capture, body, why, sizeof why)) {
        /* Without what the next step needs the case cannot go on; that the answer lacks it is no rule of the API. */
        trouble(t, why);
        return;
    }
    t->attempt = 1;
    if (!failed && !t->control && step->control) {
        t->control = true;
        t->state = TASK_READY;
    } else if (!failed && t->step + 1 < t->test->step_count) {
        t->control = false;
        t->step++;
        t->state = TASK_READY;
    } else {
        end_round(t);
    }
}

static void judge(struct task *t, const struct http_reply *reply, const char *purpose)
{
    struct hearing hearing = {.test = t->test, .step = &t->test->steps[t->step], .purpose = purpose, .control = t->control, .wire = &t->wire,
                              .reply = reply, .variables = &t->variables};
    verdict_hear(&t->runner->court, &hearing, t->result);
    if (reply->fault != HTTP_FINE) {
        t->own_trouble = sentence("%s [%s]", reply->why, http_fault_name(reply->fault));
        finish(t);
    } else if (hearing.trouble) {
        trouble(t, hearing.trouble);
    } else {
        next_request(t, hearing.body);
    }
    json_object_put(hearing.body);
}

static void heard(void *context, const struct http_reply *reply)
{
    struct task *t = context;
    char purpose[96];
    t->runner->flying--;
    say_purpose(t, purpose, sizeof purpose);
    if (reply->fault == HTTP_CANCELLED) { /* it was not judged, so it was not run */
        t->state = TASK_READY;
        return;
    }
    if (hopeless(t, reply)) {
        struct hearing hearing = {.purpose = purpose, .wire = &t->wire, .reply = reply};
        verdict_store(&t->runner->court, &hearing, t->result);
        trouble(t, t->runner->run->broken);
    } else if (worth_another_try(t, reply)) {
        struct hearing hearing = {.purpose = purpose, .wire = &t->wire, .reply = reply};
        verdict_store(&t->runner->court, &hearing, t->result);
        t->not_before_ms = now_ms() + retry_delay_ms(t, reply);
        t->tried_again |= reply->fault != HTTP_FINE;
        t->attempt++;
        t->state = TASK_READY;
    } else {
        judge(t, reply, purpose);
    }
}

/* --- the loop */

static bool rate_allows(struct runner *r)
{
    double rate = r->options->rate_per_s;
    if (rate <= 0) return true;
    long now = now_ms();
    r->allowance += (double)(now - r->allowance_ms) * rate / 1000;
    r->allowance_ms = now;
    if (r->allowance > 1) r->allowance = 1;
    if (r->allowance < 1) return false;
    r->allowance -= 1;
    return true;
}

static void stop(struct runner *r, char *verdict)
{
    if (r->stopping) {
        free(verdict);
        return;
    }
    r->stopping = true;
    r->end = RUN_INCOMPLETE;
    r->run->verdict = verdict;
    http_pool_cancel(r->pool);
}

static void watch_budgets(struct runner *r)
{
    const struct runner_options *o = r->options;
    if (o->interrupted && *o->interrupted) stop(r, strdup("interrupted"));
    else if (o->max_time_ms && now_ms() - r->start_ms >= o->max_time_ms) stop(r, sentence("the time of %ld ms is used up", o->max_time_ms));
}

static bool may_send(struct runner *r)
{
    long most = r->reached ? r->options->jobs : 1;
    if (r->stopping || (long)r->flying >= most) return false;
    if (r->options->max_requests && r->sent >= r->options->max_requests) {
        if (r->flying == 0) stop(r, sentence("the budget of %ld requests is used up", r->options->max_requests));
        return false;
    }
    return true;
}

/* Who shows whether the endpoint can be asked at all: a case that asks nothing odd. */
static struct task *scout(struct runner *r)
{
    for (size_t i = 0; i < r->count; i++)
        if (r->tasks[i].state == TASK_READY && !r->tasks[i].test->steps[0].invalid && !r->tasks[i].test->steps[0].headers) return &r->tasks[i];
    return NULL;
}

static struct task *next_ready(struct runner *r)
{
    struct task *first = r->reached ? NULL : scout(r);
    long now = now_ms();
    if (first && first->not_before_ms <= now) return first;
    for (size_t i = 0; !first && i < r->count; i++)
        if (r->tasks[i].state == TASK_READY && r->tasks[i].not_before_ms <= now) return &r->tasks[i];
    return NULL;
}

static void feed(struct runner *r)
{
    while (may_send(r)) {
        struct task *t = next_ready(r);
        if (!t || !rate_allows(r)) return;
        start(t);
    }
}

static void loop(struct runner *r)
{
    while (r->done < r->count) {
        watch_budgets(r);
        feed(r);
        if (r->flying == 0 && r->stopping) return;
        if (!http_pool_step(r->pool, TICK_MS) || r->court.failed) {
            r->run->broken = strdup("memory ran out");
            r->end = RUN_BROKEN;
            return;
        }
    }
}

/* --- before and after */

static char **copy_list(char *const *list)
{
    size_t count = 0;
    while (list && list[count]) count++;
    char **copy = calloc(count + 1, sizeof *copy);
    for (size_t i = 0; copy && i < count; i++) copy[i] = strdup(list[i]);
    return copy;
}

static char *copy_text(const char *text) { return text ? strdup(text) : NULL; }

static void prepare_result(struct case_result *result, const struct selected *selected)
{
    const struct suite_case *test = selected->test;
    *result = (struct case_result){.suite = copy_text(selected->suite->id), .id = copy_text(test->id), .title = copy_text(test->title),
                                   .file = copy_text(selected->suite->file), .line = test->line, .level = test->level, .spec = copy_text(test->spec),
                                   .tags = copy_list(test->tags)};
}

/* The capability that the case needs and the target is said to lack, or NULL. */
static const char *lacking(const struct runner *r, const struct suite_case *test)
{
    for (size_t i = 0; test->needs && test->needs[i]; i++)
        for (size_t k = 0; k < r->options->capabilities.count; k++) {
            const char *said = r->options->capabilities.items[k];
            size_t length = strlen(test->needs[i]);
            if (strncmp(said, test->needs[i], length) == 0 && strcmp(said + length, "=no") == 0) return test->needs[i];
        }
    return NULL;
}

static void prepare_task(struct runner *r, struct task *t, const struct selected *selected, struct case_result *result)
{
    *t = (struct task){.runner = r, .suite = selected->suite, .test = selected->test, .result = result};
    prepare_result(result, selected);
    const char *lack = lacking(r, selected->test);
    if (!lack) return;
    set_state(result, CASE_UNSUPPORTED, sentence("the target lacks the capability %s", lack));
    t->state = TASK_DONE;
    r->done++;
}

static bool prepare(struct runner *r, const struct selected *cases, size_t count)
{
    const struct target *target = r->options->target;
    struct cc_options judging = {.profile = r->options->profile, .limits = r->options->limits,
                                 .no_bearer = strcmp(target->auth, "bearer") != 0};
    r->court = (struct court){.checker = cc_checker_new(&judging), .options = judging, .target = target};
    r->own = cc_checker_new(&judging);
    r->pool = http_pool_new();
    r->tasks = calloc(count, sizeof *r->tasks);
    r->run->cases = calloc(count, sizeof *r->run->cases);
    if (!r->court.checker || !r->own || !r->pool || !r->tasks || !r->run->cases) return false;
    r->run->case_count = r->count = count;
    r->start_ms = r->allowance_ms = now_ms();
    r->allowance = 1;
    for (size_t i = 0; i < count; i++) prepare_task(r, &r->tasks[i], &cases[i], &r->run->cases[i]);
    return true;
}

/* What was not run is said to be skipped, each case with why. */
static void leave_out(struct runner *r)
{
    for (size_t i = 0; i < r->count; i++) {
        struct task *t = &r->tasks[i];
        if (t->state == TASK_DONE) continue;
        r->run->not_run++;
        set_state(t->result, CASE_SKIP, sentence("not run: %s", r->run->verdict ? r->run->verdict : r->run->broken ? r->run->broken : "the run ended early"));
        variables_clear(&t->variables);
        wire_clear(&t->wire);
        free(t->own_trouble);
    }
}

enum run_end runner_run(const struct runner_options *options, const struct selected *cases, size_t count, struct run_result *run)
{
    struct runner r = {.options = options, .run = run};
    if (prepare(&r, cases, count)) {
        loop(&r);
        leave_out(&r);
    } else {
        run->broken = strdup("memory ran out");
        r.end = RUN_BROKEN;
    }
    run->duration_ms = now_ms() - r.start_ms;
    http_pool_free(r.pool);
    cc_checker_free(r.court.checker);
    cc_checker_free(r.own);
    free(r.tasks);
    return r.end;
}
