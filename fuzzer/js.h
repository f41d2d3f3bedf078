/* js.h: json-c objects in few words. Memory that runs out is noted once for the thread and asked for at the end (js_lost): what was built
 * until then is thrown away whole. Everything takes NULL for the JSON null, and looks at a value only after its type. */
#ifndef JS_H
#define JS_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A JSON text that is part of the program. */
#define JS(...) #__VA_ARGS__

/* New values. */
struct json_object *js_object(void);
struct json_object *js_array(void);
struct json_object *js_text(const char *text);
struct json_object *js_bytes(const char *text, size_t length);
struct json_object *js_int(int64_t number);
/* A number that is written as `digits` say. */
struct json_object *js_number(const char *digits);
struct json_object *js_bool(bool truth);
struct json_object *js_copy(struct json_object *value);
/* The same value once more, instead of a copy: neither may be changed, but see js_unshare. */
struct json_object *js_share(struct json_object *value);
/* A container of its own with the same values in it, shared; anything else is shared itself. */
struct json_object *js_shallow(struct json_object *value);
/* The value of a JSON text; NULL also when it is none. */
struct json_object *js_read(const char *json);
struct json_object *js_read_bytes(const char *json, size_t length);

/* Both take `value` over, also when they fail. */
void js_put(struct json_object *object, const char *key, struct json_object *value);
void js_push(struct json_object *array, struct json_object *value);
/* The same for a member that is not there yet and whose key is a constant: quicker. */
void js_add(struct json_object *object, const char *key, struct json_object *value);

/* Borrowed; NULL when there is no such thing. */
struct json_object *js_get(struct json_object *value, const char *key);
struct json_object *js_item(struct json_object *value, size_t index);
bool js_has(struct json_object *value, const char *key);
size_t js_length(struct json_object *value);  /* items of an array, else 0 */
size_t js_members(struct json_object *value); /* members of an object, else 0 */
bool js_is_object(struct json_object *value);
bool js_is_array(struct json_object *value);
bool js_is_text(struct json_object *value);
const char *js_string(struct json_object *value); /* "" for anything else */
bool js_is(struct json_object *value, const char *word);
bool js_true(struct json_object *value);
/* The plain serialisation; lives as long as the value is not changed. */
const char *js_write(struct json_object *value, size_t *length);

/* Follows a JSON pointer; borrowed. False when it leads nowhere. `parent` and `last` (its last step, unescaped; may be NULL) tell where it
 * ended. */
enum { JS_STEP_MAX = 512 };
bool js_find(struct json_object *root, const char *pointer, struct json_object **value, struct json_object **parent,
             char last[JS_STEP_MAX]);
/* Puts a value in the place that js_find told; takes it over. False when there is no such place. */
bool js_set(struct json_object *parent, const char *last, struct json_object *value);
bool js_remove(struct json_object *parent, const char *last);
/* Lets the value that a pointer leads to be replaced: the containers on the way to it, from `root` (which nobody shares) down, are no
 * longer shared. */
void js_unshare(struct json_object *root, const char *pointer);

/* Whether memory ran out in this thread since the last time this was asked; and notes that it did. */
bool js_lost(void);
void js_lose(void);

#endif
