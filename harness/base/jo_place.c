/* jo_place.c: see jo_place.h. */
#include "harness/base/jo_place.h"

bool jo_find(struct json_object *root, const char *pointer, struct json_object **value, struct json_object **parent, char *last)
{
    struct json_object *at = root, *above = NULL;
    *last = '\0';
    while (*pointer == '/') {
        struct json_object *next = NULL;
        if (!pointer_step(&pointer, last)) return false;
        bool there = pointer_child(at, last, &next);
        if (there || !*pointer) *parent = at;
        if (!there) return false;
        above = at;
        at = next;
    }
    *parent = above;
    if (value) *value = at;
    return true;
}

bool jo_set(struct json_object *parent, const char *last, struct json_object *value)
{
    size_t index;
    if (jo_is_object(parent)) {
        jo_put(parent, last, value);
        return true;
    }
    if (pointer_index(last, &index) && index < jo_length(parent) && json_object_array_put_idx(parent, index, value) == 0) return true;
    json_object_put(value);
    return false;
}

bool jo_remove(struct json_object *parent, const char *last)
{
    size_t index;
    if (jo_is_object(parent)) json_object_object_del(parent, last);
    else if (!pointer_index(last, &index) || index >= jo_length(parent) || json_object_array_del_idx(parent, index, 1) != 0) return false;
    return true;
}

void jo_unshare(struct json_object *root, const char *pointer)
{
    char step[POINTER_STEP_MAX];
    struct json_object *at = root, *below = NULL;
    while (pointer_step(&pointer, step) && *pointer && pointer_child(at, step, &below)) {
        struct json_object *own = jo_shallow(below);
        if (!jo_set(at, step, own)) return;
        at = own;
    }
}
