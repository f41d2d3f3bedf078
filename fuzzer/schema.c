/* schema.c: see schema.h. Strict schemas close every object, require every property and leave out what is not supported there; the others
 * use more of the language. */
#include "fuzzer/schema.h"

#include "fuzzer/prose.h"
#include "harness/base/pointer.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEPTH_MAX = 4, INSTANCE_DEPTH_MAX = 12, PROPERTIES_MAX = 5000 };

/* A schema under construction. */
struct drawing {
    struct rng *rng;
    bool strict;
    size_t left; /* properties that may still be made */
    struct json_object *shared; /* $defs, when something refers to it */
};

static struct json_object *draw(struct drawing *d, int depth);

static struct json_object *typed(const char *type)
{
    struct json_object *schema = jo_object();
    jo_add(schema, "type", jo_string(type));
    return schema;
}

/* --- simple types */

static const char *const formats[] = {"date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid"};
static const char *const format_samples[] = {"2026-08-21T09:30:00Z",
                                             "09:30:00Z",
                                             "2026-08-21",
                                             "PT15M",
                                             "ada@example.com",
                                             "example.com",
                                             "192.0.2.1",
                                             "2001:db8::1",
                                             "123e4567-e89b-42d3-a456-426614174000"};
enum { FORMATS = sizeof formats / sizeof *formats };

static struct json_object *draw_string(struct drawing *d)
{
    struct json_object *schema = typed("string");
    if (rng_one_in(d->rng, 3)) jo_add(schema, "description", prose_make(d->rng, 20));
    if (rng_one_in(d->rng, 5)) jo_add(schema, "format", jo_string(formats[rng_below(d->rng, FORMATS)]));
    else if (!d->strict && rng_one_in(d->rng, 4)) jo_add(schema, "maxLength", jo_integer((int64_t)rng_between(d->rng, 8, 200)));
    return schema;
}

static struct json_object *draw_number(struct drawing *d)
{
    struct json_object *schema = typed(rng_one_in(d->rng, 2) ? "integer" : "number");
    int64_t low = (int64_t)rng_below(d->rng, 200) - 100;
    if (rng_one_in(d->rng, 2)) jo_add(schema, "minimum", jo_integer(low));
    if (rng_one_in(d->rng, 3)) jo_add(schema, "maximum", jo_integer(low + 1 + (int64_t)rng_below(d->rng, 1000)));
    return schema;
}

static struct json_object *draw_enum(struct drawing *d)
{
    struct json_object *schema = typed("string"), *words = jo_array();
    size_t count = rng_between(d->rng, 1, 5);
    for (size_t i = 0; i < count; i++) {
        char word[48];
        snprintf(word, sizeof word, "%s%zu", prose_word(d->rng), i);
        jo_push(words, jo_string(word));
    }
    jo_add(schema, "enum", words);
    return schema;
}

static struct json_object *draw_nullable(struct drawing *d)
{
    struct json_object *schema = jo_object(), *types = jo_array();
    jo_push(types, jo_string(rng_one_in(d->rng, 2) ? "string" : "integer"));
    jo_push(types, jo_string("null"));
    jo_add(schema, "type", types);
    return schema;
}

static struct json_object *draw_choice(struct drawing *d, int depth)
{
    struct json_object *schema = jo_object(), *any = jo_array();
    jo_push(any, draw(d, depth + 1));
    jo_push(any, typed(rng_one_in(d->rng, 2) ? "null" : "boolean"));
    jo_add(schema, "anyOf", any);
    return schema;
}

/* --- objects and arrays */

static struct json_object *draw_array(struct drawing *d, int depth)
{
    struct json_object *schema = typed("array");
    jo_add(schema, "items", draw(d, depth + 1));
    if (rng_one_in(d->rng, 3)) jo_add(schema, "minItems", jo_integer((int64_t)rng_below(d->rng, 3)));
    if (rng_one_in(d->rng, 4)) jo_add(schema, "maxItems", jo_integer((int64_t)rng_between(d->rng, 3, 6)));
    return schema;
}

static struct json_object *draw_object(struct drawing *d, int depth, size_t members)
{
    struct json_object *schema = typed("object"), *properties = jo_object(), *required = jo_array();
    for (size_t i = 0; i < members && d->left > 0; i++) {
        char name[48];
        snprintf(name, sizeof name, i < 4 ? "%s" : "%s_%zu", prose_word(d->rng), i);
        if (jo_has(properties, name)) continue;
        d->left--;
        jo_put(properties, name, draw(d, depth + 1));
        if (d->strict || rng_one_in(d->rng, 2)) jo_push(required, jo_string(name));
    }
    jo_add(schema, "properties", properties);
    jo_add(schema, "required", required);
    if (d->strict || rng_one_in(d->rng, 3)) jo_add(schema, "additionalProperties", jo_bool(false));
    return schema;
}

/* A reference to a definition beside the root. */
static struct json_object *draw_reference(struct drawing *d)
{
    struct json_object *schema = jo_object();
    if (!d->shared) {
        d->shared = jo_object();
        jo_add(d->shared, "thing", draw_enum(d));
    }
    jo_add(schema, "$ref", jo_string("#/$defs/thing"));
    return schema;
}

static struct json_object *draw(struct drawing *d, int depth)
{
    size_t what = rng_below(d->rng, depth < DEPTH_MAX ? 12 : 7);
    switch (what) {
    case 0: return draw_number(d);
    case 1: return draw_enum(d);
    case 2: return typed("boolean");
    case 3: return draw_nullable(d);
    case 4: return draw_reference(d);
    case 7: return draw_array(d, depth);
    case 8:
    case 9: return draw_object(d, depth, rng_between(d->rng, 0, 4));
    case 10: return draw_choice(d, depth);
    default: return draw_string(d);
    }
}

struct json_object *schema_make(struct rng *rng, bool strict, size_t members)
{
    struct drawing d = {rng, strict, members < PROPERTIES_MAX ? members * 2 : PROPERTIES_MAX, NULL};
    struct json_object *schema = draw_object(&d, 0, members);
    if (d.shared) jo_add(schema, "$defs", d.shared);
    return schema;
}

/* --- instances */

struct filling {
    struct rng *rng;
    struct json_object *root;
    int depth;
    long left; /* values that may still be made */
};

static struct json_object *fill(struct filling *f, struct json_object *schema);

static double number_or(struct json_object *value, double otherwise)
{
    bool number = json_object_is_type(value, json_type_int) || json_object_is_type(value, json_type_double);
    return number ? json_object_get_double(value) : otherwise;
}

static struct json_object *fill_number(struct filling *f, struct json_object *schema)
{
    double low = number_or(jo_get(schema, "minimum"), -INFINITY), high = number_or(jo_get(schema, "maximum"), INFINITY);
    double above = number_or(jo_get(schema, "exclusiveMinimum"), -INFINITY),
           below = number_or(jo_get(schema, "exclusiveMaximum"), INFINITY);
    double grain = fabs(number_or(jo_get(schema, "multipleOf"), 1));
    if (above >= low) low = above + 1;
    if (below <= high) high = below - 1;
    double number = isfinite(low) ? ceil(low / grain) * grain : isfinite(high) ? floor(high / grain) * grain : 0;
    double room = isfinite(high) ? floor((high - number) / grain) : 100;
    if (room > 0) number += grain * (double)rng_below(f->rng, (size_t)(room < 1000 ? room : 1000) + 1);
    if (fabs(number) < 9e15 && floor(number) == number) return jo_integer((int64_t)number);
    char digits[40];
    snprintf(digits, sizeof digits, "%.17g", number);
    return jo_digits(digits);
}

static struct json_object *fill_string(struct filling *f, struct json_object *schema)
{
    for (size_t i = 0; i < FORMATS; i++)
        if (jo_is(jo_get(schema, "format"), formats[i])) return jo_string(format_samples[i]);
    double low = number_or(jo_get(schema, "minLength"), 0), high = number_or(jo_get(schema, "maxLength"), 1000);
    if (low > 4 || high < 8) return prose_chars(f->rng, (size_t)(low > 100000 ? 100000 : low));
    return jo_string(prose_word(f->rng));
}

static struct json_object *fill_array(struct filling *f, struct json_object *schema)
{
    struct json_object *array = jo_array();
    double low = number_or(jo_get(schema, "minItems"), 0), high = number_or(jo_get(schema, "maxItems"), 3);
    size_t least = low > 1000 ? 1000 : (size_t)(low > 0 ? low : 0),
           most = high < (double)least ? least : (size_t)(high < 1000 ? high : 1000);
    size_t count = least + (f->depth < DEPTH_MAX ? rng_below(f->rng, (most - least > 3 ? 3 : most - least) + 1) : 0);
    for (size_t i = 0; i < count && f->left > 0; i++) jo_push(array, fill(f, jo_get(schema, "items")));
    return array;
}

static bool listed(struct json_object *array, const char *name)
{
    for (size_t i = 0; i < jo_length(array); i++)
        if (jo_is(jo_item(array, i), name)) return true;
    return false;
}

static struct json_object *fill_object(struct filling *f, struct json_object *schema)
{
    struct json_object *object = jo_object(), *properties = jo_get(schema, "properties"), *required = jo_get(schema, "required");
    if (jo_is_object(properties)) {
        json_object_object_foreach(properties, name,
                                   inner) if (f->left > 0 && (listed(required, name) || (f->depth < DEPTH_MAX && rng_one_in(f->rng, 2))))
            jo_put(object, name, fill(f, inner));
    }
    for (size_t i = 0; i < jo_length(required); i++)
        if (!jo_has(object, jo_text(jo_item(required, i)))) jo_put(object, jo_text(jo_item(required, i)), jo_string("x"));
    return object;
}

/* Follows "#/a/b" in the root; NULL when it leads nowhere. */
static struct json_object *refer(const struct filling *f, const char *reference)
{
    struct json_object *found = NULL;
    if (*reference != '#' || !pointer_get(f->root, reference + 1, &found)) return NULL;
    return found;
}

/* One of the alternatives; deep down one that ends at once. */
static struct json_object *fill_any(struct filling *f, struct json_object *any)
{
    size_t which = f->depth < DEPTH_MAX ? rng_below(f->rng, jo_length(any)) : jo_length(any) - 1;
    return fill(f, jo_item(any, which));
}

static struct json_object *fill_type(struct filling *f, struct json_object *schema, const char *type)
{
    if (strcmp(type, "object") == 0) return fill_object(f, schema);
    if (strcmp(type, "array") == 0) return fill_array(f, schema);
    if (strcmp(type, "integer") == 0 || strcmp(type, "number") == 0) return fill_number(f, schema);
    if (strcmp(type, "boolean") == 0) return jo_bool(rng_one_in(f->rng, 2));
    return strcmp(type, "null") == 0 ? NULL : fill_string(f, schema);
}

static struct json_object *fill_as(struct filling *f, struct json_object *schema)
{
    static const char *const alternatives[] = {"anyOf", "oneOf", "allOf"};
    struct json_object *words = jo_get(schema, "enum"), *type = jo_get(schema, "type");
    if (jo_has(schema, "const")) return jo_copy(jo_get(schema, "const"));
    if (jo_length(words)) return jo_copy(jo_item(words, rng_below(f->rng, jo_length(words))));
    if (jo_has(schema, "$ref")) return fill(f, refer(f, jo_text(jo_get(schema, "$ref"))));
    for (size_t i = 0; i < 3 && !type; i++)
        if (jo_length(jo_get(schema, alternatives[i]))) return fill_any(f, jo_get(schema, alternatives[i]));
    if (jo_length(type)) type = jo_item(type, f->depth < DEPTH_MAX ? rng_below(f->rng, jo_length(type)) : jo_length(type) - 1);
    return fill_type(f, schema, type ? jo_text(type) : jo_has(schema, "properties") ? "object" : "string");
}

static struct json_object *fill(struct filling *f, struct json_object *schema)
{
    if (f->left-- <= 0 || f->depth >= INSTANCE_DEPTH_MAX || !jo_is_object(schema)) return jo_is_object(schema) ? NULL : jo_string("any");
    f->depth++;
    struct json_object *made = fill_as(f, schema);
    f->depth--;
    return made;
}

struct json_object *schema_instance(struct rng *rng, struct json_object *schema)
{
    struct filling f = {rng, schema, 0, 5000};
    return fill(&f, schema);
}
