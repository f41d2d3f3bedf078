/* catalogue.h: the catalogue of constraints that was written apart from the tables, read for the tests that compare both. */
#ifndef CATALOGUE_H
#define CATALOGUE_H

#include "chatconform.h"
#include "harness/yaml/yaml.h"
#include "tests/testing.h"

#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

/* A folder of $CHATCONFORM_SHARED may hold larger files than a suite. */
static const struct yaml_limits catalogue_limits = {.file = 8u << 20, .total = 64u << 20, .events = 1000000, .nodes = 1000000,
    .scalar = 1u << 20};

/* A YAML file below $CHATCONFORM_SHARED; NULL when there is no such folder. The caller puts it. */
static inline struct json_object *shared_yaml(const char *name)
{
    char folder[4096], why[4096] = "";
    const char *path = testing_shared(name);
    if (!path) return NULL;
    const char *slash = strrchr(path, '/');
    snprintf(folder, sizeof folder, "%.*s", (int)(slash - path), path);
    struct yaml_text text = {0};
    bool read = yaml_read(&text, folder, slash + 1, &catalogue_limits, why, sizeof why);
    ck_assert_msg(read, "%s", why);
    struct json_object *object = json_object_get(text.object);
    yaml_clear(&text);
    return object;
}

static inline const char *text_in(struct json_object *object, const char *key)
{
    return json_object_get_string(json_object_object_get(object, key));
}

static inline bool begins(const char *text, const char *with) { return strncmp(text, with, strlen(with)) == 0; }

/* The profiles in which an entry of the catalogue is in force. */
static inline unsigned profiles_of(struct json_object *entry)
{
    unsigned profiles = 0;
    struct json_object *names = json_object_object_get(entry, "profiles");
    for (size_t i = 0; i < json_object_array_length(names); i++)
        profiles |= cc_profile_find(json_object_get_string(json_object_array_get_idx(names, i)));
    return profiles;
}

/* An exception that a test makes, and why. */
struct exception {
    const char *id, *because;
};

static inline const struct exception *exception_for(const struct exception *exceptions, const char *id)
{
    for (; exceptions->id; exceptions++)
        if (strcmp(exceptions->id, id) == 0) return exceptions;
    return NULL;
}

#endif
