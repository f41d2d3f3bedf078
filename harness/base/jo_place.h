/* jo_place.h: changing one place of a document that is one's own, in place. (pointer.h changes documents that others share.) */
#ifndef JO_PLACE_H
#define JO_PLACE_H

#include "harness/base/jo.h"
#include "harness/base/pointer.h"

/* Follows a JSON pointer; borrowed. False when it leads nowhere. `parent` and `last` (its last step, unescaped; POINTER_STEP_MAX bytes) tell
 * where it ended. */
bool jo_find(struct json_object *root, const char *pointer, struct json_object **value, struct json_object **parent, char *last);
/* Puts a value in the place that jo_find told; takes it over. False when there is no such place. */
bool jo_set(struct json_object *parent, const char *last, struct json_object *value);
bool jo_remove(struct json_object *parent, const char *last);
/* Lets the value that a pointer leads to be replaced: the containers on the way to it, from `root` (which nobody shares) down, are no
 * longer shared. */
void jo_unshare(struct json_object *root, const char *pointer);

#endif
