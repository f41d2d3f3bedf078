/* value.c: see value.h. Everything here follows from the tables; what they cannot say (that a picture has to be one) is asked of the
 * examples that stand in them. */
#include "fuzzer/value.h"

#include "fuzzer/prose.h"
#include "fuzzer/schema.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { ITEMS_MOST = 160, CHARS_MOST = 4096, PAIRS_MOST = 64 };

/* --- which classes there are */

struct listing {
    struct value_class *classes;
    size_t count;
};

static void list(struct listing *l, enum value_kind kind, size_t index)
{
    if (l->count < VALUE_CLASSES_MAX) l->classes[l->count++] = (struct value_class){kind, index};
}

static bool finite_high(struct cc_bounds bounds, double most) { return bounds.high <= most; }

static void list_string(struct listing *l, const struct cc_place *p, unsigned profile)
{
    for (size_t i = 0; i < p->word_count; i++)
        if (p->words[i].profiles & profile) list(l, VALUE_WORD, i);
    if (p->word_count) return;
    list(l, VALUE_TEXT, 0);
    if (p->examples) return;
    if (isfinite(p->chars.low)) list(l, VALUE_SHORTEST, 0);
    if (finite_high(p->chars, CHARS_MOST)) list(l, VALUE_LONGEST, 0);
}

static void list_number(struct listing *l, const struct cc_place *p)
{
    if (isfinite(p->number.low)) list(l, VALUE_LOW, 0);
    if (isfinite(p->number.high)) list(l, VALUE_HIGH, 0);
    if (p->number.low < 0 && p->number.high > 0) list(l, VALUE_ZERO, 0);
    if (p->number.low < 0) list(l, VALUE_NEGATIVE, 0);
    list(l, VALUE_POSITIVE, 0);
}

static void list_words(struct listing *l, const struct cc_place *each, unsigned profile)
{
    for (size_t i = 0; i < each->word_count; i++)
        if (each->words[i].profiles & profile) list(l, VALUE_ONE_WORD, i);
    list(l, VALUE_ALL_WORDS, 0);
}

static void list_array(struct listing *l, const struct cc_place *p, unsigned profile)
{
    if (p->each && p->each->word_count) {
        list_words(l, p->each, profile);
        return;
    }
    if (isfinite(p->items.low)) list(l, VALUE_FEWEST, 0);
    if (finite_high(p->items, ITEMS_MOST)) list(l, VALUE_MOST, 0);
    list(l, VALUE_SOME, 0);
}

/* The member whose word decides what goes with the object (the format of sound): the first required one with several words, or NULL. */
static const struct cc_place *pivot_of(const struct cc_place *p)
{
    for (size_t i = 0; i < p->member_count; i++)
        if (p->members[i].required && p->members[i].word_count > 1) return &p->members[i];
    return NULL;
}

static void list_object(struct listing *l, const struct cc_place *p, unsigned profile)
{
    for (size_t i = 0; i < p->kind_count; i++)
        if (p->kinds[i].profiles & profile) list(l, VALUE_BARE, i), list(l, VALUE_FULL, i);
    if (p->kind_count) return;
    if (p->open) {
        list(l, VALUE_BARE, 0), list(l, VALUE_FULL, 0);
        return;
    }
    if (p->values) list(l, VALUE_PAIRS_NONE, 0), list(l, VALUE_PAIRS_SOME, 0);
    if (p->values && finite_high(p->pairs, PAIRS_MOST)) list(l, VALUE_PAIRS_MOST, 0);
    if (p->values) return;
    const struct cc_place *pivot = pivot_of(p);
    for (size_t i = 0; pivot && i < pivot->word_count; i++)
        if (pivot->words[i].profiles & profile) list(l, VALUE_FULL, i);
    if (pivot) return;
    list(l, VALUE_BARE, 0);
    if (p->member_count) list(l, VALUE_FULL, 0);
    if (p->member_count > 1) list(l, VALUE_MIXED, 0);
}

/* Where the documents contradict each other, what all of them take: in one a voice is a name only, which its table says with a rule; and one
 * part of the other has no null for top_logprobs, which another part has. */
static unsigned types_in(const struct cc_place *place, unsigned profile)
{
    bool name_only = profile == CC_NEWAPI && strcmp(place->id, "request.audio.voice") == 0;
    bool never_null = strcmp(place->id, "request.top_logprobs") == 0;
    return place->types & ~(unsigned)((name_only ? CC_OBJECT : 0) | (never_null ? CC_NULL : 0));
}

size_t value_classes(const struct cc_place *place, unsigned profile, struct value_class *classes)
{
    struct listing l = {classes, 0};
    unsigned types = types_in(place, profile);
    if (types & CC_BOOLEAN) list(&l, VALUE_TRUE, 0), list(&l, VALUE_FALSE, 0);
    if (types & CC_NUMBER) list_number(&l, place);
    if (types & CC_STRING) list_string(&l, place, profile);
    if (types & CC_ARRAY) list_array(&l, place, profile);
    if (types & CC_OBJECT) list_object(&l, place, profile);
    if (types & CC_NULL) list(&l, VALUE_NULL, 0);
    return l.count;
}

/* --- numbers */

static struct json_object *whole(double number) { return jo_integer((int64_t)number); }

/* A number between two bounds, neither of them where there is room; with a fraction where that is allowed and usual. */
static struct json_object *number_between(const struct value_maker *m, const struct cc_place *p, double low, double high)
{
    bool real = (p->types & CC_REAL) && !p->sample; /* a sample without a fraction says that fractions are unusual */
    int64_t first = (int64_t)low + (real ? 0 : 1), last = (int64_t)high - 1;
    size_t room = last > first ? (size_t)(last - first) : 0, most = room < 1000 || rng_one_in(m->rng, 4) ? room : 1000;
    int64_t number = first + (int64_t)rng_below(m->rng, most + 1);
    if (!real) return jo_integer(number > (int64_t)high ? (int64_t)high : number);
    char digits[48];
    int hundredths = (int)rng_between(m->rng, 1, 99);
    snprintf(digits, sizeof digits, hundredths % 2 ? "%lld.%02d" : "%lld.%d", (long long)number, hundredths);
    return jo_digits(digits);
}

static struct json_object *number_inside(const struct value_maker *m, const struct cc_place *p, bool negative)
{
    double low = p->number.low > -9e15 ? ceil(p->number.low) : -9007199254740991.0;
    double high = p->number.high < 9e15 ? floor(p->number.high) : 9007199254740991.0;
    if (!negative) return number_between(m, p, low < 0 ? 0 : low, high);
    struct json_object *mirrored = number_between(m, p, high < 0 ? -high : 0, -low);
    if (!(p->types & CC_REAL) || p->sample) {
        int64_t number = -json_object_get_int64(mirrored);
        json_object_put(mirrored);
        return jo_integer(number);
    }
    char digits[64];
    snprintf(digits, sizeof digits, "-%s", json_object_to_json_string(mirrored));
    json_object_put(mirrored);
    return jo_digits(digits);
}

/* --- strings */

static struct json_object *text_of(const struct value_maker *m, const struct cc_place *p)
{
    size_t examples = 0, most = finite_high(p->chars, CHARS_MOST) ? (size_t)p->chars.high : CHARS_MOST;
    while (p->examples && p->examples[examples]) examples++;
    if (examples) return jo_string(p->examples[examples - 1]); /* forms stand from wide to narrow */
    if (most < 300) return prose_chars(m->rng, rng_between(m->rng, p->chars.low > 1 ? (size_t)p->chars.low : 1, most < 24 ? most : 24));
    return prose_make(m->rng, m->bulk < most ? m->bulk : 40);
}

/* --- arrays and maps */

static bool has_text(struct json_object *array, struct json_object *item)
{
    for (size_t i = 0; jo_is_text(item) && i < jo_length(array); i++)
        if (jo_is(jo_item(array, i), jo_text(item))) return true;
    return false;
}

/* Strings differ from each other: lists of words and stop sequences are sets. */
static struct json_object *items_of(const struct value_maker *m, const struct cc_place *p, size_t count)
{
    struct json_object *array = jo_array();
    for (size_t tries = 0; jo_length(array) < count && tries < count * 8; tries++) {
        struct json_object *item = p->each ? value_any(m, p->each) : jo_string("x");
        if (has_text(array, item)) json_object_put(item);
        else jo_push(array, item);
    }
    return array;
}

static struct json_object *words_of(const struct value_maker *m, const struct cc_place *each, struct value_class which)
{
    struct json_object *array = jo_array();
    for (size_t i = 0; i < each->word_count; i++)
        if ((each->words[i].profiles & m->profile) && (which.kind == VALUE_ALL_WORDS || which.index == i))
            jo_push(array, jo_string(each->words[i].text));
    return array;
}

static void make_key(const struct value_maker *m, const struct cc_place *p, size_t number, char *key, size_t size)
{
    bool digits = p->key_example && p->key_example[strspn(p->key_example, "0123456789")] == '\0';
    if (digits) snprintf(key, size, "%zu", number * 1000 + rng_below(m->rng, 1000));
    else snprintf(key, size, "%s_%zu", prose_word(m->rng), number);
}

static struct json_object *pairs_of(const struct value_maker *m, const struct cc_place *p, size_t count)
{
    struct json_object *map = jo_object();
    char key[256];
    for (size_t i = 0; i < count; i++) {
        make_key(m, p, i, key, sizeof key);
        if (i == 0 && p->key_chars.high < sizeof key && !p->key_example) prose_name(m->rng, key, (size_t)p->key_chars.high);
        jo_put(map, key, value_any(m, p->values));
    }
    return map;
}

/* --- objects */

const struct cc_place *value_member(const struct cc_place *object, const char *key)
{
    for (size_t i = 0; object && i < object->member_count; i++)
        if (strcmp(object->members[i].key, key) == 0) return &object->members[i];
    return NULL;
}

static void put_members(const struct value_maker *m, struct json_object *object, const struct cc_place *p, enum value_kind how)
{
    for (size_t i = 0; i < p->member_count; i++) {
        const struct cc_place *member = &p->members[i];
        bool fit = (member->profiles & m->profile) && member->types && !(member->deprecated & m->profile);
        bool wanted = member->required || how == VALUE_FULL || (how == VALUE_MIXED && rng_one_in(m->rng, 2));
        if (fit && wanted) jo_add(object, member->key, value_any(m, member));
    }
}

/* The open objects of requests are JSON Schemas. They keep to the strict subset, as a `strict` beside them may ask for it. */
static struct json_object *object_of(const struct value_maker *m, const struct cc_place *p, struct value_class which)
{
    if (p->open && !p->kind_count) return schema_make(m->rng, true, which.kind == VALUE_BARE ? 1 : rng_between(m->rng, 2, 6));
    struct json_object *object = jo_object();
    if (p->kind_count) {
        jo_add(object, p->tag, jo_string(p->kinds[which.index].text));
        if (p->kinds[which.index].object) put_members(m, object, p->kinds[which.index].object, which.kind);
        return object;
    }
    const struct cc_place *pivot = pivot_of(p);
    put_members(m, object, p, which.kind);
    if (pivot) jo_put(object, pivot->key, jo_string(pivot->words[which.index].text));
    return object;
}

/* --- all of it */

static size_t few(const struct value_maker *m, struct cc_bounds bounds)
{
    size_t low = bounds.low > 1 ? (size_t)bounds.low : 1, high = bounds.high < 3 ? (size_t)bounds.high : 3;
    return rng_between(m->rng, low, high > low ? high : low);
}

struct json_object *value_make(const struct value_maker *m, const struct cc_place *p, struct value_class which)
{
    switch (which.kind) {
    case VALUE_NULL: return NULL;
    case VALUE_TRUE: return jo_bool(true);
    case VALUE_FALSE: return jo_bool(false);
    case VALUE_LOW: return whole(p->number.low);
    case VALUE_HIGH: return whole(p->number.high);
    case VALUE_ZERO: return jo_integer(0);
    case VALUE_POSITIVE:
    case VALUE_NEGATIVE: return number_inside(m, p, which.kind == VALUE_NEGATIVE);
    case VALUE_WORD: return jo_string(p->words[which.index].text);
    case VALUE_SHORTEST: return prose_chars(m->rng, (size_t)p->chars.low);
    case VALUE_LONGEST: return prose_chars(m->rng, (size_t)p->chars.high);
    case VALUE_TEXT: return text_of(m, p);
    case VALUE_FEWEST: return items_of(m, p, (size_t)p->items.low);
    case VALUE_MOST: return items_of(m, p, (size_t)p->items.high);
    case VALUE_SOME: return items_of(m, p, few(m, p->items));
    case VALUE_ONE_WORD:
    case VALUE_ALL_WORDS: return words_of(m, p->each, which);
    case VALUE_PAIRS_NONE: return jo_object();
    case VALUE_PAIRS_MOST: return pairs_of(m, p, (size_t)p->pairs.high);
    case VALUE_PAIRS_SOME: return pairs_of(m, p, few(m, p->pairs));
    default: return object_of(m, p, which);
    }
}

struct json_object *value_any(const struct value_maker *m, const struct cc_place *place)
{
    struct value_class classes[VALUE_CLASSES_MAX];
    size_t count = value_classes(place, m->profile, classes);
    if (count == 0) return NULL;
    return value_make(m, place, classes[rng_below(m->rng, count)]);
}
