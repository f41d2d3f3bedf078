/* facets.c: the kinds of promise a field can make: their names in ids, their usual levels, and their words.
 *
 * Each facet says two things: what must hold (for the manual) and what was seen (for a finding). Both are derived from the row, so a
 * changed bound changes every text about it. */
#include "validator/lib/engine.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* --- small writers into a bounded buffer */

static void put(char *out, size_t size, const char *format, ...) __attribute__((format(printf, 3, 4)));
static void put(char *out, size_t size, const char *format, ...)
{
    size_t used = strlen(out);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(out + used, size - used, format, arguments);
    va_end(arguments);
}

static const char *list_joint(unsigned index, unsigned total, const char *last)
{
    return index == 0 ? "" : index + 1 == total ? last : ", ";
}

static void put_types(char *out, size_t size, unsigned types)
{
    static const struct {
        unsigned bits;
        const char *name;
    } names[] = {{NUM, "a number"}, {INT, "an integer"}, {STR, "a string"}, {BOOL, "a boolean"},
                 {ARR, "an array"}, {OBJ, "an object"},  {NIL, "null"}};
    unsigned total = 0, index = 0, left = types;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if ((left & names[i].bits) == names[i].bits) left &= ~names[i].bits, total++;
    left = types;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if ((left & names[i].bits) != names[i].bits) continue;
        left &= ~names[i].bits;
        put(out, size, "%s%s", list_joint(index, total, " or "), names[i].name);
        index++;
    }
}

static const char *type_name(struct view at)
{
    switch (value_of(at)->type) {
    case NIL: return "null";
    case BOOL: return "a boolean";
    case INT: return "an integer";
    case REAL: return "a number with a fraction or exponent";
    case STR: return "a string";
    case ARR: return "an array";
    default: return "an object";
    }
}

static void put_words(char *out, size_t size, const struct word *words, unsigned profiles)
{
    unsigned total = 0, index = 0;
    for (const struct word *w = words; w->text; w++) total += !w->profiles || (w->profiles & profiles);
    for (const struct word *w = words; w->text; w++) {
        if (w->profiles && !(w->profiles & profiles)) continue;
        put(out, size, "%s\"%s\"", list_joint(index, total, " or "), w->text);
        index++;
    }
}

enum { EXCERPT = 48 };

/* The value as it stands, shortened; control characters cannot stand in JSON text, so the bytes are fit to print. */
static void put_value(char *out, size_t size, struct view at)
{
    const struct value *v = value_of(at);
    bool string = v->type == STR;
    const char *text = at.doc->text + v->offset;
    if (v->type == ARR || v->type == OBJ) {
        put(out, size, "%s", type_name(at));
        return;
    }
    int shown = (int)v->length;
    if (v->length > EXCERPT) {
        shown = EXCERPT;
        while (shown > 0 && ((unsigned char)text[shown] & 0xC0) == 0x80) shown--;
    }
    put(out, size, "%s%.*s%s%s", string ? "\"" : "", shown, text, v->length > EXCERPT ? "..." : "", string ? "\"" : "");
}

/* --- "did you mean": the edit distance of two short words */

static unsigned distance(const char *a, size_t n, const char *b, size_t m)
{
    enum { LONGEST = 64 };
    unsigned row[LONGEST + 1];
    if (n > LONGEST || m > LONGEST) return 99;
    for (unsigned j = 0; j <= m; j++) row[j] = j;
    for (size_t i = 1; i <= n; i++) {
        unsigned corner = row[0];
        row[0] = (unsigned)i;
        for (size_t j = 1; j <= m; j++) {
            unsigned swap = corner + ((a[i - 1] | 32) != (b[j - 1] | 32));
            corner = row[j];
            unsigned edit = 1 + (row[j] < row[j - 1] ? row[j] : row[j - 1]);
            row[j] = swap < edit ? swap : edit;
        }
    }
    return row[m];
}

static void nearer(const char **best, unsigned *least, const char *word, struct view text)
{
    size_t length = strlen(word);
    unsigned d = distance(text.doc->text + value_of(text)->offset, value_of(text)->length, word, length);
    if (d < *least && d <= 1 + length / 4) {
        *least = d;
        *best = word;
    }
}

static void put_suggestion(char *out, size_t size, const char *best)
{
    if (best) put(out, size, "; did you mean \"%s\"?", best);
}

/* --- the facets */

static const struct field *row_of(const struct constraint *c) { return c->site->field; }

static void require_present(char *out, size_t size, const struct constraint *c) { put(out, size, "%s is present", c->title); }
static void see_missing(char *out, size_t size, const struct constraint *c, const char *title, struct view at)
{
    (void)c;
    put(out, size, "%s is %s", title, is(at, NIL) ? "null, which counts as missing" : "missing");
}

static void require_type(char *out, size_t size, const struct constraint *c)
{
    put(out, size, "%s is ", c->title);
    put_types(out, size, row_of(c)->is);
}

static void see_type(char *out, size_t size, const struct constraint *c, const char *title, struct view at)
{
    put(out, size, "%s is %s; it must be ", title, type_name(at));
    put_types(out, size, row_of(c)->is);
}

static void require_not_null(char *out, size_t size, const struct constraint *c)
{
    put(out, size, "%s is left out rather than null", c->title);
}

static void see_null(char *out, size_t size, const struct constraint *c, const char *title, struct view at)
{
    (void)c, (void)at;
    put(out, size, "%s is null; it is not nullable and is better left out", title);
}

static void require_word(char *out, size_t size, const struct constraint *c)
{
    put(out, size, "%s is ", c->title);
    put_words(out, size, row_of(c)->words, c->rule.profiles);
}

static void see_word(char *out, size_t size, const struct constraint *c, const char *title, struct view at)
{
    put(out, size, "%s is ", title);
    put_value(out, size, at);
    put(out, size, "; it must be ");
    put_words(out, size, row_of(c)->words, c->rule.profiles);
    const char *best = NULL;
    unsigned least = 99, words = 0;
    for (const struct word *w = row_of(c)->words; w->text; w++)
        if (!w->profiles || (w->profiles & c->rule.profiles)) nearer(&best, &least, w->text, at), words++;
    if (words > 1) put_suggestion(out, size, best);
}

static void require_word_fine(char *out, size_t size, const struct constraint *c)
{
    put(out, size, "%s is not \"%s\"%s", c->title, c->word->text,
        c->rule.level == CC_DEPRECATED ? ", which is deprecated" : "");
}

static void see_word_note(char *out, size_t size, const struct constraint *c, const char *title, struct view at)
{
    (void)at;
    put(out, size, "%s is \"%s\"%s", title, c->word->text,
        c->rule.level == CC_DEPRECATED ? ", which is deprecated" : ", which is not advised");
}

static void require_part(char *out, size_t size, const struct constraint *c)
{
    put(out, size, "%s[].%s is ", c->title, row_of(c)->each->pick->tag->key);
    put_words(out, size, row_of(c)->parts, c->rule.profiles);
}

static void see_part(char *out, size_t size, const struct constraint *c, const char *title, struct view at)
{
    put(out, size, "%s is ", title);
    put_value(out, size, at);
    put(out, size, "; here it must be ");
    put_words(out, size, row_of(c)->parts, c->rule.profiles);
}

static void require_lexical(char *out, size_t size, const struct constraint *c)
{
    put(out, size, "%s is written without fraction and exponent", c->title);
}

static void see_lexical(char *out, size_t size, const struct constraint *c, const char *title, struct view at)
{
    (void)c;
    put(out, size, "%s is written as ", title);
    put_value(out, size, at);
    put(out, size, "; some servers refuse an integer that is not written as one");
}

static void put_bounds(char *out, size_t size, const struct range *r, const char *unit, const char *units)
{
    if (r->low > -NONE && r->high < NONE && r->low == r->high)
        put(out, size, "exactly %.15g%s", r->low, r->low == 1 ? unit : units);
    else if (r->low > -NONE && r->high < NONE && (r->low > 0 || !*units))
        put(out, size, *units ? "%.15g to %.15g%s" : "between %.15g and %.15g%s", r->low, r->high, units);
    else if (r->high < NONE)
        put(out, size, "at most %.15g%s", r->high, r->high == 1 ? unit : units);
    else
        put(out, size, "at least %.15g%s", r->low, r->low == 1 ? unit : units);
}

static void require_range(char *out, size_t size, const struct constraint *c)
{
    put(out, size, "%s is ", c->title);
    put_bounds(out, size, row_of(c)->between, "", "");
}

static void see_range(char *out, size_t size, const struct constraint *c, const char *title, struct view at)
{
    put(out, size, "%s is ", title);
    put_value(out, size, at);
    put(out, size, "; it must be ");
    put_bounds(out, size, row_of(c)->between, "", "");
}

static void require_items(char *out, size_t size, const struct constraint *c)
{
    const struct range *items = row_of(c)->items;
    struct range one = c->facet == MIN_ITEMS_ ? (struct range){items->low, NONE} : (struct range){-NONE, items->high};
    put(out, size, "%s has ", c->title);
    put_bounds(out, size, &one, " item", " items");
}

static void see_items(char *out, size_t size, const struct constraint *c, const char *title, struct view at)
{
    put(out, size, "%s has %zu item%s; it must have ", title, count(at), count(at) == 1 ? "" : "s");
    put_bounds(out, size, row_of(c)->items, " item", " items");
}

static void require_chars(char *out, size_t size, const struct constraint *c)
{
    put(out, size, "%s has ", c->title);
    put_bounds(out, size, row_of(c)->chars, " character", " characters");
}

static void see_chars(char *out, size_t size, const struct constraint *c, const char *title, struct view at)
{
    if (value_of(at)->length == 0)
        put(out, size, "%s is empty; it must have ", title);
    else
        put(out, size, "%s has %zu characters; it must have ", title, chars_of(at));
    put_bounds(out, size, row_of(c)->chars, " character", " characters");
}

static void require_form(char *out, size_t size, const struct constraint *c) { put(out, size, "%s %s", c->title, c->form->says); }
static void see_form(char *out, size_t size, const struct constraint *c, const char *title, struct view at)
{
    put(out, size, "%s is ", title);
    put_value(out, size, at);
    put(out, size, "; a correct one %s", c->form->says);
}

static void require_members(char *out, size_t size, const struct constraint *c)
{
    put(out, size, "%s has at most %.15g members", c->title, row_of(c)->members->high);
}

static void see_members(char *out, size_t size, const struct constraint *c, const char *title, struct view at)
{
    put(out, size, "%s has %zu members; at most %.15g are allowed", title, count(at), row_of(c)->members->high);
}

static void require_key_form(char *out, size_t size, const struct constraint *c)
{
    put(out, size, "each key of %s %s", c->title, c->form->says);
}

static void see_key_form(char *out, size_t size, const struct constraint *c, const char *title, struct view at)
{
    (void)title;
    put(out, size, "the key ");
    put_value(out, size, key_of(at));
    put(out, size, " of %s is wrong; a correct one %s", c->site->title, c->form->says);
}

static void require_key_chars(char *out, size_t size, const struct constraint *c)
{
    put(out, size, "each key of %s has at most %.15g characters", c->title, row_of(c)->key_chars->high);
}

static void see_key_chars(char *out, size_t size, const struct constraint *c, const char *title, struct view at)
{
    (void)title;
    put(out, size, "a key of %s has %zu characters; at most %.15g are allowed", c->site->title, chars_of(key_of(at)),
        row_of(c)->key_chars->high);
}

static void require_known(char *out, size_t size, const struct constraint *c)
{
    put(out, size, "%s has only members that the API knows", c->title);
}

static void see_unknown(char *out, size_t size, const struct constraint *c, const char *title, struct view at)
{
    const char *best = NULL;
    unsigned least = 99;
    for (unsigned i = 0; i < c->plan->site_count; i++)
        if (c->plan->sites[i].profiles & c->rule.profiles) nearer(&best, &least, c->plan->sites[i].field->key, key_of(at));
    put(out, size, "%s is not a known member", title);
    put_suggestion(out, size, best);
}

static void require_current(char *out, size_t size, const struct constraint *c)
{
    put(out, size, "%s is left out, as it is deprecated", c->title);
}

static void see_deprecated(char *out, size_t size, const struct constraint *c, const char *title, struct view at)
{
    (void)c, (void)at;
    put(out, size, "%s is deprecated", title);
}

const struct facet_row facets[FACET_COUNT] = {
    [REQUIRED_] = {"required", CC_MUST, require_present, see_missing},
    [TYPE_] = {"type", CC_MUST, require_type, see_type},
    [NULL_] = {"null", CC_PORTABILITY, require_not_null, see_null},
    [WORD_] = {"enum", CC_MUST, require_word, see_word},
    [WORD_NOTE_] = {NULL, CC_DEPRECATED, require_word_fine, see_word_note},
    [PART_TYPE_] = {"part_types", CC_MUST, require_part, see_part},
    [LEXICAL_] = {"integer_lexical", CC_PORTABILITY, require_lexical, see_lexical},
    [MIN_] = {"min", CC_MUST, require_range, see_range},
    [MAX_] = {"max", CC_MUST, require_range, see_range},
    [MIN_ITEMS_] = {"min_items", CC_MUST, require_items, see_items},
    [MAX_ITEMS_] = {"max_items", CC_MUST, require_items, see_items},
    [MIN_CHARS_] = {"min_length", CC_MUST, require_chars, see_chars},
    [MAX_CHARS_] = {"max_length", CC_MUST, require_chars, see_chars},
    [FORM_] = {NULL, CC_MUST, require_form, see_form},
    [MAX_MEMBERS_] = {"max_properties", CC_MUST, require_members, see_members},
    [KEY_FORM_] = {NULL, CC_MUST, require_key_form, see_key_form},
    [KEY_CHARS_] = {"key.max_length", CC_MUST, require_key_chars, see_key_chars},
    [UNKNOWN_] = {"unknown_member", CC_PORTABILITY, require_known, see_unknown},
    [DEPRECATED_] = {"deprecated", CC_DEPRECATED, require_current, see_deprecated},
};

void finding_say(char *out, size_t size, const struct constraint *c, const char *title, struct view at, const char *detail)
{
    out[0] = '\0';
    if (c->facet != FACET_NONE && facets[c->facet].seen)
        facets[c->facet].seen(out, size, c, *title ? title : "the body", at);
    else
        put(out, size, "expected that %s", c->rule.sentence);
    if (detail && *detail) put(out, size, " (%s)", detail);
}
