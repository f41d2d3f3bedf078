/* instance.c: see instance.h.
 *
 * A schema is first made flat (references, allOf and one alternative of anyOf are laid over it), then its type decides. Optional properties
 * are filled in near the root only; deeper down the smallest choice is taken, so that recursive schemas come to an end. */
#include "endpoint/instance.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
    DEPTH_FULL = 4,     /* from here on only what is required is filled in */
    DEPTH_END = 24,     /* from here on there is null: only schemas without finite instances, or absurd ones, get here */
    HOPS = 32,          /* references and alternatives followed at one place */
    WORK = 20000,       /* schemas looked at for one instance */
    ITEMS = 1000,       /* of an array */
    LETTERS = 100000,   /* of a string */
};

struct maker {
    struct json_object *root;
    int depth;
    long work;     /* what is left of it */
    int64_t serial; /* number of the item under construction where items must differ, else 0 */
};

static struct json_object *make(struct maker *maker, struct json_object *schema);

/* Follows a local reference ("#", "#/$defs/name"). NULL when it leads nowhere. */
static struct json_object *resolve(const struct maker *maker, const char *reference)
{
    struct json_object *found = maker->root;
    if (*reference++ != '#')
        return NULL;
    while (found && *reference == '/') {
        char key[256];
        size_t length = strcspn(++reference, "/"), used = 0;
        for (size_t i = 0; i < length && used + 1 < sizeof key; i++) {
            bool escape = reference[i] == '~' && (reference[i + 1] == '0' || reference[i + 1] == '1');
            key[used++] = escape ? (reference[++i] == '1' ? '/' : '~') : reference[i];
        }
        key[used] = '\0';
        found = jo_get(found, key);
        reference += length;
    }
    return *reference ? NULL : found;
}

/* The members of both objects, those of `over` first in rank: a new object. */
static struct json_object *unite(struct maker *maker, struct json_object *base, struct json_object *over)
{
    struct json_object *both = jo_object();
    maker->work -= json_object_object_length(base);
    json_object_object_foreach(base, key, value)
        jo_put(both, key, json_object_get(value));
    json_object_object_foreach(over, name, other)
        jo_put(both, name, json_object_get(other));
    return both;
}

/* The items of both arrays: a new array. */
static struct json_object *append(struct maker *maker, struct json_object *base, struct json_object *more)
{
    struct json_object *both = jo_array();
    maker->work -= (long)jo_length(base);
    for (size_t i = 0; i < jo_length(base); i++)
        jo_push(both, json_object_get(jo_item(base, i)));
    for (size_t i = 0; i < jo_length(more); i++)
        jo_push(both, json_object_get(jo_item(more, i)));
    return both;
}

/* Lays `over` onto `base`: properties come together, required adds up, anything else of `over` wins. */
static void lay_over(struct maker *maker, struct json_object *base, struct json_object *over)
{
    if (!json_object_is_type(over, json_type_object))
        return;
    json_object_object_foreach(over, key, value) {
        struct json_object *mine = jo_get(base, key);
        bool objects = json_object_is_type(mine, json_type_object) && json_object_is_type(value, json_type_object);
        if (objects && strcmp(key, "properties") == 0)
            jo_put(base, key, unite(maker, mine, value));
        else if (jo_length(mine) > 0 && strcmp(key, "required") == 0)
            jo_put(base, key, append(maker, mine, value));
        else
            jo_put(base, key, json_object_get(value));
    }
}

static bool is_null_schema(struct json_object *schema)
{
    return jo_is(jo_get(schema, "type"), "null");
}

/* One alternative: the first, or deep down one that ends at once. */
static struct json_object *alternative(const struct maker *maker, struct json_object *alternatives)
{
    for (size_t i = 0; maker->depth >= DEPTH_FULL && i < jo_length(alternatives); i++)
        if (is_null_schema(jo_item(alternatives, i)))
            return jo_item(alternatives, i);
    return jo_item(alternatives, 0);
}

/* Takes `key` out of `flat`; a new reference, or NULL. */
static struct json_object *take(struct json_object *flat, const char *key)
{
    struct json_object *value = json_object_get(jo_get(flat, key));
    json_object_object_del(flat, key);
    return value;
}

/* Replaces one $ref, allOf, anyOf or oneOf of `flat` by what it stands for. False when there is none left. */
static bool flatten_step(struct maker *maker, struct json_object *flat)
{
    static const char *const keys[] = {"$ref", "allOf", "anyOf", "oneOf"};
    size_t which = 0;
    while (which < 4 && !jo_has(flat, keys[which]))
        which++;
    if (which == 4 || maker->work-- <= 0)
        return false;
    struct json_object *value = take(flat, keys[which]);
    if (which == 0)
        lay_over(maker, flat, resolve(maker, jo_text(value)));
    else if (which > 1)
        lay_over(maker, flat, alternative(maker, value));
    for (size_t i = 0; which == 1 && maker->work > 0 && i < jo_length(value); i++)
        lay_over(maker, flat, jo_item(value, i));
    json_object_put(value);
    return true;
}

/* `schema` without references and alternatives: a new object. */
static struct json_object *flatten(struct maker *maker, struct json_object *schema)
{
    struct json_object *flat = jo_object();
    lay_over(maker, flat, schema);
    for (int hops = 0; hops < HOPS && flatten_step(maker, flat); hops++)
        ;
    return flat;
}

/* The type to make: the one that is named, or that the other keywords mean. */
static const char *type_of(const struct maker *maker, struct json_object *flat)
{
    static const char *const hints[][2] = {{"properties", "object"}, {"required", "object"},   {"additionalProperties", "object"},
                                           {"items", "array"},       {"prefixItems", "array"}, {"minItems", "array"},
                                           {"minimum", "number"},    {"maximum", "number"},    {"multipleOf", "number"}};
    struct json_object *type = jo_get(flat, "type");
    if (json_object_is_type(type, json_type_string))
        return jo_text(type);
    const char *chosen = NULL;
    for (size_t i = 0; i < jo_length(type); i++) {
        const char *name = jo_text(jo_item(type, i));
        bool is_null = strcmp(name, "null") == 0;
        if (is_null && maker->depth >= DEPTH_FULL)
            return name;
        chosen = !chosen && !is_null ? name : chosen;
    }
    if (type)
        return chosen ? chosen : "null";
    for (size_t i = 0; i < sizeof hints / sizeof *hints; i++)
        if (jo_has(flat, hints[i][0]))
            return hints[i][1];
    return "string";
}

static double number_or(struct json_object *value, double otherwise)
{
    bool is_number = json_object_is_type(value, json_type_int) || json_object_is_type(value, json_type_double);
    return is_number ? json_object_get_double(value) : otherwise;
}

static struct json_object *write_number(double number)
{
    if (number == floor(number) && fabs(number) <= 9007199254740992.0)
        return jo_integer((int64_t)number);
    char digits[40];
    snprintf(digits, sizeof digits, "%.17g", number);
    return jo_number(number, digits);
}

/* The number that is nearest to 1 and keeps the bounds. `grain`: what it must be a multiple of, or 0. */
static double fit_number(double low, double high, double grain, bool low_open, bool high_open)
{
    double step = grain > 0 ? grain : 1;
    double number = low > 1 || (low_open && low >= 1) ? ceil(low / step) * step : grain > 0 ? grain : 1;
    if (low_open && number <= low)
        number += step;
    if (number > high || (high_open && number >= high))
        number = floor(high / step) * step;
    if (high_open && number >= high)
        number -= step;
    bool between = grain <= 0 && (number < low || (low_open && number <= low));
    return between ? (low + high) / 2 : number;
}

static struct json_object *make_number(const struct maker *maker, struct json_object *flat, bool integer)
{
    double low = number_or(jo_get(flat, "minimum"), -INFINITY), high = number_or(jo_get(flat, "maximum"), INFINITY);
    double above = number_or(jo_get(flat, "exclusiveMinimum"), -INFINITY), below = number_or(jo_get(flat, "exclusiveMaximum"), INFINITY);
    double grain = fabs(number_or(jo_get(flat, "multipleOf"), integer ? 1 : 0));
    bool low_open = above >= low && isfinite(above), high_open = below <= high && isfinite(below);
    double number = fit_number(low_open ? above : low, high_open ? below : high, grain, low_open, high_open);
    return write_number(number + (double)maker->serial * (grain > 0 ? grain : 1));
}

static const char *format_sample(struct json_object *format)
{
    static const char *const samples[][2] = {{"date-time", "2026-08-21T09:30:00Z"}, {"date", "2026-08-21"},
                                             {"time", "09:30:00Z"},                 {"duration", "PT15M"},
                                             {"email", "ada@example.com"},          {"idn-email", "ada@example.com"},
                                             {"hostname", "example.com"},           {"idn-hostname", "example.com"},
                                             {"ipv4", "192.0.2.1"},                 {"ipv6", "2001:db8::1"},
                                             {"uri", "https://example.com/"},       {"iri", "https://example.com/"},
                                             {"uri-reference", "/"},                {"iri-reference", "/"},
                                             {"uuid", "123e4567-e89b-42d3-a456-426614174000"},
                                             {"json-pointer", "/a"},                {"regex", "a"}};
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++)
        if (jo_is(format, samples[i][0]))
            return samples[i][1];
    return NULL;
}

static struct json_object *make_string(const struct maker *maker, struct json_object *flat)
{
    const char *sample = format_sample(jo_get(flat, "format"));
    if (sample)
        return jo_string(sample);
    int64_t least = jo_int(jo_get(flat, "minLength"), 0), most = jo_int(jo_get(flat, "maxLength"), LETTERS);
    char text[32];
    int used = maker->serial ? snprintf(text, sizeof text, "%ldtext", (long)maker->serial) : snprintf(text, sizeof text, "text");
    struct printbuf *buffer = jo_buffer();
    jo_append(buffer, text, (size_t)(used > most ? (most < 0 ? 0 : most) : used));
    for (int64_t i = used; i < least && i < LETTERS; i++)
        jo_append(buffer, "s", 1);
    return jo_buffer_string(buffer);
}

static bool is_false(struct json_object *schema)
{
    return json_object_is_type(schema, json_type_boolean) && !json_object_get_boolean(schema);
}

/* Adds what is required beside the properties that are there already. */
static void complete(struct maker *maker, struct json_object *object, struct json_object *flat)
{
    struct json_object *required = jo_get(flat, "required"), *more = jo_get(flat, "additionalProperties");
    for (size_t i = 0; i < jo_length(required) && maker->work > 0; i++) {
        const char *name = jo_text(jo_item(required, i));
        struct json_object *known = jo_get(jo_get(flat, "properties"), name);
        if (!jo_has(object, name))
            jo_put(object, name, make(maker, known ? known : more));
    }
    int64_t least = jo_int(jo_get(flat, "minProperties"), 0);
    for (int i = 1; json_object_object_length(object) < least && i <= ITEMS; i++) {
        char name[24];
        snprintf(name, sizeof name, "key%d", i);
        if (!jo_has(object, name))
            jo_put(object, name, make(maker, more));
    }
}

static struct json_object *make_object(struct maker *maker, struct json_object *flat)
{
    struct json_object *object = jo_object(), *properties = jo_get(flat, "properties");
    bool all = maker->depth <= DEPTH_FULL && json_object_is_type(properties, json_type_object) &&
               json_object_object_length(properties) <= jo_int(jo_get(flat, "maxProperties"), WORK);
    if (all) {
        json_object_object_foreach(properties, name, schema)
            if (!is_false(schema) && maker->work > 0)
                jo_put(object, name, make(maker, schema));
    }
    complete(maker, object, flat);
    return object;
}

static struct json_object *make_array(struct maker *maker, struct json_object *flat)
{
    struct json_object *array = jo_array(), *items = jo_get(flat, "items"), *first = jo_get(flat, "prefixItems");
    int64_t least = jo_int(jo_get(flat, "minItems"), 0), most = jo_int(jo_get(flat, "maxItems"), ITEMS);
    int64_t count = maker->depth < DEPTH_FULL && least == 0 && most > 0 ? 1 : least;
    int64_t outer = maker->serial, listed = (int64_t)jo_length(first);
    count = listed > count && listed <= most ? listed : count;
    for (int64_t i = 0; i < count && i < ITEMS && maker->work > 0; i++) {
        maker->serial = jo_true(jo_get(flat, "uniqueItems")) ? i : outer;
        jo_push(array, make(maker, i < listed ? jo_item(first, (size_t)i) : items));
    }
    maker->serial = outer;
    return array;
}

static struct json_object *make_typed(struct maker *maker, struct json_object *flat)
{
    const char *type = type_of(maker, flat);
    if (strcmp(type, "object") == 0)
        return make_object(maker, flat);
    if (strcmp(type, "array") == 0)
        return make_array(maker, flat);
    if (strcmp(type, "integer") == 0 || strcmp(type, "number") == 0)
        return make_number(maker, flat, type[0] == 'i');
    if (strcmp(type, "boolean") == 0)
        return jo_bool(maker->serial % 2 == 0);
    return strcmp(type, "null") == 0 ? NULL : make_string(maker, flat);
}

static struct json_object *make(struct maker *maker, struct json_object *schema)
{
    if (maker->work-- <= 0 || maker->depth >= DEPTH_END)
        return NULL;
    struct json_object *flat = flatten(maker, schema), *words = jo_get(flat, "enum"), *made;
    maker->depth++;
    if (jo_has(flat, "const"))
        made = jo_copy(jo_get(flat, "const"));
    else if (jo_length(words) > 0)
        made = jo_copy(jo_item(words, (size_t)maker->serial % jo_length(words)));
    else
        made = make_typed(maker, flat);
    maker->depth--;
    json_object_put(flat);
    return made;
}

struct json_object *instance_of(struct json_object *schema)
{
    struct maker maker = {schema, 0, WORK, 0};
    return make(&maker, schema);
}
