/* edit_change.c: see edit_change.h. What stands at a place becomes something else, or the place itself comes, goes or moves. */
#include "endpoint/edit_change.h"

#include "chatconform.h"

#include <string.h>

/* --- what stands there */

static struct json_object *parsed(struct json_object *now)
{
    struct json_object *result = NULL;
    return cc_read_object(jo_text(now), jo_text_length(now), NULL, &result, NULL, 0) ? result : jo_object();
}

/* The first `kept` bytes of a string, with something behind them. */
static struct json_object *joined(struct json_object *now, size_t kept, const char *more, size_t length)
{
    struct printbuf *buffer = jo_buffer();
    jo_append(buffer, jo_text(now), kept);
    jo_append(buffer, more, length);
    return jo_buffer_string(buffer);
}

static struct json_object *shortened(struct json_object *now, struct json_object *by)
{
    size_t length = jo_text_length(now), cut = (size_t)jo_int(by, 0);
    return joined(now, cut < length ? length - cut : 0, "", 0);
}

static struct json_object *appended(struct json_object *now, struct json_object *value)
{
    if (!json_object_is_type(now, json_type_array))
        return joined(now, jo_text_length(now), jo_text(value), jo_text_length(value));
    struct json_object *result = json_object_get(now);
    jo_push(result, json_object_get(value));
    return result;
}

static struct json_object *quoted(struct json_object *now)
{
    size_t length;
    const char *text = jo_write(now, &length);
    return json_object_is_type(now, json_type_string) ? json_object_get(now) : jo_bytes(text, length);
}

static struct json_object *wrapped(struct json_object *now)
{
    struct json_object *result = jo_array();
    jo_push(result, json_object_get(now));
    return result;
}

static struct json_object *kept(struct json_object *now, struct json_object *most)
{
    struct json_object *result = json_object_get(now);
    size_t length = jo_length(now), count = (size_t)jo_int(most, 0);
    if (length > count)
        json_object_array_del_idx(result, count, length - count);
    return result;
}

/* NULL when the text to find is not there. */
static struct json_object *exchanged(struct json_object *now, const char *find, struct json_object *value)
{
    const char *text = jo_text(now), *place = strstr(text, find);
    if (!place)
        return NULL;
    struct json_object *begun = joined(now, (size_t)(place - text), jo_text(value), jo_text_length(value));
    struct json_object *result = joined(begun, jo_text_length(begun), place + strlen(find), strlen(place + strlen(find)));
    json_object_put(begun);
    return result;
}

/* What shall stand there instead of `now`, which is not null but for EDIT_SET and EDIT_APPEND; NULL is null. A new value. */
static struct json_object *changed(const struct edit *edit, struct json_object *value, struct json_object *now)
{
    switch (edit->verb) {
    case EDIT_ADD: return jo_integer(jo_int(now, 0) + jo_int(value, 0));
    case EDIT_PARSE: return parsed(now);
    case EDIT_CUT: return kept(now, value);
    case EDIT_SHORTEN: return shortened(now, value);
    case EDIT_APPEND: return appended(now, value);
    case EDIT_QUOTE: return quoted(now);
    case EDIT_WRAP: return wrapped(now);
    case EDIT_SPOIL: return joined(now, jo_text_length(now), "\xFF", 1);
    case EDIT_EXCHANGE: return exchanged(now, edit->find, value);
    default: return jo_copy(value);
    }
}

/* True when the edit does something to such a value. */
static bool suits(const struct edit *edit, struct json_object *now)
{
    if (edit->verb == EDIT_SET || (edit->verb == EDIT_APPEND && edit->from))
        return true;
    if (edit->verb == EDIT_EXCHANGE)
        return strstr(jo_text(now), edit->find) != NULL;
    return now && (edit->verb != EDIT_SPOIL || json_object_is_type(now, json_type_string));
}

/* --- members */

static size_t rename_member(struct json_object *object, const char *key, struct json_object *name)
{
    if (!jo_has(object, key))
        return 0;
    struct json_object *now = json_object_get(jo_get(object, key));
    json_object_object_del(object, key);
    jo_put(object, jo_text(name), now);
    return 1;
}

size_t edit_member(const struct edit *edit, struct json_object *value, struct json_object *object, const char *key)
{
    struct json_object *now = jo_get(object, key);
    if (edit->verb == EDIT_RENAME)
        return rename_member(object, key, value);
    if (edit->verb == EDIT_REMOVE) {
        bool had = jo_has(object, key);
        json_object_object_del(object, key);
        return had;
    }
    if (!suits(edit, now))
        return 0;
    jo_put(object, key, changed(edit, value, now));
    return 1;
}

/* --- items */

/* Makes room for an item before the one at `index`, which stands there twice then. */
static void open_gap(struct json_object *array, size_t index)
{
    jo_push(array, NULL);
    for (size_t i = jo_length(array) - 1; i > index; i--)
        json_object_array_put_idx(array, i, json_object_get(jo_item(array, i - 1)));
}

static size_t repeat_item(struct json_object *array, size_t index, struct json_object *times)
{
    for (int64_t left = jo_int(times, 1); left > 0; left--) {
        open_gap(array, index);
        json_object_array_put_idx(array, index + 1, jo_copy(jo_item(array, index)));
    }
    return 1;
}

static size_t swap_item(struct json_object *array, size_t index)
{
    if (index + 1 >= jo_length(array))
        return 0;
    struct json_object *first = json_object_get(jo_item(array, index));
    json_object_array_put_idx(array, index, json_object_get(jo_item(array, index + 1)));
    json_object_array_put_idx(array, index + 1, first);
    return 1;
}

size_t edit_item(const struct edit *edit, struct json_object *value, struct json_object *array, size_t index)
{
    struct json_object *now = jo_item(array, index);
    if (edit->verb == EDIT_REMOVE)
        return json_object_array_del_idx(array, index, 1) == 0;
    if (edit->verb == EDIT_REPEAT)
        return repeat_item(array, index, value);
    if (edit->verb == EDIT_SWAP)
        return swap_item(array, index);
    if (edit->verb == EDIT_INSERT)
        open_gap(array, index);
    else if (!suits(edit, now))
        return 0;
    json_object_array_put_idx(array, index, changed(edit, value, now));
    return 1;
}
