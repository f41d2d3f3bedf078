/* plan_facets.c: the constraints of a row: which facets it promises, and each one's id, level, profiles, source and sentence.
 *
 * This is where ids are derived, so that no table has to spell them out, and where notes of the row or of the shapes above it change what
 * is derived. */
#include "validator/lib/plan_parts.h"

#include <string.h>

const struct note *note_in(const struct note *notes, enum facet facet, bool below)
{
    for (const struct note *n = notes; n && n->facet; n++)
        if (n->facet == facet && n->below == below) return n;
    return NULL;
}

const struct note *note_above(const struct spot *spot, enum facet facet)
{
    for (int i = 0; i < INHERITED; i++)
        if (plan_inherited[i] == facet) return spot->above[i];
    return NULL;
}

static const char *kind_of(const char *id)
{
    static const char *const kinds[] = {"request", "response", "stream", "error", "http", "list", "message_list", "json", "suite", "target",
                                        "baseline", "mutants", "exchange"};
    size_t length = strcspn(id, ".");
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strlen(kinds[i]) == length && strncmp(kinds[i], id, length) == 0) return kinds[i];
    return "other";
}

static const char *first_of(const char *a, const char *b) { return a ? a : b; }

unsigned plan_add(struct constraint *c)
{
    char sentence[2048] = "";
    if (!c->rule.sentence && c->facet) {
        facets[c->facet].requires_(sentence, sizeof sentence, c);
        c->rule.sentence = eternal_join(sentence, NULL);
    }
    c->rule.kind = kind_of(c->rule.id);
    unsigned number = c->rule.sentence ? constraint_add(c) : 0;
    if (!number) plan_fail();
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
    return c.rule.id ? plan_add(&c) : 0;
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
    unsigned *ids = plan_take(total * sizeof *ids);
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
    unsigned char *lengths = plan_take(total + 1);
    for (size_t i = 0; lengths && i < total; i++) lengths[i] = (unsigned char)strlen(words[i].text);
    return lengths;
}

static void make_word_notes(const struct facet_maker *m)
{
    const struct word *words = m->site->field->words;
    size_t total = 0, noted = 0;
    for (; words[total].text; total++) noted += words[total].level != 0;
    if (!noted) return;
    m->site->word_note_ids = plan_take(total * sizeof(unsigned));
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

void plan_facets(struct site *site, const struct spot *spot, const char *ref)
{
    const struct facet_maker *m = &(struct facet_maker){site, spot, ref};
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
