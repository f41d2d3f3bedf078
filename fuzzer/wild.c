/* wild.c: see wild.h. */
#include "fuzzer/wild.h"

#include "fuzzer/prose.h"
#include "fuzzer/value.h"
#include "harness/base/pointer.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* --- looking */

static const struct cc_place *kind_of(const struct cc_place *place, struct json_object *object)
{
    for (size_t i = 0; i < place->kind_count; i++)
        if (jo_is(jo_get(object, place->tag), place->kinds[i].text)) return place->kinds[i].object;
    return NULL;
}

static const struct cc_place *step_into(const struct cc_place *place, struct json_object *value, const char *step)
{
    if (jo_is_array(value)) return place->each;
    if (place->values) return place->values;
    const struct cc_place *kind = place->kind_count ? kind_of(place, value) : NULL, *member = kind ? value_member(kind, step) : NULL;
    return member ? member : value_member(place, step);
}

const struct cc_place *place_at(struct json_object *request, const char *pointer)
{
    const struct cc_place *place = cc_describe(CC_REQUEST);
    struct json_object *value = request;
    char step[POINTER_STEP_MAX];
    while (place && pointer_step(&pointer, step)) {
        place = step_into(place, value, step);
        if (!pointer_child(value, step, &value)) value = NULL;
    }
    return place;
}

/* One of the children, with its step; NULL when there is none. */
static struct json_object *random_child(struct rng *rng, struct json_object *value, char *step, size_t size)
{
    size_t members = jo_members(value), which = rng_below(rng, members ? members : jo_length(value)), i = 0;
    if (jo_is_array(value)) {
        snprintf(step, size, "/%zu", which);
        return jo_item(value, which);
    }
    if (!members) return NULL;
    json_object_object_foreach(value, key, child)
        if (i++ == which) {
            *step = '\0';
            if (strpbrk(key, "/~")) return NULL;
            snprintf(step, size, "/%s", key);
            return child;
        }
    return NULL;
}

void pointer_random(struct rng *rng, struct json_object *document, char *out, size_t size)
{
    struct json_object *value = document;
    size_t used = 0;
    *out = '\0';
    while ((jo_members(value) || jo_length(value)) && (used == 0 || rng_below(rng, 5))) {
        char step[256] = "";
        struct json_object *child = random_child(rng, value, step, sizeof step);
        size_t length = strlen(step);
        if (!length || used + length >= size) return;
        memcpy(out + used, step, length + 1);
        used += length;
        value = child;
    }
}

/* --- making */

static struct json_object *nested(struct rng *rng)
{
    size_t depth = rng_between(rng, 2, 40);
    bool objects = rng_one_in(rng, 2);
    struct json_object *made = NULL;
    for (size_t i = 0; i < depth; i++) {
        struct json_object *outer = objects ? jo_object() : jo_array();
        if (objects) jo_put(outer, "a", made);
        else jo_push(outer, made);
        made = outer;
    }
    return made;
}

static struct json_object *other_type(struct rng *rng)
{
    static const char *const texts[] = {
        "null", "true", "false", "0", "-1", "7", "1.5", "-0.0", "1e308", "9007199254740993", "18446744073709551616", "\"\"", "\"x\"",
        "\"null\"", "\"true\"", "\"7\"", "\"[]\"", "[]", "{}", "[null]", "[\"x\"]", "[[]]", "[{}]", "{\"a\":1}", "{\"\":null}",
        "{\"type\":\"text\"}", "\" \"", "\"\\u200b\"", "\"\\u0000\"", "\"../../etc/passwd\""};
    size_t which = rng_below(rng, COUNT(texts) + 3);
    if (which == COUNT(texts)) return prose_make(rng, rng_between(rng, 1000, 20000));
    if (which > COUNT(texts)) return nested(rng);
    return jo_read(texts[which]);
}

/* Words that look like a known one. */
static struct json_object *similar_word(struct rng *rng, const char *word)
{
    char text[128];
    size_t length = strlen(word), at = rng_below(rng, length);
    if (length + 4 >= sizeof text) return jo_string("x");
    memcpy(text, word, length + 1);
    switch (rng_below(rng, 8)) {
    case 0: text[0] = (char)(text[0] ^ 0x20); break;                                               /* User */
    case 1: for (char *c = text; *c; c++) *c = *c >= 'a' && *c <= 'z' ? (char)(*c - 32) : *c; break; /* USER */
    case 2: memcpy(text + length, " ", 2); break;
    case 3: memmove(text + 1, text, length + 1), text[0] = ' '; break;
    case 4: memcpy(text + length, "s", 2); break;
    case 5: text[length - 1] = '\0'; break;
    case 6: memcpy(text + length, "\xE2\x80\x8B", 4); break;                                       /* a space of no width */
    default: memmove(text + at + 2, text + at + 1, length - at), memcpy(text + at, "\xD0\xB5", 2);  /* a Cyrillic letter in the midst */
    }
    return jo_string(text);
}

static struct json_object *beyond_number(struct rng *rng, const struct cc_place *p)
{
    bool above = isfinite(p->number.high) && (!isfinite(p->number.low) || rng_one_in(rng, 2));
    double bound = above ? p->number.high : p->number.low, sign = above ? 1 : -1;
    static const double distances[] = {1, 2, 100, 2147483648.0, 1e15};
    if (!isfinite(bound)) return other_type(rng);
    char digits[48];
    if ((p->types & CC_REAL) && rng_one_in(rng, 3)) {
        snprintf(digits, sizeof digits, "%.4f", bound + sign * 0.0001);
        return jo_digits(digits);
    }
    return jo_integer((int64_t)(bound + sign * distances[rng_below(rng, COUNT(distances))]));
}

/* An array with more items than are allowed, which repeat those it has with different ends. */
static struct json_object *beyond_items(struct rng *rng, const struct cc_place *p, struct json_object *old)
{
    struct json_object *made = jo_array();
    size_t most = (size_t)p->items.high, count = most + rng_between(rng, 1, 3) * (rng_one_in(rng, 2) ? 1 : most);
    for (size_t i = 0; i < count; i++) {
        char text[32];
        struct json_object *item = jo_item(old, i);
        snprintf(text, sizeof text, "item %zu", i);
        if (item) jo_push(made, jo_share(item));
        else jo_push(made, jo_string(text));
    }
    return made;
}

static struct json_object *beyond_chars(struct rng *rng, const struct cc_place *p)
{
    size_t most = (size_t)p->chars.high;
    return prose_chars(rng, most + (rng_one_in(rng, 2) ? 1 : rng_between(rng, 1, 5) * (most + 1)));
}

struct json_object *wild_value(struct rng *rng, const struct cc_place *place, struct json_object *old)
{
    if (!place || rng_one_in(rng, 3)) return other_type(rng);
    if (place->word_count && rng_below(rng, 3)) return similar_word(rng, place->words[rng_below(rng, place->word_count)].text);
    if (place->types & CC_NUMBER) return beyond_number(rng, place);
    if (jo_is_array(old) && place->items.high < 1000) return beyond_items(rng, place, old);
    if (jo_is_text(old) && place->chars.high < 100000) return beyond_chars(rng, place);
    return other_type(rng);
}

/* --- the same fault once more */

static unsigned type_of(struct json_object *value)
{
    switch (json_object_get_type(value)) {
    case json_type_null: return CC_NULL;
    case json_type_boolean: return CC_BOOLEAN;
    case json_type_int: return CC_INTEGER;
    case json_type_double: return CC_REAL;
    case json_type_string: return CC_STRING;
    case json_type_array: return CC_ARRAY;
    default: return CC_OBJECT;
    }
}

static struct json_object *not_of(struct rng *rng, unsigned types)
{
    enum { TRIES = 8 };
    struct json_object *made = other_type(rng);
    for (int i = 1; i < TRIES && (type_of(made) & types); i++) {
        json_object_put(made);
        made = other_type(rng);
    }
    return made;
}

static bool has_word(const struct cc_place *place, struct json_object *value)
{
    for (size_t i = 0; i < place->word_count; i++)
        if (jo_is(value, place->words[i].text)) return true;
    return false;
}

static bool is_beyond(struct cc_bounds bounds, double number) { return number < bounds.low || number > bounds.high; }

bool wild_fault(struct rng *rng, const struct cc_place *p, struct json_object *old, struct json_object **wilder)
{
    unsigned type = type_of(old);
    *wilder = NULL;
    if (p && !(p->types & type)) *wilder = not_of(rng, p->types);
    else if (p && type == CC_STRING && p->word_count && !has_word(p, old))
        *wilder = similar_word(rng, p->words[rng_below(rng, p->word_count)].text);
    else if (p && (type & CC_NUMBER) && is_beyond(p->number, json_object_get_double(old))) *wilder = beyond_number(rng, p);
    else if (p && type == CC_ARRAY && p->items.high < (double)jo_length(old)) *wilder = beyond_items(rng, p, old);
    else if (p && type == CC_STRING && p->chars.high < json_object_get_string_len(old)) *wilder = beyond_chars(rng, p);
    else if (rng_one_in(rng, 4)) *wilder = wild_value(rng, p, old);
    else return false;
    return true;
}
