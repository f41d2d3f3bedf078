/* edit_change.h: one edit at one place, inside view of edit.c. */
#ifndef EDIT_CHANGE_H
#define EDIT_CHANGE_H

#include "endpoint/edit.h"

/* Changes the member of that name, or item `index`, which is there. `value` is what the edit brings, borrowed, or NULL. Returns how many
 * places were changed: 0 or 1. */
size_t edit_member(const struct edit *edit, struct json_object *value, struct json_object *object, const char *key);
size_t edit_item(const struct edit *edit, struct json_object *value, struct json_object *array, size_t index);

#endif
