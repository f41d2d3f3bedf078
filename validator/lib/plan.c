/* plan.c: compile the API tables, once in a process, into what a judge walks along: plans, sites and numbered constraints.
 *
 * This is where ids are derived, so that no table has to spell them out, and where notes of a row or of the shapes above it change a
 * facet's level, profile, id or words. */
#include "validator/api/tables.h"
#include "validator/lib/engine.h"
#include "validator/lib/eternal.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EVERY_PROFILE = CC_NEWAPI | CC_OPENAI, INHERITED = 3 };

/* Where the compiler stands. */
struct spot {
    enum cc_kind kind;
    const char *id, *path, *title, *ref;
    unsigned profiles;
    const struct note *above[INHERITED]; /* for NULL_, UNKNOWN_, LEXICAL_: what shapes above say about those below */
    const struct site *holder;
    const struct variant *variant;
};

static const enum facet inherited[INHERITED] = {NULL_, UNKNOWN_, LEXICAL_};

static bool failed;
static const struct plan *roots[CC_KIND_COUNT];
static struct rule_site *exchange_sites;
static unsigned exchange_count;
static struct state_site *state_sites;
static unsigned state_count;

static void *take(size_t size)
{
    void *at = eternal(size ? size : 1);
    if (!at) failed = true;
    return at;
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
    struct known *k = take(sizeof *k);
    if (!k) return;
    *k = (struct known){shape, spot->id, spot->profiles, plan, known_plans};
    known_plans = k;
}

/* --- triggers that lie deeper than the rule: all sites are looked through when they are all there */

static struct listed {
    struct site *site;
    struct pick_plan *pick;
    struct listed *next;
} *all_sites;

static struct deep_trigger {
    enum cc_kind kind;
    const char *path, *word; /* word: of a tag, or NULL */
    uint64_t bit;
    struct deep_trigger *next;
} *deep_triggers;

static void list_site(struct site *site, struct pick_plan *pick)
{
    struct listed *l = take(sizeof *l);
    if (!l) return;
    *l = (struct listed){site, pick, all_sites};
    all_sites = l;
}

static char *strndup_eternal(const char *text, size_t length)
{
    char *copy = take(length + 1);
    if (copy) memcpy(copy, text, length);
    return copy;
}

/* The bit for what lies at one path below a plan. */
static uint64_t trigger_bit(const struct plan *plan, const char *when)
{
    static unsigned used[CC_KIND_COUNT];
    const char *colon = strchr(when, ':'), *word = colon ? colon + 1 : NULL;
    const char *below = strndup_eternal(when, colon ? (size_t)(colon - when) : strlen(when));
    const char *path = below ? eternal_join(plan->path, "/", below, NULL) : NULL;
    for (struct deep_trigger *t = deep_triggers; t && path; t = t->next)
        if (t->kind == plan->kind && strcmp(t->path, path) == 0 && (word && t->word ? strcmp(word, t->word) == 0 : word == t->word)) return t->bit;
    struct deep_trigger *t = take(sizeof *t);
    if (!t || used[plan->kind] == 64) {
        failed = true;
        return 0;
    }
    *t = (struct deep_trigger){plan->kind, path, word, UINT64_C(1) << used[plan->kind]++, deep_triggers};
    deep_triggers = t;
    return t->bit;
}

static uint64_t trigger_bits(const struct plan *plan, const char *when)
{
    uint64_t bits = 0;
    while (*when) {
        size_t length = strcspn(when, " ");
        const char *path = strndup_eternal(when, length);
        if (path) bits |= trigger_bit(plan, path);
        when += length + strspn(when + length, " ");
    }
    return bits;
}

static bool trigger_pick(struct pick_plan *pick, const struct deep_trigger *t)
{
    bool hit = false;
    const struct word *words = pick->pick->tag->words;
    for (size_t i = 0; words[i].text; i++)
        if (strcmp(words[i].text, t->word) == 0) hit = true, pick->triggers[i] |= t->bit;
    return hit;
}

static void set_triggers(void)
{
    for (struct deep_trigger *t = deep_triggers; t; t = t->next) {
        bool hit = false;
        for (struct listed *l = all_sites; l; l = l->next) {
            if (l->site->kind != t->kind || strcmp(l->site->path, t->path) != 0) continue;
            if (t->word && l->pick) hit |= trigger_pick(l->pick, t);
            else if (!t->word && !l->pick) l->site->triggers |= t->bit, hit = true;
        }
        if (hit) continue;
        fprintf(stderr, "chatconform: no row is at %s%s%s, which triggers a rule\n", t->path, t->word ? ":" : "", t->word ? t->word : "");
        failed = true;
    }
}

/* --- constraints */

static const struct note *note_in(const struct note *notes, enum facet facet, bool below)
{
    for (const struct note *n = notes; n && n->facet; n++)
        if (n->facet == facet && n->below == below) return n;
    return NULL;
}

static const struct note *note_above(const struct spot *spot, enum facet facet)
{
    for (int i = 0; i < INHERITED; i++)
        if (inherited[i] == facet) return spot->above[i];
    return NULL;
}

static const char *kind_of(const char *id)
{
    static const char *const kinds[] = {"request", "response", "stream", "error", "http", "list", "message_list", "json", "suite", "target", "exchange"};
    size_t length = strcspn(id, ".");
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strlen(kinds[i]) == length && strncmp(kinds[i], id, length) == 0) return kinds[i];
    return "other";
}

static const char *first_of(const char *a, const char *b) { return a ? a : b; }

static unsigned add(struct constraint *c)
{
    char sentence[2048] = "";
    if (!c->rule.sentence && c->facet) {
        facets[c->facet].requires_(sentence, sizeof sentence, c);
        c->rule.sentence = eternal_join(sentence, NULL);
    }
    c->rule.kind = kind_of(c->rule.id);
    unsigned number = c->rule.sentence ? constraint_add(c) : 0;
    if (!number) failed = true;
    return number;
}

/* What is the same for all facets of a site. */
struct facet_maker {
    struct site *site;
    const struct spot *spot;
    const char *ref;
};

static unsigned make_facet(const struct facet_maker *m, enum facet facet, const char *name, enum cc_level level, unsigned profiles,
                           const struct constraint *like)
{
    const struct note *note = note_in(m->site->field->notes, facet, false);
    const struct note *above = note ? NULL : note_above(m->spot, facet);
    if (above) note = above;
    if (note && note->off) return 0;
    struct constraint c = like ? *like : (struct constraint){0};
    c.facet = facet;
    c.site = m->site;
    c.plan = m->site->host;
    c.title = *m->site->title ? m->site->title : "the body";
    if (!c.rule.id) c.rule.id = note && note->id ? note->id : eternal_join(m->site->id, ".", name, NULL);
    if (!c.rule.sentence) c.rule.sentence = note && note->says ? note->says : NULL;
    c.rule.level = note && note->level ? note->level : level;
    c.rule.profiles = (note && note->profiles ? note->profiles : EVERY_PROFILE) & m->site->profiles & (profiles ? profiles : EVERY_PROFILE);
    c.rule.source = first_of(note ? note->ref : NULL, first_of(c.rule.source, m->ref));
    c.rule.path = m->site->path;
    m->site->facets++;
    return c.rule.id ? add(&c) : 0;
}

static unsigned make_plain(const struct facet_maker *m, enum facet facet, const char *name)
{
    return make_facet(m, facet, name, facets[facet].level, 0, NULL);
}

static const char *bounds_name(const struct range *r, const char *both, const char *low, const char *high)
{
    return r->low > -NONE && r->high < NONE ? both : r->low > -NONE ? low : high;
}

static void make_bounds(const struct facet_maker *m)
{
    const struct field *f = m->site->field;
    unsigned *ids = m->site->ids;
    if (f->between) {
        const char *name = bounds_name(f->between, "range", "min", "max");
        if (f->between->low > -NONE) ids[MIN_] = make_plain(m, MIN_, name);
        if (f->between->high < NONE) ids[MAX_] = make_plain(m, MAX_, name);
    }
    if (f->items && f->items->low > 0) ids[MIN_ITEMS_] = make_plain(m, MIN_ITEMS_, "min_items");
    if (f->items && f->items->high < NONE) ids[MAX_ITEMS_] = make_plain(m, MAX_ITEMS_, "max_items");
    if (f->chars) {
        struct range r = {f->chars->low > 0 ? f->chars->low : -NONE, f->chars->high};
        const char *name = bounds_name(&r, "length", r.low == 1 ? "non_empty" : "min_length", "max_length");
        if (r.low > 0) ids[MIN_CHARS_] = make_plain(m, MIN_CHARS_, name);
        if (r.high < NONE) ids[MAX_CHARS_] = make_plain(m, MAX_CHARS_, name);
    }
    if (f->members) ids[MAX_MEMBERS_] = make_plain(m, MAX_MEMBERS_, "max_properties");
    if (f->key_chars) ids[KEY_CHARS_] = make_plain(m, KEY_CHARS_, "key.max_length");
}

static unsigned *make_forms(const struct facet_maker *m, enum facet facet, const struct form *const *forms, const char *prefix)
{
    size_t total = 0;
    while (forms[total]) total++;
    unsigned *ids = take(total * sizeof *ids);
    for (size_t i = 0; ids && i < total; i++) {
        const struct form *form = forms[i];
        const char *name = eternal_join(prefix, form->name, NULL);
        struct constraint like = {.form = form, .rule = {.source = form->ref}};
        const struct note *note = note_in(m->site->field->notes, facet, false);
        if (note && total > 1) like.rule.id = eternal_join(m->site->id, ".", name, NULL); /* a note's id cannot serve several forms */
        if (name) ids[i] = make_facet(m, facet, name, form->level ? form->level : CC_MUST, form->profiles, &like);
    }
    return ids;
}

static unsigned char *lengths_of(const struct word *words)
{
    size_t total = 0;
    while (words[total].text) total++;
    unsigned char *lengths = take(total + 1);
    for (size_t i = 0; lengths && i < total; i++) lengths[i] = (unsigned char)strlen(words[i].text);
    return lengths;
}

static void make_word_notes(const struct facet_maker *m)
{
    const struct word *words = m->site->field->words;
    size_t total = 0, noted = 0;
    for (; words[total].text; total++) noted += words[total].level != 0;
    if (!noted) return;
    m->site->word_note_ids = take(total * sizeof(unsigned));
    for (size_t i = 0; m->site->word_note_ids && i < total; i++) {
        const struct word *w = &words[i];
        if (!w->level) continue;
        const char *name = eternal_join(w->text, ".", cc_level_name(w->level), NULL);
        struct constraint like = {.word = w, .rule = {.id = w->id, .sentence = w->says, .source = w->ref}};
        if (name) m->site->word_note_ids[i] = make_facet(m, WORD_NOTE_, name, w->level, w->profiles, &like);
    }
}

/* A list that differs between the profiles is two constraints, one for each. */
static void make_words(const struct facet_maker *m)
{
    struct site *site = m->site;
    unsigned total = 0, split = 0;
    for (const struct word *w = site->field->words; w->text; w++) {
        total++;
        split |= w->profiles && (w->profiles & EVERY_PROFILE) != EVERY_PROFILE && !w->level;
    }
    site->word_lengths = lengths_of(site->field->words);
    const char *name = total == 1 ? "const" : "enum";
    if (split && site->profiles == EVERY_PROFILE) {
        const struct note *note = note_in(site->field->notes, WORD_, false);
        const char *stem = note && note->id ? note->id : eternal_join(site->id, ".", name, NULL);
        for (unsigned i = 0; i < 2 && stem; i++) {
            struct constraint like = {.rule = {.id = eternal_join(stem, i ? ".openai" : ".newapi", NULL)}};
            site->word_ids[i] = make_facet(m, WORD_, name, CC_MUST, i ? CC_OPENAI : CC_NEWAPI, &like);
        }
    } else {
        site->word_ids[0] = site->word_ids[1] = make_plain(m, WORD_, name);
    }
    make_word_notes(m);
}

static void make_facets(const struct facet_maker *m)
{
    struct site *site = m->site;
    const struct field *f = site->field;
    unsigned types = f->is ? f->is : ANY;
    bool optional = !(f->need & REQUIRED);
    if (f->need & REQUIRED) site->ids[REQUIRED_] = make_plain(m, REQUIRED_, "required");
    if (types != ANY) site->ids[TYPE_] = make_plain(m, TYPE_, "type");
    if (f->key && optional && !(types & NIL) && !(f->need & NULL_IS_MISSING)) site->ids[NULL_] = make_plain(m, NULL_, "null");
    if ((types & NUM) == INT) site->ids[LEXICAL_] = make_plain(m, LEXICAL_, "integer_lexical");
    if (f->words) make_words(m);
    if (f->parts) {
        site->ids[PART_TYPE_] = make_plain(m, PART_TYPE_, "part_types");
        site->part_lengths = lengths_of(f->parts);
    }
    make_bounds(m);
    if (f->forms) site->form_ids = make_forms(m, FORM_, f->forms, "");
    if (f->keys) site->key_ids = make_forms(m, KEY_FORM_, f->keys, "key.");
    if (note_in(f->notes, DEPRECATED_, false)) site->ids[DEPRECATED_] = make_plain(m, DEPRECATED_, "deprecated");
}

/* --- sites */

static const struct plan *make_plan(const struct shape *shape, const struct spot *spot);
static void make_site(struct site *site, const struct field *field, const struct spot *spot, const struct plan *host,
                      const struct site *owner);

static const struct site *make_child(const struct field *field, const struct spot *spot, const struct site *owner)
{
    struct site *site = take(sizeof *site);
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
    struct pick_plan *made = take(sizeof *made);
    if (!made) return NULL;
    struct spot inner = *spot;
    if (pick->name) inner.id = pick->name;
    made->pick = pick;
    made->tag_hash = text_hash(pick->tag->key, strlen(pick->tag->key));
    struct site *tag = take(sizeof *tag);
    if (!tag) return NULL;
    tag->tag_of = made;
    make_site(tag, pick->tag, &inner, NULL, NULL);
    made->tag = tag;
    made->holder = spot->holder;
    size_t total = 0;
    while (pick->tag->words[total].text) total++;
    made->plans = take(total * sizeof(struct plan *));
    made->triggers = take(total * sizeof *made->triggers);
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
        failed = true;
        return;
    }
    make_facets(&(struct facet_maker){site, &inner, ref});
    if (field->each) site->each = make_child(field->each, &inner, site);
    if (field->values) site->values = make_child(field->values, &inner, site);
    if (field->shape) site->plan = make_plan(field->shape, &inner);
    list_site(site, NULL);
    if (!field->pick) return;
    struct pick_plan *pick = make_pick(field->pick, &inner);
    site->pick = pick;
    if (pick) list_site(site, pick);
}

/* --- plans */

static void make_slots(struct plan *plan)
{
    unsigned size = 4;
    while (size < plan->site_count * 3) size *= 2;
    plan->mask = (uint16_t)(size - 1);
    plan->slots = take(size);
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
    return add(&c);
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
    struct rule_site *sites = take(total * sizeof *sites);
    plan->rules_from = take((plan->site_count + 1) * sizeof *plan->rules_from);
    if (!sites || !plan->rules_from) return;
    for (unsigned slot = 0; slot <= plan->site_count + 1; slot++) {
        unsigned before = used;
        for (unsigned i = 0; i < total; i++) {
            if (!in_slot(&rules[i], plan, slot)) continue;
            unsigned id = add_rule(&rules[i], plan->path, plan->title, plan, profiles);
            uint64_t trigger = is_deep(&rules[i]) ? trigger_bits(plan, rules[i].when) : 0;
            sites[used++] = (struct rule_site){&rules[i], id, constraint_at(id) ? constraint_at(id)->rule.profiles : 0, trigger};
        }
        if (slot <= plan->site_count) plan->rules_from[slot] = used;
        if (slot == 0) plan->always = used;
        else if (slot <= plan->site_count && used > before) plan->ruled |= UINT64_C(1) << (slot - 1);
    }
    if (used != total) {
        fprintf(stderr, "chatconform: a rule of %s is triggered by a member that the shape lacks\n", plan->id);
        failed = true;
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
    plan->unknown = c.rule.id ? add(&c) : 0;
}

static const struct plan *make_plan(const struct shape *shape, const struct spot *from)
{
    struct spot spot = *from;
    if (shape->name) spot.id = shape->name;
    if (shape->ref) spot.ref = shape->ref;
    const struct plan *known = known_plan(shape, &spot);
    if (known) return known;
    struct plan *plan = take(sizeof *plan);
    if (!plan) return NULL;
    *plan = (struct plan){.shape = shape, .kind = spot.kind, .id = spot.id, .path = spot.path, .title = spot.title,
                          .holder = spot.holder, .variant = spot.variant};
    remember_plan(shape, &spot, plan);
    make_unknown(plan, &spot, note_in(shape->notes, UNKNOWN_, false));
    for (int i = 0; i < INHERITED; i++) {
        const struct note *here = note_in(shape->notes, inherited[i], false), *below = note_in(shape->notes, inherited[i], true);
        if (below) spot.above[i] = below;
        else if (here) spot.above[i] = here;
    }
    /* A shape's own note for null and 1.0 is in force for its own members too, even when another is for those below. */
    struct spot members = spot;
    for (int i = 0; i < INHERITED; i++) {
        const struct note *here = note_in(shape->notes, inherited[i], false);
        if (here && inherited[i] != UNKNOWN_) members.above[i] = here;
    }
    while (shape->fields && shape->fields[plan->site_count].key) plan->site_count++;
    struct site *sites = take(plan->site_count * sizeof *sites);
    plan->sites = sites;
    for (unsigned i = 0; sites && i < plan->site_count; i++) {
        make_site(&sites[i], &shape->fields[i], &members, plan, NULL);
        if (shape->fields[i].need & REQUIRED) plan->required |= UINT64_C(1) << i;
    }
    if (plan->site_count > SLOTS_MAX) failed = true;
    make_slots(plan);
    make_rules(plan, spot.profiles);
    return plan;
}

/* --- all of it */

static void make_exchange_rules(void)
{
    while (exchange_rules[exchange_count].id) exchange_count++;
    exchange_sites = take(exchange_count * sizeof *exchange_sites);
    for (unsigned i = 0; exchange_sites && i < exchange_count; i++) {
        const struct rule *rule = &exchange_rules[i];
        unsigned id = add_rule(rule, "", "the exchange", NULL, EVERY_PROFILE);
        exchange_sites[i] = (struct rule_site){rule, id, rule->profiles ? rule->profiles : EVERY_PROFILE, 0};
    }
}

static void make_state_rules(void)
{
    const struct state_rule *rules = stream_sequence.rules;
    while (rules[state_count].id) state_count++;
    state_sites = take(state_count * sizeof *state_sites);
    for (unsigned i = 0; state_sites && i < state_count; i++) {
        const struct state_rule *r = &rules[i];
        struct constraint c = {.of_state = r, .absorbs = r->absorbs, .title = "the stream",
                               .rule = {.id = r->id, .level = r->level, .profiles = r->profiles ? r->profiles : EVERY_PROFILE,
                                        .source = r->ref, .sentence = r->says, .path = "", .good = r->good, .bad = r->bad}};
        state_sites[i] = (struct state_site){r, add(&c), c.rule.profiles};
    }
}

static void make_remarks(void)
{
    for (const struct remark_row *r = remark_rows; r->rule.id; r++) {
        struct constraint c = {.rule = r->rule, .title = "the text"};
        add(&c);
    }
}

/* What is no object at all is one finding about the whole body. */
static void make_body_type(const char *id, const char *source)
{
    const char *stem = strndup_eternal(id, strcspn(id, "."));
    struct constraint c = {.title = "the body", .rule = {.id = eternal_join(stem ? stem : "", ".body.type", NULL), .level = CC_MUST,
                           .profiles = EVERY_PROFILE, .source = source, .sentence = "the body is a JSON object", .path = "",
                           .good = "{}", .bad = "[]"}};
    add(&c);
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
    set_triggers();
}

bool engine_ready(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, compile);
    return !failed;
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
