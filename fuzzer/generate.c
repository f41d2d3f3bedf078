/* generate.c: see generate.h. */
#include "fuzzer/generate.h"

#include "fuzzer/prose.h"

#include <stdlib.h>
#include <string.h>

enum {
    TRIES = 8,
    HUGE_ONE_IN = 2048,  /* hundreds of kilobytes to two megabytes */
    LARGE_ONE_IN = 64,   /* some kilobytes to some ten */
    SMALL_BULK = 60
};

struct generator *generator_new(unsigned profile, uint64_t seed, const char *model)
{
    struct generator *g = calloc(1, sizeof *g);
    struct cc_options options = {.profile = profile};
    if (!g) return NULL;
    *g = (struct generator){
        .profile = profile, .seed = seed, .model = model, .menu = menu_new(profile), .checker = cc_checker_new(&options)};
    if (g->menu) g->covered = calloc(g->menu->pair_count / 8 + 1, 1);
    if (g->menu && g->checker && g->covered) return g;
    generator_free(g);
    return NULL;
}

void generator_free(struct generator *g)
{
    if (!g) return;
    menu_free(g->menu);
    cc_checker_free(g->checker);
    json_text_clear(&g->text);
    free(g->covered);
    free(g);
}

/* --- which choices */

/* The pair whose turn it is: each once before any comes again, in an order that the seed decides. The step has no common divisor with the
 * number of pairs, so it leads to all of them. */
static struct menu_pair pair_of(const struct generator *g, uint64_t index)
{
    struct rng rng = rng_new(g->seed, UINT64_MAX);
    uint64_t total = g->menu->pair_count, step = 1 + rng_below(&rng, (size_t)total), start = rng_below(&rng, (size_t)total);
    for (uint64_t a, b;; step++) {
        for (a = total, b = step; b;) {
            uint64_t rest = a % b;
            a = b;
            b = rest;
        }
        if (a == 1) return g->menu->pairs[(start + index % total * (step % total)) % total];
    }
}

/* How many choices beside the pair. */
static size_t appetite(struct rng *rng)
{
    size_t size = rng_below(rng, 16);
    if (size < 2) return 0;
    return size == 2 ? ORDER_MAX : rng_between(rng, 1, 8);
}

/* The choices that are frowned upon take turns. */
static bool add_frowned(const struct generator *g, struct order *order, struct rng *rng, uint64_t turn)
{
    size_t frowned = 0, number = 0;
    for (size_t i = 0; i < g->menu->count; i++) frowned += g->menu->choices[i].frowned;
    for (size_t i = 0; i < g->menu->count; i++)
        if (g->menu->choices[i].frowned && number++ == turn % frowned) return menu_add(g->menu, order, i, true, rng);
    return false;
}

static void fill_order(const struct generator *g, struct order *order, struct rng *rng, uint64_t index, bool frowned)
{
    size_t total = g->menu->count;
    bool tiny = rng_one_in(rng, 32);
    if (g->menu->pair_count && !tiny) {
        struct menu_pair pair = pair_of(g, index);
        menu_add(g->menu, order, pair.first, false, rng);
        menu_add(g->menu, order, pair.second, false, rng);
    }
    for (size_t i = 0; frowned && i < total && !add_frowned(g, order, rng, index / GENERATOR_FROWNED_ONE_IN + i); i++) continue;
    size_t wanted = tiny ? 0 : appetite(rng);
    for (size_t tries = 0; tries < wanted * 3 && order->count < wanted + 2; tries++)
        menu_add(g->menu, order, menu_pick(g->menu, rng), false, rng);
}

/* --- building */

static const struct menu_choice *ordered(const struct generator *g, const struct order *order, enum menu_source source)
{
    for (size_t i = 0; i < order->count; i++)
        if (g->menu->choices[order->chosen[i]].source == source) return &g->menu->choices[order->chosen[i]];
    return NULL;
}

static bool is_instruction(size_t feature) { return feature <= TALK_SYSTEM_PARTS; }

/* Instructions come first, the other features in the order they were chosen. */
static struct json_object *build_talk(const struct generator *g, const struct order *order, const struct talk_maker *talk)
{
    struct json_object *messages = jo_array();
    size_t last = TALK_COUNT;
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < order->count; i++) {
            const struct menu_choice *c = &g->menu->choices[order->chosen[i]];
            if (c->source != FROM_TALK || is_instruction(c->which.index) != (pass == 0)) continue;
            talk_add(talk, messages, (enum talk_feature)c->which.index);
            last = c->which.index;
        }
    bool may_end = last >= TALK_CALL && last <= TALK_CALL_CUSTOM; /* the results of tools are what the model is to answer */
    if (!may_end || rng_one_in(talk->rng, 2)) talk_end(talk, messages);
    return messages;
}

static struct json_object *build_member(const struct menu_choice *c, const struct talk_maker *talk, const struct value_maker *value,
                                        struct json_object *root)
{
    switch (c->source) {
    case FROM_CHOICE: return choice_make(talk, (enum choice_kind)c->which.index);
    case FROM_FUNCTIONS: return functions_make(talk, c->which.index);
    case FROM_CALL: return function_call_make(talk, jo_get(root, "functions"), (int)c->which.index);
    default: return value_make(value, c->place, c->which);
    }
}

/* Members in the order they were chosen; messages somewhere among them. `functions` goes before the call that names one of them. */
struct json_object *generator_build(struct generator *g, const struct order *order, struct rng *rng, size_t bulk)
{
    struct json_object *root = jo_object();
    const struct menu_choice *tools = ordered(g, order, FROM_TOOLS), *functions = ordered(g, order, FROM_FUNCTIONS);
    struct talk_maker talk = {.rng = rng, .bulk = bulk, .new_members = (g->profile & CC_OPENAI) != 0};
    struct value_maker value = {rng, g->profile, bulk};
    size_t place = rng_below(rng, order->count + 1);
    jo_add(root, "model", jo_string(g->model));
    if (tools) jo_add(root, "tools", talk.tools = tools_make(&talk, (enum tools_kind)tools->which.index));
    if (functions) jo_add(root, functions->place->key, build_member(functions, &talk, &value, root));
    for (size_t i = 0; i <= order->count; i++) {
        if (i == place) jo_add(root, "messages", build_talk(g, order, &talk));
        if (i == order->count) break;
        const struct menu_choice *c = &g->menu->choices[order->chosen[i]];
        if (c->source != FROM_TALK && c != tools && c != functions) jo_add(root, c->place->key, build_member(c, &talk, &value, root));
    }
    return root;
}

/* --- payloads */

static size_t bulk_of(struct rng *rng)
{
    if (rng_one_in(rng, HUGE_ONE_IN)) return rng_between(rng, 200 * 1024, 2 * 1024 * 1024);
    if (rng_one_in(rng, LARGE_ONE_IN)) return rng_between(rng, 2 * 1024, 40 * 1024);
    return rng_between(rng, 1, SMALL_BULK);
}

static void note_pairs(struct generator *g, const struct order *order)
{
    const struct menu *menu = g->menu;
    for (size_t i = 0; i < order->count; i++)
        for (size_t k = 0; k < order->count; k++) {
            size_t a = order->chosen[i], b = order->chosen[k], number = a < b ? menu->numbers[a * menu->count + b] : 0;
            if (!number || (g->covered[(number - 1) / 8] >> ((number - 1) % 8) & 1)) continue;
            g->covered[(number - 1) / 8] |= (unsigned char)(1 << ((number - 1) % 8));
            g->pairs_covered++;
        }
}

const struct cc_report *generator_judge(struct generator *g, struct json_object *request)
{
    const char *text = json_text_write(&g->text, request);
    return text ? cc_check(g->checker, CC_REQUEST, text, g->text.length) : NULL;
}

void generator_give(struct generator *g, struct json_text *to)
{
    *to = g->text;
    g->text = (struct json_text){0};
}

/* One try. NULL when it is not as good as it should be, or memory ran out. */
static struct json_object *make(struct generator *g, uint64_t index, uint64_t number)
{
    struct rng rng = rng_new(g->seed, index + number * UINT64_C(0x100000000000));
    struct order order = {.count = 0};
    bool frowned = generator_frowns(index);
    size_t bulk = bulk_of(&rng);
    fill_order(g, &order, &rng, index, frowned);
    struct json_object *root = generator_build(g, &order, &rng, bulk);
    const struct cc_report *report = generator_judge(g, root);
    if (report && !report->errors && (frowned || !report->count)) {
        note_pairs(g, &order);
        return root;
    }
    json_object_put(root);
    return NULL;
}

struct json_object *generator_positive(struct generator *g, uint64_t index)
{
    struct order nothing = {.count = 0};
    struct rng rng = rng_new(g->seed, index);
    jo_lost();
    g->made++;
    for (uint64_t number = 0; number < TRIES; number++) {
        struct json_object *made = make(g, index, number);
        if (made && !jo_lost()) return made;
        json_object_put(made);
        g->again++;
    }
    g->given_up++;
    g->text.length = 0;
    return generator_build(g, &nothing, &rng, SMALL_BULK);
}
