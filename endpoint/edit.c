/* edit.c: see edit.h. Where a change is made is found out here; what it is stands in edit_change.c. */
#include "endpoint/edit.h"

#include "endpoint/edit_change.h"

#include <stdlib.h>
#include <string.h>

enum { KEY_SIZE = 128 };

/* --- conditions */

/* The value at a path of keys and numbers with dots between. */
static struct json_object *at_path(struct json_object *here, const char *path, size_t length)
{
    char key[KEY_SIZE];
    while (here && length > 0) {
        size_t step = 0;
        while (step < length && path[step] != '.')
            step++;
        if (step >= sizeof key)
            return NULL;
        memcpy(key, path, step);
        key[step] = '\0';
        here = json_object_is_type(here, json_type_array) ? jo_item(here, strtoul(key, NULL, 10)) : jo_get(here, key);
        step += step < length;
        path += step;
        length -= step;
    }
    return here;
}

static bool is_written(struct json_object *value, const char *text)
{
    size_t length;
    if (!value || json_object_is_type(value, json_type_string))
        return jo_is(value, text);
    const char *json = jo_write(value, &length);
    return length == strlen(text) && memcmp(json, text, length) == 0;
}

static bool counts(struct json_object *value)
{
    return value && (!json_object_is_type(value, json_type_boolean) || jo_true(value));
}

bool edit_meets(struct json_object *document, const char *condition)
{
    bool not = *condition == '!';
    condition += not;
    size_t length = strcspn(condition, "=");
    struct json_object *value = at_path(document, condition, length);
    return not != (condition[length] ? is_written(value, condition + length + 1) : counts(value));
}

/* --- which items a step means */

/* The numbers of the items that meet the condition in braces, if there is one; `*step` goes behind it. A new array. */
static struct json_object *items_that_meet(struct json_object *array, const char **step)
{
    char condition[KEY_SIZE] = "";
    struct json_object *meant = jo_array();
    size_t length = **step == '{' ? strcspn(*step, "}") : 0;
    if (length > 0) {
        memcpy(condition, *step + 1, length - 1);
        *step += length + ((*step)[length] == '}');
    }
    for (size_t i = 0; i < jo_length(array); i++)
        if (length == 0 || edit_meets(jo_item(array, i), condition))
            jo_push(meant, jo_integer((int64_t)i));
    return meant;
}

/* True when number `place` of `count` is one that the rest of the step means. */
static bool is_chosen(const char *step, size_t place, size_t count)
{
    if (*step == '\0' || *step == '*')
        return true;
    long number = strtol(step, NULL, 10);
    if (number < 0)
        return (long)place == (long)count + number;
    return step[strspn(step, "0123456789")] == '+' ? (long)place >= number : (long)place == number;
}

/* The numbers of the items that a step means, rising: a new array. */
static struct json_object *items_meant(struct json_object *array, const char *step)
{
    struct json_object *met = items_that_meet(array, &step), *meant = jo_array();
    for (size_t i = 0; i < jo_length(met); i++)
        if (is_chosen(step, i, jo_length(met)))
            jo_push(meant, json_object_get(jo_item(met, i)));
    json_object_put(met);
    return meant;
}

/* --- the way there */

/* One edit under way. */
struct walk {
    const struct edit *edit;
    struct json_object *value; /* what it brings, or NULL */
};

static size_t walk(const struct walk *w, struct json_object *here, const char *pointer);

/* Goes on below one child, or makes the change when the pointer ends there. */
static size_t at_member(const struct walk *w, struct json_object *object, const char *key, const char *rest)
{
    return *rest ? walk(w, jo_get(object, key), rest) : edit_member(w->edit, w->value, object, key);
}

static size_t at_item(const struct walk *w, struct json_object *array, size_t index, const char *rest)
{
    return *rest ? walk(w, jo_item(array, index), rest) : edit_item(w->edit, w->value, array, index);
}

static size_t walk_object(const struct walk *w, struct json_object *object, const char *key, const char *rest)
{
    if (strcmp(key, "*") != 0)
        return at_member(w, object, key, rest);
    struct json_object *keys = jo_array();
    json_object_object_foreach(object, name, member) {
        (void)member;
        jo_push(keys, jo_string(name));
    }
    size_t count = 0;
    for (size_t i = 0; i < jo_length(keys); i++)
        count += at_member(w, object, jo_text(jo_item(keys, i)), rest);
    json_object_put(keys);
    return count;
}

static size_t walk_array(const struct walk *w, struct json_object *array, const char *step, const char *rest)
{
    struct json_object *meant = items_meant(array, step);
    size_t count = 0;
    for (size_t i = jo_length(meant); i-- > 0;) /* from the end, because items may go or come */
        count += at_item(w, array, (size_t)jo_int(jo_item(meant, i), 0), rest);
    json_object_put(meant);
    return count;
}

/* The next step of a pointer into `key`. Returns what is left, or NULL when the step is too long. */
static const char *next_step(const char *pointer, char key[KEY_SIZE])
{
    size_t length = strcspn(++pointer, "/");
    if (length >= KEY_SIZE)
        return NULL;
    memcpy(key, pointer, length);
    key[length] = '\0';
    return pointer + length;
}

static size_t walk(const struct walk *w, struct json_object *here, const char *pointer)
{
    char key[KEY_SIZE];
    const char *rest = next_step(pointer, key);
    if (rest && json_object_is_type(here, json_type_object))
        return walk_object(w, here, key, rest);
    if (rest && json_object_is_type(here, json_type_array))
        return walk_array(w, here, key, rest);
    return 0;
}

struct json_object *edit_find(struct json_object *document, const char *pointer)
{
    char key[KEY_SIZE];
    while (document && *pointer == '/' && (pointer = next_step(pointer, key)) != NULL) {
        if (!json_object_is_type(document, json_type_array)) {
            document = jo_get(document, key);
            continue;
        }
        struct json_object *meant = items_meant(document, key);
        document = jo_length(meant) ? jo_item(document, (size_t)jo_int(jo_item(meant, 0), 0)) : NULL;
        json_object_put(meant);
    }
    return pointer ? document : NULL;
}

size_t edit_apply(const struct edit *edit, struct json_object *document)
{
    struct walk w = {.edit = edit};
    if (*edit->pointer != '/')
        return 0;
    if (edit->from)
        w.value = jo_copy(edit_find(document, edit->from));
    else if (edit->value)
        w.value = jo_read(edit->value);
    size_t count = edit->from && !w.value ? 0 : walk(&w, document, edit->pointer);
    json_object_put(w.value);
    return count;
}
