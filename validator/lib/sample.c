/* sample.c: see sample.h. A site's place is reached from the root: each object on the way gets its shape's sample, each list the one item
 * that leads on (with what must stand before it), and the root gets what the rows on the way name as beside. */
#include "validator/lib/sample.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct json_object *sample_parse(struct maker *maker, const char *text)
{
    struct json_object *object = NULL;
    char why[200];
    if (cc_read_object(text, strlen(text), NULL, &object, why, sizeof why)) return object;
    fprintf(stderr, "chatconform: a sample in a table is not JSON (%s): %s\n", why, text);
    maker->failed = true;
    return NULL;
}

void sample_lay(struct maker *maker, struct json_object *object, const char *members)
{
    struct json_object *over = sample_parse(maker, members);
    if (!over || !object) return;
    json_object_object_foreach(over, key, value)
        json_object_object_add(object, key, json_object_get(value));
    json_object_put(over);
}

static const struct plan *any_plan(const struct pick_plan *pick)
{
    for (size_t i = 0; pick->pick->tag->words[i].text; i++)
        if (pick->plans[i]) return pick->plans[i];
    return NULL;
}

static struct json_object *shape_sample(struct maker *maker, const struct shape *shape)
{
    return sample_parse(maker, shape->sample ? shape->sample : "{}");
}

static struct json_object *string_sample(const struct field *f, unsigned profile)
{
    for (const struct word *w = f->words; w && w->text; w++)
        if (!w->level && (!w->profiles || (w->profiles & profile))) return json_object_new_string(w->text);
    for (size_t i = 0; f->forms && f->forms[i]; i++)
        if (f->forms[i]->good) return json_object_new_string(f->forms[i]->good);
    char text[64] = "a";
    for (size_t i = 1; f->chars && i < (size_t)f->chars->low && i + 1 < sizeof text; i++) text[i] = 'a', text[i + 1] = '\0';
    return json_object_new_string(text);
}

static double number_sample(const struct field *f)
{
    const struct range *r = f->between;
    if (!r || (r->low <= 1 && r->high >= 1)) return 1;
    return r->low > -NONE ? r->low : r->high;
}

static struct json_object *array_sample(struct maker *maker, const struct site *site)
{
    struct json_object *array = json_object_new_array();
    size_t items = site->field->items && site->field->items->low > 1 ? (size_t)site->field->items->low : 1;
    for (size_t i = 0; i < items && site->each; i++) json_object_array_add(array, sample_item(maker, site->each, i));
    return array;
}

static struct json_object *object_sample(struct maker *maker, const struct site *site)
{
    if (site->field->shape) return shape_sample(maker, site->field->shape);
    const struct plan *plan = site->pick ? any_plan(site->pick) : NULL;
    return plan ? shape_sample(maker, plan->shape) : json_object_new_object();
}

struct json_object *sample_value(struct maker *maker, const struct site *site)
{
    const struct field *f = site->field;
    unsigned types = f->is ? f->is : ANY;
    if (f->sample) return sample_parse(maker, f->sample);
    if (types & STR) return string_sample(f, maker->profile);
    if (types & INT) return json_object_new_int64((int64_t)number_sample(f));
    if (types & REAL) return json_object_new_double(number_sample(f));
    if (types & BOOL) return json_object_new_boolean(1);
    if (types & ARR) return array_sample(maker, site);
    if (types & OBJ) return object_sample(maker, site);
    return NULL;
}

/* What tells items of a list apart: a string itself, the name or id of an object. */
static struct json_object *vary(struct json_object *value, size_t index)
{
    char text[512];
    if (index == 0 || !value) return value;
    if (json_object_is_type(value, json_type_string)) {
        snprintf(text, sizeof text, "%s%zu", json_object_get_string(value), index);
        json_object_set_string(value, text);
        return value;
    }
    if (!json_object_is_type(value, json_type_object)) return value;
    json_object_object_foreach(value, key, member)
    {
        bool named = strcmp(key, "name") == 0 || strcmp(key, "id") == 0;
        if (named || json_object_is_type(member, json_type_object)) vary(member, index);
    }
    return value;
}

struct json_object *sample_item(struct maker *maker, const struct site *site, size_t index)
{
    struct json_object *value = sample_value(maker, site);
    return site->field->words ? value : vary(value, index);
}

static void add_to_pointer(struct maker *maker, const char *key, size_t index)
{
    size_t used = strlen(maker->pointer);
    if (key) snprintf(maker->pointer + used, sizeof maker->pointer - used, "/%s", key);
    else snprintf(maker->pointer + used, sizeof maker->pointer - used, "/%zu", index);
}

static void add_items(struct maker *maker, struct json_object *array, const char *items)
{
    struct json_object *more = items ? sample_parse(maker, items) : NULL;
    for (size_t i = 0; more && i < json_object_array_length(more); i++)
        json_object_array_add(array, json_object_get(json_object_array_get_idx(more, i)));
    json_object_put(more);
}

/* A list that holds the value where it belongs. */
static void place_item(struct maker *maker, const struct site *owner, struct json_object *value, const struct variant *variant)
{
    struct json_object *array = json_object_new_array();
    if (variant) add_items(maker, array, variant->before);
    size_t index = json_object_array_length(array);
    json_object_array_add(array, value);
    if (variant) add_items(maker, array, variant->after);
    for (size_t i = 1; owner->field->items && i < (size_t)owner->field->items->low; i++)
        json_object_array_add(array, sample_item(maker, owner->each, i));
    sample_place(maker, owner, array);
    add_to_pointer(maker, NULL, index);
}

static void place_map_value(struct maker *maker, const struct site *owner, struct json_object *value)
{
    const char *key = owner->field->keys && owner->field->keys[0]->good ? owner->field->keys[0]->good : "key";
    struct json_object *map = json_object_new_object();
    json_object_object_add(map, key, value);
    sample_place(maker, owner, map);
    add_to_pointer(maker, key, 0);
}

static void place_as(struct maker *maker, const struct site *site, struct json_object *value, const struct variant *variant)
{
    const struct field *f = site->field;
    if (f->beside) sample_lay(maker, maker->root, f->beside);
    if (site->owner && site->owner->each == site) {
        place_item(maker, site->owner, value, variant);
    } else if (site->owner) {
        place_map_value(maker, site->owner, value);
    } else {
        const struct plan *plan = site->tag_of ? any_plan(site->tag_of) : site->host;
        struct json_object *object = sample_object(maker, plan);
        if (object) json_object_object_add(object, f->key, value);
        add_to_pointer(maker, f->key, 0);
    }
}

void sample_place(struct maker *maker, const struct site *site, struct json_object *value) { place_as(maker, site, value, NULL); }

struct json_object *sample_object(struct maker *maker, const struct plan *plan)
{
    if (!plan || !plan->holder) {
        maker->pointer[0] = '\0';
        return maker->root;
    }
    struct json_object *object = shape_sample(maker, plan->shape);
    place_as(maker, plan->holder, object, plan->variant);
    return object;
}

void sample_start(struct maker *maker, enum cc_kind kind)
{
    json_object_put(maker->root);
    const struct plan *plan = plan_of(kind);
    maker->root = plan ? shape_sample(maker, plan->shape) : json_object_new_object();
    maker->pointer[0] = '\0';
}
