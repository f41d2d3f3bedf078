/* target.c: see target.h. The file is judged by its table first, so what is read here is well formed. */
#include "harness/suite/target.h"

#include "chatconform.h"
#include "harness/base/why.h"
#include "harness/yaml/yaml_judge.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct reading {
    const struct yaml_text *text;
    const char *key, *inner; /* the member at hand, and the one inside of it or NULL: where a mistake is */
    target_set_fn *set;
    void *context;
    char *why;
    size_t why_size;
};

/* A step of a JSON pointer. */
static void print_step(FILE *out, const char *key)
{
    putc('/', out);
    for (; *key; key++) fputs(*key == '~' ? "~0" : *key == '/' ? "~1" : (char[]){*key, '\0'}, out);
}

static bool complain(const struct reading *r, const char *sentence)
{
    char *pointer = NULL;
    const char *file;
    size_t length, line, column;
    FILE *out = open_memstream(&pointer, &length);
    if (!out) return why_no_memory(r->why, r->why_size);
    print_step(out, r->key);
    if (r->inner) print_step(out, r->inner);
    bool fine = fclose(out) == 0 && pointer;
    if (fine) yaml_place(r->text, yaml_find(r->text, pointer, false), &file, &line, &column);
    free(pointer);
    return fine ? why_not(r->why, r->why_size, "%s:%zu:%zu: %s", file, line, column, sentence) : why_no_memory(r->why, r->why_size);
}

static bool hand_over(struct reading *r, const char *name, const char *value)
{
    char inner[1024];
    if (r->set(r->context, name, value, inner, sizeof inner)) return true;
    return complain(r, inner);
}

/* A name and its value as the flag has them; the caller frees it. */
static char *join(const char *name, const char *between, const char *value, const char *after)
{
    char *text = malloc(strlen(name) + strlen(between) + strlen(value) + strlen(after) + 1);
    if (text) stpcpy(stpcpy(stpcpy(stpcpy(text, name), between), value), after);
    return text;
}

static bool hand_over_pair(struct reading *r, const char *flag, const char *name, const char *between, const char *value, const char *after)
{
    char *text = join(name, between, value, after);
    bool fine = text ? hand_over(r, flag, text) : why_no_memory(r->why, r->why_size);
    free(text);
    return fine;
}

static void print_encoded(FILE *out, const char *text)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    for (; *text; text++) {
        if (strchr(plain, *text)) putc(*text, out);
        else fprintf(out, "%%%02X", (unsigned char)*text);
    }
}

/* {"api-version": "1", "x": "a b"} as api-version=1&x=a%20b. */
static bool hand_over_query(struct reading *r, struct json_object *map)
{
    char *query = NULL;
    size_t length;
    FILE *out = open_memstream(&query, &length);
    if (!out) return why_no_memory(r->why, r->why_size);
    json_object_object_foreach(map, key, value)
    {
        if (ftell(out) > 0) putc('&', out);
        print_encoded(out, key);
        putc('=', out);
        print_encoded(out, json_object_get_string(value));
    }
    bool fine = fclose(out) == 0 && query ? !*query || hand_over(r, "query", query) : why_no_memory(r->why, r->why_size);
    free(query);
    return fine;
}

/* What follows the capability's name in the flag. */
static const char *said_of(struct json_object *value)
{
    if (json_object_is_type(value, json_type_string)) return "=silent";
    return json_object_get_boolean(value) ? "" : "=no";
}

/* {"Name": "value"} as lines "Name: value", {"name": false} as "name=no"; what only people read (price) is passed over. */
static bool hand_over_map(struct reading *r, const char *name, struct json_object *map)
{
    bool fine = true;
    if (strcmp(name, "query") == 0) return hand_over_query(r, map);
    json_object_object_foreach(map, key, value)
    {
        const char *said = json_object_get_string(value);
        if (!fine) break;
        r->inner = key;
        if (strcmp(name, "headers") == 0) fine = hand_over_pair(r, "header", key, ": ", said, "");
        else if (strcmp(name, "capabilities") == 0) fine = hand_over_pair(r, "capability", key, said_of(value), "", "");
        else if (strcmp(name, "timeouts") == 0) fine = hand_over_pair(r, "timeout", key, "=", said, "s");
        else if (strcmp(name, "limits") == 0 && strcmp(key, "tpm") == 0) fine = hand_over(r, "tpm", said);
        else if (strcmp(name, "limits") == 0 && strcmp(key, "rpm") == 0) fine = hand_over_pair(r, "rate", said, "/m", "", "");
    }
    return fine;
}

/* Each key is the flag of the same name; a list is the flag given several times. */
static bool hand_over_member(struct reading *r, const char *key, struct json_object *value)
{
    char name[64];
    r->key = key;
    r->inner = NULL;
    if (json_object_is_type(value, json_type_object)) return hand_over_map(r, key, value);
    snprintf(name, sizeof name, "%s", key);
    for (char *c = name; *c; c++)
        if (*c == '_') *c = '-';
    if (!json_object_is_type(value, json_type_array)) {
        if (json_object_is_type(value, json_type_boolean) && !json_object_get_boolean(value)) return true;
        return hand_over(r, name, json_object_get_string(value));
    }
    for (size_t i = 0; i < json_object_array_length(value); i++)
        if (!hand_over(r, name, json_object_get_string(json_object_array_get_idx(value, i)))) return false;
    return true;
}

bool target_read(const char *file, target_set_fn *set, void *context, char *why, size_t why_size)
{
    struct yaml_text text = {0};
    bool fine = yaml_read(&text, "", file, NULL, why, why_size) && yaml_judge(&text, CC_TARGET, why, why_size);
    if (fine) {
        struct reading reading = {.text = &text, .set = set, .context = context, .why = why, .why_size = why_size};
        json_object_object_foreach(text.object, key, value)
            fine = fine && hand_over_member(&reading, key, value);
    }
    yaml_clear(&text);
    return fine;
}
