/* suite_check.c: the variables that a suite uses, checked before anything is sent: each must stand for something when it is needed, and
 * what is captured must be used. */
#include "harness/base/glob.h"
#include "harness/suite/expand.h"
#include "harness/suite/matcher.h"
#include "harness/suite/suite_parts.h"

#include <stdio.h>
#include <string.h>

/* The variables of a case, while its steps are gone through. */
struct scope {
    struct build *b;
    struct json_object *used;     /* name -> whether it was used; what the run sets counts as used */
    struct json_object *captures; /* name -> pointer of the capture */
    struct expect_fault place;    /* where we are; only its pointer counts */
    bool ok;
};

static bool know(struct scope *scope, const char *name, bool used)
{
    struct json_object *flag = json_object_new_boolean(used);
    if (flag && json_object_object_add(scope->used, name, flag) == 0)
        return true;
    json_object_put(flag);
    return scope->ok = complain_memory(scope->b);
}

static bool open_scope(struct scope *scope, struct build *b, const struct matrix *matrix)
{
    *scope = (struct scope){.b = b, .ok = true};
    scope->used = json_object_new_object();
    scope->captures = json_object_new_object();
    if (!scope->used || !scope->captures)
        return scope->ok = complain_memory(b);
    for (size_t i = 0; i < matrix->count; i++) {
        char name[256];
        size_t length = strlen(matrix->keys[i].name);
        if (!matrix->keys[i].is_variable)
            continue;
        snprintf(name, sizeof name, "%.*s", (int)length - 3, matrix->keys[i].name + 2);
        if (!know(scope, name, true))
            return false;
    }
    return know(scope, "model", true) && know(scope, "base_url", true);
}

static void close_scope(struct scope *scope)
{
    json_object_put(scope->used);
    json_object_put(scope->captures);
}

static bool refuse_name(struct scope *scope, const char *first)
{
    struct nearest nearest = nearest_to(first);
    json_object_object_foreach(scope->used, known, flag) {
        (void)flag;
        nearest_try(&nearest, known);
    }
    if (nearest.best)
        return complain(scope->b, scope->place.pointer, false, "there is no variable ${%.60s} here; did you mean ${%s}?", first,
                        nearest.best);
    return complain(scope->b, scope->place.pointer, false, "there is no variable ${%.60s} here; only earlier steps can capture one", first);
}

/* For expand_names. */
static bool use_name(void *context, const char *name, const char *first)
{
    struct scope *scope = context;
    if (strncmp(name, "env:", 4) == 0) {
        if (expand_env_allowed(scope->b->set->env_names, name + 4))
            return true;
        return complain(scope->b, scope->place.pointer, false, "the environment variable %.60s may not be read; --env %.60s allows it",
                        name + 4, name + 4);
    }
    if (!json_object_object_get_ex(scope->used, first, NULL))
        return refuse_name(scope, first);
    return know(scope, first, true);
}

static void check_text(struct scope *scope, struct json_object *text)
{
    char why[200];
    size_t before = scope->b->complaints->count;
    if (expand_names(json_object_get_string(text), (size_t)json_object_get_string_len(text), use_name, scope, why, sizeof why))
        return;
    scope->ok = false;
    if (scope->b->complaints->count == before)
        complain(scope->b, scope->place.pointer, false, "%s", why);
}

/* Documents nest to a bounded depth, so this may recurse. */
static void check_texts(struct scope *scope, struct json_object *value)
{
    if (json_object_is_type(value, json_type_string)) {
        check_text(scope, value);
    } else if (json_object_is_type(value, json_type_object)) {
        json_object_object_foreach(value, key, member) {
            size_t before = fault_enter(&scope->place, key);
            check_texts(scope, member);
            fault_leave(&scope->place, before);
        }
    } else if (json_object_is_type(value, json_type_array)) {
        for (size_t i = 0; i < json_object_array_length(value); i++) {
            size_t before = fault_enter_item(&scope->place, i);
            check_texts(scope, json_object_array_get_idx(value, i));
            fault_leave(&scope->place, before);
        }
    }
}

static void check_member(struct scope *scope, struct json_object *object, const char *key)
{
    struct json_object *member;
    if (!json_object_object_get_ex(object, key, &member))
        return;
    size_t before = fault_enter(&scope->place, key);
    check_texts(scope, member);
    fault_leave(&scope->place, before);
}

static void complain_unused(struct scope *scope, const char *name, struct json_object *pointer)
{
    scope->ok = complain(scope->b, json_object_get_string(pointer), true, "the capture %s is never used", name);
}

static bool is_used(struct scope *scope, const char *name)
{
    struct json_object *flag;
    return json_object_object_get_ex(scope->used, name, &flag) && json_object_get_boolean(flag);
}

static void add_capture(struct scope *scope, const char *name)
{
    struct json_object *earlier, *pointer;
    size_t before = fault_enter(&scope->place, name);
    bool known = json_object_object_get_ex(scope->used, name, NULL), captured = json_object_object_get_ex(scope->captures, name, &earlier);
    if (known && !captured)
        scope->ok = complain(scope->b, scope->place.pointer, true, "the name %s is taken: it stands for a value of the run", name);
    else if (captured && !is_used(scope, name))
        complain_unused(scope, name, earlier);
    pointer = json_object_new_string(scope->place.pointer);
    if (!pointer || json_object_object_add(scope->captures, name, pointer) != 0) {
        json_object_put(pointer);
        scope->ok = complain_memory(scope->b);
    }
    know(scope, name, known && !captured);
    fault_leave(&scope->place, before);
}

/* What a step sends and expects may use what the steps before it captured. */
static void check_step(struct scope *scope, struct json_object *step)
{
    static const char *const members[] = {"request", "body", "path", "headers", "expect", "control", NULL};
    struct json_object *capture;
    for (const char *const *key = members; *key; key++)
        check_member(scope, step, *key);
    if (!json_object_object_get_ex(step, "capture", &capture))
        return;
    size_t before = fault_enter(&scope->place, "capture");
    json_object_object_foreach(capture, name, pointer) {
        (void)pointer;
        add_capture(scope, name);
    }
    fault_leave(&scope->place, before);
}

static void check_steps(struct scope *scope, struct json_object *steps)
{
    size_t before = fault_enter(&scope->place, "steps");
    for (size_t i = 0; i < json_object_array_length(steps); i++) {
        size_t inner = fault_enter_item(&scope->place, i);
        check_step(scope, json_object_array_get_idx(steps, i));
        fault_leave(&scope->place, inner);
    }
    fault_leave(&scope->place, before);
}

/* Values for the request may hold variables; what a variable stands for is not expanded again. */
static void check_matrix(struct scope *scope, struct json_object *map)
{
    json_object_object_foreach(map, name, values) {
        size_t before = fault_enter(&scope->place, name);
        const char *text = json_object_to_json_string_ext(values, JSON_C_TO_STRING_PLAIN);
        if (*name != '$')
            check_texts(scope, values);
        else if (text && strstr(text, "${"))
            scope->ok = complain(scope->b, scope->place.pointer, false, "the values of a variable hold no variables themselves");
        fault_leave(&scope->place, before);
    }
}

static void check_matrix_of(struct scope *scope, struct json_object *object)
{
    struct json_object *map;
    if (!json_object_object_get_ex(object, "matrix", &map))
        return;
    size_t before = fault_enter(&scope->place, "matrix");
    check_matrix(scope, map);
    fault_leave(&scope->place, before);
}

bool check_case_variables(struct build *b, struct json_object *of_case, const char *pointer, const struct matrix *matrix)
{
    struct scope scope;
    struct json_object *steps;
    if (open_scope(&scope, b, matrix)) {
        snprintf(scope.place.pointer, sizeof scope.place.pointer, "%s", pointer);
        check_matrix_of(&scope, of_case);
        if (json_object_object_get_ex(of_case, "steps", &steps))
            check_steps(&scope, steps);
        else
            check_step(&scope, of_case);
        json_object_object_foreach(scope.captures, name, place) {
            if (!is_used(&scope, name))
                complain_unused(&scope, name, place);
        }
    }
    close_scope(&scope);
    return scope.ok;
}

bool check_defaults_variables(struct build *b, struct json_object *root)
{
    struct scope scope;
    if (open_scope(&scope, b, &b->matrix)) {
        check_matrix_of(&scope, root);
        check_member(&scope, root, "defaults");
    }
    close_scope(&scope);
    return scope.ok;
}
