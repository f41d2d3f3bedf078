/* negative.c: payloads that break exactly one constraint.
 *
 * A recipe is a small document with one fault. It is grafted onto a rich valid payload: messages are woven into its conversation, tools
 * into its tools, other members replace those of the same name. What else of the rich payload then deserves a finding is taken out until
 * the fault is the only one. The faulty value is tried to be replaced by a wilder one first: mostly the request is judged once only. */
#include "fuzzer/shot.h"
#include "fuzzer/wild.h"
#include "harness/base/jo_place.h"
#include "harness/base/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PRUNINGS = 10, BASE_SHARES = 4, POINTER_MAX = 512 };

/* A graft on its way. */
struct graft {
    struct shots *payloads;
    struct rng rng;
    struct recipe *recipe;
    bool old;                    /* something deprecated may come along */
    struct json_object *rich;    /* the valid payload; it becomes the control */
    bool lent;                   /* others have it, too */
    bool sound;                  /* it is known to be valid */
    struct json_object *donor;   /* the recipe's document */
    struct json_object *broken;
    char pointer[POINTER_MAX];   /* of the fault in `broken` */
    char *place;                 /* where the validator found it when it was the only one; NULL: it never was */
};

/* --- judging */

static const struct cc_report *judge(struct graft *g, struct json_object *document)
{
    return generator_judge(g->payloads->generator, document);
}

/* Where the constraint is broken first; NULL when it is not. */
static const char *place_of(const struct cc_report *report, const struct cc_rule *rule)
{
    for (size_t i = 0; report && i < report->count; i++)
        if (report->findings[i].rule == rule) return report->findings[i].pointer;
    return NULL;
}

/* True when the fault is there and nothing else, but for what is old; then its place is kept. */
static bool is_exact(struct graft *g, const struct cc_report *report)
{
    const char *place = place_of(report, g->recipe->rule);
    for (size_t i = 0; place && i < report->count; i++) {
        const struct cc_finding *f = &report->findings[i];
        if (f->rule != g->recipe->rule && (f->rule->level != CC_DEPRECATED || !g->old)) return false;
    }
    if (!place || report->dropped) return false;
    free(g->place);
    g->place = strdup(place);
    return true;
}

/* --- grafting */

/* Puts all items of `from` into `into` at `at`. */
static struct json_object *weave(struct json_object *into, struct json_object *from, size_t at)
{
    struct json_object *made = jo_array();
    for (size_t i = 0; i < at; i++) jo_push(made, jo_share(jo_item(into, i)));
    for (size_t i = 0; i < jo_length(from); i++) jo_push(made, jo_share(jo_item(from, i)));
    for (size_t i = at; i < jo_length(into); i++) jo_push(made, jo_share(jo_item(into, i)));
    return made;
}

/* The fault now has another index: "/messages/1/role" becomes "/messages/5/role". */
static void shift_pointer(struct graft *g, const char *array, size_t by)
{
    size_t length = strlen(array);
    char rest[POINTER_MAX - 64];
    if (!begins(g->pointer, array)) return;
    size_t digits = strspn(g->pointer + length, "0123456789"), index = strtoul(g->pointer + length, NULL, 10) + by;
    snprintf(rest, sizeof rest, "%s", g->pointer + length + digits);
    snprintf(g->pointer, sizeof g->pointer, "%s%zu%s", array, index, rest);
}

/* Messages go to the front or the end: in the midst they might tear calls from their results. Instructions stay first. */
static struct json_object *graft_messages(struct graft *g, struct json_object *own)
{
    struct json_object *rich = jo_get(g->rich, "messages");
    bool item = begins(g->pointer, "/messages/") || !*g->pointer || !begins(g->pointer, "/messages");
    if (!jo_is_array(own) || !jo_length(own) || !item) return jo_share(own);
    size_t at = rng_one_in(&g->rng, 2) ? jo_length(rich) : 0;
    for (size_t i = 0; at == 0 && i < jo_length(rich); i++) {
        struct json_object *role = jo_get(jo_item(rich, i), "role");
        if (!jo_is(role, "developer") && !jo_is(role, "system")) {
            at = i;
            break;
        }
    }
    shift_pointer(g, "/messages/", at);
    return weave(rich, own, at);
}

/* The rich payload's tools stay, as its conversation calls them. */
static struct json_object *graft_tools(struct graft *g, struct json_object *own)
{
    struct json_object *rich = jo_get(g->rich, "tools");
    if (!jo_is_array(own) || strcmp(g->pointer, "/tools") == 0 || jo_length(rich) + jo_length(own) > 128) return jo_share(own);
    shift_pointer(g, "/tools/", jo_length(rich));
    return weave(rich, own, jo_length(rich));
}

/* Adds a tool of the name that is called, unless there is one. */
static void declare(struct json_object *tools, struct json_object *call)
{
    struct json_object *name = jo_get(jo_get(call, "function"), "name"), *tool, *function;
    bool there = !*jo_text(name) || jo_length(tools) >= 128;
    for (size_t i = 0; i < jo_length(tools); i++) there |= jo_is(jo_get(jo_get(jo_item(tools, i), "function"), "name"), jo_text(name));
    if (there) return;
    tool = jo_object(), function = jo_object();
    jo_add(function, "name", jo_share(name));
    jo_add(tool, "type", jo_string("function"));
    jo_add(tool, "function", function);
    jo_push(tools, tool);
}

/* A recipe that calls something mostly declares no tool. Where the rich payload declares some, what is called has to be among them. */
static void declare_called(struct graft *g)
{
    struct json_object *messages = jo_get(g->donor, "messages"), *tools = jo_shallow(jo_get(g->rich, "tools"));
    size_t before = jo_length(tools);
    for (size_t i = 0; before && i < jo_length(messages); i++) {
        struct json_object *calls = jo_get(jo_item(messages, i), "tool_calls");
        for (size_t k = 0; k < jo_length(calls); k++) declare(tools, jo_item(calls, k));
    }
    if (jo_length(tools) > before && !jo_has(g->donor, "tools")) jo_put(g->broken, "tools", tools);
    else json_object_put(tools);
}

static bool is_usual(struct json_object *messages)
{
    return jo_length(messages) == 1 && jo_is(jo_get(jo_item(messages, 0), "role"), "user") &&
           jo_is(jo_get(jo_item(messages, 0), "content"), "Hello");
}

static void graft_member(struct graft *g, const char *key, struct json_object *value)
{
    if (strcmp(key, "model") == 0) {
        if (begins(g->pointer, "/model")) jo_put(g->broken, key, jo_share(value));
    } else if (strcmp(key, "messages") == 0) {
        if (!is_usual(value) || begins(g->pointer, "/messages")) jo_put(g->broken, key, graft_messages(g, value));
    } else if (strcmp(key, "tools") == 0) {
        jo_put(g->broken, key, graft_tools(g, value));
    } else {
        jo_put(g->broken, key, jo_share(value));
    }
}

static void graft(struct graft *g)
{
    static const char *const needed[] = {"model", "messages"};
    snprintf(g->pointer, sizeof g->pointer, "%s", g->recipe->pointer);
    json_object_put(g->broken);
    g->broken = jo_shallow(jo_is_object(g->donor) ? g->rich : g->donor);
    if (!jo_is_object(g->donor)) return;
    json_object_object_foreach(g->donor, key, value)
        graft_member(g, key, value);
    declare_called(g);
    for (size_t i = 0; i < 2; i++)
        if (!jo_has(g->donor, needed[i])) json_object_object_del(g->broken, needed[i]);
}

/* --- pruning */

static struct json_object *usual_messages(void)
{
    struct json_object *messages = jo_array(), *message = jo_object();
    jo_add(message, "role", jo_string("user"));
    jo_add(message, "content", jo_string("Hello"));
    jo_push(messages, message);
    return messages;
}

static bool is_needed(const struct graft *g, const char *key)
{
    return strcmp(key, "model") == 0 || strcmp(key, "messages") == 0 || jo_has(g->donor, key);
}

/* Without this member of the rich payload something changes. */
static bool may_go(const struct graft *g, const char *key)
{
    if (strcmp(key, "messages") == 0) return !is_usual(jo_get(g->rich, key));
    return jo_has(g->rich, key) && (strcmp(key, "tools") == 0 || !is_needed(g, key));
}

/* Takes a member out of the rich payload: out of a copy when others have it, too. The conversation becomes the usual one. */
static void prune(struct graft *g, const char *key)
{
    struct json_object *lent = g->rich;
    if (g->lent) g->rich = jo_shallow(lent);
    if (g->lent) json_object_put(lent);
    g->lent = g->sound = false;
    if (strcmp(key, "messages") == 0) jo_put(g->rich, key, usual_messages());
    else json_object_object_del(g->rich, key);
}

/* Takes the members out of the rich payload that findings beside the fault are about; true when there was one. */
static bool prune_blamed(struct graft *g, const struct cc_report *report)
{
    bool pruned = false;
    for (size_t i = 0; report && i < report->count; i++) {
        const struct cc_finding *f = &report->findings[i];
        char key[128];
        if (f->rule == g->recipe->rule || *f->pointer != '/') continue;
        snprintf(key, sizeof key, "%.*s", (int)strcspn(f->pointer + 1, "/"), f->pointer + 1);
        if (!may_go(g, key)) continue;
        prune(g, key);
        pruned = true;
    }
    return pruned;
}

/* Takes out about half of what is not needed; true when there was something. */
static bool prune_half(struct graft *g)
{
    char keys[64][64];
    size_t count = 0;
    json_object_object_foreach(g->rich, key, value)
    {
        (void)value;
        if (!is_needed(g, key) && count < 64) snprintf(keys[count++], 64, "%s", key);
    }
    size_t first = rng_below(&g->rng, 2);
    for (size_t i = count > 1 ? first : 0; i < count; i += 2) prune(g, keys[i]);
    return count > 0;
}

static struct json_object *bare(const struct graft *g)
{
    struct json_object *made = jo_object();
    jo_add(made, "model", jo_string(g->payloads->generator->model));
    jo_add(made, "messages", usual_messages());
    return made;
}

/* --- growing */

/* Puts a wilder value in the place of the faulty one. */
static void vary(struct graft *g)
{
    char last[POINTER_STEP_MAX];
    struct json_object *old = NULL, *parent = NULL, *wilder = NULL;
    if (!*g->pointer || !jo_find(g->broken, g->pointer, &old, &parent, last) || !parent) return;
    if (!wild_fault(&g->rng, place_at(g->broken, g->pointer), old, &wilder)) return;
    jo_unshare(g->broken, g->pointer);
    jo_find(g->broken, g->pointer, NULL, &parent, last);
    jo_set(parent, last, wilder);
}

/* No richer than the recipe; and when that is too rich, the recipe as it is, with the model that is asked for. */
static void grow_plain(struct graft *g)
{
    json_object_put(g->rich);
    g->rich = bare(g);
    g->sound = true;
    graft(g);
    if (is_exact(g, judge(g, g->broken))) return;
    json_object_put(g->broken);
    g->broken = jo_shallow(g->donor);
    snprintf(g->pointer, sizeof g->pointer, "%s", g->recipe->pointer);
    if (jo_is_text(jo_get(g->broken, "model")) && !begins(g->pointer, "/model"))
        jo_put(g->broken, "model", jo_string(g->payloads->generator->model));
}

/* Grafts until the fault is the only one. Tells whether anything rich is left. */
static bool grow(struct graft *g)
{
    bool wild = rng_below(&g->rng, 3) != 0;
    for (int i = 0; i < PRUNINGS; i++) {
        graft(g);
        if (wild) vary(g);
        const struct cc_report *report = judge(g, g->broken);
        if (is_exact(g, report)) return true;
        if (place_of(report, g->recipe->rule) && prune_blamed(g, report)) continue;
        if (!wild && !prune_blamed(g, report) && !prune_half(g)) break;
        wild = false;
    }
    grow_plain(g);
    return false;
}

/* --- payloads */

/* A real request: new, with values that are shared. */
static struct json_object *real(struct shots *p, struct rng *rng)
{
    struct json_object *made = jo_shallow(p->seeds[rng_below(rng, p->seed_count)]);
    if (*p->generator->model) jo_put(made, "model", jo_string(p->generator->model));
    return made;
}

/* A few payloads in a row start from the same valid one, as it takes as long to make as to break. */
static struct json_object *base_of(struct shots *p, uint64_t index)
{
    uint64_t number = index / BASE_SHARES;
    if (p->base && p->base_number == number) return jo_share(p->base);
    json_object_put(p->base);
    p->base = generator_positive(p->generator, number);
    p->base_number = number;
    return jo_share(p->base);
}

/* The valid payload to start from: a real request when there are some, else a generated one of usual size, which is known to be valid. */
static void start(struct graft *g, uint64_t index)
{
    g->sound = g->lent = !g->payloads->seed_count || rng_one_in(&g->rng, 4);
    g->rich = g->lent ? base_of(g->payloads, index) : real(g->payloads, &g->rng);
}

static bool hand_over(struct graft *g, struct shot *payload)
{
    bool must = g->recipe->rule->level == CC_MUST;
    payload->kind = must ? SHOT_BROKEN : SHOT_MUTANT;
    payload->expect = must ? EXPECT_REFUSE : EXPECT_ANY;
    payload->breaks = g->recipe->rule;
    const char *place = g->place ? NULL : place_of(judge(g, g->broken), g->recipe->rule);
    payload->pointer = place ? strdup(place) : g->place;
    generator_give(g->payloads->generator, &payload->body);
    const struct cc_report *report = g->sound ? NULL : judge(g, g->rich);
    if (!g->sound && (!report || report->errors)) {
        json_object_put(g->rich);
        g->rich = bare(g);
    }
    payload->object = g->broken;
    payload->control = g->rich;
    json_object_put(g->donor);
    return payload->pointer && !jo_lost();
}

/* The constraints take turns. Those of what is deprecated have theirs in every fourth round only: who breaks them says two things at once.
 */
static const struct cookbook_rule *turn_of(const struct cookbook *book, uint64_t index, struct rng *rng)
{
    const struct cookbook_rule *entry = &book->rules[index % book->rule_count];
    bool passed_over = entry->old && index / book->rule_count % 4;
    for (int tries = 0; passed_over && entry->old && tries < 16; tries++) entry = &book->rules[rng_below(rng, book->rule_count)];
    return entry;
}

bool negative_make(struct shots *p, const struct cookbook *book, uint64_t index, struct shot *payload)
{
    struct graft g = {.payloads = p, .rng = rng_new(p->generator->seed + 1, index)};
    const struct cookbook_rule *entry = turn_of(book, index, &g.rng);
    jo_lost();
    g.old = entry->old;
    g.recipe = &book->recipes[entry->first + rng_below(&g.rng, entry->count)];
    start(&g, index);
    g.donor = recipe_document(g.recipe);
    p->exact++;
    if (!grow(&g)) p->plain++;
    return hand_over(&g, payload);
}

bool mutant_make(struct shots *p, uint64_t index, struct shot *payload)
{
    struct rng rng = rng_new(p->generator->seed + 2, index);
    char pointer[POINTER_MAX], last[POINTER_STEP_MAX];
    struct json_object *old = NULL, *parent = NULL;
    size_t changes = rng_one_in(&rng, 4) ? 2 : 1;
    bool generated = !p->seed_count || rng_one_in(&rng, 4);
    jo_lost();
    payload->control = generated ? generator_positive(p->generator, index) : real(p, &rng);
    payload->object = jo_copy(payload->control);
    for (size_t i = 0; i < changes; i++) {
        pointer_random(&rng, payload->object, pointer, sizeof pointer);
        if (strcmp(pointer, "/model") == 0 || !*pointer || !jo_find(payload->object, pointer, &old, &parent, last)) continue;
        if (rng_one_in(&rng, 5)) jo_remove(parent, last);
        else if (rng_one_in(&rng, 8) && jo_is_object(parent)) jo_put(parent, "x_unknown", wild_value(&rng, NULL, NULL));
        else jo_set(parent, last, wild_value(&rng, place_at(payload->object, pointer), old));
    }
    payload->kind = SHOT_MUTANT;
    const char *where = NULL;
    const struct cc_report *report = generator_judge(p->generator, payload->object);
    if (!report) return false;
    expectation_of(report, &payload->expect, &payload->breaks, &where);
    if (where) payload->pointer = strdup(where);
    generator_give(p->generator, &payload->body);
    return !jo_lost();
}
