/* variables.c: the values that the variables of a case have. */
#include "harness/suite/expand.h"

#include "harness/base/pointer.h"

#include <stdio.h>
#include <string.h>

bool variables_begin(struct variables *variables, struct json_object *of_case, const char *const *env_names)
{
    *variables = (struct variables){.env_names = env_names};
    if (!of_case)
        return true;
    json_object_object_foreach(of_case, name, value)
        if (!variables_set(variables, name, value))
            return false;
    return true;
}

bool variables_set(struct variables *variables, const char *name, struct json_object *value)
{
    if (!variables->values && !(variables->values = json_object_new_object()))
        return false;
    if (json_object_object_add(variables->values, name, json_object_get(value)) == 0)
        return true;
    json_object_put(value);
    return false;
}

bool variables_set_text(struct variables *variables, const char *name, const char *text)
{
    struct json_object *value = json_object_new_string(text);
    bool set = value && variables_set(variables, name, value);
    json_object_put(value);
    return set;
}

bool variables_capture(struct variables *variables, struct json_object *capture, struct json_object *answer, char *why, size_t why_size)
{
    json_object_object_foreach(capture, name, pointer) {
        struct json_object *value;
        const char *place = json_object_get_string(pointer);
        if (!pointer_get(answer, place, &value)) {
            snprintf(why, why_size, "the answer has nothing at %s, which the variable %s was to hold", *place ? place : "its root", name);
            return false;
        }
        if (!variables_set(variables, name, value)) {
            snprintf(why, why_size, "memory ran out");
            return false;
        }
    }
    return true;
}

void variables_clear(struct variables *variables)
{
    json_object_put(variables->values);
    *variables = (struct variables){0};
}

bool expand_env_allowed(const char *const *env_names, const char *name)
{
    for (; env_names && *env_names; env_names++)
        if (strcmp(*env_names, name) == 0)
            return true;
    return false;
}
