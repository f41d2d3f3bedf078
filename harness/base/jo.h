/* jo.h: json-c objects in few words, so that code that builds a document reads like the document.
 *
 * Memory that runs out is noted once for the thread and asked for at the end (jo_lost), not after each member: what was built until then
 * is thrown away whole. Everything here takes NULL for the JSON null, and looks at a value only after having looked at its type. */
#ifndef JO_H
#define JO_H

#include <json-c/json.h>
#include <json-c/printbuf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A JSON text that is part of the program, written as it is; also one half of one, so that two halves can be joined. */
#define JSON(...) #__VA_ARGS__

/* New values. The caller puts them or gives them away with jo_put, jo_add and jo_push. */
struct json_object *jo_object(void);
struct json_object *jo_array(void);
struct json_object *jo_string(const char *text);
struct json_object *jo_bytes(const char *text, size_t length);
struct json_object *jo_integer(int64_t number);
/* A number that is written as `digits` say. */
struct json_object *jo_number(double number, const char *digits);
struct json_object *jo_digits(const char *digits);
struct json_object *jo_bool(bool truth);
struct json_object *jo_copy(struct json_object *value);
/* The same value once more, instead of a copy: neither may be changed, but see jo_unshare in jo_place.h. */
struct json_object *jo_share(struct json_object *value);
/* A container of its own with the same values in it, shared; anything else is shared itself. */
struct json_object *jo_shallow(struct json_object *value);
/* The value of a JSON text that is part of the program. */
struct json_object *jo_read(const char *json);
/* The value of any JSON text; NULL also when it is none. */
struct json_object *jo_read_bytes(const char *json, size_t length);

/* These take `value` over, also when they fail. */
void jo_put(struct json_object *object, const char *key, struct json_object *value);
void jo_push(struct json_object *array, struct json_object *value);
/* Like jo_put for a member that is not there yet and whose key is a constant: quicker. */
void jo_add(struct json_object *object, const char *key, struct json_object *value);

/* Borrowed; NULL when there is no such member or item, or it is null, or `value` is of another type. */
struct json_object *jo_get(struct json_object *value, const char *key);
struct json_object *jo_item(struct json_object *value, size_t index);
/* Follows keys, ended by NULL. */
struct json_object *jo_path(struct json_object *value, ...);
bool jo_has(struct json_object *value, const char *key);
/* The text of a member that is a string; NULL for anything else. */
const char *jo_text_at(struct json_object *value, const char *key);
size_t jo_length(struct json_object *value);  /* items of an array; 0 for anything else */
size_t jo_members(struct json_object *value); /* members of an object; 0 for anything else */

bool jo_is_object(struct json_object *value);
bool jo_is_array(struct json_object *value);
bool jo_is_text(struct json_object *value);
/* The text of a string; "" for anything else. It may hold NULs. */
const char *jo_text(struct json_object *value);
size_t jo_text_length(struct json_object *value);
bool jo_is(struct json_object *value, const char *word);
bool jo_true(struct json_object *value);
/* A number without its fraction, cut to the range of int64_t; `otherwise` for anything else. */
int64_t jo_int(struct json_object *value, int64_t otherwise);

/* Text under construction. */
struct printbuf *jo_buffer(void);
void jo_append(struct printbuf *buffer, const char *text, size_t length);
void jo_append_text(struct printbuf *buffer, const char *text);
/* The buffer as a string value; the buffer is freed. */
struct json_object *jo_buffer_string(struct printbuf *buffer);
/* The plain serialisation; lives as long as the value is not changed. "" when memory runs out. `length` may be NULL. */
const char *jo_write(struct json_object *value, size_t *length);

/* Whether memory ran out in this thread since the last time this was asked; and notes that it did. */
bool jo_lost(void);
void jo_lose(void);

#endif
