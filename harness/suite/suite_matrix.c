/* suite_matrix.c: a matrix multiplies cases: each of its keys is a member of the request or a ${variable}, and each value gives the ids of
 * its cases a part of their own. */
#include "harness/suite/suite_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LABEL_MAX = 64 };

static struct json_object *value_at(const struct matrix_key *key, size_t index, const char **name)
{
    *name = NULL;
    if (json_object_is_type(key->values, json_type_array))
        return json_object_array_get_idx(key->values, index);
    json_object_object_foreach(key->values, label, value) {
        if (index-- > 0)
            continue;
        *name = label;
        return value;
    }
    return NULL;
}

struct json_object *matrix_value(const struct matrix_key *key)
{
    const char *name;
    return value_at(key, key->at, &name);
}

static void label_at(const struct matrix_key *key, size_t index, char *out, size_t size)
{
    const char *name;
    struct json_object *value = value_at(key, index, &name);
    if (!name)
        name = json_object_is_type(value, json_type_string) ? json_object_get_string(value) : json_object_to_json_string(value);
    snprintf(out, size, "%s", name ? name : "?");
}

void matrix_label(const struct matrix_key *key, char *out, size_t size)
{
    label_at(key, key->at, out, size);
}

static bool is_label(const char *text)
{
    size_t length = strlen(text);
    return length > 0 && length <= LABEL_MAX &&
           strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._+-") == length;
}

/* Each value needs a text for ids, and no two the same. */
static bool check_labels(struct build *b, const struct matrix_key *key)
{
    char label[LABEL_MAX + 2], other[LABEL_MAX + 2], place[256];
    for (size_t i = 0; i < key->count; i++) {
        label_at(key, i, label, sizeof label);
        snprintf(place, sizeof place, "%s/%zu", key->pointer, i);
        if (json_object_is_type(key->values, json_type_object))
            snprintf(place, sizeof place, "%s/%s", key->pointer, label);
        if (!is_label(label))
            return complain(b, place, false, "this value cannot stand in an id; give it a name, as in {some-name: value}");
        for (size_t k = 0; k < i; k++) {
            label_at(key, k, other, sizeof other);
            if (strcmp(label, other) == 0)
                return complain(b, place, false, "the matrix has the value %s twice", label);
        }
    }
    return true;
}

static bool add_key(struct build *b, struct matrix *matrix, const char *name, struct json_object *values, const char *pointer)
{
    struct matrix_key *key = &matrix->keys[matrix->count];
    bool is_list = json_object_is_type(values, json_type_array);
    *key = (struct matrix_key){.name = name, .is_variable = *name == '$', .values = values};
    key->count = is_list ? json_object_array_length(values) : (size_t)json_object_object_length(values);
    snprintf(key->pointer, sizeof key->pointer, "%s/%s", pointer, name);
    if (key->count == 0)
        return complain(b, key->pointer, false, "the matrix has no values for %s", name);
    for (size_t i = 0; i < matrix->count; i++)
        if (strcmp(matrix->keys[i].name, name) == 0)
            return complain(b, key->pointer, true, "the suite's matrix has %s too", name);
    if (strcmp(name, "${model}") == 0 || strcmp(name, "${base_url}") == 0)
        return complain(b, key->pointer, true, "%s stands for the target's own", name);
    matrix->count++;
    return check_labels(b, key);
}

bool matrix_add(struct build *b, struct matrix *matrix, struct json_object *map, const char *pointer)
{
    bool ok = true;
    if (!map)
        return true;
    json_object_object_foreach(map, name, values) {
        if (ok && matrix->count == MATRIX_KEYS_MAX)
            ok = complain(b, pointer, false, "the matrices have more than %d keys", MATRIX_KEYS_MAX);
        ok = ok && add_key(b, matrix, name, values, pointer);
    }
    return ok;
}

size_t matrix_size(const struct matrix *matrix)
{
    size_t size = 1;
    for (size_t i = 0; i < matrix->count; i++) {
        size *= matrix->keys[i].count;
        if (size > SUITE_CASES_MAX)
            return SUITE_CASES_MAX + 1;
    }
    return size;
}

/* The last key runs fastest. */
bool matrix_next(struct matrix *matrix)
{
    for (size_t i = matrix->count; i-- > 0;) {
        if (++matrix->keys[i].at < matrix->keys[i].count)
            return true;
        matrix->keys[i].at = 0;
    }
    return false;
}

/* ${variable} is `variable` in ids. */
static void put_key(const struct matrix_key *key, char *out, size_t size)
{
    char label[LABEL_MAX + 2];
    matrix_label(key, label, sizeof label);
    size_t length = strlen(key->name);
    if (key->is_variable)
        snprintf(out, size, "/%.*s:%s", (int)length - 3, key->name + 2, label);
    else
        snprintf(out, size, "/%s:%s", key->name, label);
}

char *matrix_suffix(const struct matrix *matrix, const char *before)
{
    size_t room = strlen(before) + 1, used = strlen(before);
    for (size_t i = 0; i < matrix->count; i++)
        room += strlen(matrix->keys[i].name) + LABEL_MAX + 4;
    char *text = malloc(room);
    if (!text)
        return NULL;
    snprintf(text, room, "%s", before);
    for (size_t i = 0; i < matrix->count; i++) {
        put_key(&matrix->keys[i], text + used, room - used);
        used += strlen(text + used);
    }
    return text;
}
