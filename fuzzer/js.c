/* js.c: see js.h. */
#include "fuzzer/js.h"

#include "chatconform.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum { WRITE_FLAGS = JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE };

static _Thread_local bool lost;

bool js_lost(void)
{
    bool was = lost;
    lost = false;
    return was;
}

void js_lose(void) { lost = true; }

static struct json_object *made(struct json_object *value)
{
    lost = lost || !value;
    return value;
}

/* --- making */

struct json_object *js_object(void) { return made(json_object_new_object()); }
struct json_object *js_array(void) { return made(json_object_new_array()); }
struct json_object *js_bytes(const char *text, size_t length)
{
    return made(length > INT_MAX ? NULL : json_object_new_string_len(text, (int)length));
}
struct json_object *js_text(const char *text) { return js_bytes(text, strlen(text)); }
struct json_object *js_int(int64_t number) { return made(json_object_new_int64(number)); }
struct json_object *js_number(const char *digits) { return made(json_object_new_double_s(strtod(digits, NULL), digits)); }
struct json_object *js_bool(bool truth) { return made(json_object_new_boolean(truth)); }

struct json_object *js_copy(struct json_object *value)
{
    struct json_object *copy = NULL;
    if (value && json_object_deep_copy(value, &copy, NULL) != 0) lost = true;
    return copy;
}

struct json_object *js_share(struct json_object *value) { return json_object_get(value); }

struct json_object *js_shallow(struct json_object *value)
{
    if (!js_is_object(value) && !js_is_array(value)) return js_share(value);
    struct json_object *copy = js_is_object(value) ? js_object() : js_array();
    for (size_t i = 0; i < js_length(value); i++) js_push(copy, js_share(js_item(value, i)));
    if (!js_is_object(value)) return copy;
    json_object_object_foreach(value, key, member)
    {
        if (json_object_object_add_ex(copy, key, js_share(member), JSON_C_OBJECT_ADD_KEY_IS_NEW) == 0) continue;
        json_object_put(member);
        lost = true;
    }
    return copy;
}

struct json_object *js_read_bytes(const char *json, size_t length)
{
    struct json_object *value = NULL;
    return cc_read_object(json, length, NULL, &value, NULL, 0) ? value : NULL;
}

struct json_object *js_read(const char *json) { return js_read_bytes(json, strlen(json)); }

void js_put(struct json_object *object, const char *key, struct json_object *value)
{
    if (js_is_object(object) && json_object_object_add(object, key, value) == 0) return;
    lost = true;
    json_object_put(value);
}

void js_add(struct json_object *object, const char *key, struct json_object *value)
{
    unsigned flags = JSON_C_OBJECT_ADD_KEY_IS_NEW | JSON_C_OBJECT_ADD_CONSTANT_KEY;
    if (js_is_object(object) && json_object_object_add_ex(object, key, value, flags) == 0) return;
    lost = true;
    json_object_put(value);
}

void js_push(struct json_object *array, struct json_object *value)
{
    if (js_is_array(array) && json_object_array_add(array, value) == 0) return;
    lost = true;
    json_object_put(value);
}

/* --- looking */

struct json_object *js_get(struct json_object *value, const char *key)
{
    struct json_object *member = NULL;
    if (js_is_object(value)) json_object_object_get_ex(value, key, &member);
    return member;
}

struct json_object *js_item(struct json_object *value, size_t index)
{
    return index < js_length(value) ? json_object_array_get_idx(value, index) : NULL;
}
bool js_has(struct json_object *value, const char *key) { return js_is_object(value) && json_object_object_get_ex(value, key, NULL); }
size_t js_length(struct json_object *value) { return js_is_array(value) ? json_object_array_length(value) : 0; }
size_t js_members(struct json_object *value) { return js_is_object(value) ? (size_t)json_object_object_length(value) : 0; }
bool js_is_object(struct json_object *value) { return json_object_is_type(value, json_type_object) != 0; }
bool js_is_array(struct json_object *value) { return json_object_is_type(value, json_type_array) != 0; }
bool js_is_text(struct json_object *value) { return json_object_is_type(value, json_type_string) != 0; }
const char *js_string(struct json_object *value) { return js_is_text(value) ? json_object_get_string(value) : ""; }
bool js_is(struct json_object *value, const char *word) { return js_is_text(value) && strcmp(json_object_get_string(value), word) == 0; }
bool js_true(struct json_object *value) { return json_object_is_type(value, json_type_boolean) && json_object_get_boolean(value); }

const char *js_write(struct json_object *value, size_t *length)
{
    size_t own;
    const char *text = value ? json_object_to_json_string_length(value, WRITE_FLAGS, length ? length : &own) : "null";
    if (!value && length) *length = 4;
    if (!text) lost = true;
    return text;
}

/* --- pointers */

/* The next step of a pointer, unescaped; what is left of it. NULL when it is too long. */
static const char *next_step(const char *pointer, char step[JS_STEP_MAX])
{
    size_t used = 0;
    for (pointer++; *pointer && *pointer != '/'; pointer++) {
        bool escape = *pointer == '~' && (pointer[1] == '0' || pointer[1] == '1');
        if (used + 1 == JS_STEP_MAX) return NULL;
        step[used++] = escape ? (*++pointer == '1' ? '/' : '~') : *pointer;
    }
    step[used] = '\0';
    return pointer;
}

static bool index_of(const char *step, size_t length, size_t *index)
{
    char *end;
    if (!*step || step[strspn(step, "0123456789")] || strlen(step) > 9) return false;
    *index = strtoul(step, &end, 10);
    return *index < length;
}

static bool descend(struct json_object *from, const char *step, struct json_object **to)
{
    size_t index;
    if (js_is_object(from)) return json_object_object_get_ex(from, step, to);
    if (!index_of(step, js_length(from), &index)) return false;
    *to = json_object_array_get_idx(from, index);
    return true;
}

bool js_find(struct json_object *root, const char *pointer, struct json_object **value, struct json_object **parent, char last[JS_STEP_MAX])
{
    char own[JS_STEP_MAX], *step = last ? last : own;
    struct json_object *at = root, *above = NULL;
    *step = '\0';
    while (pointer && *pointer == '/') {
        struct json_object *next = NULL;
        pointer = next_step(pointer, step);
        if (!pointer) return false;
        bool there = descend(at, step, &next);
        if (parent && (there || !*pointer)) *parent = at;
        if (!there) return false;
        above = at;
        at = next;
    }
    if (parent) *parent = above;
    if (value) *value = at;
    return true;
}

bool js_set(struct json_object *parent, const char *last, struct json_object *value)
{
    size_t index;
    if (js_is_object(parent)) {
        js_put(parent, last, value);
        return true;
    }
    if (index_of(last, js_length(parent), &index) && json_object_array_put_idx(parent, index, value) == 0) return true;
    json_object_put(value);
    return false;
}

bool js_remove(struct json_object *parent, const char *last)
{
    size_t index;
    if (js_is_object(parent)) json_object_object_del(parent, last);
    else if (!index_of(last, js_length(parent), &index) || json_object_array_del_idx(parent, index, 1) != 0) return false;
    return true;
}

void js_unshare(struct json_object *root, const char *pointer)
{
    char step[JS_STEP_MAX];
    struct json_object *at = root, *below = NULL;
    while (pointer && *pointer == '/') {
        pointer = next_step(pointer, step);
        if (!pointer || !*pointer || !descend(at, step, &below)) return;
        struct json_object *own = js_shallow(below);
        if (!js_set(at, step, own)) return;
        at = own;
    }
}
