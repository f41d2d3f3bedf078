/* expect_prepare.c: the mistakes in what a suite expects that its table cannot tell: pointers, matchers, misspelt words. */
#include "harness/base/glob.h"
#include "harness/suite/expect.h"

#include <string.h>

static const char *const words[] = {"status", "rejected", "headers", "chunks", "timing", NULL};

/* Adds what was made to a map, and owns it in any case. */
static bool add(struct json_object *to, const char *key, struct json_object *made, struct expect_fault *fault)
{
    if (json_object_object_add(to, key, made) == 0)
        return true;
    json_object_put(made);
    return fault_say(fault, "memory ran out");
}

/* Copies a map; the members that `prepares` names are brought into form by it. */
typedef bool prepare_fn(struct json_object *from, struct json_object **to, struct expect_fault *fault);
struct member {
    const char *key;
    prepare_fn *prepares;
};

static bool prepare_members(struct json_object *from, struct json_object **to, struct expect_fault *fault, const struct member *members)
{
    bool ok = (*to = json_object_new_object()) != NULL || fault_say(fault, "memory ran out");
    json_object_object_foreach(from, key, value) {
        struct json_object *made = NULL;
        const struct member *member = members;
        if (!ok)
            continue;
        while (member->key && strcmp(member->key, key) != 0)
            member++;
        size_t before = fault_enter(fault, key);
        if (member->prepares)
            ok = member->prepares(value, &made, fault);
        else
            made = json_object_get(value);
        ok = ok && add(*to, key, made, fault);
        if (ok)
            fault_leave(fault, before);
    }
    if (ok)
        return true;
    json_object_put(*to);
    *to = NULL;
    return false;
}

static bool prepare_rejected(struct json_object *from, struct json_object **to, struct expect_fault *fault)
{
    static const struct member members[] = {{"message", matcher_prepare}, {NULL, NULL}};
    if (json_object_is_type(from, json_type_object))
        return prepare_members(from, to, fault, members);
    *to = json_object_new_object(); /* true: in whatever way */
    return *to || fault_say(fault, "memory ran out");
}

/* Each header by its matcher; there are no others than texts. */
static bool prepare_headers(struct json_object *from, struct json_object **to, struct expect_fault *fault)
{
    static const struct member all = {NULL, matcher_prepare};
    return prepare_members(from, to, fault, &all);
}

static bool prepare_count(struct json_object *from, struct json_object **to, struct expect_fault *fault)
{
    return size_prepare("count", from, to, fault);
}

static bool prepare_chunk_rule(struct json_object *from, struct json_object **to, struct expect_fault *fault)
{
    static const struct member members[] = {{"where", matchers_prepare}, {"count", prepare_count}, {NULL, NULL}};
    return prepare_members(from, to, fault, members);
}

static bool add_chunk_rule(struct json_object *rules, struct json_object *from, struct expect_fault *fault)
{
    struct json_object *made;
    if (!prepare_chunk_rule(from, &made, fault))
        return false;
    if (json_object_array_add(rules, made) == 0)
        return true;
    json_object_put(made);
    return fault_say(fault, "memory ran out");
}

/* One rule, or several: always a list afterwards. */
static bool prepare_chunks(struct json_object *from, struct json_object **to, struct expect_fault *fault)
{
    bool is_list = json_object_is_type(from, json_type_array);
    bool ok = (*to = json_object_new_array()) != NULL || fault_say(fault, "memory ran out");
    for (size_t i = 0; ok && i < (is_list ? json_object_array_length(from) : 1); i++) {
        size_t before = is_list ? fault_enter_item(fault, i) : strlen(fault->pointer);
        ok = add_chunk_rule(*to, is_list ? json_object_array_get_idx(from, i) : from, fault);
        if (ok)
            fault_leave(fault, before);
    }
    if (ok)
        return true;
    json_object_put(*to);
    *to = NULL;
    return false;
}

static bool check_key(const char *key, struct expect_fault *fault)
{
    struct nearest nearest = nearest_to(key);
    for (const char *c = key; *key == '/' && *c; c++)
        if (*c == '~' && c[1] != '0' && c[1] != '1')
            return fault_say_key(fault, "%.60s is no JSON pointer: ~ is written ~0, and / in a name ~1", key);
    if (*key == '/' || *key == '\0')
        return true;
    for (const char *const *word = words; *word; word++) {
        if (strcmp(*word, key) == 0)
            return true;
        nearest_try(&nearest, *word);
    }
    if (nearest.best)
        return fault_say_key(fault, "%.60s cannot be expected; did you mean %s?", key, nearest.best);
    return fault_say_key(fault, "%.60s cannot be expected; a JSON pointer begins with a slash", key);
}

static bool prepare_as_is(struct json_object *from, struct json_object **to, struct expect_fault *fault)
{
    (void)fault;
    *to = json_object_get(from);
    return true;
}

bool expect_prepare(struct json_object *expect, struct json_object **to, struct expect_fault *fault)
{
    static const struct member members[] = {{"rejected", prepare_rejected}, {"headers", prepare_headers}, {"chunks", prepare_chunks},
                                            {"status", prepare_as_is},      {"timing", prepare_as_is},    {NULL, matcher_prepare}};
    json_object_object_foreach(expect, key, value) {
        (void)value;
        size_t before = fault_enter(fault, key);
        if (!check_key(key, fault))
            return false;
        fault_leave(fault, before);
    }
    return prepare_members(expect, to, fault, members);
}

/* A status, a class or a list of them that has one of 4xx in it. */
static bool has_refusal(struct json_object *status)
{
    if (json_object_is_type(status, json_type_int))
        return json_object_get_int(status) / 100 == 4;
    if (json_object_is_type(status, json_type_string))
        return strcmp(json_object_get_string(status), "4xx") == 0;
    for (size_t i = 0; json_object_is_type(status, json_type_array) && i < json_object_array_length(status); i++)
        if (has_refusal(json_object_array_get_idx(status, i)))
            return true;
    return false;
}

bool expect_refusal(struct json_object *expect)
{
    struct json_object *status = NULL;
    if (!expect)
        return false;
    if (json_object_object_get_ex(expect, "rejected", NULL))
        return true;
    return json_object_object_get_ex(expect, "status", &status) && has_refusal(status);
}
