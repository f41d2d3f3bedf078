/* coverage.c: see coverage.h. */
#include "fuzzer/coverage.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { DEPTH_MAX = 16, ROWS_STEP = 64 };

/* --- listing */

static bool is_listed(const struct coverage *c, const struct cc_place *place)
{
    for (size_t i = 0; i < c->count; i++)
        if (c->rows[i].place == place) return true;
    return false;
}

static void add_row(struct coverage *c, const struct cc_place *place, const char *tag)
{
    if (c->count % ROWS_STEP == 0) {
        struct coverage_row *rows = realloc(c->rows, (c->count + ROWS_STEP) * sizeof *rows);
        if (!rows) c->failed = true;
        if (rows) c->rows = rows;
    }
    if (!c->failed) c->rows[c->count++] = (struct coverage_row){place, tag, 0};
}

static void list_inside(struct coverage *c, const struct cc_place *place, const char *tag, int depth)
{
    if (!place || place->open || depth > DEPTH_MAX) return; /* what may have any members is a JSON Schema, and no part of the API */
    for (size_t i = 0; i < place->member_count && !c->failed; i++) {
        const struct cc_place *member = &place->members[i];
        if (!(member->profiles & c->profile) || !member->types || is_listed(c, member)) continue;
        add_row(c, member, tag);
        list_inside(c, member, tag, depth + 1);
    }
    for (size_t i = 0; i < place->kind_count; i++)
        if (place->kinds[i].profiles & c->profile) list_inside(c, place->kinds[i].object, place->kinds[i].text, depth + 1);
    list_inside(c, place->each, tag, depth + 1);
    list_inside(c, place->values, tag, depth + 1);
}

static int by_place(const void *a, const void *b)
{
    uintptr_t x = (uintptr_t)((const struct coverage_row *)a)->place, y = (uintptr_t)((const struct coverage_row *)b)->place;
    return x < y ? -1 : x > y;
}

struct coverage coverage_new(unsigned profile)
{
    struct coverage c = {.profile = profile};
    list_inside(&c, cc_describe(CC_REQUEST), NULL, 0);
    if (!c.count) c.failed = true;
    else qsort(c.rows, c.count, sizeof *c.rows, by_place);
    return c;
}

void coverage_clear(struct coverage *c)
{
    free(c->rows);
    *c = (struct coverage){0};
}

/* --- counting */

static void note(struct coverage *c, const struct cc_place *place, struct json_object *value, int depth);

static void note_members(struct coverage *c, const struct cc_place *place, struct json_object *object, int depth)
{
    for (size_t i = 0; i < place->member_count; i++) {
        const struct cc_place *member = &place->members[i];
        if (!jo_has(object, member->key)) continue;
        struct coverage_row key = {.place = member}, *row = bsearch(&key, c->rows, c->count, sizeof *c->rows, by_place);
        if (row) row->seen++;
        note(c, member, jo_get(object, member->key), depth + 1);
    }
}

static void note_kind(struct coverage *c, const struct cc_place *place, struct json_object *object, int depth)
{
    struct json_object *tag = jo_get(object, place->tag);
    for (size_t i = 0; i < place->kind_count; i++)
        if (place->kinds[i].object && jo_is(tag, place->kinds[i].text)) note(c, place->kinds[i].object, object, depth + 1);
}

static void note(struct coverage *c, const struct cc_place *place, struct json_object *value, int depth)
{
    if (place->open || depth > DEPTH_MAX) return;
    if (jo_is_object(value) && place->kind_count) note_kind(c, place, value, depth);
    if (jo_is_object(value)) note_members(c, place, value, depth);
    for (size_t i = 0; place->each && i < jo_length(value); i++) note(c, place->each, jo_item(value, i), depth + 1);
    if (!place->values || !jo_is_object(value)) return;
    json_object_object_foreach(value, key, inner)
    {
        (void)key;
        note(c, place->values, inner, depth + 1);
    }
}

void coverage_note(struct coverage *c, struct json_object *payload)
{
    const struct cc_place *root = cc_describe(CC_REQUEST);
    if (root) note(c, root, payload, 0);
}

size_t coverage_missing(const struct coverage *c)
{
    size_t missing = 0;
    for (size_t i = 0; i < c->count; i++) missing += c->rows[i].seen == 0;
    return missing;
}
