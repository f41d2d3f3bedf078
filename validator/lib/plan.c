/* plan.c: compile the API tables, once in a process, into what a judge walks along: plans, sites and numbered constraints. */
#include "validator/lib/plan_parts.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

const enum facet plan_inherited[INHERITED] = {NULL_, UNKNOWN_, LEXICAL_};

static bool plan_failed;
static const struct plan *roots[CC_KIND_COUNT];
static struct rule_site *exchange_sites;
static unsigned exchange_count;
static struct state_site *state_sites;
static unsigned state_count;
static const struct constraint **unasked;
static unsigned unasked_count;

void plan_fail(void) { plan_failed = true; }

void *plan_take(size_t size)
{
    void *at = eternal(size ? size : 1);
    if (!at) plan_fail();
    return at;
}

char *plan_copy(const char *text, size_t length)
{
    char *copy = plan_take(length + 1);
    if (copy) memcpy(copy, text, length);
    return copy;
}

/* --- one plan for each shape and prefix, so that recursive shapes end */

static struct known {
    const struct shape *shape;
    const char *id;
    unsigned profiles;
    const struct plan *plan;
    struct known *next;
} *known_plans;

static const struct plan *known_plan(const struct shape *shape, const struct spot *spot)
{
    for (struct known *k = known_plans; k; k = k->next)
        if (k->shape == shape && k->profiles == spot->profiles && strcmp(k->id, spot->id) == 0) return k->plan;
    return NULL;
}

static void remember_plan(const struct shape *shape, const struct spot *spot, const struct plan *plan)
{
    struct known *k = plan_take(sizeof *k);
    if (!k) return;
    *k = (struct known){shape, spot->id, spot->profiles, plan, known_plans};
    known_plans = k;
}

/* --- sites */

static const struct plan *make_plan(const struct shape *shape, const struct spot *spot);
static void make_site(struct site *site, const struct field *field, const struct spot *spot, const struct plan *host,
                      const struct site *owner);

static const struct site *make_child(const struct field *field, const struct spot *spot, const struct site *owner)
{
    struct site *site = plan_take(sizeof *site);
    if (site) make_site(site, field, spot, NULL, owner);
    return site;
}

/* What an array does not allow is not compiled below it: its one finding is that it stands there. */
static bool allowed_here(const struct site *holder, const char *word)
{
    const struct word *w = holder && holder->owner ? holder->owner->field->parts : NULL;
    if (!w) return true;
    while (w->text && strcmp(w->text, word) != 0) w++;
    return w->text != NULL;
}

static struct pick_plan *make_pick(const struct pick *pick, const struct spot *spot)
{
    struct pick_plan *made = plan_take(sizeof *made);
    if (!made) return NULL;
    struct spot inner = *spot;
    if (pick->name) inner.id = pick->name;
    made->pick = pick;
    made->tag_hash = text_hash(pick->tag->key, strlen(pick->tag->key));
    struct site *tag = plan_take(sizeof *tag);
    if (!tag) return NULL;
    tag->tag_of = made;
    make_site(tag, pick->tag, &inner, NULL, NULL);
    made->tag = tag;
    made->holder = spot->holder;
    size_t total = 0;
    while (pick->tag->words[total].text) total++;
    made->plans = plan_take(total * sizeof(struct plan *));
    made->triggers = plan_take(total * sizeof *made->triggers);
    for (size_t i = 0; made->plans && i < total; i++)
        for (const struct variant *v = pick->variants; v->word; v++)
            if (v->shape && strcmp(v->word, pick->tag->words[i].text) == 0 && allowed_here(spot->holder, v->word)) {
                struct spot chosen = inner;
                chosen.variant = v;
                made->plans[i] = make_plan(v->shape, &chosen);
            }
    return made;
}

/* The spelling of a field in ids. */
static const char *spelling(const struct field *f)
{
    return f->as ? f->as : !f->key ? NULL : strcmp(f->key, "type") == 0 ? "type_member" : f->key;
}

static void make_site(struct site *site, const struct field *field, const struct spot *spot, const struct plan *host,
                      const struct site *owner)
{
    bool value = owner && owner->field->values == field;
    const char *name = spelling(field), *ref = field->ref;
    site->field = field;
    site->host = host;
    site->owner = owner;
    site->kind = spot->kind;
    site->profiles = (field->profiles ? field->profiles : EVERY_PROFILE) & spot->profiles;
    site->key_length = field->key ? (unsigned)strlen(field->key) : 0;
    if (!ref) ref = field->key && spot->ref ? eternal_join(spot->ref, ".", field->key, NULL) : spot->ref;
    struct spot inner = *spot;
    inner.profiles = site->profiles;
    inner.ref = ref;
    inner.holder = site;
    inner.variant = NULL;
    if (field->key) {
        inner.path = eternal_join(spot->path, "/", field->key, NULL);
        inner.title = eternal_join(spot->title, *spot->title ? "." : "", field->key, NULL);
    } else if (owner) {
        inner.path = eternal_join(spot->path, "/*", NULL);
        inner.title = eternal_join(spot->title, value ? ".*" : "[]", NULL);
    }
    site->path = inner.path;
    site->title = inner.title;
    site->id = name ? eternal_join(spot->id, ".", name, NULL) : eternal_join(spot->id, value ? ".value" : ".item", NULL);
    inner.id = name || value ? site->id : spot->id;
    if (!inner.path || !inner.title || !site->id) {
        plan_fail();
        return;
    }
    plan_facets(site, &inner, ref);
    if (field->each) site->each = make_child(field->each, &inner, site);
    if (field->values) site->values = make_child(field->values, &inner, site);
    if (field->shape) site->plan = make_plan(field->shape, &inner);
    plan_list_site(site, NULL);
    if (!field->pick) return;
    struct pick_plan *pick = make_pick(field->pick, &inner);
    site->pick = pick;
    if (pick) plan_list_site(site, pick);
}

/* --- plans */

static void make_slots(struct plan *plan)
{
    unsigned size = 4;
    while (size < plan->site_count * 3) size *= 2;
    plan->mask = (uint16_t)(size - 1);
    plan->slots = plan_take(size);
    for (unsigned i = 0; plan->slots && i < plan->site_count; i++) {
        unsigned slot = text_hash(plan->sites[i].field->key, plan->sites[i].key_length) & plan->mask;
        while (plan->slots[slot]) slot = (slot + 1) & plan->mask;
        plan->slots[slot] = (unsigned char)(i + 1);
    }
}

static unsigned add_rule(const struct rule *rule, const char *path, const char *title, const struct plan *plan, unsigned profiles)
{
    const char *reads = plan && rule->when ? rule->when : NULL;
    struct constraint c = {.of_rule = rule,
                           .plan = plan,
                           .absorbs = rule->absorbs,
                           .title = title,
                           .rule = {.id = rule->id,
                                    .level = rule->level,
                                    .profiles = (rule->profiles ? rule->profiles : EVERY_PROFILE) & profiles,
                                    .source = rule->ref,
                                    .sentence = rule->says,
                                    .path = reads ? eternal_join(path, "/", reads, NULL) : path,
                                    .good = rule->good,
                                    .bad = rule->bad}};
    return plan_add(&c);
}

static bool is_deep(const struct rule *rule) { return rule->when && strpbrk(rule->when, "/:"); }

/* A rule belongs to slot 0 when it is always asked, to 1 + i when member i triggers it, to the last when its trigger lies deeper. */
static bool in_slot(const struct rule *rule, const struct plan *plan, unsigned slot)
{
    if (!rule->when) return slot == 0;
    if (is_deep(rule)) return slot == plan->site_count + 1;
    return slot >= 1 && slot <= plan->site_count && strcmp(rule->when, plan->sites[slot - 1].field->key) == 0;
}

static void make_rules(struct plan *plan, unsigned profiles)
{
    unsigned total = 0, used = 0;
    const struct rule *rules = plan->shape->rules;
    while (rules && rules[total].id) total++;
    struct rule_site *sites = plan_take(total * sizeof *sites);
    plan->rules_from = plan_take((plan->site_count + 1) * sizeof *plan->rules_from);
    if (!sites || !plan->rules_from) return;
    for (unsigned slot = 0; slot <= plan->site_count + 1; slot++) {
        unsigned before = used;
        for (unsigned i = 0; i < total; i++) {
            if (!in_slot(&rules[i], plan, slot)) continue;
            unsigned id = add_rule(&rules[i], plan->path, plan->title, plan, profiles);
            uint64_t trigger = is_deep(&rules[i]) ? plan_trigger_bits(plan, rules[i].when) : 0;
            sites[used++] = (struct rule_site){&rules[i], id, constraint_at(id) ? constraint_at(id)->rule.profiles : 0, trigger};
        }
        if (slot <= plan->site_count) plan->rules_from[slot] = used;
        if (slot == 0) plan->always = used;
        else if (slot <= plan->site_count && used > before) plan->ruled |= UINT64_C(1) << (slot - 1);
    }
    if (used != total) {
        fprintf(stderr, "chatconform: a rule of %s is triggered by a member that the shape lacks\n", plan->id);
        plan_fail();
    }
    plan->rule_count = used;
    plan->rules = sites;
}

static void make_unknown(struct plan *plan, const struct spot *spot, const struct note *note)
{
    if (!note) note = note_above(spot, UNKNOWN_);
    if (plan->shape->open || (note && note->off)) return;
    struct constraint c = {.facet = UNKNOWN_,
                           .plan = plan,
                           .title = *plan->title ? plan->title : "the body",
                           .rule = {.id = note && note->id ? note->id : eternal_join(plan->id, ".unknown_member", NULL),
                                    .level = note && note->level ? note->level : CC_PORTABILITY,
                                    .profiles = (note && note->profiles ? note->profiles : EVERY_PROFILE) & spot->profiles,
                                    .source = note && note->ref ? note->ref : spot->ref,
                                    .sentence = note && note->says ? note->says : NULL,
                                    .path = eternal_join(plan->path, "/*", NULL)}};
    plan->unknown = c.rule.id ? plan_add(&c) : 0;
}

static const struct plan *make_plan(const struct shape *shape, const struct spot *from)
{
    struct spot spot = *from;
    if (shape->name) spot.id = shape->name;
    if (shape->ref) spot.ref = shape->ref;
    const struct plan *known = known_plan(shape, &spot);
    if (known) return known;
    struct plan *plan = plan_take(sizeof *plan);
    if (!plan) return NULL;
    *plan = (struct plan){.shape = shape, .kind = spot.kind, .id = spot.id, .path = spot.path, .title = spot.title,
                          .holder = spot.holder, .variant = spot.variant};
    remember_plan(shape, &spot, plan);
    make_unknown(plan, &spot, note_in(shape->notes, UNKNOWN_, false));
    for (int i = 0; i < INHERITED; i++) {
        const struct note *here = note_in(shape->notes, plan_inherited[i], false), *below = note_in(shape->notes, plan_inherited[i], true);
        if (below) spot.above[i] = below;
        else if (here) spot.above[i] = here;
    }
    /* A shape's own note for null and 1.0 is in force for its own members too, even when another is for those below. */
    struct spot members = spot;
    for (int i = 0; i < INHERITED; i++) {
        const struct note *here = note_in(shape->notes, plan_inherited[i], false);
        if (here && plan_inherited[i] != UNKNOWN_) members.above[i] = here;
    }
    while (shape->fields && shape->fields[plan->site_count].key) plan->site_count++;
    struct site *sites = plan_take(plan->site_count * sizeof *sites);
    plan->sites = sites;
    for (unsigned i = 0; sites && i < plan->site_count; i++) {
        make_site(&sites[i], &shape->fields[i], &members, plan, NULL);
        if (shape->fields[i].need & REQUIRED) plan->required |= UINT64_C(1) << i;
    }
    if (plan->site_count > SLOTS_MAX) plan_fail();
    make_slots(plan);
    make_rules(plan, spot.profiles);
    return plan;
}

/* --- all of it */

static void make_exchange_rules(void)
{
    while (exchange_rules[exchange_count].id) exchange_count++;
    exchange_sites = plan_take(exchange_count * sizeof *exchange_sites);
    for (unsigned i = 0; exchange_sites && i < exchange_count; i++) {
        const struct rule *rule = &exchange_rules[i];
        unsigned id = add_rule(rule, "", "the exchange", NULL, EVERY_PROFILE);
        exchange_sites[i] = (struct rule_site){rule, id, rule->profiles ? rule->profiles : EVERY_PROFILE, 0};
    }
}

/* Rows that nothing is asked for are told by the reader of events: they are constraints, but have no site. */
static void make_state_rules(void)
{
    const struct state_rule *rules = stream_sequence.rules;
    unsigned total = 0;
    while (rules[total].id) total++;
    state_sites = plan_take(total * sizeof *state_sites);
    for (const struct state_rule *r = rules; state_sites && r->id; r++) {
        struct constraint c = {.of_state = r, .absorbs = r->absorbs, .title = "the stream",
                               .rule = {.id = r->id, .level = r->level, .profiles = r->profiles ? r->profiles : EVERY_PROFILE,
                                        .source = r->ref, .sentence = r->says, .path = "", .good = r->good, .bad = r->bad}};
        uint64_t trigger = r->when && roots[stream_sequence.kind] ? plan_trigger_bits(roots[stream_sequence.kind], r->when) : 0;
        unsigned id = plan_add(&c);
        if (r->step || r->end) state_sites[state_count++] = (struct state_site){r, id, c.rule.profiles, trigger};
    }
    if (state_count > STATE_RULES_MAX) plan_fail();
}

static void find_unasked(void)
{
    const char *const *ids = stream_sequence.unasked;
    while (ids && ids[unasked_count]) unasked_count++;
    unasked = plan_take(unasked_count * sizeof(struct constraint *));
    for (unsigned i = 0; unasked && i < unasked_count; i++) {
        unasked[i] = constraint_at(constraint_known(ids[i]));
        if (unasked[i]) continue;
        fprintf(stderr, "chatconform: %s, which sums are not asked, is no constraint\n", ids[i]);
        plan_fail();
    }
}

static void make_remarks(void)
{
    for (const struct remark_row *r = remark_rows; r->rule.id; r++) {
        struct constraint c = {.rule = r->rule, .title = "the text"};
        plan_add(&c);
    }
}

/* What is no object at all is one finding about the whole body. */
static void make_body_type(const char *id, const char *source)
{
    const char *stem = plan_copy(id, strcspn(id, "."));
    struct constraint c = {.title = "the body", .rule = {.id = eternal_join(stem ? stem : "", ".body.type", NULL), .level = CC_MUST,
                           .profiles = EVERY_PROFILE, .source = source, .sentence = "the body is a JSON object", .path = "",
                           .good = "{}", .bad = "[]"}};
    plan_add(&c);
}

static void compile(void)
{
    make_remarks();
    for (const struct mount *m = mounts; m->shape; m++) make_body_type(m->name, m->shape->ref);
    make_body_type("exchange", "interface:check");
    for (const struct mount *m = mounts; m->shape; m++) {
        struct spot spot = {.kind = m->kind, .id = m->name, .path = "", .title = "", .profiles = EVERY_PROFILE};
        roots[m->kind] = make_plan(m->shape, &spot);
    }
    make_exchange_rules();
    make_state_rules();
    find_unasked();
    plan_set_triggers();
}

bool engine_ready(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, compile);
    return !plan_failed;
}

const struct plan *plan_of(enum cc_kind kind) { return engine_ready() ? roots[kind] : NULL; }

const struct rule_site *plan_exchange_rules(unsigned *total)
{
    *total = exchange_count;
    return exchange_sites;
}

const struct state_site *plan_state_rules(unsigned *total)
{
    *total = state_count;
    return state_sites;
}

const struct constraint *const *plan_unasked(unsigned *total)
{
    *total = unasked_count;
    return unasked;
}

const struct site *plan_find(const struct plan *plan, const struct document *doc, uint32_t key)
{
    const struct value *k = &doc->values[key];
    for (unsigned slot = k->hash & plan->mask; plan->slots[slot]; slot = (slot + 1) & plan->mask) {
        const struct site *site = &plan->sites[plan->slots[slot] - 1];
        bool same = k->length == site->key_length && same_bytes(doc->text + k->offset, site->field->key, k->length);
        if (same || ((k->flags & V_ESCAPED) && text_is((struct view){doc, key}, site->field->key))) return site;
    }
    return NULL;
}
