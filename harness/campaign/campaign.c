/* campaign.c: see campaign.h. The loop: it feeds the pool with payloads within the budgets, then settles what was found. */
#include "harness/campaign/campaign_parts.h"

#include "harness/base/why.h"
#include "harness/suite/suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    TICK_MS = 50,
    NOT_TAKEN = 6,        /* refusals because of a parameter, and no acceptance: then it is sent seldom */
    SELDOM_ONE_IN = 16,
    HARD = 6,             /* shares of the requests that a finding gets, beside one for an easy one */
    RESERVE_EACH = 60,    /* requests that are kept back for each finding, of the budget's second half */
    LIVE_EVERY_MS = 200,
    PLAIN_EVERY_MS = 5000
};

/* --- budgets */

static void stop(struct campaign *c, enum run_end end, char *verdict)
{
    if (c->stopping) {
        free(verdict);
        return;
    }
    c->stopping = true;
    c->end = end;
    free(c->run->verdict);
    c->run->verdict = verdict;
}

bool campaign_is_over(struct campaign *c)
{
    const struct campaign_options *o = c->options;
    if (o->interrupted && *o->interrupted) stop(c, RUN_INCOMPLETE, strdup("interrupted"));
    else if (o->max_time_ms && monotonic_ms() - c->start_ms >= o->max_time_ms) stop(c, RUN_COMPLETE, strdup("the time is used up"));
    else if (o->max_requests && c->sent >= o->max_requests && c->probing_over) stop(c, RUN_COMPLETE, strdup("the requests are used up"));
    return c->stopping || c->failed;
}

/* What is kept back for making findings small. */
static long reserve(const struct campaign *c)
{
    long each = c->options->shrink < RESERVE_EACH ? c->options->shrink + 1 : RESERVE_EACH, wanted = (long)c->find_count * each;
    return wanted < c->options->max_requests / 2 ? wanted : c->options->max_requests / 2;
}

static bool may_probe(struct campaign *c)
{
    const struct campaign_options *o = c->options;
    if (o->max_requests && c->sent + reserve(c) >= o->max_requests) c->probing_over = true;
    if (o->max_time_ms && monotonic_ms() - c->start_ms >= o->max_time_ms * 2 / 3) c->probing_over = true;
    return !c->probing_over && !campaign_is_over(c) && c->flying < (c->reached ? (size_t)o->jobs : 1);
}

/* --- probes */

static struct score *member_of(struct campaign *c, const char *name)
{
    for (size_t i = 0; i < c->member_count; i++)
        if (strcmp(c->members[i].name, name) == 0) return &c->members[i];
    return NULL;
}

/* An endpoint that never takes a parameter would refuse most payloads, and nothing else would be seen of it. */
static bool is_hopeless(struct campaign *c, struct json_object *payload)
{
    json_object_object_foreach(payload, key, value)
    {
        (void)value;
        const struct score *member = member_of(c, key);
        if (member && member->refused >= NOT_TAKEN && !member->accepted) return true;
    }
    return false;
}

static bool is_left_out(struct campaign *c, const struct shot *shot)
{
    struct json_object *base = shot->control ? shot->control : shot->object;
    return shot->index % SELDOM_ONE_IN && jo_is_object(base) && is_hopeless(c, base);
}

/* The first request is a plain one: it shows whether anybody is there. */
static bool send_scout(struct campaign *c)
{
    struct shot shot = {.seed = c->options->shots->generator->seed, .index = c->next, .kind = SHOT_VALID, .expect = EXPECT_ACCEPT};
    shot.object = jo_read(JSON({"model": "m", "messages": [{"role": "user", "content": "Hello"}]}));
    jo_put(shot.object, "model", jo_string(c->options->shots->generator->model));
    return campaign_send(c, PROBE, &shot, NULL);
}

static bool send_probe(struct campaign *c)
{
    struct shot shot;
    if (c->sent == 0) return send_scout(c);
    if (!shot_make(c->options->shots, c->next++, &shot)) {
        shot_clear(&shot);
        c->failed = true;
        return false;
    }
    if (!is_left_out(c, &shot)) return campaign_send(c, PROBE, &shot, NULL);
    c->figures->skipped++;
    shot_clear(&shot);
    return true;
}

/* Sends what may be sent now; returns how long to wait, in milliseconds. */
static long feed(struct campaign *c)
{
    while (may_probe(c)) {
        long now = monotonic_ms(), pause_ms = pace_wait_ms(&c->pace, now);
        if (pause_ms < c->not_before_ms - now) pause_ms = c->not_before_ms - now;
        if (pause_ms > 0) return pause_ms < TICK_MS ? pause_ms : TICK_MS;
        if (!send_probe(c)) return 0;
    }
    return TICK_MS;
}

/* --- progress */

static void count_scores(const struct campaign *c, size_t *refused, size_t *accepted)
{
    *refused = *accepted = 0;
    for (size_t i = 0; i < c->rule_count; i++) *refused += c->rules[i].refused > 0;
    for (size_t i = 0; i < c->member_count; i++) *accepted += c->members[i].accepted > 0;
}

static void show(struct campaign *c, const char *doing)
{
    const struct campaign_options *o = c->options;
    long now = monotonic_ms();
    size_t refused, accepted;
    if (o->quiet || now - c->shown_ms < (o->live ? LIVE_EVERY_MS : PLAIN_EVERY_MS)) return;
    c->shown_ms = now;
    count_scores(c, &refused, &accepted);
    fprintf(
        stderr,
        "%s%s: %ld sent, %zu accepted, %zu refused, %zu failed; constraints refused %zu/%zu, parameters accepted %zu/%zu; %zu findings%s",
        o->live ? "\r\033[K" : "", doing, c->sent, c->figures->accepted, c->figures->refused, c->figures->failed + c->figures->silent,
        refused, c->rule_count, accepted, c->member_count, c->find_count, o->live ? "" : "\n");
    fflush(stderr);
}

/* --- the two halves */

static void rest(long ms) { nanosleep(&(struct timespec){.tv_nsec = ms * 1000000}, NULL); }

static void probe(struct campaign *c)
{
    while (!c->failed) {
        long wait_ms = feed(c);
        show(c, "probing");
        if (campaign_is_over(c)) http_pool_cancel(c->pool);
        if (!c->flying && (c->probing_over || campaign_is_over(c))) return;
        if (c->flying && !http_pool_step(c->pool, wait_ms)) c->failed = true;
        else if (!c->flying) rest(wait_ms ? wait_ms : 1);
    }
}

/* Where the fault is at a known place a few requests do. */
static long weight(const struct find *find) { return campaign_is_easy(find) ? 1 : HARD; }

static void settle_level(struct campaign *c, bool must, long *waiting)
{
    for (size_t i = 0; i < c->find_count && !campaign_is_over(c); i++) {
        struct find *find = &c->finds[i];
        if ((find->result.level == CC_MUST) != must) continue;
        long most = c->options->shrink + 1, left = c->options->max_requests ? c->options->max_requests - c->sent : most * *waiting;
        long share = left * weight(find) / *waiting;
        *waiting -= weight(find);
        show(c, "shrinking");
        campaign_settle(c, find, share < most ? share : most);
    }
}

/* The requests that are left are shared among those that wait; what must not be comes first. */
static void settle(struct campaign *c)
{
    long waiting = 0;
    for (size_t i = 0; i < c->find_count; i++) waiting += weight(&c->finds[i]);
    c->probing_over = true;
    settle_level(c, true, &waiting);
    settle_level(c, false, &waiting);
}

/* Whatever is still under way is given up, so that all is freed. */
static void drain(struct campaign *c)
{
    if (c->flying) http_pool_cancel(c->pool);
    while (c->flying && http_pool_step(c->pool, TICK_MS)) continue;
}

/* --- before and after */

static bool is_tolerated(void *context, const char *rule) { return texts_match_rule(context, rule); }

static bool list_rules(struct campaign *c)
{
    const struct shots *shots = c->options->shots;
    if (shots->mode == MODE_POSITIVE) return true;
    c->rules = calloc(cc_rule_count() + 1, sizeof *c->rules);
    if (!c->rules) return false;
    for (size_t i = 0; i < shots->book->rule_count; i++)
        c->rules[c->rule_count++] = (struct score){.name = shots->book->rules[i].rule->id, .rule = shots->book->rules[i].rule};
    for (size_t i = 0; i < cc_rule_count(); i++) {
        const struct cc_rule *rule = cc_rule_at(i);
        bool raw = shots_break(shots, rule);
        if (raw) c->rules[c->rule_count++] = (struct score){.name = rule->id, .rule = rule};
    }
    return true;
}

static bool list_members(struct campaign *c)
{
    const struct cc_place *root = cc_describe(CC_REQUEST);
    c->members = root ? calloc(root->member_count + 1, sizeof *c->members) : NULL;
    if (!c->members) return false;
    for (size_t i = 0; i < root->member_count && c->options->shots->mode != MODE_NEGATIVE && !c->options->shots->chosen; i++)
        if (root->members[i].profiles & c->options->profile) c->members[c->member_count++] = (struct score){.name = root->members[i].key};
    return true;
}

static bool prepare(struct campaign *c)
{
    const struct campaign_options *o = c->options;
    struct cc_options judging = {.profile = o->profile, .limits = o->limits, .no_bearer = strcmp(o->target->auth, "bearer") != 0};
    c->oracle = (struct oracle){.profile = o->profile, .checker = cc_checker_new(&judging), .tolerated = is_tolerated,
                                .context = (void *)(uintptr_t)&o->tolerance.allow, .redactor = o->target->redactor};
    c->court = (struct court){.checker = c->oracle.checker, .options = judging, .target = o->target};
    c->pool = http_pool_new();
    c->next = o->start;
    c->start_ms = monotonic_ms();
    c->pace = pace_new(o->rate_per_s, c->start_ms);
    return c->oracle.checker && c->pool && list_rules(c) && list_members(c);
}

static void clear(struct campaign *c)
{
    for (size_t i = 0; i < c->find_count; i++) {
        struct run_result rest_of = {.cases = calloc(1, sizeof *rest_of.cases), .case_count = 1};
        shot_clear(&c->finds[i].shot);
        json_object_put(c->finds[i].least);
        if (rest_of.cases) {
            *rest_of.cases = c->finds[i].result;
            run_result_clear(&rest_of);
        }
    }
    free(c->finds);
    free(c->rules);
    free(c->members);
    http_pool_free(c->pool);
    cc_checker_free(c->oracle.checker);
}

enum run_end campaign_run(const struct campaign_options *options, struct run_result *run, struct campaign_figures *figures)
{
    struct campaign c = {.options = options, .run = run, .figures = figures, .end = RUN_COMPLETE};
    *figures = (struct campaign_figures){0};
    if (prepare(&c)) {
        probe(&c);
        settle(&c);
        drain(&c);
    } else {
        c.failed = true;
    }
    if (!options->quiet && options->live) fputs("\r\033[K", stderr);
    figures->next = c.next;
    figures->sent = c.sent;
    run->duration_ms = monotonic_ms() - c.start_ms;
    if (c.failed || !campaign_tell(&c)) {
        c.end = RUN_BROKEN;
        free(run->broken);
        run->broken = strdup("memory ran out");
    }
    clear(&c);
    return c.end;
}
