/* pointer.c: JSON pointers. Changes copy the containers on the way and share the rest, so that a thousand cases made from one default
 * cost no more than what tells them apart. */
#include "harness/base/pointer.h"

#include <string.h>

bool pointer_step(const char **pointer, char *step)
{
    size_t used = 0;
    const char *at = *pointer;
    if (*at++ != '/')
        return false;
    for (; *at && *at != '/'; at++) {
        char c = *at;
        if (c == '~' && (at[1] == '0' || at[1] == '1'))
            c = *++at == '1' ? '/' : '~';
        if (used + 1 >= POINTER_STEP_MAX)
            return false;
        step[used++] = c;
    }
    step[used] = '\0';
    *pointer = at;
    return true;
}

bool pointer_index(const char *step, size_t *index)
{
    if (!*step || (step[0] == '0' && step[1]) || strlen(step) > 9)
        return false;
    for (*index = 0; *step; step++) {
        if (*step < '0' || *step > '9')
            return false;
        *index = *index * 10 + (size_t)(*step - '0');
    }
    return true;
}

bool pointer_child(struct json_object *from, const char *step, struct json_object **value)
{
    size_t index;
    if (json_object_is_type(from, json_type_object))
        return json_object_object_get_ex(from, step, value);
    if (!json_object_is_type(from, json_type_array) || !pointer_index(step, &index) || index >= json_object_array_length(from))
        return false;
    *value = json_object_array_get_idx(from, index);
    return true;
}

bool pointer_get(struct json_object *from, const char *pointer, struct json_object **value)
{
    char step[POINTER_STEP_MAX];
    while (*pointer) {
        if (!pointer_step(&pointer, step) || !pointer_child(from, step, &from))
            return false;
    }
    *value = from;
    return true;
}

/* A change under way. */
struct change {
    const char *step;
    bool remove;
    struct json_object *value; /* borrowed */
    bool done;
};

static bool add_item(struct json_object *array, struct json_object *value)
{
    if (json_object_array_add(array, json_object_get(value)) == 0)
        return true;
    json_object_put(value);
    return false;
}

static bool add_member(struct json_object *object, const char *key, struct json_object *value)
{
    if (json_object_object_add(object, key, json_object_get(value)) == 0)
        return true;
    json_object_put(value);
    return false;
}

/* Copies an array's items, the changed one as it becomes. NULL when memory runs out. */
static struct json_object *copy_array(struct json_object *from, struct change *change)
{
    struct json_object *to = json_object_new_array();
    size_t length = json_object_array_length(from), index = length;
    bool named = strcmp(change->step, "-") == 0 || pointer_index(change->step, &index), ok = to != NULL;
    change->done = named && index < length + !change->remove;
    for (size_t i = 0; ok && i < length; i++) {
        if (i != index)
            ok = add_item(to, json_object_array_get_idx(from, i));
        else if (!change->remove)
            ok = add_item(to, change->value);
    }
    if (ok && change->done && index == length)
        ok = add_item(to, change->value);
    if (ok)
        return to;
    json_object_put(to);
    return NULL;
}

static struct json_object *copy_object(struct json_object *from, struct change *change)
{
    struct json_object *to = json_object_new_object();
    bool ok = to != NULL;
    change->done = !change->remove;
    json_object_object_foreach(from, key, value) {
        bool it = strcmp(key, change->step) == 0;
        change->done = change->done || it;
        if (ok && !(it && change->remove))
            ok = add_member(to, key, it ? change->value : value);
    }
    if (ok && !change->remove)
        ok = add_member(to, change->step, change->value);
    if (ok)
        return to;
    json_object_put(to);
    return NULL;
}

static bool make(struct json_object *from, const char *pointer, bool remove, struct json_object *value, struct json_object **to,
                 const char **why)
{
    char step[POINTER_STEP_MAX];
    struct json_object *below = NULL, *inner = NULL;
    bool is_object = json_object_is_type(from, json_type_object);
    *why = "there is no such member or item";
    if (!pointer_step(&pointer, step) || !(is_object || json_object_is_type(from, json_type_array)))
        return false;
    bool last = !*pointer;
    if (!last && (!pointer_child(from, step, &below) || !make(below, pointer, remove, value, &inner, why)))
        return false;
    struct change change = {.step = step, .remove = last && remove, .value = last ? value : inner};
    *to = is_object ? copy_object(from, &change) : copy_array(from, &change);
    json_object_put(inner);
    if (*to && change.done)
        return true;
    *why = *to ? "there is no such member or item" : "memory ran out";
    json_object_put(*to);
    *to = NULL;
    return false;
}

bool pointer_set(struct json_object *from, const char *pointer, struct json_object *value, struct json_object **to, const char **why)
{
    return make(from, pointer, false, value, to, why);
}

bool pointer_remove(struct json_object *from, const char *pointer, struct json_object **to, const char **why)
{
    return make(from, pointer, true, NULL, to, why);
}
