/* menu.c: see menu.h.
 *
 * A choice alone may deserve a finding (top_logprobs without logprobs, audio without its modality). If the finding is gone beside another
 * choice, that one relieves it. If two together deserve a finding that neither deserves alone, they are in conflict. Both are learnt from
 * one small document for each pair, which costs some hundredths of a second for all of them. */
#include "fuzzer/menu.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CHOICES_MAX = 512, DOCUMENT_MAX = 64 * 1024, SAMPLE_BULK = 24 };

/* A menu under construction. */
struct learning {
    struct menu *menu;
    struct cc_checker *checker;
    char *document;
    struct rng rng;
    bool failed;
};

/* --- listing the choices */

static char *sample_talk(const struct talk_maker *talk, enum talk_feature feature)
{
    struct json_object *messages = jo_array();
    talk_add(talk, messages, feature);
    size_t length;
    const char *text = jo_write(messages, &length);
    char *sample = length ? strndup(text + 1, length - 2) : NULL;
    json_object_put(messages);
    return sample;
}

static struct json_object *sample_value(struct learning *l, const struct menu_choice *c)
{
    struct talk_maker talk = {.rng = &l->rng, .bulk = SAMPLE_BULK, .sample = true, .new_members = l->menu->profile & CC_OPENAI};
    struct value_maker maker = {&l->rng, l->menu->profile, SAMPLE_BULK};
    switch (c->source) {
    case FROM_TOOLS: return tools_make(&talk, (enum tools_kind)c->which.index);
    case FROM_CHOICE: return choice_make(&talk, (enum choice_kind)c->which.index);
    case FROM_FUNCTIONS: return functions_make(&talk, c->which.index);
    case FROM_CALL: return function_call_make(&talk, NULL, (int)c->which.index);
    default: return value_make(&maker, c->place, c->which);
    }
}

static void add_choice(struct learning *l, struct menu_choice c)
{
    struct menu *menu = l->menu;
    if (menu->count == CHOICES_MAX || l->failed) return;
    struct talk_maker talk = {.rng = &l->rng, .bulk = SAMPLE_BULK, .sample = true, .new_members = menu->profile & CC_OPENAI};
    if (c.source == FROM_TALK) {
        c.sample = sample_talk(&talk, (enum talk_feature)c.which.index);
    } else {
        struct json_object *value = sample_value(l, &c);
        const char *text = jo_write(value, NULL);
        c.sample = *text ? strdup(text) : NULL;
        json_object_put(value);
    }
    l->failed |= !c.sample;
    if (c.sample) menu->choices[menu->count++] = c;
}

static void add_kinds(struct learning *l, const struct cc_place *place, enum menu_source source, size_t first, size_t count)
{
    for (size_t i = first; i < first + count; i++)
        add_choice(l, (struct menu_choice){.name = place->key, .source = source, .place = place, .which = {.index = i}});
}

static void add_classes(struct learning *l, const struct cc_place *place)
{
    struct value_class classes[VALUE_CLASSES_MAX];
    size_t count = value_classes(place, l->menu->profile, classes);
    for (size_t i = 0; i < count; i++)
        add_choice(l, (struct menu_choice){.name = place->key, .source = FROM_PLACE, .place = place, .which = classes[i]});
}

static void add_member(struct learning *l, const struct cc_place *place)
{
    static const struct {
        const char *key;
        enum menu_source source;
        size_t first, count;
    } own[] = {{"tools", FROM_TOOLS, 0, TOOLS_KINDS}, {"tool_choice", FROM_CHOICE, 0, CHOICE_KINDS}, {"functions", FROM_FUNCTIONS, 1, 2},
               {"function_call", FROM_CALL, 0, CALL_KINDS}};
    if (strcmp(place->key, "model") == 0 || strcmp(place->key, "messages") == 0 || !(place->profiles & l->menu->profile)) return;
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        if (strcmp(place->key, own[i].key) == 0) {
            add_kinds(l, place, own[i].source, own[i].first, own[i].count);
            return;
        }
    add_classes(l, place);
}

static void list_choices(struct learning *l)
{
    const struct cc_place *root = cc_describe(CC_REQUEST);
    for (size_t i = 0; i < TALK_COUNT; i++)
        add_choice(l, (struct menu_choice){.name = talk_name((enum talk_feature)i), .source = FROM_TALK, .which = {.index = i}});
    for (size_t i = 0; root && i < root->member_count; i++) add_member(l, &root->members[i]);
    l->failed |= !root;
}

/* --- asking the validator */

/* Appends to the document; what is too long is noted. */
static size_t put(struct learning *l, size_t used, const char *text)
{
    size_t length = strlen(text);
    if (used + length >= DOCUMENT_MAX) {
        l->failed = true;
        return used;
    }
    memcpy(l->document + used, text, length + 1);
    return used + length;
}

static const struct cc_report *ask(struct learning *l, const struct menu_choice *const *choices, size_t count)
{
    size_t used = put(l, 0, "{\"model\":\"m\",\"messages\":[");
    for (size_t i = 0; i < count; i++)
        if (choices[i]->source == FROM_TALK) used = put(l, put(l, used, choices[i]->sample), ",");
    used = put(l, used, "{\"role\":\"user\",\"content\":\"Hello\"}]");
    for (size_t i = 0; i < count; i++) {
        if (choices[i]->source == FROM_TALK) continue;
        used = put(l, put(l, put(l, used, ",\""), choices[i]->name), "\":");
        used = put(l, used, choices[i]->sample);
    }
    used = put(l, used, "}");
    const struct cc_report *report = l->failed ? NULL : cc_check(l->checker, CC_REQUEST, l->document, used);
    l->failed |= !report;
    return report;
}

static bool is_among(const struct cc_rule *rule, const struct menu_choice *c)
{
    for (size_t i = 0; i < c->alone_count; i++)
        if (c->alone[i] == rule) return true;
    return false;
}

static bool reports(const struct cc_report *report, const struct cc_rule *rule)
{
    for (size_t i = 0; i < report->count; i++)
        if (report->findings[i].rule == rule) return true;
    return false;
}

static void learn_alone(struct learning *l, struct menu_choice *c)
{
    const struct menu_choice *only = c;
    const struct cc_report *report = ask(l, &only, 1);
    for (size_t i = 0; report && i < report->count; i++) {
        if (c->alone_count == ALONE_MAX) c->broken = true;
        else if (!is_among(report->findings[i].rule, c)) c->alone[c->alone_count++] = report->findings[i].rule;
    }
}

/* Bits of what `a` deserves alone and not here. */
static unsigned relieved(const struct cc_report *report, const struct menu_choice *a)
{
    unsigned bits = 0;
    for (size_t i = 0; i < a->alone_count; i++)
        if (!reports(report, a->alone[i])) bits |= 1U << i;
    return bits;
}

static bool excludes(const struct menu_choice *a, const struct menu_choice *b)
{
    return a == b || (a->source != FROM_TALK && a->place == b->place);
}

static void learn_pair(struct learning *l, size_t i, size_t k)
{
    struct menu *menu = l->menu;
    const struct menu_choice *pair[] = {&menu->choices[i], &menu->choices[k]};
    size_t there = i * menu->count + k, back = k * menu->count + i;
    bool conflict = excludes(pair[0], pair[1]);
    const struct cc_report *report = conflict ? NULL : ask(l, pair, 2);
    for (size_t f = 0; report && f < report->count; f++)
        conflict |= !is_among(report->findings[f].rule, pair[0]) && !is_among(report->findings[f].rule, pair[1]);
    menu->conflicts[there] = menu->conflicts[back] = conflict;
    if (!report || conflict) return;
    menu->relieves[there] = (unsigned char)relieved(report, pair[0]);
    menu->relieves[back] = (unsigned char)relieved(report, pair[1]);
}

/* What something relieves is needed; what nothing relieves lasts. */
static void settle(struct menu *menu, size_t i)
{
    struct menu_choice *c = &menu->choices[i];
    for (size_t k = 0; k < menu->count; k++) c->needs |= menu->relieves[i * menu->count + k];
    for (size_t k = 0; k < c->alone_count; k++) {
        if (c->needs >> k & 1) continue;
        if (cc_level_severity(c->alone[k]->level) == CC_ERROR) c->broken = true;
        else c->frowned = true;
    }
}

/* What relieves `choice`, itself needs nothing more, and goes with `other`; count when there is none. */
static size_t relief_beside(const struct menu *menu, size_t choice, size_t other)
{
    unsigned needs = menu->choices[choice].needs;
    for (size_t r = 0; r < menu->count; r++) {
        bool whole = (menu->relieves[choice * menu->count + r] & needs) == needs,
             back = menu->relieves[r * menu->count + choice] == menu->choices[r].needs;
        if (r != other && whole && back && !menu->choices[r].broken && !menu->conflicts[r * menu->count + other]) return r;
    }
    return menu->count;
}

/* A choice whose own fault hides another's is asked again, relieved. */
static void learn_beside(struct learning *l, size_t i, size_t k)
{
    struct menu *menu = l->menu;
    size_t relief = menu->conflicts[i * menu->count + k] ? menu->count : relief_beside(menu, i, k);
    if (relief == menu->count) return;
    const struct menu_choice *three[] = {&menu->choices[i], &menu->choices[k], &menu->choices[relief]};
    const struct cc_report *report = ask(l, three, 3);
    bool conflict = false;
    for (size_t f = 0; report && f < report->count; f++) {
        const struct cc_rule *rule = report->findings[f].rule;
        conflict |= !is_among(rule, three[0]) && !is_among(rule, three[1]) && !is_among(rule, three[2]);
    }
    menu->conflicts[i * menu->count + k] |= conflict;
    menu->conflicts[k * menu->count + i] |= conflict;
}

static void list_pairs(struct learning *l)
{
    struct menu *menu = l->menu;
    menu->pairs = malloc((menu->count * menu->count / 2 + 1) * sizeof *menu->pairs);
    menu->numbers = calloc(menu->count * menu->count + 1, sizeof *menu->numbers);
    l->failed |= !menu->pairs || !menu->numbers;
    for (size_t i = 0; !l->failed && i < menu->count; i++)
        for (size_t k = i + 1; k < menu->count; k++) {
            const struct menu_choice *a = &menu->choices[i], *b = &menu->choices[k];
            bool fine = !a->frowned && !a->broken && !b->frowned && !b->broken && !menu->conflicts[i * menu->count + k];
            if (!fine) continue;
            menu->pairs[menu->pair_count++] = (struct menu_pair){(unsigned short)i, (unsigned short)k};
            menu->numbers[i * menu->count + k] = (unsigned)menu->pair_count;
        }
}

/* Choices of one parameter stand together; each feature of the conversation is one by itself. */
static void list_groups(struct learning *l)
{
    struct menu *menu = l->menu;
    menu->groups = calloc(menu->count + 1, sizeof *menu->groups);
    l->failed |= !menu->groups;
    for (size_t i = 0; !l->failed && i < menu->count; i++) {
        const struct menu_choice *c = &menu->choices[i];
        if (i == 0 || c->source == FROM_TALK || c->place != menu->choices[i - 1].place) menu->groups[menu->group_count++] = i;
    }
    if (!l->failed) menu->groups[menu->group_count] = menu->count;
}

static void learn(struct learning *l)
{
    struct menu *menu = l->menu;
    size_t count = menu->count;
    menu->conflicts = calloc(count, count);
    menu->relieves = calloc(count, count);
    if (!menu->conflicts || !menu->relieves) l->failed = true;
    for (size_t i = 0; i < count && !l->failed; i++) learn_alone(l, &menu->choices[i]);
    for (size_t i = 0; i < count; i++)
        for (size_t k = i; k < count && !l->failed; k++) learn_pair(l, i, k);
    for (size_t i = 0; i < count && !l->failed; i++) settle(menu, i);
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; menu->choices[i].needs && k < count && !l->failed; k++) learn_beside(l, i, k);
    if (!l->failed) list_pairs(l);
}

struct menu *menu_new(unsigned profile)
{
    struct cc_options options = {.profile = profile};
    struct learning l = {
        .menu = calloc(1, sizeof *l.menu), .checker = cc_checker_new(&options), .document = malloc(DOCUMENT_MAX), .rng = rng_new(1, 1)};
    l.failed = !l.menu || !l.checker || !l.document;
    jo_lost();
    if (!l.failed) {
        l.menu->profile = profile;
        l.menu->choices = calloc(CHOICES_MAX, sizeof *l.menu->choices);
        l.failed = !l.menu->choices;
    }
    if (!l.failed) list_choices(&l);
    if (!l.failed) list_groups(&l);
    if (!l.failed) learn(&l);
    cc_checker_free(l.checker);
    free(l.document);
    if (!l.failed && !jo_lost()) return l.menu;
    menu_free(l.menu);
    return NULL;
}

void menu_free(struct menu *menu)
{
    if (!menu) return;
    for (size_t i = 0; menu->choices && i < menu->count; i++) free(menu->choices[i].sample);
    free(menu->choices);
    free(menu->conflicts);
    free(menu->relieves);
    free(menu->pairs);
    free(menu->numbers);
    free(menu->groups);
    free(menu);
}

/* --- ordering */

static bool fits(const struct menu *menu, const struct order *order, size_t choice)
{
    for (size_t i = 0; i < order->count; i++)
        if (menu->conflicts[choice * menu->count + order->chosen[i]]) return false;
    return order->count < ORDER_MAX;
}

static bool relieves(const struct menu *menu, size_t choice, size_t other)
{
    unsigned needs = menu->choices[choice].needs;
    return (menu->relieves[choice * menu->count + other] & needs) == needs;
}

static bool has_relief(const struct menu *menu, const struct order *order, size_t choice)
{
    for (size_t i = 0; i < order->count; i++)
        if (relieves(menu, choice, order->chosen[i])) return true;
    return menu->choices[choice].needs == 0;
}

static bool is_usable(const struct menu_choice *c, bool frowned) { return !c->broken && (!c->frowned || frowned); }

static bool may_relieve(const struct menu *menu, const struct order *order, size_t choice, size_t other, bool frowned)
{
    return relieves(menu, choice, other) && is_usable(&menu->choices[other], frowned) && fits(menu, order, other) &&
           has_relief(menu, order, other);
}

/* Adds one of those that relieve `choice`, without asking for more than one thing. */
static bool add_relief(const struct menu *menu, struct order *order, size_t choice, bool frowned, struct rng *rng)
{
    size_t count = 0;
    for (size_t i = 0; i < menu->count; i++) count += may_relieve(menu, order, choice, i, frowned);
    size_t which = rng_below(rng, count);
    for (size_t i = 0; i < menu->count; i++) {
        if (!may_relieve(menu, order, choice, i, frowned) || which--) continue;
        order->chosen[order->count++] = (unsigned short)i;
        return true;
    }
    return false;
}

size_t menu_pick(const struct menu *menu, struct rng *rng)
{
    size_t group = rng_below(rng, menu->group_count), first = menu->groups[group];
    return first + rng_below(rng, menu->groups[group + 1] - first);
}

bool menu_add(const struct menu *menu, struct order *order, size_t choice, bool frowned, struct rng *rng)
{
    if (!is_usable(&menu->choices[choice], frowned) || !fits(menu, order, choice)) return false;
    order->chosen[order->count++] = (unsigned short)choice;
    if (has_relief(menu, order, choice) || add_relief(menu, order, choice, frowned, rng)) return true;
    order->count--;
    return false;
}
