/* pointer.h: JSON pointers (RFC 6901) into json-c objects. */
#ifndef POINTER_H
#define POINTER_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stddef.h>

enum { POINTER_STEP_MAX = 1024 }; /* bytes of one step, unescaped, with its NUL; nothing longer is found */

/* Takes the first step of a pointer, unescaped, into `step` (POINTER_STEP_MAX bytes). False at its end, or when it is none or too long. */
bool pointer_step(const char **pointer, char *step);
/* The member or item that a step leads to; it is borrowed, and NULL for null. False when there is none. */
bool pointer_child(struct json_object *from, const char *step, struct json_object **value);
/* The index that a step names; false when it names none. */
bool pointer_index(const char *step, size_t *index);
/* Finds a value; it is borrowed, and NULL for null. False when there is none. */
bool pointer_get(struct json_object *from, const char *pointer, struct json_object **value);

/* The same document with a member or item set (`value` is borrowed; NULL is null), or with it removed. The result shares whatever it can
 * with `from`, which stays as it is; the caller puts it. False, with constant words of why, when there is no such place. */
bool pointer_set(struct json_object *from, const char *pointer, struct json_object *value, struct json_object **to, const char **why);
bool pointer_remove(struct json_object *from, const char *pointer, struct json_object **to, const char **why);

#endif
