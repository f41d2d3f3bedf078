/* expand.c: variables in what a suite sends and expects.
 *
 * Values come from answers, so nothing about them is certain: what they may add is bounded, and nothing of them is ever expanded again. */
#include "harness/suite/expand.h"

#include "harness/base/glob.h"
#include "harness/base/pointer.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_ROOM = 256, PLACE_ROOM = 512 };

/* --- text in pieces */

struct piece {
    const char *text;
    size_t length;
    bool variable; /* the text is a name */
};

static bool is_name(const char *text, size_t length)
{
    if (length > 4 && memcmp(text, "env:", 4) == 0)
        return length < NAME_ROOM && !memchr(text, '\0', length);
    for (size_t i = 0; i < length && text[i] != '.'; i++)
        if (!(text[i] >= 'a' && text[i] <= 'z') && text[i] != '_' && (i == 0 || text[i] < '0' || text[i] > '9'))
            return false;
    return length > 0 && text[0] != '.' && length < NAME_ROOM && !memchr(text, '\0', length);
}

static const char *find(const char *from, const char *end, const char *what)
{
    size_t length = strlen(what);
    for (; (size_t)(end - from) >= length; from++)
        if (memcmp(from, what, length) == 0)
            return from;
    return NULL;
}

/* The variable that a text begins with. False with a sentence when it is not well written. */
static bool variable_piece(const char **at, const char *end, struct piece *piece, char *why, size_t why_size)
{
    const char *start = *at, *close = memchr(start, '}', (size_t)(end - start));
    if (!close) {
        snprintf(why, why_size, "%.*s lacks its closing brace", end - start < 40 ? (int)(end - start) : 40, start);
        return false;
    }
    *piece = (struct piece){.text = start + 2, .length = (size_t)(close - start - 2), .variable = true};
    *at = close + 1;
    if (is_name(piece->text, piece->length))
        return true;
    snprintf(why, why_size, "%.*s names no variable; a plain ${ is written $${", *at - start < 60 ? (int)(*at - start) : 60, start);
    return false;
}

/* The next piece of a text that has not ended: a variable, or text up to the next one. */
static bool next_piece(const char **at, const char *end, struct piece *piece, char *why, size_t why_size)
{
    const char *start = *at, *dollar = find(start, end, "${");
    if (dollar == start)
        return variable_piece(at, end, piece, why, why_size);
    bool plain = dollar && dollar[-1] == '$'; /* $${ */
    if (plain && dollar == start + 1) {
        *piece = (struct piece){.text = dollar, .length = 2};
        *at = dollar + 2;
        return true;
    }
    *at = !dollar ? end : plain ? dollar - 1 : dollar;
    *piece = (struct piece){.text = start, .length = (size_t)(*at - start)};
    return true;
}

bool expand_names(const char *text, size_t length, bool (*each)(void *context, const char *name, const char *first), void *context,
                  char *why, size_t why_size)
{
    const char *end = text + length;
    struct piece piece;
    while (text < end) {
        char name[NAME_ROOM], first[NAME_ROOM];
        if (!next_piece(&text, end, &piece, why, why_size))
            return false;
        if (!piece.variable)
            continue;
        snprintf(name, sizeof name, "%.*s", (int)piece.length, piece.text);
        snprintf(first, sizeof first, "%.*s", (int)strcspn(name, "."), name);
        if (!each(context, name, strncmp(name, "env:", 4) == 0 ? name : first))
            return false;
    }
    return true;
}

/* --- values of variables */

/* One expansion under way. */
struct expansion {
    const struct variables *variables;
    size_t left; /* bytes that may still be added */
    char place[PLACE_ROOM];
    char *why;
    size_t why_size;
};

static bool __attribute__((format(printf, 2, 3))) refuse(struct expansion *e, const char *format, ...)
{
    size_t used = 0;
    if (*e->place && e->why_size)
        used = (size_t)snprintf(e->why, e->why_size, "%s: ", e->place);
    va_list values;
    va_start(values, format);
    if (used < e->why_size)
        vsnprintf(e->why + used, e->why_size - used, format, values);
    va_end(values);
    return false;
}

/* The nearest name there is, for a misspelt one. */
static const char *nearest_name(struct json_object *values, const char *name)
{
    struct nearest nearest = nearest_to(name);
    json_object_object_foreach(values, known, value) {
        (void)value;
        nearest_try(&nearest, known);
    }
    return nearest.best;
}

static bool env_value(struct expansion *e, const char *name, struct json_object **value)
{
    const char *text = expand_env_allowed(e->variables->env_names, name) ? getenv(name) : NULL;
    if (!expand_env_allowed(e->variables->env_names, name))
        return refuse(e, "the environment variable %s may not be read; --env %s allows it", name, name);
    if (!text)
        return refuse(e, "the environment variable %s is not set", name);
    *value = json_object_new_string(text);
    return *value || refuse(e, "memory ran out");
}

/* call.function.name: the dots are the slashes of a pointer. */
static void path_pointer(const char *path, char *pointer, size_t room)
{
    size_t used = 0;
    for (; *path && used + 3 < room; path++) {
        if (*path == '.' || *path == '~' || *path == '/') {
            pointer[used++] = *path == '.' ? '/' : '~';
            if (*path != '.')
                pointer[used++] = *path == '~' ? '0' : '1';
        } else {
            pointer[used++] = *path;
        }
    }
    pointer[used] = '\0';
}

/* The value that a name stands for, with a reference of the caller's own. */
static bool value_of(struct expansion *e, const struct piece *piece, struct json_object **value)
{
    char name[NAME_ROOM], pointer[2 * NAME_ROOM];
    struct json_object *found;
    snprintf(name, sizeof name, "%.*s", (int)piece->length, piece->text);
    if (strncmp(name, "env:", 4) == 0)
        return env_value(e, name + 4, value);
    size_t first = strcspn(name, ".");
    path_pointer(name + first, pointer, sizeof pointer);
    name[first] = '\0';
    if (!e->variables->values || !json_object_object_get_ex(e->variables->values, name, &found)) {
        const char *near = e->variables->values ? nearest_name(e->variables->values, name) : NULL;
        return refuse(e, "there is no variable ${%s}%s%s%s", name, near ? "; did you mean ${" : "", near ? near : "", near ? "}?" : "");
    }
    if (!pointer_get(found, pointer, &found))
        return refuse(e, "the variable ${%s} holds nothing at %s", name, pointer);
    *value = json_object_get(found);
    return true;
}

/* The text that a value adds to other text. */
static const char *text_of(struct json_object *value, size_t *length)
{
    if (!json_object_is_type(value, json_type_string))
        return json_object_to_json_string_length(value, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE, length);
    *length = (size_t)json_object_get_string_len(value);
    return json_object_get_string(value);
}

/* Counts what a value adds. */
static bool spend(struct expansion *e, size_t bytes)
{
    if (bytes > e->left)
        return refuse(e, "the variables come to more than %d bytes", EXPANDED_MAX);
    e->left -= bytes;
    return true;
}

/* --- expanding */

struct text_buffer {
    char *bytes;
    size_t used, room;
};

static bool append(struct text_buffer *out, const char *bytes, size_t length)
{
    if (out->used + length + 1 > out->room) {
        size_t room = (out->used + length + 1) * 2;
        char *grown = realloc(out->bytes, room);
        if (!grown)
            return false;
        out->bytes = grown;
        out->room = room;
    }
    memcpy(out->bytes + out->used, bytes, length);
    out->used += length;
    out->bytes[out->used] = '\0';
    return true;
}

static bool append_variable(struct expansion *e, struct text_buffer *out, const struct piece *piece)
{
    struct json_object *value = NULL;
    size_t length;
    if (!value_of(e, piece, &value))
        return false;
    const char *text = text_of(value, &length);
    bool ok = text ? spend(e, length) && (append(out, text, length) || refuse(e, "memory ran out")) : refuse(e, "memory ran out");
    json_object_put(value);
    return ok;
}

static bool expand_pieces(struct expansion *e, const char *text, size_t length, struct text_buffer *out)
{
    const char *end = text + length;
    char why[200];
    if (!append(out, "", 0))
        return refuse(e, "memory ran out");
    while (text < end) {
        struct piece piece;
        if (!next_piece(&text, end, &piece, why, sizeof why))
            return refuse(e, "%s", why);
        if (piece.variable ? !append_variable(e, out, &piece) : !append(out, piece.text, piece.length) && !refuse(e, "memory ran out"))
            return false;
    }
    return true;
}

static bool expand_string(struct expansion *e, struct json_object *from, struct json_object **to)
{
    const char *text = json_object_get_string(from), *end = text + json_object_get_string_len(from), *at = text;
    struct text_buffer out = {0};
    struct piece piece;
    char why[200];
    size_t length;
    if (!find(text, end, "${")) {
        *to = json_object_get(from);
        return true;
    }
    if (!next_piece(&at, end, &piece, why, sizeof why))
        return refuse(e, "%s", why);
    if (piece.variable && at == end) /* nothing but one variable: its value, whatever its type */
        return value_of(e, &piece, to) && text_of(*to, &length) && spend(e, length);
    bool ok = expand_pieces(e, text, (size_t)(end - text), &out);
    *to = ok ? json_object_new_string_len(out.bytes, (int)out.used) : NULL;
    free(out.bytes);
    return ok && (*to || refuse(e, "memory ran out"));
}

/* Goes down a step; returns where the place ended before. */
static size_t enter(struct expansion *e, const char *key, size_t index)
{
    size_t used = strlen(e->place);
    if (key)
        snprintf(e->place + used, sizeof e->place - used, "/%s", key);
    else
        snprintf(e->place + used, sizeof e->place - used, "/%zu", index);
    return used;
}

static bool expand_any(struct expansion *e, struct json_object *from, struct json_object **to);

static bool expand_array(struct expansion *e, struct json_object *from, struct json_object *to)
{
    for (size_t i = 0; i < json_object_array_length(from); i++) {
        struct json_object *item = NULL;
        size_t before = enter(e, NULL, i);
        bool ok = expand_any(e, json_object_array_get_idx(from, i), &item);
        if (ok && json_object_array_add(to, item) != 0)
            ok = refuse(e, "memory ran out");
        else if (ok)
            item = NULL; /* the array has it */
        json_object_put(item);
        if (!ok)
            return false;
        e->place[before] = '\0';
    }
    return true;
}

static bool expand_object(struct expansion *e, struct json_object *from, struct json_object *to)
{
    json_object_object_foreach(from, key, value) {
        struct json_object *member = NULL;
        size_t before = enter(e, key, 0);
        bool ok = expand_any(e, value, &member);
        if (ok && json_object_object_add(to, key, member) != 0)
            ok = refuse(e, "memory ran out");
        else if (ok)
            member = NULL;
        json_object_put(member);
        if (!ok)
            return false;
        e->place[before] = '\0';
    }
    return true;
}

/* Suites nest to a bounded depth, so this may recurse. */
static bool expand_any(struct expansion *e, struct json_object *from, struct json_object **to)
{
    bool is_object = json_object_is_type(from, json_type_object);
    if (json_object_is_type(from, json_type_string))
        return expand_string(e, from, to);
    if (!is_object && !json_object_is_type(from, json_type_array)) {
        *to = json_object_get(from);
        return true;
    }
    *to = is_object ? json_object_new_object() : json_object_new_array();
    if (!*to)
        return refuse(e, "memory ran out");
    return is_object ? expand_object(e, from, *to) : expand_array(e, from, *to);
}

bool expand_value(const struct variables *variables, struct json_object *from, struct json_object **to, char *why, size_t why_size)
{
    struct expansion e = {.variables = variables, .left = EXPANDED_MAX, .why = why, .why_size = why_size};
    *to = NULL;
    snprintf(why, why_size, "memory ran out");
    if (expand_any(&e, from, to))
        return true;
    json_object_put(*to);
    *to = NULL;
    return false;
}

char *expand_text(const struct variables *variables, const char *text, size_t length, size_t *expanded_length, char *why, size_t why_size)
{
    struct expansion e = {.variables = variables, .left = EXPANDED_MAX, .why = why, .why_size = why_size};
    struct text_buffer out = {0};
    if (expand_pieces(&e, text, length, &out)) {
        *expanded_length = out.used;
        return out.bytes;
    }
    free(out.bytes);
    return NULL;
}
