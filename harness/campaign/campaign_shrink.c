/* campaign_shrink.c: sends what showed a trouble again, and makes it small. */
#include "harness/campaign/campaign_parts.h"

#include "fuzzer/shrink.h"
#include "harness/base/words.h"

#include <stdlib.h>
#include <string.h>

/* A finding that is being made small. */
struct reducing {
    struct campaign *c;
    struct find *find;
    struct cc_checker *checker;
    bool stopped;
};

bool campaign_wait(struct campaign *c, const bool *landed)
{
    while (!*landed) {
        if (campaign_is_over(c)) http_pool_cancel(c->pool);
        if (!http_pool_step(c->pool, 50)) {
            c->failed = true;
            return false;
        }
    }
    return !campaign_is_over(c) && !c->failed;
}

/* Sends a shot, which is taken over; true when the trouble shows. */
static bool try_shot(struct campaign *c, struct find *find, struct shot *shot, bool keep)
{
    struct check_again again = {.key = find->key, .id = find->result.id, .by_name = find->by_name, .keep = keep ? find : NULL};
    struct flight more = {.again = &again};
    return campaign_send(c, AGAIN, shot, &more) && campaign_wait(c, &again.landed) && again.met;
}

/* What is expected of a smaller request follows from its own findings. True when it may still show the trouble. */
static bool fits(struct reducing *r, struct shot *shot)
{
    const struct shot *original = &r->find->shot;
    const char *id = r->find->result.id, *where = NULL;
    size_t length;
    const char *text = jo_write(shot->object, &length);
    const struct cc_report *report = length ? cc_check(r->checker, CC_REQUEST, text, length) : NULL;
    if (!report) return false;
    if (original->kind == SHOT_HTTP) return report->errors == 0;
    expectation_of(report, &shot->expect, &shot->breaks, &where);
    free(shot->pointer);
    shot->pointer = where ? strdup(where) : NULL;
    const struct case_result *result = &r->find->result;
    bool answered = begins(id, "answer/") && result->exchange_count && result->exchanges[0].status < 300;
    if (begins(id, "accept/") || begins(id, "same/") || answered) return shot->expect == EXPECT_ACCEPT; /* only such an answer is judged */
    if (begins(id, "refuse/") || begins(id, "blame/"))
        return shot->breaks && (shot->breaks == original->breaks || original->kind == SHOT_MUTANT);
    return true;
}

/* A shot like the original with another body, in the same spelling. */
static struct shot like(const struct shot *original, struct json_object *body)
{
    struct shot shot = *original;
    shot.object = jo_copy(body);
    shot.control = NULL;
    shot.pointer = NULL;
    shot.text = NULL;
    shot.body = (struct json_text){0};
    if (original->kind == SHOT_VALID && original->text) shot_space_out(&shot);
    return shot;
}

static bool still(void *context, struct json_object *candidate, long *cost)
{
    struct reducing *r = context;
    struct shot shot = like(&r->find->shot, candidate);
    if (shot.kind == SHOT_MUTANT || (shot.kind == SHOT_VALID && !shot.how)) shot.kind = SHOT_BROKEN; /* whatever it is: see `fits` */
    if (r->stopped || !fits(r, &shot)) {
        *cost = 0;
        shot_clear(&shot);
        return false;
    }
    bool shown = try_shot(r->c, r->find, &shot, false);
    r->stopped = campaign_is_over(r->c) || r->c->failed;
    return shown;
}

/* The smallest request goes out once more, to be stored. */
static void keep_least(struct campaign *c, struct find *find, struct json_object *least)
{
    struct shot shot = like(&find->shot, least);
    shot.pointer = find->shot.pointer ? strdup(find->shot.pointer) : NULL;
    if (try_shot(c, find, &shot, true)) find->least = least;
    else json_object_put(least);
}

static void reduce(struct campaign *c, struct find *find, long budget)
{
    struct cc_options options = {.profile = c->options->profile};
    struct reducing r = {c, find, cc_checker_new(&options), false};
    struct shrinking s = {.still = still, .context = &r, .budget = budget, .pointer = find->shot.pointer};
    struct json_object *least = r.checker ? shrink(&s, find->shot.object) : NULL;
    cc_checker_free(r.checker);
    if (least && !r.stopped) keep_least(c, find, least);
    else json_object_put(least);
}

/* Of broken texts only the request around the fault can be smaller. */
static void reduce_text(struct campaign *c, struct find *find)
{
    struct json_object *base = jo_read(JSON({"model": "m", "messages": [{"role": "user", "content": "Hi"}]}));
    struct shot shot = {0};
    jo_put(base, "model", jo_string(c->options->target->model ? c->options->target->model : "m"));
    if (raw_again(c->options->shots, &find->shot, base, &shot)) try_shot(c, find, &shot, true);
    json_object_put(base);
}

bool campaign_is_easy(const struct find *find)
{
    return begins(find->result.id, "refuse/") && find->shot.kind != SHOT_MUTANT && find->shot.pointer;
}

/* The original once more. Words that are different now will be so with any request: then the name has to do. */
static bool shows_again(struct campaign *c, struct find *find)
{
    for (int round = 0; round < 2; round++) {
        struct shot again;
        bool accepted = begins(find->result.id, "accept/"); /* the words are all there is to tell these apart */
        find->by_name = round > 0;
        if (!shot_copy(&find->shot, &again)) c->failed = true;
        if (c->failed) return false;
        if (try_shot(c, find, &again, false)) return true;
        if (accepted || campaign_is_over(c)) return false;
    }
    return false;
}

bool campaign_settle(struct campaign *c, struct find *find, long budget)
{
    find->settled = true;
    if (!shows_again(c, find)) {
        if (campaign_is_over(c)) find->settled = false; /* it had no chance */
        else find->result.state = CASE_FLAKY;
        return !c->failed && !campaign_is_over(c);
    }
    if (begins(find->result.id, "agree/") || budget <= 1) return true;
    if (find->shot.kind == SHOT_TEXT || !find->shot.object) reduce_text(c, find);
    else if (find->shot.object) reduce(c, find, budget - 1);
    return !c->failed && !campaign_is_over(c);
}
