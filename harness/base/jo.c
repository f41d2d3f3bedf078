/* jo.c: see jo.h. */
#include "harness/base/jo.h"

#include "chatconform.h"

#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static _Thread_local bool lost;

bool jo_lost(void)
{
    bool was = lost;
    lost = false;
    return was;
}

void jo_lose(void) { lost = true; }

static struct json_object *made(struct json_object *value)
{
    lost = lost || !value;
    return value;
}

struct json_object *jo_object(void)
{
    return made(json_object_new_object());
}

struct json_object *jo_array(void)
{
    return made(json_object_new_array());
}

struct json_object *jo_bytes(const char *text, size_t length)
{
    if (length > INT_MAX)
        return made(NULL);
    return made(json_object_new_string_len(text, (int)length));
}

struct json_object *jo_string(const char *text)
{
    return jo_bytes(text, strlen(text));
}

struct json_object *jo_integer(int64_t number)
{
    return made(json_object_new_int64(number));
}

struct json_object *jo_number(double number, const char *digits)
{
    return made(json_object_new_double_s(number, digits));
}

struct json_object *jo_digits(const char *digits)
{
    return jo_number(strtod(digits, NULL), digits);
}

struct json_object *jo_bool(bool truth)
{
    return made(json_object_new_boolean(truth));
}

struct json_object *jo_copy(struct json_object *value)
{
    struct json_object *copy = NULL;
    if (value && json_object_deep_copy(value, &copy, NULL) != 0)
        lost = true;
    return copy;
}

struct json_object *jo_share(struct json_object *value)
{
    return json_object_get(value);
}

static void add(struct json_object *object, const char *key, struct json_object *value, unsigned flags)
{
    if (jo_is_object(object) && json_object_object_add_ex(object, key, value, flags) == 0)
        return;
    lost = true;
    json_object_put(value);
}

struct json_object *jo_shallow(struct json_object *value)
{
    if (!jo_is_object(value) && !jo_is_array(value))
        return jo_share(value);
    struct json_object *copy = jo_is_object(value) ? jo_object() : jo_array();
    for (size_t i = 0; i < jo_length(value); i++)
        jo_push(copy, jo_share(jo_item(value, i)));
    if (!jo_is_object(value))
        return copy;
    json_object_object_foreach(value, key, member) {
        add(copy, key, jo_share(member), JSON_C_OBJECT_ADD_KEY_IS_NEW);
    }
    return copy;
}

struct json_object *jo_read(const char *json)
{
    struct json_object *value = NULL;
    if (!cc_read_object(json, strlen(json), NULL, &value, NULL, 0))
        lost = true;
    return value;
}

struct json_object *jo_read_bytes(const char *json, size_t length)
{
    struct json_object *value = NULL;
    return cc_read_object(json, length, NULL, &value, NULL, 0) ? value : NULL;
}

void jo_put(struct json_object *object, const char *key, struct json_object *value)
{
    add(object, key, value, 0);
}

void jo_add(struct json_object *object, const char *key, struct json_object *value)
{
    add(object, key, value, JSON_C_OBJECT_ADD_KEY_IS_NEW | JSON_C_OBJECT_ADD_CONSTANT_KEY);
}

void jo_push(struct json_object *array, struct json_object *value)
{
    if (jo_is_array(array) && json_object_array_add(array, value) == 0)
        return;
    lost = true;
    json_object_put(value);
}

struct json_object *jo_get(struct json_object *value, const char *key)
{
    struct json_object *member = NULL;
    if (!jo_is_object(value) || !json_object_object_get_ex(value, key, &member))
        return NULL;
    return member;
}

struct json_object *jo_item(struct json_object *value, size_t index)
{
    return index < jo_length(value) ? json_object_array_get_idx(value, index) : NULL;
}

struct json_object *jo_path(struct json_object *value, ...)
{
    va_list keys;
    va_start(keys, value);
    for (const char *key; value && (key = va_arg(keys, const char *)) != NULL;)
        value = jo_get(value, key);
    va_end(keys);
    return value;
}

bool jo_has(struct json_object *value, const char *key)
{
    return jo_is_object(value) && json_object_object_get_ex(value, key, NULL);
}

const char *jo_text_at(struct json_object *value, const char *key)
{
    struct json_object *member = jo_get(value, key);
    return jo_is_text(member) ? jo_text(member) : NULL;
}

size_t jo_length(struct json_object *value)
{
    return jo_is_array(value) ? json_object_array_length(value) : 0;
}

size_t jo_members(struct json_object *value)
{
    return jo_is_object(value) ? (size_t)json_object_object_length(value) : 0;
}

bool jo_is_object(struct json_object *value)
{
    return json_object_is_type(value, json_type_object) != 0;
}

bool jo_is_array(struct json_object *value)
{
    return json_object_is_type(value, json_type_array) != 0;
}

bool jo_is_text(struct json_object *value)
{
    return json_object_is_type(value, json_type_string) != 0;
}

const char *jo_text(struct json_object *value)
{
    return jo_is_text(value) ? json_object_get_string(value) : "";
}

size_t jo_text_length(struct json_object *value)
{
    return jo_is_text(value) ? (size_t)json_object_get_string_len(value) : 0;
}

bool jo_is(struct json_object *value, const char *word)
{
    size_t length = strlen(word);
    return jo_is_text(value) && jo_text_length(value) == length && memcmp(jo_text(value), word, length) == 0;
}

bool jo_true(struct json_object *value)
{
    return json_object_is_type(value, json_type_boolean) && json_object_get_boolean(value);
}

int64_t jo_int(struct json_object *value, int64_t otherwise)
{
    bool is_number = json_object_is_type(value, json_type_int) || json_object_is_type(value, json_type_double);
    return is_number ? json_object_get_int64(value) : otherwise;
}

struct printbuf *jo_buffer(void)
{
    struct printbuf *buffer = printbuf_new();
    lost = lost || !buffer;
    return buffer;
}

void jo_append(struct printbuf *buffer, const char *text, size_t length)
{
    if (!buffer || length > INT_MAX || printbuf_memappend(buffer, text, (int)length) < 0)
        lost = true;
}

void jo_append_text(struct printbuf *buffer, const char *text)
{
    jo_append(buffer, text, strlen(text));
}

struct json_object *jo_buffer_string(struct printbuf *buffer)
{
    struct json_object *string = buffer ? jo_bytes(buffer->buf, (size_t)buffer->bpos) : NULL;
    printbuf_free(buffer);
    return string;
}

const char *jo_write(struct json_object *value, size_t *length)
{
    size_t own;
    const char *text = json_object_to_json_string_length(value, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE, length ? length : &own);
    if (text)
        return text;
    lost = true;
    if (length)
        *length = 0;
    return "";
}
