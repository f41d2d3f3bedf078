/* cases.c: every document that the tables imply, each with the one finding it deserves.
 *
 * For each facet of each site: a correct document, then the same with this one promise broken, just outside each bound, and just inside it.
 * For each rule: its good and its bad example, laid over a correct document. Tests, fixtures, fuzz seeds and the manual read this. */
#include "validator/lib/sample.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct teller {
    struct maker maker;
    bool (*each)(void *context, const struct cc_case *derived);
    void *context;
    const struct constraint *constraint;
    bool stopped;
};

/* --- telling */

static void tell(struct teller *t, enum cc_kind kind, const struct constraint *broken, const char *pointer, const char *what)
{
    size_t length;
    char name[512];
    if (t->stopped || t->maker.failed) return;
    const char *text = json_object_to_json_string_length(t->maker.root, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE, &length);
    snprintf(name, sizeof name, "%s: %s", t->constraint->rule.id, what);
    struct cc_case derived = {.kind = kind, .profile = t->maker.profile, .about = &t->constraint->rule, .rule = broken ? &broken->rule : NULL, .pointer = pointer,
                              .name = name, .text = text, .length = length};
    t->stopped = !t->each(t->context, &derived);
}

static void lay_note(struct teller *t, const struct note *note)
{
    if (note && note->beside) sample_lay(&t->maker, t->maker.root, note->beside);
}

static const struct note *note_of(const struct field *f, enum facet facet)
{
    for (const struct note *n = f->notes; n && n->facet; n++)
        if (n->facet == facet) return n;
    return NULL;
}

static enum cc_kind kind_of_site(const struct site *site)
{
    while (site->owner) site = site->owner;
    return site->host ? site->host->kind : site->tag_of ? kind_of_site(site->tag_of->holder) : CC_REQUEST;
}

/* A document with this value at the constraint's site. `good`: nothing is to be found in it. Takes the value. */
static void tell_value(struct teller *t, struct json_object *value, bool good, const char *what)
{
    const struct constraint *c = t->constraint;
    enum cc_kind kind = kind_of_site(c->site);
    sample_start(&t->maker, kind);
    sample_place(&t->maker, c->site, value);
    lay_note(t, note_of(c->site->field, c->facet));
    tell(t, kind, good ? NULL : c, good ? NULL : t->maker.pointer, what);
}

static void tell_text(struct teller *t, const char *json, bool good, const char *what)
{
    tell_value(t, sample_parse(&t->maker, json), good, what);
}

/* --- breaking one facet */

static void break_required(struct teller *t)
{
    const struct site *site = t->constraint->site;
    enum cc_kind kind = kind_of_site(site);
    char pointer[sizeof t->maker.pointer];
    sample_start(&t->maker, kind);
    sample_place(&t->maker, site, NULL);
    lay_note(t, note_of(site->field, REQUIRED_));
    snprintf(pointer, sizeof pointer, "%s", t->maker.pointer);
    if (site->field->need & NULL_IS_MISSING) tell(t, kind, t->constraint, pointer, "null");
    struct json_object *object = t->maker.root;
    for (char *at = pointer + 1, *end; (end = strchr(at, '/')); at = end + 1) {
        *end = '\0';
        object = json_object_is_type(object, json_type_array) ? json_object_array_get_idx(object, strtoul(at, NULL, 10))
                                                              : json_object_object_get(object, at);
        *end = '/';
    }
    json_object_object_del(object, site->field->key);
    tell(t, kind, t->constraint, pointer, "left out");
}

static void break_type(struct teller *t)
{
    static const struct {
        unsigned types; /* that accept it */
        const char *json;
    } values[] = {{NIL, "null"}, {BOOL, "true"}, {NUM, "7"}, {REAL, "7.5"}, {STR, "\"text\""}, {ARR, "[]"}, {OBJ, "{}"}};
    const struct field *f = t->constraint->site->field;
    bool null_is_own = !(f->need & REQUIRED) && f->key; /* optional: another facet; */
    bool null_missing = f->need & NULL_IS_MISSING;      /* absent: another one still */
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        bool other = values[i].types == NIL && (null_is_own || null_missing);
        if ((f->is & values[i].types) || other) continue;
        tell_text(t, values[i].json, false, values[i].json);
    }
}

static void break_word(struct teller *t)
{
    tell_value(t, json_object_new_string("no-such-word"), false, "an unknown word");
}

static void break_word_note(struct teller *t)
{
    const struct site *site = t->constraint->site;
    const struct pick_plan *pick = site->tag_of;
    const char *word = t->constraint->word->text;
    for (size_t i = 0; pick && site->field->words[i].text; i++) {
        if (strcmp(site->field->words[i].text, word) != 0 || !pick->plans[i]) continue;
        enum cc_kind kind = kind_of_site(pick->holder);
        sample_start(&t->maker, kind);
        sample_object(&t->maker, pick->plans[i]);
        tell(t, kind, t->constraint, NULL, word);
        return;
    }
    if (!pick) tell_value(t, json_object_new_string(word), false, word);
}

static bool part_allowed(const struct field *f, const char *word)
{
    for (const struct word *w = f->parts; w->text; w++)
        if (strcmp(w->text, word) == 0) return true;
    return false;
}

static void break_part(struct teller *t)
{
    const struct site *site = t->constraint->site;
    for (const struct variant *v = site->each->pick->pick->variants; v->word; v++) {
        if (part_allowed(site->field, v->word) || !v->shape) continue;
        struct json_object *array = json_object_new_array();
        json_object_array_add(array, sample_parse(&t->maker, v->shape->sample));
        enum cc_kind kind = kind_of_site(site);
        sample_start(&t->maker, kind);
        sample_place(&t->maker, site, array);
        lay_note(t, note_of(site->field, PART_TYPE_));
        tell(t, kind, t->constraint, NULL, v->word);
    }
}

static void break_lexical(struct teller *t)
{
    struct json_object *sample = sample_value(&t->maker, t->constraint->site);
    char text[64];
    snprintf(text, sizeof text, "%lld.0", (long long)json_object_get_int64(sample));
    json_object_put(sample);
    tell_text(t, text, false, text);
}

static struct json_object *number(const struct field *f, double n)
{
    if (f->is & REAL) return json_object_new_double(n);
    return json_object_new_int64((int64_t)n);
}

static void break_bound(struct teller *t, double bound, double direction)
{
    const struct field *f = t->constraint->site->field;
    if (fabs(bound) > 9e15) return; /* beyond exact integers the next number says something else too: the row's note has a `bad` */
    tell_value(t, number(f, bound + direction * ((f->is & REAL) ? 0.5 : 1)), false, direction < 0 ? "just below" : "just above");
    tell_value(t, number(f, bound), true, "on the bound");
}

static struct json_object *items_of(struct teller *t, size_t items)
{
    struct json_object *array = json_object_new_array();
    const struct site *each = t->constraint->site->each;
    for (size_t i = 0; i < items; i++) json_object_array_add(array, each ? sample_item(&t->maker, each, i) : NULL);
    return array;
}

static void break_items(struct teller *t, double bound, int direction)
{
    tell_value(t, items_of(t, (size_t)(bound + direction)), false, direction < 0 ? "one too few" : "one too many");
    tell_value(t, items_of(t, (size_t)bound), true, "on the bound");
}

/* A correct string stretched by its last letter. */
static struct json_object *chars_of_length(struct teller *t, size_t length)
{
    struct json_object *sample = sample_value(&t->maker, t->constraint->site);
    const char *from = json_object_get_string(sample);
    size_t have = from ? strlen(from) : 0;
    char *text = malloc(length + 1);
    for (size_t i = 0; text && i < length; i++) text[i] = i < have ? from[i] : 'a';
    if (text) text[length] = '\0';
    json_object_put(sample);
    sample = text ? json_object_new_string_len(text, (int)length) : NULL;
    free(text);
    return sample;
}

static void break_chars(struct teller *t, double bound, int direction)
{
    tell_value(t, chars_of_length(t, (size_t)(bound + direction)), false, direction < 0 ? "one too few" : "one too many");
    tell_value(t, chars_of_length(t, (size_t)bound), true, "on the bound");
}

static void break_form(struct teller *t)
{
    const struct form *form = t->constraint->form;
    if (form->bad) tell_value(t, json_object_new_string(form->bad), false, form->bad);
    if (form->good) tell_value(t, json_object_new_string(form->good), true, form->good);
}

static struct json_object *map_with(struct teller *t, size_t members)
{
    const struct site *site = t->constraint->site;
    struct json_object *map = json_object_new_object();
    const char *stem = site->field->keys && site->field->keys[0]->good ? site->field->keys[0]->good : "key";
    for (size_t i = 0; i < members; i++) {
        char key[256];
        snprintf(key, sizeof key, "%s%zu", stem, i);
        json_object_object_add(map, key, site->values ? sample_value(&t->maker, site->values) : json_object_new_boolean(1));
    }
    return map;
}

static struct json_object *map_of(struct teller *t, const char *key)
{
    const struct site *site = t->constraint->site;
    struct json_object *map = json_object_new_object();
    json_object_object_add(map, key, site->values ? sample_value(&t->maker, site->values) : json_object_new_boolean(1));
    return map;
}

static void tell_key(struct teller *t, const char *key, bool good, const char *what)
{
    const struct constraint *c = t->constraint;
    enum cc_kind kind = kind_of_site(c->site);
    sample_start(&t->maker, kind);
    sample_place(&t->maker, c->site, map_of(t, key));
    lay_note(t, note_of(c->site->field, c->facet));
    tell(t, kind, good ? NULL : c, NULL, what);
}

static void break_key_chars(struct teller *t)
{
    size_t most = (size_t)t->constraint->site->field->key_chars->high;
    char key[1024];
    if (most + 2 > sizeof key) return;
    memset(key, 'k', most + 1);
    key[most + 1] = '\0';
    tell_key(t, key, false, "one too many");
    key[most] = '\0';
    tell_key(t, key, true, "on the bound");
}

static void break_unknown(struct teller *t)
{
    const struct plan *plan = t->constraint->plan;
    sample_start(&t->maker, plan->kind);
    struct json_object *object = sample_object(&t->maker, plan);
    if (object) json_object_object_add(object, "x_no_such_member", json_object_new_boolean(1));
    tell(t, plan->kind, t->constraint, NULL, "an unknown member");
}

/* The document that keeps the promise: for what may be there, with it; for what had better not be, without. */
static void tell_kept(struct teller *t)
{
    const struct constraint *c = t->constraint;
    switch (c->facet) {
    case REQUIRED_:
    case TYPE_:
    case WORD_:
    case WORD_NOTE_:
    case LEXICAL_: tell_value(t, sample_value(&t->maker, c->site), true, "as it should be"); break;
    case UNKNOWN_:
        sample_start(&t->maker, c->plan->kind);
        sample_object(&t->maker, c->plan);
        tell(t, c->plan->kind, NULL, NULL, "as it should be");
        break;
    case NULL_:
    case PART_TYPE_:
    case KEY_FORM_:
    case DEPRECATED_:
        sample_start(&t->maker, kind_of_site(c->site));
        tell(t, kind_of_site(c->site), NULL, NULL, "without it");
        break;
    default: break;
    }
}

static void break_facet(struct teller *t)
{
    const struct constraint *c = t->constraint;
    const struct field *f = c->site ? c->site->field : NULL;
    const struct note *note = f ? note_of(f, c->facet) : NULL;
    if (note && note->bad) {
        bool bound = c->facet >= MIN_ && c->facet <= MAX_CHARS_;
        if (bound && !note->beside) tell_value(t, sample_value(&t->maker, c->site), true, "as it should be");
        tell_text(t, note->bad, false, note->bad);
        return;
    }
    switch (c->facet) {
    case REQUIRED_: break_required(t); break;
    case TYPE_: break_type(t); break;
    case NULL_: tell_text(t, "null", false, "null"); break;
    case WORD_: break_word(t); break;
    case WORD_NOTE_: break_word_note(t); break;
    case PART_TYPE_: break_part(t); break;
    case LEXICAL_: break_lexical(t); break;
    case MIN_:
    case MAX_:
        if (f->between->low > -NONE && c->facet == MIN_) break_bound(t, f->between->low, -1);
        if (f->between->high < NONE && (c->facet == MAX_ || c->site->ids[MIN_] == c->site->ids[MAX_])) break_bound(t, f->between->high, 1);
        break;
    case MIN_ITEMS_: break_items(t, f->items->low, -1); break;
    case MAX_ITEMS_: break_items(t, f->items->high, 1); break;
    case MIN_CHARS_:
    case MAX_CHARS_:
        if (c->facet == MIN_CHARS_) break_chars(t, f->chars->low, -1);
        if (f->chars->high < NONE && (c->facet == MAX_CHARS_ || c->site->ids[MIN_CHARS_] == c->site->ids[MAX_CHARS_])) break_chars(t, f->chars->high, 1);
        break;
    case FORM_: break_form(t); break;
    case MAX_MEMBERS_:
        tell_value(t, map_with(t, (size_t)f->members->high + 1), false, "one too many");
        tell_value(t, map_with(t, (size_t)f->members->high), true, "on the bound");
        break;
    case KEY_FORM_: tell_key(t, c->form->bad, false, c->form->bad); break;
    case KEY_CHARS_: break_key_chars(t); break;
    case UNKNOWN_: break_unknown(t); break;
    case DEPRECATED_: tell_value(t, sample_value(&t->maker, c->site), false, "used"); break;
    default: break;
    }
}

/* --- rules */

static void tell_rule(struct teller *t, const char *members, bool good)
{
    const struct constraint *c = t->constraint;
    if (!members) return;
    sample_start(&t->maker, c->plan->kind);
    struct json_object *object = sample_object(&t->maker, c->plan);
    if (object) sample_lay(&t->maker, object, members);
    tell(t, c->plan->kind, good ? NULL : c, NULL, good ? "good example" : "bad example");
}

static struct json_object *sample_of_kind(struct teller *t, enum cc_kind kind)
{
    const struct plan *plan = plan_of(kind);
    return plan && plan->shape->sample ? sample_parse(&t->maker, plan->shape->sample) : json_object_new_object();
}

static void tell_exchange(struct teller *t, const char *parts, bool good)
{
    struct json_object *over = parts ? sample_parse(&t->maker, parts) : NULL;
    if (!over) return;
    struct json_object *request = sample_of_kind(t, CC_REQUEST), *response = sample_of_kind(t, CC_RESPONSE);
    json_object_object_foreach(over, part, members)
    {
        struct json_object *to = strcmp(part, "request") == 0 ? request : response;
        json_object_object_foreach(members, key, value)
            json_object_object_add(to, key, json_object_get(value));
    }
    json_object_put(over);
    json_object_put(t->maker.root);
    t->maker.root = json_object_new_object();
    json_object_object_add(t->maker.root, "request", request);
    json_object_object_add(t->maker.root, "response", response);
    tell(t, CC_EXCHANGE, good ? NULL : t->constraint, NULL, good ? "good example" : "bad example");
}

static void tell_stream(struct teller *t, const char *sse, bool good)
{
    if (!sse) return;
    struct json_object *request = sample_of_kind(t, CC_REQUEST);
    json_object_object_add(request, "stream", json_object_new_boolean(1));
    if (t->constraint->of_state->request) sample_lay(&t->maker, request, t->constraint->of_state->request);
    json_object_put(t->maker.root);
    t->maker.root = json_object_new_object();
    json_object_object_add(t->maker.root, "request", request);
    json_object_object_add(t->maker.root, "sse", json_object_new_string(sse));
    tell(t, CC_EXCHANGE, good ? NULL : t->constraint, NULL, good ? "good example" : "bad example");
}

static void tell_constraint(struct teller *t)
{
    const struct constraint *c = t->constraint;
    if (c->facet) {
        tell_kept(t);
        break_facet(t);
    } else if (c->of_rule && c->plan) {
        tell_rule(t, c->of_rule->good, true);
        tell_rule(t, c->of_rule->bad, false);
    } else if (c->of_rule) {
        tell_exchange(t, c->of_rule->good, true);
        tell_exchange(t, c->of_rule->bad, false);
    } else if (c->of_state) {
        tell_stream(t, c->of_state->good, true);
        tell_stream(t, c->of_state->bad, false);
    }
}

bool cc_each_case(bool (*each)(void *context, const struct cc_case *derived), void *context)
{
    if (!engine_ready()) return false;
    struct teller t = {.each = each, .context = context};
    static const unsigned profiles[] = {CC_OPENAI, CC_NEWAPI};
    for (unsigned number = 1; number <= constraint_count() && !t.stopped; number++) {
        t.constraint = constraint_at(number);
        for (size_t p = 0; p < 2 && !t.stopped; p++) {
            t.maker.profile = profiles[p];
            if (t.constraint->rule.profiles & profiles[p]) tell_constraint(&t);
        }
    }
    json_object_put(t.maker.root);
    return !t.maker.failed;
}
