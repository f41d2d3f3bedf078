/* edit.c: see edit.h. */
#include "endpoint/edit.h"

#include "chatconform.h"

#include <stdlib.h>
#include <string.h>

enum { KEY_SIZE = 128 };

/* What stands there now, and what shall stand there instead; NULL is null. A new value. */
static struct json_object *changed(const struct edit *edit, struct json_object *now)
{
    struct json_object *value = edit->value ? jo_read(edit->value) : NULL, *result = NULL;
    if (edit->verb == EDIT_ADD) {
        result = jo_integer(jo_int(now, 0) + jo_int(value, 0));
    } else if (edit->verb == EDIT_PARSE) {
        if (!cc_read_object(jo_text(now), jo_text_length(now), NULL, &result, NULL, 0))
            result = jo_object();
    } else if (edit->verb == EDIT_CUT) {
        size_t length = jo_length(now), kept = (size_t)jo_int(value, 0);
        result = json_object_get(now);
        if (length > kept)
            json_object_array_del_idx(result, kept, length - kept);
    } else if (edit->verb == EDIT_APPEND && json_object_is_type(now, json_type_array)) {
        result = json_object_get(now);
        jo_push(result, json_object_get(value));
    } else if (edit->verb == EDIT_APPEND) {
        struct printbuf *buffer = jo_buffer();
        jo_append(buffer, jo_text(now), jo_text_length(now));
        jo_append(buffer, jo_text(value), jo_text_length(value));
        result = jo_buffer_string(buffer);
    } else {
        result = json_object_get(value);
    }
    json_object_put(value);
    return result;
}

static size_t change_member(const struct edit *edit, struct json_object *object, const char *key)
{
    struct json_object *now = jo_get(object, key);
    if (edit->verb == EDIT_REMOVE) {
        bool had = jo_has(object, key);
        json_object_object_del(object, key);
        return had;
    }
    if (edit->verb != EDIT_SET && !now)
        return 0;
    jo_put(object, key, changed(edit, now));
    return 1;
}

static size_t change_item(const struct edit *edit, struct json_object *array, size_t index)
{
    struct json_object *now = jo_item(array, index);
    if (edit->verb == EDIT_REMOVE)
        return json_object_array_del_idx(array, index, 1) == 0;
    if (edit->verb == EDIT_REPEAT) {
        jo_push(array, NULL);
        for (size_t i = jo_length(array) - 1; i > index; i--)
            json_object_array_put_idx(array, i, json_object_get(jo_item(array, i - 1)));
        return 1;
    }
    if (edit->verb != EDIT_SET && !now)
        return 0;
    json_object_array_put_idx(array, index, changed(edit, now));
    return 1;
}

static size_t walk(const struct edit *edit, struct json_object *here, const char *pointer);

/* Goes on below one child, or makes the change when the pointer ends there. */
static size_t at_member(const struct edit *edit, struct json_object *object, const char *key, const char *rest)
{
    return *rest ? walk(edit, jo_get(object, key), rest) : change_member(edit, object, key);
}

static size_t at_item(const struct edit *edit, struct json_object *array, size_t index, const char *rest)
{
    return *rest ? walk(edit, jo_item(array, index), rest) : change_item(edit, array, index);
}

static size_t walk_object(const struct edit *edit, struct json_object *object, const char *key, const char *rest)
{
    if (strcmp(key, "*") != 0)
        return at_member(edit, object, key, rest);
    struct json_object *keys = jo_array();
    json_object_object_foreach(object, name, member) {
        (void)member;
        jo_push(keys, jo_string(name));
    }
    size_t count = 0;
    for (size_t i = 0; i < jo_length(keys); i++)
        count += at_member(edit, object, jo_text(jo_item(keys, i)), rest);
    json_object_put(keys);
    return count;
}

/* True when step `key` of a pointer means item `index` of `array`. */
static bool is_meant(const char *key, struct json_object *array, size_t index)
{
    if (key[0] == '*')
        return true;
    if (strcmp(key, "-1") == 0)
        return index + 1 == jo_length(array);
    if (key[0] != '{')
        return index == strtoul(key, NULL, 10);
    char member[KEY_SIZE] = "";
    memcpy(member, key + 1, strcspn(key + 1, "}"));
    return jo_get(jo_item(array, index), member) != NULL;
}

static size_t walk_array(const struct edit *edit, struct json_object *array, const char *key, const char *rest)
{
    struct json_object *meant = jo_array();
    size_t count = 0;
    for (size_t i = 0; i < jo_length(array); i++)
        if (is_meant(key, array, i))
            jo_push(meant, jo_integer((int64_t)i));
    for (size_t i = jo_length(meant); i-- > 0;) /* from the end, because items may go or come */
        count += at_item(edit, array, (size_t)jo_int(jo_item(meant, i), 0), rest);
    json_object_put(meant);
    return count;
}

static size_t walk(const struct edit *edit, struct json_object *here, const char *pointer)
{
    char key[KEY_SIZE];
    size_t length = strcspn(++pointer, "/");
    if (length >= sizeof key)
        return 0;
    memcpy(key, pointer, length);
    key[length] = '\0';
    if (json_object_is_type(here, json_type_object))
        return walk_object(edit, here, key, pointer + length);
    if (json_object_is_type(here, json_type_array))
        return walk_array(edit, here, key, pointer + length);
    return 0;
}

size_t edit_apply(const struct edit *edit, struct json_object *document)
{
    return *edit->pointer == '/' ? walk(edit, document, edit->pointer) : 0;
}
