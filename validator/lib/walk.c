/* walk.c: judge a document against a plan: each value against its field, then each object against its rules, bottom up.
 *
 * This is the hot path. A value that keeps its promises costs a few comparisons; words are put together only for one that does not. */
#include "validator/lib/engine.h"

#include <string.h>

static void check_value(struct judge *judge, const struct site *site, struct view value);

/* Reports a constraint in the words of this row, facet and plan: an id may serve several. */
static void find_in_words_of(struct judge *judge, unsigned number, enum facet facet, const struct site *site, const struct plan *plan, struct view at,
                             const char *key)
{
    const struct constraint *c = constraint_at(number);
    if (!c) return;
    struct constraint here = *c;
    here.rule.profiles &= judge->profile; /* words and names that only another profile knows are of no help */
    here.facet = facet;
    here.site = site;
    here.plan = plan;
    size_t before = judge->report.count;
    judge_find_as(judge, &here, at, key, NULL);
    if (judge->report.count > before) judge->findings[before].rule = &c->rule;
}

static void find_facet(struct judge *judge, enum facet facet, const struct site *site, struct view at)
{
    find_in_words_of(judge, site->ids[facet], facet, site, site->host, at, NULL);
}

static void find_absent(struct judge *judge, const struct site *site, struct view object)
{
    find_in_words_of(judge, site->ids[REQUIRED_], REQUIRED_, site, site->host, object, site->field->key);
}

/* --- strings */

static int find_word(const struct word *words, const unsigned char *lengths, struct view at, unsigned profile)
{
    const struct value *v = value_of(at);
    if (v->flags & V_ESCAPED) {
        for (int i = 0; words[i].text; i++)
            if ((!words[i].profiles || (words[i].profiles & profile)) && text_is(at, words[i].text)) return i;
        return -1;
    }
    const char *text = at.doc->text + v->offset;
    for (int i = 0; words[i].text; i++)
        if (lengths[i] == v->length && same_bytes(words[i].text, text, v->length) && (!words[i].profiles || (words[i].profiles & profile)))
            return i;
    return -1;
}

static int check_word(struct judge *judge, const struct site *site, struct view at)
{
    int word = find_word(site->field->words, site->word_lengths, at, judge->profile);
    if (word < 0) find_in_words_of(judge, site->word_ids[judge->profile == CC_OPENAI], WORD_, site, site->host, at, NULL);
    else if (site->word_note_ids && site->word_note_ids[word]) find_in_words_of(judge, site->word_note_ids[word], WORD_NOTE_, site, site->host, at, NULL);
    return word;
}

static bool check_chars(struct judge *judge, const struct site *site, struct view at)
{
    const struct range *r = site->field->chars;
    const struct value *v = value_of(at);
    /* Every character has at least one byte, and at most twelve when it is a pair of escapes. */
    if (v->length <= r->high && v->length >= r->low * 12) return true;
    double chars = (double)chars_of(at);
    if (chars < r->low) find_facet(judge, MIN_CHARS_, site, at);
    else if (chars > r->high) find_facet(judge, MAX_CHARS_, site, at);
    return chars >= r->low && chars <= r->high;
}

/* The text, unescaped when need be; false when memory ran out. */
static bool plain_text(struct judge *judge, struct view at, struct text *text)
{
    const struct value *v = value_of(at);
    *text = (struct text){at.doc->text + v->offset, v->length};
    if (!(v->flags & V_ESCAPED)) return true;
    struct ask ask = {.scratch = &judge->scratch};
    scratch_reset(&judge->scratch);
    *text = text_of(&ask, at);
    if (ask.failed) judge->failed = true;
    return !ask.failed;
}

/* The first form that does not hold is reported. */
static void check_forms(struct judge *judge, const struct site *site, enum facet facet, struct view string, struct view at,
                        const struct form *const *forms, const unsigned *ids)
{
    struct text text;
    if (!plain_text(judge, string, &text)) return;
    for (size_t i = 0; forms[i]; i++) {
        const struct constraint *c = constraint_at(ids[i]);
        if (!c || !(c->rule.profiles & judge->profile) || forms[i]->holds(text.bytes, text.length)) continue;
        find_in_words_of(judge, ids[i], facet, site, site->host, at, NULL);
        return;
    }
}

static void check_string(struct judge *judge, const struct site *site, struct view at)
{
    const struct field *f = site->field;
    if (f->words && check_word(judge, site, at) < 0) return;
    if (f->chars && !check_chars(judge, site, at)) return;
    if (f->forms) check_forms(judge, site, FORM_, at, at, f->forms, site->form_ids);
}

/* --- numbers, arrays, objects */

static void check_number(struct judge *judge, const struct site *site, struct view at)
{
    const struct range *r = site->field->between;
    if (!r) return;
    double n = number_of(at, 0);
    if (n < r->low) find_facet(judge, MIN_, site, at);
    else if (n > r->high) find_facet(judge, MAX_, site, at);
}

static void check_part(struct judge *judge, const struct site *site, struct view item);

static void check_array(struct judge *judge, const struct site *site, struct view at)
{
    const struct field *f = site->field;
    if (f->items) {
        double items = (double)count(at);
        if (items < f->items->low) find_facet(judge, MIN_ITEMS_, site, at);
        else if (items > f->items->high) find_facet(judge, MAX_ITEMS_, site, at);
    }
    const struct site *each = site->each;
    if (!each) return;
    const struct value *values = at.doc->values;
    uint32_t end = values[at.at].next;
    for (uint32_t item = at.at + 1; item < end; item = values[item].next) {
        if (f->parts) check_part(judge, site, (struct view){at.doc, item});
        else check_value(judge, each, (struct view){at.doc, item});
    }
}

static void walk_members(struct judge *judge, const struct plan *plan, struct view object, const struct pick_plan *chosen, struct view tag);

static bool is_tag(const struct pick_plan *pick, const struct document *doc, uint32_t key)
{
    const struct value *k = &doc->values[key];
    if (k->hash != pick->tag_hash) return false;
    return (k->length == pick->tag->key_length && same_bytes(doc->text + k->offset, pick->tag->field->key, k->length)) ||
           ((k->flags & V_ESCAPED) && text_is((struct view){doc, key}, pick->tag->field->key));
}

static struct view tag_of(const struct pick_plan *pick, struct view object)
{
    const struct value *values = object.doc->values;
    struct view found = nowhere();
    for (uint32_t at = object.at + 1, end = values[object.at].next; at < end; at = values[at + 1].next)
        if (is_tag(pick, object.doc, at)) found = (struct view){object.doc, at + 1};
    return found;
}

/* Finds the shape that the tag names and walks it. The word's number, or -1 when the tag is wrong (then that is the finding). */
static int check_tag(struct judge *judge, const struct pick_plan *pick, struct view object, struct view value)
{
    const struct site *tag = pick->tag;
    bool null_missing = is(value, NIL) && (tag->field->need & NULL_IS_MISSING);
    if (!there(value) || null_missing) {
        if (tag->field->need & REQUIRED) find_absent(judge, tag, object);
        return -1;
    }
    if (!is(value, STR)) {
        find_facet(judge, TYPE_, tag, value);
        return -1;
    }
    return check_word(judge, tag, value);
}

static void walk_pick(struct judge *judge, const struct pick_plan *pick, struct view object)
{
    judge->report.asked += pick->tag->facets;
    struct view tag = tag_of(pick, object);
    int word = check_tag(judge, pick, object, tag);
    if (word < 0) return;
    judge->seen |= pick->triggers[word];
    if (pick->plans[word]) walk_members(judge, pick->plans[word], object, pick, tag);
}

/* An item whose tag is known, but not allowed in this array, is one finding and is not judged further. */
static void check_part(struct judge *judge, const struct site *site, struct view item)
{
    const struct pick_plan *pick = site->each->pick;
    if (is(item, OBJ) && pick) {
        struct view tag = tag_of(pick, item);
        bool known = is(tag, STR) && find_word(pick->tag->field->words, pick->tag->word_lengths, tag, judge->profile) >= 0;
        if (known && find_word(site->field->parts, site->part_lengths, tag, judge->profile) < 0) {
            find_facet(judge, PART_TYPE_, site, tag);
            return;
        }
    }
    check_value(judge, site->each, item);
}

static void check_map_keys(struct judge *judge, const struct site *site, struct view value)
{
    const struct field *f = site->field;
    struct view key = key_of(value);
    if (f->key_chars && value_of(key)->length > f->key_chars->high && (double)chars_of(key) > f->key_chars->high)
        find_facet(judge, KEY_CHARS_, site, value);
    else if (f->keys)
        check_forms(judge, site, KEY_FORM_, key, value, f->keys, site->key_ids);
}

static void check_map(struct judge *judge, const struct site *site, struct view at)
{
    const struct field *f = site->field;
    if (f->members && (double)count(at) > f->members->high) find_facet(judge, MAX_MEMBERS_, site, at);
    if (!f->keys && !f->key_chars && !site->values) return;
    for (EVERY(value, at)) {
        if (f->keys || f->key_chars) check_map_keys(judge, site, value);
        if (site->values) check_value(judge, site->values, value);
    }
}

static void check_object(struct judge *judge, const struct site *site, struct view at)
{
    if (site->pick) walk_pick(judge, site->pick, at);
    else if (site->plan) walk_members(judge, site->plan, at, NULL, nowhere());
    else check_map(judge, site, at);
}

/* --- any value */

/* Null where the row does not list it. */
static void check_null(struct judge *judge, const struct site *site, struct view at)
{
    const struct field *f = site->field;
    if (f->need & NULL_IS_MISSING) {
        if (f->need & REQUIRED) find_facet(judge, REQUIRED_, site, at);
    } else if (site->ids[NULL_]) {
        find_facet(judge, NULL_, site, at);
    } else if (f->need & REQUIRED || !f->key) {
        find_facet(judge, TYPE_, site, at);
    }
}

static void check_value(struct judge *judge, const struct site *site, struct view value)
{
    unsigned type = value_of(value)->type, allowed = site->field->is ? site->field->is : ANY;
    judge->report.asked += site->facets;
    if (!(type & allowed)) {
        if (type == NIL) {
            check_null(judge, site, value);
            return;
        }
        if (!(type == REAL && (allowed & INT) && is_whole(value))) {
            find_facet(judge, TYPE_, site, value);
            return;
        }
        find_facet(judge, LEXICAL_, site, value);
    }
    if (site->ids[DEPRECATED_] && type != NIL) find_facet(judge, DEPRECATED_, site, value);
    switch (type) {
    case STR: check_string(judge, site, value); break;
    case INT:
    case REAL: check_number(judge, site, value); break;
    case ARR: check_array(judge, site, value); break;
    case OBJ: check_object(judge, site, value); break;
    default: break;
    }
}

/* --- objects along a plan */

static void find_unknown(struct judge *judge, const struct plan *plan, struct view value)
{
    find_in_words_of(judge, plan->unknown, UNKNOWN_, NULL, plan, value, NULL);
}

static void find_missing(struct judge *judge, const struct plan *plan, struct view object, uint64_t missing)
{
    for (; missing; missing &= missing - 1) {
        const struct site *site = &plan->sites[__builtin_ctzll(missing)];
        judge->report.asked++;
        if (site->profiles & judge->profile) find_absent(judge, site, object);
    }
}

static void ask_rules(struct judge *judge, const struct plan *plan, struct view object, unsigned from, unsigned to)
{
    struct ask ask; /* not zeroed as a whole: its text would cost more than most questions */
    ask.self = object;
    ask.request = judge->request;
    ask.response = ask.http = nowhere();
    ask.cut = false;
    for (unsigned i = from; i < to; i++)
        if ((plan->rules[i].trigger & judge->seen) == plan->rules[i].trigger) judge_rule(judge, &plan->rules[i], &ask);
}

/* `tag`: the member that told which plan it is; it was judged already. */
static void walk_members(struct judge *judge, const struct plan *plan, struct view object, const struct pick_plan *chosen, struct view tag)
{
    const struct document *doc = object.doc;
    const struct value *values = doc->values;
    uint32_t end = values[object.at].next;
    uint64_t present = 0, set = 0;
    for (uint32_t at = object.at + 1; at < end; at = values[at + 1].next) {
        struct view value = {doc, at + 1};
        if (at + 1 == tag.at && there(tag)) continue;
        const struct site *site = plan_find(plan, doc, at);
        if (!site && chosen && is_tag(chosen, doc, at)) continue; /* the tag a second time */
        if (!site || !(site->profiles & judge->profile)) {
            if (plan->unknown) find_unknown(judge, plan, value);
            continue;
        }
        uint64_t bit = UINT64_C(1) << (site - plan->sites);
        present |= bit;
        if (values[at + 1].type != NIL) set |= bit, judge->seen |= site->triggers;
        check_value(judge, site, value);
    }
    if (plan->required & ~present) find_missing(judge, plan, object, plan->required & ~present);
    if (plan->always) ask_rules(judge, plan, object, 0, plan->always);
    for (set &= plan->ruled; set; set &= set - 1) {
        unsigned slot = (unsigned)__builtin_ctzll(set);
        ask_rules(judge, plan, object, plan->rules_from[slot], plan->rules_from[slot + 1]);
    }
    if (judge->seen && plan->rules_from[plan->site_count] < plan->rule_count)
        ask_rules(judge, plan, object, plan->rules_from[plan->site_count], plan->rule_count);
}

void judge_value(struct judge *judge, const struct plan *plan, struct view value)
{
    judge->seen = 0;
    scratch_forget(&judge->scratch);
    if (is(value, OBJ)) {
        walk_members(judge, plan, value, NULL, nowhere());
        return;
    }
    char id[128];
    size_t length = strcspn(plan->id, ".");
    memcpy(id, plan->id, length);
    memcpy(id + length, ".body.type", sizeof ".body.type");
    judge_find(judge, constraint_find(id), value, NULL, NULL);
}
